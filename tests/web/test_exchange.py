"""The page of import and export."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from grids.models import Duty
from grids.roles import Role
from incidents.exchange import jobs
from incidents.models import Dispute, FileJob
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import DISTRICT, STREET_1, STREET_2, UNITS, centre, make_territory

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


def exported_file(client, people, name: str = "street") -> str:
    """A finished export of this person, who is signed in; gives its address."""
    client.force_login(people[name])
    client.post("/exchange/export", {"format": "xlsx"})
    job = FileJob.objects.get()
    jobs.run_job(job.pk)
    return f"/exchange/files/{job.pk}"


def test_an_export_cannot_be_fetched_once_the_duty_ended(client, people):
    address = exported_file(client, people)
    assert client.get(address).getvalue()[:2] == b"PK"
    Duty.objects.filter(user=people["street"]).update(valid_to=timezone.localdate())
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("area", "status"), [(STREET_2, 403), (DISTRICT, 200), (STREET_1, 200), (UNITS[0], 403)]
)
def test_an_export_can_be_fetched_only_while_its_areas_are_ones_own(client, people, area, status):
    address = exported_file(client, people)
    role = Role.STREET_CENTRE if len(area) == len(STREET_1) else Role.DISTRICT_CENTRE
    role = Role.GRID_WORKER if area == UNITS[0] else role
    Duty.objects.filter(user=people["street"]).update(area=area, role=role)
    answer = client.get(address)
    assert answer.status_code == status
    assert ("重新导出".encode() in answer.getvalue()) == (status == 403)


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(people):
    class Unread:
        def read(self, *arguments):
            raise AssertionError("the body was read")

        readline = read

    client = Client(enforce_csrf_checks=True)
    client.force_login(people["district"])
    huge = {"CONTENT_LENGTH": str(22 * 1024**2), "wsgi.input": Unread()}
    for address in ("/exchange/import", "/network/import"):
        answer = client.generic("POST", address, content_type="multipart/form-data; boundary=x", **huge)
        assert answer.status_code == 413
        assert "20 MB" in answer.content.decode()
    # One of the right size is read, and has to come from our own page.
    assert send(client, "标题\n漏水\n").status_code == 403
    assert client.post("/network/import", {"kind": "bodies"}).status_code == 403


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
