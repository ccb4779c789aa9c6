"""The styles of a page for slow networks as one file in var/styles: bootstrap and icons as used, and our own.

Five files would take turns on a telephone's few connections, and of bootstrap such a page shows a tenth.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from gridgov.setup.console import PROJECT, VAR, run, say
from gridgov.setup.icon_font import ICONS, write_font
from gridgov.setup.project_packages import NODE_MODULES, NODE_STAMP, VENV
from gridgov.setup.stamps import fingerprint, is_stamped, write_stamp

STYLES = VAR / "styles"
BOOTSTRAP = NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
OWN = (
    PROJECT / "gridgov/static/gridgov/tokens.css",
    PROJECT / "gridgov/static/gridgov/gridgov.css",
    PROJECT / "incidents/static/incidents/report.css",
    PROJECT / "incidents/static/incidents/report_place.css",
)
# Whatever may put a class on the page.
SOURCES = (
    "gridgov/templates/base.html",
    "incidents/templates/incidents/report.html",
    "incidents/templates/incidents/partials/report_*.html",
    "incidents/static/incidents/reporting/*.js",
    "grids/static/grids/*.js",
)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"[A-Za-z_][\w-]*")


def make_page_styles() -> None:
    """var/styles/report.css, and beside it the font with the page's own icons."""
    sources = [path for pattern in SOURCES for path in sorted(PROJECT.glob(pattern))]
    words = {word for path in sources for word in WORD.findall(path.read_text())}
    number = fingerprint([NODE_STAMP, VAR / "icons-stamp", *OWN], sorted(words), Path(__file__).read_text())
    stamp = VAR / "styles-stamp"
    if is_stamped(stamp, number) and STYLES.exists():
        return
    say("合并样式…", "Joining styles …")
    shutil.rmtree(STYLES, ignore_errors=True)
    STYLES.mkdir(parents=True)
    bootstrap = used_rules(BOOTSTRAP.read_text(), words)
    # Scripts name icons without "bi-".
    icons = used_rules((ICONS / "icons.css").read_text(), words | {f"bi-{word}" for word in words})
    write_font((int(code, 16) for code in re.findall(r"\\([0-9a-f]+)", icons)), STYLES / "icons.woff2")
    whole = STYLES / "whole.css"
    whole.write_text("\n".join([bootstrap, icons, *(path.read_text() for path in OWN)]))
    path = {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    esbuild = NODE_MODULES / ".bin" / "esbuild"
    options = ["--minify", "--log-level=warning", f"--outfile={STYLES / 'report.css'}"]
    run([esbuild, whole, *options], environment=path)
    whole.unlink()
    write_stamp(stamp, number)


def used_rules(styles: str, words: set[str]) -> str:
    """`styles` without the selectors that want a class not among `words`.

    A word is taken for a class wherever it stands, so that what nothing uses may stay, and what is used does.
    Neither strings nor addresses in `styles` may have braces, as in bootstrap's none has.
    """
    styles = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    return "".join(_kept(_rules(styles), words))


def _kept(rules: Iterable[tuple[str, str]], words: set[str]) -> Iterator[str]:
    for head, body in rules:
        if head.startswith("@media"):
            inner = "".join(_kept(_rules(body), words))
            yield f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        elif used := [each for each in _selectors(head) if set(CLASS.findall(each)) <= words]:
            yield f"{','.join(used)}{{{body}}}"


def _rules(styles: str) -> Iterator[tuple[str, str]]:
    """What stands before a brace, and what between it and the one that closes it, without `@charset …;`."""
    begun, opened, depth = 0, 0, 0
    for match in re.finditer(r"[{}]", styles):
        depth += 1 if match[0] == "{" else -1
        if match[0] == "{" and depth == 1:
            opened = match.end()
        elif depth == 0:
            head = re.sub(r"^@charset[^;]*;", "", styles[begun : opened - 1].strip())
            yield head, styles[opened : match.start()]
            begun = match.end()


def _selectors(head: str) -> list[str]:
    """Split at commas, but not within `:not(a, b)`."""
    return re.split(r",(?![^()]*\))", head)
