"""Two streets in a row of squares, small enough to work out by hand.

    street   001                       002
    comm.    001       002             001
    unit     001 002   001 002         001 002
    column   0   1     2   3           4   5

Each unit is a square of 0.002 degrees (205 m by 221 m), column 0 beginning at WEST, all from SOUTH up.
"""

from datetime import date

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from grids import crs
from grids.addresses import normalize_address
from grids.hierarchy import level_of
from grids.models import Address, Area, AreaVersion

WEST, SOUTH, SIDE = 113.300, 23.100, 0.002
DISTRICT = "440105"
STREET_1, STREET_2 = "440105001", "440105002"
COMMUNITY_1, COMMUNITY_2, COMMUNITY_3 = "440105001001", "440105001002", "440105002001"
UNITS = (
    "440105001001001",
    "440105001001002",
    "440105001002001",
    "440105001002002",
    "440105002001001",
    "440105002001002",
)
BEGUN = date(2020, 1, 1)


def square(first: int, last: int) -> MultiPolygon:
    """Columns `first` to `last`."""
    west, east = WEST + first * SIDE, WEST + (last + 1) * SIDE
    return MultiPolygon(Polygon.from_bbox((west, SOUTH, east, SOUTH + SIDE)), srid=crs.WGS84_SRID)


def make_territory() -> None:
    columns = {DISTRICT: (0, 5), STREET_1: (0, 3), STREET_2: (4, 5)}
    columns |= {COMMUNITY_1: (0, 1), COMMUNITY_2: (2, 3), COMMUNITY_3: (4, 5)}
    columns |= {code: (column, column) for column, code in enumerate(UNITS)}
    for code, (first, last) in columns.items():
        parent = None if code == DISTRICT else code[:-3]
        Area.objects.create(code=code, level=level_of(code), parent_id=parent)
        AreaVersion.objects.create(
            area_id=code, name=f"区域{code[-3:]}", geom=square(first, last), valid_from=BEGUN
        )


def centre(unit: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of a unit."""
    return WEST + (UNITS.index(unit) + 0.5) * SIDE, SOUTH + SIDE / 2


def beside_edge(unit: str) -> tuple[float, float]:
    """A point in `unit`, some 10 m from the unit east of it."""
    lon, lat = centre(unit)
    return lon + SIDE / 2 - 0.0001, lat


def make_address(text: str, unit: str) -> Address:
    return Address.objects.create(
        text=text, normalized=normalize_address(text), unit_id=unit, location=Point(*centre(unit), srid=4326)
    )
