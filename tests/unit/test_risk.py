"""The risk colour and what it is made of."""

import ast
from dataclasses import asdict, fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import risk as module
from incidents.codes import CATEGORIES, RISKS, SCALES
from incidents.risk import RiskFacts, RiskWeights, SensitiveDays, assess_risk

WEIGHTS = RiskWeights()
QUIET_DAY = date(2026, 4, 15)
COLOURS = ["blue", "yellow", "orange", "red"]


def facts(category="0402", scale="01", on=QUIET_DAY, **changes) -> RiskFacts:
    return RiskFacts(category=category, scale=scale, on=on, **changes)


def said(case: RiskFacts, weights: RiskWeights = WEIGHTS) -> dict[str, int]:
    return {reason.code: reason.points for reason in assess_risk(case, weights).reasons}


@pytest.mark.parametrize(
    ("category", "scale", "colour"),
    [
        ("0201", "03", "red"),
        ("0701", "03", "red"),
        ("0201", "02", "orange"),
        ("0701", "02", "orange"),
        ("0101", "01", "yellow"),
        ("0201", "01", "yellow"),
        ("0902", "01", "yellow"),
        ("0402", "01", "blue"),
        ("9999", "01", "blue"),
    ],
)
def test_scale_weighs_more_than_category(category, scale, colour):
    assert assess_risk(facts(category, scale), WEIGHTS).colour == colour


@pytest.mark.parametrize(
    ("case", "reasons"),
    [
        (facts(), {}),
        (facts(scale="02"), {"group": 45}),
        (facts(scale="03"), {"major_group": 100}),
        (facts(injury_or_threat=True), {"injury_or_threat": 60}),
        (facts(amount_yuan=Decimal("49999.99")), {}),
        (facts(amount_yuan=Decimal("50000")), {"money": 20}),
        (facts(amount_yuan=Decimal("499999.99")), {"money": 20}),
        (facts(amount_yuan=Decimal("500000")), {"much_money": 40}),
        (facts(repeats=1), {"repeats": 10}),
        (facts(repeats=3), {"repeats": 30}),
        (facts(repeats=40), {"repeats": 30}),
        (facts(failed_mediations=2), {"failed": 30}),
        (facts(days_open=29), {}),
        (facts(days_open=30), {"open_month": 10}),
        (facts(days_open=119), {"open_month": 30}),
        (facts(days_open=800), {"open_month": 30}),
        (facts("0201"), {"common": 20}),
        (facts(on=date(2026, 6, 8)), {"sensitive_days": 15}),
        (
            facts("0201", "02", injury_or_threat=True, repeats=2),
            {"group": 45, "injury_or_threat": 60, "repeats": 20, "common": 20},
        ),
    ],
)
def test_each_fact_adds_its_points(case, reasons):
    assert said(case) == reasons
    assert assess_risk(case, WEIGHTS).score == sum(reasons.values())


POINTS = [
    ("major_group", facts(scale="03")), ("group", facts(scale="02")),
    ("injury_or_threat", facts(injury_or_threat=True)), ("money", facts(amount_yuan=Decimal(60_000))),
    ("much_money", facts(amount_yuan=Decimal(600_000))), ("repeats", facts(repeats=1)),
    ("failed", facts(failed_mediations=1)), ("open_month", facts(days_open=31)),
    ("sensitive_days", facts(on=date(2026, 10, 1))), ("common", facts("0201")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "case"), POINTS)
def test_every_weight_is_the_districts_to_set_and_none_of_it_says_nothing(code, case):
    assert said(case, replace(WEIGHTS, **{code: 7})) == {code: 7}
    assert said(case, replace(WEIGHTS, **{code: 0})) == {}


@pytest.mark.parametrize(
    ("score", "colour"),
    [(0, "blue"), (19, "blue"), (20, "yellow"), (44, "yellow"), (45, "orange"), (89, "orange"), (90, "red")],
)
def test_the_colour_is_that_of_the_highest_threshold_reached(score, colour):
    weights = replace(WEIGHTS, common=score)
    assert assess_risk(facts("0201"), weights).colour == colour


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ((2026, 2, 28), None), ((2026, 3, 1), "全国两会前后"), ((2026, 3, 15), "全国两会前后"),
        ((2026, 3, 16), None), ((2026, 6, 7), "高考"), ((2026, 10, 7), "国庆"), ((2026, 10, 8), None),
        # Over the turn of the year.
        ((2026, 12, 14), None), ((2026, 12, 15), "年底欠薪高发"), ((2026, 1, 31), "年底欠薪高发"),
        ((2026, 2, 1), None),
    ],
)  # fmt: skip
def test_sensitive_days_count_from_the_first_to_the_last(day, name):
    reasons = assess_risk(facts(on=date(*day)), WEIGHTS).reasons
    # A name is in two languages.
    assert [reason.facts["name"].split(" / ")[0] for reason in reasons] == ([name] if name else [])


def test_days_that_are_sensitive_twice_count_once():
    twice = (SensitiveDays("甲", (4, 1), (4, 30)), SensitiveDays("乙", (4, 15), (4, 15)))
    assert said(facts(), replace(WEIGHTS, sensitive=twice)) == {"sensitive_days": 15}


# What makes no case milder: more people, more money, another failure, another month.
GRAVER = st.fixed_dictionaries(
    {
        "scale": st.sampled_from(["01", "02", "03"]),
        "injury_or_threat": st.booleans(),
        "amount_yuan": st.none() | st.decimals(0, 10**8, places=2),
        "repeats": st.integers(0, 9),
        "failed_mediations": st.integers(0, 9),
        "days_open": st.integers(0, 400),
    }
)


@given(GRAVER, GRAVER, st.sampled_from(sorted(CATEGORIES)), st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_a_graver_case_never_scores_less(one, other, category, day):
    milder = {name: min(one[name] or 0, other[name] or 0) if name != "scale" else min(one[name], other[name])
              for name in one}  # fmt: skip
    graver = {name: max(one[name] or 0, other[name] or 0) if name != "scale" else max(one[name], other[name])
              for name in one}  # fmt: skip
    low, high = (assess_risk(facts(category, on=day, **which), WEIGHTS) for which in (milder, graver))
    assert low.score <= high.score
    assert COLOURS.index(low.colour) <= COLOURS.index(high.colour)


@given(GRAVER, st.sampled_from(sorted(CATEGORIES)))
def test_the_reasons_add_up_to_the_score_and_are_kept_as_they_were(which, category):
    risk = assess_risk(facts(category, **which), WEIGHTS)
    assert risk.colour in RISKS and set(SCALES) >= {which["scale"]}
    kept = risk.as_data()
    assert kept["score"] == sum(reason["points"] for reason in kept["reasons"])
    assert kept["reasons"] == [asdict(reason) for reason in risk.reasons]


def test_the_rule_sees_the_case_and_its_place_and_nobody_in_it():
    assert {field.name for field in fields(RiskFacts)} == {
        "category", "scale", "on", "injury_or_threat", "amount_yuan", "repeats", "failed_mediations",
        "days_open",
    }  # fmt: skip
    source = ast.parse(Path(module.__file__).read_text())
    imported = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections.abc", "dataclasses", "datetime", "decimal"}
