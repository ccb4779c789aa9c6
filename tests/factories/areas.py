"""Areas in the test database."""

from datetime import date

from fixtures.haizhu.fabric import Fabric
from grids.area_records import AreaRecord
from grids.hierarchy import Level
from grids.services import import_areas
from tests import geometries

SINCE = date(2020, 1, 1)
STREET, COMMUNITY = "440105001", "440105001001"


def records(areas: dict[str, tuple]) -> list[AreaRecord]:
    """Records of code -> (name, polygon)."""
    return [AreaRecord(row, code, name, shape) for row, (code, (name, shape)) in enumerate(areas.items(), 1)]


def put_in_force(level: Level, areas: dict[str, tuple], valid_from: date = SINCE):
    """Import code -> (name, polygon)."""
    return import_areas(records=records(areas), level=level, valid_from=valid_from)


def four_units() -> None:
    """One street and one community, in four square units: 001 north west, 002 north east, 003, 004 south."""
    put_in_force(Level.STREET, {STREET: ("甲街道", geometries.WHOLE)})
    put_in_force(Level.COMMUNITY, {COMMUNITY: ("甲一社区", geometries.WHOLE)})
    squares = (geometries.NORTH_WEST, geometries.NORTH_EAST, geometries.SOUTH_WEST, geometries.SOUTH_EAST)
    put_in_force(
        Level.GRID, {f"{COMMUNITY}{n:03d}": (f"甲一第{n}网格", square) for n, square in enumerate(squares, 1)}
    )


def put_fabric_in_force(fabric: Fabric) -> None:
    """The schematic Haizhu, in force since 2020."""
    levels = {
        Level.DISTRICT: fabric.district,
        Level.STREET: fabric.streets,
        Level.COMMUNITY: fabric.communities,
        Level.GRID: fabric.units,
    }
    for level, areas in levels.items():
        put_in_force(level, {area.code: (area.name, area.geometry) for area in areas})
