"""One database URL to Django's settings."""

import dj_database_url


def database_from_url(url: str) -> dict:
    """Settings for PostGIS at `url`: `postgis://user:password@host:port/name`, a socket folder as `%2Fpath`.

    `postgres://` is read as PostGIS too. Connections are pooled by psycopg.
    """
    config = dj_database_url.parse(url, engine="django.contrib.gis.db.backends.postgis")
    config["OPTIONS"] = {**config.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
    return config
