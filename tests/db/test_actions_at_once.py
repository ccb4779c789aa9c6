"""Two people act on one dispute at the same moment, over connections of their own."""

from functools import partial

import pytest

from incidents.errors import DisputeChanged, TransitionNotAllowed
from incidents.models import Dispute
from incidents.services import report_dispute
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute, make_report, new_key
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory
from tests.factories.threads import at_once

pytestmark = pytest.mark.usefixtures("several_connections")


@pytest.fixture
def worker(several_connections):
    make_territory()
    return make_staff()["worker"]


def outcome(task):
    try:
        return task()
    except (DisputeChanged, TransitionNotAllowed) as error:
        return error


def both(*tasks):
    """The dispute as the first left it, and the error of the second."""
    results = at_once(*(partial(outcome, task) for task in tasks))
    (done,) = [result for result in results if isinstance(result, Dispute)]
    (refused,) = [result for result in results if not isinstance(result, Dispute)]
    return done, refused


@pytest.mark.parametrize("attempt", range(5))
def test_one_accepts_and_the_other_is_told_who_did(worker, attempt):
    colleague = make_user("colleague", "grid_worker", UNITS[0])
    dispute = make_dispute(worker)
    done, refused = both(*(partial(act, user, dispute, A.ACCEPT) for user in (worker, colleague)))
    assert isinstance(refused, TransitionNotAllowed)
    assert "assign" in refused.facts["allowed_actions"]
    (change,) = refused.facts["changes"]
    assert change["action"] == "accept"
    assert change["actor"] == done.events.get(version=2).actor.username
    assert done.events.count() == 2


def test_of_two_who_looked_at_the_same_version_one_succeeds(worker):
    colleague = make_user("colleague", "grid_worker", UNITS[0])
    dispute = act(worker, make_dispute(worker), A.ACCEPT)
    done, refused = both(
        partial(act, worker, dispute, A.ASSIGN, assignee="worker", expected_version=2),
        partial(act, colleague, dispute, A.ASSIGN, assignee="colleague", expected_version=2),
    )
    assert isinstance(refused, DisputeChanged)
    assert [change["version"] for change in refused.facts["changes"]] == [3]
    done.refresh_from_db()
    assert done.version == 3


def test_one_report_sent_many_times_at_once_is_one_dispute(worker):
    key, report = new_key(), make_report()
    send = partial(report_dispute, reporter=worker, report=report, key=key, now=NOW)
    results = at_once(*[send] * 32)
    assert len({dispute.id for dispute, _ in results}) == 1
    assert sorted(new for _, new in results) == [False] * 31 + [True]
    assert Dispute.objects.count() == 1
