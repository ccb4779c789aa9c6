"""Disputes under /api/v1/. Parses, asks a service or the database, answers."""

from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.hierarchy import Level
from incidents.api.inputs import (
    DEFAULT_LIMIT,
    KEY_PARAMETER,
    LARGEST_LIMIT,
    ActionSerializer,
    ReportSerializer,
    parse_limit,
    parse_report,
    report_key,
)
from incidents.api.kept import KeptSerializer
from incidents.api.outputs import (
    DisputeFeatureSerializer,
    DisputePageSerializer,
    DisputeSerializer,
    EventSerializer,
    PartySerializer,
    ReceiptSerializer,
)
from incidents.api.problems import problems
from incidents.api.workers import WORKER_PARAMETER, require_worker
from incidents.errors import FilterInvalid, ReportNotAllowed
from incidents.filters import OPEN, OVERDUE, SUPERVISED, DisputeFilter
from incidents.models import Dispute
from incidents.network_codes import KINDS
from incidents.paging import NEWEST_FIRST, page_of
from incidents.permissions import CaseDuties
from incidents.results.case_sets import NO_BODY
from incidents.results.definitions import Counted
from incidents.services import open_parties, report_dispute, take_action
from incidents.services.reporting import is_taken
from incidents.workflow import Action, State

FILTER_PARAMETERS = [
    OpenApiParameter("bbox", str, description="west,south,east,north in WGS84 degrees"),
    OpenApiParameter("state", str, enum=[OPEN, OVERDUE, SUPERVISED, *(state.value for state in State)]),
    OpenApiParameter("level", str, enum=[level.value for level in Level]),
    OpenApiParameter("category", str, description="a group of two digits or a category of four"),
    OpenApiParameter(
        "from", {"type": "string", "format": "date"}, description="reported on this day or later"
    ),
    OpenApiParameter(
        "to", {"type": "string", "format": "date"}, description="reported on this day or before"
    ),
    OpenApiParameter("area", str, description="code of a district, street, community or grid unit"),
    OpenApiParameter(
        "counted", str, enum=[counted.value for counted in Counted], description="a set of /results"
    ),
    OpenApiParameter("counted_from", {"type": "string", "format": "date"}),
    OpenApiParameter("counted_to", {"type": "string", "format": "date"}),
    OpenApiParameter("counted_level", str, enum=[level.value for level in Level]),
    OpenApiParameter("counted_body", str, description="code of a mediation body, or none"),
    OpenApiParameter("counted_kind", str, enum=[*KINDS, NO_BODY], description="kind of mediation"),
    OpenApiParameter("cursor", str, description="as `next` gives it"),
    OpenApiParameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}
    ),
]
_RECEIPT = KeptSerializer(ReceiptSerializer)
ACTION_PARAMETER = OpenApiParameter(
    "action", str, OpenApiParameter.PATH, enum=[action.value for action in Action]
)


def _context(request: Request) -> dict:
    return {"duties": CaseDuties.of(request.user), "now": timezone.now()}


class DisputesView(APIView):
    @extend_schema(
        operation_id="disputes_list",
        parameters=FILTER_PARAMETERS,
        responses={200: DisputePageSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Disputes that this user may see, newest first, as GeoJSON."""
        known = {parameter.name for parameter in FILTER_PARAMETERS}
        if unknown := sorted(set(request.query_params) - known):
            message = f"没有这个参数,可用:{', '.join(sorted(known))}。 / No such parameter."
            raise FilterInvalid({name: [{"message": message, "code": "unknown"}] for name in unknown})
        wanted = DisputeFilter.from_query(request.query_params)
        disputes = wanted.apply(Dispute.objects.visible_to(request.user)).select_related("assigned_to")
        page = page_of(
            disputes,
            NEWEST_FIRST,
            after=request.query_params.get("cursor", ""),
            size=parse_limit(request.query_params.get("limit", "")),
            parameter="cursor",
        )
        features = DisputeFeatureSerializer(page.rows, many=True, context=_context(request))
        return Response(
            {
                "type": "FeatureCollection",
                "features": features.data,
                "next": _address_of(request, page.next_cursor) if page.next_cursor else None,
            }
        )

    @extend_schema(
        operation_id="disputes_report",
        parameters=[KEY_PARAMETER, WORKER_PARAMETER],
        request=ReportSerializer,
        responses={200: ReceiptSerializer, 201: ReceiptSerializer, **problems(400, 403, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Report a dispute: 201 new, 200 the same report again."""
        require_worker(request)
        said = request.headers.get("Idempotency-Key", "")
        # The service asks this too; asked first, someone without the duty learns that, not what is misspelt.
        duties = CaseDuties.of(request.user)
        if not duties.held and not (said and is_taken(reporter=request.user, key=report_key(said))):
            raise ReportNotAllowed
        key = report_key(said)
        report = parse_report(request.data)
        dispute, new = report_dispute(reporter=request.user, report=report, key=key, duties=duties)
        receipt = _RECEIPT.represented(dispute, duties=duties, now=timezone.now())
        return Response(receipt, 201 if new else 200)


def _address_of(request: Request, cursor: str) -> str:
    query = request.query_params.dict() | {"cursor": cursor}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


class DisputeView(APIView):
    @extend_schema(operation_id="disputes_read", responses={200: DisputeSerializer, **problems(404)})
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """One dispute. A foreign one is not found."""
        disputes = Dispute.objects.select_related("assigned_to", "reported_by")
        dispute = disputes.one_visible_to(request.user, dispute_id)
        return Response(DisputeSerializer(dispute, context=_context(request)).data)


class EventsView(APIView):
    @extend_schema(
        operation_id="disputes_events", responses={200: EventSerializer(many=True), **problems(404)}
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The history of a dispute, oldest first."""
        dispute = Dispute.objects.one_visible_to(request.user, dispute_id)
        events = dispute.events.select_related("actor", "assigned_to").order_by("version")
        return Response(EventSerializer(events, many=True).data)


class PartiesView(APIView):
    @extend_schema(
        operation_id="disputes_parties", responses={200: PartySerializer(many=True), **problems(403, 404)}
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The parties, for those who answer for the dispute now. Each opening is recorded."""
        parties = open_parties(user=request.user, dispute_id=dispute_id)
        return Response(PartySerializer(parties, many=True).data, headers={"Cache-Control": "no-store"})


class ActionView(APIView):
    @extend_schema(
        operation_id="disputes_act",
        parameters=[ACTION_PARAMETER],
        request=ActionSerializer,
        responses={200: DisputeSerializer, **problems(400, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, dispute_id: UUID, action: str) -> Response:
        """Take one step. `version` is what was looked at: did someone act since, 409 says what they did."""
        given = ActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        words = dict(given.validated_data)
        version = words.pop("version", None)
        dispute = take_action(
            user=request.user, dispute_id=dispute_id, action=action, expected_version=version, **words
        )
        return Response(DisputeSerializer(dispute, context=_context(request)).data)
