"""When a dispute is due, and what suspensions, extensions and consent do to its clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.deadlines import Clock, add_months, clock_after, confirmation_until, due_time, mediation_end
from incidents.policy import COLOURS, DEFAULT_BOOK, DEFAULT_POLICY, Policy, PolicyBook, Span, TimeLimit, Unit
from incidents.workflow import AWAITING, ENDED, OPEN, SETTLED, Action, State
from incidents.working_time import GUANGZHOU, WorkCalendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = DEFAULT_BOOK.rules_at(datetime(2026, 3, 2, tzinfo=GUANGZHOU))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)


# Monday morning, half an hour after work began.
ENTERED = at("2026-03-02T09:00")
HANDLED = OPEN - AWAITING - SETTLED - {State.SUSPENDED}


def due(state, level=Level.STREET, risk="yellow", clock=None, book=DEFAULT_BOOK):
    return due_time(state=state, level=level, risk=risk, clock=clock or Clock(ENTERED), book=book)


def after(clock: Clock, *steps: tuple[Action, str]) -> Clock:
    for action, moment in steps:
        clock = clock_after(clock, action, at(moment), DEFAULT_BOOK)
    return clock


def one_limit(accept: Span, resolve: Span, **policy) -> PolicyBook:
    """Everywhere the same."""
    limits = {(level, colour): TimeLimit(accept, resolve) for level in Level for colour in COLOURS}
    return PolicyBook(versions=((date(2020, 1, 1), Policy(limits=limits, **policy)),))


# Which limit runs ------------------------------------------------------------------------------
@pytest.mark.parametrize("risk", COLOURS)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("state", AWAITING | HANDLED)
def test_the_limit_to_accept_runs_first_and_then_the_limit_to_resolve(state, level, risk):
    limit = DEFAULT_POLICY.limits[level, risk]
    assert due(state, level, risk) == RULES.after(
        ENTERED, limit.accept if state in AWAITING else limit.resolve
    )


@pytest.mark.parametrize("state", ENDED | {State.SUSPENDED, State.CONFIRMATION_PENDING})
def test_no_clock_runs_on_what_is_ended_or_suspended_or_before_the_court(state):
    assert due(state) is None


@pytest.mark.parametrize(
    ("state", "level", "risk", "expected"),
    [
        ("reported", "grid", "red", "2026-03-02T10:00"),
        ("reported", "grid", "orange", "2026-03-02T11:00"),
        ("reported", "grid", "blue", "2026-03-02T15:00"),
        ("accepted", "grid", "red", "2026-03-02T13:00"),
        ("accepted", "grid", "yellow", "2026-03-03T09:00"),
        ("reported", "community", "yellow", "2026-03-03T09:00"),
        ("mediating", "community", "yellow", "2026-03-11T09:00"),
        ("failed", "street", "red", "2026-03-09T09:00"),
        # Twenty working days, of which the Monday of Qingming is none, nor its weekend.
        ("assigned", "street", "blue", "2026-03-30T09:00"),
        ("accepted", "district", "yellow", "2026-04-01T09:00"),
        ("accepted", "district", "red", "2026-03-17T09:00"),
    ],
)
def test_the_limits_of_the_default_on_a_monday_morning(state, level, risk, expected):
    assert due(State(state), Level(level), risk) == at(expected)


def test_red_runs_through_night_and_holiday_and_yellow_waits_for_the_office():
    clock = Clock(at("2026-10-01T22:00"))
    assert due(State.REPORTED, Level.GRID, "red", clock) == at("2026-10-01T23:00")
    assert due(State.REPORTED, Level.GRID, "yellow", clock) == at("2026-10-08T14:30")


def test_a_case_keeps_the_rules_under_which_it_entered_its_level():
    strict = Policy(limits={key: TimeLimit(*[Span(1, Unit.HOURS)] * 2) for key in DEFAULT_POLICY.limits})
    book = PolicyBook(versions=((date(2026, 3, 3), strict),))
    assert due(State.REPORTED, book=book) == due(State.REPORTED)
    later = Clock(at("2026-03-03T09:00"))
    assert due(State.REPORTED, clock=later, book=book) == at("2026-03-03T10:00")


# Suspension ------------------------------------------------------------------------------------
def test_a_suspension_does_not_count_in_working_time():
    clock = after(Clock(ENTERED), (Action.SUSPEND, "2026-03-02T10:00"), (Action.RESUME, "2026-03-04T16:00"))
    assert (clock.suspended_at, clock.paused) == (None, 54 * HOUR)
    # Monday 10:00 to Wednesday 16:00: 5.5 and 7 and 5.5 hours of work.
    assert clock.paused_working == 18 * HOUR
    # An hour had passed; the other six of the working day begin at four o'clock.
    assert due(State.ACCEPTED, Level.GRID, "yellow", clock) == at("2026-03-05T15:00")


def test_a_suspension_does_not_count_by_the_clock():
    clock = after(Clock(ENTERED), (Action.SUSPEND, "2026-03-02T10:00"), (Action.RESUME, "2026-03-04T16:00"))
    assert due(State.ACCEPTED, Level.GRID, "red", clock) == ENTERED + 4 * HOUR + 54 * HOUR


def test_a_suspension_over_a_weekend_costs_no_working_time():
    clock = after(Clock(ENTERED), (Action.SUSPEND, "2026-03-06T18:00"), (Action.RESUME, "2026-03-09T08:00"))
    assert clock.paused_working == timedelta()
    assert due(State.MEDIATING, clock=clock) == due(State.MEDIATING)


def test_suspensions_add_up():
    clock = after(
        Clock(ENTERED),
        (Action.SUSPEND, "2026-03-02T10:00"),
        (Action.RESUME, "2026-03-02T11:00"),
        (Action.SUSPEND, "2026-03-02T15:00"),
        (Action.RESUME, "2026-03-03T09:30"),
    )
    assert (clock.paused, clock.paused_working) == (19 * HOUR + HOUR / 2, 4 * HOUR + HOUR / 2)


@given(
    st.sampled_from(Level),
    st.sampled_from(COLOURS),
    st.sampled_from(
        [Span(9, Unit.HOURS), Span(9, Unit.DAYS), Span(9, Unit.WORKING_HOURS), Span(9, Unit.WORKING_DAYS)]
    ),
    st.lists(st.integers(1, 20_000), min_size=2, max_size=8),
)
def test_whatever_the_suspensions_the_time_that_counts_is_the_limit(level, risk, span, minutes):
    book, clock, now, counted = one_limit(span, span), Clock(ENTERED), ENTERED, timedelta()
    rules = book.rules_at(ENTERED)
    measure = rules.calendar.between if span.unit.is_working else lambda start, end: end - start
    for number, length in enumerate(minutes[: len(minutes) // 2 * 2]):
        moment = now + timedelta(minutes=length)
        suspends = number % 2 == 0
        if suspends:
            counted += measure(now, moment)
        clock = clock_after(clock, Action.SUSPEND if suspends else Action.RESUME, moment, book)
        now = moment
    due_at = due(State.ACCEPTED, level, risk, clock, book)
    if counted < rules.length(span):
        assert counted + measure(now, due_at) == rules.length(span)
    else:
        assert due_at <= now


def test_voiding_ends_a_suspension():
    suspended = Clock(ENTERED, suspended_at=ENTERED + HOUR)
    assert clock_after(suspended, Action.VOID, ENTERED + 2 * HOUR, DEFAULT_BOOK) == Clock(ENTERED)


@pytest.mark.parametrize("action", [Action.ESCALATE, Action.HAND_BACK, Action.REOPEN, Action.RECORD_BREACH])
def test_another_level_or_a_new_beginning_starts_its_own_clock(action):
    used = Clock(ENTERED, paused=HOUR, paused_working=HOUR, mediation_began_at=ENTERED, settled_at=ENTERED,
                 extension_days=3, consent_until=date(2026, 5, 1))  # fmt: skip
    assert clock_after(used, action, ENTERED + DAY, DEFAULT_BOOK) == Clock(ENTERED + DAY)


@pytest.mark.parametrize(
    "action", [Action.VERIFY, Action.ACCEPT, Action.ASSIGN, Action.FAIL, Action.CLOSE, Action.TRANSFER]
)
def test_other_actions_leave_the_clock_alone(action):
    used = Clock(ENTERED, paused=HOUR, extension_days=3)
    assert clock_after(used, action, ENTERED + HOUR, DEFAULT_BOOK) == used


# Extension -------------------------------------------------------------------------------------
def test_an_extension_adds_working_days_to_the_time_to_resolve_only():
    clock = Clock(ENTERED, extension_days=5)
    assert due(State.MEDIATING, Level.COMMUNITY, clock=clock) == at("2026-03-18T09:00")
    assert due(State.REPORTED, Level.COMMUNITY, clock=clock) == due(State.REPORTED, Level.COMMUNITY)


def test_also_a_red_case_is_extended_by_working_days():
    clock = Clock(at("2026-03-06T20:00"), extension_days=1)
    # Twenty-four hours lead to Saturday evening, and the next working day is Monday.
    assert due(State.ACCEPTED, Level.COMMUNITY, "red", clock) == at("2026-03-09T17:30")


# Mediation -------------------------------------------------------------------------------------
def mediating(*steps: tuple[Action, str], **changes) -> Clock:
    clock = after(Clock(ENTERED), (Action.BEGIN_MEDIATION, "2026-03-03T10:00"), *steps)
    return Clock(**{**vars(clock), **changes})


def test_a_mediation_ends_within_a_month_though_the_level_has_longer():
    assert due(State.MEDIATING, clock=mediating()) == due(State.MEDIATING)
    extended = mediating(extension_days=20)
    assert due(State.MEDIATING, clock=extended) == at("2026-04-03T10:00")
    assert due(State.FAILED, clock=extended) > at("2026-04-03T10:00")


def test_a_suspension_during_the_mediation_lengthens_it_and_one_before_does_not():
    pause = (Action.SUSPEND, "2026-03-04T10:00"), (Action.RESUME, "2026-03-06T10:00")
    assert mediation_end(mediating(*pause), RULES) == at("2026-04-05T10:00")
    before = after(
        Clock(ENTERED), *pause, (Action.BEGIN_MEDIATION, "2026-03-10T10:00"),
        (Action.SUSPEND, "2026-03-11T10:00"), (Action.RESUME, "2026-03-12T10:00"),
    )  # fmt: skip
    assert mediation_end(before, RULES) == at("2026-04-11T10:00")


def test_where_the_parties_agree_it_runs_on_to_the_end_of_the_day_that_they_named():
    clock = mediating(extension_days=60, consent_until=date(2026, 4, 30))
    assert due(State.MEDIATING, clock=clock) == at("2026-05-01T00:00")


def test_the_next_mediation_has_its_own_month_and_no_consent():
    clock = mediating(consent_until=date(2026, 4, 30))
    clock = after(clock, (Action.FAIL, "2026-03-10T10:00"), (Action.BEGIN_MEDIATION, "2026-03-12T09:00"))
    assert clock.consent_until is None
    assert mediation_end(clock, RULES) == at("2026-04-12T09:00")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2024-01-31T10:00", 1, "2024-02-29T10:00"),
        ("2026-03-31T23:59", 1, "2026-04-30T23:59"),
        ("2026-12-15T10:00", 1, "2027-01-15T10:00"),
        ("2026-11-30T10:00", 3, "2027-02-28T10:00"),
        ("2026-05-15T10:00", 12, "2027-05-15T10:00"),
    ],
)
def test_a_month_ends_on_its_last_day_where_it_has_no_such_day(start, months, end):
    assert add_months(at(start), months) == at(end)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(1, 24))
def test_months_are_those_of_guangzhou_whatever_zone_the_time_is_said_in(moment, months):
    assert add_months(moment, months) == add_months(moment.astimezone(GUANGZHOU), months)


# After the agreement ---------------------------------------------------------------------------
@pytest.mark.parametrize("state", SETTLED - {State.CONFIRMATION_PENDING})
def test_after_the_agreement_it_is_the_visit_that_is_due(state):
    clock = after(Clock(ENTERED), (Action.RECORD_AGREEMENT, "2026-03-20T10:00"))
    assert clock.settled_at == at("2026-03-20T10:00")
    assert due(state, clock=clock) == at("2026-04-19T10:00")


def test_an_application_to_the_court_is_possible_for_thirty_days():
    assert confirmation_until(date(2026, 3, 2), RULES) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("effective_on", "until"),
    [
        ("2026-03-05", "2026-04-07"),  # the third day of the Tomb-Sweeping holidays follows the last
        ("2026-03-12", "2026-04-13"),  # a Saturday
        ("2026-09-01", "2026-10-08"),  # the National Day
        ("2026-01-15", "2026-02-14"),  # a Saturday that is worked
    ],
)
def test_the_last_day_for_the_court_is_a_working_day(effective_on, until):
    assert confirmation_until(date.fromisoformat(effective_on), RULES) == date.fromisoformat(until)


def test_a_day_that_the_district_closes_moves_the_last_day_for_the_court():
    closed = replace(RULES, calendar=WorkCalendar(changes={date(2026, 4, 1): False}))
    assert confirmation_until(date(2026, 3, 2), closed) == date(2026, 4, 2)
