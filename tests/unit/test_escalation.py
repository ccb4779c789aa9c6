"""The escalation policy as tables."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.deadlines import Clock, due_time
from incidents.escalation import EscalationFacts, decide_escalation, first_level
from incidents.policy import COLOURS, DEFAULT_BOOK, DEFAULT_POLICY, Policy, PolicyBook
from incidents.workflow import TRANSITIONS, Action, State
from incidents.working_time import GUANGZHOU

ENTERED = datetime(2026, 3, 2, 9, 0, tzinfo=GUANGZHOU)
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
ACCEPT, RESOLVE = "not_accepted_in_time", "not_resolved_in_time"
GOES_UP = TRANSITIONS[Action.ESCALATE].sources


def facts(state="reported", level="grid", risk="yellow", **changes) -> EscalationFacts:
    return EscalationFacts(State(state), Level(level), Clock(ENTERED), risk, **changes)


def decided(case: EscalationFacts, age: timedelta = timedelta(), book: PolicyBook = DEFAULT_BOOK):
    decision = decide_escalation(case, ENTERED + age, book)
    return decision and (decision.to_level.value, decision.code)


def ruled(**policy) -> PolicyBook:
    return PolicyBook(versions=((date(2020, 1, 1), Policy(**policy)),))


# For the time ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "level", "age", "decision"),
    [
        # Nobody took it on: four working hours at the grid, a working day at community and street.
        ("reported", "grid", 6 * HOUR, None),
        ("reported", "grid", 6 * HOUR + MOMENT, ("community", ACCEPT)),
        ("verified", "grid", 7 * HOUR, ("community", ACCEPT)),
        ("returned", "grid", 7 * HOUR, ("community", ACCEPT)),
        ("reported", "community", DAY, None),
        ("reported", "community", DAY + MOMENT, ("street", ACCEPT)),
        ("reported", "street", DAY + MOMENT, ("district", ACCEPT)),
        # Taken on but not resolved: one, seven, twenty working days.
        ("accepted", "grid", 7 * HOUR, None),
        ("accepted", "grid", DAY + MOMENT, ("community", RESOLVE)),
        ("assigned", "community", 9 * DAY, None),
        ("mediating", "community", 9 * DAY + MOMENT, ("street", RESOLVE)),
        ("failed", "street", 28 * DAY + MOMENT, ("district", RESOLVE)),
        # Nothing above the district.
        ("reported", "district", 400 * DAY, None),
        ("mediating", "district", 400 * DAY, None),
        # Where the matter is settled, ended, or stands still.
        *((state.value, "grid", 400 * DAY, None) for state in sorted(set(State) - GOES_UP)),
        # A clock that is ahead.
        ("reported", "grid", -HOUR, None),
    ],
)
def test_an_overdue_dispute_goes_one_level_up(state, level, age, decision):
    assert decided(facts(state, level), age) == decision


def test_the_reason_is_said_in_both_languages():
    decision = decide_escalation(facts(), ENTERED + DAY, DEFAULT_BOOK)
    assert decision.reason == "超过受理时限 / not accepted in time"


def test_an_extension_and_a_suspension_hold_it_back():
    late = ENTERED + DAY + MOMENT
    for clock in (Clock(ENTERED, extension_days=1), Clock(ENTERED, paused=DAY, paused_working=7 * HOUR)):
        case = EscalationFacts(State.ACCEPTED, Level.GRID, clock, "yellow")
        assert decide_escalation(case, late, DEFAULT_BOOK) is None


@given(
    st.sampled_from(State), st.sampled_from(Level), st.sampled_from(COLOURS), st.integers(0, 3),
    st.timedeltas(timedelta(), timedelta(days=60)),
)  # fmt: skip
def test_whatever_is_past_its_time_and_may_go_up_does(state, level, risk, hand_backs, age):
    case = facts(state, level, risk, hand_backs=hand_backs)
    due_at = due_time(state=state, level=level, risk=risk, clock=case.clock, book=DEFAULT_BOOK)
    decision = decide_escalation(case, ENTERED + age, DEFAULT_BOOK)
    if state in GOES_UP and level.above and due_at < ENTERED + age:
        assert decision.to_level.rank > level.rank
    if decision:
        assert state in GOES_UP and decision.to_level.rank > level.rank


# For its risk and for failing ------------------------------------------------------------------
YES, NO = True, False


@pytest.mark.parametrize(
    # red, major group, handed back, failed twice, overdue: where it goes.
    ("red", "major", "handed_back", "failed", "overdue", "decision"),
    [
        (NO, NO, NO, NO, NO, None),
        (NO, NO, NO, NO, YES, ("community", RESOLVE)),
        (NO, NO, NO, YES, NO, ("community", "mediation_failed_again")),
        (NO, NO, NO, YES, YES, ("community", "mediation_failed_again")),
        (NO, NO, YES, NO, NO, None),
        (NO, NO, YES, NO, YES, ("community", RESOLVE)),
        (NO, NO, YES, YES, NO, ("community", "mediation_failed_again")),
        *(
            (NO, YES, NO, failed, overdue, ("street", "major_group"))
            for failed, overdue in product((NO, YES), repeat=2)
        ),
        *(
            (YES, NO, NO, failed, overdue, ("street", "red_risk"))
            for failed, overdue in product((NO, YES), repeat=2)
        ),
        *(
            (YES, YES, NO, failed, overdue, ("street", "major_group"))
            for failed, overdue in product((NO, YES), repeat=2)
        ),
        # Whoever handed it back knew its colour: only time and failing speak now.
        *((red, major, YES, NO, NO, None) for red, major in ((YES, NO), (NO, YES), (YES, YES))),
        *(
            (red, major, YES, NO, YES, ("community", RESOLVE))
            for red, major in ((YES, NO), (NO, YES), (YES, YES))
        ),
    ],
)
def test_what_speaks_for_going_up_and_in_which_order(red, major, handed_back, failed, overdue, decision):
    case = facts(
        "failed", "grid", "red" if red else "yellow", scale="03" if major else "01",
        hand_backs=int(handed_back), failed_here=2 if failed else 1,
    )  # fmt: skip
    assert decided(case, 2 * DAY if overdue else timedelta()) == decision


@pytest.mark.parametrize("state", sorted(GOES_UP))
def test_red_goes_straight_to_the_street_from_any_state_that_may_go_up(state):
    assert decided(facts(state, "grid", "red")) == ("street", "red_risk")
    assert decided(facts(state, "community", "red")) == ("street", "red_risk")
    assert decided(facts(state, "street", "red")) is None


def test_red_at_the_street_goes_on_for_its_time():
    assert decided(facts("reported", "street", "red"), 2 * HOUR + MOMENT) == ("district", ACCEPT)


def test_failing_counts_only_where_it_has_just_failed():
    assert decided(facts("mediating", failed_here=2)) is None
    assert decided(facts("failed", "street", failed_here=2)) == ("district", "mediation_failed_again")
    assert decided(facts("failed", "district", failed_here=9)) is None


def test_the_district_may_rule_otherwise():
    assert decided(facts(risk="red"), book=ruled(red_to_street=False)) is None
    assert decided(facts(scale="03"), book=ruled(major_group_to_street=False)) is None
    assert decided(facts("failed", failed_here=2), book=ruled(failed_mediations=3)) is None
    assert decided(facts("failed", failed_here=1), book=ruled(failed_mediations=1)) is not None


@pytest.mark.parametrize("home", Level)
@pytest.mark.parametrize(("risk", "scale"), list(product(COLOURS, ("01", "02", "03"))))
def test_a_case_begins_where_it_belongs_or_at_the_street(home, risk, scale):
    straight = risk == "red" or scale == "03"
    begun = first_level(home, risk=risk, scale=scale, policy=DEFAULT_POLICY)
    assert begun is (Level.STREET if straight and home.rank < Level.STREET.rank else home)
    # Begun there, neither colour nor size sends it on again.
    case = facts("reported", begun, risk, scale=scale)
    assert decided(case) is None
