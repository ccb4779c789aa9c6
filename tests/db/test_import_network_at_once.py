"""Two people import the same table at the same moment."""

import io

import pytest

from incidents.models import MediationBody
from incidents.network.importing import import_bodies
from incidents.network.report import Outcome
from incidents.sheets import read_table
from tests.factories.territory import make_territory
from tests.factories.threads import at_once

pytestmark = pytest.mark.usefixtures("several_connections")

HEADINGS = "编号,名称,调解类别,组织类型,形式,服务区域"
LINES = [f"B{number},赤岗街道调解中心,people,2,centre,440105001" for number in range(100, 200)]


def test_of_two_imports_at_once_the_second_finds_what_the_first_stored():
    make_territory()
    table = read_table(io.BytesIO("\n".join([HEADINGS, *LINES]).encode()), "表.csv")

    def run():
        return {row.outcome for row in import_bodies(table=table).tables[0].rows}

    assert sorted(map(sorted, at_once(run, run))) == [[Outcome.CREATED], [Outcome.UNCHANGED]]
    assert MediationBody.objects.count() == len(LINES)
