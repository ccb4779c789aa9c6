"""Signing in from a page that stays open: the session ended, or there was no network at first."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gridgov.accounts import CredentialsSerializer
from gridgov.http_errors import problem, problem_document
from incidents.api.problems import problems
from incidents.services.phone_keys import phone_key_of
from incidents.worker_cookie import remember_worker

OWN_PAGES = ("same-origin", "none")


class SessionSerializer(serializers.Serializer):
    worker = serializers.UUIDField()


class SessionView(APIView):
    """A session, as at the sign-in page. Wrong passwords are counted together with those of the page.

    No form of ours was loaded before, so there is no CSRF token to ask for. Instead a browser must say that
    our own page asks: else another site could sign people in as somebody else, and read what they report.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        # Without it REST framework answers 403 to a wrong password.
        return "Session"

    @extend_schema(
        operation_id="session",
        request=CredentialsSerializer,
        responses={200: SessionSerializer, **problems(400, 403, 413, 415, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        if not _asked_by_own_page(request._request):
            return _foreign_page()
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        # The plain request, because the lock-out is noted on it.
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            raise AuthenticationFailed
        login(request._request, user)
        response = Response({"worker": str(phone_key_of(user).worker)}, headers={"Cache-Control": "no-store"})
        remember_worker(response, user)
        return response


def _asked_by_own_page(request: HttpRequest) -> bool:
    """Whether the request came from our own page, or from a program, which says neither of these."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_PAGES:
        return False
    return "Origin" not in request.headers or CsrfViewMiddleware(_foreign_page)._origin_verified(request)


def _foreign_page(*_: object) -> HttpResponse:
    return problem_document(
        problem(
            403,
            "foreign_origin",
            "请在本系统的页面上登录。",
            "Sign in on this system's own page.",
        )
    )
