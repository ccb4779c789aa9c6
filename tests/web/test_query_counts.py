"""Pages and lists ask the database as often for fifty cases as for five."""

from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grids.roles import Role
from incidents.exchange.jobs import EXPORT
from incidents.models import CaseBody, FileJob, Guidance, Notice
from incidents.notices.kinds import Kind
from incidents.views.case_page import TABS
from incidents.workflow import Action
from tests.factories.appraisal import make_campaign, make_mediator
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_1, UNITS, make_territory
from tests.factories.walks import make_body

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 50
# The most that a page may ask, whatever it shows.
BOUND = 40
MARCH = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def report(staff, number: int) -> None:
    """Cases of several units, some of them taken on and assigned to somebody."""
    for n in range(number):
        dispute = make_dispute(staff["worker"], UNITS[n % 2])
        if n % 3 == 0 and n % 2 == 0:
            act(staff["worker"], dispute, Action.ACCEPT)
            act(staff["worker"], dispute, Action.ASSIGN, assignee="worker")
        elif n % 2 == 0:
            act(staff["worker"], dispute, Action.ESCALATE)


def asked(user, page: str) -> list[str]:
    client = Client()
    client.force_login(user)
    # What is read once in the life of a process is no part of a page.
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("name", ["worker", "mediator", "street", "district"])
@pytest.mark.parametrize(
    "page",
    [
        "/", "/queue", "/queue?show=all", "/queue?show=all&state=overdue", "/queue?due=today",
        "/api/v1/disputes", "/api/v1/disputes?state=open&limit=50",
    ],
)  # fmt: skip
def test_a_list_asks_no_more_for_more_rows(staff, name, page):
    report(staff, FEW)
    few = asked(staff[name], page)
    report(staff, MANY - FEW)
    many = asked(staff[name], page)
    assert len(many) <= len(few) <= BOUND, "\n".join(many)


@pytest.mark.parametrize("tab", [url_name for url_name, _ in TABS])
def test_a_page_of_a_case_asks_no_more_for_a_longer_history_among_more_cases(staff, tab):
    from django.urls import reverse

    worker, mediator = staff["worker"], staff["mediator"]
    dispute = act(worker, make_dispute(worker), Action.ACCEPT)
    page = reverse(tab, args=[dispute.pk])
    few = asked(worker, page)
    for _ in range(10):
        act(worker, dispute, Action.SUSPEND, Action.RESUME)
        act(worker, dispute, Action.ASSIGN, assignee="worker")
    act(worker, dispute, Action.BEGIN_MEDIATION, Action.FAIL)
    report(staff, MANY)
    assert dispute.events.count() > 30
    many = asked(worker, page)
    # One question more at most: whom the case has been with since.
    assert len(many) <= len(few) + 1 <= BOUND, "\n".join(many)
    assert len(asked(mediator, page)) <= BOUND


def fill_offices(staff, number: int, numbers) -> None:
    """`number` more of all that the offices' pages list."""
    street = staff["street"]
    for _ in range(number):
        n = next(numbers)
        body = make_body(f"B-{n}")
        make_mediator(f"M-{n}", body)
        dispute = act(staff["worker"], make_dispute(staff["worker"]), Action.ACCEPT)
        CaseBody.objects.create(dispute=dispute, body=body, role=CaseBody.LEAD, since=NOW)
        act(staff["worker"], dispute, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT, Action.CLOSE)
        asked = make_dispute(staff["worker"], UNITS[n % 2])
        Guidance.objects.create(
            dispute=asked, question="?", asked_by=staff["worker"], asked_of_id=STREET_1, asked_at=NOW
        )
        Notice.objects.create(user=street, dispute=asked, kind=Kind.NEW_CASE, key=f"k{n}", facts={})
        make_user(f"person{n}", Role.GRID_WORKER, UNITS[n % 2])
        make_campaign(street)
        FileJob.objects.create(user=street, kind=EXPORT, options={"format": "xlsx"})


@pytest.mark.parametrize(
    "page",
    [
        "/network", f"/results?{MARCH}", f"/results/report.xlsx?{MARCH}", f"/appraisal?{MARCH}", "/notices",
        "/handover", "/handover?leaver=worker", "/guidance", "/exchange", f"/publicity?{MARCH}",
    ],
)  # fmt: skip
def test_a_page_of_the_offices_asks_no_more_for_more_rows(staff, page):
    numbers = count()
    fill_offices(staff, FEW, numbers)
    few = asked(staff["street"], page)
    fill_offices(staff, MANY - FEW, numbers)
    many = asked(staff["street"], page)
    assert len(many) <= len(few) <= BOUND, "\n".join(many)
