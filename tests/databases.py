"""Databases that a test makes for itself, beside the one that pytest-django rolls back."""

import os
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


def database_name(purpose: str, *, everybodys: bool = False) -> str:
    """Name of a database of this worker's own, or of the one for all workers of the run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "master")
    # pytest-django puts the worker behind the name, but only once a test wants its database.
    run = settings.DATABASES["default"]["TEST"]["NAME"].removesuffix(f"_{worker}")
    return f"{run}_{purpose}" if everybodys else f"{run}_{worker}_{purpose}"


def connect(name: str) -> psycopg.Connection:
    """A connection beside Django's."""
    return psycopg.connect(**_parameters(name))


def database_url(name: str) -> str:
    return urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))


def create_database(name: str, *, template: str = "template1") -> None:
    """Anew, where there is one: a run that was killed leaves its databases."""
    drop_database(name)
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    _run(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))


def drop_database(name: str) -> None:
    _run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(statement: sql.Composed) -> None:
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        server.execute(statement)


@contextmanager
def fresh_database(purpose: str, *, template: str = "template1"):
    """An empty database with PostGIS, or a copy of `template`; gives its URL and drops it at the end."""
    name = database_name(purpose)
    create_database(name, template=template)
    try:
        yield database_url(name)
    finally:
        drop_database(name)


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
    create_database(copy, template=original)
    try:
        yield copy
    finally:
        drop_database(copy)
