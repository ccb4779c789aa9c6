"""Reading .xlsx files, which are zip archives that anybody may have made."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from incidents.errors import SheetDamaged, SheetFormulaEmpty, SheetInvalid, SheetMissing, SheetTooLarge
from incidents.sheets import archive
from incidents.sheets.cells import cell_text, column_letters
from incidents.sheets.limits import LAST_ROW, MAX_BLANKS, MAX_CHARACTERS, MAX_COLUMNS

FORMULA_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
# What openpyxl may raise on a file that is no proper workbook.
DAMAGE = (
    *archive.DAMAGE, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip


def titles(content: bytes) -> list[str]:
    """Titles of the sheets of a workbook, in its order. Raises SheetInvalid."""
    _examined(content)
    with _opened(content) as book:
        return [sheet.title for sheet in book.worksheets]


def sheet_lines(content: bytes, title: str | None) -> Iterator[list[str]]:
    """The rows of the sheet `title`, or of the first, as texts. Raises SheetInvalid."""
    has_formulas = _examined(content)
    with _opened(content) as book:
        sheet, characters, width = _chosen(book, title), 0, 0
        for number, values in enumerate(_values(sheet), start=1):
            if number > LAST_ROW:
                raise SheetTooLarge(what_zh="行数", what_en="rows", limit=LAST_ROW)
            texts = []
            width += len(values)
            # One blank cell in the last column of each row makes all before it: they take their time too.
            if width > MAX_BLANKS or any(value is not None for value in values[MAX_COLUMNS + 1 :]):
                raise SheetTooLarge(what_zh="列数", what_en="columns", limit=MAX_COLUMNS)
            for place, value in enumerate(values[: MAX_COLUMNS + 1]):
                if value in FORMULA_ERRORS:
                    raise SheetFormulaEmpty(row=number, column=column_letters(place))
                texts.append(cell_text(value))
                characters += len(texts[-1])
                if characters > MAX_CHARACTERS:
                    raise SheetTooLarge(what_zh="总字数", what_en="characters", limit=MAX_CHARACTERS)
            yield texts
    if has_formulas:
        _refuse_formulas_without_result(content, title)


def _values(sheet) -> Iterator[tuple]:
    # The size that a sheet claims may be anything: rows are read until there are none.
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)


def _chosen(book, title: str | None):
    for sheet in book.worksheets:
        if title is None or sheet.title == title:
            return sheet
    raise SheetMissing(title=title) if title else SheetDamaged()


def _refuse_formulas_without_result(content: bytes, title: str | None) -> None:
    """A program that writes formulas leaves their results to Excel: here such a cell would look blank."""
    with _opened(content) as results, _opened(content, data_only=False) as written:
        pairs = zip(_values(_chosen(results, title)), _values(_chosen(written, title)), strict=True)
        for number, (shown, formulas) in enumerate(pairs, start=1):
            for place, (value, formula) in enumerate(zip(shown, formulas, strict=True)):
                if value is None and formula is not None:
                    raise SheetFormulaEmpty(row=number, column=column_letters(place))


def _examined(content: bytes) -> bool:
    """Whether the workbook has formulas; it is sure then that it can be opened. Raises SheetInvalid."""
    with _damage_told():
        return archive.examine(content)


@contextmanager
def _opened(content: bytes, *, data_only: bool = True):
    with _damage_told(), warnings.catch_warnings():
        # About styles, headers and the like, which are not read.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except SheetInvalid:
        raise
    except DAMAGE as error:
        raise SheetDamaged() from error
