"""Points and codes of appraisal items that no honest form sends."""

import pytest
from django.test import Client

from incidents.models import AppraisalItem
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db

ITEM = {"code": "on_time", "name": "按时", "explanation": "说明", "points": "3", "active": "on"}


@pytest.fixture
def district():
    make_territory()
    client = Client()
    client.force_login(make_staff()["district"])
    return client


@pytest.mark.parametrize("points", ["1e9999999", "-1e9999999", "1e-9999999", "sNaN"])
def test_points_beyond_what_can_be_counted_are_refused_beside_their_field(district, points):
    refused = district.post("/appraisal/items", ITEM | {"points": points})
    assert refused.status_code == 400
    assert refused.context["errors"].keys() == {"points"}


def test_an_item_that_cannot_be_is_not_changed(district):
    assert district.post("/appraisal/items", ITEM | {"code": "on_time\0"}).status_code == 403
    assert AppraisalItem.objects.get(code="on_time").name != "按时"
