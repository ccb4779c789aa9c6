"""The diagram in docs/escalation.md is the table in the code."""

import re
from itertools import product
from pathlib import Path

import pytest

from grids.hierarchy import Level
from incidents.deadlines import DEFAULT_LIMITS
from incidents.workflow import TRANSITIONS, Action, Standing, State, allowed_actions

PAGE = (Path(__file__).parents[2] / "docs" / "escalation.md").read_text()
LETTERS = dict(zip("ABCDEFGHIJKLM", Action, strict=True))


def edges_of_the_table() -> set[tuple[State, Action, State]]:
    resumed = TRANSITIONS[Action.SUSPEND].sources
    return {
        (source, action, target)
        for action, transition in TRANSITIONS.items()
        for source, target in product(
            transition.sources, [transition.target] if transition.target else resumed
        )
    }


def edges_of_the_diagram() -> set[tuple[State, Action, State]]:
    diagram = PAGE.split("```mermaid")[1].split("```")[0]
    inner = diagram.split("state unsettled {")[1].split("}")[0]
    groups = {"unsettled": set(re.findall(r"\w+(?= --> | : )", inner)) & {state.value for state in State}}
    return {
        (State(source), LETTERS[letter], State(target))
        for one, other, letter in re.findall(r"(\w+) --> (\w+) : ([A-M])\b", diagram)
        for source, target in product(groups.get(one, {one}), groups.get(other, {other}))
    }


def test_the_diagram_shows_every_transition_and_no_other():
    assert edges_of_the_diagram() == edges_of_the_table()


def test_a_star_marks_what_the_state_before_a_suspension_may_forbid():
    befores = TRANSITIONS[Action.SUSPEND].sources
    conditional = {
        (State.SUSPENDED, action, transition.target)
        for action, transition in TRANSITIONS.items()
        if State.SUSPENDED in transition.sources
        and not all(
            action in allowed_actions(Standing(State.SUSPENDED, Level.GRID, before_suspension=before))
            for before in befores
        )
    }
    starred = re.findall(r"(\w+) --> (\w+) : ([A-M])\*", PAGE)
    assert {(State(one), LETTERS[letter], State(other)) for one, other, letter in starred} == conditional


@pytest.mark.parametrize(("letter", "action"), LETTERS.items())
def test_both_languages_list_every_action_under_its_letter(letter, action):
    assert len(re.findall(rf"^\| {letter} \| `{action}`", PAGE, re.MULTILINE)) == 2


def test_both_languages_give_the_limits():
    hours = {
        level: (limit.accept.total_seconds(), limit.resolve.total_seconds())
        for level, limit in DEFAULT_LIMITS.items()
    }
    chinese = re.findall(
        r"^\| (?:网格|社区|街道|区) \| (\d+) (小时|天) \| (\d+) (小时|天) \|$", PAGE, re.MULTILINE
    )
    english = re.findall(
        r"^\| (?:grid|community|street|district) \| (\d+) (h|days?) \| (\d+) (h|days?) \|$",
        PAGE,
        re.MULTILINE,
    )
    units = {"小时": 3600, "h": 3600, "天": 86400, "day": 86400, "days": 86400}
    for table in (chinese, english):
        said = [(int(a) * units[u], int(b) * units[v]) for a, u, b, v in table]
        assert said == list(hours.values())
