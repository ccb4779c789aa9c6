"""The private PostGIS in var/postgis: made and started when needed, reached by a socket only.

    python -m gridgov.local_postgis start|stop|status

Who may connect is decided by the file system. The socket's folder has mode 0700 and belongs to
the account that runs the server, so that only this account and root reach it, and PostgreSQL
itself trusts whoever does. The reasons are in docs/decisions/0003-private-postgis.md.

Only the standard library, since this also runs while packages are being installed.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import signal
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

from gridgov.server_account import Account, NoAccountReaches, choose_account

FOLDER = Path(__file__).resolve().parent.parent / "var" / "postgis"
SUPERUSER = "gridgov"
DATABASE = "gridgov"
EXTENSIONS = ("postgis", "btree_gist")
PORT = 5432  # only a part of the socket's name
LONGEST_SOCKET_PATH = 107  # bytes, by Linux' sockaddr_un
START_SECONDS = 300  # recovery after a crash may take long, a start takes less than a second
NO_PROCESS = 4194304  # Linux numbers processes below this

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


class LocalPostgisProblem(RuntimeError):
    """The private PostGIS cannot be had. The message is one line in Chinese and English."""


def database_url(name: str = DATABASE) -> str:
    """URL of database `name` in the project's private cluster. Does no I/O: the server may be down."""
    return Cluster(FOLDER).url(name)


