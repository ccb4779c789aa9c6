"""An authority of our own in var/tls, and the certificate of this machine on its local network.

Who trusts the authority risks nothing elsewhere: by its name constraints (RFC 5280, 4.2.1.10) it can certify
private addresses and names in .local only, even if its key were stolen.
"""

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID

from gridgov.lan.addresses import PRIVATE_NETWORKS
from gridgov.lan.key_pairs import KeyPair, issue, read_pair, write_pair

AUTHORITY_DAYS = 5 * 365
# Telephones refuse more than 398 days of a server.
SERVER_DAYS = 397
RENEWED_BEFORE_END = timedelta(days=7)
# .local is for names in a local network (RFC 6762). A bare host name is not added: "dev" and "app", as
# machines are called, are top level domains too, and who may certify "dev" may certify all beneath it.
LOCAL_NAMES = ("localhost", "local")
CONSTRAINTS = x509.NameConstraints(
    permitted_subtrees=[*map(x509.DNSName, LOCAL_NAMES), *map(x509.IPAddress, PRIVATE_NETWORKS)],
    excluded_subtrees=None,
)

FOR_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


@dataclass(frozen=True)
class LocalTls:
    """Files for a server, and the authority's certificate for those who are to trust it."""

    authority: Path
    certificate: Path
    key: Path
    fingerprint: str  # SHA-256 of the authority's certificate, as telephones show it: "AB:CD:…"
    # Telephones that trusted an earlier authority have to be told of this one.
    authority_replaced: bool


def local_tls(
    folder: Path, addresses: Iterable[str], names: Iterable[str], *, now: datetime | None = None
) -> LocalTls:
    """Certificates in `folder` for IPv4 `addresses` and `names` (localhost, or in .local) that hold now.

    The authority is made once. The server's certificate is made anew when the addresses change, and a week
    before its end. Only the owner can read the keys.
    """
    now = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that start together would each make an authority
        authority, authority_replaced = _authority(folder, now)
        wanted = _subject_names(addresses, names)
        server = read_pair(folder, "server")
        if server is None or not _serves(server.certificate, wanted, authority, now):
            write_pair(folder, "server", _new_server(wanted, authority, now))
    fingerprint = authority.certificate.fingerprint(SHA256()).hex(":").upper()
    files = (folder / "ca.crt", folder / "server.crt", folder / "server.key")
    return LocalTls(*files, fingerprint, authority_replaced)


def _authority(folder: Path, now: datetime) -> tuple[KeyPair, bool]:
    """The authority, and whether it takes the place of another."""
    found = read_pair(folder, "ca")
    if found and _holds(found.certificate, now) and _constraints(found.certificate) == CONSTRAINTS:
        return found, False
    made, was_there = _new_authority(now), (folder / "ca.crt").exists()
    write_pair(folder, "ca", made)
    return made, was_there


def _new_authority(now: datetime) -> KeyPair:
    """The name is the one under which it stands among a telephone's settings."""
    extensions = [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (CONSTRAINTS, True),
        (_key_usage(key_cert_sign=True, crl_sign=True), True),
        (FOR_SERVERS, False),  # neither mail nor programs, whose names no constraint above speaks of
    ]
    name = f"GridGov demonstration {os.uname().nodename[:20]} {now:%Y-%m-%d}"
    return issue(name, extensions, now, AUTHORITY_DAYS)


def _new_server(names: x509.SubjectAlternativeName, authority: KeyPair, now: datetime) -> KeyPair:
    extensions = [
        (names, False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_key_usage(digital_signature=True), True),
        (FOR_SERVERS, False),
    ]
    return issue("GridGov demonstration", extensions, now, SERVER_DAYS, authority)


def _subject_names(addresses: Iterable[str], names: Iterable[str]) -> x509.SubjectAlternativeName:
    by_name = map(x509.DNSName, sorted(set(names)))
    by_address = map(x509.IPAddress, sorted(map(IPv4Address, set(addresses))))
    return x509.SubjectAlternativeName([*by_name, *by_address])


def _serves(
    certificate: x509.Certificate, names: x509.SubjectAlternativeName, authority: KeyPair, now: datetime
) -> bool:
    """Whether `certificate` is for exactly `names`, of this authority, and not about to end."""
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError):  # another's signature; another's name
        return False
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found == names and _holds(certificate, now)


def _holds(certificate: x509.Certificate, now: datetime) -> bool:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begin <= now <= end - RENEWED_BEFORE_END


def _constraints(certificate: x509.Certificate) -> x509.NameConstraints | None:
    """What the certificate may certify; one of an earlier version, with others, is replaced."""
    found = [each.value for each in certificate.extensions if isinstance(each.value, x509.NameConstraints)]
    return found[0] if found else None


def _key_usage(**granted: bool) -> x509.KeyUsage:
    nothing = dict.fromkeys(
        ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"],
        False,
    )
    return x509.KeyUsage(**{**nothing, **granted})


