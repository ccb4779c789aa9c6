"""docs/api.md names the addresses of disputes and territory, and every error that the API can answer."""

from pathlib import Path

import pytest

from gridgov.http_errors import GENERAL, status_of
from grids import api_urls as grids_urls
from grids import errors as grids
from incidents import errors as incidents
from incidents.api import urls as incidents_urls
from maps import errors as maps

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ROOTS = {grids.DomainError, grids.GridsError, incidents.IncidentsError, maps.MapsError}
# What only commands and the back office raise: it never becomes a problem document.
OF_COMMANDS = {
    incidents.TimeInvalid,
    # The network is changed on pages and by commands; the API only reads it.
    incidents.NetworkEditNotYours,
    incidents.MediatorNotFound,
    incidents.NetworkInvalid,
    incidents.NetworkNotImported,
    incidents.NetworkImportExpired,
    incidents.NetworkKindUnknown,
    grids.FileMissing,
    grids.FileNotWritable,
    grids.SameFile,
    grids.FileDamaged,
    grids.FormatUnknown,
    grids.LayerMissing,
    grids.EncodingUnknown,
    grids.EncodingWrong,
    grids.ColumnsMissing,
    grids.FieldMissing,
    grids.CrsMissing,
    grids.CrsUnknown,
    grids.CrsContradicts,
    grids.DatumNeedsDegrees,
    grids.CrsGivenTwice,
    grids.AreasNotImported,
}
ERRORS = {
    error
    for room in (grids, incidents, maps)
    for error in vars(room).values()
    if isinstance(error, type) and issubclass(error, grids.DomainError)
}
# Tables are sent to pages and commands, which say what is wrong with one.
OF_COMMANDS |= {error for error in ERRORS if issubclass(error, incidents.SheetInvalid)}
# Notices and handing over are pages only.
OF_COMMANDS |= {
    incidents.NoticeNotFound, incidents.ChannelFailed, incidents.HandoverNotAllowed,
    incidents.HandoverInvalid,
}  # fmt: skip
# Parties have a page, and no API.
OF_COMMANDS |= {
    incidents.PartyCodeUnknown, incidents.TooManyCodes, incidents.RatingTooEarly, incidents.RatedAlready,
}  # fmt: skip
# Import and export of tables are pages only.
OF_COMMANDS |= {
    incidents.ImportNotAllowed, incidents.ExportNotAllowed, incidents.FileJobNotFound,
    incidents.ColumnsMissing, incidents.ExportNoLongerAllowed,
}  # fmt: skip
# The analyses are commands.
OF_COMMANDS |= {error for error in ERRORS if issubclass(error, maps.AnalysisError)}
ANSWERED = [(status_of(error.__new__(error)), error.code) for error in ERRORS - ROOTS - OF_COMMANDS]
GENERALLY = [(status, words[0]) for status, words in GENERAL.items()]


@pytest.mark.parametrize("pattern", [*incidents_urls.urlpatterns, *grids_urls.urlpatterns], ids=str)
def test_every_address_is_described(pattern):
    address = str(pattern.pattern)
    names = {"<uuid:dispute_id>": "{id}", "<str:action>": "{action}", "<str:level>": "{level}"}
    names |= {"<str:body_code>": "{code}"}
    names |= {"<str:measure>": "{measure}"}
    names |= {"<int:referral_id>": "{referral}"}
    names |= {"<int:document_id>": "{document}", "<str:form>": "{form}", "<uuid:file_id>": "{file}"}
    names |= {"<uuid:photo_key>": "{photo_key}"}
    for path, name in names.items():
        address = address.replace(path, name)
    assert f"/api/v1/{address}`" in PAGE or f"/api/v1/{address}?" in PAGE


@pytest.mark.parametrize(("status", "code"), sorted(ANSWERED + GENERALLY))
def test_every_error_is_listed_with_its_status(status, code):
    assert f"| {status} | `{code}` |" in PAGE


def test_the_errors_of_commands_are_not_listed():
    assert not [error.code for error in OF_COMMANDS if f"`{error.code}`" in PAGE]
