"""Foreign tables of disputes: headings matched, rows read, nothing guessed."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.exchange.columns import IMPORT_COLUMNS, guess_mapping, headings_digest, missing_columns
from incidents.exchange.reading import read_row
from incidents.working_time import GUANGZHOU

MAPPING = {column.zh: column.key for column in IMPORT_COLUMNS}
ROW = {
    "标题": "楼上漏水",
    "类别": "邻里·用水排水通行通风采光",
    "发生时间": "2026-03-01 08:00",
    "经度": "113.301",
    "纬度": "23.101",
    "坐标系": "WGS84",
}


def read(**changes):
    return read_row({**ROW, **changes}, MAPPING)


def problems(**changes) -> set[str]:
    row, found = read(**changes)
    assert row is None
    return {problem.key for problem in found}


def test_a_row_is_read_with_codes_or_names():
    row, found = read(规模="一般群体性", 来源="police", 涉及人数="6.0", **{"涉及金额(元)": "12,000.50元"})
    assert not found
    report = row.report
    assert (report.title, report.category) == ("楼上漏水", "0201")
    assert (report.scale, report.source) == ("02", "police")
    assert report.people_involved == 6
    assert report.amount_yuan == Decimal("12000.50")
    assert report.occurred_at == datetime(2026, 3, 1, 8, 0, tzinfo=GUANGZHOU)
    assert (report.lon, report.lat, report.datum) == (113.301, 23.101, "wgs84")
    assert not row.needs_address


@pytest.mark.parametrize("written", ["0201", "201", "用水排水通行通风采光", "邻里 · 用水排水通行通风采光"])
def test_a_category_may_be_written_in_several_ways(written):
    row, _ = read(类别=written)
    assert row.report.category == "0201"


def test_other_is_the_group_of_that_name_and_not_the_other_of_some_group():
    assert read(类别="其他")[0].report.category == "9999"
    assert read(类别="邻里·其他")[0].report.category == "0299"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("类别", "吵架"),
        ("规模", "很大"),
        ("来源", "听说"),
        ("涉及人数", "两人"),
        ("涉及人数", "-1"),
        ("发生时间", "昨天"),
        ("发生时间", ""),
        ("标题", ""),
        ("经度", "nan"),
        ("经度", "一百一十三"),
        ("纬度", ""),
        ("坐标系", ""),
        ("坐标系", "北京54"),
        ("有人受伤或受到威胁", "也许"),
        ("涉及金额(元)", "1.234"),
        ("涉及金额(元)", "Infinity"),
        ("涉及金额(元)", "1e30"),
        ("涉及金额(元)", "9" * 29),
        ("涉及金额(元)", "\uff11\uff10\uff10"),
    ],
)
def test_what_cannot_be_read_is_named(cell, text):
    assert MAPPING[cell] in problems(**{cell: text})


def test_a_datum_is_taken_from_the_file_only_where_the_row_names_none():
    assert read_row({**ROW, "坐标系": ""}, MAPPING, datum="gcj02")[0].report.datum == "gcj02"
    assert read_row(ROW, MAPPING, datum="gcj02")[0].report.datum == "wgs84"


def test_a_row_without_coordinates_needs_an_address():
    assert problems(经度="", 纬度="") == {"address"}
    row, _ = read(经度="", 纬度="", 地址="江南大道中1号")
    assert row.needs_address


def test_the_key_is_that_of_the_number_in_its_street_else_of_all_that_is_said():
    one, two = read(原编号="A1")[0], read(原编号="A1", 标题="别的")[0]
    assert one.key("440105001") == two.key("440105001") != one.key("440105002")
    assert read()[0].key("x") == read()[0].key("y") != read(标题="别的")[0].key("x")


@given(st.dictionaries(st.sampled_from(sorted(MAPPING)), st.text(max_size=30)))
def test_no_row_ends_in_an_exception(cells):
    row, found = read_row(cells, MAPPING)
    assert (row is None) == bool(found)


def test_headings_are_matched_by_name_and_by_alias_each_column_once():
    mapping = guess_mapping(["纠纷类型", "类别", "事由", "发生日期", "经 度", "涉及金额(元)", "备注"])
    assert mapping == {
        "类别": "category",
        "事由": "title",
        "发生日期": "occurred_at",
        "经 度": "lon",
        "涉及金额(元)": "amount_yuan",
    }


def test_the_empty_table_that_is_offered_is_understood_whole():
    assert guess_mapping([column.zh for column in IMPORT_COLUMNS]) == MAPPING


def test_a_file_needs_its_required_columns_and_a_place():
    assert {column.key for column in missing_columns({"标题": "title", "经度": "lon"})} == {
        "category",
        "occurred_at",
        "address",
    }
    assert not missing_columns(MAPPING)


def test_files_with_the_same_headings_share_what_was_remembered():
    digest = headings_digest(["标题", "类别"])
    assert digest == headings_digest(["类别 ", "标题"])
    assert digest != headings_digest(["标题"])
