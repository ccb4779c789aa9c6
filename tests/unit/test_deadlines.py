"""When a dispute is due, and what a suspension does to its clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grids.hierarchy import Level
from incidents.deadlines import DEFAULT_LIMITS, Clock, TimeLimit, clock_after, due_time
from incidents.workflow import AWAITING, ENDED, OPEN, Action, State

ENTERED = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)


def due(state, level=Level.STREET, limits=DEFAULT_LIMITS):
    return due_time(state=state, level=level, level_entered_at=ENTERED, limits=limits)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("state", OPEN - {State.SUSPENDED})
def test_the_limit_to_accept_runs_first_and_then_the_limit_to_resolve(state, level):
    limit = DEFAULT_LIMITS[level]
    assert due(state, level) == ENTERED + (limit.accept if state in AWAITING else limit.resolve)


@pytest.mark.parametrize("state", ENDED | {State.SUSPENDED})
def test_no_clock_runs_on_ended_and_suspended_disputes(state):
    assert due(state) is None


@pytest.mark.parametrize(
    ("level", "accept", "resolve"),
    [("grid", 4, 24), ("community", 24, 7 * 24), ("street", 24, 20 * 24), ("district", 48, 30 * 24)],
)
def test_the_limits_are_these(level, accept, resolve):
    assert DEFAULT_LIMITS[Level(level)] == TimeLimit(accept * HOUR, resolve * HOUR)


def test_a_district_may_have_other_limits():
    limits = {Level.STREET: TimeLimit(2 * HOUR, 3 * HOUR)}
    assert due(State.REPORTED, limits=limits) == ENTERED + 2 * HOUR
    assert due(State.MEDIATING, limits=limits) == ENTERED + 3 * HOUR


@pytest.mark.parametrize("action", [Action.ESCALATE, Action.HAND_BACK])
def test_another_level_starts_its_own_clock(action):
    assert clock_after(Clock(ENTERED), action, ENTERED + HOUR) == Clock(ENTERED + HOUR)


def test_a_suspension_does_not_count():
    suspended = clock_after(Clock(ENTERED), Action.SUSPEND, ENTERED + HOUR)
    assert suspended == Clock(ENTERED, suspended_at=ENTERED + HOUR)
    resumed = clock_after(suspended, Action.RESUME, ENTERED + 11 * HOUR)
    assert resumed == Clock(ENTERED + 10 * HOUR)


def test_voiding_ends_a_suspension():
    suspended = Clock(ENTERED, suspended_at=ENTERED + HOUR)
    assert clock_after(suspended, Action.VOID, ENTERED + 2 * HOUR) == Clock(ENTERED)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.ASSIGN, Action.FAIL, Action.CLOSE])
def test_other_actions_leave_the_clock_alone(action):
    assert clock_after(Clock(ENTERED), action, ENTERED + HOUR) == Clock(ENTERED)
