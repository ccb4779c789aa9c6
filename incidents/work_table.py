"""Working time of many moments at once. Pure. The arithmetic of `WorkCalendar` on numpy arrays.

Moments are microseconds since 1970 in UTC, as int64.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import numpy as np

from incidents.working_time import GUANGZHOU, WorkCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND
_LONGEST_YEARS = 12


def microseconds(moments: Iterable[datetime]) -> np.ndarray:
    return np.array([(moment - _EPOCH) // _MICROSECOND for moment in moments], np.int64)


class WorkTable:
    """`calendar` from the day of `first` on, for amounts that take up to `longest` by the clock and, for all
    that, twelve years.
    """

    def __init__(self, calendar: WorkCalendar, first: datetime, longest: timedelta):
        start: date = first.astimezone(GUANGZHOU).date() - timedelta(days=1)
        count = min(366 * 3 + longest.days, 366 * _LONGEST_YEARS)
        worked = [calendar.is_workday(start + timedelta(days=number)) for number in range(count)]
        midnight = datetime(start.year, start.month, start.day, tzinfo=GUANGZHOU)
        self._first = (midnight - _EPOCH) // _MICROSECOND
        self._is_workday = np.array(worked)
        self._before = np.concatenate(([0], np.cumsum(self._is_workday)[:-1])).astype(np.int64)
        self._day_length = calendar.day_length // _MICROSECOND
        self._periods = [
            tuple((clock.hour * 60 + clock.minute) * 60_000_000 for clock in period)
            for period in calendar.periods
        ]

    def worked(self, moments: np.ndarray) -> np.ndarray:
        """Working time from the first day to each moment, in microseconds."""
        days, clock = np.divmod(moments - self._first, _DAY)
        days = np.clip(days, 0, len(self._before) - 1)
        today = sum(np.clip(clock - start, 0, end - start) for start, end in self._periods)
        return self._before[days] * self._day_length + np.where(self._is_workday[days], today, 0)

    def after(self, starts: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """The first moments by which `amounts` of working time have passed since `starts`."""
        days, rest = np.divmod(self.worked(starts) + amounts, self._day_length)
        # What ends with a day ends at its close, and not at the next one's opening.
        days, rest = np.where(rest == 0, days - 1, days), np.where(rest == 0, self._day_length, rest)
        index = np.searchsorted(self._before, days, side="right") - 1
        clock, earlier = np.zeros_like(rest), 0
        for start, end in self._periods:
            within = (rest > earlier) & (rest <= earlier + end - start)
            clock = np.where(within, start + rest - earlier, clock)
            earlier += end - start
        return np.where(amounts > 0, self._first + index * _DAY + clock, starts)
