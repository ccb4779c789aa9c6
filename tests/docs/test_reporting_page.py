"""docs/reporting.md promises hooks to tests and scripts: each is in the page's templates or modules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reporting.md").read_text()
HOOKS = PAGE.partition("## Hooks for tests and scripts")[2]
ROWS = "\n".join(line for line in HOOKS.splitlines() if line.startswith("| `"))
SOURCE = "\n".join(
    path.read_text()
    for path in sorted([
        *(ROOT / "incidents" / "templates" / "incidents").glob("**/report*.html"),
        *(ROOT / "incidents" / "static" / "incidents" / "reporting").glob("*.js"),
    ])
)
ATTRIBUTES = sorted(set(re.findall(r"\[(data-[a-z-]+)", HOOKS)))
ACTIONS = sorted(set(re.findall(r'data-action="([a-z-]+)"', HOOKS)) | set(re.findall(r'`"([a-z-]+)"`', ROWS)))
OF_THE_FORM = set(re.findall(r"`([a-z_]+)`", ROWS.splitlines()[0]))
NAMES = sorted(OF_THE_FORM | set(re.findall(r"\[name=([a-z_]+)\]", ROWS)))
STATES = re.findall(r"`([a-z_]+)`", next(row for row in ROWS.splitlines() if "data-state" in row))
CONNECTIONS = re.findall(r"`([a-z_]+)`", next(row for row in ROWS.splitlines() if "data-connection" in row))


def as_scripts_write_it(attribute: str) -> str:
    """`data-case-number` as an expression: `dataset.caseNumber`, or in `Object.assign(….dataset, {…})`."""
    first, *rest = attribute.removeprefix("data-").split("-")
    name = first + "".join(part.capitalize() for part in rest)
    return rf"dataset\.{name}\b|dataset, {{[^}}]*\b{name}\b"


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_attribute_is_on_the_page(attribute):
    assert re.search(rf"{attribute}[\s=>]|{as_scripts_write_it(attribute)}", SOURCE)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_its_button(action):
    assert f'data-action="{action}"' in SOURCE or f'["{action}",' in SOURCE


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_name(name):
    assert f'name="{name}"' in SOURCE or f'name = "{name}"' in SOURCE or f'name: "{name}"' in SOURCE


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_shown(state):
    assert re.search(rf"^  {state}: {{ icon", SOURCE, re.MULTILINE)


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_every_connection_can_be_shown(connection):
    assert re.search(rf"^  {connection}: {{ icon", SOURCE, re.MULTILINE)
