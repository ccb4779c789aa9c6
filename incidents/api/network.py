"""The mediation network under /api/v1/bodies, to be read by other programs."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.area_names import area_names
from grids.models import User
from incidents import network_codes as tables
from incidents.api.problems import problems
from incidents.errors import FilterInvalid
from incidents.models import MediationBody
from incidents.network.filters import BODY_LEVELS, BodyFilter
from incidents.network.permissions import check_may_see, may_see_load
from incidents.network.selectors import bodies_with_load, body_of
from incidents.opening_hours import is_open

GEOJSON, JSON = "geojson", "json"
TRUTH = {"type": "boolean"}
PARAMETERS = [
    OpenApiParameter("kind", str, enum=list(tables.KINDS)),
    OpenApiParameter("form", str, enum=list(tables.FORMS)),
    OpenApiParameter("level", str, enum=[level.value for level in BODY_LEVELS]),
    OpenApiParameter("area", str, description="code: bodies of this area and those below it"),
    OpenApiParameter("category", str, description="a group of two digits or a category of four, taken"),
    OpenApiParameter("channel", str, enum=list(tables.CHANNELS)),
    OpenApiParameter("named", str, description="part of the name, or the code"),
    OpenApiParameter("open_now", TRUTH),
    OpenApiParameter("has_room", TRUTH, description="fewer open cases than the capacity"),
    OpenApiParameter("inactive", TRUTH, description="also bodies that are switched off"),
    OpenApiParameter("as", str, enum=[GEOJSON, JSON], default=GEOJSON),
]


class NetworkView(APIView):
    @extend_schema(
        operation_id="network_list",
        parameters=PARAMETERS,
        responses={200: OpenApiResponse({"type": "object"}), **problems(400, 403)},
    )
    def get(self, request: Request) -> Response:
        """Mediation bodies by code, as GeoJSON (geometry null where the place is not known) or JSON."""
        check_may_see(request.user)
        shape = _shape(request)
        bodies = BodyFilter.from_query(request.query_params).apply(bodies_with_load())
        records = _records(bodies, request.user)
        if shape == JSON:
            return Response({"bodies": records})
        features = [_feature(body, record) for body, record in zip(bodies, records, strict=True)]
        return Response({"type": "FeatureCollection", "features": features})


class NetworkBodyView(APIView):
    @extend_schema(
        operation_id="network_read",
        responses={200: OpenApiResponse({"type": "object"}), **problems(403, 404)},
    )
    def get(self, request: Request, body_code: str) -> Response:
        """One mediation body, as a GeoJSON feature."""
        check_may_see(request.user)
        body = body_of(body_code)
        (record,) = _records([body], request.user)
        return Response(_feature(body, record))


def _shape(request: Request) -> str:
    """Raises FilterInvalid for an unknown parameter, or another shape than the two."""
    known = {parameter.name for parameter in PARAMETERS}
    if unknown := sorted(set(request.query_params) - known):
        message = f"没有这个参数,可用:{', '.join(sorted(known))}。 / No such parameter."
        raise FilterInvalid({name: [{"message": message, "code": "unknown"}] for name in unknown})
    shape = request.query_params.get("as", GEOJSON)
    if shape not in {GEOJSON, JSON}:
        raise FilterInvalid({"as": [{"message": "应为 geojson 或 json。 / geojson or json.", "code": "as"}]})
    return shape


def _feature(body: MediationBody, record: dict) -> dict:
    point = body.location and {"type": "Point", "coordinates": [body.location.x, body.location.y]}
    return {"type": "Feature", "id": body.code, "geometry": point, "properties": record}


def _records(bodies: list[MediationBody], user: User) -> list[dict]:
    """Bodies as JSON. How many cases are open is for those who work on cases, null for others."""
    names = area_names(body.area_id for body in bodies)
    shows_load, moment = may_see_load(user), timezone.localtime()
    return [
        {
            "code": body.code,
            "name": body.name,
            "kind": body.kind,
            "body_type": body.body_type,
            "form": body.form,
            "area": body.area_id,
            "area_name": names.get(body.area_id, ""),
            "address": body.address,
            "phone": body.phone,
            "categories": body.categories,
            "channels": body.channels,
            "opening_hours": body.opening_hours,
            "open_now": is_open(body.opening_hours, moment),
            "capacity": body.capacity,
            "open_cases": body.open_cases if shows_load else None,
            "mediators": body.mediator_count,
            "active": body.active,
        }
        for body in bodies
    ]
