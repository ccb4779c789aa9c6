"""Signing in by page and by token, and what many wrong passwords lead to."""

import pytest
from django.test import Client
from django.urls import reverse

from grids.models import User

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


@pytest.mark.parametrize("attempt", [sign_in, token])
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
