from django.apps import AppConfig


class GridGovConfig(AppConfig):
    name = "gridgov"
    verbose_name = "GridGov"
