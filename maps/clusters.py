"""Circles that would cover each other on the screen become one. Pure."""

import numpy as np


def merge_near(places: np.ndarray, counts: np.ndarray, distance: float) -> np.ndarray:
    """Group clusters nearer than `distance` to a larger one.

    The grid of cells cuts through busy places, whose two halves would overlap on the screen. The largest
    cluster takes what is near it, then the next largest of the rest, and so on; the mean place moves only
    afterwards, so the result does not depend on the order of the input (equal counts: the first wins).

    Args:
        places: array (n, 2) in the units of `distance`.
        counts: array (n,).

    Returns:
        Array (n,): for each cluster the index of the one that it joins; its own where it stays.
    """
    joins = np.full(len(counts), -1)
    for index in np.argsort(-counts, kind="stable"):
        if joins[index] >= 0:
            continue
        near = np.hypot(*(places - places[index]).T) < distance
        joins[near & (joins < 0)] = index
    return joins
