"""What another policy would have done, against the rules themselves asked run by run."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from grids.hierarchy import Level
from incidents.deadlines import due_time
from incidents.policy import COLOURS, DEFAULT_POLICY, Policy, PolicyBook, Span, TimeLimit, Unit
from incidents.what_if import LEVELS, Run, Start, Step, runs_of, try_policy
from incidents.work_table import WorkTable, microseconds
from incidents.workflow import State
from incidents.working_time import GUANGZHOU, WorkCalendar

S, L = State, Level
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=GUANGZHOU)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YELLOW = Start(L.GRID, "yellow", "01")
# From the first version's day on: whatever lies before it is under the default.
LONG_AGO = date(2020, 1, 1)


def steps(*rows, case=0):
    """Steps from (hours after MONDAY, action, state, level)."""
    return [
        Step(case, MONDAY + hours * HOUR, action, state, level, **(more[0] if more else {}))
        for hours, action, state, level, *more in rows
    ]


def tried(rows, policy=DEFAULT_POLICY, now=MONDAY + 90 * DAY, starts=(YELLOW,), changes=None):
    rules = book_of(policy, changes).rules_at(MONDAY)
    return try_policy(runs_of(rows, starts, now), starts, rules)


def book_of(policy, changes=None) -> PolicyBook:
    return PolicyBook(versions=((LONG_AGO, policy),), calendar_changes=changes or {})


def with_limit(level, colour, accept, resolve) -> Policy:
    return replace(
        DEFAULT_POLICY, limits={**DEFAULT_POLICY.limits, (level, colour): TimeLimit(accept, resolve)}
    )


QUICK = [(0, "report", S.REPORTED, L.GRID), (2, "accept", S.ACCEPTED, L.GRID),
         (5, "transfer", S.TRANSFERRED, L.GRID)]  # fmt: skip


def test_a_case_that_was_handled_in_time_stays():
    trial = tried(steps(*QUICK))
    assert (trial.cases, trial.cases_up, trial.by_time) == (1, 0, 0)
    assert trial.stays[L.GRID, "yellow"] == 1


def test_a_shorter_limit_sends_it_up():
    shorter = with_limit(L.GRID, "yellow", Span(1, Unit.WORKING_HOURS), Span(1, Unit.WORKING_DAYS))
    trial = tried(steps(*QUICK), shorter)
    assert (trial.cases_up, trial.by_time, trial.up[L.GRID, "yellow"]) == (1, 1, 1)


def test_the_minute_of_the_deadline_is_still_in_time():
    one_hour = with_limit(L.GRID, "yellow", Span(2, Unit.HOURS), Span(9, Unit.HOURS))
    assert tried(steps(*QUICK), one_hour).by_time == 0
    rows = steps((0, "report", S.REPORTED, L.GRID), (2.001, "accept", S.ACCEPTED, L.GRID))
    assert tried(rows, one_hour, now=MONDAY + 3 * HOUR).by_time == 1


def test_an_open_case_is_looked_at_until_now():
    rows = steps((0, "report", S.REPORTED, L.GRID))
    assert tried(rows, now=MONDAY + 1 * HOUR).by_time == 0
    assert tried(rows, now=MONDAY + 30 * HOUR).by_time == 1


def test_a_suspension_is_not_counted():
    rows = steps(
        (0, "report", S.REPORTED, L.GRID), (1, "suspend", S.SUSPENDED, L.GRID),
        (240, "resume", S.REPORTED, L.GRID), (241, "accept", S.ACCEPTED, L.GRID),
        (242, "transfer", S.TRANSFERRED, L.GRID),
    )  # fmt: skip
    assert tried(rows).by_time == 0


def test_each_level_is_a_stay_of_its_own_and_a_case_counts_once():
    rows = steps((0, "report", S.REPORTED, L.GRID), (100, "escalate", S.REPORTED, L.COMMUNITY),
                 (300, "accept", S.ACCEPTED, L.COMMUNITY),
                 (301, "transfer", S.TRANSFERRED, L.COMMUNITY))  # fmt: skip
    trial = tried(rows)
    assert (trial.up[L.GRID, "yellow"], trial.up[L.COMMUNITY, "yellow"]) == (1, 1)
    assert (trial.by_time, trial.cases_up) == (2, 1)


def test_failing_as_often_as_the_policy_allows_sends_up_and_another_number_does_not():
    rows = steps(
        (0, "report", S.REPORTED, L.STREET), (1, "accept", S.ACCEPTED, L.STREET),
        (2, "begin_mediation", S.MEDIATING, L.STREET), (3, "fail", S.FAILED, L.STREET),
        (4, "begin_mediation", S.MEDIATING, L.STREET), (5, "fail", S.FAILED, L.STREET),
        (6, "close", S.CLOSED, L.STREET),
    )  # fmt: skip
    assert tried(rows).by_failing == 1
    assert tried(rows, replace(DEFAULT_POLICY, failed_mediations=3)).by_failing == 0


def test_the_district_has_nothing_above_it():
    rows = steps((0, "report", S.REPORTED, L.DISTRICT))
    assert tried(rows, starts=(Start(L.DISTRICT, "red", "03"),)).cases_up == 0


def test_what_is_settled_has_no_limit():
    rows = steps((0, "report", S.REPORTED, L.GRID), (1, "accept", S.ACCEPTED, L.GRID),
                 (2, "begin_mediation", S.MEDIATING, L.GRID),
                 (3, "record_agreement", S.AGREED, L.GRID))  # fmt: skip
    assert tried(rows).by_time == 0


def test_a_colour_given_later_is_that_of_the_stay():
    rows = steps((0, "report", S.REPORTED, L.GRID),
                 (1, "override_risk", S.REPORTED, L.GRID, {"risk": "orange"}))  # fmt: skip
    trial = tried(rows, now=MONDAY + 1.5 * HOUR)
    assert (trial.stays[L.GRID, "orange"], trial.stays[L.GRID, "yellow"]) == (1, 0)


def test_an_extension_lengthens_the_time_to_resolve():
    rows = steps((0, "report", S.REPORTED, L.GRID), (1, "accept", S.ACCEPTED, L.GRID),
                 (2, "grant_extension", S.ACCEPTED, L.GRID, {"extension_days": 5}))  # fmt: skip
    assert tried(rows, now=MONDAY + 3 * DAY).by_time == 0
    assert tried(rows, now=MONDAY + 9 * DAY).by_time == 1


def test_red_and_major_cases_begin_at_the_street_where_the_policy_says_so():
    starts = (Start(L.GRID, "red", "01"), Start(L.GRID, "blue", "03"), Start(L.STREET, "red", "01"), YELLOW)
    assert tried([], starts=starts).straight == 2
    assert tried([], replace(DEFAULT_POLICY, red_to_street=False), starts=starts).straight == 1


def test_without_cases_there_is_nothing_to_count():
    trial = tried([], starts=())
    assert (trial.cases, trial.cases_up, sum(trial.stays.values())) == (0, 0, 0)


def random_history(seed: int, cases: int) -> tuple[list[Step], list[Start]]:
    rng = random.Random(seed)
    rows, starts = [], []
    for case in range(cases):
        starts.append(Start(L.GRID, rng.choice(COLOURS), rng.choice(["01", "02", "03"])))
        at, level = MONDAY - rng.random() * 300 * DAY, L.GRID
        rows.append(Step(case, at, "report", S.REPORTED, level))
        state = S.REPORTED
        for _ in range(rng.randrange(9)):
            at += rng.expovariate(1 / 40) * HOUR
            action, state, level, more = _random_step(rng, state, level, at)
            if action is None:
                break
            rows.append(Step(case, at, action, state, level, **more))
    return rows, starts


def _random_step(rng, state, level, at):
    choices = {
        S.REPORTED: [("accept", S.ACCEPTED), ("suspend", S.SUSPENDED), ("escalate", S.REPORTED)],
        S.ACCEPTED: [("begin_mediation", S.MEDIATING), ("grant_extension", S.ACCEPTED),
                     ("override_risk", S.ACCEPTED), ("escalate", S.REPORTED)],
        S.MEDIATING: [("fail", S.FAILED), ("record_agreement", S.AGREED), ("agree_to_run_on", S.MEDIATING)],
        S.FAILED: [("begin_mediation", S.MEDIATING), ("escalate", S.REPORTED)],
        S.SUSPENDED: [("resume", S.REPORTED)],
        S.AGREED: [("record_breach", S.FAILED), (None, state)],
    }  # fmt: skip
    action, after = rng.choice(choices[state])
    if action == "escalate":
        if not level.above:
            return None, state, level, {}
        level = level.above
    more = {
        "grant_extension": {"extension_days": rng.randrange(1, 11)},
        "override_risk": {"risk": rng.choice(COLOURS)},
        "agree_to_run_on": {"consent_until": (at + 50 * DAY).date()},
    }.get(action, {})
    return action, after, level, more


def late_by_the_rule(run: Run, book: PolicyBook) -> bool:
    calendar = book.rules_at(run.clock.level_entered_at).calendar
    paused_working = sum((calendar.between(*pause) for pause in run.pauses), timedelta())
    clock = replace(run.clock, paused_working=paused_working)
    return run.until > due_time(state=run.state, level=run.level, risk=run.colour, clock=clock, book=book)


POLICIES = [
    DEFAULT_POLICY,
    replace(DEFAULT_POLICY, office_hours=((time(9), time(12)), (time(13, 30), time(18))), mediation_months=2),
    replace(
        DEFAULT_POLICY,
        limits={
            key: TimeLimit(Span(9, Unit.WORKING_HOURS), Span(3, Unit.WORKING_DAYS))
            for key in DEFAULT_POLICY.limits
        },
    ),
    replace(
        DEFAULT_POLICY,
        limits={key: TimeLimit(Span(30, Unit.HOURS), Span(6, Unit.DAYS)) for key in DEFAULT_POLICY.limits},
    ),
]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("changes", [{}, {date(2026, 1, 8): False, date(2026, 1, 10): True}])
def test_all_at_once_is_what_the_rule_says_of_each(policy, changes):
    rows, starts = random_history(7, 600)
    book = book_of(policy, changes)
    runs = runs_of(rows, starts, MONDAY)
    late = {run.stay for run in runs if run.level in LEVELS and late_by_the_rule(run, book)}
    assert len(late) > 50
    assert any(run.pauses and run.level in LEVELS for run in runs)
    assert try_policy(runs, starts, book.rules_at(MONDAY)).by_time == len(late)


def test_a_table_of_working_time_agrees_with_the_calendar():
    rng = random.Random(3)
    calendar = WorkCalendar(((time(8, 30), time(12)), (time(14), time(17, 30))), {date(2026, 3, 4): False})
    table = WorkTable(calendar, MONDAY, 400 * DAY)
    moments = [MONDAY + rng.random() * 200 * DAY for _ in range(300)]
    amounts = [timedelta(minutes=rng.choice([1, 30, 210, 420, 840, 4200])) for _ in moments]
    got = table.after(microseconds(moments), microseconds_of(amounts))
    wanted = microseconds(calendar.after(at, amount) for at, amount in zip(moments, amounts, strict=True))
    assert (got == wanted).all()


def microseconds_of(spans):
    import numpy as np

    return np.array([span // timedelta(microseconds=1) for span in spans])
