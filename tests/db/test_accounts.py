"""Accounts made and tokens given by services, without a command or a page."""

import pytest
from django.core.exceptions import ValidationError

from grids.models import Duty, User
from grids.services import issue_token, make_administrator

pytestmark = pytest.mark.django_db
BOSS = {"username": "boss", "name": "主任", "password": "correct horse battery"}


def test_all_programs_of_a_person_share_a_token_and_nobody_else_has_it():
    chen, li = (User.objects.create_user(name, "a long pass-phrase 7", name=name) for name in ("chen", "li"))

    assert issue_token(user=chen) == issue_token(user=chen) != issue_token(user=li)


def test_an_administrator_has_a_duty_on_the_district():
    boss = make_administrator(**BOSS)

    assert Duty.objects.get(user=boss).area.code == "440105"
    assert boss.is_staff


def test_a_user_name_that_is_taken_is_refused_and_the_account_left_as_it_is():
    before = make_administrator(**BOSS)

    with pytest.raises(ValidationError):
        make_administrator(**BOSS | {"password": "another long pass-phrase"})

    assert User.objects.get().password == before.password
