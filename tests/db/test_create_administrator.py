import io
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from grids.models import Duty, User
from grids.roles import Role

pytestmark = pytest.mark.django_db


@contextmanager
def standard_input(monkeypatch, text):
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(text))
        yield


def test_makes_a_person_who_may_enter_the_back_office(client, monkeypatch):
    with standard_input(monkeypatch, "correct horse battery\n"):
        call_command("create_administrator", "boss", "--password-stdin", stdout=io.StringIO())
    user = User.objects.get(username="boss")
    assert user.check_password("correct horse battery")
    assert Duty.objects.get(user=user).role == Role.ADMINISTRATOR
    client.force_login(user)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"), [("boss", "short"), ("boss", "1234567890"), ("bo ss", "a" * 12)]
)
def test_refuses_a_weak_password_or_a_bad_name_and_makes_nothing(monkeypatch, username, password):
    with standard_input(monkeypatch, password), pytest.raises(CommandError) as refused:
        call_command("create_administrator", username, "--password-stdin")
    assert refused.value.returncode == 2
    assert not User.objects.exists()


def test_an_ended_duty_closes_the_back_office(client, monkeypatch):
    with standard_input(monkeypatch, "correct horse battery"):
        call_command("create_administrator", "boss", "--password-stdin", stdout=io.StringIO())
    user = User.objects.get()
    user.duties.update(valid_from="2020-01-01", valid_to="2020-02-01")
    client.force_login(user)
    assert client.get("/admin/").status_code == 302
