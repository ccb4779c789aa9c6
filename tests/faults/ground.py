"""The demonstration behind a proxy that fails on demand, on a server that can be killed and comes back.

Browsers talk to the proxy alone, so that the server's restarts keep its address.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.conftest import ROOT, DemoServer, Login
from tests.databases import connect, fresh_database
from tests.demonstration import demonstration_settings, loaded_demonstration
from tests.faults.proxy import FaultProxy, fault_proxy

START_WITHIN_S = 60
SEND_TIMEOUT_S = 1  # what the page waits for an answer to a report; 20 s outside tests

ARRIVED = """
    SELECT d.id, d.report_key, d.case_number, d.title, d.description, d.category, d.scale, d.people_involved,
           d.source, d.occurred_at, d.injury_or_threat, d.address_text,
           d.original_lon, d.original_lat, d.original_datum, d.accuracy_m, d.photos_expected,
           u.username AS worker,
           ARRAY(SELECT a.id::text FROM incidents_attachment a
                 WHERE a.dispute_id = d.id AND a.removed_at IS NULL ORDER BY a.added_at, a.id) AS photos
    FROM incidents_dispute d JOIN grids_user u ON u.id = d.reported_by_id
    WHERE d.title LIKE %s ORDER BY d.reported_at
"""


class KillableServer:
    """GridGov's web server on one port, in a group of processes of its own."""

    def __init__(self, environment: dict[str, str], log: Path):
        self.environment, self.log = environment, log
        self.process: subprocess.Popen | None = None
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start, and wait until pages can be had."""
        from gridgov.management.commands.serve import granian_command

        command = granian_command("127.0.0.1", self.port, False)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + START_WITHIN_S
        while True:
            with suppress(requests.ConnectionError):
                requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10).raise_for_status()
                return
            assert time.monotonic() < end and self.process.poll() is None, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of all its processes, in the middle of whatever they do."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@dataclass(frozen=True)
class Ground:
    """Where reports are sent, and how it is looked up what became of them."""

    server: KillableServer
    proxy: FaultProxy
    logins: tuple[Login, ...]
    database: str
    files: Path

    @property
    def demo(self) -> DemoServer:
        """The same without the proxy."""
        return DemoServer(f"http://127.0.0.1:{self.server.port}", self.logins, "")

    def workers(self) -> list[Login]:
        """Accounts that may report, one for each unit that has one."""
        return [login for login in self.logins if login.role == "grid_worker"]

    def arrived(self, title: str) -> list[dict]:
        """Disputes whose title begins so, in the order of their arrival."""
        pattern = title.replace("%", r"\%").replace("_", r"\_") + "%"
        with closing(connect(self.database)) as connection:
            cursor = connection.execute(ARRIVED, [pattern])
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def change(self, statement: str, *values) -> int:
        """Run SQL past the application: a session that ends. Gives how many rows it changed."""
        with closing(connect(self.database)) as connection:
            count = connection.execute(statement, values).rowcount
            connection.commit()
            return count

    def photo_file(self, attachment: str) -> Path:
        return next(path for path in self.files.rglob(f"{attachment}*") if path.is_file())


@contextmanager
def failing_ground(folder: Path, everybodys: Path, worker: str) -> Iterator[Ground]:
    """A copy of the demonstration, served and proxied. `everybodys` is the folder of the whole run."""
    with (
        loaded_demonstration(everybodys, f"{worker}-faults") as (loaded, logins),
        fresh_database("faults", template=loaded) as url,
    ):
        settings = demonstration_settings(url, folder / "files")
        server = KillableServer(
            settings | {"GRIDGOV_SEND_TIMEOUT_S": str(SEND_TIMEOUT_S)}, folder / "server.log"
        )
        accounts = tuple(Login(**entry) for entry in json.loads(logins.read_text()))
        try:
            server.start()
            with fault_proxy(server.port) as proxy:
                database = urlsplit(url).path.lstrip("/")
                yield Ground(server, proxy, accounts, database, folder / "files")
        finally:
            server.kill()
