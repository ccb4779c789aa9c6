"""The policy's form: its fields by the names of the policy's data, read as they were typed."""

import re
from collections.abc import Mapping
from datetime import date

from grids.hierarchy import Level
from incidents.models.labels import LEVEL_NAMES
from incidents.policy import COLOURS, DEFAULT_POLICY, Unit
from incidents.policy_data import FLAGS, NUMBERS, SPANS, WEIGHTS, to_data
from incidents.policy_words import RISK_WEIGHTS, RULES, STEPS, colour_words, step_words, unit_words

# Rows that are still empty, to add sensitive days; no script is needed for them.
EMPTY_ROWS = 2
MOST_SENSITIVE, MOST_PERIODS = 20, 3
# The law's, not the district's.
FIXED = ("mediation_months", "confirmation_days")
EDITED_NUMBERS = tuple(name for name in NUMBERS if name not in FIXED)


def typed_from(data: Mapping) -> dict[str, str]:
    """The fields as the form shows the policy's `data`."""
    typed = {}
    for level in Level:
        for colour in COLOURS:
            for step in STEPS:
                _put_span(typed, f"limits.{level}.{colour}.{step}", data["limits"][level][colour][step])
    for name in SPANS:
        _put_span(typed, name, data[name])
    typed |= {name: str(data[name]) for name in EDITED_NUMBERS}
    typed |= {name: "on" for name in FLAGS if data[name]}
    for number, (start, end) in enumerate(data["office_hours"]):
        typed |= {f"office_hours.{number}.start": start, f"office_hours.{number}.end": end}
    typed |= {f"risk.{name}": str(data["risk"][name]) for name in WEIGHTS}
    for number, days in enumerate(data["risk"]["sensitive"]):
        typed[f"risk.sensitive.{number}.name"] = days["name"]
        for end in ("first", "last"):
            typed[f"risk.sensitive.{number}.{end}"] = "{:02d}-{:02d}".format(*days[end])
    return typed


def data_from(typed: Mapping[str, str]) -> dict:
    """The policy's data that the fields say. What is no number stays text, for the rules to refuse."""
    data = to_data(DEFAULT_POLICY)
    for level in Level:
        for colour in COLOURS:
            for step in STEPS:
                span = _span(typed, f"limits.{level}.{colour}.{step}")
                data["limits"][level.value][colour][step] = span
    data |= {name: _span(typed, name) for name in SPANS}
    data |= {name: _number(typed.get(name, "")) for name in EDITED_NUMBERS}
    data |= {name: typed.get(name) == "on" for name in FLAGS}
    data["office_hours"] = [pair for pair in _pairs(typed) if any(pair)]
    data["risk"] = {name: _number(typed.get(f"risk.{name}", "")) for name in WEIGHTS}
    data["risk"]["sensitive"] = [days for days in _sensitive(typed) if days]
    return data


def day_from(text: str) -> date | None:
    """A day such as 2026-03-31, None for anything else."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def limit_rows(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict]:
    """A row for each level and colour: its two limits as fields."""
    return [
        {
            "level": LEVEL_NAMES[level],
            "colour": colour,
            "first": colour == COLOURS[0],
            "name": f"{LEVEL_NAMES[level]} {colour_words(colour)}",
            "fields": [_span_field(f"limits.{level}.{colour}.{step}", step_words(step), typed, errors)
                       for step in STEPS],
        }
        for level in Level
        for colour in COLOURS
    ]  # fmt: skip


def rule_fields(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict]:
    fields = []
    for name, part in RULES.items():
        if name in SPANS:
            fields.append({**_span_field(name, part.name, typed, errors), "help": part.help, "kind": "span"})
        else:
            kind = "flag" if name in FLAGS else "number"
            fields.append({**_field(name, part.name, typed, errors), "help": part.help, "kind": kind})
    return fields


def weight_fields(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict]:
    return [
        {**_field(f"risk.{name}", RISK_WEIGHTS[name].name, typed, errors), "help": RISK_WEIGHTS[name].help}
        for name in WEIGHTS
    ]


def period_fields(typed: Mapping[str, str]) -> list[dict]:
    return [
        {"start": f"office_hours.{n}.start", "start_value": typed.get(f"office_hours.{n}.start", ""),
         "end": f"office_hours.{n}.end", "end_value": typed.get(f"office_hours.{n}.end", ""), "number": n + 1}
        for n in range(MOST_PERIODS)
    ]  # fmt: skip


def sensitive_fields(typed: Mapping[str, str]) -> list[dict]:
    filled = [n for n in range(MOST_SENSITIVE) if typed.get(f"risk.sensitive.{n}.name")]
    shown = min((max(filled) + 1 if filled else 0) + EMPTY_ROWS, MOST_SENSITIVE)
    return [
        {"number": n + 1} | {
            part: {"name": f"risk.sensitive.{n}.{part}", "value": typed.get(f"risk.sensitive.{n}.{part}", "")}
            for part in ("name", "first", "last")
        }
        for n in range(shown)
    ]  # fmt: skip


def unit_choices() -> list[tuple[str, str]]:
    return [(unit.value, unit_words(unit)) for unit in
            (Unit.WORKING_HOURS, Unit.WORKING_DAYS, Unit.HOURS, Unit.DAYS)]  # fmt: skip


def _field(name: str, label: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict:
    return {"name": name, "label": label, "value": typed.get(name, ""), "error": errors.get(name, "")}


def _span_field(name: str, label: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict:
    amount, unit = typed.get(f"{name}.amount", ""), typed.get(f"{name}.unit", "")
    return {"name": name, "label": label, "amount": amount, "unit": unit, "error": errors.get(name, "")}


def _put_span(typed: dict, name: str, span: Mapping) -> None:
    typed |= {f"{name}.amount": str(span["amount"]), f"{name}.unit": span["unit"]}


def _span(typed: Mapping[str, str], name: str) -> dict:
    return {"amount": _number(typed.get(f"{name}.amount", "")), "unit": typed.get(f"{name}.unit", "")}


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch("[0-9]{1,12}", text.strip(), re.ASCII) else text[:20]


def _pairs(typed: Mapping[str, str]) -> list[list[str]]:
    return [
        [typed.get(f"office_hours.{n}.start", "")[:5], typed.get(f"office_hours.{n}.end", "")[:5]]
        for n in range(MOST_PERIODS)
    ]


def _sensitive(typed: Mapping[str, str]) -> list[dict | None]:
    rows = []
    for n in range(MOST_SENSITIVE):
        name, first, last = (typed.get(f"risk.sensitive.{n}.{part}", "").strip()
                             for part in ("name", "first", "last"))  # fmt: skip
        filled = name or first or last
        days = {"name": name[:50], "first": _month_day(first), "last": _month_day(last)}
        rows.append(days if filled else None)
    return rows


def _month_day(text: str) -> list[int]:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text, re.ASCII)
    return [int(part) for part in found.groups()] if found else []
