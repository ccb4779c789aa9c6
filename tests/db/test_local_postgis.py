"""The private cluster, made anew in a temporary folder, and killed in the ways it must survive."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gridgov.local_postgis import Cluster, LocalPostgisProblem, cluster
from gridgov.local_postgis.remains import NO_PROCESS, living_postmaster

PROJECT = Path(cluster.__file__).parents[2]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that every account can enter (pytest's own is closed to others)."""
    path = Path(tempfile.mkdtemp(prefix="gridgov-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def made(home: Path) -> Iterator[Cluster]:
    """One cluster for all tests of this module, stopped at the end."""
    private = Cluster(home / "postgis")
    private.ensure_running()
    yield private
    private.stop()


@pytest.fixture
def running(made: Cluster) -> Cluster:
    made.ensure_running()
    return made


def connect(private: Cluster) -> psycopg.Connection:
    return psycopg.connect(private.url().replace("postgis://", "postgresql://"), autocommit=True)


def test_it_has_postgis_and_btree_gist_and_chinese_in_utf8(running):
    with connect(running) as connection:
        assert connection.execute("SELECT postgis_version()").fetchone()[0].startswith("3.")
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW lc_collate").fetchone() == ("C.UTF-8",)
        connection.execute("CREATE TEMP TABLE t (r daterange, EXCLUDE USING gist (r WITH &&))")


def test_it_listens_on_a_private_socket_and_nowhere_else(running):
    with connect(running) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert running.sockets.stat().st_mode & 0o777 == 0o700
    assert running.data.stat().st_mode & 0o077 == 0


def test_a_failed_statement_leaves_no_personal_data_in_its_log(running):
    with connect(running) as connection:
        connection.execute("CREATE TEMP TABLE person (name text, phone text CHECK (phone = ''))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO person VALUES ('陈大文', '13800138000')")
    log = running.log.read_text()
    assert "person_phone_check" in log
    assert "陈大文" not in log
    assert "13800138000" not in log


def test_asking_whether_it_runs_leaves_its_log_alone(running):
    before = running.log.read_text()
    assert running.is_running()
    assert running.log.read_text() == before


def test_it_starts_again_after_its_postmaster_was_killed_with_a_backend_at_work(running):
    busy = connect(running)
    busy.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    # A loop in the server that looks at nothing but its own work, so that it outlives the postmaster.
    work = threading.Thread(target=run_until_killed, args=(busy,))
    work.start()
    wait_for_backend_at_work(running)
    os.kill(living_postmaster(running.data), signal.SIGKILL)

    running.ensure_running()

    work.join(timeout=10)
    assert not work.is_alive()
    with connect(running) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def run_until_killed(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 10000000000)")
    connection.close()


def wait_for_backend_at_work(private: Cluster) -> None:
    at_work = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%'"
    with connect(private) as connection:
        while connection.execute(at_work).fetchone() != (2,):  # the work, and this question
            pass


def test_a_pid_file_that_names_another_living_process_does_not_stop_it(running):
    running.stop()
    pid_file = running.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{running.data}\n1700000000\n5432\n{running.sockets}\n\n  1 1\n")
    (running.sockets / ".s.PGSQL.5432").touch()
    (running.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    running.ensure_running()

    assert int(pid_file.read_text().split()[0]) not in (os.getpid(), NO_PROCESS)


@pytest.mark.parametrize("left", ["", "123"])
def test_a_pid_file_cut_off_while_it_was_written_does_not_stop_it(running, left):
    running.stop()
    (running.data / "postmaster.pid").write_text(left)

    running.ensure_running()

    assert running.is_running()


def test_stopping_it_twice_is_no_error(running):
    running.stop()
    running.stop()

    assert not running.is_running()


def test_its_folder_may_be_moved_while_it_runs(running, home):
    moved = Cluster(home / "moved")
    running.folder.rename(moved.folder)
    try:
        assert moved.is_running()
        moved.stop()
        assert not moved.is_running()
    finally:
        moved.folder.rename(running.folder)


def test_many_processes_at_once_start_one_server(running):
    running.stop()
    program = f"from pathlib import Path; from gridgov.local_postgis import Cluster; " \
              f"Cluster(Path({str(running.folder)!r})).ensure_running()"
    starters = [subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT) for _ in range(6)]

    assert [starter.wait(timeout=60) for starter in starters] == [0] * 6
    assert running.is_running()


def test_a_database_without_its_extensions_is_completed(running):
    with connect(running) as connection:
        connection.execute("DROP EXTENSION postgis; DROP EXTENSION btree_gist")

    running.ensure_running()

    with connect(running) as connection:
        assert connection.execute("SELECT postgis_version()").fetchone()


def test_half_a_cluster_left_by_a_killed_initdb_is_cleared_and_made_anew(home):
    private = Cluster(home / "half")
    half = private.folder / "new-killed" / "base"
    half.mkdir(parents=True)
    private.data.mkdir()
    (private.data / "note.txt").write_text("no cluster, but somebody's")

    private.ensure_running()
    try:
        assert private.is_running()
        assert not half.exists()
        assert [path.read_text() for path in private.folder.glob("set-aside-*/note.txt")]
    finally:
        private.stop()


def test_initdb_killed_in_its_middle_leaves_a_folder_that_the_next_start_completes(home):
    private = Cluster(home / "killed")
    program = f"from pathlib import Path; from gridgov.local_postgis import Cluster; " \
              f"Cluster(Path({str(private.folder)!r})).ensure_running()"
    starter = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stderr=subprocess.DEVNULL)
    while not list(private.folder.glob("new-*/PG_VERSION")):
        assert starter.poll() is None
    starter.kill()
    starter.wait()

    private.ensure_running()
    try:
        assert private.is_running()
    finally:
        private.stop()


def test_a_path_too_long_for_a_socket_gets_one_in_tmp(home):
    deep = Cluster(home / ("深" * 30) / "postgis")
    deep.ensure_running()
    try:
        assert deep.sockets.parent == Path("/tmp")
        with connect(deep) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        deep.stop()
        shutil.rmtree(deep.sockets)


def test_what_postgresql_says_is_passed_on_when_it_does_not_start(running):
    running.stop()
    configuration = running.data / "postgresql.conf"
    before = configuration.read_text()
    configuration.write_text(before + "max_connections = -3\n")
    try:
        with pytest.raises(LocalPostgisProblem, match="max_connections"):
            running.ensure_running()
    finally:
        configuration.write_text(before)


def test_a_socket_folder_that_others_can_enter_is_refused(home):
    open_to_all = Cluster(home / ("长" * 30) / "postgis")
    open_to_all.sockets.mkdir()
    open_to_all.sockets.chmod(0o777)
    try:
        with pytest.raises(LocalPostgisProblem, match="0700"):
            open_to_all.ensure_running()
    finally:
        open_to_all.sockets.rmdir()
