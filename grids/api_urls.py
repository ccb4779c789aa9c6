"""The territory, under /api/v1/."""

from django.urls import path

from grids import api_views

urlpatterns = [
    path("locate", api_views.LocateView.as_view(), name="api_locate"),
    path("areas/<str:level>", api_views.AreasView.as_view(), name="api_areas"),
]
