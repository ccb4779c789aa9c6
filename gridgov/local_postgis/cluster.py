"""A PostgreSQL cluster of our own: made, started, stopped, and filled with one database."""

import fcntl
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gridgov.local_postgis.account import Account, choose_account
from gridgov.local_postgis.programs import LocalPostgisProblem, installed_versions, program, run
from gridgov.local_postgis.remains import clear_remains, living_postmaster

SUPERUSER = "gridgov"
DATABASE = "gridgov"
EXTENSIONS = ("postgis", "btree_gist")
PORT = 5432  # only a part of the socket's name
LONGEST_SOCKET_PATH = 107  # bytes, by Linux' sockaddr_un
START_SECONDS = 300  # recovery after a crash may take long, a start takes less than a second

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_preload_libraries": "postgis-3",  # or every new connection loads GEOS and PROJ anew
    "jit": "off",  # compiling costs more than it saves in queries of milliseconds
    "shared_buffers": "256MB",
    # A failed statement would carry names and telephone numbers into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Cluster:
    """A cluster in `folder`: data/, run/ (its socket) and its log. One folder, one cluster."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def name(self) -> str:
        """Name in the titles of the server's processes, different for every folder."""
        return "gridgov-" + hashlib.sha256(bytes(self.folder)).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        """Folder of the socket: beside the data, where nobody else can put one; in /tmp for a long path."""
        beside = self.folder / "run"
        fits = len(bytes(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
        return beside if fits else Path("/tmp") / self.name

    def url(self, name: str = DATABASE) -> str:
        """URL of database `name`. No I/O."""
        return f"postgis://{SUPERUSER}@{quote(str(self.sockets), safe='')}:{PORT}/{name}"

    def ensure_running(self) -> None:
        """Make, start and fill what is missing. Raises LocalPostgisProblem.

        Processes that call this at once wait for each other. Killed at any moment, the next call completes.
        """
        if self._has_database():
            return
        with self._lock():
            self._start()
            self._make_database()

    def is_running(self) -> bool:
        """Whether it takes connections now. Takes milliseconds, so that it can be asked often."""
        if not self._socket_folder_is_private() or not installed_versions():
            return False
        # Names that exist: each question by or for another leaves a line in the server's log.
        where = (f"--host={self.sockets}", f"--port={PORT}", f"--username={SUPERUSER}", "--dbname=postgres")
        return run([program("pg_isready"), "--quiet", "--timeout=3", *where]).returncode == 0

    def stop(self) -> None:
        """Stop the server, ending its connections. No error when it does not run."""
        with self._lock():
            if self.is_running() or living_postmaster(self.data):
                self._pg_ctl(choose_account(self.folder), "stop", "--mode=fast")

    # Starting ---------------------------------------------------------------------------------
    def _start(self) -> None:
        if self.is_running():
            return
        account = choose_account(self.folder)
        if self._version() is None:
            self._initialise(account)
        if living_postmaster(self.data):
            self._wait_until_ready()
            return
        clear_remains(self.data, self.sockets, self.name)
        self._make_socket_folder(account)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = {**SERVER_SETTINGS, "unix_socket_directories": self.sockets, "cluster_name": self.name}
        options = " ".join(f"-c {key}={shlex.quote(str(value))}" for key, value in settings.items())
        self._pg_ctl(account, "start", f"--log={self.log}", f"--options={options}")

    def _initialise(self, account: Account) -> None:
        """initdb into a folder of another name, so that half a cluster is never taken for a whole one."""
        _say("正在建立私有数据库…", f"Making the private PostGIS in {self.folder} …")
        for remains in self.folder.glob("new-*"):
            shutil.rmtree(remains, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        os.chown(new, account.uid, account.gid)
        kind = (f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C.UTF-8")
        access = ("--auth-local=trust", "--auth-host=reject")
        self._succeed([*account.prefix, program("initdb"), f"--pgdata={new}", *kind, *access])
        if self.data.exists():  # without PG_VERSION it is no cluster, but it is not ours to delete
            self.data.rename(tempfile.mkdtemp(prefix="set-aside-", dir=self.folder))
        new.rename(self.data)

    def _wait_until_ready(self) -> None:
        """For a server that somebody started: it may be recovering from a crash."""
        _say("私有数据库正在恢复,请稍候…", "The private PostGIS is recovering, please wait …")
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline or not living_postmaster(self.data):
                raise self._problem("数据库没有启动", "PostgreSQL did not start")
            time.sleep(0.1)

    # The socket -------------------------------------------------------------------------------
    def _make_socket_folder(self, account: Account) -> None:
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            os.chown(self.sockets, account.uid, account.gid)
        if not self._socket_folder_is_private():
            raise LocalPostgisProblem(
                f"{self.sockets} 属于其他用户或权限不是 0700,请删除后重试。 / "
                f"{self.sockets} belongs to another user or has not mode 0700: remove it and try again."
            )

    def _socket_folder_is_private(self) -> bool:
        """No other user made it or can enter it. In /tmp anybody could have put one with a server of his."""
        try:
            found, owner = self.sockets.lstat(), self.folder.stat().st_uid
        except (FileNotFoundError, PermissionError):
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077

    # The database -----------------------------------------------------------------------------
    def _has_database(self) -> bool:
        """Whether server, database and extensions are all there."""
        if not self.is_running():
            return False
        found = self._psql(DATABASE, "SELECT extname FROM pg_extension")
        return set(EXTENSIONS) <= set(found.stdout.split())

    def _make_database(self) -> None:
        exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
        if self._require(self._psql("postgres", exists)).stdout.strip() != "1":
            self._require(self._psql("postgres", f"CREATE DATABASE {DATABASE}"))
        for name in EXTENSIONS:
            self._require(self._psql(DATABASE, f"CREATE EXTENSION IF NOT EXISTS {name}"))

    def _psql(self, database: str, statement: str) -> subprocess.CompletedProcess[str]:
        where = (f"--host={self.sockets}", f"--port={PORT}", f"--username={SUPERUSER}", "--no-password")
        how = ("--no-psqlrc", "--tuples-only", "--no-align", "--quiet", f"--dbname={database}")
        return run([program("psql"), *where, *how, f"--command={statement}"])

    # Running the programs ---------------------------------------------------------------------
    def _pg_ctl(self, account: Account, action: str, *arguments: str) -> None:
        common = (f"--pgdata={self.data}", "--silent", "--wait", f"--timeout={START_SECONDS}")
        self._succeed([*account.prefix, program("pg_ctl", self._version()), action, *common, *arguments])

    def _version(self) -> int | None:
        """Major version of the data, or None where there is no cluster yet."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _succeed(self, command: list[str | Path]) -> None:
        self._require(run(command))

    def _require(self, result: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        if result.returncode:
            raise self._problem("数据库命令失败", "PostgreSQL failed", result.stderr)
        return result

    def _problem(self, chinese: str, english: str, output: str = "") -> LocalPostgisProblem:
        said = " ".join([*output.split(), *self._log_lines()[-2:]]) or "-"
        return LocalPostgisProblem(f"{chinese}(日志 {self.log})。 / {english} (log {self.log}): {said}")

    def _log_lines(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time. The system frees the lock of a process that was killed."""
        path = self.folder.with_name(self.folder.name + ".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w")
        except PermissionError:
            raise LocalPostgisProblem(
                f"没有写入 {path.parent} 的权限,请用原来的用户(或 sudo)运行。 / "
                f"{path.parent} belongs to another user: run this as that user, or with sudo."
            ) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _say(chinese: str, english: str) -> None:
    print(f"{chinese} / {english}", file=sys.stderr, flush=True)
