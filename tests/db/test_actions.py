"""Acting on a dispute: who may, when, with what, and what is written."""

from datetime import timedelta
from uuid import uuid4

import pytest

from grids.models import Duty
from grids.roles import Role
from incidents.errors import (
    ActionIncomplete,
    ActionNotYours,
    ActionUnknown,
    AssigneeNotAssignable,
    DisputeChanged,
    DisputeNotFound,
    FieldsInvalid,
    TransitionNotAllowed,
)
from incidents.services import take_action
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1, STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"])


def test_an_action_moves_the_dispute_and_writes_one_event(staff, dispute):
    after = act(staff["worker"], dispute, A.ACCEPT, now=NOW + HOUR)
    after.refresh_from_db()
    assert (after.state, after.level, after.version) == ("accepted", "grid", 2)
    assert after.due_at == NOW + 24 * HOUR
    event = after.events.get(version=2)
    assert (event.actor, event.action, event.at) == (staff["worker"], "accept", NOW + HOUR)
    assert (event.from_state, event.to_state, event.reason) == ("reported", "accepted", "理由")
    assert (event.from_level, event.to_level, event.area_id) == ("grid", "grid", UNITS[0])


def test_a_dispute_is_closed_in_the_street(staff, dispute):
    worker, mediator, street = staff["worker"], staff["mediator"], staff["street"]
    act(worker, dispute, A.VERIFY, A.ESCALATE)
    act(mediator, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL, A.ESCALATE)
    act(street, dispute, A.ACCEPT)
    act(street, dispute, A.ASSIGN, assignee="street")
    closed = act(street, dispute, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE, now=NOW + HOUR)
    closed.refresh_from_db()
    assert (closed.state, closed.level, closed.responsible_area_id) == ("closed", "street", STREET_1)
    assert (closed.ended_at, closed.due_at, closed.assigned_to) == (NOW + HOUR, None, street)
    assert [event.version for event in closed.events.all()] == list(range(1, closed.version + 1))


@pytest.mark.parametrize(("ending", "state"), [(A.VOID, "void"), (A.TRANSFER, "transferred")])
def test_voiding_and_transferring_end_a_dispute(staff, dispute, ending, state):
    ended = act(staff["worker"], dispute, ending)
    assert (ended.state, ended.ended_at, ended.due_at) == (state, NOW, None)
    assert ended.events.last().organisation == ("住建部门" if ending is A.TRANSFER else "")


def test_another_level_is_another_area_with_a_clock_of_its_own_and_no_assignee(staff, dispute):
    act(staff["worker"], dispute, A.ACCEPT)
    act(staff["worker"], dispute, A.ASSIGN, assignee="worker")
    escalated = act(staff["worker"], dispute, A.ESCALATE, now=NOW + HOUR)
    assert (escalated.level, escalated.responsible_area_id) == ("community", COMMUNITY_1)
    assert (escalated.state, escalated.assigned_to) == ("reported", None)
    assert escalated.level_entered_at == NOW + HOUR
    # A working day at the community, then four working hours at the grid, over noon.
    assert escalated.due_at == NOW + 25 * HOUR
    back = act(staff["mediator"], dispute, A.HAND_BACK, now=NOW + 2 * HOUR)
    assert (back.level, back.responsible_area_id, back.state) == ("grid", UNITS[0], "returned")
    assert back.due_at == NOW + 8 * HOUR


def test_a_dispute_of_two_communities_goes_up_from_the_street_and_back_to_it(staff):
    dispute = make_dispute(staff["worker"], address="x", address_unit=UNITS[2])
    up = act(staff["street"], dispute, A.ESCALATE)
    assert (up.level, up.responsible_area_id) == ("district", DISTRICT)
    back = act(staff["district"], dispute, A.HAND_BACK)
    assert (back.level, back.responsible_area_id) == ("street", STREET_1)
    with pytest.raises(TransitionNotAllowed):
        act(staff["street"], dispute, A.HAND_BACK)


def test_a_suspension_stops_the_clock(staff, dispute):
    suspended = act(staff["worker"], dispute, A.SUSPEND, now=NOW + HOUR)
    assert (suspended.state, suspended.due_at) == ("suspended", None)
    resumed = act(staff["worker"], dispute, A.RESUME, now=NOW + 101 * HOUR)
    resumed.refresh_from_db()
    assert (resumed.state, resumed.suspended_at, resumed.state_before_suspension) == ("reported", None, "")
    assert resumed.due_at == NOW + 104 * HOUR


def test_a_suspended_dispute_can_be_voided(staff, dispute):
    act(staff["worker"], dispute, A.SUSPEND)
    assert act(staff["worker"], dispute, A.VOID).state == "void"


@pytest.mark.parametrize("other", ["mediator", "street", "district"])
def test_a_level_above_sees_the_dispute_but_does_not_act_on_it(staff, dispute, other):
    with pytest.raises(ActionNotYours) as refused:
        act(staff[other], dispute, A.ACCEPT)
    assert refused.value.facts["responsible_area"] == UNITS[0]
    assert refused.value.facts["level"] == "grid"
    dispute.refresh_from_db()
    assert dispute.version == 1


