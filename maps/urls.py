"""Pages of the map."""

from django.urls import path

from maps.views import pages

urlpatterns = [
    path("map", pages.map_page, name="map"),
    path("map/export", pages.map_export, name="map_export"),
]
