"""What the district centre decides about handling: time limits, escalation, extension, risk. Pure.

A `Policy` is in force from a day; a `PolicyBook` holds all of them with the district's own calendar days
and says which rules a moment falls under. A case keeps the rules under which it entered its level.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from grids.hierarchy import Level
from incidents.risk import RiskWeights
from incidents.working_time import GUANGZHOU, OFFICE_HOURS, WorkCalendar

COLOURS = ("red", "orange", "yellow", "blue")


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"

    @property
    def is_working(self) -> bool:
        return self in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Span:
    """So many hours or days, by the clock or of working time."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class TimeLimit:
    """To take a case on, and to resolve it, both from its arrival at the level."""

    accept: Span
    resolve: Span


def _limits() -> dict[tuple[Level, str], TimeLimit]:
    """No national limits exist; these lie within what counties publish (the same day at the grid, about a
    week at the community, twenty days at the street); red runs by the clock, nights and holidays included.
    """
    hours, days, wh, wd = Unit.HOURS, Unit.DAYS, Unit.WORKING_HOURS, Unit.WORKING_DAYS
    table = {
        Level.GRID: ((1, hours, 4, hours), (2, wh, 1, wd), (4, wh, 1, wd), (4, wh, 2, wd)),
        Level.COMMUNITY: ((2, hours, 1, days), (4, wh, 3, wd), (1, wd, 7, wd), (1, wd, 7, wd)),
        Level.STREET: ((2, hours, 7, days), (4, wh, 10, wd), (1, wd, 20, wd), (1, wd, 20, wd)),
        Level.DISTRICT: ((4, hours, 15, days), (1, wd, 20, wd), (2, wd, 22, wd), (2, wd, 22, wd)),
    }
    return {
        (level, colour): TimeLimit(Span(row[0], row[1]), Span(row[2], row[3]))
        for level, rows in table.items()
        for colour, row in zip(COLOURS, rows, strict=True)
    }


@dataclass(frozen=True)
class Policy:
    """One version of the rules.

    `failed_mediations`: so many at one level send the case up. `hand_backs`: so often a case may be handed
    back in all. `extension_working_days`: the most that may be granted, once for each level.
    `follow_up_days`: after an agreement, by when someone sees whether it is kept. `referral` is the time a
    partner, or we, may take to answer a referral. `reminder`: so long before a due time people are reminded.
    """

    limits: Mapping[tuple[Level, str], TimeLimit] = field(default_factory=_limits)
    red_to_street: bool = True
    major_group_to_street: bool = True
    failed_mediations: int = 2
    hand_backs: int = 1
    extension_working_days: int = 10
    # Several Provisions on People's Mediation Work, art. 33: a mediation normally ends within one month.
    mediation_months: int = 1
    follow_up_days: int = 30
    # People's Mediation Law, art. 33: within 30 days of the agreement taking effect.
    confirmation_days: int = 30
    referral: Span = Span(3, Unit.WORKING_DAYS)
    reminder: Span = Span(4, Unit.WORKING_HOURS)
    office_hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    risk: RiskWeights = RiskWeights()


DEFAULT_POLICY = Policy()


@dataclass(frozen=True)
class Rules:
    """A policy with the calendar that it counts in."""

    policy: Policy
    calendar: WorkCalendar

    def after(self, start: datetime, span: Span) -> datetime:
        """`start` and `span` later."""
        if span.unit.is_working:
            return self.calendar.after(start, self.length(span))
        return start + self.length(span)

    def before(self, end: datetime, span: Span) -> datetime:
        """`span` before `end`: the first moment from which no more than `span` is left until `end`."""
        if not span.unit.is_working:
            return end - self.length(span)
        calendar = self.calendar
        origin = end - timedelta(days=400)
        return calendar.after(origin, calendar.between(origin, end) - self.length(span))

    def length(self, span: Span) -> timedelta:
        """`span` as time by its own clock."""
        match span.unit:
            case Unit.HOURS | Unit.WORKING_HOURS:
                return timedelta(hours=span.amount)
            case Unit.DAYS:
                return timedelta(days=span.amount)
            case Unit.WORKING_DAYS:
                return span.amount * self.calendar.day_length


@dataclass(frozen=True, eq=False)
class PolicyBook:
    """All versions, ascending by the day from which they are in force, and the district's own calendar days.

    Before the first version the default holds.
    """

    versions: tuple[tuple[date, Policy], ...] = ()
    calendar_changes: Mapping[date, bool] = field(default_factory=dict)

    def rules_at(self, moment: datetime) -> Rules:
        """The rules in force at `moment`."""
        day = moment.astimezone(GUANGZHOU).date()
        number = bisect_right([since for since, _ in self.versions], day)
        policy = self.versions[number - 1][1] if number else DEFAULT_POLICY
        return Rules(policy, _calendar(policy.office_hours, self._changes))

    @cached_property
    def _changes(self) -> frozenset[tuple[date, bool]]:
        return frozenset(self.calendar_changes.items())


@lru_cache(maxsize=16)
def _calendar(hours: tuple[tuple[time, time], ...], changes: frozenset[tuple[date, bool]]) -> WorkCalendar:
    """Kept from one book to the next: a calendar counts all days of a century when it is first asked."""
    return WorkCalendar(hours, dict(changes))


DEFAULT_BOOK = PolicyBook()
