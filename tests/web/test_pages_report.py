"""The report page as the server gives it."""

import re

import pytest
from django.test import Client

from incidents import codes
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

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


def test_the_page_is_the_same_for_everybody_and_says_nothing_about_anybody(client):
    """The phone keeps it for whoever comes next."""
    page = client.get("/report").content.decode()
    assert page == Client().get("/report").content.decode()
    assert re.search(r'name="csrfmiddlewaretoken" value=""', page)


def test_a_category_says_how_its_names_are_typed_by_ear(client):
    page = client.get("/report").content.decode()
    spoken = dict(re.findall(r'<option value="(\d{4})"[^>]* data-pinyin="([^"]*)"', page))
    assert spoken["0402"].split("|")[0] == "wu ye guan li"
    assert "lou shui" in spoken["0201"].split("|")


@pytest.mark.parametrize("path", ["/", "/report", "/queue", "/sign-in", "/nothing"])
def test_no_page_needs_an_inline_style_or_script(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert "<style" not in page
