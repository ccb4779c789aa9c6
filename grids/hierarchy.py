"""Levels, area codes and parents. Pure.

A statistical division code grows by level, so that a parent's code is a prefix of its children's:
6 digits district (440105), 9 street, 12 community, 15 grid unit.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from os.path import commonprefix


class Level(StrEnum):
    """Responsibility from the smallest area to the largest. Comparison by `rank`, not by spelling."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"

    @property
    def code_length(self) -> int:
        """Digits in a code of this level."""
        return {"district": 6, "street": 9, "community": 12, "grid": 15}[self.value]

    @property
    def rank(self) -> int:
        """0 for the grid unit to 3 for the district."""
        return _UPWARDS.index(self)

    @property
    def above(self) -> "Level | None":
        """The level that supervises this one, None above the district."""
        return _UPWARDS[self.rank + 1] if self.rank < 3 else None

    @property
    def below(self) -> "Level | None":
        """The level supervised by this one, None below the grid unit."""
        return _UPWARDS[self.rank - 1] if self.rank else None


_UPWARDS = tuple(Level)


# Asked of the same few thousand codes, some ten times for each report.
@lru_cache(maxsize=10_000)
def level_of(code: str) -> Level:
    """Level of an area code.

    Raises:
        ValueError: `code` is not 6, 9, 12 or 15 digits.
    """
    for level in Level:
        if len(code) == level.code_length and code.isascii() and code.isdigit():
            return level
    raise ValueError(
        f"{code!r} 不是 6、9、12 或 15 位数字的区划代码。 / "
        f"{code!r} is not an area code of 6, 9, 12 or 15 digits."
    )


def code_at(code: str, level: Level) -> str:
    """Code of the area at `level` that holds the area `code`.

    Raises:
        ValueError: `code` is malformed or already above `level`.
    """
    if level.rank < level_of(code).rank:
        raise ValueError(f"{code} 高于 {level} 级。 / {code} lies above level {level}.")
    return code[: level.code_length]


def parent_code(code: str) -> str | None:
    """Code of the area one level up, None for the district."""
    above = level_of(code).above
    return code_at(code, above) if above else None


def lowest_common_area(codes: Iterable[str]) -> str:
    """Code of the smallest area that holds all of `codes`.

    Raises:
        ValueError: no code was given, one is malformed, or they share no district.
    """
    codes = list(codes)
    lowest = max((level_of(code).rank for code in codes), default=None)
    if lowest is None:
        raise ValueError("没有给出区划代码。 / No area code was given.")
    shared = commonprefix(codes)
    for level in _UPWARDS[lowest:]:
        if len(shared) >= level.code_length:
            return shared[: level.code_length]
    raise ValueError("这些区划代码不在同一区内。 / These area codes share no district.")
