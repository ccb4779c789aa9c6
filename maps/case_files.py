"""Files of cases and of population that anybody may bring to the analyses, as arrays."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from grids.errors import DomainError, FileDamaged, FileMissing
from maps.errors import (
    CaseColumnsMissing,
    CaseCountInvalid,
    CaseDateInvalid,
    CasePlaceInvalid,
    CasePlaceMoved,
    CasePlacesSwapped,
    CaseTextUnreadable,
    CoordsUnknown,
    LocationUnnamed,
    NoCasesInFile,
    PopulationInvalid,
    PopulationMissing,
    PopulationOfUnknown,
    PopulationTwice,
    TooManyRows,
)

CASE_COLUMNS = ("location", "x", "y", "date", "cases")
POPULATION_COLUMNS = ("location", "population")
LONLAT, METRES = "lonlat", "metres"
MEAN_RADIUS_M = 6_371_008.8
MAX_ROWS = 5_000_000
MAX_CASES_IN_A_ROW = 1_000_000
ROWS_AT_ONCE = 200_000
LINE_OF_FIRST_ROW = 2

# 2026-01-31, and what a spreadsheet makes of it.
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class CaseFile:
    """Cases at named places by day.

    `locations` are names in the order in which they first appear. `points_m` has shape (n, 2) in metres;
    of longitudes and latitudes shape (n, 3), on the sphere of the earth's mean radius: below 100 km the
    straight distance is the great circle's to within a metre. For each row `location` is a position in
    `locations`, `day` counts from `first_day`, `cases` is a whole number; all int64, shape (rows,).
    `first_day` and `last_day` are those of all rows, also of rows with no case.
    """

    locations: tuple[str, ...]
    points_m: np.ndarray
    location: np.ndarray
    day: np.ndarray
    first_day: date
    last_day: date
    cases: np.ndarray


def read_case_file(path: Path | str, *, coords: str) -> CaseFile:
    """The CSV file `path` with the columns location, x, y, date, cases (others are ignored).

    In UTF-8 or GB 18030. `coords` says what x and y are: "lonlat" (degrees, longitude first) or "metres".
    A location keeps one place throughout; a row with 0 cases only says that the location exists.

    Raises:
        DomainError: the file cannot be read, or names a line that is wrong.
    """
    if coords not in (LONLAT, METRES):
        raise CoordsUnknown(coords=str(coords)[:40])
    path = Path(path)
    places, parts = _Places(path.name, coords), []
    for rows in _chunks(path, CASE_COLUMNS):
        location = places.positions(rows)
        parts.append((location, _days(rows["date"], path.name), _counts(rows["cases"], path.name)))
    if not any(cases.any() for *_, cases in parts):
        raise NoCasesInFile(path=path.name)
    location, days, cases = (np.concatenate(part) for part in zip(*parts, strict=True))
    first, last = int(days.min()), int(days.max())
    return CaseFile(
        locations=tuple(places.index),
        points_m=places.points_m(),
        location=location,
        day=days - first,
        first_day=date.fromordinal(first),
        last_day=date.fromordinal(last),
        cases=cases,
    )


def read_population_file(path: Path | str, locations: tuple[str, ...]) -> np.ndarray:
    """People (or households) of each of `locations`, float, shape (n,).

    `path` is a CSV file with the columns location, population (others are ignored). Each of the
    locations must be there once, or always with the same number; 0 is a number.

    Raises:
        DomainError: the file cannot be read, or names a line that is wrong or a location that is missing.
    """
    path, index = Path(path), {name: k for k, name in enumerate(locations)}
    population = np.full(len(locations), np.nan)
    for rows in _chunks(path, POPULATION_COLUMNS):
        names, numbers = rows["location"].str.strip(), _numbers(rows["population"])
        wrong = ~(np.isfinite(numbers) & (numbers >= 0))
        _refuse_first(wrong, PopulationInvalid, path=path.name, text=rows["population"])
        position = np.array([index.get(name, -1) for name in names])
        _refuse_first(position < 0, PopulationOfUnknown, path=path.name, location=names)
        new = np.isnan(population[position])
        population[position[new][::-1]] = numbers[new][::-1]  # the first of several stays
        other = population[position] != numbers
        _refuse_first(other, PopulationTwice, path=path.name, location=names)
    missing = np.flatnonzero(np.isnan(population))
    if len(missing):
        raise PopulationMissing(path=path.name, location=locations[missing[0]][:60], number=len(missing))
    return population


class _Places:
    """The locations met so far and where they are."""

    def __init__(self, file_name: str, coords: str):
        self.file_name, self.coords = file_name, coords
        self.index: dict[str, int] = {}
        self._xy = np.empty((0, 2))

    def positions(self, rows: pd.DataFrame) -> np.ndarray:
        """Position of each row's location. Shape (rows,). Raises for the first wrong line."""
        codes, names = _distinct(rows["location"])
        unnamed = np.array([name == "" for name in names])[codes]
        _refuse_first(unnamed, LocationUnnamed, path=self.file_name, location=rows["location"])
        xy = self._coordinates(rows)
        known = len(self.index)
        location = np.array([self.index.setdefault(name, len(self.index)) for name in names])[codes]
        positions, first_rows = np.unique(location, return_index=True)
        self._xy = np.concatenate([self._xy, xy[first_rows[positions >= known]]])
        moved = (self._xy[location] != xy).any(axis=1)
        _refuse_first(moved, CasePlaceMoved, path=self.file_name, location=rows["location"])
        return location

    def _coordinates(self, rows: pd.DataFrame) -> np.ndarray:
        xy = np.stack([_numbers(rows["x"]), _numbers(rows["y"])], axis=1)
        wrong, facts = ~np.isfinite(xy).all(axis=1), {"path": self.file_name, "x": rows["x"], "y": rows["y"]}
        if self.coords == LONLAT:
            x, y = np.abs(xy.T)
            _refuse_first((y > 90) & (y <= 180) & (x <= 90), CasePlacesSwapped, **facts)
            wrong |= (x > 180) | (y > 90)
        _refuse_first(wrong, CasePlaceInvalid, **facts)
        return xy

    def points_m(self) -> np.ndarray:
        if self.coords == METRES:
            return self._xy
        lon, lat = np.radians(self._xy).T
        on_unit_sphere = [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
        return MEAN_RADIUS_M * np.stack(on_unit_sphere, axis=1)


def _days(column: pd.Series, file_name: str) -> np.ndarray:
    """Proleptic Gregorian ordinals of dates as text."""
    codes, texts = _distinct(column)
    days = np.array([_ordinal(text) for text in texts], dtype=np.int64)[codes]
    _refuse_first(days == 0, CaseDateInvalid, path=file_name, text=column)
    return days


def _ordinal(text: str) -> int:
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())).toordinal() if match else 0
    except ValueError:
        return 0


