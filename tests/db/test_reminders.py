"""What people are told by the clock: once each, in time, and in proportion to what falls due."""

from datetime import date, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from incidents import tasks  # noqa: F401
from incidents.models import Dispute, Notice, NoticeAddress, PolicyVersion
from incidents.models.legal import Agreement
from incidents.notices.kinds import Kind
from incidents.policy import DEFAULT_POLICY, Span, Unit
from incidents.policy_data import to_data
from incidents.services import escalate_overdue
from incidents.services.reminders import (
    Reminded,
    remind_before_due,
    remind_of_legal_deadlines,
    remind_of_referrals,
    send_digests,
)
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}+08:00")


def told(kind: Kind) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def accepted(staff, **changes) -> Dispute:
    """Due in one working day at the grid: on Tuesday at 9."""
    dispute = act(staff["worker"], make_dispute(staff["worker"], **changes), A.ACCEPT)
    assert dispute.due_at == at("03T09:00")
    return dispute


def test_a_case_is_reminded_of_four_working_hours_before_it_is_due_and_once(staff):
    dispute = accepted(staff)
    # Half an hour on Tuesday, and all of Monday afternoon.
    assert remind_before_due(now=at("02T11:59")).due_soon == 0
    assert remind_before_due(now=at("02T12:00")).due_soon == 1
    assert remind_before_due(now=at("02T12:01")).due_soon == 0
    notice = Notice.objects.get(kind=Kind.DUE_SOON)
    assert (notice.user, notice.dispute) == (staff["worker"], dispute)
    assert datetime.fromisoformat(notice.facts["due_at"]) == dispute.due_at
    dispute.refresh_from_db()
    assert (dispute.reminded_at, dispute.version) == (at("02T12:00"), 2)


def test_another_due_time_is_reminded_of_anew(staff):
    dispute = accepted(staff)
    remind_before_due(now=at("02T14:00"))
    act(staff["worker"], dispute, A.SUSPEND, now=at("02T15:00"))
    act(staff["worker"], dispute, A.RESUME, now=at("05T15:00"))
    dispute.refresh_from_db()
    assert dispute.due_at > at("05T15:00")
    assert remind_before_due(now=dispute.due_at - MINUTE).due_soon == 1
    assert len(told(Kind.DUE_SOON)) == 2


def test_a_limit_as_short_as_the_reminder_is_not_reminded_of_on_arrival(staff):
    dispute = make_dispute(staff["worker"])
    assert dispute.due_at == at("02T15:00")  # four working hours
    assert remind_before_due(now=at("02T10:19")).due_soon == 0
    assert remind_before_due(now=at("02T10:20")).due_soon == 1


def test_of_a_night_s_hour_a_third_is_taken_by_the_clock(staff):
    dispute = make_dispute(staff["worker"], now=at("02T23:00"))
    Dispute.objects.filter(pk=dispute.pk).update(due_at=at("03T00:00"))
    assert remind_before_due(now=at("02T23:19")).due_soon == 0
    assert remind_before_due(now=at("02T23:20")).due_soon == 1


def test_the_policy_says_how_long_before(staff):
    from dataclasses import replace

    policy = replace(DEFAULT_POLICY, reminder=Span(1, Unit.HOURS))
    PolicyVersion.objects.create(
        valid_from=date(2026, 1, 1), data=to_data(policy), reason="x", created_by=staff["district"]
    )
    accepted(staff)
    assert remind_before_due(now=at("03T07:59")).due_soon == 0
    assert remind_before_due(now=at("03T08:00")).due_soon == 1


def test_suspended_settled_and_ended_cases_are_not_reminded_of(staff):
    for actions in [(A.SUSPEND,), (A.BEGIN_MEDIATION, A.RECORD_AGREEMENT), (A.TRANSFER,)]:
        dispute = accepted(staff)
        act(staff["worker"], dispute, *actions)
    for hours in range(24 * 40):
        if hours % 6 == 0:
            assert remind_before_due(now=NOW + hours * HOUR) == Reminded(0, 0)


def test_what_is_reminded_of_costs_the_same_however_much_there_is(staff, django_assert_max_num_queries):
    for _ in range(30):
        accepted(staff)
    with django_assert_max_num_queries(16):
        assert remind_before_due(now=at("02T14:00")).due_soon == 30
    with django_assert_max_num_queries(5):
        assert remind_before_due(now=at("02T14:01")).due_soon == 0


def test_at_the_district_a_case_goes_no_further_and_people_are_told_that_it_is_overdue(staff):
    dispute = make_dispute(staff["worker"], scale="03")
    act(staff["street"], dispute, A.ESCALATE)
    dispute.refresh_from_db()
    late = dispute.due_at + MINUTE
    assert escalate_overdue(now=late).checked == 0
    assert remind_before_due(now=late).overdue == 1
    assert remind_before_due(now=late + MINUTE).overdue == 0
    assert told(Kind.OVERDUE) == ["district"]


