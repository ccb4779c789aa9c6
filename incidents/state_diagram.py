"""The tables of the workflow, the measures and the default policy as text for the guide. Pure.

What is written by hand stands around blocks that are put in between two marks; a test compares them with the
tables in the code. Chinese names are given by the caller, English pages say the codes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from grids.hierarchy import Level
from incidents.measures import MEASURES, Who
from incidents.policy import COLOURS, DEFAULT_POLICY, Span, Unit
from incidents.workflow import ENDED, OPEN, SETTLED, TRANSITIONS, Action, Move, State

# The states from which a case may go up: drawn as one.
UNSETTLED = TRANSITIONS[Action.ESCALATE].sources
_BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FLAGS = ("red_to_street", "major_group_to_street")
_NUMBERS = (
    "failed_mediations", "hand_backs", "extension_working_days", "mediation_months", "follow_up_days",
    "confirmation_days",
)  # fmt: skip
_SPANS = ("referral", "reminder")


@dataclass(frozen=True)
class Words:
    """How a page says things: `name` of a state, action, measure or level, and the rest by key."""

    name: Callable[[str], str]
    said: Mapping[str, str]


ENGLISH = Words(
    name=lambda code: f"`{code}`",
    said={
        "action": "action", "from": "from", "to": "to", "needs": "needs", "level": "level",
        "measure": "measure", "who": "who", "states": "in", "stay": "stays", "up": "up",
        "down": "one down", "before": "the state before", "unsettled": "*unsettled*",
        "open": "any open state", "ever": "any state", "settled": "*settled*", "own": "who has the case",
        "above": "a level above", "own_or_above": "who has it, or above",
        "seeing": "whoever sees the case", "system": "the system",
        "accept": "accept", "resolve": "resolve", "colour": "risk", "rule": "rule", "default": "default",
        "yes": "yes", "no": "no", "hours": "h", "days": "d", "working_hours": "working h",
        "working_days": "working d", "without": "not",
    },
)  # fmt: skip
CHINESE_SAID = {
    "action": "操作", "from": "从", "to": "到", "needs": "需要", "level": "层级", "measure": "措施",
    "who": "谁", "states": "何时", "stay": "不变", "up": "向上", "down": "下一级",
    "before": "挂起前的状态", "unsettled": "*未了结*", "open": "任何未结束的状态", "ever": "任何状态",
    "settled": "*已了结*", "own": "现在负责的人", "above": "上级", "own_or_above": "负责的人或上级",
    "seeing": "看得到案件的人",
    "system": "系统", "accept": "受理", "resolve": "办结", "colour": "风险", "rule": "规则",
    "default": "默认", "yes": "是", "no": "否", "hours": "小时", "days": "天",
    "working_hours": "工作小时", "working_days": "工作日", "without": "除",
}  # fmt: skip


def with_blocks(page: str, chinese: Words) -> str:
    """`page` with each generated block as the tables in the code have it now."""

    def fresh(found: re.Match) -> str:
        kind, _, language = found[2].partition("-")
        words = chinese if language == "zh" else ENGLISH
        return f"{found[1]}{BLOCKS[kind](words)}{found[3]}"

    return _BLOCK.sub(fresh, page)


def diagram(_: Words) -> str:
    """All transitions, for Mermaid. Those that every unsettled state has are drawn once."""
    inner, outer = [], []
    for action, transition in TRANSITIONS.items():
        sources, target = set(transition.sources), transition.target or "unsettled"
        if sources >= UNSETTLED:
            outer.append(f"    unsettled --> {target} : {action}")
            sources -= UNSETTLED
        for source in _in_order(sources):
            within = source in UNSETTLED and target in UNSETTLED
            (inner if within else outer).append(f"    {source} --> {target} : {action}")
    lines = ["stateDiagram-v2", "    [*] --> reported : report", "    state unsettled {"]
    lines += [f"    {line}" for line in inner] + ["    }", *outer]
    lines += [f"    {state} --> [*]" for state in _in_order(ENDED)]
    return "\n".join(["```mermaid", *lines, "```", ""])


def actions_table(words: Words) -> str:
    said = words.said
    rows = [
        (
            _both(words, action),
            _states(transition.sources, words),
            words.name(transition.target) if transition.target else said["before"],
            ", ".join(f"`{need}`" for need in transition.needs),
            said[transition.move] if transition.move is not Move.STAY else said["stay"],
        )
        for action, transition in TRANSITIONS.items()
    ]
    return _table([said[key] for key in ("action", "from", "to", "needs", "level")], rows)


def measures_table(words: Words) -> str:
    said = words.said
    rows = [
        (
            _both(words, measure),
            said[Who(rule.who)],
            _states(rule.states, words),
            ", ".join(f"`{need}`" for need in rule.needs),
        )
        for measure, rule in MEASURES.items()
    ]
    return _table([said[key] for key in ("measure", "who", "states", "needs")], rows)


def limits_table(words: Words) -> str:
    """Of the default: to accept / to resolve."""
    heading = [words.said["level"], *(words.name(colour) for colour in COLOURS)]
    rows = [
        (
            words.name(level),
            *(
                f"{_span(limit.accept, words)} / {_span(limit.resolve, words)}"
                for limit in (DEFAULT_POLICY.limits[level, colour] for colour in COLOURS)
            ),
        )
        for level in Level
    ]
    return _table(heading, rows)


def defaults_table(words: Words) -> str:
    policy = DEFAULT_POLICY
    rows = [(f"`{name}`", words.said["yes" if getattr(policy, name) else "no"]) for name in _FLAGS]
    rows += [(f"`{name}`", str(getattr(policy, name))) for name in _NUMBERS]
    rows += [(f"`{name}`", _span(getattr(policy, name), words)) for name in _SPANS]
    hours = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in policy.office_hours)
    return _table([words.said["rule"], words.said["default"]], [*rows, ("`office_hours`", hours)])


BLOCKS: dict[str, Callable[[Words], str]] = {
    "diagram": diagram,
    "actions": actions_table,
    "measures": measures_table,
    "limits": limits_table,
    "defaults": defaults_table,
}


def _table(heading: list[str], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _both(words: Words, code: str) -> str:
    name = words.name(code)
    return name if name == f"`{code}`" else f"`{code}` {name}"


def _states(states: frozenset[State], words: Words) -> str:
    """By the name of the set that they are, with what is left out or comes on top."""
    said = words.said
    known = {"ever": frozenset(State), "open": OPEN, "settled": SETTLED, "unsettled": UNSETTLED}
    for key, whole in known.items():
        without = whole - states
        if states <= whole and len(without) <= 2 < len(whole) - len(without):
            left_out = ", ".join(words.name(state) for state in _in_order(without))
            return f"{said[key]}, {said['without']} {left_out}" if without else said[key]
    parts = []
    for key in ("unsettled", "settled"):
        if states >= known[key]:
            parts.append(said[key])
            states = states - known[key]
    return ", ".join([*parts, *(words.name(state) for state in _in_order(states))])


def _in_order(states: set[State] | frozenset[State]) -> Iterator[State]:
    return (state for state in State if state in states)


def _span(span: Span, words: Words) -> str:
    return f"{span.amount} {words.said[Unit(span.unit)]}"
