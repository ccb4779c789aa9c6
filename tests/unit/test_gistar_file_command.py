import csv
import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from maps.errors import (
    AlphaInvalid,
    CaseFileError,
    NobodyLivesThere,
    PopulationMissing,
    RadiusInvalid,
    TooManyNeighbours,
)

SIDE = 9
MIDDLE = "r4c4"


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def case_rows(middle, elsewhere=4):
    """Nine by nine places, 100 m apart; `middle` cases on one day at the middle and its four neighbours."""
    for row in range(SIDE):
        for column in range(SIDE):
            near = abs(row - 4) + abs(column - 4) <= 1
            count = middle if near else elsewhere + (row * 5 + column * 3) % 3 - 1
            yield f"r{row}c{column}", column * 100, row * 100, "2026-01-05", count


@pytest.fixture
def cases(tmp_path):
    return write(tmp_path / "cases.csv", ["location", "x", "y", "date", "cases"], case_rows(12))


def run(*arguments):
    output = StringIO()
    call_command("gistar_file", *arguments, stdout=output)
    return output.getvalue()


def as_json(*arguments):
    return json.loads(run(*arguments, "--json"))


def place(result, name):
    return next(place for place in result["places"] if place["location"] == name)


def test_the_middle_of_many_cases_is_hot_and_says_why(cases):
    result = as_json(cases, "--coords", "metres", "--radius-m", "100")
    assert (result["locations"], result["measure"], result["alone"]) == (81, "cases", 0)
    middle = place(result, MIDDLE)
    assert middle["spot"] == "hot"
    assert (middle["cases"], middle["neighbours"], middle["observed_around"]) == (12, 4, 60)
    assert middle["expected_around"] == pytest.approx(result["cases"] * 5 / 81)
    assert middle["few"] is False
    assert place(result, "r0c0")["spot"] is None
    assert result["hot"] == sum(place["spot"] == "hot" for place in result["places"])


def test_days_of_one_place_are_added_up(tmp_path):
    rows = [*case_rows(6), *((*row[:3], "2026-02-01", row[4]) for row in case_rows(6))]
    path = write(tmp_path / "days.csv", ["location", "x", "y", "date", "cases"], rows)
    result = as_json(path, "--coords", "metres", "--radius-m", "100")
    assert place(result, MIDDLE)["cases"] == 12
    assert (result["first_day"], result["last_day"]) == ("2026-01-05", "2026-02-01")


def test_where_more_people_live_more_cases_are_no_hotspot(tmp_path, cases):
    people = ((row[0], row[4] * 100) for row in case_rows(12))
    population = write(tmp_path / "people.csv", ["location", "population"], people)
    result = as_json(cases, "--coords", "metres", "--radius-m", "100", "--population", population)
    assert (result["measure"], result["hot"], result["cold"]) == ("smoothed_rates", 0, 0)
    middle = place(result, MIDDLE)
    assert middle["smoothed_rate"] == pytest.approx(0.01)
    assert middle["expected_around"] == pytest.approx(60)


def test_longitudes_and_latitudes_are_metres_on_the_ground(tmp_path):
    degree_m = np.pi * 6_371_008.8 / 180
    rows = [
        (name, 113.3 + x / degree_m / np.cos(np.radians(23.08)), 23.08 + y / degree_m, day, count)
        for name, x, y, day, count in case_rows(12)
    ]
    path = write(tmp_path / "lonlat.csv", ["location", "x", "y", "date", "cases"], rows)
    result = as_json(path, "--coords", "lonlat", "--radius-m", "101")
    assert place(result, MIDDLE)["neighbours"] == 4
    assert place(result, MIDDLE)["spot"] == "hot"


def test_small_counts_are_said_to_be_small(tmp_path):
    rows = [
        (*row[:4], 3 if row[0] == MIDDLE else int(row[0] in ("r0c0", "r3c4", "r4c3"))) for row in case_rows(0)
    ]
    path = write(tmp_path / "few.csv", ["location", "x", "y", "date", "cases"], rows)
    arguments = path, "--coords", "metres", "--radius-m", "100", "--alpha", "0.9"
    assert place(as_json(*arguments), MIDDLE)["few"] is True
    assert "数量少,仅供参考 / small counts" in run(*arguments)


def test_places_without_neighbours_are_counted(cases):
    assert as_json(cases, "--coords", "metres", "--radius-m", "99")["alone"] == 81


def test_a_person_reads_the_hottest_first(cases):
    lines = run(cases, "--coords", "metres", "--radius-m", "100").splitlines()
    assert lines[0] == ("2026-01-05 – 2026-01-05: 362 件,81 个地点 / 362 cases, 81 locations")
    assert lines[2].startswith(f"{MIDDLE}: 热点 / hot, 周围 / around 60, 预期 / expected")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--coords", "metres"], RadiusInvalid),
        (["--coords", "metres", "--radius-m", "far"], RadiusInvalid),
        (["--coords", "metres", "--radius-m", "0"], RadiusInvalid),
        (["--coords", "metres", "--radius-m", "nan"], RadiusInvalid),
        (["--coords", "metres", "--radius-m", "inf"], RadiusInvalid),
        (["--coords", "metres", "--radius-m", "100", "--alpha", "5"], AlphaInvalid),
        (["--coords", "wgs84", "--radius-m", "100"], CaseFileError),
        (["--radius-m", "100"], CaseFileError),
    ],
)
def test_a_wrong_option_is_told(cases, options, error):
    with pytest.raises(error):
        run(cases, *options)


def test_a_wrong_population_is_told(tmp_path, cases):
    options = cases, "--coords", "metres", "--radius-m", "100", "--population"
    nobody = write(tmp_path / "0.csv", ["location", "population"], ((row[0], 0) for row in case_rows(1)))
    with pytest.raises(NobodyLivesThere):
        run(*options, nobody)
    lacking = write(tmp_path / "1.csv", ["location", "population"], [(MIDDLE, 10)])
    with pytest.raises(PopulationMissing):
        run(*options, lacking)


def test_a_radius_around_everything_is_refused(tmp_path):
    rows = ((f"p{k}", k, 0, "2026-01-05", 1) for k in range(5_000))
    path = write(tmp_path / "many.csv", ["location", "x", "y", "date", "cases"], rows)
    with pytest.raises(TooManyNeighbours):
        run(path, "--coords", "metres", "--radius-m", "9000")
