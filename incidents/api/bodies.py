"""Who mediates a case, under /api/v1/."""

from collections.abc import Callable
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents import network_codes as tables
from incidents.api.fields import TextField, WholeNumberField
from incidents.api.problems import problems
from incidents.errors import FilterInvalid
from incidents.models import CaseBody, Dispute
from incidents.routing_facts import candidates_for
from incidents.routing_rows import rows_of
from incidents.routing_words import worded
from incidents.services.actions import REASON_LENGTH
from incidents.services.routing import call_in_body, choose_body, release_body

CHANNEL = OpenApiParameter(
    "channel", str, enum=list(tables.CHANNELS), description="a special channel besides the category's"
)


class CountedSerializer(serializers.Serializer):
    """What counted `points`: a stable code and its sentence. Names nobody."""

    code = serializers.CharField()
    points = serializers.IntegerField()
    words = serializers.CharField()


class ProposalSerializer(serializers.Serializer):
    """A body that may take the case, best first. A `conflict` of interest stands last."""

    body = serializers.CharField(source="code")
    name = serializers.CharField(source="body.name")
    kind = serializers.ChoiceField(list(tables.KINDS), source="body.kind")
    form = serializers.ChoiceField(list(tables.FORMS), source="body.form")
    level = serializers.CharField(source="level_code")
    points = serializers.IntegerField(source="proposal.points")
    conflict = serializers.BooleanField()
    distance_m = serializers.IntegerField(source="proposal.distance_m", allow_null=True)
    open_cases = serializers.IntegerField(source="body.open_cases")
    capacity = serializers.IntegerField(source="body.capacity", allow_null=True)
    open_now = serializers.BooleanField(allow_null=True)
    reasons = serializers.SerializerMethodField()
    against = serializers.SerializerMethodField()

    @extend_schema_field(CountedSerializer(many=True))
    def get_reasons(self, row) -> list[dict]:
        return worded(row.proposal.reasons)

    @extend_schema_field(CountedSerializer(many=True))
    def get_against(self, row) -> list[dict]:
        return worded(row.proposal.against)


class CaseBodySerializer(serializers.ModelSerializer):
    """A body that takes part until `until`, null while it does."""

    body = serializers.CharField(source="body.code")
    name = serializers.CharField(source="body.name")
    mediator = serializers.CharField(source="mediator.code", default=None, allow_null=True)

    class Meta:
        model = CaseBody
        fields = ("body", "name", "mediator", "role", "since", "until")
        read_only_fields = fields


class CaseBodiesSerializer(serializers.Serializer):
    """`proposals` by the rule, none for an ended case; `bodies` that take or took part, oldest first."""

    version = serializers.IntegerField()
    proposals = ProposalSerializer(many=True)
    bodies = CaseBodySerializer(many=True)


class ReleaseBodySerializer(serializers.Serializer):
    """Code of a body, and the version of the dispute that the user looked at."""

    body = TextField(max_length=20, required=False, allow_blank=True)
    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True)
    version = WholeNumberField(required=False, allow_null=True, min_value=1)


class TakeBodySerializer(ReleaseBodySerializer):
    """Also the code of one of its mediators. A body in conflict of interest needs a reason."""

    mediator = TextField(max_length=20, required=False, allow_blank=True)


class BodiesView(APIView):
    @extend_schema(
        operation_id="disputes_bodies",
        parameters=[CHANNEL],
        responses={200: CaseBodiesSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """Bodies that the rule proposes for a dispute, and those that mediate it."""
        channel = request.query_params.get("channel", "")
        if channel and channel not in tables.CHANNELS:
            message = "没有这个特色渠道。 / There is no such channel."
            raise FilterInvalid({"channel": [{"message": message, "code": "invalid"}]})
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        return _bodies(dispute, [channel] if channel else [])


def _take(service: Callable, serializer: type, request: Request, dispute_id: UUID) -> Response:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    said = {"body": "", "reason": ""} | given.validated_data
    version = said.pop("version", None)
    service(user=request.user, dispute_id=dispute_id, expected_version=version, **said)
    return _bodies(Dispute.objects.one_visible_to(request.user, dispute_id), [])


RESPONSES = {200: CaseBodiesSerializer, **problems(400, 403, 404, 409, 413, 415, 422)}


class ChooseView(APIView):
    @extend_schema(
        operation_id="disputes_bodies_choose", request=TakeBodySerializer, responses=RESPONSES
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Put a body in charge, and a mediator of it where one is named."""
        return _take(choose_body, TakeBodySerializer, request, dispute_id)


class CallInView(APIView):
    @extend_schema(
        operation_id="disputes_bodies_call_in", request=TakeBodySerializer, responses=RESPONSES
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Call a body in to mediate jointly."""
        return _take(call_in_body, TakeBodySerializer, request, dispute_id)


class ReleaseView(APIView):
    @extend_schema(
        operation_id="disputes_bodies_release", request=ReleaseBodySerializer, responses=RESPONSES
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """End a body's part, with a reason."""
        return _take(release_body, ReleaseBodySerializer, request, dispute_id)


def _bodies(dispute: Dispute, channels: list[str]) -> Response:
    proposals = [] if dispute.ended_at else rows_of(candidates_for(dispute, channels=channels), {})
    bodies = dispute.bodies.select_related("body", "mediator")
    shown = {"version": dispute.version, "proposals": proposals, "bodies": bodies}
    return Response(CaseBodiesSerializer(shown).data)
