"""What a workbook is packed of, looked through before anything is read: it may unpack to far more."""

import io
import re
import struct
import zipfile
import zlib
from lzma import LZMAError
from typing import BinaryIO
from xml.parsers import expat

from incidents.errors import (
    SheetDamaged,
    SheetEncrypted,
    SheetHasMacros,
    SheetTooLarge,
    SheetTypeUnknown,
)
from incidents.sheets.limits import (
    MAX_PARTS,
    MAX_TAGS,
    MAX_TAGS_AROUND,
    MAX_TEXT_BYTES,
    MAX_UNPACKED_BYTES,
)

ENCRYPTED_FLAG = 0x1
CHUNK = 64 * 1024
# Where its text stands in the cell itself, as most programs but Excel write it.
TAGS_OF_A_CELL = 6
# What an archive that is no proper one may raise while it is unpacked.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error, EOFError, OSError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
# Only these grow with the rows, and are read one by one; all others are read whole.
LONG_ROOTS = {"worksheet", "sst"}
READ_WHOLE = {"[content_types].xml", "xl/workbook.xml", "xl/styles.xml"}
_ENDS = (b"</row>", b":row>", b"</si>", b":si>")
# Some programs write <x:f> where Excel writes <f>.
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def examine(content: bytes) -> bool:
    """Refuse what is no workbook, or would take more memory than a table is worth.

    Whether one of its parts has formulas. Raises SheetInvalid.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        _examine_list(parts)
        formulas = False
        for part in parts:
            with archive.open(part) as file:
                formulas |= _examine_part(part.filename.lower(), file)
    return formulas


def _examine_list(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise SheetTypeUnknown()
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise SheetEncrypted()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise SheetHasMacros()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        limit = f"{MAX_UNPACKED_BYTES // 1024**2} MB"
        raise SheetTooLarge(what_zh="内容", what_en="in size", limit=limit)


def _examine_part(name: str, file: BinaryIO) -> bool:
    """Whether the part is a sheet with formulas."""
    chunk = file.read(CHUNK)
    root = _root(chunk)
    grows = root in LONG_ROOTS and name not in READ_WHOLE
    most, longest = MAX_TAGS if grows else MAX_TAGS_AROUND, MAX_TEXT_BYTES if root else MAX_UNPACKED_BYTES
    tags = open_tags = quiet = 0
    formulas, tail = False, b""
    while chunk:
        plain = chunk.replace(b"\0", b"")  # of UTF-16
        found = plain.count(b"<")
        tags += found
        # What stands between two rows is kept until the second has ended.
        end = max(map(plain.rfind, _ENDS))
        open_tags = plain.count(b"<", end) if end >= 0 else open_tags + found
        quiet = 0 if found else quiet + len(plain)
        if tags > most or open_tags > MAX_TAGS_AROUND:
            raise SheetTooLarge(what_zh="单元格数", what_en="cells", limit=MAX_TAGS // TAGS_OF_A_CELL)
        if quiet > longest:
            raise SheetTooLarge(what_zh="一个单元格的内容", what_en="bytes in a cell", limit=MAX_TEXT_BYTES)
        formulas = formulas or _FORMULA.search(tail + plain) is not None
        tail, chunk = plain[-16:], file.read(CHUNK)
    return formulas and root == "worksheet"


def _root(head: bytes) -> str:
    """Name of the root element, "" where `head` does not begin XML, as that of a picture.

    Raises SheetDamaged: no root within `head`, or a document type before it. No workbook has one, and
    entities that grow without end begin with it.
    """
    found: list[str] = []

    def refuse(*_: object) -> None:
        raise SheetDamaged()

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(":")[2])
    try:
        parser.Parse(head, False)
    except expat.ExpatError:
        return found[0] if found else ""
    if head and not found:
        raise SheetDamaged()
    return found[0] if found else ""