def _counts(column: pd.Series, file_name: str) -> np.ndarray:
    numbers = _numbers(column)
    whole = (numbers >= 0) & (numbers <= MAX_CASES_IN_A_ROW) & (numbers == np.floor(numbers))
    _refuse_first(~whole, CaseCountInvalid, path=file_name, text=column, limit=MAX_CASES_IN_A_ROW)
    return numbers.astype(np.int64)


def _numbers(column: pd.Series) -> np.ndarray:
    """As floats, NaN where it is no number."""
    codes, texts = _distinct(column)
    return np.array([_number(text) for text in texts])[codes]


def _number(text: str) -> float:
    # float() alone would also read 1_000 and the digits of other scripts.
    return float(text) if _NUMBER.fullmatch(text) else np.nan


def _distinct(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Which text each row has, and the texts, stripped: what a file says often is looked at once."""
    codes, texts = pd.factorize(column)
    return codes, [text.strip() for text in texts]


def _refuse_first(wrong: np.ndarray, error: type[DomainError], *, path: str, **facts) -> None:
    """Raise `error` about the first row that is `wrong`, with its line and what its columns say."""
    if not wrong.any():
        return
    k = int(np.argmax(wrong))
    columns = {name: fact for name, fact in facts.items() if isinstance(fact, pd.Series)}
    line = next(iter(columns.values())).index[k]
    said = {name: column.iloc[k][:60] for name, column in columns.items()}
    raise error(path=path, line=int(line), **{**facts, **said})


# Reading ----------------------------------------------------------------------------------------
def _chunks(path: Path, columns: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    """Parts of the file: `columns` as text, indexed by line. Blank lines are left out."""
    if not path.is_file():
        raise FileMissing(path=str(path))
    encoding = _encoding_of(path)
    width, used = _columns_used(path, encoding, columns)
    # pandas is to keep blank lines, so that lines can be told by counting.
    reading = pd.read_csv(
        path, encoding=encoding, header=0, names=range(width), usecols=used, index_col=False, dtype=str,
        keep_default_na=False, skip_blank_lines=False, chunksize=ROWS_AT_ONCE,
    )  # fmt: skip
    try:
        with reading:
            for rows in reading:
                rows = rows[used].set_axis(columns, axis=1).fillna("")
                if (rows.index >= MAX_ROWS).any():
                    raise TooManyRows(path=path.name, limit=MAX_ROWS)
                rows.index += LINE_OF_FIRST_ROW
                if len(filled := rows[(rows != "").any(axis=1)]):
                    yield filled
    except pd.errors.ParserError as error:
        raise FileDamaged(path=path.name, reason=str(error)) from None


def _columns_used(path: Path, encoding: str, columns: tuple[str, ...]) -> tuple[int, list[int]]:
    """How many columns the file has, and the positions of `columns` among them."""
    with path.open(encoding=encoding, newline="") as file:
        header = [name.strip().lower() for name in next(csv.reader(file), [])]
    missing = [name for name in columns if header.count(name) != 1]
    if missing:
        raise CaseColumnsMissing(
            path=path.name, missing=", ".join(missing), needed=",".join(columns),
            found=",".join(header)[:100] or "-",
        )  # fmt: skip
    return len(header), [header.index(name) for name in columns]


def _encoding_of(path: Path) -> str:
    """UTF-8 when the whole file is, with or without a byte order mark, else GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise CaseTextUnreadable(path=path.name)
