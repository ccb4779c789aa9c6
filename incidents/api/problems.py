"""How the API's errors look in its description."""

from rest_framework import serializers

MEDIA_TYPE = "application/problem+json"


class ProblemSerializer(serializers.Serializer):
    """A problem document (RFC 9457). `code` is stable; further members give the facts of that code."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(help_text="中文")
    detail_en = serializers.CharField(help_text="English")
    errors = serializers.DictField(required=False, help_text="{field: [{message, code}]}")


def problems(*statuses: int) -> dict:
    """`responses` of these statuses for `extend_schema`. Every request can also be 401 and 406."""
    return {(status, MEDIA_TYPE): ProblemSerializer for status in sorted({401, 406, *statuses})}
