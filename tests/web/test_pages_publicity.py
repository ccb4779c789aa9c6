"""Publicity: what was held, by whom it is recorded, and what is proposed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from incidents.models import Campaign
from tests.factories.appraisal import make_campaign
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, STREET_1, STREET_2, UNITS, make_territory

pytestmark = pytest.mark.django_db
MARCH = "?from=2026-03-01&to=2026-03-31"
GIVEN = {
    "area": STREET_1, "place": "文化广场", "held_on": "2026-03-05", "topic": "物业纠纷预防",
    "category": "0402", "form": "stall", "copies": "300", "screenings": "", "attendance": "80", "body": "",
}  # fmt: skip


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_campaign_is_recorded_and_counted_in_its_street(staff):
    client = client_of(staff["street"])
    assert client.post("/publicity/new", GIVEN).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.copies, campaign.screenings, campaign.recorded_by) == (300, 0, staff["street"])
    make_campaign(staff["mediator"], COMMUNITY_1, copies=50, screenings=4, attendance=20)
    make_campaign(staff["district"], STREET_2, copies=1000)
    make_campaign(staff["district"], "440105", copies=7)
    shown = client.get(f"/publicity{MARCH}").context
    assert shown["sums"] == {"campaigns": 3, "copies": 357, "screenings": 4, "attendance": 100}
    (district, street) = shown["totals"]
    assert (district.copies, street.campaigns, street.copies) == (7, 2, 350)
    assert client_of(staff["district"]).get(f"/publicity{MARCH}").context["sums"]["copies"] == 1357


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(staff):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = {"held_on": tomorrow, "topic": "", "copies": "-1"}
    answer = client_of(staff["street"]).post("/publicity/new", GIVEN | wrong)
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == wrong.keys()
    assert "文化广场" in answer.content.decode()
    for area in (STREET_2, "440105", UNITS[0], "x", "\0"):
        answer = client_of(staff["street"]).post("/publicity/new", GIVEN | {"area": area})
        assert answer.context["form"].errors.keys() == {"area"}, area
    assert not Campaign.objects.exists()


def test_a_campaign_is_changed_by_those_of_its_area(staff):
    campaign = make_campaign(staff["district"])
    address = f"/publicity/{campaign.pk}"
    assert client_of(staff["mediator"]).post(address, GIVEN).status_code == 403
    assert client_of(staff["street"]).post(address, GIVEN | {"copies": "9"}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.copies, campaign.recorded_by) == (9, staff["district"])
    foreign = make_campaign(staff["district"], STREET_2)
    assert client_of(staff["street"]).get(f"/publicity/{foreign.pk}").status_code == 403
    assert client_of(staff["street"]).get("/publicity/999999").status_code == 403
    assert client_of(staff["planner"]).get("/publicity/new").status_code == 403


def test_the_tables_hold_what_is_shown(staff):
    make_campaign(staff["street"], copies=300, topic="=1+1")
    client = client_of(staff["planner"])
    book = load_workbook(BytesIO(client.get(f"/publicity/export.xlsx{MARCH}").content))
    (row,) = book["普法活动"].iter_rows(min_row=2, values_only=True)
    assert row[0].date().isoformat() == "2026-03-01"
    assert (row[1], row[3], row[6]) == ("区域001", "'=1+1", 300)
    lines = b"".join(client.get(f"/publicity/export.csv{MARCH}")).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "文化广场" in lines[1]
    assert client.get("/publicity/export.csv?from=x").status_code == 400


def report_cases(staff, unit: str, category: str, count: int) -> None:
    now = timezone.now() - timedelta(days=3)
    for _ in range(count):
        make_dispute(staff["worker"], unit, category=category, now=now, occurred_at=now)


def test_a_frequent_category_is_proposed_until_it_was_told(staff):
    report_cases(staff, UNITS[0], "0402", 12)
    report_cases(staff, UNITS[1], "0201", 3)
    report_cases(staff, UNITS[4], "0201", 25)
    client = client_of(staff["district"])
    page = client.get("/publicity")
    (proposal,) = [p for p in page.context["proposals"] if "物业管理" in p["matter"]]
    assert (proposal["count"], proposal["ratio"]) == (12, "2.7")  # 12 of 15 against 12 of 40
    assert "占比是全区的 2.7 倍,尚无宣传" in page.content.decode()
    form = client.get(f"/publicity/new{proposal['query']}").context["form"]
    assert (form["area"].value(), form["category"].value()) == (STREET_1, "0402")
    assert "物业管理" in form["topic"].value()
    make_campaign(staff["district"], COMMUNITY_1, category="0402", held_on=timezone.localdate())
    assert not [p for p in client.get("/publicity").context["proposals"] if "物业管理" in p["matter"]]


def test_a_street_is_proposed_its_communities(staff):
    report_cases(staff, UNITS[0], "0402", 12)
    report_cases(staff, UNITS[4], "0201", 28)
    (proposal,) = client_of(staff["street"]).get("/publicity").context["proposals"]
    assert f"area={COMMUNITY_1}" in proposal["query"]
