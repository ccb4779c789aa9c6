"""Write the tables and the diagram of docs/escalation.md from the code. For developers."""

from pathlib import Path

from django.utils.translation import override

from grids.hierarchy import Level
from grids.management.json_command import JsonCommand
from incidents.codes import RISKS
from incidents.measures import Measure
from incidents.models.labels import ACTION_NAMES, LEVEL_NAMES, MEASURE_NAMES, STATE_NAMES
from incidents.state_diagram import CHINESE_SAID, Words, with_blocks
from incidents.workflow import Action, State

PAGE = Path(__file__).parents[3] / "docs" / "escalation.md"


class Command(JsonCommand):
    help = "由代码重写状态图和表格 / Write the guide's diagram and tables from the code"

    def add_options(self, parser):
        pass

    def run(self, **_):
        before = PAGE.read_text("utf-8")
        after = with_blocks(before, chinese_words())
        PAGE.write_text(after, "utf-8")
        return {"page": PAGE.name, "changed": before != after}

    def describe(self, result):
        return f"{result['page']}: {'已重写 / written' if result['changed'] else '无变化 / unchanged'}"


def chinese_words() -> Words:
    """The names that people read on the pages. An action may have the code of a state: both are asked for."""
    tables = {State: STATE_NAMES, Level: LEVEL_NAMES, Action: ACTION_NAMES, Measure: MEASURE_NAMES}
    with override("zh-hans"):
        names = {(kind, code): str(name) for kind, table in tables.items() for code, name in table.items()}
    names |= {(str, code): chinese for code, (chinese, _) in RISKS.items()}
    return Words(name=lambda code: names[type(code), code], said=CHINESE_SAID)
