"""From where a request came."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address, behind GRIDGOV_PROXY_COUNT proxies of our own.

    Each proxy appends the address that it saw to X-Forwarded-For, so only the last entries, one for
    each of our proxies, can be believed: what stands before them is the client's own claim.
    """
    count = settings.GRIDGOV_PROXY_COUNT
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if count and len(seen) >= count:
        return seen[-count]
    return request.META.get("REMOTE_ADDR", "")
