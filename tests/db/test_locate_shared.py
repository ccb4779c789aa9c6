"""The server meets the table that the phone meets too (tests/browser/test_locate_offline.py)."""

import pytest
import shapely

from grids.errors import PointOutsideDistrict
from grids.hierarchy import Level
from grids.locate import locate_point
from tests.factories.areas import COMMUNITY, STREET, put_fabric_in_force, put_in_force
from tests.locate_cases import SMALL_TERRITORY, Case, difference, haizhu_cases, small_cases

pytestmark = pytest.mark.django_db


def server_answer(case: Case) -> dict:
    try:
        found = locate_point(case.lon, case.lat, datum=case.datum, accuracy_m=case.accuracy_m)
    except PointOutsideDistrict as refused:
        return {
            "outside": True,
            "nearest": refused.facts["nearest_code"],
            "distance_m": refused.facts["distance_m"],
        }
    return {
        "grid_unit": found.grid_unit.code,
        "certain": found.certain,
        "candidates": [(each.code, each.share) for each in found.candidates],
        "outside_share": found.outside_share,
    }


def test_the_server_finds_the_shared_cases_with_a_hole_and_with_two_parts():
    whole = shapely.union_all(list(SMALL_TERRITORY.values()))
    put_in_force(Level.STREET, {STREET: ("甲街道", whole)})
    put_in_force(Level.COMMUNITY, {COMMUNITY: ("甲一社区", whole)})
    units = {code: (f"网格{code[-3:]}", shape) for code, shape in SMALL_TERRITORY.items()}
    put_in_force(Level.GRID, units)
    assert [text for case in small_cases() if (text := difference(case, server_answer(case)))] == []


def test_the_server_finds_the_shared_cases_of_haizhu(fabric):
    put_fabric_in_force(fabric)
    assert [text for case in haizhu_cases(fabric) if (text := difference(case, server_answer(case)))] == []
