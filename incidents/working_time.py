"""Working days and hours in China. Pure.

Public holidays and make-up working days come from `chinesecalendar`, which follows the State Council's
yearly notices; a district's own days override them. Beyond the years that it knows, Monday to Friday work.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, cached_property

import chinese_calendar

# Guangzhou keeps UTC+8 all year.
GUANGZHOU = timezone(timedelta(hours=8))
OFFICE_HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))
# Working time is counted from here; sums to a later day are kept for `_YEARS` years.
_FIRST, _YEARS = date(2000, 1, 1), 100


@cache
def is_statutory_workday(day: date) -> bool:
    """Whether people work on `day` by the State Council's notice or, where there is none yet, the weekday."""
    return chinese_calendar.is_workday(day) if notice_known(day.year) else day.weekday() < 5


@cache
def notice_known(year: int) -> bool:
    """Whether the holidays of `year` are known."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """When people work: `periods` of a working day, from and to, in order; `changes` says of single days
    whether they are worked, whatever the notice says.
    """

    periods: tuple[tuple[time, time], ...] = OFFICE_HOURS
    changes: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def day_length(self) -> timedelta:
        """Working time of one working day."""
        return sum((length for _, length in self._hours), timedelta())

    @cached_property
    def _hours(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """Of each period, when it begins after midnight and how long it is."""
        return tuple((_since_midnight(start), _span(start, end)) for start, end in self.periods)

    def is_workday(self, day: date) -> bool:
        changed = self.changes.get(day)
        return is_statutory_workday(day) if changed is None else changed

    @cached_property
    def _workdays_before(self) -> list[int]:
        """Of each day since `_FIRST`, how many working days lie before it; ascending."""
        counts, day, total = [], _FIRST, 0
        while day.year < _FIRST.year + _YEARS:
            counts.append(total)
            total += self.is_workday(day)
            day += timedelta(days=1)
        return counts

    def worked(self, at: datetime) -> timedelta:
        """Working time from 2000 to `at`: the difference of two is the working time between them."""
        local = at.astimezone(GUANGZHOU)
        if not _FIRST.year <= local.year < _FIRST.year + _YEARS:
            raise ValueError(f"no working time is known for {local.year}")
        today = local.date()
        worked = self._workdays_before[(today - _FIRST).days] * self.day_length
        if not self.is_workday(today):
            return worked
        clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second,
                          microseconds=local.microsecond)  # fmt: skip
        for begins, length in self._hours:
            if clock > begins:
                worked += min(clock - begins, length)
        return worked

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`."""
        return self.worked(end) - self.worked(start)

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which `amount` of working time has passed since `start`."""
        if amount <= timedelta():
            return start
        target = self.worked(start) + amount
        # The last day that begins with less than `target` behind it holds the moment.
        days, rest = divmod(target, self.day_length)
        if not rest:
            days, rest = days - 1, self.day_length
        index = bisect_right(self._workdays_before, days) - 1
        midnight = datetime.combine(_FIRST + timedelta(days=index), time(), GUANGZHOU)
        for begins, length in self._hours:
            if rest <= length:
                return (midnight + begins + rest).astimezone(start.tzinfo)
            rest -= length
        raise AssertionError("a day holds its own working time")


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)


def _span(start: time, end: time) -> timedelta:
    return _since_midnight(end) - _since_midnight(start)
