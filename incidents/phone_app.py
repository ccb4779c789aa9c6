"""The report page as a phone keeps it: the files that it is made of, and the version that they make together.

The page ("shell") and its files are one version, named by their content: whoever has the shell of a version
has the scripts that fit it. Files are found by following the addresses that the shell, its stylesheets and
its scripts name, so that no list has to be kept by hand.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse

# What the system asks for when the page is installed, and not the page.
NOT_KEPT = {"manifest", "apple-touch-icon"}
NAMED_IN_STYLES = re.compile(r"""url\(["']?([^"')]+)""")
IMPORTED_AT_ONCE = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w./-]+\.js)["']""")
NAMED_IN_SCRIPTS = re.compile(r"""["'`](\.{1,2}/[\w./-]+\.js)["'`]""")


@dataclass(frozen=True)
class KeptFile:
    """An address, and what its content must be ("sha256-…", as in W3C Subresource Integrity)."""

    url: str
    integrity: str


def kept_files(request: HttpRequest, shell: str) -> list[KeptFile]:
    """The shell, the static files that it needs, also those that it loads later, and its words."""
    reader = _AddressReader()
    reader.feed(shell)
    found: dict[str, str] = {}
    waiting = list(reader.addresses)
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        path = _path(url)
        found[url], named = _read(path, path.stat().st_mtime_ns)
        waiting += [address for name in named if (address := _static_address(urljoin(url, name)))]
    words = reverse("javascript-catalog")
    found[words] = _integrity(_uncompressed(resolve(words).func(request)))
    found[reverse("report")] = _integrity(shell.encode())
    return [KeptFile(url, found[url]) for url in sorted(found)]


def imported_at_once(script: str) -> list[str]:
    """Addresses of the modules that the module at `script` imports, and those that they import."""
    found: list[str] = []
    waiting = [script]
    while waiting:
        url = waiting.pop()
        content = _path(url).read_text()
        new = [urljoin(url, name) for name in IMPORTED_AT_ONCE.findall(content)]
        waiting += [address for address in new if address not in found]
        found += [address for address in new if address not in found]
    return found


def version_of(files: list[KeptFile]) -> str:
    """Another language, another word or another file gives another version."""
    facts = "\n".join(f"{file.url} {file.integrity}" for file in files)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


class _AddressReader(HTMLParser):
    """Every static address in an attribute: of scripts, styles, pictures, and those that scripts are told."""

    def __init__(self):
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("rel") in NOT_KEPT:
            return
        self.addresses += [address for _, value in attrs if value and (address := _static_address(value))]


def _static_address(address: str) -> str | None:
    """`address` without query and fragment if it is one of our static files."""
    parts = urlsplit(address)
    return parts.path if not parts.netloc and parts.path.startswith(settings.STATIC_URL) else None


def _path(url: str) -> Path:
    name = url.removeprefix(settings.STATIC_URL)
    if hasattr(staticfiles_storage, "hashed_files"):  # collected; else served from where they lie
        return Path(staticfiles_storage.path(name))
    return Path(finders.find(name) or name)


@lru_cache(maxsize=256)
def _read(path: Path, changed_ns: int) -> tuple[str, tuple[str, ...]]:
    """Integrity of a file and the addresses that it names. `changed_ns` makes a changed file another one."""
    content = path.read_bytes()
    return _integrity(content), tuple(_named(path.suffix, content))


def _named(kind: str, content: bytes) -> Iterator[str]:
    if kind == ".css":
        names = NAMED_IN_STYLES.findall(content.decode())
        yield from (name for name in names if not name.startswith("data:"))
    elif kind == ".js":
        yield from NAMED_IN_SCRIPTS.findall(content.decode())


def _uncompressed(response: HttpResponse) -> bytes:
    packed = response.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if packed else response.content


def _integrity(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
