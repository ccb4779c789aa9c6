"""The text of Shapefiles, whose encoding is often unsaid and often GBK. Pure."""

import codecs
import re
from collections.abc import Iterable

from grids.errors import EncodingUnknown, EncodingWrong

# The codec through which text is read as raw bytes: it maps every byte to the character of that number.
# (pyogrio treats the spelling "iso-8859-1" differently.)
RAW = "latin1"
# A .dbf file's own mark for code page 936 (GBK), at this byte.
_MARK_AT, _MARK_GBK = 29, 0x4D
_CODE_PAGES = {"65001": "utf-8", "936": "gb18030", "54936": "gb18030"}


def declared_codec(encoding: str | None, cpg: bytes | None, dbf_head: bytes) -> str | None:
    """Python's codec as the user says, else the .cpg file, else the mark in the .dbf; None: nobody says.

    Raises:
        EncodingUnknown: the user or the .cpg file names an encoding that nobody knows.
    """
    if encoding:
        return _codec(encoding)
    if cpg and cpg.strip():
        return _codec(cpg.decode("ascii", "replace").strip())
    marked = dbf_head[_MARK_AT : _MARK_AT + 1] == bytes([_MARK_GBK])
    return "gb18030" if marked else None


def fitting_codec(texts: Iterable[str], path: str) -> str:
    """The codec in which all `texts` (read as RAW) make sense: UTF-8, which rarely fits by chance, or GBK.

    Raises:
        EncodingWrong: neither fits.
    """
    raw = "\n".join(texts).encode(RAW)
    for codec in ("utf-8", "gb18030"):
        try:
            raw.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    raise EncodingWrong(path=path, encoding="utf-8, gb18030")


def decode(text: str, codec: str, path: str) -> str:
    """`text` (read as RAW) in `codec`. Raises EncodingWrong."""
    try:
        return text.encode(RAW).decode(codec)
    except UnicodeDecodeError:
        raise EncodingWrong(path=path, encoding=codec) from None


def _codec(name: str) -> str:
    number = re.fullmatch(r"(?:ansi|oem|cp)?[ _-]*(\d+)", name.lower())
    wanted = _CODE_PAGES.get(number[1], f"cp{number[1]}") if number else name
    try:
        found = codecs.lookup(wanted).name
    except LookupError:
        raise EncodingUnknown(encoding=name) from None
    # GB 18030 holds GBK and GB 2312, and files marked with the older names often use its characters.
    return "gb18030" if found in {"gbk", "gb2312", "cp936"} else found