def agreement_of(staff, days_before: int) -> Agreement:
    dispute = accepted(staff)
    act(staff["worker"], dispute, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)
    dispute.agreements.all().delete()
    day = NOW.date() - timedelta(days=days_before)
    return Agreement.objects.create(
        dispute=dispute, number=9, form="written", reached_on=day, effective_on=day, terms="甲赔乙",
        recorded_by=staff["worker"],
    )  # fmt: skip


def test_the_window_of_confirmation_is_told_of_seven_three_and_one_day_before_once_each(staff):
    agreement_of(staff, days_before=23)
    for days in range(8):
        for hour in (0, 1):
            remind_of_legal_deadlines(now=NOW + days * DAY + hour * HOUR)
    days = [
        notice.at.date() for notice in Notice.objects.filter(kind=Kind.CONFIRMATION_ENDING).order_by("at")
    ]
    assert days == [date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 8)]
    assert "甲赔乙" not in str(list(Notice.objects.values_list("facts", flat=True)))


def test_a_morning_without_reminders_is_made_up_for_on_the_next(staff):
    agreement_of(staff, days_before=23)
    for days in (1, 2, 5, 7):
        remind_of_legal_deadlines(now=NOW + days * DAY)
    days = Notice.objects.filter(kind=Kind.CONFIRMATION_ENDING).order_by("at").values_list("at", flat=True)
    assert [at.date() for at in days] == [date(2026, 3, 3), date(2026, 3, 7), date(2026, 3, 9)]


def test_an_instalment_is_told_of_on_its_day_and_once_when_it_is_late(staff):
    agreement = agreement_of(staff, days_before=1)
    agreement.instalments.create(number=1, what="付款", due_on=date(2026, 3, 4))
    for days in range(10):
        remind_of_legal_deadlines(now=NOW + days * DAY)
    at_days = Notice.objects.filter(kind=Kind.INSTALMENT_DUE).order_by("at").values_list("at", flat=True)
    assert [moment.date() for moment in at_days] == [date(2026, 3, 4), date(2026, 3, 5)]


def test_a_follow_up_is_told_of_on_its_day(staff):
    dispute = agreement_of(staff, days_before=1).dispute
    dispute.refresh_from_db()
    remind_of_legal_deadlines(now=dispute.due_at - DAY)
    assert told(Kind.FOLLOW_UP_DUE) == []
    remind_of_legal_deadlines(now=dispute.due_at - HOUR)
    remind_of_legal_deadlines(now=dispute.due_at - HOUR / 2)
    assert told(Kind.FOLLOW_UP_DUE) == ["worker"]


def test_a_referral_that_we_are_to_answer_is_told_of_a_day_before_and_once(staff):
    dispute = make_dispute(staff["worker"], source="court")
    referral = dispute.referrals.get()
    assert remind_of_referrals(now=referral.answer_by - 2 * DAY) == 0
    for hours in (23, 22, -5):
        assert remind_of_referrals(now=referral.answer_by - hours * HOUR) == 1
    assert told(Kind.REFERRAL_TO_ANSWER) == ["worker"]
    act(staff["worker"], dispute, A.ACCEPT)
    assert remind_of_referrals(now=referral.answer_by) == 0


def test_the_digest_counts_what_waits_for_each_and_is_given_once_a_day(staff):
    make_user("idle")
    make_user("retired", "grid_worker", UNITS[1], is_active=False)
    accepted(staff)
    waiting = make_dispute(staff["worker"], UNITS[1])
    act(staff["worker"], make_dispute(staff["worker"]), A.ESCALATE)
    Dispute.objects.filter(pk=waiting.pk).update(supervised_since=NOW)
    make_user("neighbour", "grid_worker", UNITS[1])
    morning = at("03T08:00")
    assert send_digests(now=morning) == 3
    assert send_digests(now=morning + HOUR) == 0
    facts = {notice.user.username: notice.facts for notice in Notice.objects.filter(kind=Kind.DIGEST)}
    nothing = {"waiting": 1, "due_today": 0, "overdue": 0, "new": 0, "supervised": 0}
    assert facts == {
        "worker": nothing | {"due_today": 1},
        "neighbour": nothing | {"overdue": 1, "new": 1, "supervised": 1},
        "mediator": nothing | {"due_today": facts["mediator"]["due_today"], "new": 1},
    }
    assert send_digests(now=morning + DAY) == 3


def test_the_digest_of_many_takes_few_questions(staff, django_assert_max_num_queries):
    for n in range(60):
        make_user(f"worker{n}", "grid_worker", UNITS[n % 2])
        if n % 6 == 0:
            make_dispute(staff["worker"], UNITS[n % 2])
    NoticeAddress.objects.create(user=staff["worker"], channel="sms", address="1")
    with django_assert_max_num_queries(8):
        send_digests(now=at("03T08:00"))
    assert Notice.objects.filter(kind=Kind.DIGEST).count() > 30


def test_people_are_reminded_every_minute_and_in_the_morning_of_guangzhou():
    crons = {key[0]: periodic.cron for key, periodic in app.periodic_registry.periodic_tasks.items()}
    assert crons["remind_before_due"] == "* * * * *"
    # In UTC: 08:00 in Guangzhou is midnight there.
    assert crons["tell_in_the_morning"] == "0 0-3 * * *"
