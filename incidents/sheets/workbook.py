"""Reading .xlsx files, which are zip archives that anybody may have made."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from incidents.errors import (
    SheetDamaged,
    SheetEncrypted,
    SheetFormulaEmpty,
    SheetHasMacros,
    SheetInvalid,
    SheetMissing,
    SheetTooLarge,
    SheetTypeUnknown,
)
from incidents.sheets.cells import cell_text, column_letters
from incidents.sheets.limits import LAST_ROW, MAX_COLUMNS, MAX_PARTS, MAX_UNPACKED_BYTES

ENCRYPTED_FLAG = 0x1
FORMULA_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
# What openpyxl may raise on a file that is no proper workbook.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError,
    IndexError, AttributeError, EOFError, OSError, NotImplementedError,
)  # fmt: skip


def titles(content: bytes) -> list[str]:
    """Titles of the sheets of a workbook, in its order. Raises SheetInvalid."""
    with _opened(content) as book:
        return [sheet.title for sheet in book.worksheets]


def sheet_lines(content: bytes, title: str | None) -> Iterator[list[str]]:
    """The rows of the sheet `title`, or of the first, as texts. Raises SheetInvalid."""
    with _opened(content) as book:
        sheet = _chosen(book, title)
        for number, values in enumerate(_values(sheet), start=1):
            if number > LAST_ROW:
                raise SheetTooLarge(what_zh="行数", what_en="rows", limit=LAST_ROW)
            for place, value in enumerate(values):
                if value in FORMULA_ERRORS:
                    raise SheetFormulaEmpty(row=number, column=column_letters(place))
            yield [cell_text(value) for value in values]
    _refuse_formulas_without_result(content, title)


def _values(sheet) -> Iterator[tuple]:
    # The size that a sheet claims may be anything: rows are read until there are none.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)


def _chosen(book, title: str | None):
    for sheet in book.worksheets:
        if title is None or sheet.title == title:
            return sheet
    raise SheetMissing(title=title) if title else SheetDamaged()


def _refuse_formulas_without_result(content: bytes, title: str | None) -> None:
    """A program that writes formulas leaves their results to Excel: here such a cell would look blank."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f>" in (part := archive.read(name)) or b"<f " in part for name in sheets):
            return
    with _opened(content) as results, _opened(content, data_only=False) as written:
        pairs = zip(_values(_chosen(results, title)), _values(_chosen(written, title)), strict=True)
        for number, (shown, formulas) in enumerate(pairs, start=1):
            for place, (value, formula) in enumerate(zip(shown, formulas, strict=True)):
                if value is None and formula is not None:
                    raise SheetFormulaEmpty(row=number, column=column_letters(place))


@contextmanager
def _opened(content: bytes, *, data_only: bool = True):
    try:
        _examine(content)
        with warnings.catch_warnings():
            # About styles, headers and the like, which are not read.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except SheetInvalid:
        raise
    except DAMAGE as error:
        raise SheetDamaged() from error


def _examine(content: bytes) -> None:
    """Look at the archive before anything is unpacked. Raises SheetInvalid."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename.lower() for part in parts}
        if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
            raise SheetTypeUnknown()
        if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
            raise SheetEncrypted()
        if any(name.endswith("vbaproject.bin") for name in names):
            raise SheetHasMacros()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            limit = f"{MAX_UNPACKED_BYTES // 1024**2} MB"
            raise SheetTooLarge(what_zh="内容", what_en="in size", limit=limit)
        for part in parts:
            # No workbook has a document type; entities that grow without end begin with one.
            if part.filename.lower().endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if b"<!DOCTYPE" in file.read(1024).replace(b"\0", b"").upper():
                        raise SheetDamaged()
