"""Bodies in a case: chosen, called in, released, and what becomes of them when the case moves."""

from datetime import timedelta

import pytest

from incidents.errors import DisputeChanged, FieldsInvalid, MeasureNotAllowed, MeasureNotYours
from incidents.models import CaseBody, Dispute
from incidents.report import ReportedParty
from incidents.routing_facts import candidates_for
from incidents.services import take_action
from incidents.services.routing import call_in_body, choose_body, release_body
from incidents.workflow import Action, State
from tests.factories.case_bodies import make_body, make_mediator
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import COMMUNITY_1, COMMUNITY_2, DISTRICT, STREET_1, make_territory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(people):
    parties = (ReportedParty("好家物业服务有限公司"), ReportedParty("王某"))
    return make_dispute(people["worker"], parties=parties)


def choose(people, dispute, code, **given) -> Dispute:
    return choose_body(user=people["worker"], dispute_id=dispute.id, body=code, now=NOW, **given)


def call_in(people, dispute, code, **given) -> Dispute:
    return call_in_body(user=people["worker"], dispute_id=dispute.id, body=code, now=NOW, **given)


def parts(dispute) -> dict[str, str]:
    """Role by code of those that take part now."""
    return dict(dispute.bodies.filter(until=None).values_list("body__code", "role"))


def test_a_chosen_body_leads_and_the_reasons_of_the_rule_are_kept(people, dispute):
    body = make_body("PMC", name="五凤人民调解委员会")
    mediator = make_mediator(body, "M1")
    changed = choose(people, dispute, "PMC", mediator="M1")
    part = dispute.bodies.get()
    assert (part.body, part.mediator, part.role, part.since, part.until) == (
        body, mediator, CaseBody.LEAD, NOW, None,
    )  # fmt: skip
    assert {"code": "kind_first", "points": 30, "facts": {"kind": "people"}} in part.reasons
    assert changed.lead_body == body
    event = dispute.events.get(version=2)
    assert (event.action, event.organisation) == ("choose_body", "五凤人民调解委员会")
    assert event.details["set"] == {"lead_body_id": body.pk}
    assert "M1" not in str(event.details)
    assert replayed(changed) == present(changed)


def test_another_choice_ends_the_lead_before_it(people, dispute):
    make_body("ONE")
    make_body("TWO")
    choose(people, dispute, "ONE")
    changed = choose(people, dispute, "TWO")
    assert parts(changed) == {"TWO": "lead"}
    assert changed.lead_body.code == "TWO"
    assert dispute.bodies.get(body__code="ONE").until == NOW
    assert replayed(changed) == present(changed)


def test_one_that_took_part_becomes_the_lead(people, dispute):
    make_body("ONE")
    call_in(people, dispute, "ONE")
    assert parts(choose(people, dispute, "ONE")) == {"ONE": "lead"}


def test_the_same_lead_with_another_mediator_is_a_change_and_without_one_is_refused(people, dispute):
    body = make_body("ONE")
    make_mediator(body, "M1")
    choose(people, dispute, "ONE")
    choose(people, dispute, "ONE", mediator="M1")
    assert dispute.bodies.get(until=None).mediator.code == "M1"
    with pytest.raises(FieldsInvalid) as refused:
        choose(people, dispute, "ONE", mediator="M1")
    assert refused.value.facts["errors"]["body"][0]["code"] == "leads_already"


@pytest.mark.parametrize("take", [choose, call_in])
@pytest.mark.parametrize("code", ["", "NONE", "ELSEWHERE", "OUT", "A\0"])
def test_only_a_body_in_use_that_works_there_is_taken(people, dispute, take, code):
    make_body("ELSEWHERE", area=COMMUNITY_2)
    make_body("OUT", active=False)
    with pytest.raises(FieldsInvalid) as refused:
        take(people, dispute, code)
    assert list(refused.value.facts["errors"]) == ["body"]
    assert not dispute.bodies.exists()


def test_only_a_mediator_of_that_body_is_taken(people, dispute):
    make_body("ONE")
    make_mediator(make_body("TWO"), "M2")
    with pytest.raises(FieldsInvalid) as refused:
        choose(people, dispute, "ONE", mediator="M2")
    assert list(refused.value.facts["errors"]) == ["mediator"]


def test_a_conflict_of_interest_may_be_overruled_only_with_a_reason(people, dispute):
    make_body("OURS", related_organisations=["好家物业"])
    with pytest.raises(FieldsInvalid) as refused:
        choose(people, dispute, "OURS")
    assert refused.value.facts["errors"]["reason"][0]["code"] == "conflict"
    changed = choose(people, dispute, "OURS", reason="双方都同意")
    event = dispute.events.get(action="choose_body")
    assert (event.reason, event.details["conflict"]) == ("双方都同意", True)
    assert "好家" not in str(event.details) + str(changed.bodies.get().reasons)


def test_a_body_that_is_itself_a_party_is_in_conflict(people, dispute):
    make_body("SELF", name="好家物业服务有限公司")
    assert candidates_for(Dispute.objects.get()).of("SELF").conflict


