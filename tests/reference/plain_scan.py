"""The space-time scan written down as the papers have it, with nothing but loops: slow and easy to check.

Kulldorff et al. (2005), PLoS Medicine 2(3): e59; Kulldorff (2001), JRSS A 164: 61-72.
"""

from dataclasses import dataclass
from math import dist, log


@dataclass(frozen=True)
class Cylinder:
    places: frozenset[int]
    first_day: int
    last_day: int
    observed: int
    expected: float
    ratio: float


def plain_cylinders(
    points, rows, *, population, max_radius_m, max_days, last_day, prospective, min_cases, weekdays, max_share
):  # fmt: skip
    """Every cylinder that holds more of the `rows` (place, day, cases) than is expected of it."""
    rows = [(place, day, cases) for place, day, cases in rows if day <= last_day]
    total = sum(cases for _, _, cases in rows)
    shares = population or [sum(n for place, _, n in rows if place == p) for p in range(len(points))]
    found = []
    for places in plain_circles(points, shares, max_radius_m, max_share):
        for first, last in plain_windows(max_days, last_day, prospective):
            observed = sum(n for place, day, n in rows if place in places and first <= day <= last)
            if population is None:
                expected = plain_permuted_mean(rows, places, first, last, weekdays)
            else:
                people = sum(population[place] for place in places) / sum(population)
                expected = total * people * (last - first + 1) / (last_day + 1)
            ratio = plain_ratio(observed, expected, total)
            if observed >= min_cases and ratio > 0:
                found.append(Cylinder(places, first, last, observed, expected, ratio))
    return found


def plain_circles(points, shares, max_radius_m, max_share):
    """The sets of places in circles around a place, within `max_radius_m` and `max_share` of the shares."""
    circles = set()
    for centre in points:
        distances = [round(dist(centre, point), 3) for point in points]
        for radius in distances:
            places = frozenset(p for p, distance in enumerate(distances) if distance <= radius)
            if radius <= max_radius_m and sum(shares[p] for p in places) <= max_share * sum(shares):
                circles.add(places)
    return circles


def plain_windows(max_days, last_day, prospective):
    for last in [last_day] if prospective else range(last_day + 1):
        for first in range(max(0, last - max_days + 1), last + 1):
            yield first, last


def plain_permuted_mean(rows, places, first, last, weekdays):
    """The places' share of the cases times the days' share, within days of the same name if `weekdays`."""
    expected = 0.0
    for weekday in range(7) if weekdays else [None]:
        same = [row for row in rows if weekday is None or row[1] % 7 == weekday]
        everything = sum(n for _, _, n in same)
        here = sum(n for place, _, n in same if place in places)
        now = sum(n for _, day, n in same if first <= day <= last)
        if everything:
            expected += here * now / everything
    return expected


def plain_ratio(observed, expected, total):
    if observed <= expected + 1e-9:  # equal, but for rounding
        return 0.0
    ratio = observed * log(observed / expected)
    if observed < total:
        ratio += (total - observed) * log((total - observed) / (total - expected))
    return ratio
