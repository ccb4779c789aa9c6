"""A row of a table as values of the fields of its model."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib.gis.geos import Point

from grids import crs
from grids.errors import DatumMissing, DatumUnknown
from incidents import network_codes as tables
from incidents.models import MediationBody, Mediator, Training
from incidents.network import cells
from incidents.network.cells import CellWrong
from incidents.network.columns import COLUMNS, FOR_READERS, Kind
from incidents.network.known import Known
from incidents.sheets import Row, RowProblem

Reader = Callable[[str], Any]
PLACE_FIELDS = ("lon", "lat", "datum")
# A blank cell empties these; other fields cannot be empty, and a blank truth value says nothing.
EMPTY: dict[str, Callable[[], Any]] = {
    "address": str, "phone": str, "categories": list, "channels": list, "opening_hours": list,
    "capacity": lambda: None, "related_organisations": list, "languages": list, "specialities": list,
    "user": lambda: None,
}  # fmt: skip
SAYS_NOTHING = {"active", "full_time"}
# Seven decimals are a centimetre: what is converted twice is then the same twice.
DECIMALS = 7


class RowReader:
    """Reads rows of one kind of table, of which `places` says field -> heading."""

    def __init__(self, kind: Kind, places: Mapping[str, str], known: Known):
        self.kind, self.places = kind, places
        self.readers = _readers(kind, known)

    def read(self, row: Row) -> tuple[dict[str, Any], list[RowProblem]]:
        """Values by field, without those that the row says nothing about, and what is wrong."""
        values, problems = {}, []
        for field, reader in self.readers.items():
            if field not in self.places:
                continue
            try:
                text = row.cells[self.places[field]]
                if text:
                    values[field] = reader(text)
                elif field not in SAYS_NOTHING:
                    values[field] = _empty(field)
            except CellWrong as wrong:
                problems.append(self.problem(row, field, wrong.zh, wrong.en))
        if self.kind is Kind.BODIES and ("lon" in self.places or "lat" in self.places):
            self._read_place(row, values, problems)
        return values, problems

    def problem(self, row: Row, field: str, zh: str, en: str) -> RowProblem:
        return RowProblem(row.number, self.places.get(field, ""), zh, en)

    def needed(self, row: Row, values: Mapping[str, Any], wrong: set[str]) -> list[RowProblem]:
        """What a new row lacks, apart from the columns in `wrong`, of which more was said already."""
        lacking = [
            column
            for column in COLUMNS[self.kind]
            if column.needed_anew and column.field not in values and column.zh not in wrong
        ]
        return [
            RowProblem(row.number, column.zh, "新增时必须填写。", "Needed in a new row.")
            for column in lacking
            if self.places.get(column.field) not in wrong
        ]

    def _read_place(self, row: Row, values: dict[str, Any], problems: list[RowProblem]) -> None:
        lon, lat, datum = (row.cells.get(self.places.get(name, ""), "") for name in PLACE_FIELDS)
        if not lon and not lat:
            values["location"] = None
            return
        try:
            values["location"] = read_place(lon, lat, datum)
        except CellWrong as wrong:
            field = "datum" if lon and lat and "datum" in self.places else "lon"
            problems.append(self.problem(row, field, wrong.zh, wrong.en))


def read_place(lon: str, lat: str, datum: str) -> Point:
    """A point in WGS84. Without a datum there is none: it is never guessed."""
    if not lon or not lat:
        raise CellWrong("经度和纬度要一起填写。", "Give both longitude and latitude.")
    degrees = cells.read_degrees(lon), cells.read_degrees(lat)
    if abs(degrees[1]) > 90:
        raise CellWrong("纬度应在 -90 到 90 之间:经度和纬度可能填反了。", "Latitude is -90 to 90: swapped?")
    try:
        x, y = crs.to_wgs84(*degrees, crs.Datum.parse(datum.replace("-", "")))
    except DatumMissing:
        raise CellWrong(
            "有坐标而没有坐标系:请写明 wgs84、gcj02 或 bd09(相差可达 600 米,不能猜测)。",
            "Coordinates without a datum: say wgs84, gcj02 or bd09 (they differ by up to 600 m).",
        ) from None
    except DatumUnknown:
        raise CellWrong(
            "坐标系未知:请写明 wgs84、gcj02 或 bd09。", "Unknown datum: say wgs84, gcj02 or bd09."
        ) from None
    return Point(round(x, DECIMALS), round(y, DECIMALS), srid=crs.WGS84_SRID)


def _empty(field: str) -> Any:
    if field not in EMPTY:
        raise CellWrong("不能为空。", "This cannot be blank.")
    return EMPTY[field]()


def _text(model: type, field: str) -> Reader:
    length = model._meta.get_field(field).max_length
    return lambda text: cells.read_text(text, length)


def _readers(kind: Kind, known: Known) -> dict[str, Reader]:
    """Field -> how its cell is read, in the order of the columns."""
    readers = {
        Kind.BODIES: {
            "code": cells.read_code,
            "name": _text(MediationBody, "name"),
            "kind": partial(cells.read_one_of, tables.KINDS),
            "body_type": partial(cells.read_one_of, tables.BODY_TYPES),
            "form": partial(cells.read_one_of, tables.FORMS),
            "area": known.find_area,
            "address": _text(MediationBody, "address"),
            "phone": _text(MediationBody, "phone"),
            "categories": cells.read_categories,
            "channels": partial(cells.read_some_of, tables.CHANNELS),
            "opening_hours": cells.read_hours,
            "capacity": cells.read_capacity,
            "related_organisations": lambda text: cells.read_list(text, 100),
            "active": cells.read_yes,
        },
        Kind.MEDIATORS: {
            "code": cells.read_code,
            "name": _text(Mediator, "name"),
            "body": known.find_body,
            "background": partial(cells.read_one_of, tables.BACKGROUNDS),
            "full_time": cells.read_yes,
            "languages": partial(cells.read_some_of, tables.LANGUAGES),
            "specialities": cells.read_categories,
            "user": known.find_user,
            "active": cells.read_yes,
        },
        Kind.TRAININGS: {
            "mediator": known.find_mediator,
            "held_on": cells.read_day,
            "topic": _text(Training, "topic"),
            "hours": cells.read_study_hours,
        },
    }[kind]
    known_fields = {column.field for column in COLUMNS[kind]} - FOR_READERS - {*PLACE_FIELDS}
    assert readers.keys() == known_fields
    return readers
