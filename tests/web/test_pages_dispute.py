"""The page of one dispute."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grids.roles import Role
from incidents.models import Dispute, DisputeEvent, PartyAccess
from incidents.report import ReportedParty
from incidents.workflow import Action, State
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"], parties=(ReportedParty("林某", "13900000000", "申请人"),))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(dispute) -> str:
    return reverse("dispute", args=[dispute.pk])


def post(client, dispute, action, **given):
    return client.post(reverse("dispute_action", args=[dispute.pk, action]), given)


def offered(response) -> list[str]:
    return [form.action.value for form in response.context["forms"]]


def test_only_the_actions_that_one_may_take_now_are_offered_the_likely_one_first(staff, dispute):
    answer = signed_in(staff["worker"]).get(page_of(dispute))
    assert offered(answer)[0] == Action.ACCEPT
    assert set(offered(answer)) == {"verify", "accept", "escalate", "suspend", "transfer", "void"}
    assert offered(signed_in(staff["street"]).get(page_of(dispute))) == []


def test_who_may_not_act_reads_who_has_the_case(staff, dispute):
    assert "现在由区域001办理" in signed_in(staff["street"]).get(page_of(dispute)).content.decode()


def test_an_action_is_taken_once_and_leads_back_to_the_page(staff, dispute):
    answer = post(signed_in(staff["worker"]), dispute, "accept", version=1)
    assert answer.status_code == 302
    assert answer.url == page_of(dispute)
    dispute.refresh_from_db()
    assert dispute.state == State.ACCEPTED


def test_the_second_of_two_is_told_who_did_what_and_keeps_their_words(staff, dispute):
    colleague = make_user("colleague", Role.GRID_WORKER, UNITS[0])
    act(colleague, dispute, Action.ACCEPT)
    answer = post(signed_in(staff["worker"]), dispute, "escalate", version=1, reason="谈不拢")
    assert answer.status_code == 409
    assert [chapter.sentence for chapter in answer.context["changes"]] == ["colleague的姓名受理了案件"]
    assert "谈不拢</textarea>" in answer.content.decode()
    dispute.refresh_from_db()
    assert dispute.version == 2


def test_the_form_that_comes_with_a_refusal_carries_the_new_version(staff, dispute):
    act(staff["worker"], dispute, Action.ACCEPT)
    client = signed_in(staff["worker"])
    answer = post(client, dispute, "escalate", version=1, reason="谈不拢")
    assert answer.context["dispute"].version == 2
    assert post(client, dispute, "escalate", version=2, reason="谈不拢").status_code == 302


def test_a_missing_reason_is_asked_for_beside_its_field(staff, dispute):
    answer = post(signed_in(staff["worker"]), dispute, "escalate", version=1, reason=" ")
    assert answer.status_code == 400
    form = next(form for form in answer.context["forms"] if form.action == "escalate")
    assert form.given.errors == {"reason": "这个操作需要它。"}
    assert "field-error" in answer.content.decode()


def test_an_action_that_the_state_forbids_changes_nothing(staff, dispute):
    answer = post(signed_in(staff["worker"]), dispute, "close", version=1, reason="好了")
    assert answer.status_code == 409
    assert "现在不能“结案”" in answer.content.decode()
    assert DisputeEvent.objects.filter(dispute=dispute).count() == 1


def test_a_case_that_went_up_meanwhile_says_with_whom_it_is_now(staff, dispute):
    act(staff["worker"], dispute, Action.ESCALATE)
    answer = post(signed_in(staff["worker"]), dispute, "accept", version=2)
    assert answer.status_code == 403
    assert "现由" in answer.context["attempt"].sentence


def test_a_garbled_version_is_not_the_one_that_is_there(staff, dispute):
    """Whoever sends it did not look at the case as it stands."""
    for version in ("x1", "-1", "1.0", "1" * 400):
        assert post(signed_in(staff["worker"]), dispute, "accept", version=version).status_code == 409


def test_an_unknown_action_is_not_found(staff, dispute):
    assert post(signed_in(staff["worker"]), dispute, "explode").status_code == 404


def test_parties_are_hidden_until_they_are_opened_and_opening_is_recorded(staff, dispute):
    client = signed_in(staff["worker"])
    assert "林某" not in client.get(page_of(dispute)).content.decode()
    assert not PartyAccess.objects.exists()
    opened = client.post(reverse("dispute_parties", args=[dispute.pk]))
    assert "林某" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert PartyAccess.objects.get().user == staff["worker"]


def test_parties_cannot_be_opened_by_one_who_only_sees_the_case(staff, dispute):
    opened = signed_in(staff["street"]).post(reverse("dispute_parties", args=[dispute.pk]))
    assert opened.status_code == 403
    assert "林某" not in opened.content.decode()


def test_the_history_reads_like_a_story(staff, dispute):
    act(staff["worker"], dispute, Action.ACCEPT, Action.ESCALATE)
    act(staff["mediator"], dispute, Action.HAND_BACK)
    story = signed_in(staff["worker"]).get(page_of(dispute)).context["story"]
    assert [chapter.sentence for chapter in story] == [
        "worker的姓名上报了纠纷,由区域001负责",
        "worker的姓名受理了案件",
        "worker的姓名把案件上报到区域001",
        "mediator的姓名把案件退回区域001",
    ]
    assert story[2].reason == "理由"


def test_what_the_system_did_is_told_in_the_readers_language(staff, dispute):
    from incidents.services import escalate_overdue

    escalate_overdue(now=NOW + timedelta(days=3))
    client = signed_in(staff["worker"])
    last = client.get(page_of(dispute)).context["story"][-1]
    assert last.sentence.startswith("系统把案件上报到")
    assert last.reason == "超过受理时限"
    english = client.get(page_of(dispute), headers={"accept-language": "en"}).context["story"][-1]
    assert english.reason == "not accepted in time"


def test_words_of_a_reporter_are_shown_as_words(staff):
    hostile = '<script>alert(1)</script>"\'&'
    dispute = make_dispute(staff["worker"], title=hostile, description=hostile, address=hostile)
    page = signed_in(staff["worker"]).get(page_of(dispute)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_dispute_of_two_places_names_both(staff):
    from tests.factories.territory import make_address

    make_address("江南大道 1 号", UNITS[1])
    dispute = make_dispute(staff["worker"], address="江南大道1号")
    answer = signed_in(staff["mediator"]).get(page_of(dispute))
    assert answer.context["address_parts"]
    assert answer.context["dispute"].level == "community"


def test_every_state_has_a_page(staff, dispute):
    """Each state is reached by the services, and its page answers to all who may see it."""
    ways = {
        State.VERIFIED: [Action.VERIFY],
        State.MEDIATING: [Action.ACCEPT, Action.BEGIN_MEDIATION],
        State.AGREED: [Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT],
        State.FAILED: [Action.ACCEPT, Action.BEGIN_MEDIATION, Action.FAIL],
        State.SUSPENDED: [Action.SUSPEND],
        State.TRANSFERRED: [Action.TRANSFER],
        State.VOID: [Action.VOID],
        State.CLOSED: [Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT, Action.CLOSE],
    }
    for state, actions in ways.items():
        reached = act(staff["worker"], make_dispute(staff["worker"]), *actions)
        assert Dispute.objects.get(pk=reached.pk).state == state
        assert signed_in(staff["worker"]).get(page_of(reached)).status_code == 200
