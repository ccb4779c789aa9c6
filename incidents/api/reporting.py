"""What a phone that reports asks: is the server there, who am I to it, and what must I hold without it."""

import hashlib
import json
from base64 import b64encode

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.problems import problems
from incidents.errors import ReportNotAllowed
from incidents.permissions import may_report
from incidents.phone_reference import duty_bounds, phone_reference, worker_duties
from incidents.services.phone_keys import phone_key_of
from incidents.worker_cookie import WORKER_COOKIE, remember_worker

NOT_KEPT = {"Cache-Control": "no-store"}


class NonceSerializer(serializers.Serializer):
    nonce = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")


class ProbeSerializer(serializers.Serializer):
    gridgov = serializers.CharField(help_text="the nonce, which neither a cache nor a portal can know")
    worker = serializers.UUIDField(allow_null=True, help_text="null: nobody, or somebody who may not report")
    allowed = serializers.BooleanField(allow_null=True, help_text="null: nobody is signed in")
    now = serializers.DateTimeField(help_text="the server's clock")


class DutySerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()


class WorkerSerializer(serializers.Serializer):
    worker = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    key = serializers.CharField(help_text="base64 of 32 bytes")
    duties = DutySerializer(many=True)
    bounds = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="west, south, east, north of the duties"
    )


class ProbeView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="reporting_probe",
        parameters=[NonceSerializer],
        responses={200: ProbeSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Whether this is the server, and who is signed in. Sets the cookies that the page needs to send."""
        given = NonceSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        user = request.user
        signed_in = user.is_authenticated
        allowed = may_report(user) if signed_in else None
        worker = str(phone_key_of(user).worker) if signed_in else None
        said = {
            "gridgov": given.validated_data["nonce"],
            "worker": worker if allowed else None,
            "allowed": allowed,
            "now": timezone.now().isoformat(),
        }
        response = Response(said, headers=NOT_KEPT)
        get_token(request._request)
        if signed_in and request.COOKIES.get(WORKER_COOKIE) != worker:
            remember_worker(response, user)
        return response


class WorkerView(APIView):
    # The key is for the phone on which its owner signed in; a program with a token keeps no reports there.
    authentication_classes = (SessionAuthentication,)

    def get_authenticate_header(self, request: Request) -> str:
        # Without it REST framework answers 403 to nobody.
        return "Session"

    @extend_schema(operation_id="reporting_worker", responses={200: WorkerSerializer, **problems(403)})
    def get(self, request: Request) -> Response:
        """Who is signed in, and the key under which this phone keeps their reports."""
        user = request.user
        if not may_report(user):
            raise ReportNotAllowed
        key = phone_key_of(user)
        said = {
            "worker": str(key.worker),
            "username": user.username,
            "name": user.name,
            "key": b64encode(key.secret).decode(),
            "duties": worker_duties(user),
            "bounds": duty_bounds(user),
        }
        return Response(said, headers=NOT_KEPT)


@method_decorator(gzip_page, name="dispatch")
class ReferenceView(APIView):
    @extend_schema(
        operation_id="reporting_reference",
        responses={200: OpenApiTypes.OBJECT, 304: None, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Boundaries, addresses and known cases around one's duties, to be kept and asked for again."""
        if not may_report(request.user):
            raise ReportNotAllowed
        reference = phone_reference(request.user)
        body = json.dumps(reference, ensure_ascii=False, separators=(",", ":")).encode()
        # Of all that it says: then no change is forgotten.
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response = get_conditional_response(request._request, etag=etag)
        if response is None:
            response = HttpResponse(body, content_type="application/json")
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"  # keep it, and ask whether it still holds
        return response