def test_a_reporter_from_elsewhere_sees_it_but_does_not_act_on_it(staff):
    dispute = make_dispute(staff["worker"], UNITS[5])
    with pytest.raises(ActionNotYours):
        act(staff["worker"], dispute, A.VOID)


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.GRID_WORKER, UNITS[1]),
        (Role.COMMUNITY_MEDIATOR, "440105001002"),
        (Role.STREET_CENTRE, STREET_2),
        (Role.PLANNER, DISTRICT),
        (Role.ADMINISTRATOR, DISTRICT),
    ],
)
def test_a_foreign_dispute_is_not_found(dispute, role, area):
    foreigner = make_user("foreigner", role, area)
    with pytest.raises(DisputeNotFound):
        act(foreigner, dispute, A.ACCEPT)


def test_a_dispute_that_does_not_exist_is_not_found(staff):
    with pytest.raises(DisputeNotFound):
        take_action(user=staff["worker"], dispute_id=uuid4(), action=A.ACCEPT)


def test_a_duty_that_ended_gives_no_right_to_act(staff, dispute):
    Duty.objects.create(
        user=staff["worker"], role=Role.GRID_WORKER, area_id=UNITS[1], valid_from="2020-01-01"
    )
    Duty.objects.filter(area_id=UNITS[0]).update(valid_to="2021-01-01")
    with pytest.raises(ActionNotYours):
        act(staff["worker"], dispute, A.ACCEPT)


def test_an_action_that_the_state_forbids_names_those_that_it_allows(staff, dispute):
    with pytest.raises(TransitionNotAllowed) as refused:
        act(staff["worker"], dispute, A.CLOSE)
    allowed = refused.value.facts["allowed_actions"]
    assert allowed == ["verify", "accept", "escalate", "suspend", "transfer", "void"]
    assert [change["action"] for change in refused.value.facts["changes"]] == ["report"]


def test_an_unknown_action_names_the_known_ones(staff, dispute):
    with pytest.raises(ActionUnknown) as refused:
        act(staff["worker"], dispute, "explode")
    assert "accept" in refused.value.facts["known_actions"]


def test_whoever_acts_on_an_old_version_is_told_what_changed(staff, dispute):
    act(staff["worker"], dispute, A.ACCEPT, now=NOW + HOUR)
    act(staff["worker"], dispute, A.ESCALATE)
    with pytest.raises(DisputeChanged) as refused:
        act(staff["worker"], dispute, A.BEGIN_MEDIATION, expected_version=1)
    facts = refused.value.facts
    assert facts["version"] == 3
    assert [change["action"] for change in facts["changes"]] == ["accept", "escalate"]
    assert facts["changes"][0] == {
        "version": 2,
        "at": "2026-03-02T10:00:00+08:00",
        "actor": "worker",
        "actor_name": "worker的姓名",
        "action": "accept",
        "to_state": "accepted",
        "to_level": "grid",
    }


def test_whoever_acts_on_the_present_version_succeeds(staff, dispute):
    assert act(staff["worker"], dispute, A.ACCEPT, expected_version=1).version == 2


@pytest.mark.parametrize(
    ("action", "given", "missing"),
    [
        (A.ESCALATE, {"reason": "  "}, ["reason"]),
        (A.SUSPEND, {"reason": ""}, ["reason"]),
        (A.TRANSFER, {"reason": "", "organisation": ""}, ["reason", "organisation"]),
        (A.VOID, {"reason": ""}, ["reason"]),
    ],
)
def test_what_an_action_needs_must_be_given(staff, dispute, action, given, missing):
    with pytest.raises(ActionIncomplete) as refused:
        act(staff["worker"], dispute, action, **given)
    assert list(refused.value.facts["errors"]) == missing


def test_accepting_needs_no_reason(staff, dispute):
    assert act(staff["worker"], dispute, A.ACCEPT, reason="").state == "accepted"


@pytest.mark.parametrize("given", [{"reason": "字" * 1001}, {"reason": "a\0"}, {"organisation": "字" * 101}])
def test_words_too_long_or_with_null_characters_are_refused(staff, dispute, given):
    with pytest.raises(FieldsInvalid):
        act(staff["worker"], dispute, A.TRANSFER, **given)


def test_a_dispute_is_assigned_to_a_colleague_of_the_same_area(staff, dispute):
    colleague = make_user("colleague", Role.GRID_WORKER, UNITS[0])
    act(staff["worker"], dispute, A.ACCEPT)
    assigned = act(staff["worker"], dispute, A.ASSIGN, assignee=" colleague ")
    assert assigned.assigned_to == colleague
    assert assigned.events.last().assigned_to == colleague
    reassigned = act(staff["worker"], dispute, A.ASSIGN, assignee="worker")
    assert reassigned.assigned_to == staff["worker"]


@pytest.mark.parametrize("assignee", ["mediator", "neighbour", "leaver", "planner", "nobody", "a\0b"])
def test_nobody_else_can_be_assigned(staff, dispute, assignee):
    make_user("neighbour", Role.GRID_WORKER, UNITS[1])
    make_user("leaver", Role.GRID_WORKER, UNITS[0], is_active=False)
    act(staff["worker"], dispute, A.ACCEPT)
    with pytest.raises(AssigneeNotAssignable):
        act(staff["worker"], dispute, A.ASSIGN, assignee=assignee)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.assigned_to) == ("accepted", None)
