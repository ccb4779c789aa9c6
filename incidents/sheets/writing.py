"""Tables as files that a spreadsheet opens at once, with nothing in them that it would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from incidents.sheets.cells import cell_text, safe_cell
from incidents.sheets.table import Sheet

DATE_FORMAT, TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# Rows that decide how wide a column is; and its bounds, in characters.
MEASURED_ROWS = 50
NARROWEST, WIDEST = 8, 48
TITLE_LENGTH = 31
CSV_BOM = b"\xef\xbb\xbf"


def write_xlsx(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write a workbook into `target`, row by row. Headings are bold and stay in sight; dates are dates."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book.create_sheet(_title(sheet.title)), sheet)
    book.save(target)


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV in UTF-8, with the mark by which Excel knows it, line by line."""
    yield CSV_BOM + _csv_line(headings)
    for row in rows:
        yield _csv_line(row)


def _write_sheet(worksheet, sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    first = list(islice(rows, MEASURED_ROWS))
    worksheet.freeze_panes = "A2"
    for place, heading in enumerate(sheet.headings):
        widest = max(map(_width, [heading, *(row[place] for row in first)]))
        width = min(max(widest + 2, NARROWEST), WIDEST)
        worksheet.column_dimensions[get_column_letter(place + 1)].width = width
    worksheet.append([_heading_cell(worksheet, heading) for heading in sheet.headings])
    for row in chain(first, rows):
        worksheet.append([_cell(worksheet, value) for value in row])


def _heading_cell(worksheet, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(worksheet, value=safe_cell(heading))
    cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(worksheet, value: Any) -> Any:
    plain = _plain(value)
    if not isinstance(plain, date):
        return plain
    cell = WriteOnlyCell(worksheet, value=plain)
    cell.number_format = TIME_FORMAT if isinstance(plain, datetime) else DATE_FORMAT
    return cell


def _plain(value: Any) -> Any:
    """`value` as both kinds of file take it: local times without a zone, yes and no in Chinese."""
    if isinstance(value, bool):
        return cell_text(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.make_naive(value)
    return safe_cell(value)


def _csv_line(values: Sequence[Any]) -> bytes:
    line = io.StringIO()
    plain = (_plain(value) for value in values)
    csv.writer(line).writerow(value if isinstance(value, str) else cell_text(value) for value in plain)
    return line.getvalue().encode()


def _width(value: Any) -> int:
    """In characters; a Chinese one takes the place of two."""
    text = cell_text(value)
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _title(title: str) -> str:
    """A sheet's title without the signs that Excel forbids there."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip()[:TITLE_LENGTH]
