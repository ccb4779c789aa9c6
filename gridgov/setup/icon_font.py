"""The icons that pages name, as a font and stylesheet of their own in var/icons.

All two thousand of bootstrap-icons weigh 134 kB and 87 kB, which no telephone should fetch for sixty.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from gridgov.setup.console import PROJECT, VAR, run, say
from gridgov.setup.project_packages import NODE_MODULES, NODE_STAMP, VENV
from gridgov.setup.site_files import ROOMS
from gridgov.setup.stamps import fingerprint, is_stamped, write_stamp

ICONS = VAR / "icons"
SOURCE = NODE_MODULES / "bootstrap-icons" / "font"
RULES = """@font-face{font-display:block;font-family:bootstrap-icons;src:url("icons.woff2") format("woff2")}
.bi::before,[class*=" bi-"]::before,[class^=bi-]::before{display:inline-block;\
font-family:bootstrap-icons!important;font-style:normal;font-weight:400!important;font-variant:normal;\
text-transform:none;line-height:1;vertical-align:-.125em;-webkit-font-smoothing:antialiased}
"""
KINDS = {".html", ".py", ".js", ".css"}
TEMPLATE_TAG = re.compile(r"{[%{].*?[%}]}")


def make_icon_font() -> None:
    """var/icons/icons.woff2 and icons.css with the icons that the rooms name."""
    every = json.loads((SOURCE / "bootstrap-icons.json").read_text())
    names = sorted(icons_named(_room_files()) & every.keys())
    number, stamp = fingerprint([NODE_STAMP], names, RULES), VAR / "icons-stamp"
    if is_stamped(stamp, number) and ICONS.exists():
        return
    say("制作图标字体…", "Making the icon font …")
    shutil.rmtree(ICONS, ignore_errors=True)
    ICONS.mkdir(parents=True)
    rules = "".join(f'.bi-{name}::before{{content:"\\{every[name]:x}"}}\n' for name in names)
    (ICONS / "icons.css").write_text(RULES + rules)
    write_font([every[name] for name in names], ICONS / "icons.woff2")
    write_stamp(stamp, number)


def write_font(codes: Iterable[int], file: Path) -> None:
    """A font with the icons that have these code points."""
    wanted = ",".join(f"U+{code:X}" for code in codes)
    options = ["--flavor=woff2", "--no-layout-closure", "--layout-features=", f"--output-file={file}"]
    whole = SOURCE / "fonts" / "bootstrap-icons.woff2"
    run([VENV / "bin" / "pyftsubset", whole, f"--unicodes={wanted}", *options])


def icons_named(files: Iterable[Path]) -> set[str]:
    """Every word in `files` that names an icon or may: `bi-house`, and in Python and scripts "house" too.

    A table of icons names them without `bi-`, and no search can tell such a word from another, so a few
    icons are in the font that nobody shows. None is missing, which would be a box on a page.
    """
    found = set()
    for file in files:
        text = file.read_text()
        found |= set(re.findall(r"\bbi-([a-z0-9-]+)", text))
        if file.suffix == ".html":
            found |= set(_composed(text))
        else:
            found |= set(re.findall(r"""["'`]([a-z0-9-]+)["'`]""", text))
    return found


def _composed(template: str) -> Iterator[str]:
    """Names put together by tags: `bi-bell{% if unread %}-fill{% endif %}`, `bi-{% if a %}b{% endif %}`."""
    for tail in re.findall(r"\bbi-((?:[a-z0-9-]|{[%{].*?[%}]})+)", template):
        first, *others = TEMPLATE_TAG.split(tail)
        yield from others
        yield from (first + other for other in others)


def _room_files() -> list[Path]:
    return [path for room in ROOMS for path in (PROJECT / room).rglob("*") if path.suffix in KINDS]
