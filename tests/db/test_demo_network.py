"""load_demo brings the mediation network, also into a database that was loaded before there was one."""

import io
import json

import pytest
from django.core.management import call_command

from incidents.models import CaseBody, Dispute, MediationBody, Mediator, Training
from incidents.network.columns import Kind
from incidents.network.exporting import export_sheet
from incidents.network.importing import import_network
from incidents.network.report import Outcome
from incidents.sheets import csv_lines, read_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(fabric, monkeypatch, tmp_path):
    monkeypatch.setattr("fixtures.staging.build_fabric", lambda: fabric)

    def run() -> dict:
        output = io.StringIO()
        logins = str(tmp_path / "logins.json")
        call_command("load_demo", "--disputes", "20", "--logins", logins, "--json", stdout=output)
        return json.loads(output.getvalue())

    return run


def test_the_network_is_loaded_once_and_into_an_older_database_afterwards(load):
    result = load()
    assert result["bodies"] == MediationBody.objects.count() == 378
    assert result["mediators"] == Mediator.objects.count() > 900
    assert not load()["loaded"]
    CaseBody.objects.all().delete()
    Dispute.objects.update(lead_body=None)
    Training.objects.all().delete()
    Mediator.objects.all().delete()
    MediationBody.objects.all().delete()
    again = load()
    assert (again["loaded"], again["bodies"], again["disputes"]) == (True, 378, 20)
    assert Mediator.objects.get(user__username="mediator-440105001001").body.area_id == "440105001001"


def test_the_whole_network_is_exported_and_imported_unchanged(load):
    load()
    tables = {}
    for kind in Kind:
        sheet = export_sheet(kind, MediationBody.objects.all(), accounts=True)
        content = b"".join(csv_lines(sheet.headings, sheet.rows))
        tables[kind] = read_table(io.BytesIO(content), "表.csv")
    report = import_network(tables=tables)
    assert {row.outcome for table in report.tables for row in table.rows} == {Outcome.UNCHANGED}
