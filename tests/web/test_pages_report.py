"""The report page and the addresses that it suggests."""

import re

import pytest
from django.test import Client

from incidents import codes
from tests.factories.people import make_staff
from tests.factories.territory import UNITS, make_address, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    make_territory()
    client = Client()
    client.force_login(make_staff()["worker"])
    return client


def test_every_category_can_be_chosen_under_its_group(client):
    page = client.get("/report").content.decode()
    assert set(re.findall(r'<option value="(\d{4})"', page)) == set(codes.CATEGORIES)
    assert page.count("<optgroup") == len(codes.CATEGORY_GROUPS)


def test_the_map_begins_where_the_worker_is_on_duty(client):
    assert client.get("/report").context["bounds"] == "113.300000,23.100000,113.302000,23.102000"


def test_known_addresses_of_the_unit_are_suggested_however_they_are_spelled(client):
    make_address("晓港东路12号", UNITS[0])
    make_address("晓港东路14号", UNITS[0])
    make_address("晓港东路16号", UNITS[1])
    answer = client.get("/report/addresses", {"unit": UNITS[0], "q": "晓港 东路"})
    assert answer.json() == {"addresses": ["晓港东路12号", "晓港东路14号"]}
    answer = client.get("/report/addresses", {"unit": UNITS[0], "q": "14"})
    assert answer.json() == {"addresses": ["晓港东路14号"]}


def test_asking_for_addresses_of_nowhere_gives_none(client):
    assert client.get("/report/addresses").json() == {"addresses": []}
    assert client.get("/report/addresses", {"unit": "x\0", "q": "\0"}).json() == {"addresses": []}


@pytest.mark.parametrize("path", ["/", "/report", "/queue", "/sign-in", "/nothing"])
def test_no_page_needs_an_inline_style_or_script(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert "<style" not in page
