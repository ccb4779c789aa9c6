"""The figures of an area over a period, under /api/v1/results."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.api.problems import problems
from incidents.results.access import ResultsDuties
from incidents.results.cells import COUNT, Cell
from incidents.results.choosing import PeriodForm
from incidents.results.report import read_results
from incidents.results.tables import FigureTable, result_tables

_DAY = {"type": "string", "format": "date"}
PARAMETERS = [
    OpenApiParameter(
        "area", str, description="code of a district, street or community; the largest of yours"
    ),
    OpenApiParameter("from", _DAY, description="first day; 30 days up to `to` by default"),
    OpenApiParameter("to", _DAY, description="last day, included; today by default"),
]


class ResultCellSerializer(serializers.Serializer):
    heading = serializers.CharField()
    kind = serializers.ChoiceField(["count", "share", "days", "mean"])
    value = serializers.FloatField(allow_null=True, help_text="shares from 0 to 1")
    masked = serializers.BooleanField(help_text="too few cases for this reader")
    cases = serializers.CharField(allow_null=True, help_text="query of /api/v1/disputes that lists them")


class ResultLineSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    cells = ResultCellSerializer(many=True)


class ResultTableSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    lines = ResultLineSerializer(many=True)


class ResultsSerializer(serializers.Serializer):
    area = serializers.CharField()
    area_name = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    counted_at = serializers.DateTimeField()
    tables = ResultTableSerializer(many=True)


class ResultsView(APIView):
    @extend_schema(
        operation_id="results_read",
        parameters=PARAMETERS,
        responses={200: ResultsSerializer, **problems(400, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """The tables of the page /results. `cases` is the query that lists the cases behind a number."""
        duties = ResultsDuties.of(request.user)
        area = duties.area(request.query_params.get("area", ""))
        period = PeriodForm.read(request.query_params, timezone.localdate())
        report = read_results(duties, area, period)
        answer = {
            "area": area,
            "area_name": report.area_name,
            "first_day": period.first,
            "last_day": period.last,
            "counted_at": report.now,
            "tables": [_table(table) for table in result_tables(report)],
        }
        return Response(ResultsSerializer(answer).data, headers={"Cache-Control": "no-store"})


def _table(table: FigureTable) -> dict:
    lines = [
        {
            "code": line.code,
            "name": line.name,
            "cells": [
                _cell(heading, cell) for heading, cell in zip(table.headings[1:], line.cells, strict=True)
            ],
        }
        for line in table.lines
    ]
    return {"code": table.code, "title": table.title, "lines": lines}


def _cell(heading: str, cell: Cell) -> dict:
    value = cell.value if cell.value is None or cell.kind == COUNT else round(cell.value, 4)
    cases = cell.query.replace("show=all&", "", 1) or None
    return {
        "heading": heading, "kind": cell.kind, "value": value, "masked": cell.masked, "cases": cases,
    }  # fmt: skip
