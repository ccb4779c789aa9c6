"""Bodies, mediators and trainings from tables: all or nothing, told row by row."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from grids import crs
from incidents.errors import (
    NetworkEditNotYours,
    NetworkKindUnknown,
    NetworkNotImported,
    SheetColumnsMissing,
)
from incidents.models import MediationBody, Mediator, Training
from incidents.network.columns import Kind
from incidents.network.exporting import export_sheet, export_sheets
from incidents.network.files import read_network_file
from incidents.network.importing import import_bodies, import_mediators, import_network
from incidents.network.report import Outcome
from incidents.sheets import csv_lines, read_table, write_xlsx
from tests.factories.network import make_body, make_mediator, make_network
from tests.factories.people import make_staff, make_user
from tests.factories.territory import DISTRICT, STREET_1, STREET_2, UNITS, centre, make_territory

pytestmark = pytest.mark.django_db

BODIES = "编号,名称,调解类别,组织类型,形式,服务区域"
NEW_BODY = "B9,赤岗街道调解中心,人民调解,人民调解,调解中心,440105001"
MEDIATORS = "编号,姓名,所属组织,身份背景"


def _table(*lines: str):
    return read_table(io.BytesIO("\n".join(lines).encode()), "表.csv")


def _bodies(*lines: str, **options):
    return import_bodies(table=_table(*lines), **options)


def _outcomes(report) -> list[str]:
    return [row.outcome for table in report.tables for row in table.rows]


def _told(refused) -> list[str]:
    return [problem.zh for table in refused.value.report.tables for problem in table.problems]


@pytest.fixture(autouse=True)
def territory():
    make_territory()


def test_a_new_body_is_stored_from_codes_or_from_names():
    report = _bodies(
        BODIES + ",受理类别,特色渠道,开放时间,同时办理上限,启用",
        NEW_BODY + ",邻里、物业管理,涉税联调,周六 09:00-12:00,12,是",
        "B8,甲,people,2,调解室,440105001,2、402,tax,,,no",
    )
    assert _outcomes(report) == [Outcome.CREATED, Outcome.CREATED] and report.saved
    body = MediationBody.objects.get(code="B9")
    assert (body.kind, body.body_type, body.form, body.area_id) == ("people", "2", "centre", STREET_1)
    assert (body.categories, body.channels, body.capacity) == (["02", "0402"], ["tax"], 12)
    assert body.opening_hours == [{"days": [6, 6], "from": "09:00", "to": "12:00"}]
    other = MediationBody.objects.get(code="B8")
    assert (other.categories, other.active) == (["02", "0402"], False)


def test_the_same_file_again_changes_nothing():
    lines = [BODIES, NEW_BODY]
    _bodies(*lines)
    before = MediationBody.objects.values().get()
    assert _outcomes(_bodies(*lines)) == [Outcome.UNCHANGED]
    assert MediationBody.objects.values().get() == before


def test_a_change_names_its_columns_and_columns_that_are_missing_stay():
    make_body("B1", phone="020-1", capacity=5)
    report = _bodies("编号,办公电话", "B1,020-2")
    (row,) = report.tables[0].rows
    assert row.zh(Kind.BODIES) == "第 2 行 B1:更新(办公电话)"
    body = MediationBody.objects.get()
    assert (body.phone, body.capacity, body.name) == ("020-2", 5, "组织B1")


def test_a_blank_cell_empties_the_field_but_not_one_that_is_needed():
    make_body("B1", phone="020-1")
    _bodies("编号,办公电话,同时办理上限", "B1,,")
    body = MediationBody.objects.get()
    assert (body.phone, body.capacity) == ("", None)
    with pytest.raises(NetworkNotImported) as refused:
        _bodies("编号,名称", "B1,")
    assert _told(refused) == ["不能为空。"]


def test_one_wrong_row_keeps_all_out_and_every_row_is_told_about():
    with pytest.raises(NetworkNotImported) as refused:
        _bodies(BODIES, NEW_BODY, "B8,乙,猜的,2,post,440105001", "B 7,丙,people,2,post,440105001")
    report = refused.value.report
    assert _outcomes(report) == [Outcome.CREATED, Outcome.WRONG, Outcome.WRONG] and not report.saved
    assert not MediationBody.objects.exists()
    told = report.tables[0].rows[1].zh(Kind.BODIES)
    assert told.startswith("第 3 行 B8:错误 “调解类别”:不在代码表中")
    assert "猜的" not in told


def test_a_dry_run_tells_the_same_and_stores_nothing():
    report = _bodies(BODIES, NEW_BODY, "B8,乙,猜的,2,post,440105001", dry_run=True)
    assert _outcomes(report) == [Outcome.CREATED, Outcome.WRONG]
    assert not MediationBody.objects.exists()
    assert not _bodies(BODIES, NEW_BODY, dry_run=True).saved and not MediationBody.objects.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("B9,,people,2,post,440105001", "不能为空"),
        ("B9,甲,people,2,post,440199", "没有这个区域"),
        ("B9,甲,people,2,post,区域001", "有几个同名的区域"),
        ("B9,甲,people,9,post,440105001", "不在代码表中"),
        (",甲,people,2,post,440105001", "不能为空"),
        ("import,甲,people,2,post,440105001", "编号只能用"),
        (f"B9,{'长' * 101},people,2,post,440105001", "过长"),
    ],
)
def test_a_wrong_cell_is_told_with_what_to_do(line, told):
    with pytest.raises(NetworkNotImported) as refused:
        _bodies(BODIES, line)
    assert [one for one in _told(refused) if told in one]


def test_an_area_is_found_by_its_full_name():
    _bodies(BODIES, "B9,甲,people,2,post,区域105 区域001")
    assert MediationBody.objects.get().area_id == STREET_1


def test_a_code_that_stands_twice_is_told():
    with pytest.raises(NetworkNotImported) as refused:
        _bodies(BODIES, NEW_BODY, NEW_BODY)
    assert _told(refused) == ["与第 2 行重复:请只留一行。"]


def test_a_new_row_needs_what_a_known_one_need_not_have():
    with pytest.raises(NetworkNotImported) as refused:
        _bodies("编号,名称", "B9,甲")
    columns = [problem.column for problem in refused.value.report.tables[0].problems]
    assert columns == ["调解类别", "组织类型", "形式", "服务区域"]


def test_columns_that_are_not_ours_are_named_and_not_read():
    report = _bodies(BODIES + ",备注", NEW_BODY + ",随便")
    assert report.tables[0].unknown == ["备注"]


def test_a_table_without_codes_is_refused():
    with pytest.raises(SheetColumnsMissing) as refused:
        _bodies("名称,备注", "甲,乙")
    assert "编号" in refused.value.message_zh


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("113.32,23.1,", "有坐标而没有坐标系"),
        ("113.32,23.1,火星", "坐标系未知"),
        ("113.32,,wgs84", "要一起填写"),
        ("23.1,113.32,wgs84", "可能填反了"),
        ("东经,23.1,wgs84", "十进制度数"),
    ],
)
def test_coordinates_are_never_guessed(place, told):
    with pytest.raises(NetworkNotImported) as refused:
        _bodies(BODIES + ",经度,纬度,坐标系", f"{NEW_BODY},{place}")
    assert told in _told(refused)[0]


def test_coordinates_without_a_datum_column_are_refused():
    with pytest.raises(NetworkNotImported) as refused:
        _bodies(BODIES + ",经度,纬度", f"{NEW_BODY},113.32,23.1")
    assert "有坐标而没有坐标系" in _told(refused)[0]


def test_coordinates_of_another_datum_are_converted():
    _bodies(BODIES + ",经度,纬度,坐标系", f"{NEW_BODY},113.324553,23.106414,GCJ-02")
    x, y = crs.to_wgs84(113.324553, 23.106414, "gcj02")
    assert MediationBody.objects.get().location.coords == pytest.approx((x, y), abs=1e-7)
    again = _bodies(BODIES + ",经度,纬度,坐标系", f"{NEW_BODY},113.324553,23.106414,gcj02")
    assert _outcomes(again) == [Outcome.UNCHANGED]


def test_mediators_come_with_their_trainings_and_their_account():
    make_body("B1")
    user = make_user("mediator-1")
    report = import_mediators(
        table=_table(
            MEDIATORS + ",专职,语言,擅长类别,账号,在任",
            "M1,陈调解员,B1,律师,专职,粤语、普通话,物业管理,mediator-1,是",
            "M2,李调解员,组织B1,volunteer,否,,,,",
        ),
        trainings=_table("调解员编号,日期,主题,学时", "M1,2026/5/1,调解技巧,1.5"),
    )
    assert report.saved and _outcomes(report) == [Outcome.CREATED] * 3
    mediator = Mediator.objects.get(code="M1")
    assert (mediator.background, mediator.full_time, mediator.user) == ("lawyer", True, user)
    assert (mediator.languages, mediator.specialities) == (["mandarin", "cantonese"], ["0402"])
    training = Training.objects.get()
    assert (training.held_on, training.hours) == (date(2026, 5, 1), Decimal("1.5"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("M1,陈,没有,律师,", "没有这个调解组织"),
        ("M1,陈,B1,律师,nobody", "没有这个账号"),
        ("M1,陈,B1,律师,taken", "已属于另一位"),
    ],
)
def test_a_mediator_needs_a_body_and_a_free_account(line, told):
    make_mediator(make_body("B1"), "M0", user=make_user("taken"))
    with pytest.raises(NetworkNotImported) as refused:
        import_mediators(table=_table(MEDIATORS + ",账号", line))
    assert told in _told(refused)[0]


def test_two_mediators_may_exchange_their_accounts_in_one_file():
    body = make_body("B1")
    one, two = make_user("one"), make_user("two")
    make_mediator(body, "M1", user=one)
    make_mediator(body, "M2", user=two)
    import_mediators(table=_table("编号,账号", "M1,two", "M2,one"))
    assert [*Mediator.objects.order_by("code").values_list("user", flat=True)] == [two.pk, one.pk]


def test_mediators_find_the_bodies_of_the_same_file():
    tables = {Kind.MEDIATORS: _table(MEDIATORS, "M1,陈,B9,律师"), Kind.BODIES: _table(BODIES, NEW_BODY)}
    assert import_network(tables=tables, dry_run=True).wrong_rows == 0
    assert import_network(tables=tables).saved
    assert Mediator.objects.get().body.code == "B9"


def test_a_street_imports_its_own_bodies_and_no_others():
    staff = make_staff()
    own = BODIES, NEW_BODY
    assert _bodies(*own, user=staff["street"]).saved
    for line in (f"B8,甲,people,2,post,{STREET_2}", f"B7,甲,people,2,post,{DISTRICT}"):
        with pytest.raises(NetworkNotImported) as refused:
            _bodies(BODIES, line, user=staff["street"])
        assert "不在您管理的区域内" in _told(refused)[0]
    make_body("B6", area_id=STREET_2)
    with pytest.raises(NetworkNotImported):  # nor may it draw a foreign body into its own street
        _bodies(BODIES, f"B6,甲,people,2,post,{STREET_1}", user=staff["street"])
    with pytest.raises(NetworkNotImported):
        import_mediators(table=_table(MEDIATORS, "M1,陈,B6,律师"), user=staff["street"])
    assert _bodies(BODIES, f"B6,甲,people,2,post,{STREET_1}", user=staff["district"]).saved


@pytest.mark.parametrize("name", ["worker", "mediator", "planner", "administrator"])
def test_others_import_nothing(name):
    with pytest.raises(NetworkEditNotYours):
        _bodies(BODIES, NEW_BODY, user=make_staff()[name], dry_run=True)


STORED = ("code", "opening_hours", "phone", "address", "related_organisations", "active")


def _filled_network():
    bodies = make_network()
    MediationBody.objects.filter(code="C1").update(
        phone="+86 20 1234", address="=路 1 号", related_organisations=["甲公司", "乙公司"], active=False
    )
    mediator = make_mediator(bodies["C1"], user=make_user("someone"), specialities=["04", "0402"])
    make_mediator(bodies["S1"], "M2", full_time=True, languages=[], active=False)
    Training.objects.create(mediator=mediator, held_on=date(2026, 5, 1), topic="技巧", hours=Decimal("2.5"))
    return MediationBody.objects.all()


def test_what_is_exported_as_a_workbook_is_imported_unchanged():
    bodies = _filled_network()
    target = io.BytesIO()
    write_xlsx(target, export_sheets(bodies, accounts=True))
    target.seek(0)
    tables = read_network_file(target, "调解网络.xlsx")
    assert [*tables] == [*Kind]
    assert {*_outcomes(import_network(tables=tables))} == {Outcome.UNCHANGED}
    Training.objects.all().delete()
    Mediator.objects.all().delete()
    kept = [*bodies.values_list(*STORED)]
    bodies.delete()
    assert import_network(tables=tables).saved
    again = bodies.all().values_list(*STORED)
    assert [*again] == kept and Mediator.objects.count() == 2
    assert bodies.get(code="C1").location.coords == pytest.approx(centre(UNITS[0]), abs=1e-7)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_exported_as_csv_is_imported_unchanged(kind):
    sheet = export_sheet(kind, _filled_network(), accounts=True)
    content = b"".join(csv_lines(sheet.headings, sheet.rows))
    tables = read_network_file(io.BytesIO(content), "表.csv", kind)
    report = import_network(tables=tables)
    assert {*_outcomes(report)} == {Outcome.UNCHANGED} and not report.tables[0].unknown


def test_accounts_are_left_out_for_those_who_do_not_keep_the_network():
    sheet = export_sheet(Kind.MEDIATORS, _filled_network())
    assert "账号" not in sheet.headings
    assert {*_outcomes(import_mediators(table=_table_of(sheet)))} == {Outcome.UNCHANGED}
    assert Mediator.objects.get(code="M1").user is not None


def _table_of(sheet):
    return read_table(io.BytesIO(b"".join(csv_lines(sheet.headings, sheet.rows))), "表.csv")


def test_the_command_tells_row_by_row_and_changes_nothing_when_run_dry(tmp_path, capsys):
    file = tmp_path / "组织.csv"
    file.write_text("\n".join([BODIES, NEW_BODY]), "utf-8")
    call_command("import_network", str(file), "--kind", "bodies", "--dry-run")
    assert "第 2 行 B9:新增" in capsys.readouterr().out and not MediationBody.objects.exists()
    call_command("import_network", str(file), "--kind", "bodies", "--json")
    result = json.loads(capsys.readouterr().out)
    assert (result["saved"], result["tables"][0]["created"]) == (True, 1)
    file.write_text("\n".join([BODIES, "B9,甲,猜的,2,post,440105001"]), "utf-8")
    with pytest.raises(NetworkNotImported):
        call_command("import_network", str(file), "--kind", "bodies", "--json")
    assert json.loads(capsys.readouterr().out)["tables"][0]["wrong"] == 1
    with pytest.raises(NetworkKindUnknown):
        call_command("import_network", str(file))
