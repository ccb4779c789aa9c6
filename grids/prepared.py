"""Statements that the server keeps prepared, for what is asked and written at every report.

Django's own cursor writes values into the text of a query, so that its planning, and before that the making
of the text, begin anew each time: for small ones both cost several times what the work itself does.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import count, groupby

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model
from psycopg import Cursor, RawCursor


def rows(query: str, facts: Mapping | Sequence = ()) -> list[tuple]:
    """Rows of `query`, kept prepared on the server where the connection allows it."""
    return _answered(Cursor, query, facts)


def _answered(kind: type[Cursor], query: str, facts: Mapping | Sequence) -> list[tuple]:
    # Itself: `django.db.connection` looks for it anew whenever something is asked of it.
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    with connection.wrap_database_errors, kind(connection.connection) as cursor:
        found = cursor.execute(query, facts).fetchall()
    if connection.queries_logged:
        # Tests count what is asked.
        connection.queries_log.append({"sql": query, "time": "0.000"})
    return found


def insert(objects: Sequence[Model]) -> None:
    """Write new `objects` with one statement, those of a model side by side, and give them their keys. None
    for none.

    As `bulk_create` does: what the database checks is checked, and no signal is sent.
    """
    if not objects:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    numbers = tuple((model, len(list(some))) for model, some in groupby(objects, type))
    values = [
        field.get_db_prep_save(field.pre_save(one, add=True), connection)
        for one in objects
        for field in _fields(type(one))
    ]
    # Raw: psycopg reads a statement of more than 50 values anew each time to find them.
    written = _answered(RawCursor, _insert(numbers), values)
    for one, (key,) in zip(objects, written, strict=True):
        one.pk = one._meta.pk.to_python(key)
        one._state.adding, one._state.db = False, connection.alias


@lru_cache
def _fields(model: type[Model]) -> tuple[Field, ...]:
    """What is written: neither what the database counts nor what it works out itself."""
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and field is not model._meta.auto_field
    )


@lru_cache
def _insert(numbers: tuple[tuple[type[Model], int], ...]) -> str:
    """The statement for so many rows of each model. Their keys come back in the order of the rows."""
    places, steps, keys = count(1), [], []
    for step, (model, number) in enumerate(numbers):
        names = ", ".join(f'"{field.column}"' for field in _fields(model))
        values = (", ".join(f"${next(places)}" for _ in _fields(model)) for _ in range(number))
        lines = ", ".join(f"({row})" for row in values)
        table, key = model._meta.db_table, model._meta.pk.column
        steps.append(
            f'step_{step} AS (INSERT INTO "{table}" ({names}) VALUES {lines} RETURNING "{key}"::text)'
        )
        keys.append(f"SELECT * FROM step_{step}")
    return f"WITH {', '.join(steps)} {' UNION ALL '.join(keys)}"
