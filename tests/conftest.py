"""Fixtures that every kind of test may use."""

import fcntl
import json
import os
import pickle
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[1]
BROWSER_TESTS = ROOT / "tests" / "browser"

# Playwright's synchronous calls leave an event loop running in this thread, and Django would then refuse
# the database to every later test, though nothing in this code is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    """The browser's tests last: they are the slowest, so that what fails sooner is seen sooner."""
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)


@pytest.fixture(scope="session")
def fabric(tmp_path_factory, worker_id):
    """The schematic Haizhu, drawn once for all workers of a run: whoever wants it first draws it."""
    from fixtures.haizhu.fabric import build_fabric

    if worker_id == "master":
        return build_fabric()
    drawn = tmp_path_factory.getbasetemp().parent / "fabric"
    with drawn.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not drawn.exists():
            drawn.write_bytes(pickle.dumps(build_fabric()))
    return pickle.loads(drawn.read_bytes())


@pytest.fixture(scope="module")
def haizhu(fabric, django_db_setup, django_db_blocker):
    """The schematic Haizhu in force in the test database, for the tests of one module.

    It is loaded in a transaction that stays open from the first test that wants it to the module's
    last, and is then rolled back, so that no other module sees it; each test's own transaction lies
    within. Tests that need transactions of their own, or another process to see the areas, want
    `demo_server` instead.
    """
    from django.db import transaction

    from tests.factories.areas import put_fabric_in_force

    with django_db_blocker.unblock(), transaction.atomic():
        put_fabric_in_force(fabric)
        yield fabric
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Login:
    username: str
    password: str
    role: str
    area_code: str
    area_name: str


@dataclass(frozen=True)
class DemoServer:
    """The demonstration served over real HTTP by the production server, on a database of its own."""

    base_url: str
    logins: tuple[Login, ...]
    database_url: str
    tokens: dict[str, str] = field(default_factory=dict, compare=False)

    def login(self, role: str, area_code: str | None = None) -> Login:
        """The first demonstration account of `role`, on `area_code` where one is given."""
        return next(
            login for login in self.logins if login.role == role and area_code in (None, login.area_code)
        )

    def token_session(self, login: Login) -> requests.Session:
        """A client that sends the API token of `login`, which is asked for once."""
        if login.username not in self.tokens:
            answer = requests.post(
                f"{self.base_url}/api/v1/token",
                json={"username": login.username, "password": login.password},
                timeout=30,
            )
            answer.raise_for_status()
            self.tokens[login.username] = answer.json()["token"]
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.tokens[login.username]}"
        return session


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _serving(environment: dict[str, str], log: Path):
    port = _free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            base_url = f"http://127.0.0.1:{port}"
            retries = requests.adapters.Retry(total=60, connect=60, backoff_factor=0.05, backoff_max=0.5)
            with requests.Session() as session:
                session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
                session.get(f"{base_url}/healthz", timeout=10).raise_for_status()
            yield base_url
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory, worker_id):
    """The demonstration, served on a database of this worker's own."""
    from tests.databases import fresh_database
    from tests.demonstration import demonstration_settings, loaded_demonstration

    own, alone = tmp_path_factory.mktemp("demo"), worker_id == "master"
    everybodys = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with (
        loaded_demonstration(everybodys, worker_id) as (loaded, logins),
        fresh_database("demo", template=loaded) as url,
        _serving(demonstration_settings(url, own / "files"), own / "server.log") as base_url,
    ):
        accounts = tuple(Login(**entry) for entry in json.loads(logins.read_text()))
        yield DemoServer(base_url, accounts, url)


@pytest.fixture(scope="session")
def migrated_database(django_db_setup, django_db_blocker):
    """Name of a database as the migrations leave it. For copying, not for use.

    It is itself a copy of the database of the other tests, which roll back whatever they do there. Where
    no other test of the run wants that one there is none, and Django's is the one in service: never that.
    """
    from django.core.management import call_command
    from django.db import connection

    from tests.databases import database_name, fresh_database, used_by_django

    name, original = database_name("migrated"), connection.settings_dict["NAME"]
    if original == connection.settings_dict["TEST"]["NAME"]:
        with django_db_blocker.unblock():
            connection.close()  # nobody may use what is being copied
        with fresh_database("migrated", template=original):
            yield name
    else:
        with fresh_database("migrated"):
            with django_db_blocker.unblock(), used_by_django(name):
                call_command("migrate", verbosity=0)
            yield name


@pytest.fixture
def several_connections(migrated_database, django_db_blocker):
    """A database in which threads with their own connections see each other's work.

    Nothing is rolled back, and nothing can be emptied, since the history refuses TRUNCATE:
    each test has a copy of its own.
    """
    from tests.databases import copied_database, used_by_django

    with django_db_blocker.unblock(), copied_database(migrated_database) as copy, used_by_django(copy):
        yield
