"""When a body is open: what people write, what is stored, and the question whether it is open now. Pure.

Stored are intervals, each for days from Monday 1 to Sunday 7, both included:
[{"days": [1, 5], "from": "08:30", "to": "12:00"}]. A day ends at "24:00".
"""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import TypedDict

Interval = TypedDict("Interval", {"days": list[int], "from": str, "to": str})

ADVICE_ZH = "请写成“周一至周五 08:30-12:00 14:00-17:30;周六 09:00-12:00”,全天写作“每天 00:00-24:00”。"
ADVICE_EN = "Write Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00, and 24 hours as daily 00:00-24:00."
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_NUMBERS = {
    **{name: number for number, name in enumerate(DAYS_ZH, start=1)},
    **{name.casefold(): number for number, name in enumerate(DAYS_EN, start=1)},
    "周天": 7,
}
_SPANS = {"每天": (1, 7), "每日": (1, 7), "daily": (1, 7), "工作日": (1, 5), "周末": (6, 7)}
_FULL_WIDTH = {"\uff1a": ":", "\uff1b": ";", "\uff0c": ",", "\uff0d": "-", "\uff5e": "-"}
_PLAIN = str.maketrans(_FULL_WIDTH | {"、": ",", "—": "-", "–": "-", "~": "-"})
_DAYS = re.compile(r"^[^\d]+")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
MINUTES_OF_DAY = 24 * 60


def parse_hours(text: str) -> list[Interval]:
    """The intervals that `text` says, in order of day and time; none for an empty text.

    Raises:
        ValueError: it cannot be read, ends before it begins, or names a time twice.

    >>> parse_hours("周六 09:00-12:00")
    [{'days': [6, 6], 'from': '09:00', 'to': '12:00'}]
    """
    parts = [part for part in re.split(r"[;\n]", text.translate(_PLAIN)) if part.strip()]
    intervals = [interval for part in parts for interval in _part(part.strip())]
    return in_order(intervals)


def in_order(intervals: Iterable[Interval]) -> list[Interval]:
    """`intervals` sorted. Raises ValueError where two of them share a moment or one is none."""
    ordered = sorted(intervals, key=lambda one: (one["days"], one["from"], one["to"]))
    for place, one in enumerate(ordered):
        first, last = one["days"]
        if not (1 <= first <= last <= 7 and _minute(one["from"]) < _minute(one["to"]) <= MINUTES_OF_DAY):
            raise ValueError("not an interval")
        if any(_meet(one, other) for other in ordered[place + 1 :]):
            raise ValueError("overlapping intervals")
    return ordered


def write_hours(intervals: Iterable[Interval], *, english: bool = False) -> str:
    """The sentence that `parse_hours` reads: "周一至周五 08:30-12:00 14:00-17:30;周六 09:00-12:00"."""
    parts = []
    for days, group in groupby(intervals, key=lambda one: one["days"]):
        times = " ".join(f"{one['from']}-{one['to']}" for one in group)
        parts.append(f"{_days_words(days, english)} {times}")
    return ("; " if english else ";").join(parts)


def is_open(intervals: Iterable[Interval], moment: datetime) -> bool | None:
    """Whether it is open at `moment`, a time on the body's own clock; None where no hours are known."""
    intervals = list(intervals)
    if not intervals:
        return None
    day, minute = moment.isoweekday(), moment.hour * 60 + moment.minute
    return any(
        one["days"][0] <= day <= one["days"][1] and _minute(one["from"]) <= minute < _minute(one["to"])
        for one in intervals
    )


def _part(part: str) -> list[Interval]:
    said = _DAYS.match(part)
    rest = part[said.end() :] if said else part
    times = _TIMES.findall(re.sub(r"\s*-\s*", "-", rest))
    if not said or not times or re.sub(r"[\s,]", "", _TIMES.sub("", re.sub(r"\s*-\s*", "-", rest))):
        raise ValueError("not understood")
    return [
        {"days": [*days], "from": _clock(h1, m1), "to": _clock(h2, m2)}
        for days in _day_spans(said.group())
        for h1, m1, h2, m2 in times
    ]


def _day_spans(text: str) -> list[tuple[int, int]]:
    words = re.sub(r"星期|礼拜", "周", "".join(text.split())).casefold().rstrip(":,")
    words = re.sub(r"[至到]", "-", words)
    spans = []
    for word in filter(None, words.split(",")):
        first, _, last = word.partition("-")
        span = _SPANS.get(word) or (_day(first), _day(last or first))
        if span[0] > span[1]:
            raise ValueError("days run backwards")
        spans.append(span)
    return spans


def _day(word: str) -> int:
    number = _DAY_NUMBERS.get(word) or _DAY_NUMBERS.get(f"周{word}") or _DAY_NUMBERS.get(word[:3])
    if number is None or (word[:1].isascii() and len(word) > len("wednesday")):
        raise ValueError("no day")
    return number


def _clock(hour: str, minute: str) -> str:
    if int(hour) > 24 or int(minute) > 59 or int(hour) == 24 and int(minute):
        raise ValueError("no time")
    return f"{int(hour):02}:{minute}"


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _meet(one: Interval, other: Interval) -> bool:
    return (
        max(one["days"][0], other["days"][0]) <= min(one["days"][1], other["days"][1])
        and max(_minute(one["from"]), _minute(other["from"])) < min(_minute(one["to"]), _minute(other["to"]))
    )


def _days_words(days: list[int], english: bool) -> str:
    first, last = days
    if (first, last) == (1, 7):
        return "daily" if english else "每天"
    names, to = (DAYS_EN, "-") if english else (DAYS_ZH, "至")
    return names[first - 1] if first == last else f"{names[first - 1]}{to}{names[last - 1]}"
