"""What is wrong with a report, and when two reports say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.report import Report, ReportedParty, problems_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
REPORT = Report(
    title="楼上漏水", category="0201", scale="01", people_involved=2, occurred_at=NOW, source="patrol",
    lon=113.301, lat=23.101, datum="wgs84",
)  # fmt: skip
PARTY = ReportedParty("甲")


def test_a_plain_report_has_no_problem():
    assert problems_of(REPORT, NOW) == []
    assert problems_of(replace(REPORT, parties=(PARTY,)), NOW) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", " ", "blank"),
        ("title", "字" * 101, "too_long"),
        ("description", "字" * 4001, "too_long"),
        ("description", "a\0b", "null_character"),
        ("address", "字" * 201, "too_long"),
        ("category", "9901", "unknown"),
        ("scale", "04", "unknown"),
        ("source", "rumour", "unknown"),
        ("people_involved", 0, "out_of_range"),
        ("people_involved", 100_001, "out_of_range"),
        ("occurred_at", NOW + timedelta(minutes=5, seconds=1), "in_future"),
        ("occurred_at", NOW - timedelta(days=3651), "too_old"),
        ("photos", 7, "out_of_range"),
        ("photos", -1, "out_of_range"),
        ("found_by", "guessed", "unknown"),
        ("parties", (PARTY,) * 21, "too_many"),
        ("parties", (ReportedParty(""),), "blank"),
        ("parties", (ReportedParty("甲" * 51),), "too_long"),
        ("parties", (ReportedParty("甲", phone="1" * 21),), "too_long"),
        ("parties", (ReportedParty("甲", role="\0"),), "null_character"),
    ],
)
def test_a_problem_names_its_field(field, value, code):
    problems = problems_of(replace(REPORT, **{field: value}), NOW)
    assert [(problem.field, problem.code) for problem in problems] == [(field, code)]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "字" * 100, "description": "字" * 4000, "address": "字" * 200},
        {"people_involved": 100_000, "parties": (PARTY,) * 20},
        {"occurred_at": NOW + timedelta(minutes=5)},
        {"occurred_at": NOW - timedelta(days=3650)},
    ],
)
def test_what_just_fits_is_taken(changes):
    assert problems_of(replace(REPORT, **changes), NOW) == []


def test_no_problem_repeats_what_was_said():
    report = replace(REPORT, parties=(ReportedParty("张三" * 30),))
    assert "张三" not in str(problems_of(report, NOW))


def test_one_moment_in_two_time_zones_is_one_report():
    assert replace(REPORT, occurred_at=NOW.astimezone(UTC)).digest() == REPORT.digest()


def test_one_number_in_two_spellings_is_one_report():
    assert replace(REPORT, accuracy_m=20).digest() == replace(REPORT, accuracy_m=20.0).digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "别的"},
        {"description": "补充"},
        {"lon": 113.3010001},
        {"accuracy_m": 20.0},
        {"datum": "gcj02"},
        {"grid_unit": "440105001001001"},
        {"parties": (PARTY,)},
        {"occurred_at": NOW + timedelta(seconds=1)},
    ],
)
def test_any_difference_makes_another_report(changes):
    assert replace(REPORT, **changes).digest() != REPORT.digest()


def test_what_is_said_since_counts_only_where_it_was_said():
    """Reports of an earlier version keep the digest that they have, and so do those sent without."""
    assert replace(REPORT, photos=0, found_by="").digest() == (
        "859dd04c5c8a487003aa9b23b55c0a1cd7c4ebe0b7445335a8089d8e584b1b18"
    )
    assert len({replace(REPORT, photos=n).digest() for n in range(7)}) == 7
    assert len({replace(REPORT, found_by=how).digest() for how in ("", "device", "hand", "address")}) == 4
