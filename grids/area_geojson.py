"""Areas as GeoJSON (RFC 7946), written by the database."""

import json
from datetime import date

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import connection
from django.db.models import Func

from grids.crs import WGS84_SRID
from grids.hierarchy import Level
from grids.models import AreaVersion

# 11 mm. A corner that areas share is rounded alike in each, so that their edges still match.
DECIMALS = 7


def area_collection(level: Level, on: date, within: str = "") -> str:
    """A FeatureCollection of the areas of `level` in force on a day, all or those in the area `within`."""
    outline = Func("geom", function="ST_ForcePolygonCCW", output_field=MultiPolygonField(srid=WGS84_SRID))
    versions = _versions(level, on, within).annotate(geojson=AsGeoJSON(outline, precision=DECIMALS))
    rows = versions.values_list("area_id", "name", "schematic", "valid_from", "valid_to", "geojson")
    features = ",".join(_feature(level, *row) for row in rows)
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def area_fingerprint(level: Level, on: date, within: str = "") -> str:
    """Changes when any row behind `area_collection` does: PostgreSQL marks every row version (xmin)."""
    ids = list(_versions(level, on, within).values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(coalesce(string_agg(id || ':' || xmin, ',' ORDER BY id), ''))"
            " FROM grids_areaversion WHERE id = ANY(%s)",
            [ids],
        )
        return cursor.fetchone()[0]


def _versions(level: Level, on: date, within: str):
    versions = AreaVersion.objects.on(on).level(level).order_by("area_id")
    return versions.within(within) if within else versions


def _feature(
    level: Level, code: str, name: str, schematic: bool, valid_from: date, valid_to: date | None, geojson: str
) -> str:
    properties = {
        "code": code,
        "name": name,
        "level": level.value,
        "parent": code[:-3],
        "schematic": schematic,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to and valid_to.isoformat(),
    }
    text = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","id":"{code}","properties":{text},"geometry":{geojson}}}'
