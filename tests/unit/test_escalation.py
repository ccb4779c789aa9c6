"""The escalation policy as one table."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grids.hierarchy import Level
from incidents.deadlines import TimeLimit
from incidents.escalation import EscalationFacts, decide_escalation
from incidents.workflow import State

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
ACCEPT, RESOLVE = "not_accepted_in_time", "not_resolved_in_time"


@pytest.mark.parametrize(
    ("state", "level", "age", "to_level", "code"),
    [
        # Nobody took it on: four hours at the grid, a day at community and street.
        ("reported", "grid", 4 * HOUR, None, None),
        ("reported", "grid", 4 * HOUR + MOMENT, "community", ACCEPT),
        ("verified", "grid", 5 * HOUR, "community", ACCEPT),
        ("returned", "grid", 5 * HOUR, "community", ACCEPT),
        ("reported", "community", DAY, None, None),
        ("reported", "community", DAY + MOMENT, "street", ACCEPT),
        ("reported", "street", DAY + MOMENT, "district", ACCEPT),
        # Taken on but not resolved: a day, a week, twenty days.
        ("accepted", "grid", 5 * HOUR, None, None),
        ("accepted", "grid", DAY + MOMENT, "community", RESOLVE),
        ("assigned", "community", 7 * DAY, None, None),
        ("mediating", "community", 7 * DAY + MOMENT, "street", RESOLVE),
        ("failed", "street", 20 * DAY + MOMENT, "district", RESOLVE),
        # Nothing above the district.
        ("reported", "district", 400 * DAY, None, None),
        ("mediating", "district", 400 * DAY, None, None),
        # Where the matter is settled, ended, or stands still.
        ("agreed", "grid", 400 * DAY, None, None),
        ("suspended", "grid", 400 * DAY, None, None),
        ("closed", "grid", 400 * DAY, None, None),
        ("void", "grid", 400 * DAY, None, None),
        ("transferred", "grid", 400 * DAY, None, None),
        # A clock that is ahead.
        ("reported", "grid", -HOUR, None, None),
    ],
)
def test_an_overdue_dispute_goes_one_level_up(state, level, age, to_level, code):
    decision = decide_escalation(EscalationFacts(State(state), Level(level), NOW - age), NOW)
    if code is None:
        assert decision is None
    else:
        assert (decision.to_level, decision.code) == (Level(to_level), code)


def test_the_reason_is_said_in_both_languages():
    decision = decide_escalation(EscalationFacts(State.REPORTED, Level.GRID, NOW - DAY), NOW)
    assert decision.reason == "超过受理时限 / not accepted in time"


def test_the_limits_of_the_district_are_what_counts():
    facts = EscalationFacts(State.REPORTED, Level.GRID, NOW - 5 * HOUR)
    generous = {Level.GRID: TimeLimit(6 * HOUR, DAY)}
    assert decide_escalation(facts, NOW) is not None
    assert decide_escalation(facts, NOW, generous) is None
