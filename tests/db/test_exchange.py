"""Disputes in and out in bulk, on the real database."""

import csv
import io
import os
import shutil
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pyogrio
import pytest
from django.http import QueryDict
from django.utils import timezone

from grids.roles import Role
from incidents.errors import ColumnsMissing, ExportNotAllowed, FileJobNotFound, ImportNotAllowed
from incidents.exchange import job_files, jobs
from incidents.exchange.exporting import Names, csv_of, disputes_to_export, headings
from incidents.exchange.importing import import_disputes
from incidents.filters import DisputeFilter
from incidents.models import Dispute, FileJob
from incidents.sheets import read_table
from tests.factories.disputes import NOW, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_2, UNITS, centre, make_address, make_territory

pytestmark = pytest.mark.django_db

HEADINGS = ["原编号", "标题", "类别", "发生时间", "经度", "纬度", "坐标系", "地址", "经过"]
MAPPING = {
    "原编号": "number", "标题": "title", "类别": "category", "发生时间": "occurred_at", "经度": "lon",
    "纬度": "lat", "坐标系": "datum", "地址": "address", "经过": "description",
}  # fmt: skip


@pytest.fixture
def people():
    make_territory()
    return make_staff()


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.GRIDGOV_FILES_DIR = tmp_path


def table(*rows: dict):
    """A CSV with HEADINGS, read."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return read_table(io.BytesIO(text.getvalue().encode("utf-8-sig")), "纠纷.csv")


def row(unit: str = UNITS[0], **changes) -> dict:
    lon, lat = centre(unit)
    said = {"标题": "楼上漏水", "类别": "0201", "发生时间": "2026-03-01 08:00", "坐标系": "wgs84"}
    return said | {"经度": lon, "纬度": lat} | changes


def run(user, *rows, **options):
    return import_disputes(user=user, rows=table(*rows).rows, mapping=MAPPING, now=NOW, **options)


def test_good_rows_become_cases_and_wrong_ones_are_named(people):
    outcome = run(people["street"], row(标题="甲"), row(标题="乙", 类别="吵架"), row(UNITS[2], 标题="丙"))
    assert (outcome.rows, outcome.new, outcome.known, outcome.wrong) == (3, 2, 0, 1)
    (problem,) = outcome.problems
    assert (problem.row, problem.column) == (3, "类别")
    assert sorted(Dispute.objects.values_list("title", flat=True)) == ["丙", "甲"]
    case = Dispute.objects.get(title="丙")
    assert (case.grid_unit_id, case.reported_by, case.events.count()) == (UNITS[2], people["street"], 1)


def test_the_same_rows_again_add_nothing_whoever_sends_them(people):
    rows = [row(标题="甲"), row(原编号="A-1", 标题="乙")]
    run(people["street"], *rows)
    for user in (people["street"], people["district"]):
        outcome = run(user, *rows)
        assert (outcome.new, outcome.known) == (0, 2)
    assert Dispute.objects.count() == 2


def test_a_row_that_stands_twice_in_a_file_is_taken_once(people):
    for dry_run in (True, False):
        outcome = run(people["street"], row(), row(), dry_run=dry_run)
        assert (outcome.new, outcome.known) == (1, 1)


def test_the_same_number_with_other_content_is_refused(people):
    run(people["street"], row(原编号="A-1"))
    outcome = run(people["street"], row(原编号="A-1", 标题="别的"))
    assert (outcome.new, outcome.wrong, outcome.problems[0].column) == (0, 1, "原编号")


@pytest.mark.parametrize("zone", ["+23:59", "-23:59"])
def test_an_offset_that_no_country_has_stops_no_import(people, zone):
    outcome = run(people["street"], row(发生时间=f"2026-02-01T08:00:00{zone}"), row(标题="乙"))
    assert (outcome.new, outcome.wrong) == (2, 0)


def test_a_dry_run_says_what_would_be_and_writes_nothing(people):
    outcome = run(people["street"], row(标题="甲"), row(标题=""), dry_run=True)
    assert (outcome.new, outcome.wrong) == (1, 1)
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"经度": "113.9"},
        {"经度": "23.101", "纬度": "113.301"},
        {"发生时间": "2036-03-01"},
        {"发生时间": "1999-03-01"},
        {"标题": "长" * 101},
        {"经度": "", "纬度": "", "地址": "不知道哪里"},
        {"坐标系": ""},
    ],
)
def test_rows_that_a_report_would_refuse_are_refused_with_a_sentence(people, changes):
    outcome = run(people["street"], row(**changes))
    assert (outcome.new, outcome.wrong) == (0, 1)
    assert outcome.problems[0].zh and outcome.problems[0].en != outcome.problems[0].zh


def test_a_place_outside_ones_own_area_is_refused(people):
    assert run(people["street"], row(UNITS[4])).problems[0].zh == "地点不在您值守的区域内。"
    assert run(people["district"], row(UNITS[4])).new == 1


def test_a_known_address_stands_for_coordinates(people):
    make_address("新港西路1号", UNITS[1])
    run(people["street"], row(地址="新港西路1号", 经度="", 纬度="", 坐标系=""))
    assert Dispute.objects.get().grid_unit_id == UNITS[1]


def test_only_mediators_and_centres_import(people):
    for name in ("worker", "planner", "administrator"):
        with pytest.raises(ImportNotAllowed):
            run(people[name], row())


# The background jobs ---------------------------------------------------------------------------
def upload(user, *rows) -> FileJob:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return jobs.receive_table(user=user, file=io.BytesIO(text.getvalue().encode()), file_name="纠纷.csv")


def test_an_upload_is_checked_then_taken_and_its_columns_are_remembered(people):
    user = people["street"]
    now = timezone.now() - timedelta(days=1)
    when = f"{now:%Y-%m-%d %H:%M}"
    job = upload(user, row(发生时间=when), row(发生时间=when, 标题=""))
    assert job.options["mapping"] == MAPPING
    for dry_run, expected in ((True, 0), (False, 1)):
        jobs.begin_import(user=user, job_id=job.pk, mapping=MAPPING, datum="", dry_run=dry_run)
        jobs.run_job(job.pk)
        job.refresh_from_db()
        assert job.state == FileJob.DONE, job.result
        assert (job.result["new"], job.result["wrong"]) == (1, 1)
        assert Dispute.objects.count() == expected
    book = openpyxl.load_workbook(io.BytesIO(jobs.result_path(job).read_bytes()))
    (headings_row, wrong_row) = book.active.iter_rows(values_only=True)
    assert headings_row[-1] == "问题 / Problem"
    assert "标题" in wrong_row[-1]
    # What was sent is gone once it was taken, but for what it was made into.
    assert not jobs.source_path(job).exists()
    assert upload(user, row()).options["remembered"]


def test_a_file_without_a_required_column_says_which(people):
    job = upload(people["street"], row())
    with pytest.raises(ColumnsMissing) as error:
        jobs.begin_import(
            user=people["street"], job_id=job.pk, mapping={"标题": "title"}, datum="", dry_run=True
        )
    assert set(error.value.facts["errors"]) == {"category", "occurred_at", "address"}


def test_a_job_is_its_users_own(people):
    job = upload(people["street"], row())
    with pytest.raises(FileJobNotFound):
        jobs.begin_import(user=people["district"], job_id=job.pk, mapping=MAPPING, datum="", dry_run=True)


def test_files_are_forgotten_after_a_week(people):
    job = upload(people["street"], row())
    half_written = jobs.result_path(job).with_suffix(".gpkg")
    half_written.touch()
    assert job_files.prune_files() == 0
    FileJob.objects.update(created_at=timezone.now() - job_files.KEEP - timedelta(hours=1))
    assert job_files.prune_files() == 1
    assert not jobs.source_path(job).exists()
    assert not half_written.exists()


def test_files_whose_job_is_gone_are_deleted_once_they_are_a_day_old(people):
    kept = jobs.source_path(upload(people["street"], row()))
    orphan, fresh = (job_files.folder() / f"{uuid4()}.{ending}" for ending in ("xlsx", "source"))
    foreign = job_files.folder() / "README"
    for path in (kept, orphan, foreign, fresh):
        path.touch()
    two_days_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for path in (kept, orphan, foreign):
        os.utime(path, (two_days_ago, two_days_ago))
    job_files.prune_files()
    assert sorted(job_files.folder().iterdir()) == sorted([kept, fresh, foreign])


def test_a_job_keeps_nothing_of_the_rows_that_were_sent(people):
    job = upload(people["street"], row(标题="王五打人", 经过="电话 13800000000"))
    stored = str(FileJob.objects.values().get())
    assert "王五" not in stored and "13800000000" not in stored
    (examples,) = job_files.example_rows(job)
    assert "王五打人" in examples


# Export ----------------------------------------------------------------------------------------
def exported(user, query: str = "") -> list[dict]:
    wanted = DisputeFilter.from_query(QueryDict(query))
    text = b"".join(csv_of(disputes_to_export(user, wanted), Names.read("zh-hans"))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_export_holds_what_its_reader_may_see_and_no_more(people):
    make_user("other", Role.GRID_WORKER, UNITS[4])
    own = make_dispute(people["worker"], description="王五来闹")
    foreign = make_dispute(people["district"], UNITS[4])
    assert [line["案号"] for line in exported(people["street"])] == [own.case_number]
    district = people["district"]
    assert {line["案号"] for line in exported(district)} == {own.case_number, foreign.case_number}
    assert [line["案号"] for line in exported(district, f"area={STREET_2}")] == [foreign.case_number]
    (line,) = exported(people["worker"])
    assert "王五" not in str(line)
    assert (line["类别"], line["状态"], line["社区"]) == ("邻里 · 用水排水通行通风采光", "待受理", "区域001")
    with pytest.raises(ExportNotAllowed):
        exported(people["planner"])


def test_more_places_ask_no_more_questions(people, django_assert_max_num_queries):
    for unit in UNITS[:4]:
        make_dispute(people["district"], unit)
    with django_assert_max_num_queries(5):
        lines = exported(people["district"])
    assert {line["社区"] for line in lines} > {"区域001"}


def test_a_title_that_looks_like_a_formula_is_none_in_the_file(people):
    make_dispute(people["worker"], title='=HYPERLINK("http://x","y")')
    assert exported(people["worker"])[0]["标题"].startswith("'=")


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_a_workbook_and_a_geopackage_hold_every_case(people, form, monkeypatch, tmp_path):
    monkeypatch.setattr("incidents.exchange.exporting.BATCH", 3)
    monkeypatch.setattr("incidents.exchange.exporting.SHEET_ROWS", 5)
    for number in range(7):
        make_dispute(people["worker"], UNITS[number % 2], title=f"第{number}件")
    job = jobs.begin_export(user=people["street"], query="", form=form, language="zh-hans")
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (FileJob.DONE, 7), job.result
    path = shutil.copy(jobs.result_path(job), tmp_path / f"file.{form}")
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        lines = [line for sheet in book for line in sheet.iter_rows(min_row=2, values_only=True)]
        assert [cell.value for cell in book.active[1]] == headings()
        assert len(book.sheetnames) == 2
        titles = {line[1] for line in lines}
    else:
        frame = pyogrio.read_dataframe(path, layer="disputes")
        assert frame.crs.to_epsg() == 4326
        lons = {round(point.x, 6) for point in frame.geometry}
        assert lons == {centre(UNITS[0])[0], centre(UNITS[1])[0]}
        titles = set(frame["标题"])
    assert titles == {f"第{number}件" for number in range(7)}


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_an_empty_export_is_a_file_without_rows(people, form):
    job = jobs.begin_export(user=people["street"], query="", form=form, language="zh-hans")
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == FileJob.DONE, job.result


def test_a_job_that_was_run_is_not_run_again(people):
    job = jobs.begin_export(user=people["street"], query="", form="xlsx", language="zh-hans")
    jobs.run_job(job.pk)
    finished = FileJob.objects.get().finished_at
    jobs.run_job(job.pk)
    assert FileJob.objects.get().finished_at == finished
