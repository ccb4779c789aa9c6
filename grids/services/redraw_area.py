"""One area's new boundary or name."""

from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry

from grids.area_records import AreaRecord
from grids.hierarchy import level_of
from grids.services.import_areas import ImportReport, import_areas


def redraw_area(
    *,
    code: str,
    geom: GEOSGeometry,
    name: str,
    valid_from: date | None = None,
    source: str = "",
    schematic: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Give the area `code` the boundary `geom` (WGS84) and `name` from a day on (today); the former stays
    on record. An area that is new comes into force. The same checks hold as for a file of one area.
    With `dry_run` it is only checked. The report says whether anything changed, and what to look at.

    Raises:
        AreasNotImported: the boundary overlaps a neighbour, leaves its parent, or is otherwise wrong.
    """
    record = AreaRecord(1, code, name, shapely.from_wkb(bytes(geom.wkb)))
    return import_areas(
        records=[record],
        level=level_of(code),
        valid_from=valid_from,
        source=source,
        schematic=schematic,
        dry_run=dry_run,
    )
