"""What phones send and ask besides a report: its photos, what is added to a case, cases like it nearby."""

from uuid import UUID

from django.conf import settings
from django.http import UnreadablePostError
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.crs import Datum, to_wgs84
from grids.errors import CoordinateMissing
from grids.locate import check_coordinates
from incidents import report as rules
from incidents.api.fields import TextField, WholeNumberField
from incidents.api.inputs import KEY_PARAMETER, report_key
from incidents.api.outputs import PhotosSerializer
from incidents.api.problems import problems
from incidents.api.workers import WORKER_PARAMETER, require_worker
from incidents.codes import CATEGORIES
from incidents.errors import FilterInvalid
from incidents.files.responses import require_bounded
from incidents.files.sniff import IMAGES
from incidents.services.photos import receive_photo
from incidents.services.promised_photos import promise_of_supplement
from incidents.services.supplements import TEXT_LENGTH, add_supplement, supplementable
from incidents.similar_cases import similar_cases
from incidents.workflow import State


class ReceivedPhotoSerializer(serializers.Serializer):
    """`photos` of the report, or of what was added, that this photo counts to."""

    photo_key = serializers.UUIDField()
    report_complete = serializers.BooleanField(help_text="None of its photos is owed any more")
    photos = PhotosSerializer()


class PhotoView(APIView):
    def initial(self, request: Request, *args, **kwargs) -> None:
        if request.method == "PUT":
            limit_mb = settings.GRIDGOV_FILE_MAX_MB
            require_bounded(request, limit_mb * 1024 * 1024, limit_mb)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="photos_put",
        parameters=[WORKER_PARAMETER],
        request=dict.fromkeys(sorted(IMAGES), OpenApiTypes.BINARY),
        responses={
            200: ReceivedPhotoSerializer,
            201: ReceivedPhotoSerializer,
            **problems(400, 403, 404, 409, 413, 415, 422),
        },
    )
    def put(self, request: Request, dispute_id: UUID, photo_key: UUID) -> Response:
        """A photo that was promised, as the body: 201 new, 200 the same key again."""
        require_worker(request)
        # Read whole before anything is answered: a phone that is still sending might miss the answer.
        content = _whole_body(request)
        promise, new = receive_photo(user=request.user, dispute_id=dispute_id, key=photo_key, content=content)
        answer = {"photo_key": photo_key, "report_complete": promise.complete, "photos": promise}
        return Response(ReceivedPhotoSerializer(answer).data, 201 if new else 200)


def _whole_body(request: Request) -> bytes:
    """All of the body. Raises ParseError where the connection broke before its end."""
    try:
        content = request.stream.read() if request.stream else b""
    except UnreadablePostError as error:
        raise ParseError from error
    if len(content) != int(request.META.get("CONTENT_LENGTH") or 0):
        raise ParseError
    return content


class SupplementSerializer(serializers.Serializer):
    """What is added to a case. Members that are not listed are ignored."""

    text = TextField(max_length=TEXT_LENGTH)
    photos = WholeNumberField(min_value=0, max_value=rules.MOST_PHOTOS, required=False)


class SupplementReceiptSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    report_key = serializers.UUIDField(source="key")
    case_number = serializers.CharField(source="dispute.case_number")
    dispute_id = serializers.UUIDField()
    at = serializers.DateTimeField(source="added_at")
    photos = serializers.SerializerMethodField()

    def get_photos(self, supplement) -> PhotosSerializer:
        return PhotosSerializer(promise_of_supplement(supplement)).data


class SupplementsView(APIView):
    @extend_schema(
        operation_id="disputes_supplement",
        parameters=[KEY_PARAMETER, WORKER_PARAMETER],
        request=SupplementSerializer,
        responses={
            200: SupplementReceiptSerializer,
            201: SupplementReceiptSerializer,
            **problems(400, 403, 404, 409, 413, 415, 422),
        },
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Add to a case what was learnt since: 201 new, 200 the same again."""
        require_worker(request)
        supplementable(user=request.user, dispute_id=dispute_id)
        key = report_key(request.headers.get("Idempotency-Key", ""))
        given = SupplementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        supplement, new = add_supplement(
            user=request.user, dispute_id=dispute_id, key=key, **given.validated_data
        )
        return Response(SupplementReceiptSerializer(supplement).data, 201 if new else 200)


class SimilarSerializer(serializers.Serializer):
    """A case like the one that is being reported: what tells it from others, and no more."""

    id = serializers.UUIDField()
    case_number = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField()
    state = serializers.ChoiceField([state.value for state in State])
    reported_at = serializers.DateTimeField()
    distance_m = serializers.SerializerMethodField()
    grid_unit = serializers.CharField(source="grid_unit_id")

    def get_distance_m(self, dispute) -> int:
        return round(dispute.distance.m)


class SimilarCasesSerializer(serializers.Serializer):
    disputes = SimilarSerializer(many=True)


class SimilarView(APIView):
    @extend_schema(
        operation_id="disputes_similar",
        parameters=[
            OpenApiParameter("lon", OpenApiTypes.DOUBLE, required=True),
            OpenApiParameter("lat", OpenApiTypes.DOUBLE, required=True),
            OpenApiParameter("datum", OpenApiTypes.STR, required=True, enum=list(Datum)),
            OpenApiParameter("category", OpenApiTypes.STR, required=True, enum=list(CATEGORIES)),
        ],
        responses={200: SimilarCasesSerializer, **problems(400, 422)},
    )
    def get(self, request: Request) -> Response:
        """Open cases nearby, of the same group and lately reported, that may be the same: nearest first."""
        given = request.query_params
        if not given.get("lon") or not given.get("lat"):
            raise CoordinateMissing
        lon, lat = to_wgs84(*check_coordinates(given["lon"], given["lat"]), given.get("datum", ""))
        category = given.get("category", "")
        if category not in CATEGORIES:
            message = "没有这个代码。 / There is no such code."
            raise FilterInvalid({"category": [{"message": message, "code": "unknown"}]})
        found = similar_cases(request.user, lon=lon, lat=lat, category=category, now=timezone.now())
        return Response(SimilarCasesSerializer({"disputes": found}).data)
