"""How days, sums and clauses are written in a Chinese paper. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
# A number that somebody typed before a clause, which gets its own.
TYPED_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}[、.．条]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[、.．](?!\d))\s*"
)
CJK = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# What follows or encloses Chinese is full-width in print, as keyboards often do not give it.
AFTER_CHINESE = re.compile(rf"(?<=[{CJK})）”》])[,;:?!]")
BRACKETS = re.compile(rf"\((?=[^()]*[{CJK}])([^()]*)\)")
FULL_WIDTH = str.maketrans(",;:?!", "，；：？！")


def typeset(text: str) -> str:
    """`text` with the punctuation of Chinese print; numbers such as 12,000 stay as they are."""
    text = BRACKETS.sub(r"（\1）", text)
    return AFTER_CHINESE.sub(lambda sign: sign[0].translate(FULL_WIDTH), text)


def day(when: date) -> str:
    """2026年3月2日."""
    return f"{when.year}年{when.month}月{when.day}日"


def minute(when: datetime) -> str:
    """2026年3月2日9时05分; `when` is in the time zone that the paper is read in."""
    return f"{day(when)}{when.hour}时{when.minute:02d}分"


def clauses_of(text: str) -> tuple[str, ...]:
    """One clause for each line of `text`, without the numbers that were typed."""
    lines = (typeset(TYPED_NUMBER.sub("", line).strip()) for line in text.splitlines())
    return tuple(line for line in lines if line)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The lines of `text` that say something."""
    return tuple(typeset(line.strip()) for line in text.splitlines() if line.strip())


def figures(amount: Decimal) -> str:
    """12,000.00."""
    return f"{amount:,.2f}"


def in_words(amount: Decimal) -> str:
    """A sum in the capital numerals that cannot be altered by a stroke: 12000.50 is 壹万贰仟元伍角."""
    cents = int((amount * 100).to_integral_value())
    yuan, (jiao, fen) = cents // 100, divmod(cents % 100, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    return words + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    words, gap = "", False
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        words += ("零" if words and (gap or group < 1000) else "") + _group(group) + GROUPS[place]
        gap = False
    return words


def _group(number: int) -> str:
    """1 to 9999."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = bool(words)
    return words
