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


def database_name(purpose: str) -> str:
    return f"{settings.DATABASES['default']['TEST']['NAME']}_{purpose}"


def connect(name: str) -> psycopg.Connection:
    """A connection beside Django's."""
    return psycopg.connect(**_parameters(name))


def database_url(name: str) -> str:
    return urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))


@contextmanager
def fresh_database(purpose: str):
    """An empty database with PostGIS; gives its URL and drops it at the end."""
    name = database_name(purpose)
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield database_url(name)
        finally:
            server.execute(drop)


@contextmanager
def used_by_django(name: str):
    """Django's database while this lasts."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def copied_database(original: str):
    """A copy of a database, to write to from several connections; gives its name and drops it at the end."""
    copy = f"{original}_copy"
    names = {"copy": sql.Identifier(copy), "original": sql.Identifier(original)}
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {copy} WITH (FORCE)").format(**names)
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {original}").format(**names))
        try:
            yield copy
        finally:
            server.execute(drop)
