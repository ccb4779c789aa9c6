"""Disputes of a foreign table become reports, row by row. The same rows again add nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from grids.addresses import normalize_address
from grids.errors import DomainError
from grids.hierarchy import Level, code_at
from grids.locate import locate_point
from grids.models import Address, User
from grids.roles import Role
from incidents.errors import FieldsInvalid, ImportNotAllowed
from incidents.exchange.columns import BY_KEY
from incidents.exchange.reading import CellProblem, ReadRow, read_row
from incidents.models import Dispute
from incidents.permissions import CaseDuties
from incidents.report import problems_of
from incidents.services import report_dispute
from incidents.sheets import Row, RowProblem

# Any number: of two imports at once the second waits, and then finds what the first brought.
_ADVISORY_LOCK = 440106
IMPORTING_ROLES = frozenset({Role.COMMUNITY_MEDIATOR, Role.STREET_CENTRE, Role.DISTRICT_CENTRE})


@dataclass
class ImportOutcome:
    """What became of the rows: `new` and `known` cases, and `problems` of the others."""

    rows: int = 0
    new: int = 0
    known: int = 0
    wrong: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def may_import(user: User) -> bool:
    return any(role in IMPORTING_ROLES for role, _ in CaseDuties.of(user).held)


def import_disputes(
    *,
    user: User,
    rows: Iterable[Row],
    mapping: Mapping[str, str],
    datum: str = "",
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> ImportOutcome:
    """Report each row that can be; what cannot is named with its row and column.

    `mapping` is heading -> column key, `datum` that of rows which name none. Each row is taken in a
    transaction of its own: what an interrupted run brought in stays, and the next one goes on. With
    `dry_run` nothing is written, and the outcome says what would be.

    Raises:
        ImportNotAllowed: the user is on duty neither in a community, a street nor the district.
    """
    if not may_import(user):
        raise ImportNotAllowed
    importer = _Importer(user, mapping, datum, dry_run, now or timezone.now())
    with _one_import():
        for done, row in enumerate(rows, start=1):
            importer.take(row)
            progress(done)
    return importer.outcome


class _Importer:
    def __init__(self, user: User, mapping: Mapping[str, str], datum: str, dry_run: bool, now: datetime):
        self.user, self.mapping, self.datum, self.dry_run, self.now = user, mapping, datum, dry_run, now
        self.areas = tuple(CaseDuties.of(user).area_codes)
        self.headings = {key: heading for heading, key in mapping.items()}
        self.seen: dict[UUID, str] = {}
        self.outcome = ImportOutcome()

    def take(self, row: Row) -> None:
        self.outcome.rows += 1
        read, problems = read_row(row.cells, self.mapping, self.datum)
        if read is not None:
            problems = self._take(read)
        if problems:
            self.outcome.wrong += 1
            self.outcome.problems += [self._at(row, problem) for problem in problems]

    def _take(self, read: ReadRow) -> list[CellProblem]:
        """Report it, or say why not."""
        try:
            return self._report(_at_known_address(read) if read.needs_address else read)
        except FieldsInvalid as error:
            found = error.facts["errors"]
            return [CellProblem(name, *_halves(each["message"])) for name in found for each in found[name]]
        except DomainError as error:
            place = "address" if read.needs_address else "lon"
            return [CellProblem(place, error.message_zh, error.message_en)]

    def _report(self, read: ReadRow) -> list[CellProblem]:
        report = read.report
        found = [CellProblem(p.field, *_halves(p.message)) for p in problems_of(report, self.now)]
        if found:
            return found
        unit = locate_point(
            report.lon, report.lat, datum=report.datum, accuracy_m=report.accuracy_m
        ).grid_unit.code
        if not unit.startswith(self.areas):
            return [CellProblem("lon", "地点不在您值守的区域内。", "The place is outside your areas.")]
        key = read.key(code_at(unit, Level.STREET))
        earlier = self._earlier(key)
        if earlier is None:
            if not self.dry_run:
                report_dispute(reporter=self.user, report=report, key=key, now=self.now)
            self.seen[key] = report.digest()
            self.outcome.new += 1
        elif earlier == report.digest():
            self.outcome.known += 1
        else:
            zh = "这个编号已导入过,内容不同:请在案件页面修改,或换一个编号。"
            return [CellProblem("number", zh, "Imported before with other content: change it on its page.")]
        return []

    def _earlier(self, key: UUID) -> str | None:
        """The digest of what was reported under `key`, by whomever."""
        stored = Dispute.objects.filter(report_key=key).values_list("report_digest", flat=True).first()
        return stored or self.seen.get(key)

    def _at(self, row: Row, problem: CellProblem) -> RowProblem:
        column = self.headings.get(problem.key) or (BY_KEY[problem.key].zh if problem.key in BY_KEY else "")
        return RowProblem(row.number, column, problem.zh, problem.en)


def _at_known_address(read: ReadRow) -> ReadRow:
    address = Address.objects.filter(normalized=normalize_address(read.report.address)).first()
    if address is None:
        message = "没有登记这个地址:请给出经纬度。 / The address is not known: give coordinates."
        raise FieldsInvalid({"address": [{"message": message, "code": "unknown"}]})
    place = replace(read.report, lon=address.location.x, lat=address.location.y, datum="wgs84")
    return replace(read, report=place)


def _halves(message: str) -> tuple[str, str]:
    zh, _, en = message.partition(" / ")
    return zh, en or zh


@contextmanager
def _one_import() -> Iterator[None]:
    """Held by the session and not by a transaction, of which each row has its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
