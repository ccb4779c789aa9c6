"""What may be told of a count, and the list of cases that it opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from incidents.results.definitions import SMALLEST, Counted, Figure
from incidents.results.period import Period
from incidents.results.tallies import Tally

COUNT, SHARE, DAYS, MEAN = "count", "share", "days", "mean"


@dataclass(frozen=True)
class Cell:
    """A number, `masked` where too few cases stand behind it for this reader; `query` opens the list."""

    value: float | int | None
    kind: str = COUNT
    masked: bool = False
    query: str = ""
    # What is counted, where the heading does not say it.
    words: str = ""

    @property
    def number(self) -> float | int | str | None:
        """As a spreadsheet has it: shares in per cent."""
        if self.masked:
            return f"<{SMALLEST}" if self.kind == COUNT else "*"
        if self.value is None or self.kind == COUNT:
            return self.value
        return round(self.value * 100, 1) if self.kind == SHARE else round(self.value, 1)


@dataclass(frozen=True)
class Reader:
    """Who looks: one who may open the cases sees every number, others none below the smallest."""

    opens_cases: bool
    period: Period

    def size(self, tally: Tally, counted: Counted, area: str, **narrowed: str) -> Cell:
        value = tally[counted]
        if not self.tells(value):
            return Cell(None, masked=True)
        query = self._query(counted, area, narrowed) if self.opens_cases and value else ""
        return Cell(value, query=query)

    def share(self, tally: Tally, figure: Figure, area: str = "") -> Cell:
        """With `area` a door to the cases that it is a share of.

        Hidden where it would tell a count that is hidden: that of the part or of what is left of it."""
        if figure.part is None:
            return Cell(None, SHARE)
        part, whole = tally[figure.part], tally[figure.whole]
        if not (self.tells(part) and self.tells(whole) and self.tells(whole - part)):
            return Cell(None, SHARE, masked=True)
        return Cell(tally.share_of(figure), SHARE, query=self._door(tally, figure.whole, area))

    def trio(self, tally: Tally, figure: Figure, area: str, **narrowed: str) -> tuple[Cell, Cell, Cell]:
        """Whole, part and share. With the share the part is hidden too: of whole and part the rest is known.

        So is a whole that is not told by itself but holds another one that is: what is closed.
        """
        whole = self.size(tally, figure.whole, area, **narrowed)
        part = self.size(tally, figure.part, area, **narrowed)
        share = self.share(tally, figure)
        if share.masked:
            part = Cell(None, masked=True)
            if figure.whole is Counted.CLOSED_OR_REOPENED:
                whole = Cell(None, masked=True)
        return whole, part, share

    def median(self, tally: Tally, area: str = "") -> Cell:
        masked = not self.opens_cases and 0 < tally[Counted.CLOSED] < SMALLEST
        door = self._door(tally, Counted.CLOSED, area)
        return Cell(None if masked else tally.median_days, DAYS, masked=masked, query=door)

    def mean_rating(self, tally: Tally, area: str = "") -> Cell:
        """Too few ratings are told to nobody."""
        masked = 0 < tally.ratings.count < SMALLEST
        door = "" if masked else self._door(tally, Counted.RATED, area)
        return Cell(tally.ratings.mean, MEAN, masked=masked, query=door)

    def _door(self, tally: Tally, counted: Counted, area: str) -> str:
        """To a list that is not empty, for those who may see it."""
        return self._query(counted, area, {}) if area and self.opens_cases and tally[counted] else ""

    def tells(self, value: int) -> bool:
        return self.opens_cases or not 0 < value < SMALLEST

    def _query(self, counted: Counted, area: str, narrowed: Mapping[str, str]) -> str:
        said = {
            "show": "all",
            "area": area,
            "counted": counted.value,
            "counted_from": self.period.first.isoformat(),
            "counted_to": self.period.last.isoformat(),
        }
        return "?" + urlencode(said | {f"counted_{name}": value for name, value in narrowed.items()})


def hide_the_last_gap(column: Sequence[Cell]) -> list[Cell]:
    """Of numbers with a known sum one hidden alone could be reckoned, so the next smallest goes too."""
    if sum(cell.masked for cell in column) != 1:
        return list(column)
    told = [cell for cell in column if not cell.masked and cell.value]
    if not told:
        return list(column)
    least = min(told, key=lambda cell: cell.value)
    return [replace(cell, value=None, masked=True, query="") if cell is least else cell for cell in column]
