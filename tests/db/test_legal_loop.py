"""The legal loop: mediations, agreement, confirmation by the court, visits, breach."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incidents.errors import (
    ActionNotYours,
    AgreementConfirmed,
    AgreementMissing,
    AgreementNotWritten,
    ConfirmationNotRecorded,
    ConfirmationTooLate,
    DisputeChanged,
    DisputeNotFound,
    FieldsInvalid,
    MeasureNotAllowed,
    MeasureNotYours,
    PartiesNotYours,
    TransitionNotAllowed,
)
from incidents.models import Agreement, Dispute, JudicialConfirmation, MediationRecord, PartyAccess
from incidents.services.agreements import InstalmentGiven, record_agreement, record_payment
from incidents.services.breaches import record_breach
from incidents.services.confirmations import apply_confirmation, decide_confirmation
from incidents.services.legal_access import legal_texts_are_open, open_legal_texts
from incidents.services.mediation_records import record_mediation
from incidents.services.visits import record_visit
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.legal import DAY, INSTALMENTS, TERMS, TODAY, agreed, mediated
from tests.factories.people import make_staff, make_user
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def worker(staff):
    return staff["worker"]


@pytest.fixture
def dispute(worker):
    return make_dispute(worker)


def on(day: date) -> datetime:
    return datetime.combine(day, time(15), ZoneInfo("Asia/Shanghai"))


def wrong_fields(refusal) -> set[str]:
    return set(refusal.value.facts["errors"])


def record(worker, dispute, **changes):
    given = {"held_at": NOW - HOUR / 2, "place": "社区", "attendees": "林某", "summary": "谈了。", "now": NOW}
    return record_mediation(user=worker, dispute_id=dispute.pk, **given | changes)


def apply(worker, dispute, day: date, **changes):
    given = {"court": "海珠区人民法院", "applied_on": day, "now": on(day)} | changes
    return apply_confirmation(user=worker, dispute_id=dispute.pk, **given)


def visit(worker, dispute, day: date, result: str, **changes):
    return record_visit(
        user=worker,
        dispute_id=dispute.pk,
        visited_on=day,
        method="visit",
        result=result,
        now=on(day),
        **changes,
    )


def state(dispute) -> str:
    dispute.refresh_from_db()
    return dispute.state


def test_the_whole_loop_from_the_first_mediation_to_the_close(worker, dispute):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY + 3 * DAY)
    assert state(dispute) == "confirmation_pending"
    assert dispute.due_at is None
    confirmed_on = TODAY + 8 * DAY
    decide_confirmation(
        user=worker, dispute_id=dispute.pk, outcome="confirmed", decided_on=confirmed_on, now=on(confirmed_on)
    )
    assert state(dispute) == "confirmed"
    first = TODAY + 12 * DAY
    record_payment(user=worker, dispute_id=dispute.pk, number=1, done_on=first - DAY, now=on(first))
    visit(worker, dispute, first, "partly")
    assert state(dispute) == "follow_up"
    last = TODAY + 20 * DAY
    record_payment(user=worker, dispute_id=dispute.pk, number=2, done_on=last, now=on(last))
    visit(worker, dispute, last, "kept")
    act(worker, dispute, A.CLOSE, now=on(last))
    assert state(dispute) == "closed"
    actions = list(dispute.events.order_by("version").values_list("action", flat=True))
    assert actions == [
        "report", "accept", "begin_mediation", "record_mediation", "record_agreement", "apply_confirmation",
        "confirm", "record_payment", "follow_up", "record_visit", "record_payment", "record_visit", "close",
    ]  # fmt: skip
    assert replayed(dispute) == present(dispute)


def test_the_history_repeats_neither_texts_nor_names(worker, dispute):
    agreed(worker, dispute, facts="林某家中漏水。")
    visit(worker, dispute, TODAY, "broken", note="陈某说没有钱。")
    record_breach(
        user=worker,
        dispute_id=dispute.pk,
        broken_on=TODAY,
        breach="陈某未付。",
        advice="court",
        now=on(TODAY),
    )
    told = "".join(f"{event.reason}{event.details}{event.organisation}" for event in dispute.events.all())
    for text in ("林某", "陈某", "修缮", "水管", "社区调解室", "没有钱"):
        assert text not in told


def test_mediations_are_numbered_and_the_first_may_begin_the_mediation(worker, dispute):
    first = mediated(worker, dispute)
    second = record(worker, dispute)
    assert (first.number, second.number) == (1, 2)
    assert state(dispute) == "mediating"
    assert dispute.version == 5
    assert replayed(dispute) == present(dispute)


def test_a_mediation_may_be_written_down_without_beginning_another(worker, dispute):
    act(worker, dispute, A.ACCEPT)
    record(worker, dispute)
    assert state(dispute) == "accepted"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_at": NOW + HOUR}, "held_at"),
        ({"held_at": NOW - 2 * DAY}, "held_at"),
        ({"place": " "}, "place"),
        ({"attendees": "人" * 1001}, "attendees"),
        ({"summary": ""}, "summary"),
        ({"body": "NONE"}, "body"),
    ],
)
def test_a_faulty_record_names_its_field_and_writes_nothing(worker, dispute, changes, field):
    act(worker, dispute, A.ACCEPT)
    with pytest.raises(FieldsInvalid) as refusal:
        record(worker, dispute, begin=True, **changes)
    assert wrong_fields(refusal) == {field}
    assert state(dispute) == "accepted"
    assert not MediationRecord.objects.exists()


def test_nothing_is_written_down_before_the_case_is_accepted(worker, dispute):
    with pytest.raises(MeasureNotAllowed):
        record(worker, dispute)


def test_only_who_answers_for_the_case_writes_into_the_loop(staff, dispute):
    act(staff["worker"], dispute, A.ACCEPT)
    for name in ("mediator", "street", "district"):
        with pytest.raises(MeasureNotYours):
            record(staff[name], dispute)
        with pytest.raises(ActionNotYours):
            record_agreement(
                user=staff[name],
                dispute_id=dispute.pk,
                form="oral",
                reached_on=TODAY,
                terms="和好。",
                now=NOW,
            )
    with pytest.raises(DisputeNotFound):
        record(make_user("stranger"), dispute)


def test_an_agreement_is_written_down_with_its_instalments(worker, dispute):
    agreement = agreed(worker, dispute)
    rows = [(row.number, row.what, row.amount_yuan, row.done_on) for row in agreement.instalments.all()]
    assert rows == [(1, "首期修缮费", Decimal("500.00"), None), (2, "修好水管", None, None)]
    assert state(dispute) == "agreed"
    event = dispute.events.get(action="record_agreement")
    assert (event.reason_code, event.details["instalments"]) == ("agreement_written", 2)
    assert TERMS not in event.reason


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reached_on": TODAY + DAY}, {"reached_on"}),
        ({"effective_on": TODAY - DAY}, {"effective_on"}),
        ({"form": "oral", "reached_on": TODAY, "effective_on": TODAY + DAY}, {"effective_on"}),
        ({"form": "sung"}, {"form"}),
        ({"terms": ""}, {"terms"}),
        (
            {
                "instalments": [
                    INSTALMENTS[0],
                    InstalmentGiven("", TODAY),
                    InstalmentGiven("付款", TODAY - DAY),
                ]
            },
            {"instalments.1.what", "instalments.2.due_on"},
        ),
        ({"instalments": [InstalmentGiven("付款", TODAY, Decimal(0))]}, {"instalments.0.amount_yuan"}),
        ({"instalments": [INSTALMENTS[0]] * 61}, {"instalments"}),
    ],
)
def test_a_faulty_agreement_names_its_fields_and_moves_nothing(worker, dispute, changes, fields):
    with pytest.raises(FieldsInvalid) as refusal:
        agreed(worker, dispute, **changes)
    assert wrong_fields(refusal) == fields
    assert state(dispute) == "mediating"
    assert not Agreement.objects.exists()


def test_a_case_agreed_without_its_terms_gets_them_later(worker, dispute):
    mediated(worker, dispute)
    act(worker, dispute, A.RECORD_AGREEMENT)
    assert not Agreement.objects.exists()
    with pytest.raises(AgreementMissing):
        apply(worker, dispute, TODAY)
    record_agreement(
        user=worker, dispute_id=dispute.pk, form="written", reached_on=TODAY, terms=TERMS, now=on(TODAY)
    )
    assert state(dispute) == "agreed"
    assert dispute.events.latest("version").reason_code == "agreement_recorded_later"
    apply(worker, dispute, TODAY)
    assert state(dispute) == "confirmation_pending"


def test_a_second_agreement_beside_one_in_force_is_refused(worker, dispute):
    agreed(worker, dispute)
    with pytest.raises(TransitionNotAllowed):
        record_agreement(
            user=worker, dispute_id=dispute.pk, form="oral", reached_on=TODAY, terms="又一份。", now=on(TODAY)
        )
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(("days", "in_time"), [(0, True), (29, True), (30, True), (31, False)])
def test_the_court_is_asked_until_the_thirtieth_day(worker, dispute, days, in_time):
    agreed(worker, dispute)
    day = TODAY + days * DAY
    if in_time:
        apply(worker, dispute, day)
        assert state(dispute) == "confirmation_pending"
    else:
        with pytest.raises(ConfirmationTooLate) as refusal:
            apply(worker, dispute, day)
        assert refusal.value.facts["until"] == "2026-04-01"
        assert state(dispute) == "agreed"
        assert not JudicialConfirmation.objects.exists()


def test_the_window_runs_from_the_day_on_which_all_had_signed(worker, dispute):
    mediated(worker, dispute)
    signed = TODAY + 5 * DAY
    record_agreement(
        user=worker, dispute_id=dispute.pk, form="written", reached_on=TODAY, effective_on=signed,
        terms=TERMS, now=on(signed),
    )  # fmt: skip
    with pytest.raises(FieldsInvalid):
        apply(worker, dispute, signed - DAY, now=on(signed))
    apply(worker, dispute, TODAY + 35 * DAY)
    assert state(dispute) == "confirmation_pending"


def test_an_application_made_in_time_may_be_written_down_later(worker, dispute):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY + 30 * DAY, now=on(TODAY + 33 * DAY))
    assert state(dispute) == "confirmation_pending"


def test_an_oral_agreement_cannot_be_confirmed(worker, dispute):
    agreed(worker, dispute, form="oral")
    with pytest.raises(AgreementNotWritten):
        apply(worker, dispute, TODAY)
    assert state(dispute) == "agreed"


@pytest.mark.parametrize(
    ("outcome", "after", "code"),
    [
        ("confirmed", "confirmed", "confirmation_confirmed"),
        ("refused", "agreed", "confirmation_refused"),
        ("withdrawn", "agreed", "confirmation_withdrawn"),
    ],
)
def test_the_outcome_decides_how_it_goes_on(worker, dispute, outcome, after, code):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY)
    decide_confirmation(
        user=worker, dispute_id=dispute.pk, outcome=outcome, decided_on=TODAY + DAY, reason="内容不明确",
        reference="(2026)粤0105民特1号", now=on(TODAY + DAY),
    )  # fmt: skip
    assert state(dispute) == after
    row = JudicialConfirmation.objects.get()
    assert (row.outcome, row.decided_on, row.reason) == (outcome, TODAY + DAY, "内容不明确")
    event = dispute.events.latest("version")
    assert event.reason_code == code
    assert "内容不明确" not in event.reason


def test_a_refusal_says_why_and_is_not_dated_before_the_application(worker, dispute):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY + DAY)
    decide = {"user": worker, "dispute_id": dispute.pk, "outcome": "refused", "now": on(TODAY + 2 * DAY)}
    with pytest.raises(FieldsInvalid) as refusal:
        decide_confirmation(decided_on=TODAY + 2 * DAY, **decide)
    assert wrong_fields(refusal) == {"reason"}
    with pytest.raises(FieldsInvalid) as refusal:
        decide_confirmation(decided_on=TODAY, reason="不明确", **decide)
    assert wrong_fields(refusal) == {"decided_on"}


def test_after_a_refusal_the_court_may_be_asked_again_in_time(worker, dispute):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY)
    decide_confirmation(
        user=worker, dispute_id=dispute.pk, outcome="withdrawn", decided_on=TODAY, now=on(TODAY)
    )
    apply(worker, dispute, TODAY + 9 * DAY)
    assert list(JudicialConfirmation.objects.values_list("outcome", flat=True)) == ["withdrawn", "pending"]


def test_actions_without_their_forms_settle_the_rows(worker, dispute):
    agreed(worker, dispute)
    apply(worker, dispute, TODAY)
    act(worker, dispute, A.CONFIRM, now=on(TODAY + DAY))
    row = JudicialConfirmation.objects.get()
    assert (row.outcome, row.decided_on) == ("confirmed", TODAY + DAY)
    act(worker, dispute, A.RECORD_BREACH, now=on(TODAY + 2 * DAY))
    assert Agreement.objects.get().broken_on == TODAY + 2 * DAY


def test_without_a_written_agreement_no_visit_lies_before_the_dispute(worker, dispute):
    act(worker, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)
    with pytest.raises(FieldsInvalid) as refusal:
        visit(worker, dispute, date(1, 1, 1), "kept")
    assert wrong_fields(refusal) == {"visited_on"}
    visit(worker, dispute, TODAY, "kept")


def test_a_visit_in_the_window_may_leave_the_way_to_the_court_open(worker, dispute):
    agreed(worker, dispute)
    visit(worker, dispute, TODAY + DAY, "kept", begin_follow_up=False)
    assert state(dispute) == "agreed"
    apply(worker, dispute, TODAY + 2 * DAY)
    visit(worker, dispute, TODAY + 3 * DAY, "kept")
    assert state(dispute) == "confirmation_pending"


@pytest.mark.parametrize(
    ("form", "refusal"),
    [(None, AgreementMissing), ("oral", AgreementNotWritten), ("written", ConfirmationNotRecorded)],
)
def test_the_plain_action_does_not_ask_the_court(worker, dispute, form, refusal):
    if form:
        agreed(worker, dispute, form=form)
    else:
        act(worker, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)
    with pytest.raises(refusal):
        act(worker, dispute, A.APPLY_CONFIRMATION)
    assert state(dispute) == "agreed"
    assert not JudicialConfirmation.objects.exists()


def test_the_court_may_be_asked_after_a_visit_until_the_last_working_day(worker, dispute):
    reached = date(2026, 3, 5)
    agreed(worker, dispute, now=on(reached), reached_on=reached)
    visit(worker, dispute, reached + DAY, "kept")
    assert state(dispute) == "follow_up"
    # The thirtieth day and the two after are holidays.
    with pytest.raises(ConfirmationTooLate):
        apply(worker, dispute, date(2026, 4, 8))
    apply(worker, dispute, date(2026, 4, 7))
    assert state(dispute) == "confirmation_pending"
    assert replayed(dispute) == present(dispute)


def court_said(worker, dispute, outcome: str):
    apply(worker, dispute, TODAY)
    decide_confirmation(
        user=worker, dispute_id=dispute.pk, outcome=outcome, decided_on=TODAY, reason="内容不明确",
        now=on(TODAY),
    )  # fmt: skip


def test_what_the_court_confirmed_is_enforced_and_neither_asked_for_again_nor_sued_over(worker, dispute):
    agreed(worker, dispute)
    court_said(worker, dispute, "confirmed")
    visit(worker, dispute, TODAY, "broken")
    with pytest.raises(AgreementConfirmed):
        apply(worker, dispute, TODAY)
    given = {
        "user": worker,
        "dispute_id": dispute.pk,
        "broken_on": TODAY,
        "breach": "未付。",
        "now": on(TODAY),
    }
    for advice in ("court", "arbitration"):
        with pytest.raises(FieldsInvalid) as refusal:
            record_breach(advice=advice, **given)
        assert wrong_fields(refusal) == {"advice"}
    record_breach(advice="enforcement", **given)
    assert "强制执行" in dispute.events.latest("version").reason


def test_what_the_court_did_not_confirm_is_not_enforced(worker, dispute):
    agreed(worker, dispute)
    with pytest.raises(FieldsInvalid) as refusal:
        record_breach(
            user=worker, dispute_id=dispute.pk, broken_on=TODAY, breach="未付。", advice="enforcement",
            now=on(TODAY),
        )  # fmt: skip
    assert wrong_fields(refusal) == {"advice"}


@pytest.mark.parametrize("visited", [False, True])
def test_after_the_courts_refusal_the_parties_change_their_agreement_without_a_breach(
    worker, dispute, visited
):
    former, later = agreed(worker, dispute), TODAY + 5 * DAY
    court_said(worker, dispute, "refused")
    if visited:
        visit(worker, dispute, TODAY, "kept")
    before = state(dispute)
    record(worker, dispute, held_at=on(later) - HOUR, now=on(later))
    changed = record_agreement(
        user=worker, dispute_id=dispute.pk, form="written", reached_on=later, terms="改为一次付清。",
        now=on(later),
    )  # fmt: skip
    former.refresh_from_db()
    assert (former.replaced_on, former.broken_on) == (later, None)
    assert Agreement.objects.in_force().get() == changed
    assert state(dispute) == before
    assert dispute.events.latest("version").reason_code == "agreement_changed"
    assert dispute.due_at == on(later) + 30 * DAY
    assert replayed(dispute) == present(dispute)
    apply(worker, dispute, later + 30 * DAY)
    assert state(dispute) == "confirmation_pending"


def test_an_application_that_was_withdrawn_lets_nobody_change_the_agreement(worker, dispute):
    agreed(worker, dispute)
    court_said(worker, dispute, "withdrawn")
    with pytest.raises(TransitionNotAllowed):
        record_agreement(
            user=worker, dispute_id=dispute.pk, form="oral", reached_on=TODAY, terms="又一份。", now=on(TODAY)
        )


def test_a_breach_ends_the_agreement_and_another_may_follow(worker, dispute):
    agreed(worker, dispute)
    visit(worker, dispute, TODAY + DAY, "broken")
    broken = record_breach(
        user=worker, dispute_id=dispute.pk, broken_on=TODAY + DAY, breach="未付首期。",
        advice="mediate_again", now=on(TODAY + DAY),
    )  # fmt: skip
    assert (broken.broken_on, broken.breach) == (TODAY + DAY, "未付首期。")
    assert state(dispute) == "failed"
    assert dispute.events.latest("version").details["advice"] == "mediate_again"
    with pytest.raises(MeasureNotAllowed):
        record_payment(user=worker, dispute_id=dispute.pk, number=1, done_on=TODAY, now=on(TODAY + DAY))
    record(worker, dispute, begin=True, now=on(TODAY + 2 * DAY))
    again = record_agreement(
        user=worker, dispute_id=dispute.pk, form="written", reached_on=TODAY + 2 * DAY, terms="一次付清。",
        now=on(TODAY + 2 * DAY),
    )  # fmt: skip
    assert again.number == 2
    assert Agreement.objects.in_force().get() == again
    assert replayed(dispute) == present(Dispute.objects.get())


def test_a_breach_found_after_closing_opens_the_case_again(worker, dispute):
    agreed(worker, dispute)
    act(worker, dispute, A.CLOSE, now=on(TODAY))
    visit(worker, dispute, TODAY + 12 * DAY, "broken")
    record_breach(
        user=worker, dispute_id=dispute.pk, broken_on=TODAY + 12 * DAY, breach="未付。", advice="court",
        now=on(TODAY + 12 * DAY),
    )  # fmt: skip
    assert state(dispute) == "accepted"


def test_an_agreement_after_reopening_takes_the_place_of_the_former(worker, dispute):
    former = agreed(worker, dispute)
    act(worker, dispute, A.CLOSE, A.REOPEN, A.BEGIN_MEDIATION, now=on(TODAY))
    record_agreement(
        user=worker,
        dispute_id=dispute.pk,
        form="oral",
        reached_on=TODAY,
        terms="改为一次付清。",
        now=on(TODAY),
    )
    former.refresh_from_db()
    assert (former.replaced_on, former.broken_on, former.breach) == (TODAY, None, "")
    assert Agreement.objects.in_force().get().number == 2


def test_an_instalment_is_done_once_and_not_in_the_future(worker, dispute):
    agreed(worker, dispute)
    pay = {"user": worker, "dispute_id": dispute.pk, "now": on(TODAY + DAY)}
    for number, day, field in [(1, TODAY + 2 * DAY, "done_on"), (3, TODAY, "number")]:
        with pytest.raises(FieldsInvalid) as refusal:
            record_payment(number=number, done_on=day, **pay)
        assert wrong_fields(refusal) == {field}
    assert record_payment(number=1, done_on=TODAY, **pay).done_on == TODAY
    with pytest.raises(FieldsInvalid):
        record_payment(number=1, done_on=TODAY, **pay)


def test_the_second_of_two_is_told_and_changes_nothing(worker, dispute):
    mediated(worker, dispute)
    dispute.refresh_from_db()
    seen = dispute.version
    record(worker, dispute, expected_version=seen)
    with pytest.raises(DisputeChanged):
        record(worker, dispute, expected_version=seen)
    with pytest.raises(DisputeChanged):
        record_agreement(
            user=worker, dispute_id=dispute.pk, form="oral", reached_on=TODAY, terms="好。",
            expected_version=seen, now=NOW,
        )  # fmt: skip
    assert MediationRecord.objects.count() == 2
    assert state(dispute) == "mediating"


def test_opening_the_texts_is_recorded_once_an_hour(staff, worker, dispute):
    assert not legal_texts_are_open(worker, dispute)
    open_legal_texts(user=worker, dispute_id=dispute.pk)
    open_legal_texts(user=worker, dispute_id=dispute.pk)
    assert PartyAccess.objects.count() == 1
    assert legal_texts_are_open(worker, dispute)
    PartyAccess.objects.update(at=NOW - HOUR)
    assert not legal_texts_are_open(worker, dispute)
    with pytest.raises(PartiesNotYours):
        open_legal_texts(user=staff["street"], dispute_id=dispute.pk)
    assert PartyAccess.objects.count() == 1


def test_texts_that_one_opened_close_when_the_case_goes_up(worker, dispute):
    open_legal_texts(user=worker, dispute_id=dispute.pk)
    after = act(worker, dispute, A.ESCALATE)
    assert not legal_texts_are_open(worker, after)
