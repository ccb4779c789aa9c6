"""What to tell people about, and where: categories that are frequent in a place. Pure.

Places and matters are compared, never people. A category is proposed for an area where it makes up clearly
more of the cases than in the whole district and nothing was told there about it lately.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

# A few cases more or less are chance: fewer than this say nothing, however rare the category is elsewhere.
LEAST_CASES = 5
LEAST_RATIO = 1.5
# So many standard deviations (of a Poisson count) above what the district's share lets expect.
DEVIATIONS = 2.0
QUARTER_DAYS = 90
MOST_PROPOSALS = 8


@dataclass(frozen=True)
class Proposal:
    """`count` cases in `area`, `ratio` times the district's share; most of them are in `places`."""

    area: str
    category: str
    count: int
    ratio: float
    places: tuple[tuple[str, int], ...] = ()


def propose_campaigns(
    counts: Mapping[tuple[str, str], int],
    district: Mapping[str, int],
    told: Collection[tuple[str, str]],
    within: Mapping[tuple[str, str], int] | None = None,
) -> list[Proposal]:
    """The clearest first.

    Args:
        counts: (area, category) -> cases of the last quarter.
        district: category -> cases of the whole district in that time.
        told: (area, category or group of two digits) of the campaigns held in that time.
        within: (smaller area, category) -> cases, for naming places in an area.
    """
    areas: dict[str, int] = {}
    for (area, _), count in counts.items():
        areas[area] = areas.get(area, 0) + count
    everywhere = sum(district.values())
    found = []
    for (area, category), count in counts.items():
        expected = areas[area] * district.get(category, 0) / everywhere if everywhere else 0
        if not _stands_out(count, expected) or _was_told(area, category, told):
            continue
        places = tuple(_most(area, category, within or {}))
        excess = (count - expected) / sqrt(expected)
        found.append((-excess, area, category, Proposal(area, category, count, count / expected, places)))
    return [proposal for *_, proposal in sorted(found, key=lambda row: row[:3])][:MOST_PROPOSALS]


def _stands_out(count: int, expected: float) -> bool:
    return (
        count >= LEAST_CASES
        and expected > 0
        and count >= LEAST_RATIO * expected
        and count >= expected + DEVIATIONS * sqrt(expected)
    )


def _was_told(area: str, category: str, told: Iterable[tuple[str, str]]) -> bool:
    """There, in a part of it, or in an area that holds it; about the category or its group."""
    return any(
        about and category.startswith(about) and (where.startswith(area) or area.startswith(where))
        for where, about in told
    )


def _most(area: str, category: str, within: Mapping[tuple[str, str], int]) -> list[tuple[str, int]]:
    """The two smaller areas with most of these cases."""
    inside = [
        (place, count)
        for (place, what), count in within.items()
        if what == category and len(place) > len(area) and place.startswith(area)
    ]
    return sorted(inside, key=lambda row: (-row[1], row[0]))[:2]
