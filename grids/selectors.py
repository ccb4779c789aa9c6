"""Rows of the territory as arrays of shapely geometries."""

from datetime import date

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import QuerySet

from grids.area_checks import Areas
from grids.hierarchy import Level
from grids.models import Area, AreaVersion


def areas_in_force(level: Level, on: date) -> Areas:
    """The areas of `level` on a day. The district may be in force without a polygon (None)."""
    versions = AreaVersion.objects.on(on).level(level)
    codes, geometries = codes_and_geometries(versions)
    pairs = list(zip(codes, geometries, strict=True))
    if level is Level.DISTRICT:
        drawn = set(codes)
        districts = Area.objects.filter(level=level).values_list("code", flat=True)
        pairs += [(code, None) for code in districts if code not in drawn]
    return Areas.of(pairs)


def codes_and_geometries(versions: QuerySet[AreaVersion]) -> tuple[list[str], np.ndarray]:
    """Codes and WGS84 polygons of `versions`, in order of code. Shapes (n,)."""
    rows = list(versions.order_by("area_id").annotate(wkb=AsWKB("geom")).values_list("area_id", "wkb"))
    return [code for code, _ in rows], shapely.from_wkb([bytes(wkb) for _, wkb in rows])
