"""The page on which a party sees how their own case stands, without an account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Rating
from incidents.report import ReportedParty
from incidents.services.party_codes import give_party_code, revoke_party_code
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db
END = (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE)


@pytest.fixture
def worker():
    make_territory()
    return make_staff()["worker"]


@pytest.fixture
def dispute(worker):
    now = timezone.now() - timedelta(days=2)
    parties = (ReportedParty("林秀英", "13900000000", "申请人"),)
    return make_dispute(worker, now=now, occurred_at=now, address="新港西路135号", parties=parties)


@pytest.fixture
def code(worker, dispute) -> str:
    return give_party_code(user=worker, dispute_id=dispute.pk)[1]


def entered(code: str, client: Client | None = None):
    client = client or Client()
    return client, client.post("/case", {"code": code}, follow=True)


def test_the_code_leads_to_the_state_of_the_case_and_is_in_no_address(dispute, code):
    client, answer = entered(code)
    assert answer.redirect_chain == [("/case", 302)]
    shown = answer.content.decode()
    assert dispute.case_number in shown
    assert "已登记,等待受理" in shown
    assert f"自 {timezone.localtime(dispute.reported_at):%Y-%m-%d} 起" in shown
    assert "区域001(网格)" in shown
    assert code not in shown
    cookie = client.cookies["gridgov_case"]
    assert code.replace("-", "") not in cookie.value.replace("-", "")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/case")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("actions", [(), END])
def test_nothing_else_of_the_case_is_told(worker, dispute, code, actions, language):
    act(worker, dispute, *actions, now=timezone.now(), reason="双方同意赔偿五百元")
    client = Client()
    client.cookies["django_language"] = language
    _, answer = entered(code, client)
    shown = answer.content.decode()
    assert dispute.case_number in shown
    for secret in (
        dispute.title, dispute.description, "0201", "邻里", "Neighbour", "林秀英", "13900000000", "申请人",
        "新港西路", "赔偿", worker.name, worker.username, str(dispute.pk), UNITS[0], "113.3", "23.1",
    ):  # fmt: skip
        assert secret not in shown
    assert "dispute" not in [name for context in answer.context for name in context.flatten()]


def test_wrong_and_revoked_codes_get_the_same_answer(worker, dispute, code):
    given, other = give_party_code(user=worker, dispute_id=dispute.pk)
    revoke_party_code(user=worker, dispute_id=dispute.pk, code_id=given.pk)
    answers = []
    for typed in (other, "2345-6789-ABCD", "x"):
        answer = Client().post("/case", {"code": typed})
        assert answer.status_code == 400
        body = answer.content.decode()
        answers.append(body[body.index('id="code-error"') :].partition("</form>")[0])
        assert "gridgov_case" not in answer.cookies
    assert len(set(answers)) == 1
    assert "不正确或已停用" in answers[0]


def test_a_code_revoked_meanwhile_shows_nothing_more(worker, dispute, code):
    client, _ = entered(code)
    revoke_party_code(user=worker, dispute_id=dispute.pk, code_id=dispute.party_codes.get().pk)
    assert dispute.case_number not in client.get("/case").content.decode()


def test_a_forged_cookie_shows_nothing(dispute, code):
    client = Client()
    client.cookies["gridgov_case"] = f"{dispute.party_codes.get().pk}:1xxxxx:abcdef"
    assert dispute.case_number not in client.get("/case").content.decode()


def test_too_many_tries_from_one_address_are_refused_even_a_right_one(settings, dispute, code):
    settings.GRIDGOV_CASE_CODE_TRIES = 3
    for _ in range(3):
        assert Client().post("/case", {"code": "x"}).status_code == 400
    answer = Client().post("/case", {"code": code})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "gridgov_case" not in answer.cookies
    assert Client(REMOTE_ADDR="192.0.2.9").post("/case", {"code": code}).status_code == 302


def test_an_ended_case_is_rated_once(worker, dispute, code):
    client, answer = entered(code)
    assert "很满意" not in answer.content.decode()
    assert client.post("/case/rate", {"stars": "5"}).status_code == 409
    assert not Rating.objects.exists()
    act(worker, dispute, *END, now=timezone.now())
    assert "很满意" in client.get("/case").content.decode()
    assert client.post("/case/rate", {"stars": "9"}).status_code == 400
    assert "您评了 4 分" in client.post("/case/rate", {"stars": "4"}, follow=True).content.decode()
    assert client.post("/case/rate", {"stars": "1"}).status_code == 409
    assert list(dispute.ratings.values_list("stars", flat=True)) == [4]
    assert "很满意" not in client.get("/case").content.decode()


def test_without_a_code_nothing_is_rated():
    assert Client().post("/case/rate", {"stars": "5"}).url == "/case"
    assert not Rating.objects.exists()


def test_leaving_forgets_the_case_on_this_device(dispute, code):
    client, _ = entered(code)
    client.post("/case/leave")
    assert dispute.case_number not in client.get("/case").content.decode()


def test_the_page_is_kept_by_no_cache_and_can_be_read_in_english(code):
    client, answer = entered(code)
    assert "no-store" in answer["Cache-Control"]
    client.post("/i18n/setlang/", {"language": "en", "next": "/case"})
    shown = client.get("/case").content.decode()
    assert "Registered, waiting to be taken on" in shown


def test_the_sign_in_page_leads_there():
    assert 'href="/case"' in Client().get("/sign-in").content.decode()


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined", "utf-16"])
def test_a_form_in_an_odd_encoding_is_refused(charset):
    form = '--b\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--b--\r\n'
    content_type = f"multipart/form-data; boundary=b; charset={charset}"
    answer = Client().generic("POST", "/case", form, content_type)
    assert answer.status_code == 400
    assert "请求有误" in answer.content.decode()


def test_what_cannot_be_seen_in_a_code_does_no_harm(dispute, code):
    typed = "\u200b".join(code.replace("-", "\u2212"))
    assert Client().post("/case", {"code": typed}).status_code == 302
