"""Serve GridGov: granian for the pages and the API, procrastinate for what happens by itself."""

import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gridgov.local_postgis import PROJECT_CLUSTER, LocalPostgisProblem, ensure_running
from gridgov.supervision import Program, keep_running

WORKERS = 2
# Fewer than a worker's pool has connections, so that no thread waits for one.
BLOCKING_THREADS = 4
# Neither addresses of people nor query strings, which hold coordinates and search words.
ACCESS_LOG = "%(time)s %(method)s %(path)s %(status)d %(dt_ms).1f ms"
JOBS_AT_ONCE = 4
NEVER_READY_FAILURES = 4
DATABASE_CHECK_SECONDS = 5


class Command(BaseCommand):
    help = "Serve until Ctrl-C: granian, and the worker of procrastinate. / 运行服务,直到按 Ctrl-C。"
    requires_system_checks = []
    stealth_options = ("address", "beside")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--access-log", action="store_true", help="a line for each request, on stdout")
        parser.add_argument("--ssl-certificate", type=Path, metavar="FILE", help="for TLS, as PEM")
        parser.add_argument("--ssl-keyfile", type=Path, metavar="FILE", help="its key, PKCS #8 as PEM")

    def handle(
        self, *, host: str, port: int, access_log: bool, ssl_certificate: Path | None = None,
        ssl_keyfile: Path | None = None, address: str = "", beside: Sequence[Program] = (), **_: object,
    ) -> None:
        """`address` is told to people where it is not that of `host`; `beside` are programs to run too."""
        require_tls_files(ssl_certificate, ssl_keyfile)
        require_free_port(host, port)
        tls = tls_options(ssl_certificate, ssl_keyfile) if ssl_certificate else []
        web = Program("granian", [*granian_command(host, port, access_log), *tls])
        worker = Program("procrastinate", worker_command())
        address = address or f"{'https' if tls else 'http'}://{in_url(host)}:{port}/"
        watch = Watch(host, port, web, address)
        keep_running([web, worker, *beside], watch.look)


class Watch:
    """Says when pages can be had, gives up when they never can, and keeps the private PostGIS running."""

    def __init__(self, host: str, port: int, web: Program, address: str) -> None:
        self.host, self.port, self.web, self.address = host, port, web, address
        self.ready = False
        self.database_checked_at = time.monotonic()

    def look(self) -> None:
        """Look once. Called again and again while the programs run.

        Raises:
            CommandError: granian ended too often without ever answering.
        """
        if not self.ready:
            self._look_for_readiness()
        if time.monotonic() - self.database_checked_at > DATABASE_CHECK_SECONDS:
            self._look_after_database()
            self.database_checked_at = time.monotonic()

    def _look_for_readiness(self) -> None:
        if self.web.failures >= NEVER_READY_FAILURES:
            raise CommandError("服务无法启动,原因见上。 / granian does not start: the reason stands above.")
        with suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
            self.ready = True
            print(
                f"GridGov 已运行:{self.address} 按 Ctrl-C 停止。 / "
                f"GridGov is running, Ctrl-C stops it.", file=sys.stderr, flush=True,
            )

    def _look_after_database(self) -> None:
        database = settings.DATABASES["default"]
        if database["HOST"] != str(PROJECT_CLUSTER.sockets) or PROJECT_CLUSTER.is_running():
            return
        try:
            ensure_running()
        except LocalPostgisProblem as problem:
            print(problem, file=sys.stderr, flush=True)


def granian_command(host: str, port: int, access_log: bool) -> list[str]:
    """The web server, its access log on stdout if wanted."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "gridgov.served:application",
        "--host", host, "--port", str(port), "--no-ws", "--log-level", "error",
        "--workers", str(WORKERS), "--blocking-threads", str(BLOCKING_THREADS),
        "--respawn-failed-workers", "--workers-kill-timeout", "5",
        "--working-dir", str(settings.BASE_DIR),
    ]
    return [*command, "--access-log", "--access-log-fmt", ACCESS_LOG] if access_log else command


def tls_options(certificate: Path, key: Path) -> list[str]:
    """For granian. TLS 1.2 too, for telephones of some years ago; by itself it speaks 1.3 only."""
    return ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key), "--ssl-protocol-min", "tls1.2"]


def worker_command() -> list[str]:
    """The worker. Finished jobs are deleted: the escalation alone makes one every minute."""
    return [
        sys.executable, str(settings.BASE_DIR / "manage.py"), "procrastinate", "worker",
        "--delete-jobs", "successful", "--shutdown-graceful-timeout", "5",
        # A long export must not keep the minute's escalation waiting.
        "--concurrency", str(JOBS_AT_ONCE),
    ]


def require_tls_files(certificate: Path | None, key: Path | None) -> None:
    """Both or neither, and files; else one line, exit code 2."""
    if (certificate is None) != (key is None):
        raise CommandError(
            "--ssl-certificate 与 --ssl-keyfile 要一起给出。 / "
            "--ssl-certificate and --ssl-keyfile go together.",
            returncode=2,
        )
    for path in filter(None, (certificate, key)):
        if not path.is_file():
            raise CommandError(f"没有这个文件:{path} / There is no such file: {path}", returncode=2)


def require_free_port(host: str, port: int) -> None:
    """Say in one line, exit code 2, why nobody can listen there."""
    try:
        if not 0 < port < 65536:
            raise OverflowError("1-65535")  # getaddrinfo would take it modulo 65536
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"无法使用 {host}:{port}({error}),请用 --port 换一个端口。 / "
            f"{host}:{port} cannot be used ({error}): choose another with --port.",
            returncode=2,
        ) from None


def in_url(host: str) -> str:
    """`host` as an address writes it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
