"""Pages and lists ask the database as often for fifty cases as for five.

Every page is asked for once among few cases and once among many, all of them in the same two states of
one module: making the cases costs more than showing them.
"""

from dataclasses import dataclass
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.roles import Role
from incidents.exchange.jobs import EXPORT
from incidents.models import CaseBody, Dispute, FileJob, Guidance, Notice
from incidents.notices.kinds import Kind
from incidents.views.case_page import TABS
from incidents.workflow import Action
from tests.factories.appraisal import make_campaign, make_mediator
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_1, UNITS, make_territory
from tests.factories.walks import make_body
from tests.kept_rows import kept_for_the_module

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 50
# The most that a page may ask, whatever it shows.
BOUND = 40
MARCH = "from=2026-03-01&to=2026-03-31"
PEOPLE = ["worker", "mediator", "street", "district"]
LISTS = [
    "/", "/queue", "/queue?show=all", "/queue?show=all&state=overdue", "/queue?due=today",
    "/api/v1/disputes", "/api/v1/disputes?state=open&limit=50",
]  # fmt: skip
OFFICES = [
    "/network", f"/results?{MARCH}", f"/results/report.xlsx?{MARCH}", f"/appraisal?{MARCH}", "/notices",
    "/handover", "/handover?leaver=worker", "/guidance", "/exchange", f"/publicity?{MARCH}",
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What was answered to each person for each page, or tab of the one case, and asked for it."""

    status: dict[tuple[str, str], int]
    questions: dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def few_and_many(django_db_setup, django_db_blocker) -> tuple[Asked, Asked]:
    with kept_for_the_module(django_db_blocker):
        make_territory()
        staff, numbers = make_staff(), count()
        case = act(staff["worker"], make_dispute(staff["worker"]), Action.ACCEPT)
        add_cases(staff, FEW, numbers)
        few = ask_for_all(staff, case)
        add_cases(staff, MANY - FEW, numbers)
        lengthen(staff["worker"], case)
        yield few, ask_for_all(staff, case)


def add_cases(staff, number: int, numbers) -> None:
    """`number` more of all that is listed: of several units, some taken on, assigned or gone up."""
    worker = staff["worker"]
    for n in range(number):
        dispute = make_dispute(worker, UNITS[n % 2])
        if n % 3 == 0 and n % 2 == 0:
            act(worker, dispute, Action.ACCEPT)
            act(worker, dispute, Action.ASSIGN, assignee="worker")
        elif n % 2 == 0:
            act(worker, dispute, Action.ESCALATE)
        fill_offices(staff, dispute, next(numbers))


def fill_offices(staff, dispute: Dispute, n: int) -> None:
    """One more of what the offices' pages list; most of it lies with `dispute`."""
    worker, street = staff["worker"], staff["street"]
    body = make_body(f"B-{n}")
    make_mediator(f"M-{n}", body)
    closed = act(worker, make_dispute(worker), Action.ACCEPT)
    CaseBody.objects.create(dispute=closed, body=body, role=CaseBody.LEAD, since=NOW)
    act(worker, closed, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT, Action.CLOSE)
    Guidance.objects.create(
        dispute=dispute, question="?", asked_by=worker, asked_of_id=STREET_1, asked_at=NOW
    )
    Notice.objects.create(user=street, dispute=dispute, kind=Kind.NEW_CASE, key=f"k{n}", facts={})
    make_user(f"person{n}", Role.GRID_WORKER, UNITS[n % 2])
    make_campaign(street)
    FileJob.objects.create(user=street, kind=EXPORT, options={"format": "xlsx"})


def lengthen(worker, case: Dispute) -> None:
    for _ in range(10):
        act(worker, case, Action.SUSPEND, Action.RESUME)
        act(worker, case, Action.ASSIGN, assignee="worker")
    act(worker, case, Action.BEGIN_MEDIATION, Action.FAIL)
    assert case.events.count() > 30


def ask_for_all(staff, case: Dispute) -> Asked:
    asked = Asked({}, {})
    pages = {("street", page): page for page in OFFICES}
    pages |= {(name, page): page for name in PEOPLE for page in LISTS}
    for tab, _ in TABS:
        pages |= {(name, tab): reverse(tab, args=[case.pk]) for name in ("worker", "mediator")}
    clients = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for name, client in clients.items():
        client.force_login(staff[name])
    for (name, page), address in pages.items():
        # What is read once in the life of a process is no part of a page.
        clients[name].get(address)
        with CaptureQueriesContext(connection) as queries:
            asked.status[name, page] = clients[name].get(address).status_code
        asked.questions[name, page] = [query["sql"] for query in queries]
    return asked


def numbers_of(few_and_many: tuple[Asked, Asked], name: str, page: str) -> tuple[int, int]:
    """How many questions the page asked among few cases and among many."""
    few, many = few_and_many
    assert few.status[name, page] == many.status[name, page] == 200
    return len(few.questions[name, page]), len(many.questions[name, page])


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_no_more_for_more_rows(few_and_many, name, address):
    few, many = numbers_of(few_and_many, name, address)
    assert many <= few <= BOUND, "\n".join(few_and_many[1].questions[name, address])


@pytest.mark.parametrize("tab", [url_name for url_name, _ in TABS])
def test_a_page_of_a_case_asks_no_more_for_a_longer_history_among_more_cases(few_and_many, tab):
    few, many = numbers_of(few_and_many, "worker", tab)
    # One question more at most: whom the case has been with since.
    assert many <= few + 1 <= BOUND, "\n".join(few_and_many[1].questions["worker", tab])
    assert numbers_of(few_and_many, "mediator", tab)[1] <= BOUND


@pytest.mark.parametrize("address", OFFICES)
def test_a_page_of_the_offices_asks_no_more_for_more_rows(few_and_many, address):
    few, many = numbers_of(few_and_many, "street", address)
    assert many <= few <= BOUND, "\n".join(few_and_many[1].questions["street", address])
