"""Referrals in and out: the answer, and the clock that follows."""

from datetime import timedelta

import pytest

from incidents.errors import (
    FieldsInvalid,
    MeasureNotAllowed,
    MeasureNotYours,
    ReferralNotPending,
    ReferralPending,
)
from incidents.models import Dispute, Referral
from incidents.services import take_action
from incidents.services.referrals import answer_referral, lapse_referrals, receive_referral, refer_out
from incidents.tasks import escalate_overdue_disputes
from incidents.workflow import Action, State
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# Three working days after Monday 09:00.
ANSWER_BY = NOW + timedelta(days=3)


@pytest.fixture
def people():
    make_territory()
    return make_staff()


@pytest.fixture
def worker(people):
    return people["worker"]


@pytest.fixture
def dispute(worker):
    return make_dispute(worker)


def send(worker, dispute, now=NOW, **changes) -> Referral:
    given = {
        "channel": "arbitration", "organisation": "区劳动仲裁院", "reason": "属劳动争议", "reference": "LZ-7",
    }  # fmt: skip
    return refer_out(user=worker, dispute_id=dispute.id, now=now, **(given | changes))


def answer(worker, dispute, answer, now=NOW + HOUR, **given) -> Dispute:
    return answer_referral(user=worker, dispute_id=dispute.id, answer=answer, now=now, **given)


def actions(dispute) -> list[str]:
    return list(dispute.events.order_by("version").values_list("action", flat=True))


# Out ------------------------------------------------------------------------------------------
def test_a_case_sent_out_stands_still_until_the_partner_answers(worker, dispute):
    referral = send(worker, dispute)
    shown = Dispute.objects.get()
    assert (referral.direction, referral.answer, referral.reference) == ("out", "pending", "LZ-7")
    assert referral.answer_by == ANSWER_BY
    assert (shown.state, shown.due_at) == (State.SUSPENDED, None)
    assert actions(dispute) == ["report", "refer_out", "suspend"]
    assert dispute.events.get(action="suspend").reason_code == "referred_out"
    assert replayed(shown) == present(shown)


def test_accepted_by_the_partner_the_case_ends_there(worker, dispute):
    send(worker, dispute)
    changed = answer(worker, dispute, "accepted", reference="LZ-2026-7")
    referral = Referral.objects.get()
    assert changed.state == State.TRANSFERRED
    assert (referral.answer, referral.answered_at, referral.reference) == (
        "accepted", NOW + HOUR, "LZ-2026-7",
    )  # fmt: skip
    assert actions(dispute)[3:] == ["answer_referral", "resume", "transfer"]
    assert dispute.events.get(action="transfer").organisation == "区劳动仲裁院"
    assert replayed(changed) == present(changed)


def test_declined_by_the_partner_the_clock_goes_on_where_it_stood(worker, dispute):
    before = Dispute.objects.get().due_at
    send(worker, dispute, now=NOW + HOUR)
    changed = answer(worker, dispute, "declined", reason="不属受理范围", now=NOW + 3 * HOUR)
    assert changed.state == State.REPORTED
    assert changed.due_at == before + 2 * HOUR
    assert Referral.objects.get().reason == "不属受理范围"
    assert replayed(changed) == present(changed)


def test_a_refusal_has_a_reason(worker, dispute):
    send(worker, dispute)
    with pytest.raises(FieldsInvalid) as refused:
        answer(worker, dispute, "declined")
    assert list(refused.value.facts["errors"]) == ["reason"]
    assert Referral.objects.get().answer == "pending"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "ministry"}, "channel"),
        ({"organisation": " "}, "organisation"),
        ({"organisation": "长" * 101}, "organisation"),
        ({"reason": ""}, "reason"),
        ({"reference": "7" * 61}, "reference"),
        ({"reference": "\0"}, "reference"),
    ],
)
def test_what_is_missing_or_too_long_is_said_and_nothing_is_sent(worker, dispute, changes, field):
    with pytest.raises(FieldsInvalid) as refused:
        send(worker, dispute, **changes)
    assert list(refused.value.facts["errors"]) == [field]
    assert Dispute.objects.get().version == 1


