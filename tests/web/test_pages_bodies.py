"""The page of a case's bodies, and the questions that wait for advice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import CaseBody, Dispute, PartyAccess, Referral
from incidents.report import ReportedParty
from incidents.services.guidance import ask_guidance
from incidents.services.referrals import refer_out
from incidents.services.routing import choose_body
from incidents.workflow import Action, State
from tests.factories.case_bodies import ALWAYS, make_body, make_mediator
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1, UNITS, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(
        staff["worker"],
        parties=(ReportedParty("好家物业服务有限公司", "13900000000"),),
        now=timezone.now(),
        occurred_at=timezone.now(),
    )


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, dispute, query="") -> str:
    response = signed_in(user).get(reverse("dispute_bodies", args=[dispute.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def post(user, dispute, step, **given):
    return signed_in(user).post(reverse(f"dispute_bodies_{step}", args=[dispute.pk]), given)


def test_a_proposal_says_in_words_what_speaks_for_and_against_it(staff, dispute):
    make_body("PMC", name="五凤调委会", capacity=10, opening_hours=ALWAYS, categories=["02"])
    full = make_body(
        "FULL", name="已满调解室", form="post", kind="industry", capacity=1, area=STREET_1, at=None,
        opening_hours=[{"days": [1, 1], "from": "00:00", "to": "00:01"}],
    )  # fmt: skip
    CaseBody.objects.create(dispute=dispute, body=full, role="joint")
    shown = page(staff["worker"], dispute)
    for words in (
        "1. 五凤调委会", "人民调解最适合这类纠纷", "受理“邻里”类", "0 米", "0/10", "现在开放",
        "2. 已满调解室", "行业性、专业性调解一般不办这类纠纷", "已满:在办 1 件,上限 1 件", "距离不明",
        "周一 00:00-00:01", "已在本案:参与", "选为主办", "邀请参与",
    ):  # fmt: skip
        assert words in shown, words


def test_a_conflict_of_interest_is_said_without_naming_the_party(staff, dispute):
    make_body("OURS", name="物业调解站", related_organisations=["好家物业"])
    for name in ("worker", "street"):
        shown = page(staff[name], dispute)
        assert "与一方当事人有共同利益" in shown
        assert "好家" not in shown
    # Comparing names is not opening them.
    assert not PartyAccess.objects.exists()


def test_those_who_do_not_have_the_case_read_the_page_and_change_nothing(staff, dispute):
    make_body("PMC", name="五凤调委会")
    shown = page(staff["street"], dispute)
    assert "五凤调委会" in shown
    assert "选为主办" not in shown and "邀请参与" not in shown and "请示</button>" not in shown
    assert post(staff["street"], dispute, "choose", body="PMC").status_code == 403
    assert not CaseBody.objects.exists()


def test_five_are_proposed_and_the_rest_on_request(staff, dispute):
    for number in range(8):
        make_body(f"B{number}", name=f"第{number}调解室")
    assert "更多(其余 3 个)" in page(staff["worker"], dispute)
    everything = page(staff["worker"], dispute, "?all=1")
    assert "第7调解室" in everything and "更多(" not in everything


def test_a_special_channel_may_be_asked_for(staff, dispute):
    make_body("NEAR", name="近处调委会")
    make_body("TAX", name="涉税联调站", area=DISTRICT, channels=["tax"], categories=["02"])
    assert "1. 近处调委会" in page(staff["worker"], dispute)
    assert "1. 涉税联调站" in page(staff["worker"], dispute, "?channel=tax")
    assert "1. 近处调委会" in page(staff["worker"], dispute, "?channel=none")


def test_a_body_is_chosen_given_a_mediator_and_released(staff, dispute):
    make_mediator(make_body("PMC", name="五凤调委会"), "M1", name="陈调解")
    worker = staff["worker"]
    answer = post(worker, dispute, "choose", body="PMC", version="1")
    assert answer.url == reverse("dispute_bodies", args=[dispute.pk])
    assert "指定调解员" in page(worker, dispute)
    post(worker, dispute, "choose", body="PMC", mediator="M1")
    assert "调解员:陈调解" in page(worker, dispute)
    post(worker, dispute, "release", body="PMC", reason="请求回避")
    shown = page(worker, dispute)
    assert "还没有主办组织" in shown and "请求回避" in shown
    assert Dispute.objects.get().lead_body is None


def test_a_conflict_overruled_without_a_reason_asks_for_it_beside_the_body(staff, dispute):
    make_body("OURS", related_organisations=["好家物业"])
    answer = post(staff["worker"], dispute, "choose", body="OURS")
    assert answer.status_code == 400
    assert "确需选它请写明理由" in answer.content.decode()


def test_somebody_else_was_faster_and_what_was_typed_stays(staff, dispute):
    act(staff["worker"], dispute, Action.VERIFY)
    answer = post(
        staff["worker"], dispute, "refer_out", version="1", channel="court", organisation="海珠法院",
        reason="宜诉前调解",
    )  # fmt: skip
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "有了变化" in shown and "海珠法院" in shown and "宜诉前调解" in shown


def test_the_three_forces_are_offered_with_the_nearest_of_each(staff, dispute):
    make_body("FAR", name="远派出所", form="police_station", area=STREET_1, at=UNITS[3])
    make_body("NEAR", name="近派出所", form="police_station", area=STREET_1, at=UNITS[1])
    make_body("FIRM", name="某律所", form="law_firm", area=STREET_1)
    answer = signed_in(staff["worker"]).get(reverse("dispute_bodies", args=[dispute.pk]))
    assert [force.row and force.row.body.name for force in answer.context["forces"]] == [
        None, "近派出所", "某律所",
    ]  # fmt: skip
    post(staff["worker"], dispute, "call_in", body="FAR")
    answer = signed_in(staff["worker"]).get(reverse("dispute_bodies", args=[dispute.pk]))
    assert answer.context["forces"][1].row.body.name == "远派出所"


def test_a_case_is_sent_out_and_comes_back_by_the_page(staff, dispute):
    worker = staff["worker"]
    answer = post(worker, dispute, "refer_out", channel="", organisation="", reason="")
    assert answer.status_code == 400 and "请选择对接渠道。" in answer.content.decode()
    post(worker, dispute, "refer_out", channel="arbitration", organisation="区仲裁院", reason="劳动争议")
    shown = page(worker, dispute)
    assert "裁调对接" in shown and "区仲裁院" in shown and "对方的答复" in shown
    referral = Referral.objects.get()
    answer = post(
        worker, dispute, "answer_referral", referral_id=referral.pk, answer="declined", reason=""
    )
    assert answer.status_code == 400
    post(
        worker, dispute, "answer_referral", referral_id=referral.pk, answer="declined", reason="不收",
        reference="LZ-9",
    )  # fmt: skip
    assert Dispute.objects.get().state == State.REPORTED
    shown = page(worker, dispute)
    assert "不收" in shown and "对方编号 LZ-9" in shown
    stale = post(worker, dispute, "answer_referral", referral_id=referral.pk, answer="accepted")
    assert stale.status_code == 409


def test_a_referral_received_and_not_answered_shows_as_overdue(staff, dispute):
    worker = staff["worker"]
    post(worker, dispute, "receive_referral", channel="court", organisation="海珠法院", reference="7号")
    Referral.objects.update(answer_by=timezone.now() - timedelta(hours=1))
    shown = page(worker, dispute)
    assert "逾期未答复" in shown and "我们的答复" in shown and "补充来文信息" in shown
    assert "我们的答复" not in page(staff["street"], dispute)


def test_resuming_a_case_that_a_partner_considers_is_refused_with_what_to_do(staff, dispute):
    worker = staff["worker"]
    refer_out(
        user=worker, dispute_id=dispute.id, channel="court", organisation="海珠法院", reason="诉前"
    )
    shown = signed_in(worker).get(reverse("dispute", args=[dispute.pk]))
    assert [form.action.value for form in shown.context["forms"]] == ["void"]
    assert "登记对方的答复" in shown.content.decode()
    answer = signed_in(worker).post(reverse("dispute_action", args=[dispute.pk, "resume"]), {})
    assert answer.status_code == 409
    assert "请先登记答复" in answer.content.decode()


def test_guidance_is_asked_and_given_by_the_page_and_listed_until_then(staff, dispute):
    worker, mediator = staff["worker"], staff["mediator"]
    post(worker, dispute, "ask_guidance", question="能否分期履行?")
    listed = signed_in(mediator).get(reverse("guidance")).content.decode()
    assert "能否分期履行?" in listed and dispute.case_number in listed
    for name in ("worker", "street", "planner"):
        assert dispute.case_number not in signed_in(staff[name]).get(reverse("guidance")).content.decode()
    question = dispute.guidance.get()
    assert post(mediator, dispute, "give_guidance", guidance_id=question.pk, answer=" ").status_code == 400
    post(mediator, dispute, "give_guidance", guidance_id=question.pk, answer="可以,写入协议。")
    assert "可以,写入协议。" in page(worker, dispute)
    assert dispute.case_number not in signed_in(mediator).get(reverse("guidance")).content.decode()


def test_a_question_about_a_case_that_came_up_itself_is_listed_no_more(staff, dispute):
    ask_guidance(user=staff["worker"], dispute_id=dispute.id, question="怎么办?")
    act(staff["worker"], dispute, Action.ESCALATE)
    assert dispute.case_number not in signed_in(staff["mediator"]).get(reverse("guidance")).content.decode()


def test_an_ended_case_shows_who_mediated_it_and_proposes_nobody(staff, dispute):
    make_body("PMC", name="五凤调委会")
    choose_body(user=staff["worker"], dispute_id=dispute.id, body="PMC")
    act(staff["worker"], dispute, Action.VOID)
    shown = page(staff["worker"], dispute)
    assert "案件已结束,不再提出建议。" in shown and "五凤调委会" in shown
    assert "选为主办" not in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_without_any_body_says_how_to_begin(staff, dispute, language):
    client = signed_in(staff["worker"])
    client.cookies["django_language"] = language
    answer = client.get(reverse("dispute_bodies", args=[dispute.pk]))
    assert answer.context["rows"] == []


def test_the_number_of_questions_does_not_grow_with_the_network(
    staff, dispute, django_assert_max_num_queries
):
    for number in range(400):
        make_body(f"B{number}", name=f"第{number}调解室", area=(COMMUNITY_1, STREET_1, DISTRICT)[number % 3])
    choose_body(user=staff["worker"], dispute_id=dispute.id, body="B1")
    client = signed_in(staff["worker"])
    with django_assert_max_num_queries(25):
        answer = client.get(reverse("dispute_bodies", args=[dispute.pk]) + "?all=1")
    assert len(answer.context["rows"]) == 400
