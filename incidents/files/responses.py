"""A file of a case as an HTTP answer: nothing in it can act in our origin."""

from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header

from incidents.errors import AttachmentTooLarge
from incidents.files.images import thumbnail
from incidents.files.sniff import IMAGES
from incidents.models import Attachment

# Asked again each time, so that what was removed, or is no longer one's own, is not shown from a cache.
CACHE = "private, no-cache"
POLICY = "default-src 'none'; sandbox"
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def require_bounded(request: HttpRequest, most_bytes: int, limit_mb: int) -> None:
    """Refuse a body that says it is larger, before any of it is read. Raises AttachmentTooLarge."""
    if says_larger(request, most_bytes):
        raise AttachmentTooLarge(limit_mb=limit_mb)


def says_larger(request: HttpRequest, most_bytes: int) -> bool:
    """Whether the body says that it is larger, or nonsense; one that says nothing counts as empty (WSGI)."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > most_bytes


def whole_file(request: HttpRequest, attachment: Attachment, file: BinaryIO) -> HttpResponse:
    """Pictures inline, PDFs to be saved."""
    tag = f'"{attachment.pk}"'
    with file:
        if unchanged := _unchanged(request, tag):
            return unchanged
        # Whole in memory: a file is a few megabytes at most.
        response = HttpResponse(file.read(), content_type=attachment.media_type)
    as_attachment = attachment.media_type not in IMAGES
    response["Content-Disposition"] = content_disposition_header(as_attachment, _file_name(attachment))
    return _guarded(response, tag)


def small_picture(request: HttpRequest, attachment: Attachment, file: BinaryIO) -> HttpResponse:
    """The thumbnail of a picture. Its caller has made sure that it is one."""
    tag = f'"{attachment.pk}-small"'
    with file:
        if unchanged := _unchanged(request, tag):
            return unchanged
        small = thumbnail(file.read(), attachment.media_type)
    return _guarded(HttpResponse(small.content, content_type=small.media_type), tag)


def _file_name(attachment: Attachment) -> str:
    extension = EXTENSIONS[attachment.media_type]
    title = attachment.title
    return title if title.lower().endswith(extension) else f"{title}{extension}"


def _unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    if tag not in request.headers.get("If-None-Match", ""):
        return None
    return _guarded(HttpResponseNotModified(), tag)


def _guarded(response: HttpResponse, tag: str) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = CACHE
    response["ETag"] = tag
    return response
