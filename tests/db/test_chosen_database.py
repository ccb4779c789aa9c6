"""The user's own server: what is wrong with it is said in one line, without the password."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from gridgov import chosen_database, local_postgis
from gridgov.chosen_database import DatabaseNotUsable, check_server
from gridgov.local_postgis import Cluster
from gridgov.settings.database import database_from_url

PROJECT = Path(__file__).resolve().parents[2]
ONE_LINE_IN_TWO_LANGUAGES = re.compile(r"[^\n]+。 / [^\n]+")


@pytest.fixture(scope="module")
def administrator() -> Iterator[psycopg.Connection]:
    """A superuser's connection to the server that the tests use."""
    server = settings.DATABASES["default"]
    with psycopg.connect(**connection_parameters(server), dbname="postgres", autocommit=True) as connection:
        yield connection


def connection_parameters(server: dict) -> dict:
    given = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {name: server[key] for name, key in given.items() if server[key]}


@pytest.fixture
def empty_database(administrator) -> Iterator[str]:
    """Name of a database without extensions."""
    name = f"test_empty_{uuid.uuid4().hex[:8]}"
    administrator.execute(f"CREATE DATABASE {name}")
    yield name
    administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def plain_user(administrator) -> Iterator[str]:
    """Name of a user who may make nothing."""
    name = f"test_plain_{uuid.uuid4().hex[:8]}"
    administrator.execute(f"CREATE ROLE {name} LOGIN")
    yield name
    administrator.execute(f"DROP ROLE {name}")


@pytest.fixture
def server_with_passwords() -> Iterator[Cluster]:
    """A server of its own that asks for a password, which is `the right one`."""
    home = Path(tempfile.mkdtemp(prefix="gridgov-test-"))
    home.chmod(0o755)
    guarded = Cluster(home / "postgis")
    guarded.ensure_running()
    with psycopg.connect(guarded.url().replace("postgis", "postgresql", 1), autocommit=True) as connection:
        connection.execute("ALTER ROLE gridgov PASSWORD 'the right one'")
        (guarded.data / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        connection.execute("SELECT pg_reload_conf()")
    while guarded._has_database():  # without a password, until the server has read the file
        pass
    yield guarded
    guarded.stop()
    shutil.rmtree(home)


def database(**changes: object) -> dict:
    return {**settings.DATABASES["default"], "OPTIONS": {}, **changes}


def refusal(config: dict) -> str:
    with pytest.raises(DatabaseNotUsable) as refused:
        check_server(config)
    message = str(refused.value)
    assert ONE_LINE_IN_TWO_LANGUAGES.fullmatch(message)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return message


def test_missing_extensions_are_made_where_the_user_may(empty_database):
    check_server(database(NAME=empty_database))
    check_server(database(NAME=empty_database))

    parameters = connection_parameters(settings.DATABASES["default"])
    with psycopg.connect(**parameters, dbname=empty_database) as connection:
        names = {name for name, in connection.execute("SELECT extname FROM pg_extension")}
    assert {"postgis", "btree_gist"} <= names


def test_a_missing_extension_that_the_user_may_not_make_is_named(empty_database, plain_user):
    message = refusal(database(NAME=empty_database, USER=plain_user))

    assert "CREATE EXTENSION postgis" in message


def test_a_database_that_does_not_exist_is_named():
    assert '"no_such_database" does not exist' in refusal(database(NAME="no_such_database"))


def test_a_user_that_does_not_exist_is_named():
    assert '"nobody_here" does not exist' in refusal(database(USER="nobody_here"))


def test_a_server_that_is_not_there_is_named_without_the_password():
    message = refusal(database_from_url("postgis://u:hunter2@127.0.0.1:9/grid"))

    assert "127.0.0.1" in message
    assert "hunter2" not in message


def test_a_wrong_password_is_not_printed(server_with_passwords):
    url = server_with_passwords.url().replace("gridgov@", "gridgov:hunter2@")
    check_server(database_from_url(url.replace("hunter2", "the right one")))

    message = refusal(database_from_url(url))

    assert "password authentication failed" in message
    assert "hunter2" not in message


def test_an_option_that_postgresql_does_not_know_is_named():
    assert "colour" in refusal(database_from_url("postgis://u:hunter2@127.0.0.1:9/grid?colour=red"))


@pytest.mark.parametrize(
    ("limit", "value", "named"), [("OLDEST_SERVER", 990000, "99"), ("OLDEST_POSTGIS", (9, 9), "9.9")]
)
def test_a_server_too_old_is_named_with_what_is_needed(monkeypatch, limit, value, named):
    monkeypatch.setattr(chosen_database, limit, value)

    assert named in refusal(database())


def test_an_extension_that_the_server_does_not_have_is_named(monkeypatch):
    monkeypatch.setattr(chosen_database.local_postgis, "EXTENSIONS", ("no_such_extension",))

    assert "no_such_extension" in refusal(database())


@pytest.mark.parametrize(
    "url", ["postgis://u:hunter2@127.0.0.1:9/grid", local_postgis.database_url("no_such_database")]
)
def test_a_command_says_it_in_one_line_and_ends_with_2(url):
    result = subprocess.run(
        [sys.executable, PROJECT / "manage.py", "showmigrations"], capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo", "GRIDGOV_DATABASE_URL": url},
    )

    assert result.returncode == 2
    assert ONE_LINE_IN_TWO_LANGUAGES.fullmatch(result.stderr.removesuffix("\n"))
    assert result.stdout == ""
    assert "hunter2" not in result.stderr

