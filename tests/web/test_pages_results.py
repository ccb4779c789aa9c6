"""The page of figures, its workbook and API: who sees what, and numbers that are their lists' lengths."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from openpyxl import load_workbook

from grids.roles import Role
from incidents.models import CaseBody, Dispute, PartyCode, Rating
from incidents.services import escalate_overdue
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import COMMUNITY_1, STREET_1, STREET_2, UNITS, make_territory
from tests.factories.walks import make_body

pytestmark = pytest.mark.django_db
PERIOD = "from=2026-03-01&to=2026-03-31"
SETTLE = (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT)


@pytest.fixture
def staff():
    make_territory()
    people = make_staff()
    worker = people["worker"]
    for _ in range(6):
        act(worker, make_dispute(worker), *SETTLE, A.CLOSE)
    late = make_dispute(worker)
    escalate_overdue(now=NOW + timedelta(days=3))
    late.refresh_from_db()
    act(people["mediator"], late, A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL, A.CLOSE, now=NOW + timedelta(days=3))
    body = make_body("A")
    CaseBody.objects.create(dispute=late, body=body, role=CaseBody.LEAD, since=NOW + timedelta(days=2))
    return people


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lines_of(response) -> dict:
    context = response.context
    return {
        (table.code, line.code): [cell.value for cell in line.cells]
        for table in [context["summary"], *context["tables"]]
        for line in table.lines
    }


def test_the_figures_of_a_hand_made_month(staff):
    lines = lines_of(client_of(staff["district"]).get(f"/results?{PERIOD}"))
    assert lines["summary", "reported"][:2] == [7, 7]
    # The community closed one after a failed mediation: closed, but not resolved.
    assert lines["summary", "resolved_low"][:3] == [6 / 7, 7, 6]
    assert lines["summary", "settled"][:3] == [6 / 7, 7, 6]
    assert lines["levels", "grid"][:3] == [6, 6, 6 / 7]
    assert lines["levels", "community"][:3] == [1, 0, 0.0]
    # The late one was due at the grid and was not taken on; the community was in time.
    assert lines["levels", "grid"][3:6] == [7, 1, 6 / 7]
    assert lines["levels", "community"][3:6] == [1, 0, 1.0]
    assert lines["summary", "accepted_on_time"][:3] == [6 / 7, 7, 1]
    assert lines["summary", "success"][:3] == [6 / 7, 7, 6]
    assert lines["bodies", "A"] == [1, 0, 0.0]
    assert lines["bodies", "none"] == [6, 6, 1.0]
    assert lines["kinds", "people"] == [1, 0, 0.0]
    assert lines["areas", STREET_1][:3] == [7, 7, 6 / 7]
    assert lines["areas", STREET_2][:3] == [0, 0, None]
    assert lines["summary", "median_days"][0] == pytest.approx(0)


@pytest.mark.parametrize("who", ["mediator", "street", "district"])
def test_every_number_with_a_door_opens_as_many_cases(staff, who):
    client = client_of(staff[who])
    page = client.get(f"/results?{PERIOD}").content.decode()
    doors = re.findall(r'<a href="(/queue\?[^"]+)">([0-9]+)</a>', page)
    assert len(doors) > 10
    assert re.search(r'<a href="/queue[^"]+">100\.0%</a>', page), "shares are doors too"
    for address, number in doors:
        listed = client.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert len(listed.context["rows"]) == int(number), address
        assert "统计中的" in listed.content.decode()


def test_the_api_lists_the_same_cases(staff):
    client = client_of(staff["street"])
    answer = client.get(f"/api/v1/results?{PERIOD}").json()
    assert answer["area"] == STREET_1
    cells = [cell for table in answer["tables"] for line in table["lines"] for cell in line["cells"]]
    doors = [cell for cell in cells if cell["cases"] and cell["kind"] == "count"]
    assert len(doors) > 10
    for cell in doors:
        found = client.get(f"/api/v1/disputes{cell['cases']}").json()
        assert len(found["features"]) == cell["value"], cell


def test_a_planner_sees_counts_without_doors_and_none_below_five(staff):
    page = client_of(staff["planner"]).get(f"/results?{PERIOD}")
    text = page.content.decode()
    assert "/queue?" not in text.split("<main")[1]
    lines = lines_of(page)
    assert lines["summary", "reported"][0] == 7
    # One case was closed at the community: hidden, and with it the other that would give it away.
    assert lines["levels", "community"][:3] == [None, None, None]
    assert lines["levels", "grid"][:3] == [None, None, None]
    assert lines["summary", "accepted_on_time"][:3] == [None, 7, None]
    # Six of seven agreed: with the six, the one that failed would be told.
    assert lines["summary", "success"][:3] == [None, 7, None]
    assert "少于 5" in text


def test_who_asks_for_a_foreign_area_is_told_as_if_there_were_none(staff):
    for who, area in [
        ("street", STREET_2),
        ("mediator", STREET_1),
        ("street", "440105"),
        ("district", "440106"),
    ]:
        assert client_of(staff[who]).get(f"/results?area={area}").status_code == 404
        assert client_of(staff[who]).get(f"/results/report.xlsx?area={area}").status_code == 404
    assert client_of(staff["district"]).get(f"/results?area={UNITS[0]}").status_code == 404
    assert client_of(staff["district"]).get("/results?area=%00").status_code == 404
    assert client_of(staff["street"]).get(f"/results?area={COMMUNITY_1}").status_code == 200
    assert client_of(staff["worker"]).get("/results").status_code == 403


def test_a_wrong_period_is_said_beside_its_field(staff):
    answer = client_of(staff["street"]).get("/results?from=2026-03-31&to=2026-03-01")
    assert answer.status_code == 400
    assert "结束日期早于开始日期" in answer.content.decode()
    refused = client_of(staff["street"]).get("/results/report.xlsx?from=yesterday")
    assert refused.status_code == 400


def test_the_workbook_holds_the_numbers_as_numbers(staff):
    answer = client_of(staff["street"]).get(f"/results/report.xlsx?{PERIOD}")
    book = load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    assert book.sheetnames == ["汇总", "按层级", "按区域", "按调解类别", "按调解组织", "定义"]
    summary = {row[0]: row[1:] for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert summary["新收案件"][:3] == ("件", 7, 7)
    assert summary["小事不出社区"][:4] == ("%", 85.7, 7, 6)
    levels = {row[0]: row[1:] for row in book["按层级"].iter_rows(min_row=2, values_only=True)}
    assert levels["网格"][:3] == (6, 6, 85.7)
    assert "小事不出社区" in {row[0] for row in book["定义"].iter_rows(values_only=True)}
    assert book["汇总"].freeze_panes == "A2"


def rate(dispute: Dispute, count: int, at=NOW) -> None:
    for number in range(count):
        code = PartyCode.objects.create(
            dispute=dispute, digest=f"{dispute.pk.int + number:064x}", given_by=dispute.reported_by
        )
        Rating.objects.create(dispute=dispute, code=code, stars=number % 2 + 4, rated_at=at)


def test_fewer_than_five_ratings_are_told_to_nobody(staff):
    rate(Dispute.objects.first(), 4)
    page = client_of(staff["district"]).get(f"/results?{PERIOD}")
    assert lines_of(page)["summary", "satisfaction"][:2] == [None, None]
    assert "少于 5 个评价" in page.content.decode()
    rate(Dispute.objects.last(), 1)
    page = client_of(staff["district"]).get(f"/results?{PERIOD}")
    assert lines_of(page)["summary", "satisfaction"][:2] == [pytest.approx(4.4), 2]


def test_the_period_before_a_month_is_the_month_before(staff):
    february = NOW - timedelta(days=20)
    make_dispute(staff["worker"], now=february, occurred_at=february)
    lines = lines_of(client_of(staff["street"]).get(f"/results?{PERIOD}"))
    assert lines["summary", "reported"] == [7, 7, None, 1, 0]


def test_a_street_planner_sees_their_street_only(staff):
    planner = make_user("street_planner", Role.PLANNER, STREET_2)
    assert client_of(planner).get("/results").context["report"].area == STREET_2
    assert client_of(planner).get("/results?area=440105").status_code == 404


def test_a_door_says_what_is_counted_in_its_query(staff):
    page = client_of(staff["street"]).get(f"/results?{PERIOD}").content.decode()
    (address,) = set(re.findall(r'<a href="(/queue\?[^"]*counted=accept_late[^"]*counted_level=grid)"', page))
    said = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert said["counted_from"] == ["2026-03-01"]
    assert said["area"] == [STREET_1]
