"""A table of points to the grid units that they lie in, in chunks, so that a million need little memory."""

import codecs
import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from django.utils import timezone

from grids import crs
from grids.errors import (
    ColumnsMissing,
    EncodingUnknown,
    EncodingWrong,
    FileDamaged,
    FileMissing,
    FileNotWritable,
    NoGridUnits,
    SameFile,
)
from grids.hierarchy import Level, code_at
from grids.models import AreaVersion
from grids.selectors import codes_and_geometries
from grids.unit_index import NOWHERE, UnitIndex

COLUMNS = ("id", "lon", "lat")
HEADER = "id,grid_unit,community,street,status\n"
LOCATED, OUTSIDE, INVALID = "located", "outside", "invalid"
ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class FileResult:
    rows: int
    located: int
    outside: int
    invalid: int
    seconds: float


def locate_file(
    source: Path,
    target: Path,
    *,
    datum: crs.Datum | str,
    on: date | None = None,
    encoding: str | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> FileResult:
    """Write the grid unit, community and street of each row of the CSV file `source` to `target`.

    `source` has the columns id, lon, lat (others are ignored) in UTF-8 or GB 18030; `target` has one
    row for each, in order, with the id letter by letter, in UTF-8. A row without a usable coordinate
    is "invalid" and the others go on. `target` appears whole or not at all. `on_progress` is told the
    bytes read so far and in all.

    Raises:
        GridsError: a file cannot be read or written, a column is missing, or the datum is unknown.
    """
    began = perf_counter()
    datum = crs.Datum.parse(datum)
    if not source.is_file():
        raise FileMissing(path=str(source))
    if target.exists() and target.samefile(source):
        raise SameFile(path=str(source))
    chunks = _chunks(source, encoding or _encoding_of(source), on_progress)
    index = _index(on or timezone.localdate())
    endings = _line_endings(index.codes)
    counts = np.zeros(3, dtype=int)
    with _appearing_whole(target) as output:
        output.write(HEADER)
        for ids, lon, lat in chunks:
            found = _find(index, lon, lat, datum)
            counts += [np.count_nonzero(found >= 0), np.sum(found == NOWHERE), np.sum(found == NOWHERE - 1)]
            output.write(_lines(ids, endings[found]))
    located, outside, invalid = map(int, counts)
    return FileResult(int(counts.sum()), located, outside, invalid, round(perf_counter() - began, 3))


def _index(on: date) -> UnitIndex:
    codes, geometries = codes_and_geometries(AreaVersion.objects.on(on).level(Level.GRID))
    if not codes:
        raise NoGridUnits(on=on.isoformat())
    return UnitIndex(codes, geometries)


def _find(index: UnitIndex, lon: np.ndarray, lat: np.ndarray, datum: crs.Datum) -> np.ndarray:
    """Positions in the index; NOWHERE outside, one less where there is no coordinate."""
    usable = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # false for NaN
    x, y = crs.to_wgs84(np.where(usable, lon, np.nan), np.where(usable, lat, np.nan), datum)
    return np.where(usable, index.find(x, y), NOWHERE - 1)


# Reading ----------------------------------------------------------------------------------------
def _encoding_of(path: Path) -> str:
    """UTF-8 when the whole file is, with or without a byte order mark, else GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise EncodingWrong(path=path.name, encoding="utf-8, gb18030")


def _chunks(
    path: Path, encoding: str, on_progress: Callable[[int, int], None]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Ids (str), longitudes and latitudes (float, NaN where there is none), each of shape (n,)."""
    header, columns = _read_header(path, encoding)
    with path.open("rb") as file:
        try:
            reading = pd.read_csv(
                file, encoding=encoding, header=0, names=range(len(header)), usecols=columns, index_col=False,
                dtype={columns[0]: object}, keep_default_na=False, na_values={k: [""] for k in columns[1:]},
                chunksize=ROWS_AT_ONCE,
            )  # fmt: skip
            for chunk in reading:
                ids, lon, lat = (chunk[column] for column in columns)
                yield ids.to_numpy(dtype=object), _numbers(lon), _numbers(lat)
                on_progress(file.tell(), path.stat().st_size)
        except pd.errors.ParserError as error:
            raise FileDamaged(path=path.name, reason=str(error)) from None
        except UnicodeDecodeError:
            raise EncodingWrong(path=path.name, encoding=encoding) from None


def _read_header(path: Path, encoding: str) -> tuple[list[str], list[int]]:
    """The file's column names and the positions of id, lon and lat among them."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            header = [name.strip().lstrip("\ufeff").lower() for name in next(csv.reader(file), [])]
    except LookupError:
        raise EncodingUnknown(encoding=encoding) from None
    except UnicodeDecodeError:
        raise EncodingWrong(path=path.name, encoding=encoding) from None
    missing = [name for name in COLUMNS if header.count(name) != 1]
    if missing:
        found = ",".join(header)[:100] or "-"
        raise ColumnsMissing(path=path.name, missing=", ".join(missing), found=found)
    return header, [header.index(name) for name in COLUMNS]


def _numbers(column: pd.Series) -> np.ndarray:
    """A column as floats. Where pandas found text among the numbers, each is looked at for itself."""
    if column.dtype.kind in "fiu":
        return column.to_numpy(dtype=float)
    return np.array([_number(value) for value in column], dtype=float)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str | float) else np.nan
    except ValueError:
        return np.nan


# Writing ----------------------------------------------------------------------------------------
def _line_endings(codes: list[str]) -> np.ndarray:
    """What follows the id, by position; the last two are for NOWHERE (-1) and for no coordinate (-2)."""
    above = [(code_at(code, Level.COMMUNITY), code_at(code, Level.STREET)) for code in codes]
    located = [f",{code},{c},{s},{LOCATED}\n" for code, (c, s) in zip(codes, above, strict=True)]
    return np.array([*located, f",,,,{INVALID}\n", f",,,,{OUTSIDE}\n"], dtype=object)


def _lines(ids: np.ndarray, endings: np.ndarray) -> str:
    text = "".join(ids)
    if any(mark in text for mark in '",\r\n'):
        ids = np.array([_quoted(value) for value in ids], dtype=object)
    return "".join(ids + endings)


def _quoted(text: str) -> str:
    if any(mark in text for mark in '",\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


@contextmanager
def _appearing_whole(target: Path):
    """A text file that takes the place of `target` at the end, and leaves nothing behind on failure."""
    if target.exists() and not target.is_file():
        # Put in its place, a file would do away with a device such as /dev/null.
        reason = "不是普通文件 / not an ordinary file"
        raise FileNotWritable(path=str(target), reason=reason)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            yield file
        unfinished.replace(target)
    except OSError as error:
        raise FileNotWritable(path=str(target), reason=error.strerror or str(error)) from None
    finally:
        unfinished.unlink(missing_ok=True)
