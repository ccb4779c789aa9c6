"""A policy as plain data, for keeping and for forms; and what is wrong with such data. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import time

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
    data = {**to_data(DEFAULT_POLICY), **data}
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


def _span_data(span: Span) -> dict:
    return {"amount": span.amount, "unit": span.unit.value}


def _time_limit(data: Mapping) -> TimeLimit:
    return TimeLimit(accept=_span(data["accept"]), resolve=_span(data["resolve"]))


def _span(data: Mapping) -> Span:
    return Span(data["amount"], Unit(data["unit"]))


def _problems(data: Mapping) -> Iterator[tuple[str, str]]:
    for level in Level:
        for colour in COLOURS:
            limit = data["limits"].get(level, {}).get(colour, {})
            for step in ("accept", "resolve"):
                yield from _span_problems(f"limits.{level}.{colour}.{step}", limit.get(step))
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


def _span_problems(field: str, span: Mapping | None) -> Iterator[tuple[str, str]]:
    if not isinstance(span, Mapping) or span.get("unit") not in set(Unit):
        yield field, "单位应为小时、天、工作小时或工作日。 / The unit must be (working) hours or days."
        return
    yield from _number_problems(field, span.get("amount"), 1, LONGEST[Unit(span["unit"])])


def _number_problems(field: str, number: object, least: int, most: int) -> Iterator[tuple[str, str]]:
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        yield field, f"应为 {least} 至 {most} 的整数。 / Must be a whole number from {least} to {most}."


def _hours_problems(hours: object) -> Iterator[tuple[str, str]]:
    wrong = "应为先后不重叠的时段,如 08:30 至 12:00。 / Must be periods in order, such as 08:30 to 12:00."
    try:
        clocks = [time.fromisoformat(clock) for pair in hours for clock in pair]
    except (TypeError, ValueError):
        yield "office_hours", wrong
        return
    if not clocks or len(clocks) % 2 or any(a >= b for a, b in zip(clocks, clocks[1:], strict=False)):
        yield "office_hours", wrong


def _risk_problems(risk: Mapping) -> Iterator[tuple[str, str]]:
    for name in WEIGHTS:
        yield from _number_problems(f"risk.{name}", risk.get(name), 0, LARGEST_WEIGHT)
    numbers = [risk.get(name) for name in ("yellow_from", "orange_from", "red_from")]
    if all(isinstance(number, int) for number in numbers) and not numbers[0] < numbers[1] < numbers[2]:
        yield "risk.red_from", "黄、橙、红的分值应递增。 / Yellow, orange and red must ascend."
    for days in risk.get("sensitive", ()):
        try:
            (first_month, first_day), (last_month, last_day) = days["first"], days["last"]
            possible = all(1 <= month <= 12 for month in (first_month, last_month))
            possible = possible and all(1 <= day <= 31 for day in (first_day, last_day))
        except (KeyError, TypeError, ValueError):
            possible = False
        if not possible or not str(days.get("name", "")).strip():
            yield "risk.sensitive", "应有名称和起止的月、日。 / Needs a name, first and last month and day."
