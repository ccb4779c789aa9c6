"""What rows do to the database: each kind of table finds what it means, compares, and is stored in bulk."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import Model

from incidents.models import MediationBody, Mediator, Training
from incidents.network.cells import CellWrong
from incidents.network.columns import Kind
from incidents.network.known import Known
from incidents.network.permissions import Keeping
from incidents.network.report import Outcome, RowReport
from incidents.network.row_reading import DECIMALS, RowReader
from incidents.sheets import Row, RowProblem

FOREIGN = ("不在您管理的区域内:请由区中心或所属街道中心导入。", "Outside the area you keep: ask its centre.")
BATCH = 500


class Store:
    """One table on its way in. Subclasses say what a row's key is, whose it is and how it is stored."""

    kind: Kind
    model: type[Model]
    key_fields: tuple[str, ...] = ("code",)

    def __init__(self, reader: RowReader, keeping: Keeping, known: Known):
        self.reader, self.keeping, self.known = reader, keeping, known
        self.new: list[Model] = []
        self.changed: list[Model] = []
        self.changed_fields: set[str] = set()
        self.first_rows: dict[Any, int] = {}

    def take(self, rows: Iterable[Row]) -> list[RowReport]:
        """Compare every row with what is stored."""
        read = [(row, *self.reader.read(row)) for row in rows]
        self.stored = self.lock_stored([values for _, values, _ in read])
        return [self._take(row, values, problems) for row, values, problems in read]

    def save(self) -> None:
        self.model.objects.bulk_create(self.new, batch_size=BATCH)
        if self.changed:
            self.model.objects.bulk_update(self.changed, sorted(self.changed_fields), batch_size=BATCH)

    def lock_stored(self, read: list[dict]) -> dict[Any, Model]:
        """Key -> row of the database, locked."""
        codes = {values["code"] for values in read if "code" in values}
        rows = self.model.objects.select_for_update(of=("self",)).filter(code__in=codes)
        return {row.code: row for row in rows}

    def key(self, values: Mapping[str, Any]) -> Any:
        return values["code"]

    def area_of(self, stored: Model | None, values: Mapping[str, Any]) -> list[str]:
        """Codes of the areas whose keeper may do this."""
        raise NotImplementedError

    def check(self, stored: Model | None, values: Mapping[str, Any]) -> None:
        """Rules beyond the single cell. Raises CellWrong."""

    def _take(self, row: Row, values: dict, problems: list[RowProblem]) -> RowReport:
        code = self._code(row)
        if any(field not in values for field in self.key_fields):
            return RowReport(row.number, code, Outcome.WRONG, problems=tuple(problems))
        key = self.key(values)
        problems += self._repeated(row, key)
        stored = self.stored.get(key)
        if stored is None:
            problems += self.reader.needed(row, values, {problem.column for problem in problems})
        if not problems:
            problems += self._refused(row, stored, values)
        if problems:
            return RowReport(row.number, code, Outcome.WRONG, problems=tuple(problems))
        return self._put(row, code, stored, values)

    def _code(self, row: Row) -> str:
        return row.cells[self.reader.places[self.key_fields[0]]][:20]

    def _repeated(self, row: Row, key: Any) -> list[RowProblem]:
        first = self.first_rows.setdefault(key, row.number)
        if first == row.number:
            return []
        zh, en = f"与第 {first} 行重复:请只留一行。", f"The same as row {first}: keep one."
        return [self.reader.problem(row, self.key_fields[0], zh, en)]

    def _refused(self, row: Row, stored: Model | None, values: dict) -> list[RowProblem]:
        if not all(map(self.keeping.covers, self.area_of(stored, values))):
            return [RowProblem(row.number, "", *FOREIGN)]
        try:
            self.check(stored, values)
        except CellWrong as wrong:
            return [RowProblem(row.number, "", wrong.zh, wrong.en)]
        return []

    def _put(self, row: Row, code: str, stored: Model | None, values: dict) -> RowReport:
        columns = {_column(self.model, field): _plain(value) for field, value in values.items()}
        if stored is None:
            self.new.append(self.model(**columns))
            return RowReport(row.number, code, Outcome.CREATED)
        differing = {
            name: value for name, value in columns.items() if not _same(getattr(stored, name), value)
        }
        if not differing:
            return RowReport(row.number, code, Outcome.UNCHANGED)
        for name, value in differing.items():
            setattr(stored, name, value)
        self.changed.append(stored)
        self.changed_fields |= differing.keys()
        fields = tuple(field for field in values if _column(self.model, field) in differing)
        return RowReport(row.number, code, Outcome.UPDATED, changed=fields)


class Bodies(Store):
    kind, model = Kind.BODIES, MediationBody

    def area_of(self, stored, values):
        areas = [stored.area_id] if stored else []
        return [*areas, values["area"]] if "area" in values else areas


class Mediators(Store):
    kind, model = Kind.MEDIATORS, Mediator

    def lock_stored(self, read):
        self.accounts = dict(Mediator.objects.exclude(user=None).values_list("user_id", "code"))
        rows = super().lock_stored(read)
        # Accounts that this very file takes from their mediators are free for others.
        for values in read:
            stored = rows.get(values.get("code"))
            if stored and "user" in values and stored.user_id != values["user"]:
                self.accounts.pop(stored.user_id, None)
        return rows

    def area_of(self, stored, values):
        areas = [self.known.mediators[stored.code].body.area_id] if stored else []
        return [*areas, values["body"].area_id] if "body" in values else areas

    def check(self, stored, values):
        user = values.get("user")
        if user is not None and self.accounts.setdefault(user, values["code"]) != values["code"]:
            raise CellWrong("这个账号已属于另一位调解员。", "The account belongs to another mediator.")

    def save(self):
        if "user_id" in self.changed_fields:
            # An account that changes hands must be free before another row takes it.
            changed = [mediator.pk for mediator in self.changed]
            Mediator.objects.filter(pk__in=changed).update(user=None)
        super().save()


class Trainings(Store):
    kind, model = Kind.TRAININGS, Training
    key_fields = ("mediator", "held_on", "topic")

    def key(self, values):
        return values["mediator"].pk, values["held_on"], values["topic"]

    def lock_stored(self, read):
        mediators = {values["mediator"].pk for values in read if "mediator" in values}
        rows = Training.objects.select_for_update(of=("self",)).filter(mediator__in=mediators)
        return {(row.mediator_id, row.held_on, row.topic): row for row in rows}

    def area_of(self, stored, values):
        return [values["mediator"].body.area_id]


STORES: dict[Kind, type[Store]] = {
    Kind.BODIES: Bodies, Kind.MEDIATORS: Mediators, Kind.TRAININGS: Trainings,
}  # fmt: skip


def _column(model: type[Model], field: str) -> str:
    """Name of the attribute that holds the value itself: a foreign key's holds the key."""
    return model._meta.get_field(field).attname


def _same(stored: Any, given: Any) -> bool:
    """Places are the same to a centimetre: what was read from a file has no more decimals."""
    if isinstance(stored, Point) and isinstance(given, Point):
        return all(abs(a - b) < 10**-DECIMALS for a, b in zip(stored.coords, given.coords, strict=True))
    return stored == given


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value
