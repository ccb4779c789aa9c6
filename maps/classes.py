"""Classes for a shaded map: few, round and of similar size. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

CLASSES = 5


@dataclass(frozen=True)
class ValueClass:
    """Values from `low` (included) to `high` (included for whole numbers and in the last class)."""

    low: float
    high: float


def count_classes(values: Sequence[int], classes: int = CLASSES) -> list[ValueClass]:
    """At most `classes` ranges of whole numbers over the positive `values`, without a gap.

    Quantiles give every colour about as many areas; rounding makes them readable. Zero has no class:
    "nothing happened here" is shown apart from "few".
    """
    positive = np.array([value for value in values if value > 0])
    if not positive.size:
        return []
    tops = _round_tops(positive, classes, smallest=1)
    lows = [max(int(_round_to(float(positive.min()), floor)), 1), *(int(top) + 1 for top in tops[:-1])]
    return [ValueClass(low, int(high)) for low, high in zip(lows, tops, strict=True) if low <= high]


def rate_classes(values: Sequence[float], classes: int = CLASSES) -> list[ValueClass]:
    """As `count_classes` for rates: each class begins where the one before ends."""
    positive = np.array([value for value in values if value > 0])
    if not positive.size:
        return []
    tops = _round_tops(positive, classes, smallest=0)
    lows = [_round_to(float(positive.min()), floor), *tops[:-1]]
    return [ValueClass(low, top) for low, top in zip(lows, tops, strict=True)]


def class_of(value: float, classes: Sequence[ValueClass]) -> int | None:
    """Index of the class of `value`, None for zero or where there is no class."""
    if value <= 0:
        return None
    return next((i for i, each in enumerate(classes) if value <= each.high), None)


def _round_tops(positive: np.ndarray, classes: int, smallest: float) -> list[float]:
    """Rounded upper ends, rising; the last is at least the largest value."""
    quantiles = np.quantile(positive, np.arange(1, classes) / classes, method="lower")
    tops = {max(_round_to(float(value), floor), smallest) for value in quantiles}
    largest = _round_to(float(positive.max()), ceil)
    least = float(positive.min())
    return [*sorted(top for top in tops if least <= top < largest), largest]


def _round_to(value: float, towards) -> float:
    """`value` to two significant digits, `towards` floor or ceil."""
    step = 10.0 ** (floor(log10(value)) - 1)
    # The second rounding drops what binary fractions leave: 0.30000000000000004.
    return round(towards(round(value / step, 9)) * step, 9)
