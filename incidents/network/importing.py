"""Tables of bodies, mediators and trainings into the database: all rows or none."""

from collections.abc import Mapping

from django.db import connection, transaction

from grids.models import User
from incidents.errors import NetworkNotImported, SheetColumnsMissing
from incidents.network.columns import Kind, fields_by_heading, missing_columns
from incidents.network.known import Known
from incidents.network.permissions import Keeping
from incidents.network.report import ImportReport, TableReport
from incidents.network.row_reading import RowReader
from incidents.network.storing import STORES
from incidents.sheets import Table

# Any number, the same in every process: of two imports at once the second waits and then compares anew.
ADVISORY_LOCK = 440_105_02


def import_network(
    *, tables: Mapping[Kind, Table], user: User | None = None, dry_run: bool = False
) -> ImportReport:
    """Bring `tables` into the database: new rows, changed ones, and nothing where nothing differs.

    Bodies come first, so that mediators of the same file find them. Rows that are not in the file stay.
    `user` None is a command's. With `dry_run` everything is tried and taken back.

    Raises:
        NetworkEditNotYours: `user` keeps no bodies at all; of foreign bodies the report tells.
        SheetColumnsMissing: a table lacks columns that every row needs.
        NetworkNotImported: with the report, if a row is wrong and it is no dry run.
    """
    keeping = Keeping.of(user) if user else Keeping.everywhere()
    keeping.check()
    report = ImportReport(dry_run=dry_run)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        for kind in (kind for kind in Kind if kind in tables):
            report.tables.append(_import_table(kind, tables[kind], keeping))
        report.saved = not dry_run and not report.wrong_rows
        if not report.saved:
            transaction.set_rollback(True)
    if report.wrong_rows and not dry_run:
        raise NetworkNotImported(report=report, **_first(report))
    return report


def import_bodies(*, table: Table, user: User | None = None, dry_run: bool = False) -> ImportReport:
    return import_network(tables={Kind.BODIES: table}, user=user, dry_run=dry_run)


def import_mediators(
    *, table: Table, trainings: Table | None = None, user: User | None = None, dry_run: bool = False
) -> ImportReport:
    """Mediators, and what they were trained in where a table of that comes along."""
    tables = {Kind.MEDIATORS: table} | ({Kind.TRAININGS: trainings} if trainings else {})
    return import_network(tables=tables, user=user, dry_run=dry_run)


def _import_table(kind: Kind, table: Table, keeping: Keeping) -> TableReport:
    places, unknown = fields_by_heading(kind, table.headings)
    if missing := missing_columns(kind, places):
        raise SheetColumnsMissing(columns="、".join(f"{column.zh}({column.en})" for column in missing))
    known = Known()
    store = STORES[kind](RowReader(kind, places, known), keeping, known)
    rows = store.take(table.rows)
    store.save()
    return TableReport(kind, rows, unknown)


def _first(report: ImportReport) -> dict:
    """Facts of the refusal: how many rows are wrong, and the first thing that is."""
    row = next(row for table in report.tables for row in table.wrong)
    problem = row.problems[0]
    return {
        "count": report.wrong_rows,
        "first_zh": f"第 {row.number} 行 {problem.column} {problem.zh}".replace("  ", " "),
        "first_en": f"row {row.number} {problem.column} {problem.en}".replace("  ", " "),
    }
