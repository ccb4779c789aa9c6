"""The demonstration for telephones, served for real: over TLS, beside the page that gives the certificate."""

import os
import re
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
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from tests.databases import database_url
from tests.factories.people import make_user
from tests.web.test_serve import STOP_SECONDS, descendants, run_serve, wait_until_gone

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "a-word-for-this-test"
# What the command `demo --lan` does once all is loaded, with certificates in a folder of the test's own.
SERVE_ON_LAN = """
import sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from gridgov.lan.serving import serving_on_lan
settings.VAR_DIR = Path(sys.argv[1])
serving = serving_on_lan("127.0.0.1", int(sys.argv[2]))
print(serving.words, flush=True)
serving.prepare()
call_command("serve", **serving.options)
"""


@dataclass
class ServedOnLan:
    process: subprocess.Popen
    port: int
    authority: Path
    log: Path

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def trust_address(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def session(self) -> requests.Session:
        """A client that trusts our authority alone, and tries again for some seconds while nobody listens."""
        session = requests.Session()
        session.trust_env = False  # a bundle of certificates named there would take its place
        session.verify = str(self.authority)
        retry = requests.adapters.Retry(total=60, connect=60, read=60, backoff_factor=0.05, backoff_max=0.5)
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=retry))
        return session


def two_free_ports() -> int:
    """The first of two ports in a row that nobody listens on."""
    while True:
        with closing(socket.create_server(("127.0.0.1", 0))) as first:
            port = first.getsockname()[1]
            try:
                with closing(socket.create_server(("127.0.0.1", port + 1))):
                    return port
            except (OSError, OverflowError):
                continue


def environment() -> dict[str, str]:
    ours = {
        "DJANGO_SETTINGS_MODULE": "gridgov.settings.demo",
        "GRIDGOV_DATABASE_URL": database_url(connection.settings_dict["NAME"]),
    }
    return {**os.environ, **ours}


@pytest.fixture
def served(several_connections, tmp_path) -> Iterator[ServedOnLan]:
    port, log = two_free_ports(), tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE_ON_LAN, tmp_path, str(port)],
            cwd=PROJECT, env=environment(), stdout=output, stderr=output,
        )
    server = ServedOnLan(process, port, tmp_path / "tls" / "ca.crt", log)
    try:
        with server.session() as telephone:
            assert telephone.get(server.trust_address, timeout=10).ok
        yield server
    finally:
        process.kill()
        process.wait()


def test_a_telephone_fetches_the_certificate_trusts_it_and_signs_in_over_tls(served):
    user = make_user("chen")
    user.password = Argon2PasswordHasher().encode(PASSWORD, "salt-of-this-test")
    user.save()
    page = requests.get(f"{served.trust_address}/", timeout=10)
    link = re.search(r'href="(/[^"]+\.crt)"', page.text)[1]
    fetched = requests.get(f"{served.trust_address}{link}", timeout=10)
    assert fetched.content == served.authority.read_bytes()
    assert fetched.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert f'href="{served.address}/report"' in page.text
    # Whoever put another certificate there would copy a fingerprint too: the terminal alone tells it.
    assert not re.search(r"([0-9A-F]{2}:){4}", page.text)

    with served.session() as phone:
        assert phone.get(f"{served.address}/healthz", timeout=10).json() == {"status": "alive"}
        form = phone.get(f"{served.address}/sign-in", timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
        signed_in = phone.post(
            f"{served.address}/sign-in", timeout=10, allow_redirects=False,
            data={"username": "chen", "password": PASSWORD, "csrfmiddlewaretoken": token},
            headers={"Origin": served.address, "Referer": f"{served.address}/sign-in"},
        )
        assert signed_in.status_code == 302
        assert all(cookie.secure for cookie in phone.cookies if cookie.name in ("sessionid", "csrftoken"))
        assert {"sessionid", "csrftoken"} <= set(phone.cookies.keys())
        assert "chen" in phone.get(f"{served.address}/", timeout=10).text


def test_who_does_not_trust_our_authority_reads_nothing(served):
    with served.session() as phone:
        assert phone.get(f"{served.address}/healthz", timeout=10).ok  # it is up

    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.address}/healthz", timeout=10)


def test_beside_the_certificate_nothing_is_served_without_tls(served):
    for path in ("/healthz", "/sign-in", "/ca.key", "/../tls/ca.key", "/static/"):
        assert requests.get(f"{served.trust_address}{path}", timeout=10).status_code == 404
    assert requests.post(f"{served.trust_address}/", timeout=10).status_code == 501


def test_all_of_it_ends_on_ctrl_c(served):
    with served.session() as phone:
        assert phone.get(f"{served.address}/healthz", timeout=10).ok
    started = descendants(served.process.pid)
    assert [command for command in started.values() if "gridgov.lan.trust_page" in command]

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(timeout=STOP_SECONDS) == 0
    wait_until_gone(started)
    said = served.log.read_text()
    assert f"GridGov 已运行:{served.address}/ " in said
    assert f"scan or open: {served.address}/report" in said


@pytest.mark.parametrize("arguments", [
    ["--ssl-certificate", "README.md"], ["--ssl-keyfile", "README.md"],
    ["--ssl-certificate", "README.md", "--ssl-keyfile", "no-such-file"],
])
@pytest.mark.usefixtures("several_connections")
def test_half_a_certificate_is_refused_in_one_line(arguments):
    result = run_serve(database_url(connection.settings_dict["NAME"]), *arguments)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