def test_a_case_is_with_one_partner_at_a_time_and_not_resumed_behind_its_back(worker, dispute):
    send(worker, dispute)
    with pytest.raises(MeasureNotAllowed):
        send(worker, dispute)
    with pytest.raises(ReferralPending):
        act(worker, dispute, Action.RESUME)
    answer(worker, dispute, "declined", reason="不收")
    with pytest.raises(ReferralNotPending):
        answer(worker, dispute, "accepted")


def test_a_case_voided_while_the_partner_considers_waits_for_nobody(worker, dispute):
    send(worker, dispute)
    act(worker, dispute, Action.VOID)
    assert Referral.objects.get().answer == "lapsed"
    shown = Dispute.objects.get()
    assert replayed(shown) == present(shown)


def test_a_settled_case_is_not_sent_out(worker, dispute):
    act(worker, dispute, Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT)
    with pytest.raises(MeasureNotAllowed):
        send(worker, dispute)


def test_others_who_see_the_case_neither_send_nor_answer(people, worker, dispute):
    with pytest.raises(MeasureNotYours):
        send(people["street"], dispute)
    send(worker, dispute)
    with pytest.raises(MeasureNotYours):
        answer(people["street"], dispute, "accepted")


def test_an_answer_names_the_referral_that_was_looked_at(worker, dispute):
    referral = send(worker, dispute)
    with pytest.raises(ReferralNotPending):
        answer(worker, dispute, "accepted", referral_id=referral.pk + 1)
    with pytest.raises(FieldsInvalid):
        answer(worker, dispute, "perhaps", referral_id=referral.pk)
    assert answer(worker, dispute, "accepted", referral_id=referral.pk).state == State.TRANSFERRED


# Time -----------------------------------------------------------------------------------------
def test_without_an_answer_in_time_the_case_comes_back(worker, dispute):
    before = Dispute.objects.get().due_at
    send(worker, dispute)
    assert lapse_referrals(now=ANSWER_BY) == ()
    assert lapse_referrals(now=ANSWER_BY + HOUR) == (dispute.case_number,)
    shown = Dispute.objects.get()
    assert shown.state == State.REPORTED
    assert shown.due_at > before
    referral = Referral.objects.get()
    assert (referral.answer, referral.answered_at) == ("lapsed", ANSWER_BY + HOUR)
    assert dispute.events.get(action="resume").actor is None
    assert replayed(shown) == present(shown)
    assert lapse_referrals(now=ANSWER_BY + 2 * HOUR) == ()


def test_what_we_did_not_answer_stays_to_be_answered(worker):
    make_dispute(worker, source="court")
    assert lapse_referrals(now=NOW + timedelta(days=30)) == ()
    assert Referral.objects.get().answer == "pending"


def test_the_work_of_a_run_is_that_of_what_is_late(worker, dispute, django_assert_num_queries):
    send(worker, dispute)
    for _ in range(5):
        send(worker, make_dispute(worker), now=NOW + timedelta(days=10))
    with django_assert_num_queries(1):
        lapse_referrals(now=NOW)
    assert len(lapse_referrals(now=ANSWER_BY + HOUR)) == 1


def test_the_job_of_every_minute_brings_late_ones_back(worker, dispute):
    send(worker, dispute)
    Referral.objects.update(answer_by=NOW - timedelta(days=3650))
    escalate_overdue_disputes(timestamp=0)
    assert Referral.objects.get().answer == "lapsed"


# In -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("source", ["petitions", "police", "traffic", "court", "legal_aid", "arbitration"])
def test_a_report_from_a_partner_is_a_referral_in(worker, source):
    dispute = make_dispute(worker, source=source)
    referral = dispute.referrals.get()
    assert (referral.direction, referral.channel, referral.reference) == ("in", source, "")
    assert referral.organisation.endswith("对接")
    assert referral.answer_by == ANSWER_BY


