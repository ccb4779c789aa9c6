"""The same place and category again, and again. Pure."""

from dataclasses import dataclass

import numpy as np

ALONE = -1


@dataclass(frozen=True)
class RepeatPlaces:
    """Series of cases at one place and of one category, each within the window of the one before.

    `place`, `category`, `cases`, `first_day`, `last_day` and `most_in_window` have one entry for each series,
    shape (s,): most cases first, then the latest, then in the order of place and category. `most_in_window`
    is the largest number on days that are no further apart than the window, for a slow series may
    run for a year without ever being dense. `series` tells for each case the series that it belongs to, ALONE
    where nothing came before or after in time; shape (n,).
    """

    place: np.ndarray
    category: np.ndarray
    cases: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    most_in_window: np.ndarray
    series: np.ndarray


def repeats(place: np.ndarray, category: np.ndarray, day: np.ndarray, *, window_days: int) -> RepeatPlaces:
    """Where the same comes again within `window_days`; 0 is the same day, and then counts too.

    `place` (an address, a unit) and `category` are labels of any kind that sorts, `day` whole days; shape
    (n,) each. Leave out cases whose place is not known: a label for "unknown" would be a busy place.

    Raises:
        ValueError: the window is negative, or the shapes differ.
    """
    if window_days < 0 or not len(place) == len(category) == len(day):
        raise ValueError("a window from 0 days on, and a place, a category and a day for each case")
    places, place_code = np.unique(place, return_inverse=True)
    categories, category_code = np.unique(category, return_inverse=True)
    day = np.asarray(day, dtype=np.int64)
    order = np.lexsort((day, category_code, place_code))
    group = (place_code * len(categories) + category_code)[order]
    days = day[order]

    apart = np.ones(len(days), dtype=bool)
    apart[1:] = (group[1:] != group[:-1]) | (np.diff(days) > window_days)
    starts = np.flatnonzero(apart)
    sizes = np.diff(starts, append=len(days))
    dense = np.maximum.reduceat(_number_in_window(group, days, window_days), starts) if len(days) else sizes

    again = np.flatnonzero(sizes > 1)
    last_days = days[starts + sizes - 1]
    # Groups ascend, so equal ones stay in the order of place and category.
    again = again[np.lexsort((-last_days[again], -sizes[again]))]
    rank = np.full(len(starts), ALONE)
    rank[again] = np.arange(len(again))
    series = np.empty(len(days), dtype=np.int64)
    series[order] = np.repeat(rank, sizes)
    first = starts[again]
    return RepeatPlaces(
        place=places[group[first] // max(len(categories), 1)],
        category=categories[group[first] % max(len(categories), 1)],
        cases=sizes[again],
        first_day=days[first],
        last_day=last_days[again],
        most_in_window=dense[again],
        series=series,
    )


def _number_in_window(group: np.ndarray, days: np.ndarray, window_days: int) -> np.ndarray:
    """For each case (sorted by group and day) those of its group on its day or within the window before."""
    if not len(days):
        return np.empty(0, dtype=np.int64)
    # One axis for all: groups so far apart that no window reaches from one into the next.
    stride = int(np.ptp(days)) + window_days + 1
    time = group * stride + (days - days.min())
    return np.searchsorted(time, time, side="right") - np.searchsorted(time, time - window_days, side="left")
