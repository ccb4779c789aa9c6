"""What the API answers. No name or telephone of a party is in any of it but `PartySerializer`."""

from django.contrib.gis.geos import Point
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.codes import FOUND_BY, category_label
from incidents.measures import Measure
from incidents.models import Dispute, DisputeEvent, Party
from incidents.models.labels import STATE_NAMES
from incidents.risk_words import risk_sentence
from incidents.services.promised_photos import promise_of_report
from incidents.workflow import Action

SUMMARY_FIELDS = (
    "id", "case_number", "title", "category", "category_name", "scale", "people_involved", "source",
    "risk", "state", "state_name", "level", "responsible_area", "grid_unit", "community", "street", "address",
    "location_certain", "occurred_at", "reported_at", "due_at", "overdue", "ended_at", "assigned_to",
    "allowed_actions", "version",
)  # fmt: skip


@extend_schema_field({
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    },
})  # fmt: skip
class PointField(serializers.Field):
    """A GeoJSON point in WGS84, longitude first. By hand: through GDAL it takes a fifth of a list's time."""

    def to_representation(self, point: Point) -> dict:
        return {"type": "Point", "coordinates": [point.x, point.y]}


class DisputeSummarySerializer(serializers.ModelSerializer):
    """A dispute in a list. The context gives `duties` (CaseDuties) and `now`."""

    category_name = serializers.SerializerMethodField()
    state_name = serializers.SerializerMethodField()
    community = serializers.CharField(source="community_code")
    street = serializers.CharField(source="street_code")
    address = serializers.CharField(source="address_text")
    overdue = serializers.SerializerMethodField()
    assigned_to = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Dispute
        fields = SUMMARY_FIELDS
        read_only_fields = SUMMARY_FIELDS

    def get_category_name(self, dispute: Dispute) -> str:
        return category_label(dispute.category, get_language() or "")

    def get_state_name(self, dispute: Dispute) -> str:
        # Not get_state_display, which builds a table of all states at every call.
        return str(STATE_NAMES[dispute.state])

    def get_overdue(self, dispute: Dispute) -> bool:
        return dispute.due_at is not None and dispute.due_at < self.context["now"]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([a.value for a in Action])))
    def get_allowed_actions(self, dispute: Dispute) -> list[str]:
        return [action.value for action in self.context["duties"].actions_for(dispute)]


class OriginalLocationSerializer(serializers.ModelSerializer):
    """The position as it was sent."""

    lon = serializers.FloatField(source="original_lon")
    lat = serializers.FloatField(source="original_lat")
    datum = serializers.CharField(source="original_datum")
    found_by = serializers.SerializerMethodField()

    class Meta:
        model = Dispute
        fields = ("lon", "lat", "datum", "found_by")

    @extend_schema_field(serializers.ChoiceField(list(FOUND_BY), allow_null=True))
    def get_found_by(self, dispute: Dispute) -> str | None:
        return dispute.found_by or None


class DisputeSerializer(DisputeSummarySerializer):
    """A dispute in full, its history and parties apart."""

    risk_reason = serializers.SerializerMethodField()
    allowed_measures = serializers.SerializerMethodField()
    location = PointField()
    original_location = OriginalLocationSerializer(source="*")
    reported_by = serializers.SlugRelatedField("username", read_only=True)

    class Meta(DisputeSummarySerializer.Meta):
        fields = (
            *SUMMARY_FIELDS, "description", "risk_reason", "risk_overridden", "injury_or_threat",
            "amount_yuan", "supervised_since", "extension_days", "extension_asked_days", "allowed_measures",
            "location", "accuracy_m", "original_location", "address_unit", "home_area", "reported_by",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([m.value for m in Measure])))
    def get_allowed_measures(self, dispute: Dispute) -> list[str]:
        return [measure.value for measure in self.context["duties"].measures_for(dispute)]

    def get_risk_reason(self, dispute: Dispute) -> str:
        return risk_sentence(dispute)


class PhotosSerializer(serializers.Serializer):
    """Photos that were promised and those that have come."""

    expected = serializers.IntegerField()
    received = serializers.IntegerField()


class ReceiptSerializer(DisputeSerializer):
    """What the sender of a report is answered: also the key by which it is known, and what of it is owed."""

    photos = serializers.SerializerMethodField()

    class Meta(DisputeSerializer.Meta):
        fields = (*DisputeSerializer.Meta.fields, "report_key", "photos")
        read_only_fields = fields

    @extend_schema_field(PhotosSerializer)
    def get_photos(self, dispute: Dispute) -> dict[str, int]:
        promise = promise_of_report(dispute)
        return {"expected": promise.expected, "received": promise.received}


class DisputeFeatureSerializer(serializers.Serializer):
    type = serializers.CharField(default="Feature", read_only=True)
    id = serializers.UUIDField()
    geometry = PointField(source="location")
    properties = DisputeSummarySerializer(source="*")


class DisputePageSerializer(serializers.Serializer):
    """A GeoJSON FeatureCollection, newest first; `next` is the address of the following page or null."""

    type = serializers.ChoiceField(["FeatureCollection"])
    features = DisputeFeatureSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class EventSerializer(serializers.ModelSerializer):
    """One step of the history. `actor` is a username, null where the system acted."""

    actor = serializers.SlugRelatedField("username", read_only=True, allow_null=True)
    actor_name = serializers.CharField(source="actor.name", default=None, allow_null=True)
    from_state = serializers.SerializerMethodField()
    from_level = serializers.SerializerMethodField()
    assigned_to = serializers.SlugRelatedField("username", read_only=True, allow_null=True)

    class Meta:
        model = DisputeEvent
        fields = (
            "id", "version", "at", "actor", "actor_name", "action", "from_state", "to_state", "from_level",
            "to_level", "area", "assigned_to", "organisation", "reason", "reason_code",
        )  # fmt: skip
        read_only_fields = fields

    def get_from_state(self, event: DisputeEvent) -> str | None:
        return event.from_state or None

    def get_from_level(self, event: DisputeEvent) -> str | None:
        return event.from_level or None


class PartySerializer(serializers.ModelSerializer):
    class Meta:
        model = Party
        fields = ("id", "name", "phone", "role")
        read_only_fields = fields
