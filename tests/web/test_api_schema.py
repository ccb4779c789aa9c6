"""The API keeps to its own description, whatever it is sent."""

import pytest
import schemathesis
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from incidents.models import Dispute
from incidents.report import ReportedParty
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


api = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
api.app = get_wsgi_application()


@pytest.fixture
def token(several_connections):
    # Committed: WSGI's end of a request closes the connection, and what it did not commit is lost.
    make_territory()
    worker = make_staff()["worker"]
    make_dispute(worker, parties=(ReportedParty("甲"),))
    return Token.objects.create(user=worker).key


def test_the_description_is_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


@api.include(path_regex="^/api/v1/disputes").parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case, token):
    # Of invented identifiers none would be found.
    if "dispute_id" in case.path_parameters:
        case.path_parameters["dispute_id"] = str(Dispute.objects.values_list("id", flat=True).first())
    # In a query an empty parameter is one that was left open in a form; in a body nothing is let pass.
    checks = [*CHECKS, negative_data_rejection] if case.method == "POST" else CHECKS
    case.call_and_validate(headers={"Authorization": f"Token {token}"}, checks=checks)
