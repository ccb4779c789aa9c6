"""The papers of a case under /api/v1/."""

from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.language import in_page_language
from incidents.api.fields import CodeField, WholeNumberField
from incidents.api.negotiation import AnyAccept
from incidents.api.problems import problems
from incidents.measures import Measure
from incidents.models import CaseDocument, Dispute
from incidents.papers.files import MEDIA_TYPES, file_of
from incidents.papers.issuable import issuable_papers
from incidents.papers.numbering import NAMES, Kind
from incidents.papers.site import site_of
from incidents.services.documents import issue_document, open_document
from incidents.services.legal_access import answered_for
from incidents.views.case_documents import paper_response

KINDS = [kind.value for kind in Kind]
FORM_PARAMETER = OpenApiParameter("form", str, OpenApiParameter.PATH, enum=list(MEDIA_TYPES))


class DocumentSerializer(serializers.ModelSerializer):
    kind_name = serializers.SerializerMethodField()
    issued_by = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = CaseDocument
        fields = ("id", "number", "kind", "kind_name", "issued_by", "issued_at")
        read_only_fields = fields

    def get_kind_name(self, document: CaseDocument) -> str:
        return in_page_language(*NAMES[document.kind])


class IssuableSerializer(serializers.Serializer):
    """A paper that the case can have; `missing` says what it lacks, null where it can be issued."""

    kind = serializers.ChoiceField(KINDS)
    source = serializers.IntegerField(allow_null=True)
    detail = serializers.CharField(allow_blank=True)
    missing = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_missing(self, paper) -> str | None:
        return in_page_language(*paper.missing) if paper.missing else None


class DocumentsSerializer(serializers.Serializer):
    documents = DocumentSerializer(many=True)
    issuable = IssuableSerializer(many=True)


class IssueSerializer(serializers.Serializer):
    """`source`: the record, agreement or visit that the paper is about, the last one if not given."""

    kind = CodeField(KINDS)
    source = WholeNumberField(required=False, allow_null=True, min_value=1)
    version = WholeNumberField(required=False, allow_null=True, min_value=1)


class DocumentsView(APIView):
    @extend_schema(operation_id="documents_list", responses={200: DocumentsSerializer, **problems(404)})
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The papers that were issued, and which could be. What they say is in their files."""
        dispute = Dispute.objects.select_related("lead_body").one_visible_to(request.user, dispute_id)
        issued = dispute.documents.select_related("issued_by").order_by("pk")
        found = {"documents": issued, "issuable": issuable_papers(dispute)}
        return Response(DocumentsSerializer(found).data)

    @extend_schema(
        operation_id="documents_issue",
        request=IssueSerializer,
        responses={201: DocumentSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Issue a paper. The same asked again is another paper with a number of its own."""
        # The service asks this too; asked first, whose case it is not learns that, not what is misspelt.
        answered_for(user=request.user, dispute_id=dispute_id, measure=Measure.ISSUE_DOCUMENT)
        given = IssueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        document = issue_document(
            user=request.user,
            dispute_id=dispute_id,
            kind=said["kind"],
            source=said.get("source"),
            site=site_of(request),
            expected_version=said.get("version"),
        )
        return Response(DocumentSerializer(document).data, 201)


class DocumentFileView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_file",
        parameters=[FORM_PARAMETER],
        responses={
            **{(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()},
            **problems(403, 404),
        },
    )
    def get(self, request: Request, dispute_id: UUID, document_id: int, form: str) -> HttpResponse:
        """The paper as a file, for those who answer for the dispute now. Each opening is recorded."""
        if form not in MEDIA_TYPES:
            raise Http404
        paper = open_document(user=request.user, dispute_id=dispute_id, document_id=document_id)
        return paper_response(file_of(paper, form), paper.number, form)
