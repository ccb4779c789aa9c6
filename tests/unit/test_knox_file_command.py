import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from maps.case_files import MEAN_RADIUS_M
from maps.errors import (
    BandsInvalid,
    CaseFileError,
    PermutationsInvalid,
    SeedInvalid,
    TooFewEvents,
    TooManyEvents,
)

ROOT = Path(__file__).resolve().parents[2]
HEADER = ["location", "x", "y", "date", "cases"]
DAY = np.datetime64("2026-01-01")


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return str(path)


def repeating_rows():
    """Three hundred places with one case; at sixty of them another three days later, some 50 m away."""
    random = np.random.default_rng(1)
    places, days = random.integers(0, 4000, (300, 2)), random.integers(0, 360, 300)
    for k, ((x, y), day) in enumerate(zip(places.tolist(), days.tolist(), strict=True)):
        yield f"a{k}", x, y, DAY + day, 1
        if k < 60:
            yield f"b{k}", x + 30, y + 40, DAY + day + 3, 1


@pytest.fixture
def cases(tmp_path):
    return write(tmp_path / "cases.csv", repeating_rows())


def run(*arguments):
    output = StringIO()
    call_command("knox_file", *arguments, stdout=output)
    return output.getvalue()


def as_json(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_cases_that_follow_each_other_nearby_are_found(cases):
    result = as_json(cases, "--coords", "metres", "--distances-m", "60,200", "--permutations", "199")
    assert (result["cases"], result["pairs"], result["permutations"]) == (360, 360 * 359 // 2, 199)
    first = result["bands"][0]
    assert (first["over_m"], first["to_m"], first["from_days"], first["to_days"]) == (None, 60, 0, 7)
    assert first["observed"] >= 60 > 20 > first["expected"]
    assert first["p"] == first["p_adjusted"] == 1 / 200
    assert [(band["from_days"], band["to_days"]) for band in result["bands"][3:]] == [
        (0, 7),
        (8, 14),
        (15, 28),
    ]
    (risk,) = result["risks"]
    assert (risk["over_m"], risk["to_m"], risk["days"]) == (None, 60, 7)
    assert risk["ratio"] == first["ratio"]


def test_several_cases_in_a_row_are_several_events_and_none_is_none(tmp_path):
    rows = [("a", 0, 0, "2026-03-02", 3), ("b", 5, 0, "2026-03-04", 1), ("c", 9, 0, "2025-01-01", 0)]
    path = write(tmp_path / "cases.csv", rows)
    result = as_json(path, "--coords", "metres", "--distances-m", "0,5", "--intervals-days", "0,2")
    assert (result["first_day"], result["last_day"], result["cases"]) == ("2026-03-02", "2026-03-04", 4)
    assert [band["observed"] for band in result["bands"]] == [3, 0, 0, 3]
    assert result["bands"][1]["near_pairs"] == 3 and result["bands"][2]["soon_pairs"] == 3
    assert result["bands"][0]["low"] is None


def test_longitudes_and_latitudes_are_metres_on_the_ground(tmp_path, cases):
    degree_m = np.pi * MEAN_RADIUS_M / 180
    rows = [
        (name, 113.3 + x / degree_m / np.cos(np.radians(23.08)), 23.08 + y / degree_m, day, count)
        for name, x, y, day, count in repeating_rows()
    ]
    options = "--distances-m", "60.5,201.5", "--permutations", "19"
    ground = as_json(write(tmp_path / "lonlat.csv", rows), "--coords", "lonlat", *options)
    plane = as_json(cases, "--coords", "metres", *options)
    # 4 km further north a degree of longitude is 0.03 % shorter.
    for one, other in zip(ground["bands"], plane["bands"], strict=True):
        assert one["observed"] == pytest.approx(other["observed"], abs=2)


def test_the_same_seed_gives_the_same_and_another_another(cases):
    options = cases, "--coords", "metres", "--permutations", "49"
    assert as_json(*options, "--seed", "3") == as_json(*options, "--seed", "3")
    means = [[band["permuted_mean"] for band in as_json(*options, "--seed", s)["bands"]] for s in "34"]
    assert means[0] != means[1]


def test_a_person_reads_the_risk_in_words(cases):
    text = run(cases, "--coords", "metres", "--distances-m", "60,200", "--permutations", "199")
    assert text.splitlines()[0].startswith("2026-01-")
    assert "一件发生后 7 天内,在 60 米内再发生的可能为平时的" in text
    assert "for 7 days after a case, others within 60 m are" in text
    elsewhere = run(cases, "--coords", "metres", "--distances-m", "0,60", "--permutations", "199")
    assert "within 60 m (not at the same place)" in elsewhere
    ring = run(cases, "--coords", "metres", "--distances-m", "40,60", "--permutations", "199")
    assert "40 to 60 m away" in ring and "在 40 至 60 米处" in ring


def test_nothing_found_is_said_and_the_same_place_is_named(tmp_path):
    rows = [(f"p{k % 40}", k % 40 * 1000, 0, DAY + k * 7, 1) for k in range(120)]
    text = run(write(tmp_path / "cases.csv", rows), "--coords", "metres", "--permutations", "19")
    assert "同一地点 / same place, 0–7 天 / days: 0," in text
    assert "没有发现近处重复 / no near repeats found" in text


@pytest.mark.parametrize(
    "options, error",
    [
        (["--distances-m", "far"], BandsInvalid),
        (["--distances-m", "200,100"], BandsInvalid),
        (["--distances-m", "nan"], BandsInvalid),
        (["--intervals-days", "7,"], BandsInvalid),
        (["--intervals-days", "1.5"], BandsInvalid),
        (["--permutations", "many"], PermutationsInvalid),
        (["--permutations", "0"], PermutationsInvalid),
        (["--permutations", "1_000"], PermutationsInvalid),
        (["--seed", "-1"], SeedInvalid),
        (["--coords", "wgs84"], CaseFileError),
    ],
)
def test_a_wrong_option_is_told(cases, options, error):
    with pytest.raises(error):
        run(cases, "--coords", "metres", *options)


def test_a_single_case_and_far_too_many_are_refused(tmp_path):
    with pytest.raises(TooFewEvents):
        run(write(tmp_path / "1.csv", [("a", 0, 0, "2026-01-01", 1)]), "--coords", "metres")
    with pytest.raises(TooManyEvents):
        rows = [(name, 0, 0, "2026-01-01", 600_000) for name in "ab"]
        run(write(tmp_path / "2.csv", rows), "--coords", "metres")


def test_wrong_input_is_one_line_and_exit_code_2(cases):
    command = [
        sys.executable,
        "manage.py",
        "knox_file",
        cases,
        "--coords",
        "metres",
        "--distances-m",
        "x",
        "--json",
    ]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (process.returncode, process.stdout) == (2, "")
    (line,) = process.stderr.splitlines()
    assert "界限 x 无效" in line and "Bounds x are not valid" in line
