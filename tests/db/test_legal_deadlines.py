"""What of the legal loop runs out, for reminders."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from incidents.legal_deadlines import RunsOut, legal_deadlines
from incidents.services.agreements import record_payment
from incidents.services.breaches import record_breach
from incidents.services.confirmations import apply_confirmation
from incidents.services.visits import record_visit
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.legal import DAY, TODAY, agreed
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    make_territory()
    return make_staff()["worker"]


@pytest.fixture
def dispute(worker):
    return make_dispute(worker)


def on(day):
    return datetime.combine(day, time(15), ZoneInfo("Asia/Shanghai"))


def found(kind: RunsOut, day) -> list[tuple[int, int | None]]:
    return [(one.days_left, one.number) for one in legal_deadlines(day) if one.kind is kind]


def test_the_window_is_announced_from_the_seventh_day_to_its_last(worker, dispute):
    agreed(worker, dispute)
    days = {n: found(RunsOut.CONFIRMATION, TODAY + n * DAY) for n in range(32)}
    assert {n: left for n, left in days.items() if left} == {30 - left: [(left, None)] for left in range(8)}


def test_the_window_is_announced_by_the_working_day_on_which_it_ends_also_after_a_visit(worker, dispute):
    reached = date(2026, 3, 5)
    agreed(worker, dispute, now=on(reached), reached_on=reached)
    assert found(RunsOut.CONFIRMATION, date(2026, 3, 30)) == []
    record_visit(
        user=worker, dispute_id=dispute.pk, visited_on=reached, method="phone", result="kept",
        now=on(reached),
    )  # fmt: skip
    days = [found(RunsOut.CONFIRMATION, date(2026, 4, day)) for day in range(1, 9)]
    assert days == [[(left, None)] for left in range(6, -1, -1)] + [[]]


def test_no_window_is_announced_for_an_oral_agreement_nor_once_the_court_was_asked(worker, dispute):
    agreed(worker, dispute, form="oral")
    other = make_dispute(worker)
    agreed(worker, other)
    apply_confirmation(
        user=worker, dispute_id=other.pk, court="海珠区人民法院", applied_on=TODAY, now=on(TODAY)
    )
    assert not found(RunsOut.CONFIRMATION, TODAY + 23 * DAY)


def test_instalments_are_due_on_their_day_and_overdue_until_done_also_after_closing(worker, dispute):
    agreed(worker, dispute)
    act(worker, dispute, A.CLOSE, now=on(TODAY))
    assert found(RunsOut.INSTALMENT, TODAY + 9 * DAY) == []
    assert found(RunsOut.INSTALMENT, TODAY + 10 * DAY) == [(0, 1)]
    assert found(RunsOut.INSTALMENT, TODAY + 20 * DAY) == [(-10, 1), (0, 2)]
    record_payment(
        user=worker, dispute_id=dispute.pk, number=1, done_on=TODAY + 11 * DAY, now=on(TODAY + 11 * DAY)
    )
    assert found(RunsOut.INSTALMENT, TODAY + 20 * DAY) == [(0, 2)]


def test_a_broken_agreement_owes_no_reminder(worker, dispute):
    agreed(worker, dispute)
    record_breach(
        user=worker, dispute_id=dispute.pk, broken_on=TODAY, breach="未付。", advice="court", now=on(TODAY)
    )
    assert legal_deadlines(TODAY + 40 * DAY) == []


def test_a_follow_up_is_due_until_somebody_was_reached(worker, dispute):
    agreed(worker, dispute)
    assert found(RunsOut.FOLLOW_UP, TODAY + 29 * DAY) == []
    assert found(RunsOut.FOLLOW_UP, TODAY + 30 * DAY) == [(0, None)]
    visit = {"user": worker, "dispute_id": dispute.pk, "method": "phone"}
    day = TODAY + 31 * DAY
    record_visit(visited_on=day, result="unreached", now=on(day), **visit)
    assert found(RunsOut.FOLLOW_UP, day) == [(-1, None)]
    record_visit(visited_on=day, result="kept", now=on(day), **visit)
    assert found(RunsOut.FOLLOW_UP, day) == []
