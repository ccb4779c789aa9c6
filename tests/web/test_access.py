"""Who gets in where: every address and method, with every role and with a foreign area.

A new address must be written into `TABLE`, or `test_every_address_is_in_the_table` fails.
"""

import io
from collections.abc import Iterator
from copy import deepcopy
from http.cookies import SimpleCookie
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, reverse

from grids.roles import Role
from incidents.models import AppraisalEntry, Attachment, Campaign, CaseDocument, Dispute
from incidents.services.attachments import add_attachment
from incidents.services.documents import issue_document
from tests.factories.appraisal import make_appraised
from tests.factories.disputes import make_dispute
from tests.factories.files import picture_file
from tests.factories.people import make_staff, make_user
from tests.factories.territory import STREET_2, UNITS, make_territory
from tests.kept_rows import kept_for_the_module

pytestmark = pytest.mark.django_db

NOBODY: frozenset[str] = frozenset()
HERE = frozenset({"worker", "mediator", "street", "district"})
ELSEWHERE = frozenset({"foreign_worker", "foreign_street"})
CASEWORKERS = HERE | ELSEWHERE
OFFICES = frozenset({"mediator", "street", "district", "foreign_street"})
COUNTERS = CASEWORKERS | {"planner"}
NETWORKERS = COUNTERS | {"administrator"}
SIGNED_IN = NETWORKERS | {"idle"}
EVERYONE = SIGNED_IN | {"anonymous"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

# Address -> method -> who gets in. HEAD is let in with GET. Whoever is not named is refused, and a
# method that is not named is refused to all. The dispute of an address lies in the first unit.
TABLE: dict[str, dict[str, frozenset[str]]] = {
    "": {"GET": SIGNED_IN},
    # Whoever is signed in already is led home, whatever the method.
    "sign-in": dict.fromkeys(("GET", "POST", "PUT"), EVERYONE)
    | dict.fromkeys(("PATCH", "DELETE", "OPTIONS"), SIGNED_IN),
    "sign-out": {},  # leads everyone to the sign-in page; see test_sign_in.py
    "favicon.ico": dict.fromkeys(METHODS, EVERYONE),
    "healthz": {"GET": EVERYONE},
    "readyz": {"GET": EVERYONE},
    "i18n/setlang/": dict.fromkeys(METHODS, EVERYONE),
    "jsi18n/": {"GET": EVERYONE},
    # The same for everybody: the phone keeps it.
    "report": {"GET": EVERYONE},
    "report/service-worker.js": {"GET": EVERYONE},
    "report/manifest.webmanifest": {"GET": EVERYONE},
    "queue": {"GET": SIGNED_IN},
    # Whoever has nothing to urge is led back to their queue.
    "queue/urge": {"POST": SIGNED_IN},
    "disputes/<uuid:dispute_id>": {"GET": HERE},
    "disputes/<uuid:dispute_id>/actions/<slug:action>": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/measures/<slug:measure>": {"POST": {"mediator", "street", "district"}},
    "disputes/<uuid:dispute_id>/parties": {"POST": {"worker"}},
    "results": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "results/report.xlsx": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "api/v1/results": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "publicity": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "publicity/export.xlsx": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "publicity/export.csv": {"GET": COUNTERS - {"worker", "foreign_worker"}},
    "publicity/new": dict.fromkeys(("GET", "POST"), OFFICES),
    # The campaign is the first street's, the mediator appraised works there.
    "publicity/<int:campaign_id>": dict.fromkeys(("GET", "POST"), {"street", "district"}),
    "appraisal": {"GET": {"street", "district", "foreign_street"}},
    "appraisal/items": {"GET": {"street", "district", "foreign_street"}, "POST": {"district"}},
    "appraisal/mediators/<str:mediator_code>": {"GET": {"street", "district"}},
    "appraisal/mediators/<str:mediator_code>/entries": {"POST": {"street", "district"}},
    "appraisal/mediators/<str:mediator_code>/entries/<int:entry_id>/withdraw": {"POST": {"street"}},
    "notices": {"GET": SIGNED_IN},
    "notices/read": {"POST": SIGNED_IN},
    "notices/settings": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "notices/settings/test": {"POST": SIGNED_IN},
    # Nobody has a notice here: one's own is opened in test_pages_notices.py.
    "notices/<int:notice_id>/open": {},
    "handover": dict.fromkeys(("GET", "POST"), {"street", "district", "foreign_street", "administrator"}),
    "policy": {"GET": CASEWORKERS},
    "policy/edit": {"GET": {"district"}, "POST": {"district"}},
    "policy/remove": {"POST": {"district"}},
    "policy/calendar": {"GET": CASEWORKERS},
    "policy/calendar/days": {"POST": {"district"}},
    "policy/calendar/remove": {"POST": {"district"}},
    "disputes/<uuid:dispute_id>/bodies": {"GET": HERE},
    "disputes/<uuid:dispute_id>/bodies/choose": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/call_in": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/release": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/refer_out": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/receive_referral": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/answer_referral": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/ask_guidance": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/bodies/give_guidance": {"POST": HERE - {"worker"}},
    "guidance": {"GET": SIGNED_IN},
    "api/v1/disputes/<uuid:dispute_id>/bodies": {"GET": HERE},
    "api/v1/disputes/<uuid:dispute_id>/bodies/choose": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/bodies/call_in": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/bodies/release": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/referrals": {"GET": HERE, "POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/referrals/<int:referral_id>/answer": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation": {"GET": HERE},
    "disputes/<uuid:dispute_id>/mediation/open": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/code": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/revoke": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/record": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/agreement": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/payment": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/apply": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/decide": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/visit": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/mediation/breach": {"POST": {"worker"}},
    # The page for parties: it shows nothing without a code.
    "case": {"GET": EVERYONE, "POST": EVERYONE},
    "case/rate": {"POST": EVERYONE},
    "case/leave": {"POST": EVERYONE},
    "map": {"GET": COUNTERS},
    "map/export": {"GET": COUNTERS},
    "exchange": {"GET": CASEWORKERS},
    "exchange/import": {"POST": CASEWORKERS - {"worker", "foreign_worker"}},
    # A file is for the one who asked for it; here there is none.
    "exchange/import/<uuid:job_id>": {},
    "exchange/files/<uuid:job_id>": {},
    "exchange/files/<uuid:job_id>/progress": {},
    "exchange/template.xlsx": {"GET": SIGNED_IN},
    "exchange/export": {"POST": CASEWORKERS},
    "exchange/export.csv": {"GET": CASEWORKERS},
    # What papers say is for those who answer for the case.
    "disputes/<uuid:dispute_id>/files": {"GET": HERE},
    "disputes/<uuid:dispute_id>/files/add": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/files/<uuid:file_id>": {"GET": HERE},
    "disputes/<uuid:dispute_id>/files/<uuid:file_id>/small": {"GET": HERE},
    "disputes/<uuid:dispute_id>/files/<uuid:file_id>/remove": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/files": {"GET": HERE, "POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/files/<uuid:file_id>": {"GET": HERE},
    "disputes/<uuid:dispute_id>/documents": {"GET": HERE},
    "disputes/<uuid:dispute_id>/documents/issue": {"POST": {"worker"}},
    "disputes/<uuid:dispute_id>/documents/<int:document_id>.<str:form>": {"GET": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/documents": {"GET": HERE, "POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/documents/<int:document_id>.<str:form>": {"GET": {"worker"}},
    "network": {"GET": NETWORKERS},
    "network/import": dict.fromkeys(("GET", "POST"), {"street", "district", "foreign_street"}),
    "network/export.xlsx": {"GET": NETWORKERS},
    "network/export.csv": {"GET": NETWORKERS},
    "network/new": dict.fromkeys(("GET", "POST"), {"street", "district", "foreign_street"}),
    "network/<slug:body_code>": {"GET": NETWORKERS},
    "network/<slug:body_code>/edit": dict.fromkeys(("GET", "POST"), {"street", "district"}),
    "network/<slug:body_code>/mediators/new": dict.fromkeys(("GET", "POST"), {"street", "district"}),
    "network/mediators/<slug:mediator_code>": {"GET": NETWORKERS},
    "network/mediators/<slug:mediator_code>/edit": dict.fromkeys(("GET", "POST"), {"street", "district"}),
    "network/mediators/<slug:mediator_code>/trainings": {"POST": {"street", "district"}},
    "network/mediators/<slug:mediator_code>/trainings/<int:training_id>/remove": {
        "POST": {"street", "district"}
    },
    "api/v1/bodies": {"GET": NETWORKERS},
    "api/v1/bodies/<str:body_code>": {"GET": NETWORKERS},
    "api/v1/token": {"POST": EVERYONE},
    "api/v1/session": {"POST": EVERYONE},
    "api/v1/reporting/probe": {"GET": EVERYONE},
    "api/v1/reporting/worker": {"GET": CASEWORKERS},
    "api/v1/reporting/reference": {"GET": CASEWORKERS},
    "api/v1/schema": {"GET": SIGNED_IN},
    "api/v1/locate": {"GET": SIGNED_IN},
    "api/v1/areas/<str:level>": {"GET": SIGNED_IN},
    # A list shows those who have no case an empty list.
    "api/v1/disputes": {"GET": SIGNED_IN, "POST": CASEWORKERS},
    "api/v1/disputes/<uuid:dispute_id>": {"GET": HERE},
    "api/v1/disputes/similar": {"GET": SIGNED_IN},
    # Whoever sees the case and promised no photo of it is told so; nobody else learns that there is one.
    "api/v1/disputes/<uuid:dispute_id>/photos/<uuid:photo_key>": {"PUT": HERE},
    "api/v1/disputes/<uuid:dispute_id>/supplements": {"POST": HERE},
    "api/v1/disputes/<uuid:dispute_id>/events": {"GET": HERE},
    "api/v1/disputes/<uuid:dispute_id>/parties": {"GET": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/actions/<str:action>": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/measures/<str:measure>": {"POST": {"mediator", "street", "district"}},
    "api/v1/disputes/<uuid:dispute_id>/mediation_records": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/agreements": {"POST": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/confirmations": {"POST": {"worker"}, "PATCH": {"worker"}},
    "api/v1/disputes/<uuid:dispute_id>/visits": {"POST": {"worker"}},
    "api/v1/map/boundaries": {"GET": COUNTERS},
    "api/v1/map/areas": {"GET": COUNTERS},
    "api/v1/map/points": {"GET": CASEWORKERS},
    "api/v1/map/heat": {"GET": CASEWORKERS},
    "api/v1/map/cases": {"GET": CASEWORKERS},
}
# What an address needs in its query to be answered at all.
QUERY = {
    "api/v1/locate": "?lon=113.301&lat=23.101&datum=wgs84",
    "api/v1/disputes/similar": "?lon=113.301&lat=23.101&datum=wgs84&category=0201",
    "api/v1/map/points": "?bbox=113.2,23.0,113.4,23.2&zoom=14",
    "api/v1/map/heat": "?bbox=113.2,23.0,113.4,23.2&zoom=14",
    "api/v1/map/cases": "?bbox=113.2,23.0,113.4,23.2&zoom=14",
}


def addresses(resolver, before: str = "") -> Iterator[str]:
    """Every pattern of the project, the back office apart."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        else:
            yield route


ALL_ADDRESSES = set(addresses(get_resolver()))
BACK_OFFICE = {route for route in ALL_ADDRESSES if route.startswith("admin/")}


def test_every_address_is_in_the_table():
    assert set(TABLE) == ALL_ADDRESSES - BACK_OFFICE


@pytest.fixture(scope="module")
def signed_in(django_db_setup, django_db_blocker, tmp_path_factory) -> dict:
    """Somebody of each kind, with the cookies of who is signed in; one dispute and what hangs on it."""
    with (
        kept_for_the_module(django_db_blocker),
        override_settings(GRIDGOV_FILES_DIR=tmp_path_factory.mktemp("files")),
    ):
        make_territory()
        people = make_staff()
        people["administrator"].is_staff = people["administrator"].is_superuser = True
        people["administrator"].save()
        people["foreign_worker"] = make_user("foreign_worker", Role.GRID_WORKER, UNITS[4])
        people["foreign_street"] = make_user("foreign_street", Role.STREET_CENTRE, STREET_2)
        people["idle"] = make_user("idle")
        worker = people["worker"]
        dispute = make_dispute(worker)
        issue_document(user=worker, dispute_id=dispute.pk, kind="application", site="https://grid.example")
        make_appraised(people["street"])
        add_attachment(user=worker, dispute_id=dispute.pk, file=io.BytesIO(picture_file()))
        yield {"anonymous": SimpleCookie()} | {name: cookies_of(user) for name, user in people.items()}


def cookies_of(user) -> SimpleCookie:
    client = Client()
    client.force_login(user)
    return client.cookies


@pytest.fixture
def clients(signed_in) -> dict[str, Client]:
    """A browser for each, as just signed in."""
    clients = {name: Client() for name in signed_in}
    for name, client in clients.items():
        client.cookies = deepcopy(signed_in[name])
    return clients


def target(route: str) -> str:
    """The address itself, of the one dispute, with the query that it needs."""
    values = {
        "<uuid:dispute_id>": str(Dispute.objects.get().pk),
        "<uuid:job_id>": "00000000-0000-4000-8000-000000000000",
        "<uuid:photo_key>": "00000000-0000-4000-8000-000000000000",
        "<slug:action>": "verify",
        "<int:notice_id>": "1",
        "<str:action>": "verify",
        "<slug:measure>": "urge",
        "<str:measure>": "urge",
        "<str:level>": "grid",
        "<str:mediator_code>": "M-1",
        "<slug:mediator_code>": "M-1",
        "<slug:body_code>": "B-1",
        "<str:body_code>": "B-1",
        "<int:training_id>": "1",
        "<int:entry_id>": str(getattr(AppraisalEntry.objects.first(), "pk", 0)),
        "<int:campaign_id>": str(Campaign.objects.get().pk),
        "<int:referral_id>": "1",
        "<uuid:file_id>": str(Attachment.objects.get().pk),
        "<int:document_id>": str(CaseDocument.objects.get().pk),
        "<str:form>": "docx",
    }
    path = route
    for place, value in values.items():
        path = path.replace(place, value)
    return f"/{path}{QUERY.get(route, '')}"


def text_of(body: bytes) -> str:
    """What is said, also inside a workbook or another zipped file."""
    if not body.startswith(b"PK"):
        return body.decode()
    with ZipFile(BytesIO(body)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def gets_in(response) -> bool:
    """Whether the address was open to this person and method, though what was sent may be wrong."""
    assert response.status_code < 500
    turned_away = response.status_code == 302 and response.url.startswith(
        (reverse("sign_in"), "/admin/login")
    )
    return response.status_code not in (401, 403, 404, 405) and not turned_away


@pytest.mark.parametrize("route", sorted(TABLE))
def test_an_address_lets_in_whom_the_table_names_and_tells_nobody_of_a_foreign_dispute(clients, route):
    path = target(route)
    secrets = secrets_of(Dispute.objects.get(), route)
    for method in METHODS:
        named = TABLE[route].get("GET" if method == "HEAD" else method, NOBODY)
        for name, client in clients.items():
            # What GET shows is made again for HEAD: who of the named may GET may HEAD is seen with one.
            if method == "HEAD" and name in named and name != min(named):
                continue
            response = client.generic(method, path, content_type="application/json")
            asked = f"{method} /{route} as {name}"
            if method != "OPTIONS":
                assert gets_in(response) == (name in named), f"{asked}: {response.status_code}"
            if method in ("GET", "OPTIONS") and name not in HERE:
                body = text_of(response.getvalue())
                found = [secret for secret in secrets if secret in body]
                assert not found, f"{asked} tells {found}"


def secrets_of(dispute: Dispute, route: str) -> list[str]:
    """What nobody may read to whom the dispute is foreign."""
    secrets = [dispute.case_number, dispute.title, dispute.description]
    return secrets if "<uuid" in route else [*secrets, str(dispute.pk)]


@pytest.mark.parametrize("route", sorted(BACK_OFFICE))
def test_the_back_office_is_for_administrators_only(clients, route):
    path = "/" + route.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1")
    path = path.replace("<path:object_id>", "1").replace("<id>", "1").replace("<path:url>", "x")
    for name, client in clients.items():
        if name == "administrator" or route in ("admin/login/", "admin/jsi18n/", "admin/logout/"):
            continue
        for method in ("GET", "POST", "PUT", "DELETE"):
            response = client.generic(method, path)
            assert not gets_in(response), f"{method} {path} as {name}: {response.status_code}"
