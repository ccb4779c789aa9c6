"""Fields that take a JSON value of their own type only: "12" is no number, and 12 no text.

None of their errors repeats what was sent.
"""

import math

from rest_framework import serializers


class TextField(serializers.CharField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumberField(serializers.IntegerField):
    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberField(serializers.FloatField):
    """A finite number. JSON's 1e999 reads as infinity, and a whole number may exceed every float."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            number = float(data)
        except OverflowError:
            self.fail("invalid")
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class CodeField(serializers.ChoiceField):
    """One of a table's codes. REST framework's own error repeats what was sent, be it half a character,
    which no answer can be written with."""

    default_error_messages = {
        "invalid_choice": "不是可选的值,见 /api/v1/schema。 / Not one of the values of /api/v1/schema."
    }


class MomentField(serializers.DateTimeField):
    """REST framework's own ends in an OverflowError for the first and the last day that there is."""

    def enforce_timezone(self, value):
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")
