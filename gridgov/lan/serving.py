"""How the demonstration is served on the local network: addresses, settings, certificate, the page beside."""

import os
import re
import sys
from dataclasses import dataclass, field

from django.conf import settings

from gridgov.lan.addresses import ANYWHERE, LOOPBACK, address_to_show, lan_addresses
from gridgov.lan.certificates import LocalTls, local_tls
from gridgov.lan.invitation import invitation
from gridgov.supervision import Program

HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}")


@dataclass(frozen=True)
class Serving:
    """`address` for people, `options` for the command `serve`, and what else belongs to it."""

    address: str
    options: dict
    words: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """The programs that `serve` starts read their settings from the environment."""
        os.environ.update(self.environment)


def serving_on_lan(host: str | None, port: int) -> Serving:
    """Over TLS at `host`, or at all addresses; at `port` + 1 a telephone fetches our certificate.

    Raises:
        NotOnLan: telephones cannot reach this machine, or not there.
    """
    shown, addresses = address_to_show(host), [*lan_addresses(), LOOPBACK]
    names = ["localhost", *_local_name()]
    tls = local_tls(settings.VAR_DIR / "tls", addresses, names)
    address, listened = f"https://{shown}:{port}/", host or ANYWHERE
    trust = _trust_page(listened, port + 1, tls, f"{address}report")
    words = invitation(
        f"{address}report", f"http://{shown}:{port + 1}/", tls,
        authority=os.path.relpath(tls.authority, settings.BASE_DIR),
        others=[other for other in addresses if other not in (shown, LOOPBACK)],
    )
    options = {
        "host": listened, "port": port, "address": address, "beside": [trust],
        "ssl_certificate": tls.certificate, "ssl_keyfile": tls.key,
    }
    hosts = ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, *addresses, *names]))
    return Serving(address, options, words, {"GRIDGOV_HOSTS": hosts, "GRIDGOV_SECURE_COOKIES": "true"})


def _trust_page(host: str, port: int, tls: LocalTls, report: str) -> Program:
    options = {"host": host, "port": port, "authority": tls.authority, "report": report}
    return Program("trust_page", [
        sys.executable, "-m", "gridgov.lan.trust_page",
        *(part for name, value in options.items() for part in (f"--{name}", str(value))),
    ])


def _local_name() -> list[str]:
    """This machine as the local network may know it (RFC 6762), if its name can be one."""
    label = os.uname().nodename.partition(".")[0]
    return [f"{label.lower()}.local"] if HOST_LABEL.fullmatch(label) else []
