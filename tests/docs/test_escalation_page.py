"""The diagram and the tables in docs/escalation.md are those in the code."""

import re
from itertools import product

import pytest

from incidents.management.commands.state_diagram import PAGE, chinese_words
from incidents.measures import MEASURES
from incidents.models.labels import ACTION_NAMES, MEASURE_NAMES
from incidents.state_diagram import BLOCKS, UNSETTLED, with_blocks
from incidents.workflow import TRANSITIONS, Action, State

TEXT = PAGE.read_text("utf-8")


def test_the_page_is_as_the_code_would_write_it():
    assert with_blocks(TEXT, chinese_words()) == TEXT, "run bin/manage state_diagram"


def test_every_block_stands_there_in_both_languages():
    blocks = re.findall(r"<!-- generated: ([a-z-]+) -->", TEXT)
    both = {f"{kind}-{language}" for kind, language in product(set(BLOCKS) - {"diagram"}, ("zh", "en"))}
    assert sorted(blocks) == sorted(both | {"diagram"})


def test_the_diagram_shows_every_transition_and_no_other():
    diagram = TEXT.split("```mermaid")[1].split("```")[0]
    groups = {"unsettled": UNSETTLED}
    drawn = {
        (State(source), Action(action), State(target))
        for one, other, action in re.findall(r"(\w+) --> (\w+) : (?!report\b)(\w+)", diagram)
        for source, target in product(groups.get(one, {one}), groups.get(other, {other}))
    }
    assert drawn == {
        (source, action, target)
        for action, transition in TRANSITIONS.items()
        for source, target in product(
            transition.sources, [transition.target] if transition.target else UNSETTLED
        )
    }


def test_what_resumes_goes_back_to_what_can_be_suspended():
    assert TRANSITIONS[Action.SUSPEND].sources == UNSETTLED


@pytest.mark.parametrize(("code", "name"), [*ACTION_NAMES.items(), *MEASURE_NAMES.items()])
def test_both_languages_list_every_action_and_every_measure(code, name):
    assert len(re.findall(rf"^\| `{code}`", TEXT, re.MULTILINE)) == 2
    assert f"| `{code}` {name} |" in TEXT


def test_a_set_of_states_is_said_so_that_it_can_be_read_back():
    assert "| `remove_file` 移除材料 | 现在负责的人 | 任何未结束的状态 |" in TEXT
    assert "| `urge` | a level above | any open state, not `suspended` |" in TEXT
    assert len(MEASURES) == len(MEASURE_NAMES)
