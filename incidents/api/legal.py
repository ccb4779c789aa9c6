"""The legal loop under /api/v1/: what other programs write into it. The texts are not read here."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.fields import CodeField, MomentField, TextField, WholeNumberField
from incidents.api.outputs import DisputeSerializer
from incidents.api.problems import problems
from incidents.errors import ActionNotYours
from incidents.models import Agreement, Dispute
from incidents.models.legal import TEXT
from incidents.permissions import CaseDuties
from incidents.services.actions import area_facts
from incidents.services.agreements import MOST_INSTALMENTS, WHAT_LENGTH, InstalmentGiven, record_agreement
from incidents.services.confirmations import (
    COURT_LENGTH,
    OUTCOMES,
    REASON_LENGTH,
    REFERENCE_LENGTH,
    apply_confirmation,
    decide_confirmation,
)
from incidents.services.mediation_records import ATTENDEES_LENGTH, PLACE_LENGTH, record_mediation
from incidents.services.visits import METHODS, NOTE_LENGTH, RESULTS, record_visit

PROBLEMS = problems(400, 403, 404, 409, 413, 415, 422)


class LegalSerializer(serializers.Serializer):
    version = WholeNumberField(required=False, allow_null=True, min_value=1, help_text="what was looked at")


class MediationRecordSerializer(LegalSerializer):
    held_at = MomentField(help_text="Without an offset: Asia/Shanghai")
    place = TextField(max_length=PLACE_LENGTH)
    attendees = TextField(max_length=ATTENDEES_LENGTH, help_text="one name to a line")
    summary = TextField(max_length=TEXT)
    body = TextField(max_length=20, required=False, help_text="code of the mediation body")
    begin = serializers.BooleanField(required=False, help_text="begin the mediation first")


class InstalmentSerializer(serializers.Serializer):
    what = TextField(max_length=WHAT_LENGTH)
    due_on = serializers.DateField()
    amount_yuan = serializers.DecimalField(14, 2, required=False, allow_null=True)


class AgreementSerializer(LegalSerializer):
    form = CodeField([Agreement.ORAL, Agreement.WRITTEN])
    reached_on = serializers.DateField()
    effective_on = serializers.DateField(required=False, allow_null=True)
    facts = TextField(max_length=TEXT, required=False, allow_blank=True)
    terms = TextField(max_length=TEXT)
    instalments = InstalmentSerializer(many=True, required=False, max_length=MOST_INSTALMENTS)


class ConfirmationSerializer(LegalSerializer):
    court = TextField(max_length=COURT_LENGTH)
    applied_on = serializers.DateField()
    reference = TextField(max_length=REFERENCE_LENGTH, required=False, allow_blank=True)


class OutcomeSerializer(LegalSerializer):
    outcome = CodeField(list(OUTCOMES))
    decided_on = serializers.DateField()
    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True)
    reference = TextField(max_length=REFERENCE_LENGTH, required=False, allow_blank=True)


class VisitSerializer(LegalSerializer):
    visited_on = serializers.DateField()
    method = CodeField(METHODS)
    result = CodeField(RESULTS)
    note = TextField(max_length=NOTE_LENGTH, required=False, allow_blank=True)
    begin_follow_up = serializers.BooleanField(
        required=False, help_text="false: the case stays agreed, and the court may still be asked"
    )


class LegalView(APIView):
    """Takes what a serializer read to a service, and answers the dispute as it then stands."""

    def taken(self, request: Request, dispute_id: UUID, form, service, status: int = 201) -> Response:
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        # Asked before what was sent is read: a colleague elsewhere learns whose case it is.
        if not CaseDuties.of(request.user).act_on(dispute):
            raise ActionNotYours(**area_facts(dispute))
        given = form(data=request.data)
        given.is_valid(raise_exception=True)
        words = dict(given.validated_data)
        version = words.pop("version", None)
        if "instalments" in words:
            words["instalments"] = [InstalmentGiven(**row) for row in words["instalments"]]
        service(user=request.user, dispute_id=dispute_id, expected_version=version, **words)
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        context = {"duties": CaseDuties.of(request.user), "now": timezone.now()}
        return Response(DisputeSerializer(dispute, context=context).data, status)


class MediationRecordsView(LegalView):
    @extend_schema(
        operation_id="disputes_record_mediation",
        request=MediationRecordSerializer,
        responses={201: DisputeSerializer, **PROBLEMS},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Write down a mediation that was held."""
        return self.taken(request, dispute_id, MediationRecordSerializer, record_mediation)


class AgreementsView(LegalView):
    @extend_schema(
        operation_id="disputes_record_agreement",
        request=AgreementSerializer,
        responses={201: DisputeSerializer, **PROBLEMS},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Write down the agreement that ends a mediation."""
        return self.taken(request, dispute_id, AgreementSerializer, record_agreement)


class ConfirmationsView(LegalView):
    @extend_schema(
        operation_id="disputes_apply_confirmation",
        request=ConfirmationSerializer,
        responses={201: DisputeSerializer, **PROBLEMS},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Write down that the parties asked the court to confirm their agreement."""
        return self.taken(request, dispute_id, ConfirmationSerializer, apply_confirmation)

    @extend_schema(
        operation_id="disputes_decide_confirmation",
        request=OutcomeSerializer,
        responses={200: DisputeSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, dispute_id: UUID) -> Response:
        """Write down what became of the pending application."""
        return self.taken(request, dispute_id, OutcomeSerializer, decide_confirmation, status=200)


class VisitsView(LegalView):
    @extend_schema(
        operation_id="disputes_record_visit",
        request=VisitSerializer,
        responses={201: DisputeSerializer, **PROBLEMS},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Write down a follow-up visit."""
        return self.taken(request, dispute_id, VisitSerializer, record_visit)
