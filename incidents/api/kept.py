"""Serializers that each thread keeps: making the fields of one takes longer than using them."""

import threading

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer, as_serializer_error


class KeptSerializer(threading.local):
    """One of class `kind` in each thread. For what is asked at every report."""

    def __init__(self, kind: type[Serializer]):
        self._context: dict = {}
        self._serializer = kind(context=self._context)

    def checked(self, data: object) -> dict:
        """What `data`, as it was sent, says. Raises ValidationError by fields, as `is_valid` does."""
        try:
            return self._serializer.run_validation(data)
        except ValidationError as error:
            raise ValidationError(as_serializer_error(error)) from error

    def represented(self, instance: object, **context: object) -> dict:
        """`instance` as the serializer gives it within `context`."""
        self._context.clear()
        self._context.update(context)
        return self._serializer.to_representation(instance)
