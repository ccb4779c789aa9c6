"""What is done to a dispute without moving it, under /api/v1/."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.fields import TextField, WholeNumberField
from incidents.api.outputs import DisputeSerializer
from incidents.api.problems import problems
from incidents.codes import RISKS
from incidents.permissions import CaseDuties
from incidents.services.actions import REASON_LENGTH
from incidents.services.measures_by_name import TAKEN, take_measure
from incidents.services.measures_taken import BY_RULE

MEASURE_PARAMETER = OpenApiParameter(
    "measure", str, OpenApiParameter.PATH, enum=[measure.value for measure in TAKEN]
)


class MeasureSerializer(serializers.Serializer):
    """What a measure may need, and the version of the dispute that the user looked at."""

    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True)
    days = WholeNumberField(required=False, min_value=1, max_value=366, help_text="working days")
    until = serializers.DateField(required=False, help_text="2026-03-31")
    risk = TextField(
        max_length=10, required=False, help_text=f"{', '.join(RISKS)}, or {BY_RULE} for the rule's again"
    )
    version = WholeNumberField(required=False, allow_null=True, min_value=1)


class MeasureView(APIView):
    @extend_schema(
        operation_id="disputes_measure",
        parameters=[MEASURE_PARAMETER],
        request=MeasureSerializer,
        responses={200: DisputeSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, dispute_id: UUID, measure: str) -> Response:
        """Press, extend or judge a case: extension, running on, supervision, urging, the risk's colour."""
        given = MeasureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        words = dict(given.validated_data)
        version = words.pop("version", None)
        dispute = take_measure(
            user=request.user,
            dispute_id=dispute_id,
            measure=measure,
            given={name: str(value) for name, value in words.items()},
            expected_version=version,
        )
        context = {"duties": CaseDuties.of(request.user), "now": timezone.now()}
        return Response(DisputeSerializer(dispute, context=context).data)
