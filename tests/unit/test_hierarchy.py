import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level, code_at, level_of, lowest_common_area, parent_code

UNIT = "440105001002003"


@pytest.mark.parametrize(
    ("code", "level"),
    [("440105", "district"), ("440105001", "street"), ("440105001002", "community"), (UNIT, "grid")],
)
def test_the_length_of_a_code_tells_its_level(code, level):
    assert level_of(code) is Level(level)


@pytest.mark.parametrize(
    "code", ["", "44010", "4401050012", "44010500100200a", "٤٤٠١٠٥", "４４０１０５", UNIT + "0"]
)
def test_other_codes_have_no_level(code):
    with pytest.raises(ValueError, match="区划代码"):
        level_of(code)


def test_levels_know_who_is_above_and_below():
    assert [level.above for level in Level] == [Level.COMMUNITY, Level.STREET, Level.DISTRICT, None]
    assert [level.below for level in Level] == [None, Level.GRID, Level.COMMUNITY, Level.STREET]


def test_a_parent_is_a_prefix():
    assert parent_code(UNIT) == "440105001002"
    assert parent_code("440105") is None


def test_the_area_at_a_level_holds_the_code():
    assert code_at(UNIT, Level.STREET) == "440105001"
    assert code_at(UNIT, Level.GRID) == UNIT
    with pytest.raises(ValueError, match="高于"):
        code_at("440105001", Level.GRID)


@pytest.mark.parametrize(
    ("codes", "lowest"),
    [
        ([UNIT], UNIT),
        ([UNIT, UNIT], UNIT),
        ([UNIT, "440105001002004"], "440105001002"),
        ([UNIT, "440105001003003"], "440105001"),
        ([UNIT, "440105002002003"], "440105"),
        ([UNIT, "440105001002"], "440105001002"),
        # A shared digit within a part of the code is no shared area.
        (["440105001002013", "440105001002019"], "440105001002"),
    ],
)
def test_the_lowest_common_area_is_the_smallest_that_holds_all(codes, lowest):
    assert lowest_common_area(codes) == lowest


@pytest.mark.parametrize("codes", [[], ["440105001", "440106001"]])
def test_areas_of_two_districts_have_no_common_area(codes):
    with pytest.raises(ValueError, match="/"):
        lowest_common_area(codes)


UNITS = st.builds("440105{:03d}{:03d}{:03d}".format, *[st.integers(0, 3)] * 3)


@given(st.lists(UNITS, min_size=1, max_size=5))
def test_every_code_lies_in_the_lowest_common_area_and_in_no_smaller_one(codes):
    common = lowest_common_area(codes)
    assert all(code.startswith(common) for code in codes)
    assert common in {codes[0][:length] for length in (6, 9, 12, 15)}
    longer = codes[0][: len(common) + 3]
    assert longer == common or not all(code.startswith(longer) for code in codes)
