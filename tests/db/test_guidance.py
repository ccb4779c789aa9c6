"""Guidance asked of the level above and given."""

from datetime import timedelta

import pytest

from incidents.errors import FieldsInvalid, GuidanceNotOpen, MeasureNotAllowed, MeasureNotYours
from incidents.models import Dispute, Guidance
from incidents.services.guidance import ask_guidance, give_guidance
from incidents.workflow import Action
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import COMMUNITY_1, DISTRICT, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(people):
    return make_dispute(people["worker"])


def ask(user, dispute, question="能否分期履行?") -> Guidance:
    return ask_guidance(user=user, dispute_id=dispute.id, question=question, now=NOW)


def test_a_question_goes_to_the_level_above_and_is_answered_from_there(people, dispute):
    guidance = ask(people["worker"], dispute)
    assert guidance.asked_of_id == COMMUNITY_1
    give_guidance(
        user=people["mediator"], dispute_id=dispute.id, guidance_id=guidance.pk, answer="可以。",
        now=NOW + timedelta(hours=2),
    )  # fmt: skip
    guidance.refresh_from_db()
    assert (guidance.answer, guidance.answered_by) == ("可以。", people["mediator"])
    shown = Dispute.objects.get()
    assert replayed(shown) == present(shown)
    with pytest.raises(GuidanceNotOpen):
        give_guidance(
            user=people["street"], dispute_id=dispute.id, guidance_id=guidance.pk, answer="不可以。"
        )


def test_neither_question_nor_answer_reaches_the_history(people, dispute):
    guidance = ask(people["worker"], dispute, "王某能否分期?")
    give_guidance(
        user=people["street"], dispute_id=dispute.id, guidance_id=guidance.pk, answer="王某可以。"
    )
    assert "王某" not in str(list(dispute.events.values("reason", "details", "organisation")))


def test_only_those_who_have_the_case_ask_and_only_those_above_answer(people, dispute):
    for name in ("mediator", "street", "district"):
        with pytest.raises(MeasureNotYours):
            ask(people[name], dispute)
    guidance = ask(people["worker"], dispute)
    with pytest.raises(MeasureNotYours):
        give_guidance(user=people["worker"], dispute_id=dispute.id, guidance_id=guidance.pk, answer="我看行")


def test_the_district_asks_its_colleagues(people, dispute):
    for name in ("worker", "mediator", "street"):
        act(people[name], dispute, Action.ESCALATE)
    assert ask(people["district"], dispute).asked_of_id == DISTRICT


def test_a_question_and_an_answer_say_something(people, dispute):
    with pytest.raises(FieldsInvalid):
        ask(people["worker"], dispute, "  ")
    with pytest.raises(FieldsInvalid):
        ask(people["worker"], dispute, "长" * 1001)
    guidance = ask(people["worker"], dispute)
    with pytest.raises(FieldsInvalid):
        give_guidance(user=people["street"], dispute_id=dispute.id, guidance_id=guidance.pk, answer="")


def test_nothing_is_asked_about_an_ended_case(people, dispute):
    act(people["worker"], dispute, Action.VOID)
    with pytest.raises(MeasureNotAllowed):
        ask(people["worker"], dispute)
