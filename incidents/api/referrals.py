"""Referrals to and from partners, under /api/v1/."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.fields import CodeField, MomentField, TextField, WholeNumberField
from incidents.api.problems import problems
from incidents.models import Dispute, Referral
from incidents.network_codes import REFERRAL_CHANNELS
from incidents.services.actions import ORGANISATION_LENGTH, REASON_LENGTH
from incidents.services.referrals import (
    ANSWERS,
    REFERENCE_LENGTH,
    answer_referral,
    receive_referral,
    refer_out,
)


class ReferralSerializer(serializers.ModelSerializer):
    """A case sent out or received; `reference` is the partner's number."""

    class Meta:
        model = Referral
        fields = (
            "id", "direction", "channel", "organisation", "reference", "sent_at", "answer_by", "answer",
            "answered_at", "reason",
        )  # fmt: skip
        read_only_fields = fields


class NewReferralSerializer(serializers.Serializer):
    """Out needs a reason; in may name the day by which the partner wants an answer."""

    direction = CodeField(
        [Referral.IN, Referral.OUT], required=False, help_text="out where it is not said"
    )
    channel = CodeField(list(REFERRAL_CHANNELS), required=False)
    organisation = TextField(max_length=ORGANISATION_LENGTH, required=False, allow_blank=True)
    reference = TextField(max_length=REFERENCE_LENGTH, required=False, allow_blank=True)
    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True, help_text="out only")
    answer_by = MomentField(required=False, allow_null=True, help_text="in only")
    version = WholeNumberField(required=False, allow_null=True, min_value=1)


class AnswerSerializer(serializers.Serializer):
    """To decline needs a reason. `reference` fills in the partner's number."""

    answer = CodeField(list(ANSWERS), required=False)
    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True)
    reference = TextField(max_length=REFERENCE_LENGTH, required=False, allow_blank=True)
    version = WholeNumberField(required=False, allow_null=True, min_value=1)


class ReferralsView(APIView):
    @extend_schema(
        operation_id="disputes_referrals", responses={200: ReferralSerializer(many=True), **problems(404)}
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The referrals of a dispute, oldest first."""
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        return Response(ReferralSerializer(dispute.referrals.all(), many=True).data)

    @extend_schema(
        operation_id="disputes_refer",
        request=NewReferralSerializer,
        responses={201: ReferralSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Send the case to a partner (`out`), or write down that one sent it (`in`)."""
        given = NewReferralSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = {"channel": "", "organisation": "", "reference": ""} | given.validated_data
        said["expected_version"] = said.pop("version", None)
        if said.pop("direction", Referral.OUT) == Referral.IN:
            said.pop("reason", None)
            referral = receive_referral(user=request.user, dispute_id=dispute_id, **said)
        else:
            said.pop("answer_by", None)
            said.setdefault("reason", "")
            referral = refer_out(user=request.user, dispute_id=dispute_id, **said)
        return Response(ReferralSerializer(referral).data, 201)


class AnswerView(APIView):
    @extend_schema(
        operation_id="disputes_referral_answer",
        request=AnswerSerializer,
        responses={200: ReferralSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, dispute_id: UUID, referral_id: int) -> Response:
        """Write down the answer to a pending referral, and let the case follow it."""
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = {"answer": ""} | given.validated_data
        version = said.pop("version", None)
        answer_referral(
            user=request.user, dispute_id=dispute_id, referral_id=referral_id, expected_version=version,
            **said,
        )  # fmt: skip
        return Response(ReferralSerializer(Referral.objects.get(pk=referral_id)).data)
