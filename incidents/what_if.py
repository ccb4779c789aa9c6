"""How many cases of the past would have gone up by themselves under other rules. Pure.

A case's history is cut into runs: stretches of time at one level in which one time limit ran. Under a
policy a stay at a level ends by escalation where a run lasted beyond its due time, or where mediation failed
as often as the policy allows. What people would have done instead is not known: under longer limits a case
that went up at the time counts as one that stays, under shorter ones each run is as long as it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import numpy as np

from grids.hierarchy import Level
from incidents.deadlines import Clock, clock_after, mediation_end
from incidents.escalation import first_level
from incidents.policy import COLOURS, DEFAULT_BOOK, Policy, Rules
from incidents.work_table import WorkTable, microseconds
from incidents.workflow import AWAITING, TRANSITIONS, Action, Move, State

LEVELS = tuple(level for level in Level if level.above)
_CAN_GO_UP = TRANSITIONS[Action.ESCALATE].sources


@dataclass(frozen=True)
class Start:
    """Where a case belongs and what it was like when it was reported."""

    home: Level
    risk: str
    scale: str


@dataclass(frozen=True)
class Step:
    """One event of the case number `case`: what was done, and state and level after it. `risk`,
    `extension_days` and `consent_until` are what it set, None where it did not.
    """

    case: int
    at: datetime
    action: str
    state: State
    level: Level
    risk: str | None = None
    extension_days: int | None = None
    consent_until: date | None = None


@dataclass(frozen=True)
class Run:
    """Until `until` one limit ran: that of `level` and `colour` in `state`, by `clock`.

    `stay` numbers the stays at a level over all cases. `pauses` are the suspensions before it; the clock's
    `paused_working` is left to each policy's office hours. `failed` counts failed mediations of the stay
    while the case stands failed.
    """

    case: int
    stay: int
    level: Level
    colour: str
    state: State
    clock: Clock
    pauses: tuple[tuple[datetime, datetime], ...]
    until: datetime
    failed: int = 0


@dataclass(frozen=True)
class Trial:
    """What a policy would have done. Stays at a level and those that would have ended by escalation, by level
    and colour; `by_time` and `by_failing` of all; `cases_up` cases with at least one; `straight` cases that
    would have begun at the street at once.
    """

    stays: Mapping[tuple[Level, str], int]
    up: Mapping[tuple[Level, str], int]
    by_time: int
    by_failing: int
    cases: int
    cases_up: int
    straight: int


def runs_of(steps: Iterable[Step], starts: Sequence[Start], now: datetime) -> list[Run]:
    """The runs of all cases. `steps` by case and version; the last run of an open case lasts until `now`."""
    runs: list[Run] = []
    stay = 0
    for case, its_steps in groupby(steps, key=lambda step: step.case):
        found = list(_runs_of_case(case, stay, its_steps, starts[case].risk, now))
        runs += found
        stay = (found[-1].stay if found else stay) + 1
    return runs


def try_policy(runs: Sequence[Run], starts: Sequence[Start], rules: Rules) -> Trial:
    """What `rules` would have done with `runs`, all of them under this one policy."""
    runs = [run for run in runs if run.level in LEVELS]
    straight = sum(_begins_above(start, rules.policy) for start in starts)
    if not runs:
        nothing = dict.fromkeys(((level, colour) for level in LEVELS for colour in COLOURS), 0)
        return Trial(nothing, nothing, 0, 0, len(starts), 0, straight)
    late = _late(runs, rules)
    failed = np.array([run.failed for run in runs]) >= rules.policy.failed_mediations
    stay = np.array([run.stay for run in runs])
    case = np.array([run.case for run in runs])
    # A stay counts under the colour that it had last.
    last = np.r_[stay[1:] != stay[:-1], True]
    cell = np.array([LEVELS.index(run.level) * len(COLOURS) + COLOURS.index(run.colour) for run in runs])
    late_stays, failed_stays = set(stay[late].tolist()), set(stay[failed].tolist())
    up = np.isin(stay, list(late_stays | failed_stays))
    return Trial(
        stays=_by_cell(cell[last]),
        up=_by_cell(cell[last & up]),
        by_time=len(late_stays),
        by_failing=len(failed_stays - late_stays),
        cases=len(starts),
        cases_up=len(np.unique(case[up])),
        straight=straight,
    )


def _runs_of_case(case: int, stay: int, steps: Iterator[Step], colour: str, now: datetime) -> Iterator[Run]:
    clock, pauses, failed, run = None, (), 0, None
    for step in steps:
        at = step.at
        if step.action in _ACTIONS:
            action = Action(step.action)
            if action is Action.RESUME:
                pauses += ((clock.suspended_at, at),)
            if action not in _CLOCK_STAYS:
                clock = clock_after(clock, action, at, DEFAULT_BOOK)
                if clock.level_entered_at == at:
                    pauses = ()
            failed += action is Action.FAIL
            if TRANSITIONS[action].move is not Move.STAY:
                stay, failed = stay + 1, 0
        elif clock is None:
            clock = Clock(at)
        else:
            clock = _clock_set(clock, step)
        colour = step.risk or colour
        limited = _LIMITED.get(step.state)
        facts = limited and (
            stay, step.level, colour, limited, clock, pauses, failed if limited is State.FAILED else 0
        )  # fmt: skip
        # What changes nothing that a limit looks at does not end the run.
        if facts != run:
            if run:
                yield _run(case, run, at)
            run = facts
    if run:
        yield _run(case, run, now)


def _run(case: int, facts: tuple, until: datetime) -> Run:
    stay, level, colour, state, clock, pauses, failed = facts
    return Run(case, stay, level, colour, state, clock, pauses, until, failed)


# Of states under the same limit one stands for all.
_LIMITED = {
    state: State.REPORTED
    if state in AWAITING
    else state
    if state in (State.MEDIATING, State.FAILED)
    else State.ACCEPTED
    for state in _CAN_GO_UP
}
# Steps that leave the clock as it is.
_CLOCK_STAYS = frozenset({Action.VERIFY, Action.ACCEPT, Action.ASSIGN, Action.FAIL})
_ACTIONS = frozenset(action.value for action in Action)


def _clock_set(clock: Clock, step: Step) -> Clock:
    if step.extension_days is None and step.consent_until is None:
        return clock
    return replace(
        clock,
        extension_days=clock.extension_days if step.extension_days is None else step.extension_days,
        consent_until=step.consent_until or clock.consent_until,
    )


def _begins_above(start: Start, policy: Policy) -> bool:
    return first_level(start.home, risk=start.risk, scale=start.scale, policy=policy) is not start.home


def _late(runs: Sequence[Run], rules: Rules) -> np.ndarray:
    """Of each run, whether it lasted beyond its due time: `incidents.deadlines.due_time` for all at once."""
    policy = rules.policy
    table = WorkTable(rules.calendar, min(run.clock.level_entered_at for run in runs), _longest(policy))
    entered = microseconds(run.clock.level_entered_at for run in runs)
    until = microseconds(run.until for run in runs)
    limits = [_limit(run, policy) for run in runs]
    amount = _spans(rules.length(span) for span in limits)
    working = np.array([span.unit.is_working for span in limits])
    paused = _spans(run.clock.paused for run in runs)
    by_clock = entered + amount + paused
    due = np.where(working, table.after(entered, amount + _paused_working(runs, table)), by_clock)
    extended = _spans(_extension(run) * rules.calendar.day_length for run in runs)
    due = np.where(extended > 0, table.after(due, extended), due)
    ends = microseconds(_mediation_end(run, rules) for run in runs)
    return until > np.minimum(due, ends)


_NEVER = datetime(2199, 1, 1, tzinfo=UTC)


def _limit(run: Run, policy: Policy):
    limit = policy.limits[run.level, run.colour]
    return limit.accept if run.state in AWAITING else limit.resolve


def _extension(run: Run) -> int:
    return 0 if run.state in AWAITING else run.clock.extension_days


def _mediation_end(run: Run, rules: Rules) -> datetime:
    ends = mediation_end(run.clock, rules) if run.state is State.MEDIATING else None
    return ends or _NEVER


def _paused_working(runs: Sequence[Run], table: WorkTable) -> np.ndarray:
    """Working time of the suspensions before each run."""
    pauses = [(number, *pause) for number, run in enumerate(runs) for pause in run.pauses]
    total = np.zeros(len(runs), np.int64)
    if pauses:
        numbers, starts, ends = zip(*pauses, strict=True)
        np.add.at(total, list(numbers), table.worked(microseconds(ends)) - table.worked(microseconds(starts)))
    return total


def _spans(spans: Iterable[timedelta]) -> np.ndarray:
    return np.array([span // timedelta(microseconds=1) for span in spans], np.int64)


def _longest(policy: Policy) -> timedelta:
    """More than any limit of `policy` with its extension can take, by the clock."""
    hours = max(span.amount for limit in policy.limits.values() for span in (limit.accept, limit.resolve))
    # At the slowest an hour of working time takes a day of the calendar, and half of those are free.
    return timedelta(days=2 * (hours + policy.extension_working_days) + 800)


def _by_cell(cells: np.ndarray) -> dict[tuple[Level, str], int]:
    counts = np.bincount(cells, minlength=len(LEVELS) * len(COLOURS))
    return {
        (level, colour): int(counts[row * len(COLOURS) + column])
        for row, level in enumerate(LEVELS)
        for column, colour in enumerate(COLOURS)
    }
