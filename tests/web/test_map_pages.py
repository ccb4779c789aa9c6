"""The map's page and its export, as HTML."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import AreaVersion
from incidents.models import Dispute
from tests.factories.people import make_staff
from tests.factories.scatter import scatter_disputes
from tests.factories.territory import STREET_1, STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script>{{ 7*7 }}</title>"


@pytest.fixture
def people():
    make_territory()
    people = make_staff()
    scatter_disputes(people["worker"], 200)
    return people


@pytest.fixture
def get(people):
    def get(who: str, path: str, **query):
        client = Client()
        client.force_login(people[who])
        return client.get(f"{path}?{urlencode(query)}")

    return get


def export(get, who="street", **query) -> str:
    return get(who, "/map/export", **query).content.decode()


def test_the_page_names_the_area_and_offers_what_its_reader_may_see(get):
    street = get("street", "/map").content.decode()
    assert "区域001" in street
    assert 'name="heat"' in street and 'name="points"' in street
    planner = get("planner", "/map").content.decode()
    assert 'name="heat"' not in planner and 'name="points"' not in planner


def test_the_page_has_no_style_or_script_that_its_policy_would_stop(get):
    page = get("street", "/map").content.decode()
    assert not re.search(r"\s(style|on\w+)=", page)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.S):
        assert "src=" in attributes or "application/json" in attributes or not body.strip()


@pytest.mark.parametrize("path", ["/map", "/map/export"])
def test_a_page_of_a_foreign_area_is_not_found_and_a_wrong_filter_is_refused(get, path):
    assert get("street", path, area=STREET_2).status_code == 404
    assert get("street", path, state="done").status_code == 400
    assert get("administrator", path).status_code == 403


def test_the_export_is_a_download_and_never_a_page_of_ours(get):
    response = get("street", "/map/export")
    assert response["Content-Disposition"].startswith(f'attachment; filename="gridgov-{STREET_1}-')
    assert response["Content-Disposition"].endswith('.html"')


def test_the_export_refers_to_nothing_outside_itself(get):
    page = export(get, by="grid")
    assert not re.search(r"<(script|img|iframe)[^>]*\ssrc\s*=", page)
    assert not re.search(r"<link\b", page)
    assert not re.search(r"@import|url\((?!#)", page)
    assert "sourceMappingURL" not in page
    # What is left are names in licences and the name space of SVG.
    hosts = set(re.findall(r"https?://([\w.-]+)", page))
    assert hosts <= {"www.w3.org", "leafletjs.com", "github.com", "bugzilla.mozilla.org"}


def test_the_export_says_area_period_filter_time_and_counts(get):
    page = export(get, **{"from": "2025-09-01", "category": "04", "level": "grid", "state": "open"})
    assert "区域001纠纷地图" in page
    for words in ("2025-09-01 以来", "物权", "层级:网格", "状态:未办结", f"{timezone.localdate()}"):
        assert words in page
    assert "示意图" not in page
    # 2025-09-01 in Guangzhou begins the evening before in UTC.
    since = timezone.datetime.fromisoformat("2025-09-01T00:00:00+08:00")
    chosen = Dispute.objects.within(STREET_1).open().filter(reported_at__gte=since, category__startswith="04")
    assert f"共 {chosen.filter(level='grid').count()} 起纠纷" in page


def test_the_export_of_schematic_areas_says_so(get):
    AreaVersion.objects.update(schematic=True)
    page = export(get)
    assert "示意图" in page and "不是测绘成果" in page


def test_the_export_holds_no_words_of_a_report_and_no_people(get, people):
    page = export(get)
    for secret in ("标题 ", "经过 ", people["worker"].name, people["street"].name):
        assert secret not in page


def test_the_export_of_a_planner_has_areas_only(get):
    page = export(get, "planner")
    assert "L.heatLayer(" not in page.split("</style>")[-1].replace("L.heatLayer=", "")
    assert "divIcon(" not in page.split("</header>")[-1]
    assert Dispute.objects.first().case_number[:7] not in page


def test_layers_that_were_switched_off_are_not_exported(get):
    assert "heat_map_" in export(get) and "L.marker(" in export(get)
    without = export(get, heat="0", points="0")
    assert "heat_map_" not in without and "L.marker(" not in without


def test_a_name_with_markup_stays_text_on_the_page_and_in_the_export(get):
    AreaVersion.objects.filter(area_id__in=(STREET_1, *UNITS)).update(name=NASTY)
    for page in (get("street", "/map").content.decode(), export(get, by="grid")):
        assert "<script>alert" not in page
        assert "49" not in re.findall(r"alert\(1\).{0,60}", page, re.S)[0]


@pytest.mark.parametrize("name", ["甲{{ 7*7 }}乙", "甲{% raw %}乙", "甲{#乙", "甲{{ lipsum.__globals__ }}乙"])
def test_a_name_in_the_export_is_never_read_as_a_template(get, name):
    AreaVersion.objects.filter(area_id__in=(STREET_1, *UNITS)).update(name=name)
    page = export(get, by="grid")
    # In the head and the table as it is; in the script's JSON, for the tooltip, as HTML.
    assert set(re.findall("甲.*?乙", page)) == {name}
    said = re.findall(r"\\u7532(.*?)\\u4e59", page)
    assert set(said) == {name[1:-1].replace("{", r"\u0026#123;")}


def test_the_export_speaks_the_readers_language(people):
    client = Client()
    client.force_login(people["street"])
    page = client.get("/map/export", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="en">' in page
