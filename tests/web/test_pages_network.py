"""Pages of the mediation network: who sees what, what is typed is kept, nothing half-imported."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.models import CaseBody, MediationBody, Mediator, Training
from incidents.sheets import read_table, sheet_titles
from incidents.views import network_files
from tests.factories.disputes import make_dispute
from tests.factories.network import make_body, make_mediator, make_network
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, DISTRICT, STREET_1, STREET_2, make_territory

pytestmark = pytest.mark.django_db

BODIES = "编号,名称,调解类别,组织类型,形式,服务区域"
NEW_BODY = "B9,赤岗调解中心,人民调解,人民调解,调解中心,440105001"
FIELDS = {
    "code": "B9", "name": "新组织", "kind": "people", "body_type": "2", "form": "post", "area": STREET_1,
    "active": "on",
}  # fmt: skip


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def as_(staff):
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(staff[name])
        return client

    return sign_in


def _file(*lines: str, name: str = "组织.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode())


def _upload(client, file, kind="bodies"):
    return client.post(reverse("network_import"), {"file": file, "kind": kind})


def _names(response) -> list[str]:
    return [row.body.name for row in response.context["rows"]]


def test_the_list_counts_centres_kinds_and_all_bodies(as_):
    make_network()
    response = as_("worker").get(reverse("network"))
    counts = response.context["counts"]
    assert (counts.district_centres, counts.street_centres, counts.bodies) == (1, 2, 5)
    assert dict((code, count) for code, _, count in counts.kinds)["industry"] == 1
    assert _names(response)[:3] == ["区调解中心", "物业调委会", "一街调解中心"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=industry", {"I1"}),
        ("form=centre&level=street", {"S1", "S2"}),
        (f"area={STREET_1}", {"S1", "C1"}),
        ("category=0402", {"D1", "S1", "S2", "C1", "I1"}),
        ("category=0201", {"D1", "S1", "S2", "C1"}),
        ("category=04", {"D1", "S1", "S2", "C1", "I1"}),
        ("category=07", {"D1", "S1", "S2"}),
        ("channel=apartment", {"I1"}),
        ("named=物业", {"I1"}),
        ("kind=nonsense", {"D1", "S1", "S2", "C1", "I1"}),
    ],
)
def test_the_list_is_narrowed(as_, query, codes):
    make_network()
    response = as_("district").get(f"{reverse('network')}?{query}")
    assert {row.body.code for row in response.context["rows"]} == codes


def test_what_is_open_now_and_what_has_room_are_found(as_, staff, monkeypatch):
    bodies = make_network()
    full = bodies["S1"]
    MediationBody.objects.filter(pk=full.pk).update(capacity=1)
    CaseBody.objects.create(dispute=make_dispute(staff["worker"]), body=full, role=CaseBody.LEAD)
    client = as_("worker")
    assert "一街调解中心" not in _names(client.get(reverse("network") + "?has_room=on"))
    assert "1/1 已满" in client.get(reverse("network")).content.decode()
    for moment, is_open in ((datetime(2026, 3, 2, 9), True), (datetime(2026, 3, 1, 9), False)):
        monkeypatch.setattr(timezone, "localtime", lambda *_, at=moment: timezone.make_aware(at))
        names = _names(client.get(reverse("network") + "?open_now=on"))
        assert ("社区调委会" in names) is is_open
        assert "物业调委会" not in names, "its hours are not known"


def test_the_load_is_for_those_who_work_on_cases(as_):
    body = make_network()["S1"]
    for path in (reverse("network"), reverse("network_body", args=[body.code])):
        assert "在办" in as_("worker").get(path).content.decode()
        assert "在办" not in as_("planner").get(path).content.decode()


def test_a_body_shows_hours_in_words_its_place_and_its_mediators(as_):
    body = make_network()["C1"]
    make_mediator(body, "M7", name="陈调解员", background="lawyer", specialities=["0402"])
    page = as_("worker").get(reverse("network_body", args=["C1"])).content.decode()
    hours = "周一至周五 08:30-12:00 14:00-17:30"
    for words in (hours, "陈调解员", "律师", "粤语", "物业管理", 'id="network-map"'):
        assert words in page
    assert reverse("network_body_edit", args=["C1"]) not in page


def test_in_english_everything_is_named_in_english(as_):
    make_mediator(make_network()["C1"])
    client = as_("street")
    path = reverse("network_body", args=["C1"])
    page = client.get(path, headers={"accept-language": "en"}).content.decode()
    for words in ("Mon-Fri 08:30-12:00", "Cantonese", "Community worker", "People&#x27;s mediation"):
        assert words in page


def test_a_mediator_shows_languages_specialities_and_trainings(as_):
    mediator = make_mediator(make_network()["C1"], specialities=["04"])
    Training.objects.create(mediator=mediator, held_on=date(2026, 5, 1), topic="技巧", hours=Decimal("2.5"))
    page = as_("planner").get(reverse("network_mediator", args=["M1"])).content.decode()
    for words in ("社区工作者", "粤语", "物权", "2026-05-01", "技巧", "2.5"):
        assert words in page
    assert "账号" not in page


def test_pages_that_do_not_exist_say_so(as_):
    client = as_("worker")
    assert client.get("/network/nothing").status_code == 404
    assert client.get("/network/mediators/nobody").status_code == 404


def test_with_no_bodies_the_page_says_how_to_begin(as_):
    page = as_("street").get(reverse("network")).content.decode()
    assert reverse("network_import") in page and "这里会列出" in page


def test_a_street_adds_and_changes_its_own_bodies(as_):
    client = as_("street")
    response = client.post(
        reverse("network_body_new"),
        FIELDS | {"opening_hours": "周六 09:00-12:00", "categories": ["0402", "02"], "channels": ["tax"],
                  "capacity": "7", "lon": "113.32", "lat": "23.1", "datum": "wgs84"},
    )  # fmt: skip
    assert response.status_code == 302
    body = MediationBody.objects.get(code="B9")
    assert (body.categories, body.channels, body.capacity) == (["02", "0402"], ["tax"], 7)
    assert body.opening_hours == [{"days": [6, 6], "from": "09:00", "to": "12:00"}]
    assert body.location.coords == (113.32, 23.1)
    path = reverse("network_body_edit", args=["B9"])
    shown = client.get(path).content.decode()
    assert "周六 09:00-12:00" in shown and 'name="code"' not in shown
    assert client.post(path, FIELDS | {"name": "改名"}).status_code == 302
    body.refresh_from_db()
    assert (body.name, body.opening_hours, body.location) == ("改名", [], None)


def test_a_street_touches_no_foreign_body(as_):
    make_body("B1", area_id=STREET_2)
    client = as_("street")
    assert client.get(reverse("network_body_edit", args=["B1"])).status_code == 403
    assert client.post(reverse("network_body_edit", args=["B1"]), FIELDS).status_code == 403
    response = client.post(reverse("network_body_new"), FIELDS | {"area": DISTRICT})
    assert response.status_code == 400 and not MediationBody.objects.filter(code="B9").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opening_hours": "全天"}, "请写成"),
        ({"lon": "113.3", "lat": "23.1"}, "有坐标而没有坐标系"),
        ({"code": "B 9"}, "编号只能用"),
        ({"code": "B1"}, "这个编号已被使用"),
        ({"capacity": "0"}, "整数"),
        ({"capacity": "9" * 5000}, "整数"),
        ({"name": ""}, "必填"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_what_was_typed_is_kept(as_, change, words):
    make_body("B1")
    response = as_("district").post(reverse("network_body_new"), FIELDS | {"address": "某路 1 号"} | change)
    page = response.content.decode()
    assert response.status_code == 400 and words in page and "某路 1 号" in page
    assert MediationBody.objects.count() == 1


def test_a_mediator_is_added_moved_and_trained(as_):
    make_body("B1")
    make_body("B2", area_id=STREET_1)
    client = as_("street")
    said = {"code": "M9", "name": "陈调解员", "body": "B1", "background": "lawyer", "active": "on",
            "languages": ["cantonese", "mandarin"], "specialities": ["0402"], "user": "mediator"}  # fmt: skip
    assert client.post(reverse("network_mediator_new", args=["B1"]), said).status_code == 302
    mediator = Mediator.objects.get(code="M9")
    assert mediator.languages == ["mandarin", "cantonese"] and mediator.user.username == "mediator"
    moved = client.post(reverse("network_mediator_edit", args=["M9"]), said | {"body": "B2"})
    assert moved.status_code == 302
    mediator.refresh_from_db()
    assert mediator.body.code == "B2"
    training = {"held_on": "2026-05-01", "topic": "技巧", "hours": "1.5"}
    path = reverse("network_training_new", args=["M9"])
    assert client.post(path, training).status_code == 302
    again = client.post(path, training)
    assert again.status_code == 400 and "已有同一天同一主题" in again.content.decode()
    wrong = client.post(path, training | {"hours": "-1", "topic": "别的"})
    assert wrong.status_code == 400 and "别的" in wrong.content.decode()
    kept = Training.objects.get()
    client.post(reverse("network_training_drop", args=["M9", kept.pk]))
    assert not Training.objects.exists()


def test_an_account_belongs_to_one_mediator(as_, staff):
    body = make_body("B1")
    make_mediator(body, "M1", user=staff["mediator"])
    said = {"code": "M9", "name": "李", "body": "B1", "background": "lawyer", "user": "mediator"}
    page = as_("district").post(reverse("network_mediator_new", args=["B1"]), said)
    assert page.status_code == 400 and "已属于另一位" in page.content.decode()


def test_a_file_is_previewed_and_stored_only_when_confirmed(as_):
    client = as_("street")
    preview = _upload(client, _file(BODIES, NEW_BODY))
    page = preview.content.decode()
    assert preview.status_code == 200 and "预览" in page and "确认导入 1 行" in page
    assert not MediationBody.objects.exists()
    done = client.post(reverse("network_import"), {"held": preview.context["held"]})
    assert done.status_code == 302 and MediationBody.objects.get().name == "赤岗调解中心"
    again = _upload(client, _file(BODIES, NEW_BODY))
    assert "完全一致" in again.content.decode() and not again.context["held"]


def test_a_wrong_row_is_told_in_chinese_and_cannot_be_confirmed(as_):
    response = _upload(as_("street"), _file(BODIES, NEW_BODY, "B8,乙,猜的,2,post,440105001"))
    page = response.content.decode()
    assert response.status_code == 400 and "有 1 行有误" in page and "不在代码表中" in page
    assert 'name="held"' not in page and not MediationBody.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("组织.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Excel"),
        ("组织.pdf", b"%PDF-1.4", "只接受 Excel"),
        ("组织.csv", "编号,名称".encode("utf-16"), "文字编码无法识别"),
        ("组织.csv", b"", "表格是空的"),
        ("组织.csv", "名称\n甲".encode(), "表格缺少列"),
        ("组织.xlsx", b"PK\x03\x04 broken", "已损坏"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_saved(as_, name, content, words):
    response = _upload(as_("district"), SimpleUploadedFile(name, content))
    assert response.status_code == 400 and words in response.content.decode()
    assert not MediationBody.objects.exists()


def test_without_a_file_or_with_an_unnamed_table_it_says_what_to_do(as_):
    client = as_("district")
    assert "请选择一个" in client.post(reverse("network_import"), {"kind": "bodies"}).content.decode()
    unnamed = _upload(client, _file(BODIES, NEW_BODY), kind="")
    assert unnamed.status_code == 400 and "请说明表格的内容" in unnamed.content.decode()


def test_a_preview_that_was_tampered_with_or_is_anothers_is_refused(as_, monkeypatch):
    held = _upload(as_("street"), _file(BODIES, NEW_BODY)).context["held"]
    path = reverse("network_import")
    for client, sent in ((as_("street"), held[:-1]), (as_("district"), held)):
        response = client.post(path, {"held": sent})
        assert response.status_code == 400 and "预览已过期" in response.content.decode()
    monkeypatch.setattr(network_files, "PREVIEW_SECONDS", -1)
    assert as_("street").post(path, {"held": held}).status_code == 400
    assert not MediationBody.objects.exists()


def test_what_changed_since_the_preview_is_checked_again(as_):
    client = as_("street")
    held = _upload(client, _file(BODIES, NEW_BODY)).context["held"]
    make_body("B9", area_id=STREET_2)
    response = client.post(reverse("network_import"), {"held": held})
    assert response.status_code == 409 and "不在您管理的区域内" in response.content.decode()
    assert MediationBody.objects.get().area_id == STREET_2


def test_what_is_listed_is_exported_and_accounts_only_to_keepers(as_, staff):
    bodies = make_network()
    make_mediator(bodies["C1"], user=staff["mediator"])
    query = f"?area={COMMUNITY_1}"
    response = as_("street").get(reverse("network_export_xlsx") + query)
    file = io.BytesIO(response.content)
    assert sheet_titles(file, "网络.xlsx") == ["调解组织", "调解员", "培训记录"]
    assert [row.cells["编号"] for row in read_table(file, "网络.xlsx").rows] == ["C1"]
    path = reverse("network_export_csv") + "?table=mediators"
    seen = {}
    for name in ("street", "worker"):
        content = b"".join(as_(name).get(path).streaming_content)
        seen[name] = read_table(io.BytesIO(content), "表.csv").headings
    assert "账号" in seen["street"] and "账号" not in seen["worker"]


def test_the_api_lists_bodies_as_geojson_or_json(as_):
    make_network()
    client = as_("worker")
    collection = client.get("/api/v1/bodies?area=440105001").json()
    assert [feature["id"] for feature in collection["features"]] == ["C1", "S1"]
    first = collection["features"][0]
    assert first["geometry"]["type"] == "Point" and first["properties"]["open_cases"] == 0
    assert collection["features"][1]["geometry"] is None
    assert client.get("/api/v1/bodies?as=json&kind=industry").json()["bodies"][0]["code"] == "I1"
    assert client.get("/api/v1/bodies/C1").json()["properties"]["name"] == "社区调委会"
    for code in ("X1", "C1%00", "%ED%A0%80"):
        assert client.get(f"/api/v1/bodies/{code}").json()["code"] == "body_not_found"
    assert as_("planner").get("/api/v1/bodies/C1").json()["properties"]["open_cases"] is None
    for query in ("kind=x", "as=xml", "foo=1", "area=abc"):
        assert client.get(f"/api/v1/bodies?{query}").status_code == 400
