"""The holidays and make-up working days of a year, as the State Council's notice gives them. Pure."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from incidents.working_time import is_statutory_workday, notice_known


@dataclass(frozen=True)
class Holiday:
    """`days` are off in one piece, `make_up` are worked for them instead."""

    zh: str
    en: str
    days: tuple[date, ...]
    make_up: tuple[date, ...]


@dataclass(frozen=True)
class CalendarCell:
    """A day of a month's sheet. `kind` is work, weekend, holiday or make_up; `changed` by the district."""

    day: date
    in_month: bool
    kind: str
    is_workday: bool
    changed: bool


def holidays_of(year: int) -> list[Holiday]:
    """The year's holidays in their order; none where the notice is not known."""
    if not notice_known(year):
        return []
    names: dict[str, tuple[list[date], list[date]]] = {}
    for day in _days_of(year):
        off, name = chinese_calendar.get_holiday_detail(day)
        if name:
            names.setdefault(name, ([], []))[0 if off else 1].append(day)
    found = [
        Holiday(chinese_calendar.Holiday(name).chinese, str(name), tuple(off), tuple(make_up))
        for name, (off, make_up) in names.items()
    ]
    return sorted(found, key=lambda holiday: (holiday.days or holiday.make_up)[0])


def month_sheet(year: int, month: int, changes: Mapping[date, bool]) -> list[list[CalendarCell]]:
    """The month's weeks from Monday, with the days of its neighbours that fill them."""
    weeks = Calendar().monthdatescalendar(year, month)
    return [[_cell(day, day.month == month, changes) for day in week] for week in weeks]


def _cell(day: date, in_month: bool, changes: Mapping[date, bool]) -> CalendarCell:
    statutory, weekday = is_statutory_workday(day), day.weekday() < 5
    changed = day in changes and changes[day] != statutory
    is_workday = changes[day] if changed else statutory
    if is_workday:
        kind = "work" if weekday else "make_up"
    else:
        named = notice_known(day.year) and chinese_calendar.get_holiday_detail(day)[1]
        kind = "holiday" if weekday or named else "weekend"
    return CalendarCell(day, in_month, kind, is_workday, changed)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