def test_a_report_of_our_own_is_none(dispute):
    assert not dispute.referrals.exists()


def test_taking_the_case_on_answers_the_referral(worker):
    dispute = make_dispute(worker, source="police")
    changed = act(worker, dispute, Action.ACCEPT, now=NOW + HOUR)
    referral = dispute.referrals.get()
    assert (referral.answer, referral.answered_at) == ("accepted", NOW + HOUR)
    assert actions(dispute) == ["report", "accept", "answer_referral"]
    assert replayed(changed) == present(changed)


def test_answering_the_referral_takes_the_case_on(worker):
    dispute = make_dispute(worker, source="police")
    changed = answer(worker, dispute, "accepted", reference="JT-12")
    assert changed.state == State.ACCEPTED
    assert dispute.referrals.get().reference == "JT-12"
    assert replayed(changed) == present(changed)


def test_a_referral_declined_gives_the_case_back(worker):
    dispute = make_dispute(worker, source="police")
    changed = answer(worker, dispute, "declined", reason="不在辖区")
    event = dispute.events.get(action="transfer")
    assert changed.state == State.TRANSFERRED
    assert (event.organisation, event.reason) == ("警调对接", "不在辖区")
    assert replayed(changed) == present(changed)


@pytest.mark.parametrize("action", [Action.TRANSFER, Action.VOID])
def test_ending_the_case_in_the_ordinary_way_declines_it(worker, action):
    dispute = make_dispute(worker, source="police")
    act(worker, dispute, action)
    referral = dispute.referrals.get()
    assert (referral.answer, referral.reason) == ("declined", "理由")


def test_what_the_partner_sent_is_filled_in_or_written_down_later(worker, dispute):
    given = {"channel": "court", "organisation": "海珠法院", "reference": "(2026)粤0105诉前调1号"}
    receive_referral(user=worker, dispute_id=dispute.id, now=NOW, **given)
    receive_referral(
        user=worker, dispute_id=dispute.id, now=NOW, **(given | {"organisation": "海珠区人民法院"})
    )
    referral = dispute.referrals.get()
    assert (referral.organisation, referral.reference) == ("海珠区人民法院", given["reference"])
    assert referral.answer_by == ANSWER_BY
    shown = Dispute.objects.get()
    assert replayed(shown) == present(shown)


def test_the_partner_may_name_the_day(worker, dispute):
    given = {"channel": "court", "organisation": "海珠法院"}
    by = NOW + timedelta(days=9)
    receive_referral(user=worker, dispute_id=dispute.id, now=NOW, answer_by=by, **given)
    assert dispute.referrals.get().answer_by == by


@pytest.mark.parametrize("by", [NOW, NOW - HOUR, NOW + timedelta(days=400)])
def test_a_day_gone_by_or_years_ahead_is_none(worker, dispute, by):
    with pytest.raises(FieldsInvalid) as refused:
        receive_referral(
            user=worker, dispute_id=dispute.id, channel="court", organisation="海珠法院", answer_by=by,
            now=NOW,
        )  # fmt: skip
    assert list(refused.value.facts["errors"]) == ["answer_by"]


def test_a_case_that_was_taken_on_is_received_from_nobody(worker, dispute):
    act(worker, dispute, Action.ACCEPT)
    with pytest.raises(MeasureNotAllowed):
        receive_referral(user=worker, dispute_id=dispute.id, channel="court", organisation="海珠法院")


def test_a_referral_goes_up_with_its_case_and_waits_there(people, worker):
    dispute = make_dispute(worker, source="police")
    act(worker, dispute, Action.ESCALATE)
    assert dispute.referrals.get().answer == "pending"
    take_action(user=people["mediator"], dispute_id=dispute.id, action=Action.ACCEPT, now=NOW)
    assert dispute.referrals.get().answer == "accepted"
