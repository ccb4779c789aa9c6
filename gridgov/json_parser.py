"""JSON bodies, of bounded size and depth."""

import io

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = "内容过大。 / Too large."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """UTF-8 only (RFC 8259), at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes.

    REST framework's own reads the stream whole, past Django's limit, and lets deep nesting and a
    charset that is no text encoding end in a server error.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        try:
            return super().parse(
                io.BytesIO(body), media_type, {**(parser_context or {}), "encoding": "utf-8"}
            )
        except RecursionError as error:
            raise ParseError("嵌套过深。 / Nested too deeply.") from error
