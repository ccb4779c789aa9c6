from datetime import date

import numpy as np
import pytest

from grids.errors import DomainError, FileMissing
from maps import case_files as module
from maps.case_files import read_case_file, read_population_file
from maps.errors import (
    CaseColumnsMissing,
    CaseCountInvalid,
    CaseDateInvalid,
    CasePlaceInvalid,
    CasePlaceMoved,
    CasePlacesSwapped,
    CaseTextUnreadable,
    CoordsUnknown,
    LocationUnnamed,
    NoCasesInFile,
    PopulationInvalid,
    PopulationMissing,
    PopulationOfUnknown,
    PopulationTwice,
    TooManyRows,
)

HEADER = "location,x,y,date,cases"
GOOD = "甲,113.30,23.10,2026-01-31,2"


@pytest.fixture
def read(tmp_path):
    """Read the lines of a file of cases."""

    def run(*lines, header=HEADER, encoding="utf-8", coords="lonlat"):
        path = tmp_path / "cases.csv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return read_case_file(path, coords=coords)

    return run


@pytest.fixture
def population(tmp_path):
    def run(*lines, locations=("a", "b")):
        path = tmp_path / "population.csv"
        path.write_text("\n".join(["location,population,date", *lines, ""]))
        return read_population_file(path, locations).tolist()

    return run


# Reading ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_become_arrays_in_any_encoding_that_a_spreadsheet_writes(read, encoding):
    file = read(GOOD, "乙,113.4,23.1,2026/2/1,0", "甲,113.3,23.1,2026-02-03,1", encoding=encoding)
    assert file.locations == ("甲", "乙")
    assert (file.first_day, file.last_day) == (date(2026, 1, 31), date(2026, 2, 3))
    assert [file.location.tolist(), file.day.tolist(), file.cases.tolist()] == [
        [0, 1, 0],
        [0, 1, 3],
        [2, 0, 1],
    ]


def test_metres_stay_as_they_are(read):
    assert read("a,1.5,-2,2026-01-31,1", coords="metres").points_m.tolist() == [[1.5, -2]]


def test_degrees_become_places_whose_straight_distances_are_those_on_the_ground(read):
    file = read("a,113,23,2026-01-31,1", "b,113,23.5,2026-01-31,1", "c,113.9,23,2026-01-31,1")
    north, east = np.linalg.norm(file.points_m[1:] - file.points_m[0], axis=1)
    assert file.points_m.shape == (3, 3)
    assert north == pytest.approx(module.MEAN_RADIUS_M * np.radians(0.5), abs=1)
    # Haversine: 2 R asin(cos 23° sin 0.45°).
    arc = 2 * module.MEAN_RADIUS_M * np.arcsin(np.cos(np.radians(23)) * np.sin(np.radians(0.45)))
    assert east == pytest.approx(arc, abs=1)


def test_columns_may_be_in_any_order_among_others_and_blank_lines_between(read):
    file = read("9,2026-01-31,1,,2,a,3", "", header="id,Date,Y,note,X,Location,CASES", coords="metres")
    assert (file.locations, file.points_m.tolist(), file.cases.tolist()) == (("a",), [[2, 1]], [3])


def test_a_file_is_read_in_parts(read, monkeypatch):
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 2)
    lines = [f"p{k % 3},{k % 3},0,2026-01-{k + 10},{k}" for k in range(7)]
    file = read(*lines, coords="metres")
    assert file.location.tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert (file.day.tolist(), file.cases.tolist()) == ([*range(7)], [*range(7)])
    with pytest.raises(CasePlaceMoved, match="line 9"):
        read(*lines, "p1,5,0,2026-01-31,1", coords="metres")


# Refusing ---------------------------------------------------------------------------------------
WRONG_DATES = ["", "2026-02-30", "31.1.2026", "20260131"]
WRONG_COUNTS = ["", "-1", "1.5", "二", "inf", "1e9"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (",113.3,23.1,2026-01-31,2", LocationUnnamed),
        ("乙", CasePlaceInvalid),
        ("乙,东,23.1,2026-01-31,2", CasePlaceInvalid),
        ("乙,nan,23.1,2026-01-31,2", CasePlaceInvalid),
        ("乙,181,23.1,2026-01-31,2", CasePlaceInvalid),
        ("乙,True,23.1,2026-01-31,2", CasePlaceInvalid),
        ("乙,23.1,113.3,2026-01-31,2", CasePlacesSwapped),
        ("甲,113.31,23.1,2026-01-31,2", CasePlaceMoved),
        *[(f"乙,113.3,23.1,{text},2", CaseDateInvalid) for text in WRONG_DATES],
        *[(f"乙,113.3,23.1,2026-01-31,{text}", CaseCountInvalid) for text in WRONG_COUNTS],
    ],
)
def test_a_wrong_line_is_named(read, line, error):
    with pytest.raises(error, match=r"第 4 行.*line 4"):
        read(GOOD, "", line, GOOD)


def test_the_first_of_several_wrong_lines_is_named(read):
    with pytest.raises(CaseCountInvalid, match="line 3"):
        read(GOOD, *["乙,113.3,23.1,2026-01-31,x"] * 3)


@pytest.mark.parametrize("lines", [[], ["", ""], ["甲,113.3,23.1,2026-01-31,0"]])
def test_a_file_without_a_case_is_refused(read, lines):
    with pytest.raises(NoCasesInFile):
        read(*lines)


def test_a_file_that_is_no_table_of_cases_is_refused(read, tmp_path):
    with pytest.raises(CaseColumnsMissing, match="cases"):
        read(GOOD, header="location,x,y,date,number")
    with pytest.raises(CoordsUnknown):
        read(GOOD, coords="utm")
    with pytest.raises(FileMissing):
        read_case_file(tmp_path / "none.csv", coords="metres")
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(CaseTextUnreadable):
        read_case_file(path, coords="metres")
    path.write_bytes(b"")
    with pytest.raises(CaseColumnsMissing):
        read_case_file(path, coords="metres")


def test_an_unclosed_quotation_mark_is_refused(read):
    with pytest.raises(DomainError):
        read(GOOD, '"乙,113.3,23.1,2026-01-31,2', GOOD)


def test_more_rows_than_can_be_read_are_refused(read, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 2)
    with pytest.raises(TooManyRows):
        read(GOOD, GOOD, GOOD)


# Population -------------------------------------------------------------------------------------
def test_population_is_in_the_order_of_the_locations(population):
    assert population("b,7.5,", "a,0,2025", "b,7.5,2026") == [0, 7.5]


@pytest.mark.parametrize(
    ("lines", "error", "place"),
    [
        (["a,1,", "b,-1,"], PopulationInvalid, "line 3"),
        (["a,1,", "b,,"], PopulationInvalid, "line 3"),
        (["a,1,", "c,1,"], PopulationOfUnknown, "line 3: location c"),
        (["a,1,", "b,1,", "a,2,"], PopulationTwice, "line 4: location a"),
        (["a,1,"], PopulationMissing, "such as b"),
    ],
)
def test_a_wrong_population_is_named(population, lines, error, place):
    with pytest.raises(error, match=place):
        population(*lines)
