"""Forms with files are UTF-8, as all others are."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

UTF_8 = {"utf-8", "utf8"}


class FormCharsetMiddleware:
    """Refuses another encoding of a form with files, before anybody reads it.

    Django itself refuses it for forms without files, but decodes these by whatever Python calls an encoding:
    some, as "hex", give no text, which would end in a server error. No browser names one here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.content_params.get("charset", "utf-8")
        if request.content_type == "multipart/form-data" and named.strip('"').lower() not in UTF_8:
            raise BadRequest("A form with files is UTF-8.")
        return self.get_response(request)
