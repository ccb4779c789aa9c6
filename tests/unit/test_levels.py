"""Levels, codes and parents."""

import pytest

from grids.hierarchy import Level, code_at, level_of, lowest_common_area, parent_code

UNIT = "440105001002003"


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (UNIT, Level.GRID),
        (UNIT[:12], Level.COMMUNITY),
        (UNIT[:9], Level.STREET),
        (UNIT[:6], Level.DISTRICT),
    ],
)
def test_the_length_of_a_code_is_its_level(code, level):
    assert level_of(code) is level
    assert code_at(UNIT, level) == code


@pytest.mark.parametrize("code", ["", "4401", "4401050", UNIT + "1", "44010X", "440105\n", "44010５"])
def test_what_is_no_code_has_no_level(code):
    with pytest.raises(ValueError, match="is not an area code"):
        level_of(code)


def test_levels_are_above_and_below_each_other():
    assert [level.rank for level in Level] == [0, 1, 2, 3]
    for lower, upper in [("grid", "community"), ("community", "street"), ("street", "district")]:
        assert Level(lower).above is Level(upper)
        assert Level(upper).below is Level(lower)
    assert Level.DISTRICT.above is None
    assert Level.GRID.below is None


def test_a_parent_is_one_level_up_and_the_district_has_none():
    assert parent_code(UNIT) == UNIT[:12]
    assert parent_code(UNIT[:6]) is None


def test_no_unit_is_named_by_the_code_of_a_street():
    with pytest.raises(ValueError, match="above level grid"):
        code_at(UNIT[:9], Level.GRID)


@pytest.mark.parametrize(
    ("codes", "area"),
    [
        ([UNIT], UNIT),
        ([UNIT, UNIT], UNIT),
        ([UNIT, "440105001002004"], "440105001002"),
        # Their first 14 digits agree; that is no level.
        ([UNIT, "440105001002013"], "440105001002"),
        ([UNIT, "440105001003001"], "440105001"),
        ([UNIT, "440105002002003"], "440105"),
        ([UNIT, "440105001"], "440105001"),
        ([UNIT, "440105001002004", "440105001009001"], "440105001"),
    ],
)
def test_the_lowest_common_area_holds_all(codes, area):
    assert lowest_common_area(codes) == area


@pytest.mark.parametrize("codes", [[], [UNIT, "440106001002003"]])
def test_without_a_common_district_there_is_no_common_area(codes):
    with pytest.raises(ValueError, match=" / "):
        lowest_common_area(codes)
