"""The queue page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Dispute
from incidents.paging import MOST_URGENT_FIRST, NEWEST_FIRST, page_of
from incidents.queue import queue_for
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff
from tests.factories.policies import limits_by_the_clock
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    staff = make_staff()
    limits_by_the_clock(staff["district"])
    return staff


@pytest.fixture
def client(staff):
    client = Client()
    client.force_login(staff["worker"])
    return client


def titles(response) -> list[str]:
    return [row["dispute"].title for row in response.context["rows"]]


def report(staff, title, hours_ago=1, **changes):
    now = timezone.now() - timedelta(hours=hours_ago)
    return make_dispute(staff["worker"], title=title, now=now, occurred_at=now, **changes)


def test_a_line_says_level_risk_category_place_state_and_due(staff, client):
    report(staff, "两小时后到期", hours_ago=1.5)
    report(staff, "早已超时", hours_ago=30, scale="02")
    page = client.get("/queue").content.decode()
    said = ("网格 · 待受理", "黄 · 常见", "橙 · 可能激化", "用水排水通行", "剩 2 小时", "超 1 天")
    for words in said:
        assert words in page, words
    assert UNITS[0] not in page, "places are named, not coded"


def test_the_most_urgent_stands_first(staff, client):
    report(staff, "后到期", hours_ago=1)
    report(staff, "先到期", hours_ago=3)
    assert titles(client.get("/queue")) == ["先到期", "后到期"]


def test_what_is_somebody_elses_stands_only_among_all(staff, client):
    act(staff["worker"], report(staff, "已上报社区"), Action.ESCALATE)
    assert titles(client.get("/queue")) == []
    assert titles(client.get("/queue?show=all")) == ["已上报社区"]


def test_filters_are_read_from_the_address(staff, client):
    report(staff, "邻里的")
    report(staff, "物业的", category="0402")
    assert titles(client.get("/queue?category=0402")) == ["物业的"]
    assert titles(client.get("/queue?state=overdue")) == []
    assert titles(client.get(f"/queue?area={UNITS[1]}")) == []
    answer = client.get("/queue?category=0402")
    assert answer.context["narrowed"] == 1
    assert 'value="0402" selected' in answer.content.decode()


def test_due_today_leaves_out_what_is_overdue_and_what_is_due_later(staff, client, monkeypatch):
    noon = timezone.localtime().replace(hour=12, minute=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    for title, hours_ago in (("超时", 5), ("今天", 1)):
        report(staff, title, hours_ago=hours_ago)
    later = act(staff["worker"], report(staff, "明天"), Action.ACCEPT, now=noon)
    assert later.due_at.date() > noon.date()
    assert titles(client.get("/queue?due=today")) == ["今天"]


def test_a_filter_that_cannot_be_read_says_so_and_shows_the_list(staff, client):
    report(staff, "仍然显示")
    answer = client.get("/queue?from=yesterday")
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert titles(answer) == ["仍然显示"]


@pytest.mark.parametrize("cursor", ["x", "~~", "2026-01-01~2026-01-01~1", "~2026-01-01T00:00:00~x"])
def test_a_made_up_cursor_is_a_wrong_request(client, cursor):
    assert client.get(f"/queue?after={cursor}").status_code == 400


@pytest.mark.parametrize("order", [MOST_URGENT_FIRST, NEWEST_FIRST])
def test_pages_show_every_dispute_once_and_in_order(staff, order):
    moment = timezone.now() - timedelta(hours=2)
    for n in range(7):
        reported = moment - timedelta(hours=n // 3)
        made = make_dispute(staff["worker"], title=str(n), now=reported, occurred_at=reported)
        if n % 3 == 0:
            act(staff["worker"], made, Action.SUSPEND, now=moment)
    whole = list(Dispute.objects.order_by(*order.fields))
    seen, cursor = [], ""
    while cursor is not None:
        page = page_of(Dispute.objects.all(), order, after=cursor, size=2)
        seen += page.rows
        cursor = page.next_cursor
    assert seen == whole


def test_the_queues_order_is_the_one_that_its_pages_are_cut_by(staff):
    for n in range(4):
        made = report(staff, str(n), hours_ago=n + 1)
        if n == 2:
            act(staff["worker"], made, Action.SUSPEND)
    whole = list(queue_for(staff["worker"]))
    assert page_of(queue_for(staff["worker"]), MOST_URGENT_FIRST, after="", size=10).rows == whole


def test_an_empty_queue_says_what_will_appear_and_how_to_begin(client):
    page = client.get("/queue").content.decode()
    assert "会出现在这里" in page
    assert 'href="/report"' in page


def test_a_list_that_filters_emptied_offers_to_clear_them(client):
    assert "清除条件" in client.get("/queue?state=suspended").content.decode()


def test_a_page_of_the_queue_asks_the_database_the_same_few_times_however_long(
    staff, client, django_assert_max_num_queries
):
    for n in range(12):
        report(staff, str(n), hours_ago=n)
    with django_assert_max_num_queries(14):
        client.get("/queue")


@pytest.mark.parametrize("address", ["/queue", "/queue?show=all"])
def test_an_empty_list_offers_a_report_only_to_those_who_may_report(staff, client, address):
    assert 'btn-outline-primary" href="/report"' in client.get(address).content.decode()
    for role in ("planner", "administrator"):
        client.force_login(staff[role])
        page = client.get(address).content.decode()
        assert 'href="/report"' not in page
        assert "职责不处理案件" in page
