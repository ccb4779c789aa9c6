"""Two people save a new body, or a new mediator, with the same code at the same moment."""

import pytest
from django.contrib.gis.db import models

from incidents.errors import NetworkInvalid
from incidents.models import MediationBody, Mediator
from incidents.network.keeping import save_body, save_mediator
from tests.factories.case_bodies import make_body
from tests.factories.people import make_staff
from tests.factories.territory import STREET_1, make_territory
from tests.factories.threads import at_once

pytestmark = pytest.mark.usefixtures("several_connections")

BODY = {"name": "调委会", "kind": "people", "body_type": "2", "form": "committee", "area": STREET_1}
MEDIATOR = {"name": "林某", "background": "retired", "body": "B1"}


@pytest.mark.parametrize(
    ("model", "save", "values"), [(MediationBody, save_body, BODY), (Mediator, save_mediator, MEDIATOR)]
)
def test_of_two_who_save_the_same_code_at_once_the_second_is_told(monkeypatch, model, save, values):
    make_territory()
    make_body("B1")
    user = make_staff()["district"]
    # Both have looked before either stores: the moment that is hard to hit.
    monkeypatch.setattr(models.Model, "full_clean", lambda row: None)

    def run():
        try:
            return save(user=user, values=values | {"code": "X1"}).code
        except NetworkInvalid as error:
            return set(error.facts["errors"])

    answers = at_once(run, run)
    assert sorted(answers, key=str) == ["X1", {"code"}]
    assert model.objects.filter(code="X1").count() == 1
