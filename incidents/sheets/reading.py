"""A file as a table. What the file is, is decided by its content; its name must agree."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from incidents.errors import (
    SheetDamaged,
    SheetEncodingUnknown,
    SheetEncrypted,
    SheetMissing,
    SheetOldExcel,
    SheetTooLarge,
    SheetTypeUnknown,
)
from incidents.sheets import workbook
from incidents.sheets.cells import cell_text
from incidents.sheets.limits import HEADING_WITHIN, LAST_ROW, MAX_BYTES, MAX_ROWS
from incidents.sheets.table import Table, table_of

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
TEXT_NAMES = {".csv", ".txt", ".tsv"}
# UTF-8 first: by chance no text in GB18030 is also valid UTF-8, while the reverse often is.
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", ";", "\t")


def read_table(
    file: BinaryIO, file_name: str, *, sheet: str | None = None, max_rows: int = MAX_ROWS
) -> Table:
    """The table in `file`: an .xlsx (its first sheet, or the one named `sheet`) or a CSV.

    Values are as a person sees them: formulas by their results, dates as 2026-05-01, 1.0 as 1.
    A CSV may be in UTF-8 or GB18030, divided by commas, semicolons or tabs. Everything is read at
    once, so that nothing is wrong with the file when this returns.

    Raises:
        SheetInvalid: one of its kinds, if the whole cannot be used.
    """
    content = _content(file)
    if _is_workbook(content, file_name):
        return table_of(workbook.sheet_lines(content, sheet), max_rows=max_rows)
    if sheet is not None:
        raise SheetMissing(title=sheet)
    return table_of(_csv_lines(content), max_rows=max_rows)


def first_rows(file: BinaryIO, file_name: str, count: int) -> Table:
    """The headings and at most `count` rows from the first lines of a file that `read_table` accepts."""
    content = _content(file)
    book = _is_workbook(content, file_name)
    lines = workbook.sheet_lines(content, None) if book else _csv_lines(content)
    table = table_of(islice(lines, HEADING_WITHIN + count))
    return Table(table.headings, table.rows[:count])


def sheet_titles(file: BinaryIO, file_name: str) -> list[str]:
    """Titles of a workbook's sheets, none for a CSV. Raises SheetInvalid; `file` is read from its start."""
    file.seek(0)
    content = _content(file)
    file.seek(0)
    return workbook.titles(content) if _is_workbook(content, file_name) else []


def _content(file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(what_zh="文件大小", what_en="in size", limit=f"{MAX_BYTES // 1024**2} MB")
    return content


def _is_workbook(content: bytes, file_name: str) -> bool:
    """Whether `content` is to be read as .xlsx, else as CSV. Raises for what is neither."""
    ending = PurePath(file_name).suffix.lower()
    if content.startswith(OLE):
        raise SheetEncrypted() if ENCRYPTED_PART in content else SheetOldExcel()
    if content.startswith(ZIP):
        if ending not in {".xlsx", ".xlsm"}:
            raise SheetTypeUnknown()
        return True
    if ending in {".xlsx", ".xlsm"}:
        raise SheetDamaged()
    if ending not in TEXT_NAMES:
        raise SheetTypeUnknown()
    return False


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, texts in enumerate(lines, start=1):
            if number > LAST_ROW:
                raise SheetTooLarge(what_zh="行数", what_en="rows", limit=LAST_ROW)
            # Blank ones first: there may be millions, which take long one by one.
            yield [one and cell_text(one) for one in texts] if any(texts) else []
    except csv.Error:
        raise SheetDamaged() from None


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 passes for others here and there: the NUL characters of its first line give it away.
        if "\0" in text.lstrip("\r\n").partition("\n")[0]:
            break
        return text
    raise SheetEncodingUnknown()
