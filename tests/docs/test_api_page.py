"""docs/api.md names every address of a dispute and every error."""

from pathlib import Path

import pytest

from gridgov.http_errors import status_of
from incidents import errors
from incidents.api.urls import urlpatterns
from incidents.errors import IncidentsError, TimeInvalid

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
# Roots that are never raised, and the errors of commands, which have no HTTP status.
NOT_IN_THE_API = {IncidentsError, TimeInvalid}
ERRORS = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, IncidentsError) and error not in NOT_IN_THE_API
]


@pytest.mark.parametrize("pattern", urlpatterns, ids=str)
def test_every_address_is_described(pattern):
    address = str(pattern.pattern).replace("<uuid:dispute_id>", "{id}").replace("<str:action>", "{action}")
    assert f"/api/v1/{address}`" in PAGE


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_error_is_listed_with_its_status(error):
    status = status_of(error.__new__(error))
    assert f"| {status} | `{error.code}` |" in PAGE
