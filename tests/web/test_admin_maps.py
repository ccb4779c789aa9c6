"""What the back office's maps are given to show."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.models import Address, AreaVersion
from grids.roles import Role
from grids.services import redraw_area
from tests.factories.areas import COMMUNITY, four_units
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
UNIT = f"{COMMUNITY}001"


@pytest.fixture
def client():
    four_units()
    client = Client()
    client.force_login(make_user("boss", Role.ADMINISTRATOR, "440105", is_staff=True, is_superuser=True))
    return client


def version_page(client, **which):
    version = AreaVersion.objects.get(area_id=UNIT, **which)
    return client.get(reverse("admin:grids_areaversion_change", args=[version.pk]))


def outlines(client, page) -> set[str]:
    """Codes of the areas that the page's map draws as its ground."""
    answer = client.get(page.context["map_ground"]["areas"])
    return {feature["id"] for feature in answer.json()["features"]}


def test_a_new_address_is_placed_among_the_communities_of_the_district(client):
    assert outlines(client, client.get(reverse("admin:grids_address_add"))) == {COMMUNITY}


def test_a_known_address_is_shown_among_the_units_of_its_community(client):
    address = Address.objects.create(text="a", normalized="a", unit_id=UNIT, location=Point(113.3, 23.1))
    page = client.get(reverse("admin:grids_address_change", args=[address.pk]))
    assert outlines(client, page) == {f"{COMMUNITY}00{n}" for n in range(1, 5)}
    assert page.context["map_ground"]["unit"] == UNIT


def test_a_boundary_is_shown_among_its_neighbours(client):
    assert UNIT in outlines(client, version_page(client, valid_to=None))


def test_a_closed_boundary_is_a_map_among_the_neighbours_of_its_time_and_offers_no_change(client):
    old = AreaVersion.objects.get(area_id=UNIT)
    redraw_area(code=UNIT, geom=old.geom, name="新名", valid_from=timezone.localdate(), source="test")
    page = version_page(client, valid_to__isnull=False)
    words = page.content.decode()
    assert f"on={old.valid_from}" in page.context["map_ground"]["areas"]
    assert "geodjango_boundary.modifiable = false" in words
    assert "只供查看" in words
    assert "使用新的边界" not in words
    assert "SRID=" not in words
    assert 'name="_save"' not in words


def test_a_coming_boundary_is_shown_among_the_neighbours_of_its_first_day(client):
    version = AreaVersion.objects.get(area_id=UNIT)
    tomorrow = timezone.localdate() + timedelta(days=1)
    redraw_area(code=UNIT, geom=version.geom, name="新名", valid_from=tomorrow, source="test")
    assert f"on={tomorrow}" in version_page(client, valid_to=None).context["map_ground"]["areas"]
