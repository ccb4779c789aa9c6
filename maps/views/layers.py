"""The map's data under /api/v1/map/. Each view: who asks what, one selector, one layer."""

from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from maps import layers, selectors
from maps.errors import CasesNotYours
from maps.parameters import MapQuestion, read_question, required_screen

LISTED_CASES = 50


def _parameters(*names: str) -> list[OpenApiParameter]:
    words = {
        "area": "Code of the area looked at; the largest of one's own where left out",
        "by": "Level that the area is divided into: street, community or grid",
        "from": "Reported on this day or later, 2026-05-01",
        "to": "Reported on this day or earlier",
        "category": "Category of 4 digits, or a group of 2",
        "level": "Level that is responsible: grid, community, street or district",
        "state": "A state, or open, or overdue",
        "bbox": "west,south,east,north in WGS84 degrees",
        "zoom": "Zoom of the web map; says how fine the screen's grid is",
    }
    return [OpenApiParameter(name, str, description=words[name]) for name in names]


AREA = ("area", "by")
FILTER = ("area", "from", "to", "category", "level", "state")
SCREEN = (*FILTER, "bbox", "zoom")


# Only these answers are compressed: they repeat nothing of the request and hold no secret, so that their
# length tells nothing (BREACH). See docs/decisions/0009-map-data.md.
@method_decorator(gzip_page, name="dispatch")
class MapLayerView(APIView):
    """Common to all layers of the map."""

    def question(self) -> MapQuestion:
        return read_question(self.request.user, self.request.query_params)

    def question_about_cases(self) -> MapQuestion:
        question = self.question()
        if not question.ground.shows_cases:
            raise CasesNotYours
        return question


class BoundariesView(MapLayerView):
    @extend_schema(summary="Boundaries of the areas to shade", parameters=_parameters(*AREA),
                   responses=OpenApiTypes.OBJECT, tags=["map"])
    def get(self, request):
        question = self.question()
        etag = quote_etag(selectors.boundaries_stamp(question.ground, question.by))
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or Response(
            layers.boundaries_layer(selectors.read_boundaries(question.ground, question.by)),
            headers={"ETag": etag},
        )
        # Kept by the browser and asked for again each time: a redrawn boundary shows at once.
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


class AreasView(MapLayerView):
    @extend_schema(summary="Disputes counted by area", parameters=_parameters("by", *FILTER),
                   responses=OpenApiTypes.OBJECT, tags=["map"])
    def get(self, request):
        asked = self.question()
        counts = selectors.count_areas(asked.user, asked.ground, asked.by, asked.chosen)
        standing = selectors.standing_of(asked.user, asked.ground, asked.chosen)
        return Response(layers.areas_layer(asked.ground, asked.by, counts, standing))


class PointsView(MapLayerView):
    @extend_schema(summary="Disputes on screen: clusters, and single cases", parameters=_parameters(*SCREEN),
                   responses=OpenApiTypes.OBJECT, tags=["map"])
    def get(self, request):
        asked = self.question_about_cases()
        screen = required_screen(asked)
        return Response(
            layers.clusters_layer(selectors.cluster_cases(asked.user, asked.ground, asked.chosen, screen))
        )


class HeatView(MapLayerView):
    @extend_schema(summary="Disputes counted in squares of the ground", parameters=_parameters(*SCREEN),
                   responses=OpenApiTypes.OBJECT, tags=["map"])
    def get(self, request):
        asked = self.question_about_cases()
        screen = required_screen(asked)
        return Response(
            layers.heat_layer(selectors.bin_heat(asked.user, asked.ground, asked.chosen, screen), screen)
        )


class CasesView(MapLayerView):
    @extend_schema(summary="The newest cases in a small box", parameters=_parameters(*FILTER, "bbox"),
                   responses=OpenApiTypes.OBJECT, tags=["map"])
    def get(self, request):
        asked = self.question_about_cases()
        return Response(
            layers.cases_list(*selectors.list_cases(asked.user, asked.ground, asked.chosen, LISTED_CASES))
        )
