"""A policy as data: what is written is read again, and what is wrong is said by field."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hierarchy import Level
from incidents.policy import COLOURS, DEFAULT_BOOK, DEFAULT_POLICY, Policy, PolicyBook, Span, TimeLimit, Unit
from incidents.policy_data import NUMBERS, WEIGHTS, PolicyDataInvalid, from_data, to_data
from incidents.risk import RiskWeights, SensitiveDays
from incidents.working_time import GUANGZHOU

SPAN = st.builds(Span, st.integers(1, 250), st.sampled_from(Unit))
DAY_OF_YEAR = st.tuples(st.integers(1, 12), st.integers(1, 28))
WEIGHTS_DRAWN = st.builds(
    RiskWeights,
    money=st.integers(0, 500),
    yellow_from=st.integers(0, 20),
    orange_from=st.integers(21, 50),
    red_from=st.integers(51, 200),
    sensitive=st.lists(
        st.builds(SensitiveDays, st.sampled_from(["春节", "高考"]), DAY_OF_YEAR, DAY_OF_YEAR), max_size=3
    ).map(tuple),
)
POLICIES = st.builds(
    Policy,
    limits=st.fixed_dictionaries(
        {(level, colour): st.builds(TimeLimit, SPAN, SPAN) for level in Level for colour in COLOURS}
    ),
    red_to_street=st.booleans(),
    failed_mediations=st.integers(1, 9),
    hand_backs=st.integers(0, 9),
    referral=SPAN,
    reminder=SPAN,
    office_hours=st.sampled_from(
        [((time(9), time(17)),), ((time(8, 15), time(12)), (time(13), time(18, 5)))]
    ),
    risk=WEIGHTS_DRAWN,
)


@given(POLICIES)
def test_what_is_written_is_read_again(policy):
    assert from_data(json.loads(json.dumps(to_data(policy)))) == policy


def test_what_is_left_out_is_as_in_the_default():
    assert from_data({}) == DEFAULT_POLICY
    assert from_data({"risk": {"money": 1}}).risk == replace(DEFAULT_POLICY.risk, money=1)
    limits = from_data({"limits": {"grid": {"red": {"accept": {"amount": 3, "unit": "days"}}}}}).limits
    assert limits[Level.GRID, "red"].accept == Span(3, Unit.DAYS)
    assert limits[Level.GRID, "red"].resolve == DEFAULT_POLICY.limits[Level.GRID, "red"].resolve


def put(data: dict, field: str, value: object) -> dict:
    """A copy of `data` with `value` at the dotted `field`."""
    changed = deepcopy(data)
    *way, last = field.split(".")
    inner = changed
    for name in way:
        inner = inner[name]
    inner[last] = value
    return changed


NUMBER_IS_NO = [-1, 1.5, "3", True, None, [], {}, 10**12]
SPAN_IS_NO = [
    None, 3, "3 days", [], {"amount": 0, "unit": "days"},
    {"amount": 3, "unit": "weeks"}, {"amount": "3", "unit": "days"}, {"amount": True, "unit": "days"},
    {"amount": 3, "unit": ["days"]}, {"amount": 367, "unit": "days"}, {"amount": 8761, "unit": "hours"},
    {"amount": 251, "unit": "working_days"}, {"amount": 2001, "unit": "working_hours"},
]  # fmt: skip
HOURS_ARE_NO = [
    None, 8, "08:30-12:00", [], {}, [["08:30"]], [["08:30", "12:00", "14:00"], ["17:30"]], ["08:30", "12:00"],
    [["12:00", "08:30"]], [["08:30", "12:00"], ["11:00", "17:30"]], [["08:30", "12:00"], ["12:00", "17:30"]],
    [["08:30", "24:00"]], [["8:30", "12:00"]], [["08:30:30", "12:00"]], [["08:30+08:00", "12:00"]], [[8, 12]],
    [["08:30", "12:60"]], [["٠٨:٣٠", "12:00"]],
]  # fmt: skip
SENSITIVE_IS_NO = [
    None, 3, "春节", {}, [3], [["春节", [1, 1], [1, 2]]], [{"name": "春节"}],
    [{"name": "", "first": [1, 1], "last": [1, 2]}], [{"name": 3, "first": [1, 1], "last": [1, 2]}],
    [{"name": "春节", "first": [0, 1], "last": [1, 2]}], [{"name": "春节", "first": [2, 30], "last": [3, 1]}],
    [{"name": "春节", "first": "11", "last": [1, 2]}], [{"name": "春节", "first": [1, 1], "last": [1, 2, 3]}],
    [{"name": "春节", "first": [True, 1], "last": [1, 2]}],
    [{"name": "春节", "first": [1.0, 1], "last": [1, 2]}],
]  # fmt: skip
WRONG = [
    *((name, value) for name in NUMBERS for value in NUMBER_IS_NO),
    *((name, 0) for name in NUMBERS if name not in ("hand_backs", "extension_working_days")),
    *((name, value) for name in ("red_to_street", "major_group_to_street") for value in (1, "true", None)),
    *((name, value) for name in ("referral", "reminder") for value in SPAN_IS_NO),
    *(("limits.street.orange.accept", value) for value in SPAN_IS_NO),
    *(("limits.grid.red.resolve", value) for value in SPAN_IS_NO),
    *(("office_hours", value) for value in HOURS_ARE_NO),
    *((f"risk.{name}", value) for name in WEIGHTS for value in NUMBER_IS_NO),
    *(("risk.sensitive", value) for value in SENSITIVE_IS_NO),
    ("risk", 3),
    ("risk.red_from", 45),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_cannot_be_is_a_problem_that_names_its_field(field, value):
    with pytest.raises(PolicyDataInvalid) as refused:
        from_data(put(to_data(DEFAULT_POLICY), field, value))
    assert field in [named for named, _ in refused.value.problems]
    assert all(" / " in sentence for _, sentence in refused.value.problems)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(PolicyDataInvalid) as refused:
        from_data({"hand_backs": -1, "office_hours": [], "limits": {"street": None}})
    named = [field for field, _ in refused.value.problems]
    assert named[0].startswith("limits.street.") and named[-2:] == ["hand_backs", "office_hours"]
    assert len(named) == 2 * len(COLOURS) + 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "limits", "limits.grid", "limits.grid.red", "limits.grid.red.accept", "limits.grid.red.accept.unit",
    "limits.grid.red.accept.amount", *NUMBERS, "red_to_street", "referral", "reminder", "office_hours",
    "risk", "risk.money", "risk.sensitive", "risk.red_from",
]  # fmt: skip


@given(JSON)
def test_no_json_whatever_breaks_the_reading(data):
    try:
        policy = from_data(data)
    except PolicyDataInvalid as refused:
        assert refused.problems
    else:
        assert from_data(to_data(policy)) == policy


@given(st.sampled_from(FIELDS), JSON)
def test_no_json_in_the_place_of_any_field_breaks_the_reading(field, value):
    test_no_json_whatever_breaks_the_reading.hypothesis.inner_test(put(to_data(DEFAULT_POLICY), field, value))


# The book ------------------------------------------------------------------------------------
def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)


def test_a_moment_falls_under_the_version_in_force_on_its_day_in_guangzhou():
    one, two = Policy(hand_backs=2), Policy(hand_backs=3)
    book = PolicyBook(versions=((date(2026, 3, 2), one), (date(2026, 4, 1), two)))
    found = {
        moment: book.rules_at(at(moment)).policy.hand_backs
        for moment in ("2026-03-01T23:59", "2026-03-02T00:00", "2026-03-31T23:59", "2026-04-01T00:00")
    }
    assert list(found.values()) == [1, 2, 2, 3]


def test_the_office_hours_and_own_days_of_the_district_are_what_working_time_counts():
    book = PolicyBook(
        versions=((date(2026, 1, 1), Policy(office_hours=((time(9), time(12)),))),),
        calendar_changes={date(2026, 3, 3): False},
    )
    rules = book.rules_at(at("2026-03-02T11:00"))
    assert rules.after(at("2026-03-02T11:00"), Span(2, Unit.WORKING_HOURS)) == at("2026-03-04T10:00")
    assert rules.after(at("2026-03-02T09:00"), Span(2, Unit.WORKING_DAYS)) == at("2026-03-04T12:00")
    assert rules.after(at("2026-03-02T11:00"), Span(2, Unit.HOURS)) == at("2026-03-02T13:00")


@given(
    st.datetimes(datetime(2025, 6, 1), datetime(2026, 12, 1), timezones=st.just(GUANGZHOU)),
    st.builds(Span, st.integers(1, 60), st.sampled_from(Unit)),
)
def test_so_long_before_a_time_is_so_long_before_it(end, span):
    rules = DEFAULT_BOOK.rules_at(end)
    start = rules.before(end, span)
    assert start < end
    if span.unit.is_working:
        assert rules.calendar.between(start, end) == rules.length(span)
    else:
        assert start + rules.length(span) == end


@pytest.mark.parametrize("level", Level)
def test_by_default_a_redder_case_never_has_more_time_and_a_step_ends_before_the_whole(level):
    start = at("2026-03-02T08:30")
    rules = DEFAULT_BOOK.rules_at(start)
    ends = [rules.after(start, DEFAULT_POLICY.limits[level, colour].resolve) for colour in COLOURS]
    taken = [rules.after(start, DEFAULT_POLICY.limits[level, colour].accept) for colour in COLOURS]
    assert ends == sorted(ends) and taken == sorted(taken)
    assert all(one < other for one, other in zip(taken, ends, strict=True))
    assert ends[0] - start <= timedelta(days=15)
