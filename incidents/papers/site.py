"""Where a case is opened: what its code says."""

from django.conf import settings
from django.http import HttpRequest


def site_of(request: HttpRequest) -> str:
    """GRIDGOV_PUBLIC_URL, or the address that this request came to."""
    return settings.GRIDGOV_PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
