"""The territory's API: which unit a place lies in, and the boundaries. Open to everybody signed in:
neither tells anything about a dispute or a person."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.area_geojson import area_collection, area_fingerprint
from grids.crs import Datum
from grids.errors import AreaUnknown, CoordinateMissing
from grids.hierarchy import Level
from grids.locate import LARGEST_ACCURACY_M, locate_point
from grids.models import Area
from grids.parsing import parse_date, parse_level

MAP_LEVELS = (Level.STREET, Level.COMMUNITY, Level.GRID)
ON = OpenApiParameter("on", OpenApiTypes.DATE, description="日期(今天) / boundaries of which day (today)")


def _named(description: str) -> dict:
    properties = {"code": {"type": "string"}, "name": {"type": "string"}}
    return {"type": "object", "description": description, "properties": properties}


LOCATION_SCHEMA = {
    "type": "object",
    "properties": {
        "street": _named("街道 / street"),
        "community": _named("社区 / community"),
        "grid_unit": _named("网格 / grid unit"),
        "wgs84": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "certain": {"type": "boolean"},
        "candidates": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "name": {"type": "string"},
                    "share": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        },
        "outside_share": {"type": "number", "minimum": 0, "maximum": 1},
    },
}


class LocateView(APIView):
    @extend_schema(
        operation_id="locate",
        summary="坐标所在的网格 / the grid unit at a place",
        parameters=[
            OpenApiParameter("lon", OpenApiTypes.DOUBLE, required=True),
            OpenApiParameter("lat", OpenApiTypes.DOUBLE, required=True),
            OpenApiParameter("datum", OpenApiTypes.STR, required=True, enum=list(Datum)),
            OpenApiParameter("accuracy_m", OpenApiTypes.DOUBLE, description=f"0 … {LARGEST_ACCURACY_M}"),
            ON,
        ],
        responses={200: LOCATION_SCHEMA},
    )
    def get(self, request: Request) -> Response:
        given = request.query_params
        if not given.get("lon") or not given.get("lat"):
            raise CoordinateMissing()
        location = locate_point(
            given["lon"],
            given["lat"],
            datum=given.get("datum", ""),
            accuracy_m=given.get("accuracy_m") or None,
            on=parse_date(given.get("on")),
        )
        return Response(location.as_json())


@method_decorator(gzip_page, name="dispatch")
class AreasView(APIView):
    @extend_schema(
        operation_id="areas",
        summary="某一层级的边界 / the boundaries of a level",
        parameters=[
            OpenApiParameter("level", OpenApiTypes.STR, "path", enum=[level.value for level in MAP_LEVELS]),
            OpenApiParameter("within", OpenApiTypes.STR, description="上级区域代码 / code of an area above"),
            ON,
        ],
        responses={(200, "application/geo+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, level: str) -> HttpResponse:
        chosen = parse_level(level, MAP_LEVELS)
        on = parse_date(request.query_params.get("on")) or timezone.localdate()
        within = request.query_params.get("within", "")
        if within and not (within.isdecimal() and Area.objects.filter(code=within[:20]).exists()):
            raise AreaUnknown(area_code=within[:20])
        etag = f'"{area_fingerprint(chosen, on, within)}"'
        response = get_conditional_response(request._request, etag=etag)
        if response is None:
            response = HttpResponse(area_collection(chosen, on, within), content_type="application/geo+json")
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"  # keep it, and ask whether it still holds
        return response
