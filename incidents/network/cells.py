"""One cell of the network's tables, read into a value and written back. Pure.

Every reader takes the text of a cell that is not blank and raises `CellWrong` with what to write instead;
the sentences never repeat the cell.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from incidents.codes import CATEGORIES, CATEGORY_GROUPS
from incidents.opening_hours import ADVICE_EN, ADVICE_ZH, Interval, parse_hours

YES = {"是", "yes", "y", "true", "1", "√", "专职", "启用", "在任"}
NO = {"否", "no", "n", "false", "0", "×", "兼职", "停用", "离任"}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
# They would be addresses of other pages.
RESERVED_CODES = {"import", "export", "new", "mediators"}
LARGEST_CAPACITY = 10_000
_SEPARATORS = re.compile("[、,;\uff0c\uff1b\n|]+")
_REMARK = re.compile(r"\(.*?\)")
_SHOWN_NAMES = 12

Names = Mapping[str, tuple[str, str]]


class CellWrong(ValueError):
    """What is wrong with a cell and what to do, in Chinese and English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def read_code(text: str) -> str:
    """A code of ours: letters, digits, - and _, at most 20."""
    if not CODE.fullmatch(text) or text.lower() in RESERVED_CODES:
        raise CellWrong(
            "编号只能用字母、数字、- 和 _,最多 20 位,且不能是 import、export、new、mediators。",
            "A code has letters, digits, - and _, at most 20, and is not import, export, new or mediators.",
        )
    return text


def read_text(text: str, length: int) -> str:
    """`text` with single blanks, at most `length` characters."""
    plain = " ".join(text.split())
    if len(plain) > length:
        raise CellWrong(f"过长,最多 {length} 个字。", f"Too long: at most {length} characters.")
    return plain


def read_one_of(table: Names, text: str) -> str:
    """The code in `table` that `text` is or names, in Chinese or English; a remark in brackets may lack."""
    wanted = _plain(text)
    for code, names in table.items():
        if wanted in {_plain(code), *map(_plain, names), _plain(_REMARK.sub("", names[0]))}:
            return code
    shown = list(table.values())[:_SHOWN_NAMES]
    raise CellWrong(
        f"不在代码表中:请写{'、'.join(zh for zh, _ in shown)}等。",
        f"Not in the table: write {', '.join(en for _, en in shown)}.",
    )


def read_some_of(table: Names, text: str) -> list[str]:
    """Codes of a list such as "粤语、普通话", each once, in the table's order."""
    chosen = {read_one_of(table, part) for part in split(text)}
    return [code for code in table if code in chosen]


def read_categories(text: str) -> list[str]:
    """Groups and categories of disputes, by code or name; a number that lost its zero in Excel has it back.

    A name that several groups have, as 其他, is given with its group: 物权·其他.
    """
    return sorted({_category(part) for part in split(text)})


def read_yes(text: str) -> bool:
    word = text.strip().casefold()
    if word not in YES | NO:
        raise CellWrong("请写“是”或“否”。", "Write yes or no.")
    return word in YES


def read_capacity(text: str) -> int:
    # Python reads no number of thousands of digits.
    if not re.fullmatch("[0-9]{1,5}", text) or not 0 < int(text) <= LARGEST_CAPACITY:
        raise CellWrong(
            f"请写 1 到 {LARGEST_CAPACITY} 的整数,不限则留空。",
            f"Write a whole number from 1 to {LARGEST_CAPACITY}, or nothing for no limit.",
        )
    return int(text)


def read_degrees(text: str) -> float:
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not -180 <= degrees <= 180:
        raise CellWrong("请写十进制度数,如 113.3245。", "Write decimal degrees, such as 113.3245.")
    return degrees


def read_hours(text: str) -> list[Interval]:
    try:
        return parse_hours(text)
    except ValueError:
        raise CellWrong(ADVICE_ZH, ADVICE_EN) from None


def read_day(text: str) -> date:
    """2026-05-01, 2026/5/1, 2026.5.1 or 2026年5月1日."""
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 00:00.*)?", text.strip())
    try:
        return date(*(int(part) for part in parts.groups()[:3]))
    except (AttributeError, ValueError):
        raise CellWrong("请写日期,如 2026-05-01。", "Write a date, such as 2026-05-01.") from None


def read_study_hours(text: str) -> Decimal:
    try:
        hours = Decimal(text)
    except InvalidOperation:
        hours = Decimal(0)
    if not (hours.is_finite() and 0 < hours < 1000 and hours == round(hours, 1)):
        raise CellWrong(
            "请写大于 0 的学时,最多一位小数,如 1.5。",
            "Write hours above 0 with one decimal at most, such as 1.5.",
        )
    return round(hours, 1)


def read_list(text: str, length: int) -> list[str]:
    """Names in a list, each once, in the order given."""
    return list(dict.fromkeys(read_text(part, length) for part in split(text)))


def split(text: str) -> list[str]:
    """Parts of a list in one cell: divided by 、 or a comma, semicolon, bar or line break."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def write_some_of(table: Names, codes: Iterable[str]) -> str:
    return "、".join(table[code][0] for code in codes)


def _category(text: str) -> str:
    if text.isascii() and text.isdigit():
        for length in (2, 4):
            if len(text) in {length - 1, length} and _known(text.zfill(length)):
                return text.zfill(length)
    named = _CATEGORY_NAMES.get(_plain(text), ())
    if len(named) == 1:
        return named[0]
    if named:
        raise CellWrong(
            "有几个同名的类别:请写代码,或连同大类写,如“物权·其他”。",
            "Several categories have this name: write the code, or the group too (物权·其他).",
        )
    raise CellWrong(
        "没有这个类别:请写大类(如 04 物权)或类别(如 0402 物业管理)的代码或名称。",
        "No such category: write the code or name of a group (04) or a category (0402).",
    )


def _known(code: str) -> bool:
    return code in CATEGORY_GROUPS or code in CATEGORIES


def _plain(text: str) -> str:
    return re.sub(r"[\s·/、,()\uff08\uff09-]+", "", text).casefold()


def _category_names() -> dict[str, tuple[str, ...]]:
    """Plain name -> the codes that have it. A group's own name is the group, whatever its categories."""
    names: dict[str, tuple[str, ...]] = {}
    for code, words in CATEGORIES.items():
        group = CATEGORY_GROUPS[code[:2]]
        for index in (0, 1):
            full = _plain(group[index] + words[index])
            for name in {_plain(words[index]), full, f"{code}{_plain(words[index])}"}:
                names[name] = tuple({*names.get(name, ()), code})
    for code, words in CATEGORY_GROUPS.items():
        for word in words:
            names[_plain(word)] = names[f"{code}{_plain(word)}"] = (code,)
    return names


_CATEGORY_NAMES = _category_names()
