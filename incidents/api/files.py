"""The files of a case under /api/v1/."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.negotiation import AnyAccept
from incidents.api.problems import problems
from incidents.files.responses import EXTENSIONS, require_bounded, whole_file
from incidents.measures import Measure
from incidents.models import Attachment, Dispute
from incidents.services.attachments import add_attachment, open_attachment
from incidents.services.legal_access import answered_for

FORM_BYTES = 64 * 1024


class AttachmentSerializer(serializers.ModelSerializer):
    added_by = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Attachment
        fields = ("id", "title", "media_type", "size_bytes", "sha256", "added_by", "added_at")
        read_only_fields = fields


class UploadSerializer(serializers.Serializer):
    """One file; `title` is what to call it, the file's name if not given."""

    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    title = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class FilesView(APIView):
    parser_classes = [MultiPartParser]

    def initial(self, request: Request, *args, **kwargs) -> None:
        # Before the session's token is checked, which reads the body.
        if request.method == "POST":
            limit_mb = settings.GRIDGOV_FILE_MAX_MB
            require_bounded(request, limit_mb * 1024 * 1024 + FORM_BYTES, limit_mb)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="files_list", responses={200: AttachmentSerializer(many=True), **problems(404)}
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The files of a dispute, oldest first."""
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        kept = dispute.attachments.filter(removed_at=None).select_related("added_by")
        return Response(AttachmentSerializer(kept, many=True).data)

    @extend_schema(
        operation_id="files_add",
        request={"multipart/form-data": UploadSerializer},
        responses={
            200: AttachmentSerializer,
            201: AttachmentSerializer,
            **problems(400, 403, 404, 409, 413, 415, 422),
        },
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Add one file: 201 new, 200 the same content again."""
        answered_for(user=request.user, dispute_id=dispute_id, measure=Measure.ADD_FILE)
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        attachment, new = add_attachment(
            user=request.user,
            dispute_id=dispute_id,
            file=file,
            title=given.validated_data.get("title") or file.name,
        )
        return Response(AttachmentSerializer(attachment).data, 201 if new else 200)


class FileView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="files_content",
        responses={**{(200, kind): OpenApiTypes.BINARY for kind in EXTENSIONS}, **problems(404)},
    )
    def get(self, request: Request, dispute_id: UUID, file_id: UUID) -> HttpResponse:
        """What the file holds. 304 to who has it already."""
        attachment, file = open_attachment(user=request.user, dispute_id=dispute_id, file_id=file_id)
        return whole_file(request, attachment, file)
