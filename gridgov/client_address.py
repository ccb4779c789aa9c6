"""From where a request came."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

# Some proxies write the port too, which is another one for each connection.
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def client_address(request: HttpRequest) -> str:
    """The client's address, behind GRIDGOV_PROXY_COUNT proxies of our own.

    Each proxy appends the address that it saw to X-Forwarded-For, so only the last entries, one for
    each of our proxies, can be believed: what stands before them is the client's own claim. Where a proxy
    wrote no address, as "unknown", it is the proxy's own that counts.
    """
    count = settings.GRIDGOV_PROXY_COUNT
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    claimed = _plain(seen[-count]) if count and len(seen) >= count else ""
    return claimed or request.META.get("REMOTE_ADDR", "")


def _plain(text: str) -> str:
    """`text` as an address without its port, "" if it is none."""
    found = _WITH_PORT.fullmatch(text)
    try:
        return str(ipaddress.ip_address(found["six"] or found["four"] if found else text))
    except ValueError:
        return ""
