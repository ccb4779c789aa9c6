import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from grids import crs
from grids import locate_file as module
from grids.errors import (
    ColumnsMissing,
    DatumMissing,
    EncodingUnknown,
    EncodingWrong,
    FileDamaged,
    FileMissing,
    FileNotWritable,
    NoGridUnits,
    SameFile,
)
from grids.locate_file import locate_file
from tests import geometries as g
from tests.factories.areas import COMMUNITY, SINCE, STREET, four_units

pytestmark = pytest.mark.django_db

SOUTH_WEST = [f"{COMMUNITY}003", COMMUNITY, STREET, "located"]
OUTSIDE, INVALID = ["", "", "", "outside"], ["", "", "", "invalid"]


@pytest.fixture
def units():
    four_units()


@pytest.fixture
def located(units, tmp_path):
    """Locate the lines of a file; gives the rows of the output and the counts."""

    def run(*lines: str, header="id,lon,lat", encoding="utf-8", **options):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        result = locate_file(source, target, **{"datum": "wgs84", **options})
        with target.open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file))
        assert found[0] == ["id", "grid_unit", "community", "street", "status"]
        assert result.rows == result.located + result.outside + result.invalid == len(found) - 1
        return found[1:]

    return run


def test_every_row_gets_its_unit_community_and_street(located):
    assert located("1,113.3015,23.081", "2,113.299,23.081") == [["1", *SOUTH_WEST], ["2", *OUTSIDE]]


def test_shared_corners_and_edges_belong_to_the_lowest_code(located):
    rows = located("corner,113.302,23.082", "edge,113.302,23.081", "rim,113.3,23.08")
    assert [row[1][-3:] for row in rows] == ["001", "003", "003"]


@pytest.mark.parametrize(
    "line",
    [
        *("1,,", "1", "1,113.3015", "1,NA,NaN", "1,nan,23", "1,inf,23", "1,1e400,23", "1,-181,0"),
        *("1,东经,北纬", "1,23.081,113.3015", "1,True,False", '1,"113,3015","23,081"', "1,0x71,23.081"),
    ],
)
def test_a_row_without_a_usable_coordinate_is_invalid_and_the_others_go_on(located, line):
    good = "2,113.3015,23.081"
    assert located(good, line, good) == [["2", *SOUTH_WEST], ["1", *INVALID], ["2", *SOUTH_WEST]]


def test_ids_stay_letter_by_letter(located):
    ids = ["007", "1.0", "1e5", "NA", "", " x ", '"a,b"', '"say ""hi"""', '"two\nlines"', "纠纷-1", "true"]
    expected = ["007", "1.0", "1e5", "NA", "", " x ", "a,b", 'say "hi"', "two\nlines", "纠纷-1", "true"]
    rows = located(*[f"{value},113.3015,23.081" for value in ids])
    assert [row[0] for row in rows] == expected
    assert all(row[1:] == SOUTH_WEST for row in rows)


