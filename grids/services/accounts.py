"""Accounts: the first administrator, and what a program signs in with."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from rest_framework.authtoken.models import Token

from grids.hierarchy import Level
from grids.models import Area, Duty, User
from grids.roles import Role


def make_administrator(*, username: str, name: str, password: str) -> User:
    """An account with an administrator's duty on the district, which is made where it is missing.

    Raises:
        ValidationError: the user name is taken or not allowed, or the password is weak. Nothing is made.
    """
    user = User(username=username, name=name, is_staff=True, is_superuser=True)
    user.full_clean(exclude=["password"])
    validate_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.save()
        district, _ = Area.objects.get_or_create(
            code=settings.GRIDGOV_DISTRICT_CODE, defaults={"level": Level.DISTRICT}
        )
        Duty.objects.create(user=user, role=Role.ADMINISTRATOR, area=district)
    return user


def issue_token(*, user: User) -> str:
    """The API token of `user`, made at the first call: all of a user's programs share it."""
    token, _ = Token.objects.get_or_create(user=user)
    return token.key
