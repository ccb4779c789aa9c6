"""The cookie that says whose phone this is.

It outlives the session: whoever is signed out goes on writing reports, and signs in again to send them.
Scripts read it. It opens nothing, and names nobody.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponseBase

from grids.models import User
from incidents.services.phone_keys import phone_key_of

WORKER_COOKIE = "gridgov_worker"
KEPT = timedelta(days=365)


def remember_worker(response: HttpResponseBase, user: User) -> None:
    """From this answer on the phone is that of `user`."""
    response.set_cookie(
        WORKER_COOKIE,
        str(phone_key_of(user).worker),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget_worker(response: HttpResponseBase) -> None:
    """From this answer on the phone is nobody's."""
    response.delete_cookie(WORKER_COOKIE, samesite="Lax")
