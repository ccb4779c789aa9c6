"""The first page, by role."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gridgov.templatetags.home_words import change_from, percent, points_from
from incidents.figures import district_figures
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.policies import limits_by_the_clock
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db
CLOSING = (Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT, Action.CLOSE)


@pytest.fixture
def staff():
    make_territory()
    staff = make_staff()
    limits_by_the_clock(staff["district"])
    return staff


def home(user):
    client = Client()
    client.force_login(user)
    return client.get("/")


def ago(**span):
    return timezone.now() - timedelta(**span)


def report(staff, when):
    return make_dispute(staff["worker"], now=when, occurred_at=when)


def test_a_worker_can_report_at_once_and_sees_their_cases(staff):
    report(staff, ago(hours=10))
    answer = home(staff["worker"])
    page = answer.content.decode()
    assert "home-report" in page
    assert answer.context["load"].overdue == 1
    assert answer.context["load"].new == 1
    assert "楼上漏水" in page


def test_the_counts_of_a_mediator_are_of_what_waits_at_the_community(staff):
    act(staff["worker"], report(staff, ago(hours=1)), Action.ESCALATE, now=timezone.now())
    handed_back = act(staff["worker"], report(staff, ago(hours=1)), Action.ESCALATE, now=timezone.now())
    act(staff["mediator"], handed_back, Action.HAND_BACK, now=timezone.now())
    load = home(staff["mediator"]).context["load"]
    assert (load.waiting, load.new, load.handed_back) == (1, 1, 0)
    assert home(staff["worker"]).context["load"].handed_back == 1


@pytest.mark.parametrize("name", ["worker", "mediator", "street"])
def test_each_door_leads_to_as_many_cases_as_it_says(staff, name):
    for hours in (0.5, 5, 30):
        report(staff, ago(hours=hours))
    client = Client()
    client.force_login(staff[name])
    load = client.get("/").context["load"]
    doors = {"state=overdue": load.overdue, "due=today": load.due_today, "state=reported": load.new}
    for query, count in doors.items():
        assert len(client.get(f"/queue?{query}").context["rows"]) == count


def test_the_district_reads_four_figures_beside_those_of_a_week_ago(staff):
    old = report(staff, ago(days=10))
    act(staff["worker"], old, *CLOSING, now=ago(days=9))
    report(staff, ago(days=8))
    act(staff["worker"], report(staff, ago(days=2)), *CLOSING, now=ago(days=1))
    figures = district_figures(staff["district"], timezone.now())
    assert (figures.open, figures.open_before) == (1, 1)
    assert (figures.overdue, figures.newly_overdue) == (1, 0)
    assert (figures.reported, figures.reported_before) == (1, 2)
    assert (figures.resolved_low, figures.resolved_low_before) == (1.0, 1.0)
    assert "未办结" in home(staff["district"]).content.decode()


def test_the_share_that_was_resolved_low_counts_the_level_of_closing(staff):
    act(staff["worker"], report(staff, ago(days=2)), *CLOSING, now=ago(days=1))
    high = act(staff["worker"], report(staff, ago(days=2)), Action.ESCALATE, now=ago(days=1))
    high = act(staff["mediator"], high, Action.ESCALATE, now=ago(days=1))
    act(staff["street"], high, *CLOSING, now=ago(hours=3))
    assert district_figures(staff["district"], timezone.now()).resolved_low == 0.5
    # Closed low, but with nothing agreed.
    failed = (Action.ACCEPT, Action.BEGIN_MEDIATION, Action.FAIL, Action.CLOSE)
    for _ in range(2):
        then = ago(days=1)
        act(staff["worker"], report(staff, then), *failed, now=then)
    assert district_figures(staff["district"], timezone.now()).resolved_low == 0.25


def test_a_planner_reads_counts_by_area_and_no_case(staff):
    report(staff, ago(hours=1))
    act(staff["worker"], report(staff, ago(hours=2)), *CLOSING, now=timezone.now())
    answer = home(staff["planner"])
    assert [(count.open, count.ended) for _, count in answer.context["counts"]] == [(1, 1)]
    page = answer.content.decode()
    assert "楼上漏水" not in page
    assert "/disputes/" not in page
    assert 'href="/map"' in page


def test_an_administrator_finds_the_doors_to_the_back_office(staff):
    staff["administrator"].is_staff = True
    staff["administrator"].save()
    page = home(staff["administrator"]).content.decode()
    assert "/admin/grids/duty/" in page
    assert "/admin/grids/user/" in page


def test_someone_without_a_duty_reads_what_to_do(staff):
    assert "没有值守" in home(make_user("idle")).content.decode()


def test_the_navigation_offers_only_what_the_role_has_a_use_for(staff):
    for role in ("planner", "administrator"):
        page = home(staff[role]).content.decode()
        assert 'href="/report"' not in page
        assert 'href="/queue"' not in page
    assert 'href="/report"' in home(staff["mediator"]).content.decode()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (percent(None), "—"),
        (percent(0.671), "67%"),
        (change_from(3, 3), "与一周前相同"),
        (change_from(5, 3), "比一周前多 2"),
        (change_from(3, 5), "比一周前少 2"),
        (points_from(0.5, 0.4), "比前一周高 10 个百分点"),
        (points_from(0.4, 0.5), "比前一周低 10 个百分点"),
        (points_from(0.4, 0.4), "与前一周相同"),
        (points_from(None, 0.4), "近 7 天没有结案"),
        (points_from(0.4, None), "前一周没有可比的结案"),
    ],
)
def test_changes_are_said_in_words(words, expected):
    assert words == expected
