"""When a dispute is due. Pure."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from grids.hierarchy import Level
from incidents.policy import PolicyBook, Rules, Span, Unit
from incidents.workflow import AWAITING, OPEN, SETTLED, TRANSITIONS, Action, Move, State
from incidents.working_time import GUANGZHOU

_NONE = timedelta()


@dataclass(frozen=True)
class Clock:
    """What the time limits of one case look at.

    `level_entered_at` is since when the level has the case, `suspended_at` since when the clock stands still.
    `paused` and `paused_working` are all earlier suspensions at this level, by the clock and in working time.
    `extension_days` are working days granted on top. `consent_until` is the day to which the parties agreed
    to let the mediation run on. Of `paused`, `paused_before_mediation` passed before the mediation began.
    """

    level_entered_at: datetime
    suspended_at: datetime | None = None
    paused: timedelta = _NONE
    paused_working: timedelta = _NONE
    mediation_began_at: datetime | None = None
    paused_before_mediation: timedelta = _NONE
    settled_at: datetime | None = None
    extension_days: int = 0
    consent_until: date | None = None


def due_time(*, state: State, level: Level, risk: str, clock: Clock, book: PolicyBook) -> datetime | None:
    """When the present step must be done, None where no clock runs.

    Ended and suspended cases have none, nor those that wait for the court. After an agreement it is the
    follow-up visit that is due.
    """
    if state not in OPEN or state in (State.SUSPENDED, State.CONFIRMATION_PENDING):
        return None
    rules = book.rules_at(clock.level_entered_at)
    if state in SETTLED:
        since = clock.settled_at or clock.level_entered_at
        return since + timedelta(days=rules.policy.follow_up_days)
    limit = rules.policy.limits[level, risk]
    if state in AWAITING:
        return _paused_after(clock, limit.accept, rules)
    due = _paused_after(clock, limit.resolve, rules)
    if clock.extension_days:
        due = rules.after(due, Span(clock.extension_days, Unit.WORKING_DAYS))
    ends = mediation_end(clock, rules) if state is State.MEDIATING else None
    return min(due, ends) if ends else due


def mediation_end(clock: Clock, rules: Rules) -> datetime | None:
    """When a mediation that began is to end: one month on by default, suspensions not counted; where the
    parties agreed to let it run on, with the day that they named. None where nobody knows when it began."""
    if clock.mediation_began_at is None:
        return None
    if clock.consent_until:
        return datetime.combine(clock.consent_until + timedelta(days=1), time(), GUANGZHOU)
    paused = clock.paused - clock.paused_before_mediation
    return add_months(clock.mediation_began_at, rules.policy.mediation_months) + paused


def add_months(at: datetime, months: int) -> datetime:
    """The same day and time in Guangzhou `months` later, the last of the month where it has no such day."""
    at = at.astimezone(GUANGZHOU)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def _paused_after(clock: Clock, span: Span, rules: Rules) -> datetime:
    """`span` after the arrival, the time of suspensions not counted."""
    if span.unit.is_working:
        return rules.calendar.after(clock.level_entered_at, rules.length(span) + clock.paused_working)
    return clock.level_entered_at + rules.length(span) + clock.paused


def clock_after(clock: Clock, action: Action, at: datetime, book: PolicyBook) -> Clock:
    """The clock once `action` was taken at `at`.

    Another level, or a case that is opened again, starts its own. A suspension stops the clock.
    """
    if TRANSITIONS[action].move is not Move.STAY or action is Action.REOPEN:
        return Clock(level_entered_at=at)
    match action:
        case Action.SUSPEND:
            return replace(clock, suspended_at=at)
        case Action.RESUME:
            return _resumed(clock, at, book)
        case Action.BEGIN_MEDIATION:
            return replace(
                clock, mediation_began_at=at, paused_before_mediation=clock.paused, consent_until=None
            )
        case Action.RECORD_AGREEMENT:
            return replace(clock, settled_at=at)
        case Action.RECORD_BREACH:
            # Kept neither by the parties nor, then, by us: the handling begins anew.
            return Clock(level_entered_at=at)
    return replace(clock, suspended_at=None)


def _resumed(clock: Clock, at: datetime, book: PolicyBook) -> Clock:
    calendar = book.rules_at(clock.level_entered_at).calendar
    return replace(
        clock,
        suspended_at=None,
        paused=clock.paused + (at - clock.suspended_at),
        paused_working=clock.paused_working + calendar.between(clock.suspended_at, at),
    )


def confirmation_until(effective_on: date, rules: Rules) -> date:
    """The last day to apply jointly for judicial confirmation (People's Mediation Law, art. 33): where nobody
    works on it, the next working day (Civil Code, art. 203; Civil Procedure Law, art. 85)."""
    until = effective_on + timedelta(days=rules.policy.confirmation_days)
    while not rules.calendar.is_workday(until):
        until += timedelta(days=1)
    return until
