"""What the map's page and scripts get: rows of the selectors as JSON and GeoJSON (RFC 7946)."""

import json
from dataclasses import asdict

import numpy as np
from django.urls import reverse

from grids.hierarchy import Level
from maps.classes import ValueClass, class_of, count_classes, rate_classes
from maps.heat import full_count
from maps.screen import Box, Screen
from maps.selectors import AreaCounts, Boundary, Case, Cluster, Ground, NamedArea, Standing

DECIMALS = 6


def areas_layer(ground: Ground, by: Level, counts: AreaCounts, standing: Standing | None) -> dict:
    """Count and rate of each area, with the class that colours it (None for zero)."""
    by_count = count_classes([area.count for area in counts.areas])
    by_rate = rate_classes([area.per_km2 for area in counts.areas])
    return {
        **ground_facts(ground),
        "by": by.value,
        "schematic": counts.schematic,
        "total": counts.total,
        "unplaced": counts.unplaced,
        "per_km2": round(counts.per_km2, 2),
        "standing": asdict(standing) if standing else None,
        "classes": {"count": _ranges(by_count), "per_km2": _ranges(by_rate)},
        "areas": [
            {
                "code": area.code,
                "name": area.name,
                "short_name": area.short_name,
                "km2": round(area.km2, 4),
                "count": area.count,
                "per_km2": round(area.per_km2, 2),
                "count_class": class_of(area.count, by_count),
                "per_km2_class": class_of(area.per_km2, by_rate),
            }
            for area in counts.areas
        ],
    }


def ground_facts(ground: Ground) -> dict:
    """The area looked at, the way to it, how it can be divided, and whether its cases are shown."""
    return {
        "area": _named(ground.area),
        "trail": [_named(area) for area in ground.trail],
        "divisions": [level.value for level in ground.divisions],
        "shows_cases": ground.shows_cases,
    }


def boundaries_layer(boundaries: list[Boundary]) -> dict:
    """A FeatureCollection of areas; `id` is the area's code."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": boundary.code,
                "properties": {"name": boundary.name, "schematic": boundary.schematic},
                "geometry": json.loads(boundary.geojson),
            }
            for boundary in boundaries
        ],
    }


def clusters_layer(clusters: list[Cluster]) -> dict:
    """A FeatureCollection of points: a cluster has its `count` and a `bbox`, a single case its facts."""
    return {
        "type": "FeatureCollection",
        "total": sum(cluster.count for cluster in clusters),
        "features": [_cluster_feature(cluster) for cluster in clusters],
    }


def heat_layer(squares: np.ndarray, screen: Screen) -> dict:
    """`cells` is a list of [lon, lat, count], `full` the count that has the hottest colour."""
    places = squares[:, :2].round(DECIMALS).tolist()
    counts = squares[:, 2].astype(int).tolist()
    return {
        "side_m": screen.heat_side_m,
        "total": sum(counts),
        "full": full_count(squares[:, 2]),
        "cells": [[*place, count] for place, count in zip(places, counts, strict=True)],
    }


def cases_list(cases: list[Case], total: int) -> dict:
    return {"total": total, "cases": [_case(case) for case in cases]}


def _cluster_feature(cluster: Cluster) -> dict:
    feature = {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [round(cluster.lon, DECIMALS), round(cluster.lat, DECIMALS)],
        },
        "properties": {"count": cluster.count},
    }
    if cluster.case:
        feature["properties"].update(_case(cluster.case))
    else:
        feature["bbox"] = _around(cluster.extent)
    return feature


def _around(extent: Box) -> list[float]:
    """`extent` rounded outward: cases at one spot have an extent of no size, and a bbox needs one."""
    step = 10**-DECIMALS
    return [
        round(extent.west - step, DECIMALS), round(extent.south - step, DECIMALS),
        round(extent.east + step, DECIMALS), round(extent.north + step, DECIMALS),
    ]


def _case(case: Case) -> dict:
    return {**asdict(case), "url": reverse("dispute", args=[case.id])}


def _named(area: NamedArea) -> dict:
    return {"code": area.code, "name": area.name, "level": area.level.value}


def _ranges(classes: list[ValueClass]) -> list[dict]:
    return [{"low": each.low, "high": each.high} for each in classes]
