"""What waits for someone, the most urgent first."""

from datetime import timedelta

import pytest

from grids.models import Duty
from grids.roles import Role
from incidents.queue import queue_for
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def test_a_dispute_waits_for_the_level_that_has_it(staff):
    dispute = make_dispute(staff["worker"])
    assert [name for name, user in staff.items() if dispute in queue_for(user)] == ["worker"]
    act(staff["worker"], dispute, A.ESCALATE)
    assert [name for name, user in staff.items() if dispute in queue_for(user)] == ["mediator"]


def test_overdue_comes_first_then_what_is_due_next_then_the_suspended(staff):
    worker = staff["worker"]
    suspended = act(worker, make_dispute(worker), A.SUSPEND)
    later = act(worker, make_dispute(worker), A.ACCEPT)
    overdue = make_dispute(worker, now=NOW - 72 * HOUR, occurred_at=NOW - 73 * HOUR)
    soon = make_dispute(worker)
    assert list(queue_for(worker)) == [overdue, soon, later, suspended]


def test_what_has_ended_waits_for_nobody(staff):
    act(staff["worker"], make_dispute(staff["worker"]), A.VOID)
    assert not queue_for(staff["worker"]).exists()


def test_what_one_reported_elsewhere_waits_for_others(staff):
    make_dispute(staff["worker"], UNITS[5])
    assert not queue_for(staff["worker"]).exists()


def test_someone_with_two_duties_has_both_queues_in_one(staff):
    Duty.objects.create(
        user=staff["worker"], role=Role.GRID_WORKER, area_id=UNITS[5], valid_from="2020-01-01"
    )
    disputes = {make_dispute(staff["worker"], UNITS[0]), make_dispute(staff["worker"], UNITS[5])}
    assert set(queue_for(staff["worker"])) == disputes


def test_the_queue_is_read_in_as_many_questions_however_long_it_is(staff, django_assert_num_queries):
    for _ in range(5):
        dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT)
        act(staff["worker"], dispute, A.ASSIGN, assignee="worker")
    # The duties twice, for seeing and for answering, and the disputes with their people.
    with django_assert_num_queries(3):
        names = [(d.assigned_to.name, d.reported_by.name, d.street_code) for d in queue_for(staff["worker"])]
    assert len(names) == 5