def test_columns_may_be_in_any_order_and_case_with_others_beside(located):
    rows = located("甲,23.081,x,007,113.3015,1", header="名称,LAT,note, Id ,Lon,grid_unit")
    assert rows == [["007", *SOUTH_WEST]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_encodings_are_found_out(located, encoding):
    assert located("晓港东路,113.3015,23.081", encoding=encoding) == [["晓港东路", *SOUTH_WEST]]


def test_windows_line_ends_and_blank_lines_are_passed_over(located):
    rows = located("1,113.3015,23.081\r", "\r", "2,113.3015,23.081\r")
    assert rows == [["1", *SOUTH_WEST], ["2", *SOUTH_WEST]]


def test_a_file_without_rows_gives_one_without_rows(located):
    assert located() == []


def test_other_datums_are_converted_first(located):
    lon, lat = crs.from_wgs84(*g.INSIDE_SOUTH_WEST, "bd09")
    assert located(f"1,{lon},{lat}", datum="bd09") == [["1", *SOUTH_WEST]]


def test_chunks_make_no_difference(located, monkeypatch):
    random = np.random.default_rng(3).uniform((113.299, 23.079), (113.305, 23.085), (500, 2))
    lines = [f"{number:04d},{lon:.7f},{lat:.7f}" for number, (lon, lat) in enumerate(random)]
    lines[100] = "0100,,"
    whole = located(*lines)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    assert located(*lines) == whole
    assert [row[0] for row in whole] == [f"{number:04d}" for number in range(500)]


def test_progress_ends_with_the_whole_file(units, tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("id,lon,lat\n" + "1,113.3015,23.081\n" * 10)
    seen = []
    locate_file(source, tmp_path / "out.csv", datum="wgs84", on_progress=lambda *now: seen.append(now))
    assert seen[-1] == (source.stat().st_size, source.stat().st_size)


# Refusals ---------------------------------------------------------------------------------------
@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("id,lon,lat\n1,113.3015,23.081\n")
    return path


def test_the_output_may_not_be_the_input(units, source, tmp_path):
    (tmp_path / "link.csv").symlink_to(source)
    for target in (source, tmp_path / "link.csv"):
        with pytest.raises(SameFile):
            locate_file(source, target, datum="wgs84")
    assert source.read_text().startswith("id,lon,lat")


@pytest.mark.parametrize("header", ["id,x,y", "id;lon;lat", "", "id,lon,lon,lat"])
def test_a_missing_or_doubled_column_is_named(units, source, tmp_path, header):
    source.write_text(f"{header}\n1,2,3\n")
    with pytest.raises(ColumnsMissing, match="id,lon,lat"):
        locate_file(source, tmp_path / "out.csv", datum="wgs84")


def test_what_cannot_be_read_or_written_is_said(units, source, tmp_path):
    with pytest.raises(FileMissing):
        locate_file(tmp_path / "nowhere.csv", tmp_path / "out.csv", datum="wgs84")
    with pytest.raises(FileNotWritable):
        locate_file(source, tmp_path / "nowhere" / "out.csv", datum="wgs84")
    with pytest.raises(FileNotWritable):
        locate_file(source, tmp_path, datum="wgs84")
    source.write_text('id,lon,lat\n"1,113.3015,23.081\n')  # a quote that nobody closes
    with pytest.raises(FileDamaged):
        locate_file(source, tmp_path / "out.csv", datum="wgs84")


def test_a_pipe_or_a_device_is_not_replaced_by_a_file(units, source, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileNotWritable):
        locate_file(source, pipe, datum="wgs84")
    assert pipe.is_fifo()


def test_the_datum_must_be_given(units, source, tmp_path):
    with pytest.raises(DatumMissing):
        locate_file(source, tmp_path / "out.csv", datum="")


def test_other_encodings_are_refused(units, source, tmp_path):
    source.write_bytes("id,lon,lat\n1,113,23\n".encode("utf-16"))
    with pytest.raises(EncodingWrong):
        locate_file(source, tmp_path / "out.csv", datum="wgs84")
    with pytest.raises(EncodingUnknown):
        locate_file(source, tmp_path / "out.csv", datum="wgs84", encoding="klingon")


def test_without_any_unit_in_force_that_is_said(source, tmp_path):
    with pytest.raises(NoGridUnits):
        locate_file(source, tmp_path / "out.csv", datum="wgs84", on=SINCE)


def test_a_failure_on_the_way_leaves_the_former_output_and_no_remains(units, source, tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("before")

    class Stopped(Exception):
        pass

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        locate_file(source, target, datum="wgs84", on_progress=stop)
    assert target.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_the_command_prints_the_counts(units, source, tmp_path, capsys):
    call_command("locate_file", str(source), str(tmp_path / "out.csv"), "--datum", "wgs84", "--json")
    result = json.loads(capsys.readouterr().out)
    assert {key: result[key] for key in ("rows", "located", "outside", "invalid")} == {
        "rows": 1, "located": 1, "outside": 0, "invalid": 0
    }  # fmt: skip
    assert result["seconds"] > 0
