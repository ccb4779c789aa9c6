"""What people type, as values. Wrong input raises an error of two languages."""

from datetime import date

from grids.errors import DateInvalid, LevelUnknown
from grids.hierarchy import Level


def parse_date(text: str | None) -> date | None:
    """An ISO date, None for none. Raises DateInvalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DateInvalid(text=text[:40]) from None


def parse_level(text: str, allowed: tuple[Level, ...] = tuple(reversed(Level))) -> Level:
    """One of the `allowed` levels. Raises LevelUnknown."""
    if text not in [level.value for level in allowed]:
        raise LevelUnknown(level=text[:40], allowed=", ".join(allowed))
    return Level(text)
