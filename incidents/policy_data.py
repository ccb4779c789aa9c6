"""A policy as plain data, for keeping and for forms; and what is wrong with such data. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, time
from itertools import pairwise

from grids.hierarchy import Level
from incidents.policy import COLOURS, DEFAULT_POLICY, Policy, Span, TimeLimit, Unit
from incidents.risk import RiskWeights, SensitiveDays

NUMBERS = ("failed_mediations", "hand_backs", "extension_working_days", "mediation_months", "follow_up_days",
           "confirmation_days")  # fmt: skip
FLAGS = ("red_to_street", "major_group_to_street")
SPANS = ("referral", "reminder")
WEIGHTS = tuple(field.name for field in fields(RiskWeights) if field.name != "sensitive")
# A year: whatever is longer is a slip of the hand.
LONGEST = {Unit.HOURS: 8760, Unit.DAYS: 366, Unit.WORKING_HOURS: 2000, Unit.WORKING_DAYS: 250}
LARGEST_NUMBER, LARGEST_WEIGHT = 366, 100_000_000
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


_NO_TABLE = "应为按名称列出的值。 / Must be values by name."


class PolicyDataInvalid(ValueError):
    """`problems` are (field, sentence in two languages)."""

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in problems))
        self.problems = problems


def to_data(policy: Policy) -> dict:
    """`policy` as JSON can hold it."""
    return {
        "limits": {
            level.value: {
                colour: {
                    "accept": _span_data(policy.limits[level, colour].accept),
                    "resolve": _span_data(policy.limits[level, colour].resolve),
                }
                for colour in COLOURS
            }
            for level in Level
        },
        **{name: getattr(policy, name) for name in (*NUMBERS, *FLAGS)},
        **{name: _span_data(getattr(policy, name)) for name in SPANS},
        "office_hours": [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in policy.office_hours],
        "risk": {
            **{name: getattr(policy.risk, name) for name in WEIGHTS},
            "sensitive": [
                {"name": days.name, "first": list(days.first), "last": list(days.last)}
                for days in policy.risk.sensitive
            ],
        },
    }


def from_data(data: Mapping) -> Policy:
    """The policy that `data` says; what it leaves out is as in the default.

    Raises:
        PolicyDataInvalid: something in it is not possible.
    """
    data = _completed(data, to_data(DEFAULT_POLICY))
    problems = list(_problems(data))
    if problems:
        raise PolicyDataInvalid(problems)
    return Policy(
        limits={
            (level, colour): _time_limit(data["limits"][level][colour])
            for level in Level
            for colour in COLOURS
        },
        **{name: data[name] for name in (*NUMBERS, *FLAGS)},
        **{name: _span(data[name]) for name in SPANS},
        office_hours=tuple(tuple(map(time.fromisoformat, pair)) for pair in data["office_hours"]),
        risk=RiskWeights(
            **{name: data["risk"][name] for name in WEIGHTS},
            sensitive=tuple(
                SensitiveDays(days["name"], tuple(days["first"]), tuple(days["last"]))
                for days in data["risk"]["sensitive"]
            ),
        ),
    )


def _completed(data: object, default: object) -> object:
    """`data` with what it leaves out as in `default`, in its parts too."""
    if not isinstance(data, Mapping) or not isinstance(default, dict):
        return data
    return {**data, **{name: _completed(data.get(name, default[name]), default[name]) for name in default}}


def _span_data(span: Span) -> dict:
    return {"amount": span.amount, "unit": span.unit.value}


def _time_limit(data: Mapping) -> TimeLimit:
    return TimeLimit(accept=_span(data["accept"]), resolve=_span(data["resolve"]))


def _span(data: Mapping) -> Span:
    return Span(data["amount"], Unit(data["unit"]))


def _problems(data: object) -> Iterator[tuple[str, str]]:
    if not isinstance(data, Mapping):
        yield "policy", _NO_TABLE
        return
    for level in Level:
        for colour in COLOURS:
            for step in ("accept", "resolve"):
                span = _part(_part(_part(data["limits"], level), colour), step)
                yield from _span_problems(f"limits.{level}.{colour}.{step}", span)
    for name in SPANS:
        yield from _span_problems(name, data[name])
    for name in NUMBERS:
        least = 0 if name in ("hand_backs", "extension_working_days") else 1
        yield from _number_problems(name, data[name], least, LARGEST_NUMBER)
    for name in FLAGS:
        if not isinstance(data[name], bool):
            yield name, "应为是或否。 / Must be yes or no."
    yield from _hours_problems(data["office_hours"])
    yield from _risk_problems(data["risk"])


def _part(data: object, name: str) -> object:
    return data.get(name) if isinstance(data, Mapping) else None


def _span_problems(field: str, span: object) -> Iterator[tuple[str, str]]:
    if not isinstance(span, Mapping) or span.get("unit") not in list(Unit):
        yield field, "单位应为小时、天、工作小时或工作日。 / The unit must be (working) hours or days."
        return
    yield from _number_problems(field, span.get("amount"), 1, LONGEST[Unit(span["unit"])])


def _number_problems(field: str, number: object, least: int, most: int) -> Iterator[tuple[str, str]]:
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        yield field, f"应为 {least} 至 {most} 的整数。 / Must be a whole number from {least} to {most}."


def _hours_problems(hours: object) -> Iterator[tuple[str, str]]:
    wrong = "应为先后不重叠的时段,如 08:30 至 12:00。 / Must be periods in order, such as 08:30 to 12:00."
    pairs = hours if isinstance(hours, list | tuple) else []
    shaped = all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs)
    clocks = [clock for pair in pairs for clock in pair] if shaped else []
    # Written so, later times are later texts.
    known = all(isinstance(clock, str) and _CLOCK.fullmatch(clock) for clock in clocks)
    if not clocks or not known or any(a >= b for a, b in pairwise(clocks)):
        yield "office_hours", wrong


def _risk_problems(risk: object) -> Iterator[tuple[str, str]]:
    if not isinstance(risk, Mapping):
        yield "risk", _NO_TABLE
        return
    for name in WEIGHTS:
        yield from _number_problems(f"risk.{name}", risk.get(name), 0, LARGEST_WEIGHT)
    numbers = [risk.get(name) for name in ("yellow_from", "orange_from", "red_from")]
    if all(type(number) is int for number in numbers) and not numbers[0] < numbers[1] < numbers[2]:
        yield "risk.red_from", "黄、橙、红的分值应递增。 / Yellow, orange and red must ascend."
    sensitive = risk["sensitive"]
    if not isinstance(sensitive, list | tuple) or not all(map(_are_sensitive_days, sensitive)):
        yield "risk.sensitive", "应有名称和起止的月、日。 / Needs a name, first and last month and day."


def _are_sensitive_days(days: object) -> bool:
    name = _part(days, "name")
    named = isinstance(name, str) and name.strip() and "\0" not in name
    return bool(named and all(_is_day_of_a_year(_part(days, end)) for end in ("first", "last")))


def _is_day_of_a_year(day: object) -> bool:
    if not isinstance(day, list | tuple) or [type(number) for number in day] != [int, int]:
        return False
    try:
        # A leap year, which has them all.
        date(2000, *day)
    except (OverflowError, ValueError):
        return False
    return True
