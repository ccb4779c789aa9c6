"""Opening hours: written by people, stored as intervals, asked about a moment."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.opening_hours import ADVICE_EN, ADVICE_ZH, in_order, is_open, parse_hours, write_hours

USUAL = "周一至周五 08:30-12:00 14:00-17:30;周六 09:00-12:00"
INTERVALS = [
    {"days": [1, 5], "from": "08:30", "to": "12:00"},
    {"days": [1, 5], "from": "14:00", "to": "17:30"},
    {"days": [6, 6], "from": "09:00", "to": "12:00"},
]


@pytest.mark.parametrize(
    "text",
    [
        USUAL,
        "周六 9:00-12:00;周一到周五 08:30 - 12:00,14:00—17:30",
        "星期一至星期五\uff1a08\uff1a30~12\uff1a00、14:00-17:30\uff1b星期六 09:00-12:00",
        "Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00",
        "工作日 08:30-12:00 14:00-17:30\n周六 09:00-12:00",
    ],
)
def test_what_people_write_is_read(text):
    try:
        assert parse_hours(text) == INTERVALS
    except ValueError:
        pytest.fail("not understood")


def test_the_advice_is_itself_understood():
    for advice in (ADVICE_ZH.split("“")[1].split("”")[0], ADVICE_EN.split("Write ")[1].split(", and")[0]):
        assert parse_hours(advice) == INTERVALS


def test_several_days_and_the_whole_week_are_read():
    assert parse_hours("周一、周三 09:00-12:00") == [
        {"days": [1, 1], "from": "09:00", "to": "12:00"},
        {"days": [3, 3], "from": "09:00", "to": "12:00"},
    ]
    assert parse_hours("每天 00:00-24:00") == [{"days": [1, 7], "from": "00:00", "to": "24:00"}]
    assert parse_hours("周末 10:00-16:00")[0]["days"] == [6, 7]
    assert parse_hours(" ") == []


@pytest.mark.parametrize(
    "text",
    [
        "全天", "周一 开门", "09:00-12:00", "周八 09:00-12:00", "周五至周一 09:00-12:00", "周一 12:00-09:00",
        "周一 09:00-25:00", "周一 09:00-24:30", "周一 09:60-12:00", "周一 09:00-09:00",
        "周一 09:00-12:00 以后",
        "周一至周三 09:00-12:00;周二 11:00-13:00",
    ],
)  # fmt: skip
def test_what_is_no_opening_time_is_refused(text):
    with pytest.raises(ValueError):
        parse_hours(text)


def test_hours_are_told_in_both_languages():
    assert write_hours(INTERVALS) == USUAL
    assert write_hours(INTERVALS, english=True) == "Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00"
    assert write_hours([]) == ""


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-03-02T08:29", False), ("2026-03-02T08:30", True), ("2026-03-02T11:59", True),
        ("2026-03-02T12:00", False), ("2026-03-06T17:00", True), ("2026-03-07T10:00", True),
        ("2026-03-07T15:00", False), ("2026-03-08T10:00", False),
    ],
)  # fmt: skip
def test_it_is_open_from_the_first_minute_until_before_the_last(moment, answer):
    assert is_open(INTERVALS, datetime.fromisoformat(moment)) is answer


def test_a_day_is_open_until_midnight_and_unknown_hours_are_unknown():
    assert is_open(parse_hours("每天 00:00-24:00"), datetime(2026, 3, 2, 23, 59)) is True
    assert is_open([], datetime(2026, 3, 2)) is None


_SPAN = st.tuples(st.integers(1, 7), st.integers(1, 7)).map(sorted)
_MINUTE = st.integers(0, 1440)
_TIMES = st.tuples(_MINUTE, _MINUTE).filter(lambda pair: pair[0] != pair[1]).map(sorted)


def _interval(days, times):
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in times)
    return {"days": [*days], "from": first, "to": last}


@given(st.lists(st.builds(_interval, _SPAN, _TIMES), max_size=6), st.booleans())
def test_whatever_can_be_stored_is_read_back_from_its_words(intervals, english):
    try:
        stored = in_order(intervals)
    except ValueError:
        return
    assert parse_hours(write_hours(stored, english=english)) == stored
