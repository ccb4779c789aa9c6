"""The map's data, under /api/v1/map/."""

from django.urls import path

from maps.views import layers

urlpatterns = [
    path("map/boundaries", layers.BoundariesView.as_view(), name="map_boundaries"),
    path("map/areas", layers.AreasView.as_view(), name="map_areas"),
    path("map/points", layers.PointsView.as_view(), name="map_points"),
    path("map/heat", layers.HeatView.as_view(), name="map_heat"),
    path("map/cases", layers.CasesView.as_view(), name="map_cases"),
]
