"""A worker of procrastinate that is really killed at work, and the one that comes after it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from incidents.exchange import jobs
from incidents.models import FileJob
from tests.databases import connect, database_url
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.usefixtures("several_connections")
PROJECT = Path(__file__).resolve().parents[2]
# A worker begins within seconds, and asks what is due each minute.
MOST_SECONDS = 100


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen]:
    """As `serve` starts it."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
        "GRIDGOV_DATABASE_URL": database_url(connection.settings_dict["NAME"]),
        "GRIDGOV_FILES_DIR": str(folder),
    }
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--delete-jobs", "successful"]
    with (folder / "worker.log").open("a") as log:
        process = subprocess.Popen(
            [*command, "--concurrency", "4"], cwd=PROJECT, env={**os.environ, **ours}, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(what: Callable[[], bool], seconds: float = MOST_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, f"{seconds} s were not enough"
        time.sleep(0.2)


def at_work(name: str):
    return ProcrastinateJob.objects.filter(task_name=name, status="doing")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_after_a_worker_was_killed_cases_go_up_again_and_its_file_says_that_it_failed(tmp_path, settings):
    settings.GRIDGOV_FILES_DIR = tmp_path
    make_territory()
    staff = make_staff()
    overdue = make_dispute(staff["worker"])
    file = jobs.begin_export(user=staff["street"], query="", form="xlsx", language="zh-hans")
    with disputes_locked(), worker(tmp_path) as first:
        wait_for(at_work("escalate_overdue").exists)
        wait_for(at_work("run_file_job").exists)
        wait_for(FileJob.objects.filter(pk=file.pk, state=FileJob.RUNNING).exists)
        left = at_work("escalate_overdue").get().pk
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert at_work("escalate_overdue").get().pk == left, "it holds the lock"

    # A minute later.
    execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
    execute("DELETE FROM procrastinate_periodic_defers")
    with worker(tmp_path):
        wait_for(overdue.events.filter(action="escalate").exists)
        wait_for(FileJob.objects.filter(pk=file.pk, state=FileJob.FAILED).exists)
    file.refresh_from_db()
    assert "请重新开始" in file.result["zh"]
    assert not at_work("escalate_overdue").filter(pk=left).exists()
    assert not at_work("run_file_job").exists()


@contextmanager
def disputes_locked() -> Iterator[None]:
    """Whoever reads disputes waits."""
    with connect(connection.settings_dict["NAME"]) as other:
        other.execute("LOCK TABLE incidents_dispute IN ACCESS EXCLUSIVE MODE")
        yield
