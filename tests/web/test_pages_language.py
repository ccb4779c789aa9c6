"""In English no page shows Chinese but data. Here the data are English too: any Chinese is a missed text."""

import json
import re

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from grids.models import AreaVersion, User
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import UNITS, make_territory

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
ROOMS = ["grids", "incidents", "maps", "gridgov"]
QUEUES = ["/queue", "/queue?show=all", "/queue?state=overdue", "/queue?from=x"]
PAGES = ["/", "/report", *QUEUES, "/map", "/nothing"]
ENGLISH = {"title": "Leak from above", "description": "Kitchen ceiling.", "address": "12 Garden Road"}


@pytest.fixture
def staff(settings):
    settings.GRIDGOV_DISTRICT_NAME = "Haizhu"
    make_territory()
    for version in AreaVersion.objects.all():
        AreaVersion.objects.filter(pk=version.pk).update(name=f"Area {version.area_id[-3:]}")
    staff = make_staff() | {"idle": make_user("idle")}
    staff["administrator"].is_staff = staff["administrator"].is_superuser = True
    for name, user in staff.items():
        user.name = name
        user.save()
    return staff


def client_of(user: User | None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def chinese_in(page: str) -> list[str]:
    """Chinese of a page, without the button that leads to the Chinese pages and the words that the category
    search knows in both languages, which nobody sees."""
    page = re.sub(r'data-everyday="[^"]*"', "", page)
    return CHINESE.findall(page.replace(">中文</button>", ""))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", ["worker", "street", "district", "planner", "administrator", "idle"])
def test_pages_of_each_role(staff, name, path):
    make_dispute(staff["worker"], **ENGLISH)
    page = client_of(staff[name]).get(path).content.decode()
    assert '<html lang="en"' in page
    assert not chinese_in(page)


def test_signing_in(staff):
    client = client_of(None)
    assert not chinese_in(client.get("/sign-in").content.decode())
    wrong = client.post("/sign-in", {"username": "x", "password": "y"})
    assert not chinese_in(wrong.content.decode())


def test_a_dispute_through_all_its_actions(staff):
    worker = client_of(staff["worker"])
    ways = [
        [Action.VERIFY, Action.ACCEPT, Action.BEGIN_MEDIATION, Action.RECORD_AGREEMENT, Action.CLOSE],
        [Action.ACCEPT, Action.BEGIN_MEDIATION, Action.FAIL, Action.SUSPEND, Action.RESUME, Action.ESCALATE],
        [Action.TRANSFER],
        [Action.VOID],
    ]
    for way in ways:
        dispute = make_dispute(staff["worker"], **ENGLISH)
        for action in way:
            act(staff["worker"], dispute, action, reason="a reason", organisation="an organisation")
            page = worker.get(reverse("dispute", args=[dispute.pk])).content.decode()
            assert not chinese_in(page), action


def test_refusals_and_parties(staff):
    dispute = make_dispute(staff["worker"], unit=UNITS[0], **ENGLISH)
    worker = client_of(staff["worker"])
    street = client_of(staff["street"])
    answers = [
        worker.post(reverse("dispute_action", args=[dispute.pk, "escalate"]), {"version": 1}),
        worker.post(reverse("dispute_action", args=[dispute.pk, "close"]), {"version": 1}),
        worker.post(reverse("dispute_action", args=[dispute.pk, "accept"]), {"version": 7}),
        worker.post(reverse("dispute_action", args=[dispute.pk, "explode"])),
        worker.post(reverse("dispute_parties", args=[dispute.pk])),
        street.post(reverse("dispute_action", args=[dispute.pk, "accept"]), {"version": 1}),
        client_of(staff["planner"]).get(reverse("dispute", args=[dispute.pk])),
    ]
    for answer in answers:
        assert not chinese_in(answer.content.decode()), answer.status_code


def test_scripts_get_their_english(staff):
    catalogue = client_of(None).get("/jsi18n/").content.decode()
    english = json.loads(re.search(r"const newcatalog = (\{.*?\});", catalogue, re.DOTALL).group(1))
    assert english["示意图"] == "Schematic map"
    asked = {
        text
        for room in ROOMS
        for path in (django_settings.BASE_DIR / room / "static").rglob("*.js")
        for text in re.findall(r'\bn?gettext\("([^"]+)"', path.read_text())
    }
    assert len(asked) > 20
    assert asked <= set(english)


@pytest.mark.parametrize("room", ["grids", "incidents", "maps", "fixtures"])
def test_a_room_has_a_name_in_each_language(room):
    config = apps.get_app_config(room)
    with translation.override("zh-hans"):
        chinese = str(config.verbose_name)
    with translation.override("en"):
        assert str(config.verbose_name).isascii()
    assert not chinese.isascii()
