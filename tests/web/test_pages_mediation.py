"""The page of the legal loop."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.roles import Role
from incidents.models import Agreement, MediationRecord, PartyAccess, PartyCode
from incidents.report import ReportedParty
from incidents.services.agreements import InstalmentGiven, record_agreement
from incidents.services.party_codes import give_party_code, rate_case
from incidents.services.visits import record_visit
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.legal import agreed, ask_court, mediated
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db
TERMS, SUMMARY, NAME, NOTE = "乙方分三次付给甲方修缮费。", "愿意分期赔偿", "陈某", "电话说还没凑够"


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def worker(staff):
    return staff["worker"]


@pytest.fixture
def dispute(worker):
    parties = (ReportedParty("林某", "13900000000", "申请人"),)
    now = timezone.now() - timedelta(days=40)
    return make_dispute(worker, now=now, occurred_at=now, parties=parties)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client, dispute) -> str:
    return client.get(reverse("dispute_mediation", args=[dispute.pk])).content.decode()


def post(client, dispute, name, **given):
    return client.post(reverse(f"dispute_mediation_{name}", args=[dispute.pk]), given)


def version(dispute) -> int:
    dispute.refresh_from_db()
    return dispute.version


def agree(worker, dispute, days_ago: int, **changes) -> Agreement:
    day = timezone.localdate() - timedelta(days=days_ago)
    mediated(worker, dispute, now=timezone.now() - timedelta(days=days_ago))
    given = {"form": "written", "reached_on": day, "terms": TERMS, "now": timezone.now()} | changes
    return record_agreement(user=worker, dispute_id=dispute.pk, **given)


def record_fields(**changes) -> dict:
    held = timezone.localtime() - timedelta(hours=1)
    given = {
        "record-held_at": f"{held:%Y-%m-%dT%H:%M}",
        "record-place": "社区调解室",
        "record-attendees": "林某(申请人)\n陈某(被申请人)",
        "record-summary": SUMMARY,
        "record-begin": "on",
    }
    return given | changes


def agreement_fields(**changes) -> dict:
    given = {
        "agreement-form": "written",
        "agreement-reached_on": str(timezone.localdate()),
        "agreement-terms": TERMS,
        "instalments-TOTAL_FORMS": "3",
        "instalments-INITIAL_FORMS": "0",
        "instalments-0-what": "首期款",
        "instalments-0-amount_yuan": "500",
        "instalments-0-due_on": str(timezone.localdate() + timedelta(days=7)),
    }
    return given | changes


def test_the_loop_is_gone_through_with_forms(worker, dispute):
    client, today = signed_in(worker), str(timezone.localdate())
    act(worker, dispute, A.ACCEPT, now=timezone.now())

    def send(name, **given):
        answer = post(client, dispute, name, version=version(dispute), **given)
        assert answer.status_code == 302, answer.content.decode()
        dispute.refresh_from_db()
        return dispute.state

    assert send("record", **record_fields()) == "mediating"
    assert send("agreement", **agreement_fields()) == "agreed"
    assert (
        send("apply", **{"apply-court": "海珠区人民法院", "apply-applied_on": today})
        == "confirmation_pending"
    )
    decided = {"decide-outcome": "confirmed", "decide-decided_on": today}
    assert send("decide", **decided) == "confirmed"
    paid = {"payment-number": "1", "payment-done_on": today}
    assert send("payment", **paid) == "confirmed"
    visited = {"visit-visited_on": today, "visit-method": "phone", "visit-result": "broken"}
    assert send("visit", **visited) == "follow_up"
    broken = {"breach-broken_on": today, "breach-breach": "又漏水", "breach-advice": "enforcement"}
    assert send("breach", **broken) == "failed"
    agreement = Agreement.objects.get()
    assert [(row.what, row.amount_yuan) for row in agreement.instalments.all()] == [("首期款", 500)]


@pytest.mark.parametrize(
    ("prepare", "title"),
    [
        ((), "先受理案件"),
        ((A.ACCEPT,), "登记一次调解"),
        ((A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL), "可以再次调解"),
        ((A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT), "补登协议内容"),
        ((A.ACCEPT, A.SUSPEND), "案件已挂起"),
        ((A.VOID,), "没有要做的事"),
    ],
)
def test_one_next_step_stands_on_top(worker, prepare, title):
    dispute = make_dispute(worker, now=timezone.now())
    act(worker, dispute, *prepare, now=timezone.now())
    answer = signed_in(worker).get(reverse("dispute_mediation", args=[dispute.pk]))
    assert str(answer.context["step_title"]) == title
    assert title in answer.content.decode()


def test_texts_and_names_are_shown_to_nobody_before_they_are_opened(staff, dispute):
    worker = staff["worker"]
    agree(
        worker, dispute, 3, facts="厨房渗水", instalments=[InstalmentGiven("付首期款", timezone.localdate())]
    )
    record_visit(
        user=worker, dispute_id=dispute.pk, visited_on=timezone.localdate(), method="phone", result="partly",
        note=NOTE,
    )  # fmt: skip
    secrets = (TERMS, "厨房渗水", SUMMARY, NAME, "林某", NOTE, "社区调解室", "付首期款")
    for name in ("worker", "mediator", "street", "district"):
        shown = page(signed_in(staff[name]), dispute)
        assert [text for text in secrets if text in shown] == []
        assert "第 1 次调解" in shown
        assert "部分履行" in shown
    assert "查阅内容(会记录)" in page(signed_in(worker), dispute)
    assert "查阅内容(会记录)" not in page(signed_in(staff["street"]), dispute)


def test_opening_is_recorded_once_and_shows_everything_to_who_answers_for_the_case(staff, dispute):
    worker = staff["worker"]
    agree(worker, dispute, 3)
    client = signed_in(worker)
    for _ in range(3):
        assert post(client, dispute, "open").status_code == 302
        shown = page(client, dispute)
        assert TERMS in shown
        assert NAME in shown
    assert PartyAccess.objects.filter(user=worker, dispute=dispute).count() == 1
    assert post(signed_in(staff["street"]), dispute, "open").status_code == 403
    assert TERMS not in page(signed_in(staff["street"]), dispute)


def test_an_error_keeps_what_was_typed_and_stands_beside_its_field(worker, dispute):
    act(worker, dispute, A.ACCEPT, now=timezone.now())
    future = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    answer = post(
        signed_in(worker),
        dispute,
        "record",
        version=version(dispute),
        **record_fields(**{"record-held_at": future}),
    )
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert SUMMARY in shown
    assert "调解时间不能晚于现在" in answer.context["forms"]["record"].errors["held_at"][0]
    assert 'id="id_record-held_at_error"' in shown
    assert not MediationRecord.objects.exists()


def test_an_instalments_error_stands_in_its_row_and_the_rows_are_kept(worker, dispute):
    mediated(worker, dispute, now=timezone.now())
    past = str(timezone.localdate() - timedelta(days=2))
    rows = {"instalments-2-what": "尾款", "instalments-2-due_on": past}
    answer = post(
        signed_in(worker), dispute, "agreement", version=version(dispute), **agreement_fields(**rows)
    )
    form = answer.context["forms"]["agreement"]
    assert answer.status_code == 400
    assert [sorted(row.errors) for row in form.rows] == [[], [], ["due_on"]]
    assert "尾款" in answer.content.decode()
    assert TERMS in answer.content.decode()
    assert not Agreement.objects.exists()


def test_the_second_of_two_reads_what_the_first_did_and_keeps_their_words(worker, dispute):
    act(worker, dispute, A.ACCEPT, now=timezone.now())
    seen = version(dispute)
    colleague = make_user("colleague", Role.GRID_WORKER, UNITS[0])
    post(signed_in(colleague), dispute, "record", version=seen, **record_fields())
    answer = post(
        signed_in(worker), dispute, "record", version=seen, **record_fields(**{"record-place": "我家"})
    )
    assert answer.status_code == 409
    assert "colleague的姓名登记了调解笔录" in answer.content.decode()
    assert "我家" in answer.content.decode()
    assert MediationRecord.objects.count() == 1


def test_what_was_typed_is_not_lost_when_the_case_went_up_meanwhile(worker, dispute):
    act(worker, dispute, A.ACCEPT, A.ESCALATE, now=timezone.now())
    answer = post(signed_in(worker), dispute, "record", **record_fields())
    assert answer.status_code == 403
    assert SUMMARY in answer.content.decode()
    assert not MediationRecord.objects.exists()


@pytest.mark.parametrize(
    ("days_ago", "words"), [(0, "还剩 <strong>30</strong> 天"), (30, "今天是最后一天"), (31, "届满")]
)
def test_the_window_says_how_long_it_is_open(worker, dispute, days_ago, words):
    agree(worker, dispute, days_ago)
    answer = signed_in(worker).get(reverse("dispute_mediation", args=[dispute.pk]))
    assert words in answer.content.decode()
    assert ("apply" in answer.context["forms"]) == (days_ago <= 30)
    assert ("通常需要的材料" in answer.content.decode()) == (days_ago <= 30)


def test_a_late_application_is_refused_with_its_reason(worker, dispute):
    agree(worker, dispute, 31)
    given = {"apply-court": "海珠区人民法院", "apply-applied_on": str(timezone.localdate())}
    answer = post(signed_in(worker), dispute, "apply", version=version(dispute), **given)
    assert answer.status_code == 409
    assert "届满" in answer.context["refusal"].sentence


def test_an_oral_agreement_offers_no_application(worker, dispute):
    agree(worker, dispute, 0, form="oral")
    answer = signed_in(worker).get(reverse("dispute_mediation", args=[dispute.pk]))
    assert "apply" not in answer.context["forms"]
    assert "口头协议不能申请司法确认" in answer.content.decode()


def test_overdue_instalments_are_marked(worker, dispute):
    today = timezone.localdate()
    due = [InstalmentGiven("一", today - timedelta(days=3)), InstalmentGiven("二", today)]
    agree(worker, dispute, 10, instalments=[*due, InstalmentGiven("三", today + timedelta(days=9))])
    shown = page(signed_in(worker), dispute)
    assert "逾期 3 天" in shown
    assert "今天到期" in shown
    assert "未到期" in shown


def test_a_code_is_shown_once_and_a_reload_makes_no_other(worker, dispute):
    client, seen = signed_in(worker), version(dispute)
    answer = post(client, dispute, "code", version=seen)
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert "http://testserver/case" in answer.content.decode()
    assert post(client, dispute, "code", version=seen).status_code == 409
    assert PartyCode.objects.count() == 1
    assert code not in page(client, dispute)


def test_beside_a_code_it_is_not_said_how_many_stars_it_gave(worker, dispute):
    act(worker, dispute, A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE, now=timezone.now())
    code, _ = give_party_code(user=worker, dispute_id=dispute.pk)
    rate_case(code_id=code.pk, stars=2)
    shown = page(signed_in(worker), dispute)
    assert "已评价" in shown
    assert "2 星" not in shown


def test_the_overview_leads_to_the_form_that_asks_the_court(worker, dispute):
    agreed(worker, dispute, now=timezone.now(), reached_on=timezone.localdate(), instalments=())
    overview = signed_in(worker).get(reverse("dispute", args=[dispute.pk])).content.decode()
    assert reverse("dispute_action", args=[dispute.pk, "apply_confirmation"]) not in overview
    assert reverse("dispute_action", args=[dispute.pk, "follow_up"]) in overview
    assert "去登记" in overview


def test_what_the_court_did_not_confirm_can_be_changed_on_the_page(worker, dispute):
    client, today = signed_in(worker), timezone.localdate()
    agreed(worker, dispute, now=timezone.now(), reached_on=today, instalments=())
    assert "agreement-form" not in page(client, dispute)
    ask_court(user=worker, dispute_id=dispute.pk, now=timezone.now())
    act(worker, dispute, A.REFUSE_CONFIRMATION, now=timezone.now())
    shown = page(client, dispute)
    assert "法院没有确认原协议" in shown
    assert "record-form" in shown
    answer = post(client, dispute, "agreement", version=version(dispute), **agreement_fields())
    assert answer.status_code == 302, answer.content.decode()
    assert "已由后来的协议代替" in page(client, dispute)


def test_a_code_is_revoked(worker, dispute):
    client = signed_in(worker)
    post(client, dispute, "code", version=version(dispute))
    code = PartyCode.objects.get()
    assert post(client, dispute, "revoke", version=version(dispute), code=code.pk).status_code == 302
    code.refresh_from_db()
    assert code.revoked_at
    assert post(client, dispute, "revoke", version=version(dispute), code="x").status_code == 400
