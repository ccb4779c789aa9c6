"""Signing in by page, by session and by token, and what many wrong passwords lead to."""

import pytest
from django.test import Client
from django.urls import reverse

from grids.models import Duty, User
from grids.roles import Role
from incidents.services.phone_keys import phone_key_of
from incidents.worker_cookie import WORKER_COOKIE
from tests.factories.territory import DISTRICT, make_territory

PASSWORD = "a long pass-phrase 7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return User.objects.create_user("chen", PASSWORD, name="陈")


def sign_in(client, password, username="chen", **extra):
    return client.post(reverse("sign_in"), {"username": username, "password": password}, **extra)


def token(client, password, username="chen"):
    return client.post(
        reverse("api_token"), {"username": username, "password": password}, content_type="application/json"
    )


def session(client, password, username="chen", **extra):
    said = {"username": username, "password": password}
    return client.post(reverse("api_session"), said, content_type="application/json", **extra)


def test_a_right_password_leads_home_and_a_wrong_one_says_so(client, worker):
    wrong = sign_in(client, "not it")
    assert wrong.status_code == 200
    assert wrong.context["form"].errors
    right = sign_in(client, PASSWORD)
    assert right.status_code == 302
    assert right.url == reverse("home")


def test_a_switched_off_account_cannot_sign_in(client, worker):
    User.objects.filter(pk=worker.pk).update(is_active=False)
    assert sign_in(client, PASSWORD).status_code == 200
    assert token(client, PASSWORD).status_code == 401


def test_the_token_signs_in_to_the_api(client, worker):
    answer = token(client, PASSWORD)
    assert answer.status_code == 200
    headers = {"authorization": f"Token {answer.json()['token']}"}
    assert Client().get("/api/v1/schema", headers=headers).status_code == 200
    assert Client().get("/api/v1/schema").status_code == 401


def test_a_new_password_ends_the_token_and_another_change_does_not(client, worker):
    headers = {"authorization": f"Token {token(client, PASSWORD).json()['token']}"}
    worker.name = "陈大"
    worker.save()
    assert Client().get("/api/v1/schema", headers=headers).status_code == 200
    worker.set_password("another pass-phrase 8")
    worker.save()
    assert Client().get("/api/v1/schema", headers=headers).status_code == 401


def test_a_wrong_password_for_a_token_is_a_problem_document(client, worker):
    answer = token(client, "not it")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("attempt", [sign_in, token, session])
def test_after_five_wrong_passwords_the_right_one_is_refused_too(client, worker, attempt):
    for _ in range(4):
        assert attempt(client, "not it").status_code in (200, 401)
    assert attempt(client, "not it").status_code == 429
    locked = attempt(client, PASSWORD)
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) == 15 * 60


