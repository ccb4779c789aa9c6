"""The scans of one area as of one day."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
from django.conf import settings

from maps.scan import PERMUTATION, Cluster, scan
from maps.selectors.daily_counts import CountedDays, read_daily_counts
from maps.warning_rules import ALL_GROUPS, Finding, groups_to_scan, least_recurrence_days

# Two disputes are a coincidence that nobody should be sent to.
MIN_CASES = 3


@dataclass(frozen=True)
class Watch:
    """By what is scanned, from the settings."""

    weeks_per_false_warning: int
    window_days: int
    radius_m: int
    history_days: int
    replications: int

    @classmethod
    def as_set(cls) -> "Watch":
        return cls(
            settings.GRIDGOV_WARNING_WEEKS,
            settings.GRIDGOV_WARNING_WINDOW_DAYS,
            settings.GRIDGOV_WARNING_RADIUS_M,
            settings.GRIDGOV_WARNING_HISTORY_DAYS,
            settings.GRIDGOV_WARNING_REPLICATIONS,
        )

    def as_data(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class ScannedArea:
    """`scans` of an area looked at `cases` disputes; `findings` are striking enough to be a warning."""

    scans: int
    cases: int
    findings: tuple[Finding, ...]


def scan_area(area_code: str, as_of: date, watch: Watch, seed: int) -> ScannedArea:
    """Scan the area's disputes of all groups, and of each group with enough of them before the window.

    As far as they were known on `as_of`. The same arguments and counts give the same findings.
    """
    counted = read_daily_counts(area_code, as_of - timedelta(days=watch.history_days - 1), as_of)
    groups = groups_to_scan(_baseline_cases(counted, watch))
    least = least_recurrence_days(watch.weeks_per_false_warning, len(groups))
    findings = [
        finding
        for group in groups
        for finding in _scan_group(area_code, group, counted, watch, _seed(seed, as_of, area_code, group))
        if finding.recurrence_days > least
    ]
    return ScannedArea(len(groups), int(counted.cases.sum()), tuple(findings))


def _baseline_cases(counted: CountedDays, watch: Watch) -> dict[str, int]:
    before = counted.day < watch.history_days - watch.window_days
    groups, row = np.unique(counted.category_group[before], return_inverse=True)
    return dict(zip(groups.tolist(), np.bincount(row, counted.cases[before]).tolist(), strict=True))


def _seed(seed: int, as_of: date, area_code: str, group: str) -> int:
    facts = (seed, as_of.toordinal(), int(area_code), int(group or 100))
    return int(np.random.SeedSequence(facts).generate_state(1, np.uint64)[0])


def _scan_group(area_code: str, group: str, counted: CountedDays, watch: Watch, seed: int) -> list[Finding]:
    chosen = counted if group == ALL_GROUPS else counted.of_group(group)
    if not len(chosen.cases):
        return []
    result = scan(
        chosen.points_m,
        chosen.unit,
        chosen.day,
        chosen.cases,
        model=PERMUTATION,
        max_radius_m=watch.radius_m,
        max_days=watch.window_days,
        last_day=watch.history_days - 1,
        replications=watch.replications,
        seed=seed,
        min_cases=MIN_CASES,
        weekdays=True,
    )
    return [_finding(area_code, group, chosen, cluster, watch) for cluster in result.clusters]


def _finding(area_code: str, group: str, counted: CountedDays, cluster: Cluster, watch: Watch) -> Finding:
    return Finding(
        area_code=area_code,
        category_group=group,
        units=frozenset(counted.units[place] for place in cluster.places),
        radius_m=cluster.radius_m,
        first_day=counted.first_day + timedelta(days=cluster.first_day),
        last_day=counted.first_day + timedelta(days=cluster.last_day),
        observed=cluster.observed,
        expected=cluster.expected,
        llr=cluster.llr,
        recurrence_days=_recurrence_days(cluster, watch.replications),
    )


def _recurrence_days(cluster: Cluster, replications: int) -> float:
    """By the Gumbel distribution, but no longer than the replications themselves say where some reach it.

    Where cases are few the largest ratios take few values, and the distribution fits them badly.
    """
    reached = cluster.p_monte_carlo > 1.5 / (replications + 1)
    return min(cluster.recurrence_days, 1 / cluster.p_monte_carlo) if reached else cluster.recurrence_days
