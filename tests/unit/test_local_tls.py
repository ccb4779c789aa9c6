"""Certificates for telephones on the same network: for whom, how long, and what their authority may not."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import segno
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from gridgov.lan import addresses
from gridgov.lan.certificates import LocalTls, local_tls
from gridgov.lan.invitation import invitation
from gridgov.lan.key_pairs import issue, read_pair, write_pair

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE, NAMES = ["192.168.1.5", "127.0.0.1"], ["localhost", "office.local"]


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "tls"


def made(folder: Path, *, here: list[str] = HERE, now: datetime = NOW) -> LocalTls:
    return local_tls(folder, here, NAMES, now=now)


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def value_of(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.ExtensionType:
    return certificate.extensions.get_extension_for_class(kind).value


def test_the_servers_certificate_names_all_addresses_and_holds_no_longer_than_telephones_allow(folder):
    certificate = read(made(folder).certificate)

    named = value_of(certificate, x509.SubjectAlternativeName)
    assert named.get_values_for_type(x509.DNSName) == NAMES
    assert named.get_values_for_type(x509.IPAddress) == [IPv4Address("127.0.0.1"), IPv4Address("192.168.1.5")]
    assert list(value_of(certificate, x509.ExtendedKeyUsage)) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not value_of(certificate, x509.BasicConstraints).ca
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert begin <= NOW - timedelta(days=1)  # for a telephone whose clock is behind
    assert end - begin < timedelta(days=398)


def test_only_the_owner_reads_the_keys(folder):
    made(folder)

    assert folder.stat().st_mode & 0o077 == 0
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes["ca.key"] == modes["server.key"] == 0o600
    assert sorted(modes) == ["ca.crt", "ca.key", "lock", "server.crt", "server.key"]


def test_what_holds_is_left_alone(folder):
    first = made(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    again = made(folder, now=NOW + timedelta(days=300))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert again == first


@pytest.mark.parametrize(
    "change", [{"here": ["10.0.0.7", "127.0.0.1"]}, {"now": NOW + timedelta(days=390)}],
    ids=["the address changed", "it ends within a week"],
)
def test_the_servers_certificate_is_renewed_under_the_same_authority(folder, change):
    before = made(folder)
    authority, serial = read(before.authority), read(before.certificate).serial_number

    renewed = made(folder, **change)

    assert read(renewed.certificate).serial_number != serial
    assert read(renewed.authority) == authority
    read(renewed.certificate).verify_directly_issued_by(authority)
    assert not renewed.authority_replaced


def spoil(folder: Path, how: str) -> None:
    """Leave `folder` as something that was killed, or somebody's hand, may leave it."""
    match how:
        case "a key is missing":
            (folder / "server.key").unlink()
        case "a certificate is half written":
            (folder / "server.crt").write_bytes((folder / "server.crt").read_bytes()[:100])
        case "key and certificate do not fit":
            (folder / "server.key").write_bytes((folder / "ca.key").read_bytes())
        case "the authority is gone":
            (folder / "ca.key").unlink()


@pytest.mark.parametrize("how", [
    "a key is missing", "a certificate is half written", "key and certificate do not fit",
    "the authority is gone",
])
def test_what_was_spoilt_is_made_anew(folder, how):
    made(folder)
    spoil(folder, how)

    tls = made(folder)

    assert tls.authority_replaced == (how == "the authority is gone")
    assert read_pair(folder, "ca") and read_pair(folder, "server")
    read(tls.certificate).verify_directly_issued_by(read(tls.authority))


def test_an_authority_that_may_certify_more_than_it_should_is_replaced(folder):
    made(folder)
    write_pair(folder, "ca", issue("another", [(x509.BasicConstraints(True, 0), True)], NOW, 400))

    assert made(folder).authority_replaced


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_) -> None:
        """Nothing: tests are quiet."""


