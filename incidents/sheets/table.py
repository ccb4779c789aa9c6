"""What a table is once it is read, and what is to be written. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.errors.tables import (
    SheetCharacterInvalid,
    SheetHeadingTwice,
    SheetTooLarge,
    SheetValueOutside,
    SheetWithoutHeadings,
)
from incidents.sheets.cells import column_letters, has_control_characters
from incidents.sheets.limits import HEADING_WITHIN, MAX_COLUMNS, MAX_ROWS


@dataclass(frozen=True)
class Row:
    """One entry. `number` is the row as the spreadsheet shows it; `cells` has every heading, or "" there."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    headings: list[str]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written. Cells may be text, numbers, dates, truth values or None."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def table_of(lines: Iterable[Sequence[str]], *, max_rows: int = MAX_ROWS) -> Table:
    """The table in `lines`, each the texts of one row from the first on; blank rows are left out.

    Raises:
        SheetWithoutHeadings, SheetHeadingTwice, SheetValueOutside, SheetCharacterInvalid, SheetTooLarge
    """
    numbered = _filled(lines)
    places = _headings(next(numbered, (HEADING_WITHIN + 1, [])))
    rows = []
    for number, texts in numbered:
        if len(rows) == max_rows:
            raise SheetTooLarge(what_zh="行数", what_en="rows", limit=max_rows)
        rows.append(Row(number, _cells(number, texts, places)))
    return Table(list(places.values()), tuple(rows))


def _filled(lines: Iterable[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, texts in enumerate(lines, start=1):
        if any(texts):
            if any(text and has_control_characters(text) for text in texts):
                raise SheetCharacterInvalid(row=number)
            yield number, texts


def _headings(line: tuple[int, Sequence[str]]) -> dict[int, str]:
    """Place in the row -> heading. A line break within a heading is a blank."""
    number, texts = line
    if number > HEADING_WITHIN:
        raise SheetWithoutHeadings()
    places = {place: " ".join(text.split()) for place, text in enumerate(texts) if text}
    if len(places) > MAX_COLUMNS or max(places) >= MAX_COLUMNS:
        raise SheetTooLarge(what_zh="列数", what_en="columns", limit=MAX_COLUMNS)
    seen = set()
    for heading in places.values():
        if heading.casefold() in seen:
            raise SheetHeadingTwice(heading=heading[:40])
        seen.add(heading.casefold())
    return places


def _cells(number: int, texts: Sequence[str], places: dict[int, str]) -> dict[str, str]:
    for place, text in enumerate(texts):
        if text and place not in places:
            raise SheetValueOutside(row=number, column=column_letters(place))
    return {heading: texts[place] if place < len(texts) else "" for place, heading in places.items()}
