"""Tables as people send them, the hostile ones among them."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from incidents import errors
from incidents.sheets import (
    RowProblem,
    Sheet,
    archive,
    csv_lines,
    limits,
    problem_sheet,
    read_table,
    reading,
    safe_cell,
    sheet_titles,
    workbook,
    write_xlsx,
)
from incidents.sheets.cells import cell_text, column_letters, without_guard

TEXT = "编号,名称\r\nA1,赤岗街道调解委员会\r\n"


def _csv(content: str | bytes, name: str = "表.csv", encoding: str = "utf-8", **options):
    raw = content if isinstance(content, bytes) else content.encode(encoding)
    return read_table(io.BytesIO(raw), name, **options)


def _workbook(*rows, **sheets) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _xlsx(*rows, name: str = "表.xlsx", **sheets):
    return read_table(io.BytesIO(_workbook(*rows, **sheets)), name)


def _repacked(content: bytes, replace: dict[str, bytes]) -> bytes:
    """The workbook `content` with parts replaced or added."""
    target = io.BytesIO()
    packed = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as old, packed as new:
        for name in old.namelist():
            if name not in replace:
                new.writestr(name, old.read(name))
        for name, part in replace.items():
            new.writestr(name, part)
    return target.getvalue()


def _cells(table) -> list[list[str]]:
    return [list(row.cells.values()) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_people_have(encoding):
    table = _csv(TEXT, encoding=encoding)
    assert table.headings == ["编号", "名称"]
    assert _cells(table) == [["A1", "赤岗街道调解委员会"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_may_be_divided_by_comma_semicolon_or_tab(delimiter):
    assert _cells(_csv(TEXT.replace(",", delimiter))) == [["A1", "赤岗街道调解委员会"]]


@pytest.mark.parametrize(
    "raw",
    [TEXT.encode("utf-16"), TEXT.encode("utf-16-le"), b"\xff\xff\xff"],
    ids=["utf-16", "utf-16-le", "no text"],
)
def test_another_encoding_is_refused_not_guessed(raw):
    with pytest.raises(errors.SheetEncodingUnknown):
        _csv(raw)


def test_a_null_character_is_named_by_its_row():
    with pytest.raises(errors.SheetCharacterInvalid) as told:
        _csv(b"a,b\n1,2\n\0,1\n")
    assert told.value.facts["row"] == 3


def test_rows_are_numbered_as_the_spreadsheet_shows_them_and_blank_ones_left_out():
    table = _csv('\n甲,乙\n\n1,"二\n行"\n,\n3,4\n')
    assert [(row.number, row.cells["甲"]) for row in table.rows] == [(4, "1"), (6, "3")]
    table = _xlsx(["甲", "乙"], [None, ""], ["x", None])
    assert [(row.number, row.cells) for row in table.rows] == [(3, {"甲": "x", "乙": ""})]


def test_values_of_a_workbook_are_read_as_a_person_sees_them():
    moments = [date(2026, 5, 1), datetime(2026, 5, 1, 8, 30), datetime(2026, 5, 1), time(8, 30)]
    table = _xlsx(list("abcdefgh"), [1.0, 440105001001.0, 0.5, True, *moments])
    assert _cells(table) == [
        ["1", "440105001001", "0.5", "是", "2026-05-01", "2026-05-01 08:30", "2026-05-01", "08:30"]
    ]


def test_text_that_looks_like_a_number_keeps_its_zeros():
    assert _cells(_xlsx(["类别"], ["0402"])) == [["0402"]]


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n,\n", "\n" * 10 + "编号\n1\n"])
def test_a_table_without_headings_is_refused(content):
    with pytest.raises(errors.SheetWithoutHeadings):
        _csv(content)


def test_a_heading_that_occurs_twice_is_named():
    with pytest.raises(errors.SheetHeadingTwice) as refused:
        _csv("编号,名称,编号\n1,2,3\n")
    assert refused.value.facts == {"heading": "编号"}


def test_a_value_without_a_heading_is_not_lost_silently():
    with pytest.raises(errors.SheetValueOutside) as refused:
        _csv("编号,名称\n1,路上,有逗号\n")
    assert refused.value.facts == {"row": 2, "column": "C"}


def test_more_rows_than_the_limit_are_refused():
    assert len(_csv("a\n1\n2\n", max_rows=2).rows) == 2
    with pytest.raises(errors.SheetTooLarge):
        _csv("a\n1\n2\n3\n", max_rows=2)


def test_more_columns_than_the_limit_are_refused():
    with pytest.raises(errors.SheetTooLarge):
        _xlsx([f"c{number}" for number in range(limits.MAX_COLUMNS + 1)])


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read_whole(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(errors.SheetTooLarge):
        _csv("a\n" + "1\n" * 100)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = _repacked(_workbook(["a"]), {"xl/media/zeros.bin": bytes(2_000_000)})
    assert len(bomb) < 50_000
    with pytest.raises(errors.SheetTooLarge):
        read_table(io.BytesIO(bomb), "表.xlsx")


def test_a_row_that_calls_itself_endlessly_far_down_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(workbook, "LAST_ROW", 1_000)
    content = _workbook(["a"], [1])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        part = opened.read("xl/worksheets/sheet1.xml")
    far = part.replace(b'<row r="2"', b'<row r="999999999999"').replace(b'r="A2"', b'r="A999999999999"')
    assert far != part
    with pytest.raises(errors.SheetTooLarge):
        read_table(io.BytesIO(_repacked(content, {"xl/worksheets/sheet1.xml": far})), "表.xlsx")


def test_blank_lines_without_end_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(reading, "LAST_ROW", 1_000)
    assert _cells(_csv("a\n" + "\n" * 900 + "1\n")) == [["1"]]
    with pytest.raises(errors.SheetTooLarge):
        _csv("a\n" + "\n" * 1_000)


def test_a_sheet_that_claims_a_huge_size_is_read_by_its_rows():
    content = _workbook(["a"], [1])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        part = opened.read("xl/worksheets/sheet1.xml")
    assert b'<dimension ref="A1:A2"' in part
    claimed = part.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    table = read_table(io.BytesIO(_repacked(content, {"xl/worksheets/sheet1.xml": claimed})), "表.xlsx")
    assert _cells(table) == [["1"]]


def test_entities_that_grow_are_refused():
    part = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet/>'
    content = _repacked(_workbook(["a"]), {"xl/worksheets/sheet1.xml": part})
    with pytest.raises(errors.SheetDamaged):
        read_table(io.BytesIO(content), "表.xlsx")


def _sheet(rows: bytes, prefix: str = "") -> bytes:
    """A workbook whose sheet has the heading "a" and then `rows` as they stand."""
    name = f":{prefix.rstrip(':')}" if prefix else ""
    part = (
        f'<{prefix}worksheet xmlns{name}="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<{prefix}sheetData>"
        f'<{prefix}row><{prefix}c t="str"><{prefix}v>a</{prefix}v></{prefix}c></{prefix}row>'
    ).encode()
    part += rows + f"</{prefix}sheetData></{prefix}worksheet>".encode()
    return _repacked(_workbook(["a"]), {"xl/worksheets/sheet1.xml": part})


def test_a_document_type_is_found_wherever_it_stands():
    part = b"<!--" + b" " * 3000 + b'--><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet/>'
    for far in (part, b"<!--" + b" " * 100_000 + part[4:]):
        content = _repacked(_workbook(["a"]), {"xl/worksheets/sheet1.xml": far})
        with pytest.raises(errors.SheetDamaged):
            read_table(io.BytesIO(content), "表.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        b"<row>" + b"<c/>" * 300_000 + b"</row>",
        (b"<row>" + b"<c/>" * 100_000 + b"</row>") * 70,
        b"<a/>" * 300_000,
        b"<!--" + b" " * 2_000_000 + b"-->",
    ],
    ids=["cells in a row", "cells in all", "what nobody knows", "a long text"],
)
def test_what_would_take_a_hundred_times_its_size_in_memory_is_refused_unread(monkeypatch, rows):
    monkeypatch.setattr(workbook, "load_workbook", None)
    content = _sheet(rows)
    assert len(content) < 100_000
    with pytest.raises(errors.SheetTooLarge):
        read_table(io.BytesIO(content), "表.xlsx")


def test_a_value_far_beyond_the_last_column_is_not_lost_in_silence():
    row = b'<row><c r="A2"><v>1</v></c><c r="%s2"><v>2</v></c></row>'
    for column, error in ((b"XFD", errors.SheetTooLarge), (b"CV", errors.SheetValueOutside)):
        with pytest.raises(error):
            read_table(io.BytesIO(_sheet(row % column)), "表.xlsx")
    blank = _sheet(row.replace(b"<v>2</v>", b"") % b"XFD")
    assert _cells(read_table(io.BytesIO(blank), "表.xlsx")) == [["1"]]


def test_blank_cells_far_out_in_every_row_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_BLANKS", 100_000)
    with pytest.raises(errors.SheetTooLarge):
        read_table(io.BytesIO(_sheet(b'<row><c r="XFD2"/></row>' * 10)), "表.xlsx")


def test_a_hundred_thousand_formats_are_refused_unread(monkeypatch):
    monkeypatch.setattr(workbook, "load_workbook", None)
    styles = b"<worksheet><cellXfs>" + b"<xf/>" * 300_000 + b"</cellXfs></worksheet>"
    with pytest.raises(errors.SheetTooLarge):
        read_table(io.BytesIO(_repacked(_workbook(["a"]), {"xl/styles.xml": styles})), "表.xlsx")


def test_a_text_that_is_written_once_and_shown_often_is_counted_each_time(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_CHARACTERS", 1_000)
    with pytest.raises(errors.SheetTooLarge):
        _xlsx(["a"], *(["x" * 300] for _ in range(4)))
    assert len(_xlsx(["a"], *(["x" * 300] for _ in range(3))).rows) == 3


def test_a_formula_without_a_result_is_found_under_any_prefix():
    rows = b"<x:row><x:c><x:f>1+1</x:f></x:c></x:row>"
    with pytest.raises(errors.SheetFormulaEmpty):
        read_table(io.BytesIO(_sheet(rows, "x:")), "表.xlsx")
    known = rows.replace(b"</x:f>", b"</x:f><x:v>2</x:v>")
    assert _cells(read_table(io.BytesIO(_sheet(known, "x:")), "表.xlsx")) == [["2"]]


def test_a_part_that_is_packed_in_another_way_and_broken_is_damage():
    target = io.BytesIO()
    packed = zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA)
    with zipfile.ZipFile(io.BytesIO(_workbook(["a"]))) as old, packed as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    content = bytearray(target.getvalue())
    begin = content.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    for place in range(begin + 9, begin + 60):
        content[place] ^= 0x5A
    with pytest.raises(errors.SheetDamaged):
        read_table(io.BytesIO(content), "表.xlsx")


OLE = reading.OLE + bytes(600)


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (OLE, "表.xls", errors.SheetOldExcel),
        (OLE, "表.xlsx", errors.SheetOldExcel),
        (OLE + reading.ENCRYPTED_PART, "表.xlsx", errors.SheetEncrypted),
        (_workbook(["a"]), "表.csv", errors.SheetTypeUnknown),
        (_workbook(["a"]), "表", errors.SheetTypeUnknown),
        (TEXT.encode(), "表.xlsx", errors.SheetDamaged),
        (TEXT.encode(), "表.pdf", errors.SheetTypeUnknown),
        (b"PK\x03\x04 and then nothing", "表.xlsx", errors.SheetDamaged),
        (_workbook(["a"])[:-200], "表.xlsx", errors.SheetDamaged),
        (_repacked(_workbook(["a"]), {"xl/vbaProject.bin": b"x"}), "表.xlsx", errors.SheetHasMacros),
        (_repacked(_workbook(["a"]), {"xl/vbaProject.bin": b"x"}), "表.xlsm", errors.SheetHasMacros),
        (_repacked(_workbook(["a"]), {"xl/worksheets/sheet1.xml": b"<a"}), "表.xlsx", errors.SheetDamaged),
        (b'a,b\n"1,2\n', "表.csv", errors.SheetDamaged),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(content, name, error):
    with pytest.raises(error):
        read_table(io.BytesIO(content), name)


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(errors.SheetTypeUnknown):
        read_table(io.BytesIO(target.getvalue()), "表.xlsx")


def test_a_formula_without_a_result_is_named_and_not_taken_for_blank():
    with pytest.raises(errors.SheetFormulaEmpty) as refused:
        _xlsx(["a", "b"], [1, "=A2+1"])
    assert refused.value.facts == {"row": 2, "column": "B"}


def test_a_formula_is_read_by_its_result():
    content = _workbook(["a"], ["=1+1"])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        part = opened.read("xl/worksheets/sheet1.xml")
    assert b"</f>" in part
    solved = re.sub(rb"</f>(<v ?/>|<v></v>)?", b"</f><v>2</v>", part)
    table = read_table(io.BytesIO(_repacked(content, {"xl/worksheets/sheet1.xml": solved})), "表.xlsx")
    assert _cells(table) == [["2"]]


def test_the_error_of_a_formula_is_no_text():
    with pytest.raises(errors.SheetFormulaEmpty):
        _xlsx(["a"], ["#REF!"])


def test_control_characters_are_refused_with_their_row():
    with pytest.raises(errors.SheetCharacterInvalid) as refused:
        _csv("a\n\x07\n")
    assert refused.value.facts == {"row": 2}


def test_a_sheet_is_chosen_by_its_title():
    content = _workbook(["a"], [1], 培训=[["b"], [2]])
    assert sheet_titles(io.BytesIO(content), "表.xlsx") == ["Sheet", "培训"]
    assert read_table(io.BytesIO(content), "表.xlsx", sheet="培训").headings == ["b"]
    with pytest.raises(errors.SheetMissing):
        read_table(io.BytesIO(content), "表.xlsx", sheet="没有")
    assert sheet_titles(io.BytesIO(TEXT.encode()), "表.csv") == []


@pytest.mark.parametrize("text", ["=1+1", "+86 20", "-x", "@SUM", "\t=1", "\r=1", "=1", "'=1", "''-"])
def test_what_begins_like_a_formula_is_guarded(text):
    assert safe_cell(text) == f"'{text}"
    assert without_guard(safe_cell(text)) == text


@pytest.mark.parametrize("value", ["甲", "'引号", "", 5, 0.5, None, date(2026, 5, 1)])
def test_what_is_no_formula_stays(value):
    assert safe_cell(value) == value


@given(st.text())
def test_a_guarded_text_comes_back_as_it_was(text):
    plain = safe_cell(text)
    assert not plain.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe_cell(without_guard(plain)) == plain


HEADINGS = ["编号", "说明", "件数", "日期", "时间", "在任"]
AWARE = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ROWS = [
    ["0402", "=HYPERLINK(1)", 3, date(2026, 5, 1), AWARE, True],
    ["+86", None, Decimal("2.5"), None, None, False],
]
READ = [
    ["0402", "=HYPERLINK(1)", "3", "2026-05-01", "2026-03-02 09:30", "是"],
    ["+86", "", "2.5", "", "", "否"],
]


def test_what_is_written_as_a_workbook_is_read_back():
    target = io.BytesIO()
    write_xlsx(target, [Sheet("甲/乙", HEADINGS, iter(ROWS)), Sheet("空", ["a"], [])])
    target.seek(0)
    assert _cells(read_table(target, "表.xlsx")) == READ


def test_a_written_workbook_has_bold_frozen_headings_dates_as_dates_and_no_formula():
    target = io.BytesIO()
    write_xlsx(target, [Sheet("甲", HEADINGS, ROWS)])
    sheet = load_workbook(target)["甲"]
    assert sheet["A1"].font.bold and sheet.freeze_panes == "A2"
    assert sheet["B2"].data_type == "s" and sheet["D2"].is_date and sheet["C2"].value == 3
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["C"].width


def test_what_is_written_as_csv_is_read_back():
    content = b"".join(csv_lines(HEADINGS, ROWS))
    assert content.startswith(b"\xef\xbb\xbf")
    assert _cells(_csv(content)) == READ


def test_a_csv_is_written_line_by_line():
    def rows():
        yield [1]
        raise AssertionError("read ahead")

    lines = csv_lines(["a"], rows())
    assert [next(lines), next(lines)] == [b"\xef\xbb\xbfa\r\n", b"1\r\n"]


def test_problems_stand_beside_their_rows_and_only_once_when_the_file_comes_back():
    table = _csv("编号,名称\n1,甲\n2,乙\n")
    problems = [RowProblem(3, "编号", "没有。", "None."), RowProblem(3, "", "重复。", "Twice.")]
    sheet = problem_sheet(table, problems)
    told = [[*row] for row in sheet.rows]
    assert told == [["1", "甲", ""], ["2", "乙", "编号:没有。 / None.\n重复。 / Twice."]]
    again = problem_sheet(_csv(b"".join(csv_lines(sheet.headings, told))), [])
    assert again.headings == sheet.headings


def test_columns_are_called_as_a_spreadsheet_calls_them():
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_number_beyond_exactness_is_not_written_out():
    assert cell_text(1e20) == "1e+20"
