"""`manage.py serve` as a real program: killed, stopped, and told to use a port that is taken."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.databases import fresh_database

PROJECT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10


@dataclass
class Served:
    process: subprocess.Popen
    address: str
    log: Path

    def session(self) -> requests.Session:
        """A client that tries again for some seconds while nobody listens."""
        session = requests.Session()
        retry = requests.adapters.Retry(total=60, connect=60, read=60, backoff_factor=0.05, backoff_max=0.5)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        return session

    def is_alive(self) -> bool:
        with self.session() as session:
            return session.get(f"{self.address}/healthz?name=chen", timeout=10).status_code == 200

    def processes(self) -> dict[int, str]:
        """Process id -> command line of all that it started, and they, and so on."""
        return descendants(self.process.pid)


def descendants(pid: int) -> dict[int, str]:
    found = {}
    for child in children(pid):
        found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        found.update(descendants(child))
    return found


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def database_url(migrated_database) -> Iterator[str]:
    with fresh_database("serve", template=migrated_database) as url:
        yield url


@pytest.fixture
def served(database_url, tmp_path) -> Iterator[Served]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as output:
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--access-log"]
        process = subprocess.Popen(command, stdout=output, stderr=output, **program(database_url))
    server = Served(process, f"http://127.0.0.1:{port}", log)
    assert server.is_alive()
    yield server
    process.kill()
    process.wait()


def program(url: str) -> dict:
    ours = {"DJANGO_SETTINGS_MODULE": "gridgov.settings.demo", "GRIDGOV_DATABASE_URL": url}
    return {"cwd": PROJECT, "env": {**os.environ, **ours}}


def wait_until_gone(pids: dict[int, str]) -> None:
    """Wait for the end of processes that are not our children."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ended, _, _ = select.select([handle], [], [], STOP_SECONDS)
            assert ended, f"{pids[pid]} is still running"
        finally:
            os.close(handle)


def part_of(server: Served, word: str) -> int:
    """Process id of the program beneath `serve` whose command line holds `word`."""
    return next(pid for pid in children(server.process.pid) if word in server.processes()[pid])


def test_it_and_all_that_it_started_end_within_seconds_of_ctrl_c(served):
    started = served.processes()
    assert len([command for command in started.values() if "granian" in command]) == 3  # one and two workers
    assert [command for command in started.values() if "procrastinate worker" in command]

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(timeout=STOP_SECONDS) == 0
    wait_until_gone(started)
    requests_logged = [line for line in served.log.read_text().splitlines() if "/healthz" in line]
    assert requests_logged
    assert not [line for line in requests_logged if "chen" in line or "127.0.0.1" in line]


def test_nothing_outlives_it_when_it_is_killed(served):
    started = served.processes()

    served.process.kill()

    wait_until_gone(started)


def test_nothing_outlives_it_and_granian_when_both_are_killed(served):
    started = served.processes()
    granian = part_of(served, "granian")

    served.process.kill()
    os.kill(granian, signal.SIGKILL)

    wait_until_gone(started)


def test_granian_is_started_again_when_it_was_killed_and_ends_with_the_rest_on_sigterm(served):
    before = part_of(served, "granian")
    workers = descendants(before)

    os.kill(before, signal.SIGKILL)

    wait_until_gone(workers)
    assert served.is_alive()
    assert part_of(served, "granian") != before
    assert "granian ended (-9), starting it again in 1 s." in served.log.read_text()
    started = served.processes()
    served.process.terminate()
    assert served.process.wait(timeout=STOP_SECONDS) == 0
    wait_until_gone(started)


def test_a_port_that_is_taken_is_said_in_one_line(database_url):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        result = run_serve(database_url, "--port", str(port))

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert str(port) in result.stderr


@pytest.mark.parametrize("argument", ["--port=70000", "--port=0", "--host=no-such-host.invalid"])
def test_an_address_that_cannot_be_is_said_in_one_line(database_url, argument):
    result = run_serve(database_url, argument)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def run_serve(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **program(url))
