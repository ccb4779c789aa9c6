"""When a dispute is due. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from grids.hierarchy import Level
from incidents.workflow import AWAITING, OPEN, TRANSITIONS, Action, Move, State


@dataclass(frozen=True)
class TimeLimit:
    """Hours to take a case on, and hours to resolve it, both from its arrival at the level."""

    accept: timedelta
    resolve: timedelta


# No national limits exist; these lie within what counties publish: the same day at the grid, about
# a week at the community, twenty days at the street, and one month for a mediation as a whole
# (Several Provisions on People's Mediation Work, art. 33).
DEFAULT_LIMITS: Mapping[Level, TimeLimit] = {
    Level.GRID: TimeLimit(timedelta(hours=4), timedelta(days=1)),
    Level.COMMUNITY: TimeLimit(timedelta(days=1), timedelta(days=7)),
    Level.STREET: TimeLimit(timedelta(days=1), timedelta(days=20)),
    Level.DISTRICT: TimeLimit(timedelta(days=2), timedelta(days=30)),
}


def due_time(
    *,
    state: State,
    level: Level,
    level_entered_at: datetime,
    limits: Mapping[Level, TimeLimit] = DEFAULT_LIMITS,
) -> datetime | None:
    """When the present step must be done, None where no clock runs (ended or suspended)."""
    if state not in OPEN or state is State.SUSPENDED:
        return None
    limit = limits[level]
    return level_entered_at + (limit.accept if state in AWAITING else limit.resolve)


@dataclass(frozen=True)
class Clock:
    """Since when the level has the case, suspensions not counted; and since when the clock stands still."""

    level_entered_at: datetime
    suspended_at: datetime | None = None


def clock_after(clock: Clock, action: Action, at: datetime) -> Clock:
    """The clock once `action` was taken at `at`.

    Another level starts its own. A suspension stops the clock: on resuming, the entry moves forward by
    its length.
    """
    if TRANSITIONS[action].move is not Move.STAY:
        return Clock(level_entered_at=at)
    if action is Action.SUSPEND:
        return Clock(clock.level_entered_at, suspended_at=at)
    if action is Action.RESUME:
        return Clock(clock.level_entered_at + (at - clock.suspended_at))
    return Clock(clock.level_entered_at)
