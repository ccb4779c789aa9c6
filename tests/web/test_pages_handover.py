"""The page on which work is handed over."""

import pytest
from django.urls import reverse

from grids.models import Duty
from incidents.models import Dispute
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory


@pytest.fixture
def staff(db):
    make_territory()
    people = make_staff()
    people["successor"] = make_user("successor", "grid_worker", UNITS[0])
    people["newcomer"] = make_user("newcomer")
    people["foreign"] = make_user("foreign", "grid_worker", UNITS[4])
    return people


@pytest.fixture
def dispute(staff):
    dispute = make_dispute(staff["worker"], title="张三与李四")
    return act(staff["worker"], dispute, A.ACCEPT, A.ASSIGN, assignee="worker")


@pytest.fixture
def open_as(client, staff):
    def open_page(name, **query):
        client.force_login(staff[name])
        return client.get(reverse("handover"), query).content.decode()

    return open_page


def test_a_centre_chooses_among_its_own_people(staff, open_as):
    html = open_as("street")
    assert "?leaver=worker" in html
    assert "?leaver=mediator" in html
    assert "?leaver=foreign" not in html
    assert "?leaver=street" not in html
    assert "?leaver=foreign" in open_as("district")


def test_people_are_found_by_name_or_account(staff, open_as):
    html = open_as("district", q="succ")
    assert "?leaver=successor" in html
    assert "?leaver=worker" not in html
    assert "没有这个人" in open_as("street", q="foreign")
    assert open_as("street", q="\x00%")


def test_it_says_what_there_is_to_hand_over_and_names_no_case(staff, dispute, open_as):
    html = open_as("street", leaver="worker")
    assert "名下未结案件 1 件" in html
    assert "其中已超时 1 件" in html
    assert "张三" not in html
    assert dispute.case_number not in html
    assert "end_duties" not in html
    assert '<option value="successor"' in html
    assert '<option value="newcomer"' not in html


def test_who_is_out_of_reach_is_not_there(staff, open_as):
    assert "?leaver=worker" in open_as("street", leaver="foreign")


def test_the_result_says_what_moved(staff, dispute, client, open_as):
    open_as("street")
    posted = {"leaver": "worker", "successor": "successor", "areas": [UNITS[0]]}
    html = client.post(reverse("handover"), posted, follow=True).content.decode()
    assert "已从worker的姓名交接给successor的姓名:案件 1 件。" in html
    assert Dispute.objects.get().assigned_to == staff["successor"]
    html = client.post(reverse("handover"), posted, follow=True).content.decode()
    assert "没有要交接的内容" in html


def test_an_administrator_moves_duties_to_anybody(staff, dispute, client, open_as):
    html = open_as("administrator", leaver="worker")
    assert '<option value="newcomer"' in html
    posted = {"leaver": "worker", "successor": "newcomer", "areas": [UNITS[0]], "end_duties": "on", "on": ""}
    html = client.post(reverse("handover"), posted, follow=True).content.decode()
    assert "案件 1 件。结束值守 1 项,新增值守 1 项。" in html
    assert Duty.objects.filter(user=staff["newcomer"], area=UNITS[0]).exists()
    assert dispute.title not in html


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"successor": ""}, "successor"),
        ({"successor": "newcomer", "end_duties": ""}, "successor"),
        ({"successor": "nobody"}, "successor"),
        ({"areas": []}, "areas"),
        ({"areas": ["440105x", UNITS[4]]}, "areas"),
        ({"on": "2020-01-01"}, "on"),
        ({"on": "tomorrow"}, "on"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_chosen_is_kept(
    staff, dispute, client, open_as, changes, field
):
    open_as("administrator")
    posted = {"leaver": "worker", "successor": "successor", "areas": [UNITS[0]], "end_duties": "on"} | changes
    if not posted["end_duties"]:
        del posted["end_duties"]
    answer = client.post(reverse("handover"), posted)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="{field}-error"' in html
    assert Dispute.objects.get().assigned_to == staff["worker"]
    if field != "successor":
        assert '<option value="successor" selected' in html


def test_somebody_who_forges_a_reach_is_refused(staff, dispute, client, open_as):
    open_as("street")
    posted = {"leaver": "worker", "successor": "newcomer", "areas": [UNITS[0]], "end_duties": "on"}
    assert client.post(reverse("handover"), posted).status_code == 403
    assert not Duty.objects.filter(user=staff["newcomer"]).exists()


def test_the_menu_shows_the_page_to_those_who_use_it(staff, client):
    for name, shown in [("street", True), ("administrator", True), ("worker", False), ("planner", False)]:
        client.force_login(staff[name])
        assert (f'href="{reverse("handover")}"' in client.get("/").content.decode()) == shown
