"""One database URL to Django's settings."""

from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"postgis", "postgres", "postgresql"}
# A connection that the server closed, as at its restart, is replaced and not handed out.
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}
# A query sent this often with server-side values (as grids/locate.py does) is kept prepared.
# Django's own queries never are, since it writes their values into the text.
PREPARE_THRESHOLD = 5
# And is planned once, not at every report: planning where a place lies took longer than looking it up.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"


def database_from_url(url: str) -> dict:
    """Settings for PostGIS at `url`: `postgis://user:password@host:port/name`, a socket folder as `%2Fpath`.

    `postgres://` is read as PostGIS too. Connections are pooled by psycopg, and looked at before use.
    Raises ImproperlyConfigured, without the URL in its message, since a password may stand in it.
    """
    if not _is_understood(url):
        raise ImproperlyConfigured(
            "GRIDGOV_DATABASE_URL 应为 postgis://用户:密码@主机:端口/库名(特殊字符写成 %XX)。 / "
            "GRIDGOV_DATABASE_URL must be postgis://user:password@host:port/name, special characters as %XX."
        )
    engine = "django.contrib.gis.db.backends.postgis"
    config = dj_database_url.parse(url, engine=engine, conn_health_checks=True)
    given = config.get("OPTIONS", {})
    ours = {
        "prepare_threshold": PREPARE_THRESHOLD,
        "pool": POOL.copy(),
        # What the URL says comes later and holds.
        "options": f"{PLANNED_ONCE} {given.get('options', '')}".strip(),
    }
    config["OPTIONS"] = {**given, **ours}
    return config


def _is_understood(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0 and len(parts.path) > 1
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
