"""Which characters the installed fonts can print.

Names may hold characters that no font here has. A printed paper says so at the place (〓, as printers always
did) and at its end, instead of an empty box that nobody notices; the Word file keeps the character itself.
"""

import re
import subprocess
import unicodedata
from functools import cache

MISSING = "〓"
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Which of several shapes is meant: no font here knows, and the character itself is printed.
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
NOTE = "文中“〓”处的字，打印字库没有收录，请对照 Word 文件或身份证件用手写补上。"


@cache
def printable_ranges() -> tuple[tuple[int, int], ...]:
    """First and last code point of every run that some font has. Asked of fontconfig once in a process."""
    listed = subprocess.run(
        ["fc-list", "--format", "%{charset}\n"], capture_output=True, text=True, check=True, timeout=30
    )
    runs = {run for line in listed.stdout.splitlines() for run in line.split()}
    return tuple(sorted(_ends(run) for run in runs))


@cache
def is_printable(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in printable_ranges())


def without_missing(text: str) -> str:
    """`text` with 〓 where no font has the character. Controls and other invisible signs are left out."""
    return "".join(_shown(each) for each in text)


def _shown(character: str) -> str:
    if character in "\n\u3000":
        return character
    # Not `isprintable`: to that, characters newer than this Python are none.
    if unicodedata.category(character) in INVISIBLE or VARIATIONS.match(character):
        return ""
    return character if is_printable(character) else MISSING


def _ends(run: str) -> tuple[int, int]:
    first, _, last = run.partition("-")
    return int(first, 16), int(last or first, 16)