@contextmanager
def https_server(certificate: Path, key: Path) -> Iterator[int]:
    """A real server with this certificate on this machine; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def greeting(port: int, authority: Path, *, called: str = "127.0.0.1") -> bytes:
    """What the server says to a client that trusts `authority` alone and believes to speak with `called`."""
    context = ssl.create_default_context(cafile=str(authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as newer Pythons and browsers have it
    with closing(HTTPSConnection(called, port, context=context, timeout=10)) as connection:
        connection._create_connection = lambda *_: socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.request("GET", "/")
        return connection.getresponse().read()


@pytest.mark.parametrize("called", ["127.0.0.1", "localhost", "192.168.1.5", "office.local"])
def test_a_client_that_trusts_our_authority_reads_over_https(folder, called):
    tls = made(folder, now=datetime.now(UTC))

    with https_server(tls.certificate, tls.key) as port:
        assert greeting(port, tls.authority, called=called) == b"hello"


def test_a_client_that_does_not_trust_our_authority_reads_nothing(folder, tmp_path):
    tls = made(folder, now=datetime.now(UTC))
    another = made(tmp_path / "another", now=datetime.now(UTC))

    with https_server(tls.certificate, tls.key) as port, pytest.raises(ssl.SSLCertVerificationError):
        greeting(port, another.authority)


@pytest.mark.parametrize("name", [
    x509.DNSName("bank.example"), x509.DNSName("office"), x509.IPAddress(IPv4Address("8.8.8.8")),
], ids=lambda name: str(name.value))
def test_our_authority_is_believed_for_nothing_beyond_local_networks(folder, name):
    now = datetime.now(UTC)
    tls = made(folder, now=now)
    named = [(x509.SubjectAlternativeName([name]), False)]
    write_pair(folder, "forged", issue("forged", named, now, 30, read_pair(folder, "ca")))

    refusal = pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation")
    with https_server(folder / "forged.crt", folder / "forged.key") as port, refusal:
        greeting(port, tls.authority, called=str(name.value))


@pytest.fixture
def interfaces(monkeypatch) -> dict[str, str]:
    """This machine's interfaces and their addresses, to be filled; "way out" is the address it sends from."""
    found = {}
    names = lambda: enumerate(name for name in found if name != "way out")  # noqa: E731
    monkeypatch.setattr(addresses.socket, "if_nameindex", lambda: list(names()))
    monkeypatch.setattr(addresses, "_address_of_interface", found.get)
    monkeypatch.setattr(addresses, "_address_of_the_way_out", lambda: found.get("way out"))
    return found


def test_the_address_of_the_way_out_comes_first_and_those_of_containers_last(interfaces):
    interfaces.update({"lo": "127.0.0.1", "docker0": "172.17.0.1", "eth0": "10.1.2.3", "wlan0": "192.168.1.5",
                       "tun0": None, "ppp0": "8.8.4.4", "way out": "192.168.1.5"})

    assert addresses.lan_addresses() == ["192.168.1.5", "10.1.2.3", "172.17.0.1"]
    assert addresses.address_to_show(None) == "192.168.1.5"
    assert addresses.address_to_show("10.1.2.3") == "10.1.2.3"


@pytest.mark.parametrize("host", ["8.8.4.4", "192.168.1.6", "office", "::1"])
def test_an_address_that_is_not_ours_or_not_private_is_refused_with_those_to_be_had(interfaces, host):
    interfaces.update({"wlan0": "192.168.1.5", "ppp0": "8.8.4.4"})

    with pytest.raises(addresses.NotOnLan, match=r"^[^\n]+it has: 192.168.1.5, 127.0.0.1\.$"):
        addresses.address_to_show(host)


def test_a_machine_without_network_says_so_in_one_line(interfaces):
    interfaces.update({"lo": "127.0.0.1"})

    with pytest.raises(addresses.NotOnLan, match=r"^[^\n]+has no address on a local network[^\n]+$"):
        addresses.address_to_show(None)


def modules(blocks: list[str]) -> list[list[int]]:
    """The dark modules (1) as a terminal with light letters on dark ground shows them, two rows a line."""
    light = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    return [[1 - light[block][half] for block in line] for line in blocks for half in (0, 1)]


def test_the_terminal_shows_the_code_of_the_report_page_with_room_around_it(folder):
    address = "https://192.168.1.5:8443/report"
    tls = made(folder)
    words = invitation(address, "http://192.168.1.5:8444/", tls, authority="var/tls/ca.crt", others=[])

    shown = modules([line for line in words.splitlines() if line and set(line) <= set(" ▀▄█")])

    code = [list(row) for row in segno.make(address, micro=False).matrix_iter(border=2)]
    assert shown[: len(code)] == code


def test_the_terminal_tells_both_addresses_the_fingerprint_and_where_the_certificate_lies(folder):
    tls = made(folder)
    words = invitation("https://192.168.1.5:8443/report", "http://192.168.1.5:8444/", tls,
                       authority="var/tls/ca.crt", others=["10.1.2.3"])

    for told in ("https://192.168.1.5:8443/report", "http://192.168.1.5:8444/", "var/tls/ca.crt", "10.1.2.3",
                 tls.fingerprint, "docs/trying-on-a-phone.md"):
        assert told in words
    assert "new certificate" not in words
