"""Deadline, risk and measures on the page of a dispute, in the queue and in the API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.roles import Role
from incidents.models import Dispute
from incidents.services.measures_taken import ask_extension, override_risk, supervise
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute, report_body
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def report(staff, hours_ago=1.0, unit=UNITS[0], **changes):
    now = timezone.now() - timedelta(hours=hours_ago)
    return make_dispute(staff["worker"], unit, now=now, occurred_at=now, **changes)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user, dispute) -> str:
    return signed_in(user).get(reverse("dispute", args=[dispute.pk])).content.decode()


def offered(user, dispute) -> list[str]:
    answer = signed_in(user).get(reverse("dispute", args=[dispute.pk]))
    return [form.measure.value for form in answer.context["measure_forms"]]


def post(user, dispute, measure, **given):
    return signed_in(user).post(reverse("dispute_measure", args=[dispute.pk, measure]), given)


def test_the_deadline_is_explained_in_one_sentence(staff):
    dispute = report(staff)
    page = page_of(staff["worker"], dispute)
    arrived = timezone.localtime(dispute.level_entered_at)
    assert f"受理时限 4 个工作小时,自 {arrived:%Y-%m-%d %H:%M} 到达本级起算" in page
    act(staff["worker"], dispute, A.SUSPEND, now=timezone.now())
    assert "已挂起,期限不走" in page_of(staff["worker"], dispute)


def test_a_suspension_and_an_extension_are_part_of_the_sentence(staff):
    dispute = report(staff, hours_ago=100, scale="03")
    street, now = staff["street"], timezone.now()
    act(street, dispute, A.SUSPEND, now=now - timedelta(hours=99))
    act(street, dispute, A.RESUME, now=now - timedelta(hours=72))
    act(street, dispute, A.ACCEPT, now=now - timedelta(hours=71))
    ask_extension(user=street, dispute_id=dispute.pk, days=2, reason="x")
    assert "已申请延期 2 个工作日,等待上级决定" in page_of(street, dispute)
    assert post(staff["district"], dispute, "grant_extension").status_code == 302
    page = page_of(street, dispute)
    assert "办结时限 7 天" in page
    assert "扣除挂起 1 天 3 小时,加延期 2 个工作日" in page


def test_the_risk_shows_each_weight_and_who_changed_it(staff):
    dispute = report(staff, scale="02", injury_or_threat=True, amount_yuan=Decimal("60000"), category="0402")
    page = page_of(staff["worker"], dispute)
    for words in ("一般群体性", "有人受伤或受到威胁", "+60", "金额达到 50000 元", "60000"):
        assert words in page, words
    override_risk(user=staff["street"], dispute_id=dispute.pk, risk="yellow", reason="已和解大半")
    page = page_of(staff["street"], dispute)
    for words in ("由street的姓名调整", "已和解大半", "按规则为", "恢复规则(红色)"):
        assert words in page, words


def test_each_sees_the_measures_that_are_theirs_and_make_sense(staff):
    dispute = report(staff)
    assert offered(staff["worker"], dispute) == []
    assert offered(staff["street"], dispute) == ["supervise", "urge"]
    act(staff["worker"], dispute, A.ACCEPT, A.BEGIN_MEDIATION, now=timezone.now())
    assert offered(staff["worker"], dispute) == ["ask_extension", "agree_to_run_on"]
    ask_extension(user=staff["worker"], dispute_id=dispute.pk, days=2, reason="x")
    assert offered(staff["worker"], dispute) == ["agree_to_run_on"]
    assert post(staff["street"], dispute, "supervise", reason="x").status_code == 302
    assert post(staff["street"], dispute, "urge", reason="x").status_code == 302
    assert offered(staff["street"], dispute) == ["grant_extension", "refuse_extension", "end_supervision"]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(staff):
    dispute = report(staff)
    act(staff["worker"], dispute, A.ACCEPT, now=timezone.now())
    answer = post(staff["worker"], dispute, "ask_extension", days="99", reason="需鉴定")
    assert answer.status_code == 400
    form = next(f for f in answer.context["measure_forms"] if f.measure == "ask_extension")
    assert list(form.given.errors) == ["days"]
    page = answer.content.decode()
    assert 'value="99"' in page
    assert "需鉴定</textarea>" in page


def test_a_measure_that_is_not_theirs_is_refused_on_the_page(staff):
    dispute = report(staff)
    assert post(staff["worker"], dispute, "supervise", reason="x").status_code == 403
    assert post(staff["street"], dispute, "end_supervision", reason="x").status_code == 409
    assert post(staff["street"], dispute, "recalculate").status_code == 404
    foreign = make_user("foreign", Role.STREET_CENTRE, STREET_2)
    assert post(foreign, dispute, "urge", reason="x").status_code == 404


def test_a_measure_after_somebody_elses_step_says_what_changed(staff):
    dispute = report(staff)
    act(staff["worker"], dispute, A.ACCEPT, now=timezone.now())
    answer = post(staff["street"], dispute, "urge", reason="快", version=1)
    assert answer.status_code == 409
    assert [chapter.sentence for chapter in answer.context["changes"]] == ["worker的姓名受理了案件"]


# The queue -------------------------------------------------------------------------------------
def test_supervised_cases_are_marked_and_can_be_listed_alone(staff):
    supervised, other = report(staff, title="要督办的"), report(staff, title="别的")
    supervise(user=staff["street"], dispute_id=supervised.pk, reason="x")
    client = signed_in(staff["worker"])
    assert client.get("/queue").content.decode().count(">督办</span>") == 1
    listed = client.get("/queue?state=supervised").context["rows"]
    assert [row["dispute"] for row in listed] == [supervised]
    assert other not in [row["dispute"] for row in listed]


def test_overdue_cases_of_a_level_below_are_urged_together(staff):
    first, second = report(staff, hours_ago=90), report(staff, hours_ago=80)
    in_time = report(staff, hours_ago=0)
    client = signed_in(staff["street"])
    page = client.get("/queue?show=all&state=overdue").content.decode()
    assert page.count('name="dispute"') == 2
    cases = [str(first.pk), str(second.pk)]
    given = {"dispute": cases, "reason": "请尽快", "back": "?show=all"}
    answer = client.post("/queue/urge", given, follow=True)
    assert "已催办 2 件" in answer.content.decode()
    assert {d.pk for d in Dispute.objects.filter(events__action="urge")} == {first.pk, second.pk}
    again = client.post("/queue/urge", {"dispute": cases, "reason": "请尽快"}, follow=True)
    assert "2 件没有催办" in again.content.decode()
    assert in_time.events.filter(action="urge").count() == 0


def test_urging_together_needs_a_reason_and_cases(staff):
    dispute = report(staff, hours_ago=90)
    client = signed_in(staff["street"])
    for given in ({"dispute": [str(dispute.pk)], "reason": " "}, {"reason": "快"}, {"dispute": ["x"]}):
        answer = client.post("/queue/urge", given, follow=True)
        assert answer.status_code == 200
        assert "没有催办" in answer.content.decode()
    assert dispute.events.count() == 1


def test_those_who_have_the_case_do_not_urge_themselves(staff):
    report(staff, hours_ago=90)
    assert 'name="dispute"' not in signed_in(staff["worker"]).get("/queue").content.decode()


# The API ---------------------------------------------------------------------------------------
def test_a_program_takes_a_measure_and_reads_what_else_is_possible(staff):
    dispute = report(staff)
    client = signed_in(staff["street"])
    address = f"/api/v1/disputes/{dispute.pk}/measures/supervise"
    answer = client.post(address, {"reason": "群众反映"}, content_type="application/json")
    assert answer.status_code == 200
    body = answer.json()
    assert body["supervised_since"]
    assert "end_supervision" in body["allowed_measures"]
    assert body["extension_days"] == 0
    again = client.post(address, {"reason": "群众反映"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "supervised_already")
    unknown = client.post(address.replace("supervise", "hurry"), {}, content_type="application/json")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "measure_unknown")


def test_a_report_may_say_injury_and_money(staff):
    client = signed_in(staff["worker"])

    def send(**more):
        now = timezone.now().isoformat()
        return client.post(
            "/api/v1/disputes",
            report_body(occurred_at=now, **more),
            content_type="application/json",
            headers={"Idempotency-Key": "5f2c6f0e-98a1-4c7c-9a52-0c8e1f0b7a11"},
        )

    assert send(amount_yuan="-5").status_code == 400
    body = send(injury_or_threat=True, amount_yuan="120000.50").json()
    assert (body["injury_or_threat"], body["amount_yuan"], body["risk"]) == (True, "120000.50", "red")