def test_a_body_is_called_in_once(people, dispute):
    make_body("POLICE", form="police_station", area=STREET_1)
    call_in(people, dispute, "POLICE")
    assert parts(dispute) == {"POLICE": "joint"}
    with pytest.raises(FieldsInvalid):
        call_in(people, dispute, "POLICE")


def test_a_released_body_leaves_with_a_reason_and_the_lead_is_open(people, dispute):
    make_body("ONE")
    choose(people, dispute, "ONE")
    with pytest.raises(FieldsInvalid):
        release_body(user=people["worker"], dispute_id=dispute.id, body="ONE", reason=" ", now=LATER)
    changed = release_body(
        user=people["worker"], dispute_id=dispute.id, body="ONE", reason="当事人申请回避", now=LATER
    )
    part = dispute.bodies.get()
    assert (part.until, part.end_reason) == (LATER, "当事人申请回避")
    assert changed.lead_body is None
    assert replayed(changed) == present(changed)
    with pytest.raises(FieldsInvalid):
        release_body(user=people["worker"], dispute_id=dispute.id, body="ONE", reason="再次", now=LATER)


def test_only_those_who_answer_for_the_case_choose(people, dispute):
    make_body("ONE")
    for name in ("mediator", "street", "district"):
        with pytest.raises(MeasureNotYours):
            choose_body(user=people[name], dispute_id=dispute.id, body="ONE")


def test_no_body_is_chosen_for_a_case_that_stands_still_or_has_changed(people, dispute):
    make_body("ONE")
    act(people["worker"], dispute, Action.VERIFY)
    with pytest.raises(DisputeChanged):
        choose(people, dispute, "ONE", expected_version=1)
    act(people["worker"], dispute, Action.SUSPEND)
    with pytest.raises(MeasureNotAllowed):
        choose(people, dispute, "ONE")


def test_bodies_stay_at_their_level_when_the_case_goes_up(people, dispute):
    make_body("ONE")
    make_body("TWO")
    choose(people, dispute, "ONE")
    call_in(people, dispute, "TWO")
    changed = act(people["worker"], dispute, Action.ESCALATE, now=LATER)
    assert not parts(dispute)
    assert set(dispute.bodies.values_list("until", flat=True)) == {LATER}
    assert changed.lead_body is None
    assert replayed(changed) == present(changed)
    assert changed.lead_body_id == Dispute.objects.get().lead_body_id


def test_an_ended_case_keeps_who_led_it_and_a_reopened_one_chooses_anew(people, dispute):
    body = make_body("ONE", capacity=1)
    choose(people, dispute, "ONE")
    worker = people["worker"]
    act(worker, dispute, Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT)
    assert candidates_for(Dispute.objects.get()).bodies["ONE"].open_cases == 1
    closed = act(worker, dispute, Action.CLOSE, now=LATER)
    assert not parts(dispute)
    assert Dispute.objects.get().lead_body == body
    assert replayed(closed) == present(closed)
    # Nor does it count as busy any more.
    assert candidates_for(Dispute.objects.get()).bodies["ONE"].open_cases == 0
    reopened = act(worker, dispute, Action.REOPEN, now=LATER)
    assert reopened.lead_body is None
    assert replayed(reopened) == present(reopened)


def test_who_led_a_mediation_that_failed_has_that_against_it(people, dispute):
    for code in ("FIRST", "SECOND", "CALLED"):
        make_body(code)
    worker = people["worker"]
    choose(people, dispute, "FIRST")
    call_in(people, dispute, "CALLED")
    for action in (Action.ACCEPT, Action.BEGIN_MEDIATION, Action.FAIL):
        take_action(user=worker, dispute_id=dispute.id, action=action, reason="谈不拢", now=LATER)
    choose_body(user=worker, dispute_id=dispute.id, body="SECOND", now=LATER + timedelta(hours=1))
    shown = Dispute.objects.get()
    assert shown.state == State.FAILED
    failed = {
        proposal.code
        for proposal in candidates_for(shown).proposals
        if "failed_before" in {reason.code for reason in proposal.against}
    }
    assert failed == {"FIRST"}


def test_distance_and_hours_are_those_of_the_body(people, dispute):
    hours = [{"days": [1, 5], "from": "08:30", "to": "12:00"}]
    make_body("NEAR", opening_hours=hours)
    make_body("FAR", at="440105001001002", area=COMMUNITY_1)
    make_body("TOP", at=None, area=DISTRICT)
    shown = Dispute.objects.get()
    found = candidates_for(shown, at=NOW)
    assert [found.of(code).distance_m for code in ("NEAR", "TOP")] == [0, None]
    assert found.of("FAR").distance_m == pytest.approx(205, abs=2)
    assert "open_now" in {reason.code for reason in found.of("NEAR").reasons}
    evening = candidates_for(shown, at=NOW + timedelta(hours=10))
    assert "closed_now" in {reason.code for reason in evening.of("NEAR").against}


def test_of_a_busy_body_only_the_open_cases_count(people, dispute):
    body = make_body("ONE", capacity=5)
    for _ in range(3):
        other = make_dispute(people["worker"])
        choose(people, other, "ONE")
    act(people["worker"], other, Action.VOID)
    found = candidates_for(Dispute.objects.get(pk=dispute.pk))
    assert found.bodies["ONE"].open_cases == 2
    assert body.cases.count() == 3
