"""A certificate with its key: made, written so that only the owner reads the key, and read again."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

# A telephone's clock may be behind ours.
ALREADY_VALID_FOR = timedelta(days=1)


@dataclass(frozen=True)
class KeyPair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def issue(
    name: str,
    extensions: Iterable[tuple[x509.ExtensionType, bool]],
    now: datetime,
    days: int,
    authority: KeyPair | None = None,
) -> KeyPair:
    """A new key with a certificate that holds `days` days, signed by `authority` or by itself.

    `extensions` are pairs of an extension and whether it is critical; the key identifiers are added.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = authority.certificate.subject if authority else subject
    signer = authority.key if authority else key
    begin = now - ALREADY_VALID_FOR
    builder = x509.CertificateBuilder(
        issuer_name=issuer, subject_name=subject, public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=begin, not_valid_after=begin + timedelta(days=days),
    )
    identifiers = [
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]
    for extension, critical in [*extensions, *identifiers]:
        builder = builder.add_extension(extension, critical)
    return KeyPair(builder.sign(signer, SHA256()), key)


def write_pair(folder: Path, name: str, pair: KeyPair) -> None:
    """To `folder`/`name`.key and .crt, each of which appears whole or not at all."""
    # PKCS #8, the only form that granian reads.
    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{name}.key", key, mode=0o600)
    _write(folder / f"{name}.crt", pair.certificate.public_bytes(Encoding.PEM), mode=0o644)


def read_pair(folder: Path, name: str) -> KeyPair | None:
    """What write_pair wrote; None if it is not there, cannot be read as such, or the two do not fit.

    They do not when the program was killed between the two files.
    """
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
        key = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return None
    return KeyPair(certificate, key) if certificate.public_key() == key.public_key() else None


def _write(path: Path, content: bytes, mode: int) -> None:
    new = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        new.unlink()  # of one that was killed, and perhaps readable for others
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    new.replace(path)
