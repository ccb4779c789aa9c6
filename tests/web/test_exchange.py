"""The page of import and export."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.exchange import jobs
from incidents.models import Dispute, FileJob
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import UNITS, centre, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tmp_path, settings):
    settings.GRIDGOV_FILES_DIR = tmp_path
    make_territory()
    return make_staff()


def send(client, text: str, name: str = "纠纷.csv"):
    return client.post("/exchange/import", {"file": SimpleUploadedFile(name, text.encode())})


def test_a_file_goes_the_whole_way_from_upload_to_cases(client, people):
    client.force_login(people["street"])
    lon, lat = centre(UNITS[0])
    rows = f"漏水,0201,2026-03-01,{lon},{lat}\n无类,,2026-03-01,{lon},{lat}\n"
    answer = send(client, f"事由,纠纷类型,日期,x,y\n{rows}")
    page = client.get(answer.url).content.decode()
    assert "漏水" in page and "各列是什么" in page
    columns = dict(re.findall(r'name="(column-\d)">.*?value="(\w+)" selected', page, re.S))
    assert set(columns.values()) == {"title", "category", "occurred_at", "lon", "lat"}
    for button, cases in (("check", 0), ("run", 1)):
        client.post(answer.url, {**columns, "datum": "wgs84", button: ""})
        jobs.run_job(FileJob.objects.get().pk)
        page = client.get(answer.url).content.decode()
        assert "新 1,已有 0,有误 1" in page
        assert Dispute.objects.count() == cases
    file = client.get(f"/exchange/files/{FileJob.objects.get().pk}")
    assert file["Content-Disposition"].startswith("attachment")
    assert file.getvalue()[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.xlsx", "no workbook"), ("a.pdf", "%PDF"), ("a.csv", "\n"), ("a.csv", "标题,标题\n1,2\n")],
)
def test_a_file_that_is_no_table_is_refused_beside_its_field(client, people, name, text):
    client.force_login(people["street"])
    answer = send(client, text, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.content.decode()
    assert not FileJob.objects.exists()


def test_missing_columns_are_said_and_the_choice_is_kept(client, people):
    client.force_login(people["street"])
    url = send(client, "甲,乙\n1,2\n").url
    answer = client.post(url, {"column-0": "title", "column-1": "nonsense", "check": ""})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "还缺这些列" in page
    assert 'value="title" selected' in page


def test_the_csv_is_streamed_and_filtered(client, people):
    case = make_dispute(people["worker"])
    client.force_login(people["street"])
    answer = client.get("/exchange/export.csv")
    assert answer.streaming
    assert case.case_number in b"".join(answer.streaming_content).decode()
    assert client.get("/exchange/export.csv?state=closed").getvalue().count(b"\n") == 1
    assert client.get("/exchange/export.csv?area=x").status_code == 400


def test_a_file_is_only_for_the_one_who_asked(client, people):
    client.force_login(people["street"])
    client.post("/exchange/export", {"format": "xlsx"})
    job = FileJob.objects.get()
    jobs.run_job(job.pk)
    assert client.get(f"/exchange/files/{job.pk}/progress").json()["state"] == "done"
    assert client.get(f"/exchange/files/{job.pk}").getvalue()[:2] == b"PK"
    client.force_login(people["district"])
    for address in (f"/exchange/files/{job.pk}", f"/exchange/files/{job.pk}/progress"):
        assert client.get(address).status_code == 404


def test_planners_are_told_why_they_export_no_cases(client, people):
    client.force_login(people["planner"])
    answer = client.get("/exchange")
    assert answer.status_code == 403
    assert "规划人员" in answer.content.decode()


def test_the_empty_table_can_be_opened(client, people):
    import openpyxl

    client.force_login(people["street"])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/exchange/template.xlsx").content))
    assert "标题" in [cell.value for cell in book.active[1]]
