"""What becomes of found clusters, worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maps.warning_rules import (
    LEAST_BASELINE_CASES,
    Finding,
    Seen,
    continued,
    groups_to_scan,
    least_recurrence_days,
    smallest_area,
    tell_once,
)

DISTRICT, STREET, OTHER_STREET = "440105", "440105001", "440105002"
A, B, C = "440105001001001", "440105001001002", "440105001002001"
D = "440105002001001"
TODAY = date(2026, 3, 2)
ENOUGH = LEAST_BASELINE_CASES


def found(units: str, group: str = "", recurrence: float = 5000, area: str = STREET, **changes) -> Finding:
    """A cluster of the last five days in units named by letters, 20 cases where 5 were expected."""
    facts = {
        "area_code": area,
        "category_group": group,
        "units": frozenset({"A": A, "B": B, "C": C, "D": D}[letter] for letter in units),
        "radius_m": 200.0,
        "first_day": TODAY - timedelta(days=4),
        "last_day": TODAY,
        "observed": 20,
        "expected": 5.0,
        "llr": 10.0,
        "recurrence_days": recurrence,
    }
    return Finding(**facts | changes)


def seen(warning_id: int, units: str, group: str = "", days_ago: int = 1, days: int = 5) -> Seen:
    """A warning as it was some days ago, its cluster `days` long then."""
    last = TODAY - timedelta(days=days_ago)
    return Seen(warning_id, last, group, found(units).units, last - timedelta(days=days - 1), last)


@pytest.mark.parametrize(
    ("baseline", "groups"),
    [
        ({}, ("",)),
        ({"04": ENOUGH - 1}, ("",)),
        ({"07": ENOUGH + 50, "04": ENOUGH, "02": 0}, ("", "04", "07")),
    ],
)
def test_all_groups_together_are_scanned_and_each_that_had_enough_cases_before(baseline, groups):
    assert groups_to_scan(baseline) == groups


def test_all_scans_of_an_area_share_one_false_warning_in_so_many_weeks():
    assert least_recurrence_days(26, 1) == 182
    assert least_recurrence_days(26, 8) == 8 * 182
    # The chance of each of the eight a day adds up to one day in 26 weeks.
    assert 8 / least_recurrence_days(26, 8) == pytest.approx(1 / 182)


@pytest.mark.parametrize(
    ("units", "area"),
    [([A], STREET), ([A, B], STREET), ([A, C], STREET), ([A, D], DISTRICT), ([D], OTHER_STREET)],
)
def test_a_cluster_belongs_to_the_street_that_holds_it_or_else_to_the_district(units, area):
    assert smallest_area(units) == area


ALONE = {"observed": 18, "expected": 2.0}
TELL = {
    "nothing": ([], []),
    "one": ([found("AB")], [("AB", "", STREET)]),
    "street and district found the same": (
        [found("AB", recurrence=4000), found("AB", recurrence=9000, area=DISTRICT)],
        [("AB", "", STREET)],
    ),
    "the longer interval is told": (
        [found("A", recurrence=4000), found("AB", recurrence=9000, area=DISTRICT)],
        [("AB", "", STREET)],
    ),
    "across two streets it is the district's": (
        [found("A", recurrence=4000), found("AD", recurrence=9000, area=DISTRICT)],
        [("AD", "", DISTRICT)],
    ),
    "far apart they are two": (
        [found("A", recurrence=4000), found("D", recurrence=9000, area=OTHER_STREET)],
        [("D", "", OTHER_STREET), ("A", "", STREET)],
    ),
    "two groups in one place are two": (
        [found("A", "04", recurrence=4000), found("AB", "07", recurrence=9000)],
        [("AB", "07", STREET), ("A", "04", STREET)],
    ),
    "a group with the longer interval is told": (
        [found("AB", recurrence=4000), found("AB", "04", recurrence=9000)],
        [("AB", "04", STREET)],
    ),
    "a group that explains it alone is told, though less striking": (
        [found("AB", recurrence=9000), found("B", "04", recurrence=4000, **ALONE)],
        [("B", "04", STREET)],
    ),
    "a group that does not is part of it": (
        [found("AB", recurrence=9000), found("A", "04", recurrence=4000, observed=12, expected=1.0)],
        [("AB", "", STREET)],
    ),
    "two that do not either are parts of it": (
        [
            found("AB", recurrence=9000),
            found("A", "04", recurrence=4000, observed=10, expected=1.0),
            found("B", "07", recurrence=4000, observed=8, expected=1.0),
        ],
        [("AB", "", STREET)],
    ),
    "one group instead of all of them leaves room for another": (
        [
            found("AB", recurrence=9000),
            found("A", "04", recurrence=8000, **ALONE),
            found("A", "07", recurrence=7000),
        ],
        [("A", "04", STREET), ("A", "07", STREET)],
    ),
}


@pytest.mark.parametrize(("findings", "told"), TELL.values(), ids=TELL)
def test_each_cluster_is_told_once(findings, told):
    expected = [(found(units).units, group, area) for units, group, area in told]
    for order in (findings, findings[::-1]):
        assert [(one.units, one.category_group, one.area_code) for one in tell_once(order)] == expected


CONTINUED = {
    "nothing before": ([found("A")], [], [None]),
    "the same units, yesterday": ([found("AB")], [seen(1, "AB")], [1]),
    "one unit in common": ([found("AB")], [seen(1, "BC")], [1]),
    "none in common": ([found("A")], [seen(1, "B")], [None]),
    "another group": ([found("A", "04")], [seen(1, "A", "07")], [None]),
    "all groups yesterday, one today": ([found("A", "04")], [seen(1, "A")], [1]),
    "one yesterday, all today": ([found("A")], [seen(1, "A", "04")], [1]),
    "periods that meet": ([found("A")], [seen(1, "A", days_ago=5)], [1]),
    "periods with a day between": ([found("A")], [seen(1, "A", days_ago=6)], [None]),
    "the same day": ([found("A")], [seen(1, "A", days_ago=0)], [1]),
    "the day after, which was run before": ([found("A")], [seen(1, "A", days_ago=-1)], [1]),
    "the same group first": ([found("A", "04")], [seen(1, "A"), seen(2, "AB", "04")], [2]),
    "the larger part first": ([found("ABC")], [seen(1, "A"), seen(2, "BC")], [2]),
    "the nearer day first": ([found("A")], [seen(1, "A", days_ago=2), seen(2, "A", days_ago=1)], [2]),
    "the older warning first": ([found("A")], [seen(2, "A"), seen(1, "A")], [1]),
    "split in two, one is new": ([found("A"), found("BC")], [seen(1, "ABC")], [None, 1]),
    "grown together, one ends": ([found("ABC")], [seen(1, "A"), seen(2, "BC")], [2]),
    "each its own": ([found("A", "04"), found("A", "07")], [seen(1, "A", "07"), seen(2, "A", "04")], [2, 1]),
    "seen on several days": ([found("A")], [seen(1, "A", days_ago=n) for n in (1, 2, 3)], [1]),
}


@pytest.mark.parametrize(("told", "before", "warnings"), CONTINUED.values(), ids=CONTINUED)
def test_a_cluster_continues_one_warning_or_none(told, before, warnings):
    assert continued(told, before, TODAY) == warnings
    assert continued(told, before[::-1], TODAY) == warnings


def test_told_twice_is_told_the_same():
    findings = [found("AB", recurrence=9000), found("A", "04", recurrence=8000), found("D", area=DISTRICT)]
    once = tell_once(findings)
    assert tell_once(once) == once
    assert tell_once([*findings, replace(findings[0], area_code=DISTRICT)]) == once