def test_a_lock_out_at_one_address_does_not_lock_the_worker_out_elsewhere(client, worker):
    for _ in range(6):
        sign_in(client, "not it", REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_client_cannot_escape_the_lock_out_by_claiming_another_address(client, worker, settings):
    settings.GRIDGOV_PROXY_COUNT = 1
    statuses = [
        sign_in(client, "not it", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 192.0.2.1").status_code
        for n in range(6)
    ]
    assert statuses[-1] == 429


@pytest.mark.parametrize("way_in", [sign_in, session])
def test_whoever_signs_in_is_remembered_on_the_phone_until_they_sign_out(client, worker, way_in):
    way_in(client, PASSWORD)
    cookie = client.cookies[WORKER_COOKIE]
    assert cookie.value == str(phone_key_of(worker).worker)
    # Scripts read it, and it lasts longer than the session.
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", "")
    assert cookie["max-age"] > client.cookies["sessionid"]["max-age"]
    client.post(reverse("sign_out"))
    assert client.cookies[WORKER_COOKIE].value == ""


@pytest.mark.parametrize("secure", [True, False])
def test_the_phones_cookie_is_secure_where_the_sessions_is(client, worker, settings, secure):
    settings.SESSION_COOKIE_SECURE = secure
    session(client, PASSWORD)
    assert bool(client.cookies[WORKER_COOKIE]["secure"]) is secure


def test_another_person_on_the_same_phone_is_remembered_instead(client, worker):
    other = User.objects.create_user("lin", PASSWORD, name="林")
    sign_in(client, PASSWORD)
    session(client, PASSWORD, "lin")
    assert client.cookies[WORKER_COOKIE].value == str(phone_key_of(other).worker)


def test_the_back_offices_own_door_remembers_and_forgets_alike(client):
    make_territory()
    boss = User.objects.create_superuser("boss", PASSWORD, name="主任")
    Duty.objects.create(user=boss, role=Role.ADMINISTRATOR, area_id=DISTRICT)
    client.post("/admin/login/", {"username": "boss", "password": PASSWORD})
    assert client.cookies[WORKER_COOKIE].value
    client.post("/admin/logout/")
    assert client.cookies[WORKER_COOKIE].value == ""


def test_a_session_is_given_without_a_form_and_its_answer_says_whose_it_is(worker):
    client = Client(enforce_csrf_checks=True)
    answer = session(client, PASSWORD)
    assert answer.json() == {"worker": str(phone_key_of(worker).worker)}
    assert answer["Cache-Control"] == "no-store"
    assert client.cookies["csrftoken"].value
    assert client.get(reverse("home")).status_code == 200


def test_a_wrong_password_for_a_session_is_a_problem_document(client, worker):
    answer = session(client, "not it")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "header",
    [{"origin": "https://example.org"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_sites_page_cannot_sign_anybody_in(client, worker, header):
    answer = session(client, PASSWORD, headers=header)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert not client.cookies


def test_our_own_page_may_ask_for_a_session(client, worker):
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert session(client, PASSWORD, headers=own).status_code == 200


def test_a_form_of_another_site_is_no_way_to_a_session(client, worker):
    answer = client.post(reverse("api_session"), {"username": "chen", "password": PASSWORD})
    assert answer.status_code == 415


def test_a_session_is_not_asked_for_with_more_than_a_name_and_a_password(client, worker):
    assert session(client, "x" * 129).status_code == 400
    assert session(client, "x" * 2_000_000).status_code == 413


def test_signing_out_ends_the_session(client, worker):
    sign_in(client, PASSWORD)
    assert client.get(reverse("home")).status_code == 200
    assert client.post(reverse("sign_out")).url == reverse("sign_in")
    assert client.get(reverse("home")).status_code == 302


def test_signing_in_leads_only_to_our_own_pages(client, worker):
    answer = client.post(
        reverse("sign_in") + "?next=https://example.org/", {"username": "chen", "password": PASSWORD}
    )
    assert answer.url == reverse("home")


def test_an_old_form_is_told_to_reload(worker):
    answer = Client(enforce_csrf_checks=True).post(
        reverse("sign_in"), {"username": "chen", "password": PASSWORD}
    )
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_passwords_are_stored_with_argon2_outside_the_tests():
    from gridgov.settings import base

    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize("claim", ["unknown", "203.0.113.9:4711", "[2001:db8::9]:4711", "2001:db8::9%eth0"])
def test_a_proxy_that_names_no_plain_address_breaks_no_sign_in(client, worker, settings, claim):
    settings.GRIDGOV_PROXY_COUNT = 1
    assert sign_in(client, "not it", HTTP_X_FORWARDED_FOR=claim).status_code == 200
    assert sign_in(client, PASSWORD, HTTP_X_FORWARDED_FOR=claim).status_code == 302


def test_another_port_of_the_same_address_is_no_way_round_the_lock_out(client, worker, settings):
    settings.GRIDGOV_PROXY_COUNT = 1
    for port in range(4000, 4005):
        sign_in(client, "not it", HTTP_X_FORWARDED_FOR=f"203.0.113.9:{port}")
    assert sign_in(client, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.9:4999").status_code == 429
