"""What becomes of the clusters that the scans of one day found. Pure.

How striking a cluster must be, so that a street centre is warned for nothing once in so many weeks; which
clusters are one and the same; and which of them were there before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from grids.hierarchy import Level, code_at, level_of, lowest_common_area

# All category groups together.
ALL_GROUPS = ""
# A group with fewer cases than this in the baseline has no pattern from which it could depart.
LEAST_BASELINE_CASES = 30
# A group explains a cluster of all groups alone when it makes up this share of the excess.
EXPLAINING_SHARE = 0.75
DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Finding:
    """A cluster as a scan of `area_code` found it: more cases than `expected` in `units`, first to last day.

    Looking once a day while nothing is going on, one scan finds something as striking once in
    `recurrence_days`.
    """

    area_code: str
    category_group: str
    units: frozenset[str]
    radius_m: float
    first_day: date
    last_day: date
    observed: int
    expected: float
    llr: float
    recurrence_days: float

    @property
    def excess(self) -> float:
        return self.observed - self.expected


@dataclass(frozen=True)
class Seen:
    """What the warning `warning_id` was on a day near today: `day` says which."""

    warning_id: int
    day: date
    category_group: str
    units: frozenset[str]
    first_day: date
    last_day: date


def groups_to_scan(baseline_cases: Mapping[str, int]) -> tuple[str, ...]:
    """All groups together, then each with enough `baseline_cases`: those from before the window of the scan.

    The window is left out so that an excess does not decide by how many scans it is judged. A group that
    hardly ever occurred is still among all groups together.
    """
    enough = sorted(group for group, cases in baseline_cases.items() if cases >= LEAST_BASELINE_CASES)
    return (ALL_GROUPS, *enough)


def least_recurrence_days(weeks_per_false_warning: int, scans: int) -> float:
    """The recurrence interval that a cluster must exceed to be a warning, in days.

    A scan in which nothing is going on exceeds an interval of R days with probability 1 / R a day. The area's
    `scans` of a day together exceed it on at most scans / R of the days, however much they have in common
    (Boole's inequality). So with R = 7 × weeks × scans there is a false warning once in so many weeks or less
    often: less often because the scans of an area find the same things, and because a false cluster that is
    still there tomorrow is the same warning. What the district's scans add falls on one of its streets.
    """
    return float(DAYS_IN_WEEK * weeks_per_false_warning * scans)


# One cluster, one warning -----------------------------------------------------------------------
def tell_once(findings: Iterable[Finding]) -> list[Finding]:
    """Each cluster of one day once, the most striking first.

    Two findings are one cluster when they share a unit and may be about the same cases: the same group, or
    one of them is about all groups. The one with the longest recurrence interval is told, for the smallest
    area, street or district, that holds its units. But where one group alone explains a cluster of all
    groups, that group is told: it says what to do. Two groups in the same place are two clusters.
    """
    told: list[Finding] = []
    for finding in sorted(findings, key=_rank):
        same = [index for index, other in enumerate(told) if _is_same(finding, other)]
        if not same:
            told.append(finding)
        elif len(same) == 1 and _explains(finding, told[same[0]]):
            told[same[0]] = finding
    return [replace(finding, area_code=smallest_area(finding.units)) for finding in told]


def smallest_area(units: Collection[str]) -> str:
    """Code of the street, or else the district, that holds all of `units`."""
    shared = lowest_common_area(units)
    return code_at(shared, Level.STREET) if level_of(shared).rank < Level.STREET.rank else shared


def _rank(finding: Finding) -> tuple:
    """The rest only so that the order is always the same, one group and smaller areas first."""
    return (
        -finding.recurrence_days, -finding.llr, finding.category_group == ALL_GROUPS, finding.category_group,
        -len(finding.area_code), finding.area_code, sorted(finding.units),
    )  # fmt: skip


def _is_same(one: Finding, other: Finding | Seen) -> bool:
    return bool(one.units & other.units) and _may_be_same_cases(one.category_group, other.category_group)


def _may_be_same_cases(group: str, other: str) -> bool:
    return group == other or ALL_GROUPS in (group, other)


def _explains(finding: Finding, whole: Finding) -> bool:
    return (
        whole.category_group == ALL_GROUPS != finding.category_group
        and finding.excess >= EXPLAINING_SHARE * whole.excess
    )


# From day to day --------------------------------------------------------------------------------
def continued(told: list[Finding], seen: Iterable[Seen], day: date) -> list[int | None]:
    """For each of `told` on `day` the warning that it continues, None where it is new.

    It continues one that was `seen` on that or another day when they share a unit, may be about the same
    cases as in `tell_once`, and the periods overlap or meet. A warning is continued by one cluster only, and
    a cluster continues one warning only: the same group before another, then whichever shares the larger
    part of the units, the nearer day, the older warning.
    """
    pairs = [
        (_unlikeness(finding, before, day), index, before.warning_id)
        for index, finding in enumerate(told)
        for before in seen
        if _is_same(finding, before) and _periods_meet(finding, before)
    ]
    found: dict[int, int] = {}
    for _, index, warning_id in sorted(pairs):
        if index not in found and warning_id not in found.values():
            found[index] = warning_id
    return [found.get(index) for index in range(len(told))]


def _periods_meet(finding: Finding, before: Seen) -> bool:
    one = timedelta(days=1)
    return finding.first_day <= before.last_day + one and before.first_day <= finding.last_day + one


def _unlikeness(finding: Finding, before: Seen, day: date) -> tuple:
    shared = len(finding.units & before.units) / len(finding.units | before.units)
    return finding.category_group != before.category_group, -shared, abs(day - before.day), before.warning_id
