"""Databases that a test makes for itself, beside the one that pytest-django rolls back."""

from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql


def _parameters(name: str) -> dict:
    default = settings.DATABASES["default"]
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    return {"dbname": name, **{ours: default[key] for key, ours in keys.items() if default.get(key)}}


@contextmanager
def fresh_database(purpose: str):
    """An empty database with PostGIS; gives its URL and drops it at the end."""
    name = f"{settings.DATABASES['default']['TEST']['NAME']}_{purpose}"
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))
        finally:
            server.execute(drop)


@contextmanager
def copied_database(purpose: str):
    """A copy of the test database that Django uses instead while this lasts.

    For tests in which several connections write and see each other's work. Nothing is rolled back, and
    nothing can be emptied (the history refuses TRUNCATE): the copy is dropped.
    """
    original = connection.settings_dict["NAME"]
    copy = f"{original}_{purpose}"
    connection.close()
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy))
        server.execute(drop)
        names = {"copy": sql.Identifier(copy), "original": sql.Identifier(original)}
        server.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {original}").format(**names))
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original
            server.execute(drop)