def ensure_running() -> None:
    """The project's private cluster, running and with its database. Takes about 20 ms when it is."""
    Cluster(FOLDER).ensure_running()


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster in `folder`: data/ and run/ (its socket) and its log."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def name(self) -> str:
        """Name in the titles of the server's processes, one for each folder."""
        return "gridgov-" + hashlib.sha256(bytes(self.folder)).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        """Folder of the socket: beside the data, so that it moves along; in /tmp where the path is long."""
        beside = self.folder / "run"
        if len(bytes(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return beside
        return Path("/tmp") / self.name

    def url(self, name: str = DATABASE) -> str:
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
        """Whether it takes connections now. One quick look, so that it can be asked every few seconds."""
        binaries = self._binaries()
        return bool(binaries) and self._is_private(self.sockets) and self._ready(binaries)

    def stop(self) -> None:
        """Stop the server, ending its connections. No error when it does not run."""
        with self._lock():
            if self._postmaster():
                self._pg_ctl("stop", "--mode=fast", f"--timeout={START_SECONDS}")

    # Starting ---------------------------------------------------------------------------------
    def _start(self) -> None:
        if self.is_running():
            return
        account = self._account()
        if not self.data.exists():
            self._initialise(account)
        if self._postmaster():
            _say("私有数据库正在恢复,请稍候…", "The private PostGIS is recovering, please wait …")
            self._wait_until_ready()
            return
        self._clear_remains()
        self._make_socket_folder(account)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = {**SERVER_SETTINGS, "unix_socket_directories": self.sockets, "cluster_name": self.name}
        options = " ".join(f"-c {key}={shlex.quote(str(value))}" for key, value in settings.items())
        self._pg_ctl("start", f"--log={self.log}", f"--timeout={START_SECONDS}", f"--options={options}")

    def _initialise(self, account: Account) -> None:
        """initdb into a folder of another name, so that half a cluster is never taken for a whole one."""
        _say("正在建立私有数据库(var/postgis)…", "Making the private PostGIS in var/postgis …")
        for remains in self.folder.glob("new-*"):
            shutil.rmtree(remains, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        os.chown(new, account.uid, account.gid)
        arguments = (f"--pgdata={new}", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C.UTF-8",
                     "--auth-local=trust", "--auth-host=reject")
        self._run(account, "initdb", *arguments)
        new.rename(self.data)

    def _clear_remains(self) -> None:
        """What a server that was killed leaves behind: backends at work, its socket, a number in its pid file
        that may be another process's by now."""
        for pid in self._backends():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while self._backends() and time.monotonic() < deadline:
            time.sleep(0.05)
        for socket in self.sockets.glob(".s.PGSQL.*"):
            socket.unlink()
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            _, *lines = pid_file.read_text().splitlines(keepends=True) or [""]
            if lines:
                # The number must name no process, or PostgreSQL takes any process for its server.
                # The lines below it stay: by them PostgreSQL sees whether backends are still alive.
                with pid_file.open("r+") as file:
                    file.write("".join([f"{NO_PROCESS}\n", *lines]))
                    file.truncate()
            else:
                pid_file.unlink()  # killed while writing its first line: nothing ran yet

    def _make_socket_folder(self, account: Account) -> None:
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            os.chown(self.sockets, account.uid, account.gid)
        if not self._is_private(self.sockets):
            raise LocalPostgisProblem(
                f"{self.sockets} 属于其他用户或权限不是 0700,请删除后重试。 / "
                f"{self.sockets} belongs to another user or has not mode 0700: remove it and try again."
            )

    def _is_private(self, folder: Path) -> bool:
        """No other user made `folder` or can enter it. In /tmp anybody could have put one there."""
        try:
            found, expected = folder.lstat(), self.folder.stat()
        except (FileNotFoundError, PermissionError):
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == expected.st_uid and not found.st_mode & 0o077

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline or not self._postmaster():
                raise self._problem("数据库没有启动", "PostgreSQL did not start")
            time.sleep(0.1)

    # The database -----------------------------------------------------------------------------
    def _has_database(self) -> bool:
        """Whether server, database and extensions are all there, in one connection."""
        if not self.is_running():
            return False
        names = self._sql(DATABASE, "SELECT extname FROM pg_extension", check=False).split()
        return set(EXTENSIONS) <= set(names)

    def _make_database(self) -> None:
        if self._sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'") != "1":
            self._sql("postgres", f"CREATE DATABASE {DATABASE}")
        for name in EXTENSIONS:
            self._sql(DATABASE, f"SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS {name}")

    def _sql(self, database: str, statement: str, *, check: bool = True) -> str:
        connection = (f"--host={self.sockets}", f"--port={PORT}", f"--username={SUPERUSER}", "--no-password")
        output = ("--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1")
        command = [self._required_binaries() / "psql", *connection, *output,
                   f"--dbname={database}", f"--command={statement}"]
        result = subprocess.run(command, capture_output=True, text=True, env=_environment(), cwd="/")
        if check and result.returncode:
            raise self._problem("无法建立数据库", "The database cannot be made", result.stderr)
        return result.stdout.strip()

    # Processes --------------------------------------------------------------------------------
    def _postmaster(self) -> int | None:
        """Process id of this cluster's living server. The number in its pid file may be another process's."""
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if command[0].endswith(b"/postgres") and bytes(self.data) in command:
                return pid
        return None

    def _backends(self) -> list[int]:
        """Processes of a server of this cluster that was killed. Their titles bear the cluster's name."""
        title, owner = f"postgres: {self.name}: ".encode(), self.folder.stat().st_uid
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError):
                if process.stat().st_uid == owner and (process / "cmdline").read_bytes().startswith(title):
                    found.append(int(process.name))
        return found

    def _ready(self, binaries: Path) -> bool:
        address = (f"--host={self.sockets}", f"--port={PORT}")
        command = [binaries / "pg_isready", "--quiet", "--timeout=3", *address]
        return subprocess.run(command, env=_environment(), cwd="/").returncode == 0

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        common = (f"--pgdata={self.data}", "--silent", "--wait")
        self._run(self._account(), "pg_ctl", action, *common, *arguments)

    def _run(self, account: Account, program: str, *arguments: str) -> None:
        command = [*account.prefix, self._required_binaries() / program, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, env=_environment(), cwd="/")
        if result.returncode:
            raise self._problem(f"{program} 失败", f"{program} failed", result.stderr)

    # Where things are -------------------------------------------------------------------------
    def _account(self) -> Account:
        try:
            account = choose_account(self.folder)
        except NoAccountReaches:
            raise LocalPostgisProblem(
                f"以 root 运行时 PostgreSQL 无法进入 {self.folder},请把项目移到 /srv 等目录。 / "
                f"Run by root, PostgreSQL cannot enter {self.folder}: move the project to /srv, say."
            ) from None
        if self.folder.stat().st_uid != account.uid:
            raise LocalPostgisProblem(
                f"{self.folder} 属于其他用户,请用原来的用户(或 sudo)运行。 / "
                f"{self.folder} belongs to another user: run this as that user, or with sudo."
            )
        return account

    def _binaries(self) -> Path | None:
        """PostgreSQL's programs, of the version that made the data, or the newest that has PostGIS."""
        with suppress(FileNotFoundError, PermissionError):
            return _postgis_versions().get(int((self.data / "PG_VERSION").read_text()))
        return max(_postgis_versions().items(), default=(0, None))[1]

    def _required_binaries(self) -> Path:
        if binaries := self._binaries():
            return binaries
        raise LocalPostgisProblem(
            "没有找到 PostgreSQL 与 PostGIS,请运行 bin/demo。 / "
            "PostgreSQL with PostGIS is not installed: run bin/demo."
        )

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time. The system frees the lock of a process that was killed."""
        path = self.folder.with_name(self.folder.name + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("w")
        except PermissionError:
            raise LocalPostgisProblem(
                f"没有写入 {path.parent} 的权限,请用原来的用户(或 sudo)运行。 / "
                f"{path.parent} belongs to another user: run this as that user, or with sudo."
            ) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _problem(self, chinese: str, english: str, output: str = "") -> LocalPostgisProblem:
        said = " ".join(output.split()) or "-"
        return LocalPostgisProblem(f"{chinese}(日志:{self.log})。 / {english} (log: {self.log}): {said}")


def _postgis_versions() -> dict[int, Path]:
    """PostgreSQL's major versions with PostGIS on this machine, as Debian and Ubuntu lay them out."""
    found = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    versions = {int(path.parts[-3]): Path("/usr/lib/postgresql") / path.parts[-3] / "bin" for path in found}
    return {version: path for version, path in versions.items() if (path / "postgres").exists()}


def _environment() -> dict[str, str]:
    """The environment without PG…, which may lead PostgreSQL's programs to another server."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def _say(chinese: str, english: str) -> None:
    print(f"{chinese} / {english}", file=sys.stderr, flush=True)


def main(action: str) -> int:
    """Do `start`, `stop` or `status`. Returns the exit code: status gives 3 when it does not run."""
    cluster = Cluster(FOLDER)
    try:
        if action == "start":
            cluster.ensure_running()
        elif action == "stop":
            cluster.stop()
        elif action != "status":
            print("python -m gridgov.local_postgis start|stop|status", file=sys.stderr)
            return 2
    except LocalPostgisProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    running = cluster.is_running()
    print(f"{'running' if running else 'stopped'} {cluster.url()}")
    return 0 if running or action == "stop" else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
