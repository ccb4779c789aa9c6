"""Periods of whole days in Guangzhou, and what they are compared with. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from incidents.working_time import GUANGZHOU

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self):
        if self.last < self.first:
            raise ValueError(f"{self.last} lies before {self.first}")

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), GUANGZHOU)

    @property
    def end(self) -> datetime:
        """Midnight after the last day: the first moment that is no longer in it."""
        return datetime.combine(self.last + _DAY, time(), GUANGZHOU)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """As long a period just before; before whole months, as many whole months.

        >>> Period(date(2026, 3, 1), date(2026, 3, 31)).before().first
        datetime.date(2026, 2, 1)
        """
        last = self.first - _DAY
        if self.first.day == 1 and self.last == _end_of_month(self.last):
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_months_later(self.first, -months), last)
        return Period(self.first - timedelta(days=self.days), last)

    def year_ago(self) -> "Period":
        """The same days of the year before; February ends with its month."""
        last = _months_later(self.last, -12)
        if self.last == _end_of_month(self.last):
            last = _end_of_month(last)
        return Period(_months_later(self.first, -12), last)


def month_of(day: date) -> Period:
    return Period(day.replace(day=1), _end_of_month(day))


def quarter_of(day: date) -> Period:
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(first, _end_of_month(_months_later(first, 2)))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
