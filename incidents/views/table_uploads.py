"""How large the body of a form with a table may be."""

from django.http import HttpRequest

from incidents.errors import SheetTooLarge
from incidents.files.responses import says_larger
from incidents.sheets.limits import MAX_BYTES

# The other fields, and what stands between them; a preview of the network comes back with its confirmation.
FORM_BYTES = 1024 * 1024


def require_bounded_table(request: HttpRequest) -> None:
    """Refuse a body that says it is larger, before any of it is read. Raises SheetTooLarge."""
    if says_larger(request, MAX_BYTES + FORM_BYTES):
        raise SheetTooLarge(what_zh="文件大小", what_en="in size", limit=f"{MAX_BYTES // 1024**2} MB")
