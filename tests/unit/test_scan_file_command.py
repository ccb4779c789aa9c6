import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from maps.errors import (
    CaseFileError,
    CasesWithoutPeople,
    NobodyLivesThere,
    OneDayOnly,
    OnePlaceOnly,
    RadiusInvalid,
    ReplicationsInvalid,
    ScanModelUnknown,
    ScanOptionUnused,
    ScanPopulationMissing,
    ScanTooLarge,
    SeedInvalid,
    WindowInvalid,
)

FIRST = date(2026, 1, 1)
DAYS = 40
NEEDED = ["--coords", "metres", "--max-radius-m", "250", "--max-days", "7", "--replications", "99"]
PERMUTATION = ["--model", "permutation", *NEEDED]


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def write_cases(path, rows):
    columns = [(name, x, 0, (FIRST + timedelta(day)).isoformat(), n) for name, x, day, n in rows]
    return write(path, ["location", "x", "y", "date", "cases"], columns)


def quiet():
    return [(f"p{k}", k * 100, day, 1) for k in range(10) for day in range(DAYS)]


@pytest.fixture
def cases(tmp_path):
    """Ten places in a row, one case a day at each, and 24 more at the first two on the last two days."""
    outbreak = [(f"p{k}", k * 100, DAYS - day, 6) for k in (0, 1) for day in (1, 2)]
    return write_cases(tmp_path / "cases.csv", quiet() + outbreak)


@pytest.fixture
def people(tmp_path):
    def run(numbers):
        rows = [(f"p{k}", number) for k, number in enumerate(numbers)]
        return write(tmp_path / "people.csv", ["location", "population"], rows)

    return run


def run(*arguments):
    output = StringIO()
    call_command("scan_file", *arguments, stdout=output)
    return output.getvalue()


def as_json(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_cluster_is_told_with_names_and_dates(cases):
    result = as_json(cases, *PERMUTATION)
    cluster = result["clusters"][0]
    assert (result["cases"], result["locations"], result["prospective"]) == (424, 10, True)
    assert set(cluster["locations"]) == {"p0", "p1"}
    assert (cluster["first_day"], cluster["last_day"]) == ("2026-02-08", "2026-02-09")
    # 104 of the 424 cases are of these places, 44 of these days.
    assert (cluster["observed"], cluster["expected"]) == (28, pytest.approx(104 * 44 / 424))
    assert cluster["p"] == 0.01 and cluster["recurrence_days"] == pytest.approx(1 / cluster["p_gumbel"])


def test_the_same_seed_gives_the_same_answer(cases):
    one, same, other = (as_json(cases, *PERMUTATION, "--seed", seed) for seed in ("1", "1", "2"))
    assert one["clusters"] == same["clusters"] != other["clusters"]


def test_people_read_the_clusters_as_lines(cases):
    text = run(cases, *PERMUTATION)
    assert "424" in text and "2026-02-08 – 2026-02-09, 100 m: p0, p1" in text
    assert "once in > 36500 days" in text


def test_people_are_not_shown_what_may_well_be_chance(tmp_path):
    path = write_cases(tmp_path / "cases.csv", [*quiet(), ("p4", 400, DAYS - 1, 1)])
    assert as_json(path, *PERMUTATION)["clusters"]
    text = run(path, *PERMUTATION)
    assert "没有发现聚集" in text and "1 more may well be chance" in text


def test_poisson_compares_with_the_population(cases, people):
    population = people([1] * 9 + [9])
    result = as_json(cases, "--model", "poisson", "--population", population, *NEEDED)
    assert result["clusters"] and all("p9" not in cluster["locations"] for cluster in result["clusters"])


def test_a_retrospective_scan_finds_what_is_over(tmp_path):
    path = write_cases(tmp_path / "cases.csv", [*quiet(), ("p4", 400, 9, 9)])
    (cluster, *_) = as_json(path, *PERMUTATION, "--retrospective")["clusters"]
    assert (cluster["locations"], cluster["first_day"], cluster["last_day"]) == (
        ["p4"],
        "2026-01-10",
        "2026-01-10",
    )
    assert all(
        c["last_day"] == "2026-02-09" for c in as_json(path, *PERMUTATION, "--prospective")["clusters"]
    )


def test_nothing_to_report_is_said(tmp_path):
    path = write_cases(tmp_path / "cases.csv", quiet())
    assert as_json(path, *PERMUTATION)["clusters"] == []
    assert "没有发现聚集" in run(path, *PERMUTATION)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--model", "bernoulli"], ScanModelUnknown),
        (["--model", "poisson"], ScanPopulationMissing),
        (["--population", "people.csv"], ScanOptionUnused),
        (["--coords", "utm"], CaseFileError),
        *[(["--max-radius-m", text], RadiusInvalid) for text in ("0", "-5", "nan", "far", "inf")],
        *[(["--max-days", text], WindowInvalid) for text in ("0", "1.5", "99999", "week", "9" * 5000)],
        *[(["--replications", text], ReplicationsInvalid) for text in ("0", "8", "1e3", "1_000")],
        *[(["--seed", text], SeedInvalid) for text in ("-1", "x")],
    ],
)
def test_wrong_options_are_refused(cases, arguments, error):
    with pytest.raises(error):
        run(cases, *PERMUTATION, *arguments)


def test_a_population_that_does_not_fit_is_refused(cases, people):
    poisson = ["--model", "poisson", *NEEDED, "--population"]
    with pytest.raises(NobodyLivesThere):
        run(cases, *poisson, people([0] * 10))
    with pytest.raises(CasesWithoutPeople, match="p3"):
        run(cases, *poisson, people([1, 1, 1, 0, 1, 1, 1, 1, 1, 1]))
    with pytest.raises(ScanOptionUnused, match="weekdays"):
        run(cases, *poisson, people([1] * 10), "--weekdays")


def test_what_cannot_be_compared_is_refused(tmp_path):
    path = tmp_path / "cases.csv"
    with pytest.raises(OnePlaceOnly, match="p1"):
        run(write_cases(path, [("p0", 0, 0, 0), *[("p1", 100, day, 2) for day in range(9)]]), *PERMUTATION)
    with pytest.raises(OneDayOnly, match="2026-01-04"):
        run(write_cases(path, [("p0", 0, 3, 4), ("p1", 100, 3, 2), ("p1", 100, 5, 0)]), *PERMUTATION)
    many = [(f"p{k}", k / 1000, k % 2, 1) for k in range(5000)]
    with pytest.raises(ScanTooLarge):
        run(write_cases(path, many), *PERMUTATION)
