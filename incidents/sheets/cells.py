"""What stands in one cell: values as text, and text that no spreadsheet takes for a formula. Pure."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

# Where a spreadsheet starts to calculate. Full-width signs count: some take them for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GUARD = "'"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Beyond this a spreadsheet's number has lost digits, and writing it in full would pretend otherwise.
EXACT_UP_TO = 1e15


def cell_text(value: Any) -> str:
    """What a person sees in the cell: 1.0 is "1", a midnight is a date, a guarded text is itself."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer() and abs(value) < EXACT_UP_TO:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
        case time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case date():
            return value.isoformat()
    return without_guard(str(value).strip())


def safe_cell(value: Any) -> Any:
    """`value` for a file: text that begins like a formula gets a ' in front, other values stay.

    `without_guard` takes it off again, so that what is exported can be imported unchanged.
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return GUARD + text if _needs_guard(text) else text


def without_guard(text: str) -> str:
    """The inverse of `safe_cell` for text.

    >>> without_guard(safe_cell("=1+1"))
    '=1+1'
    """
    if text.startswith(GUARD) and _needs_guard(text[len(GUARD) :]):
        return text[len(GUARD) :]
    return text


def has_control_characters(text: str) -> bool:
    """Whether `text` holds what no keyboard writes, as NUL; line breaks and tabs are fine."""
    return bool(_CONTROL.search(text))


def column_letters(place: int) -> str:
    """The spreadsheet's name of the column at `place`, from 0: A, B … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _needs_guard(text: str) -> bool:
    return text.lstrip(GUARD).startswith(FORMULA_STARTS)
