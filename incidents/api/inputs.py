"""What the API is sent: read and checked for form. What it means is for the services."""

from collections.abc import Mapping
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from grids.errors import DatumMissing
from incidents import codes
from incidents import report as rules
from incidents.api.fields import CodeField, MomentField, NumberField, TextField, WholeNumberField
from incidents.api.kept import KeptSerializer
from incidents.errors import FilterInvalid, ReportKeyInvalid
from incidents.report import Report, ReportedParty
from incidents.services.actions import ORGANISATION_LENGTH, REASON_LENGTH

GRID_UNIT = r"^[0-9]{15}$"
DEFAULT_LIMIT, LARGEST_LIMIT = 200, 1000
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    required=True,
    description="One for each report; sent again with the same body it gives the same dispute.",
)


def parse_limit(text: str) -> int:
    """How many disputes a page holds, the usual number for none said. Raises FilterInvalid."""
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LARGEST_LIMIT):
        message = f"应为 1 至 {LARGEST_LIMIT}。 / Must be 1 to {LARGEST_LIMIT}."
        raise FilterInvalid({"limit": [{"message": message, "code": "invalid"}]})
    return int(text)


def report_key(header: str) -> UUID:
    """The Idempotency-Key. Raises ReportKeyInvalid unless it is a UUID in its usual spelling."""
    try:
        key = UUID(header)
    except ValueError as error:
        raise ReportKeyInvalid from error
    if str(key) != header.lower():
        raise ReportKeyInvalid
    return key


@extend_schema_field({"type": "string", "enum": ["wgs84", "gcj02", "bd09"]})
class DatumField(TextField):
    """Which datums there are is asked of `locate_point`."""


class ReportedLocationSerializer(serializers.Serializer):
    lon = NumberField(min_value=-180, max_value=180)
    # Up to 180 too: when longitude and latitude are swapped, `locate_point` says so.
    lat = NumberField(min_value=-180, max_value=180)
    datum = DatumField(max_length=20)
    accuracy_m = NumberField(required=False, allow_null=True, min_value=0, help_text="metres, 95 %")
    found_by = CodeField(list(codes.FOUND_BY), required=False, help_text="How the position was found")

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and data.get("datum") in (None, ""):
            raise DatumMissing
        return super().to_internal_value(data)


class ReportedPartySerializer(serializers.Serializer):
    name = TextField(max_length=rules.PARTY_NAME_LENGTH)
    phone = TextField(max_length=rules.PARTY_PHONE_LENGTH, required=False, allow_blank=True)
    role = TextField(max_length=rules.PARTY_ROLE_LENGTH, required=False, allow_blank=True)


class ReportSerializer(serializers.Serializer):
    """A report. Members that are not listed are ignored."""

    title = TextField(max_length=rules.TITLE_LENGTH)
    description = TextField(max_length=rules.DESCRIPTION_LENGTH, required=False, allow_blank=True)
    category = CodeField(list(codes.CATEGORIES))
    scale = CodeField(list(codes.SCALES))
    people_involved = WholeNumberField(min_value=1, max_value=rules.MOST_PEOPLE)
    occurred_at = MomentField(help_text="Without an offset: Asia/Shanghai")
    source = CodeField(list(codes.SOURCES))
    location = ReportedLocationSerializer()
    address = TextField(max_length=rules.ADDRESS_LENGTH, required=False, allow_blank=True)
    grid_unit = serializers.RegexField(
        GRID_UNIT, required=False, allow_null=True, help_text="The worker's choice among the candidates"
    )
    address_unit = serializers.RegexField(
        GRID_UNIT, required=False, allow_null=True, help_text="Where the address lies, if in another unit"
    )
    parties = ReportedPartySerializer(many=True, required=False, max_length=rules.MOST_PARTIES)
    injury_or_threat = serializers.BooleanField(required=False, help_text="Someone is hurt or threatened")
    # How much is possible at all is for the rules of a report.
    amount_yuan = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, help_text="At stake, in yuan"
    )
    photos = WholeNumberField(
        min_value=0,
        max_value=rules.MOST_PHOTOS,
        required=False,
        help_text="How many will follow, each sent to …/photos/{photo_key}",
    )


_REPORT = KeptSerializer(ReportSerializer)


def parse_report(data: object) -> Report:
    """The report that was sent. Raises ValidationError."""
    said = _REPORT.checked(data)
    place = said.pop("location")
    parties = tuple(ReportedParty(**party) for party in said.pop("parties", ()))
    return Report(**said, **place, parties=parties)


class ActionSerializer(serializers.Serializer):
    """What an action may need, and the version of the dispute that the user looked at."""

    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True)
    assignee = TextField(max_length=50, required=False, allow_blank=True, help_text="username")
    organisation = TextField(max_length=ORGANISATION_LENGTH, required=False, allow_blank=True)
    version = WholeNumberField(required=False, allow_null=True, min_value=1)
