"""Statements that the server keeps prepared, for what is asked and written at every report.

Django's own cursor writes values into the text of a query, so that its planning, and before that the making
of the text, begin anew each time: for small ones both cost several times what the work itself does.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Field, Model
from psycopg import Cursor


def rows(query: str, facts: Mapping | Sequence = ()) -> list[tuple]:
    """Rows of `query`, kept prepared on the server where the connection allows it."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        found = cursor.execute(query, facts).fetchall()
    if connection.queries_logged:
        # Tests count what is asked.
        connection.queries_log.append({"sql": query, "time": "0.000"})
    return found


def insert(objects: Sequence[Model]) -> None:
    """Write new `objects`, all of one model, and give them their keys. None for none.

    As `bulk_create` does: what the database checks is checked, and no signal is sent.
    """
    if not objects:
        return
    model = type(objects[0])
    values = [
        field.get_db_prep_save(field.pre_save(one, add=True), connection)
        for one in objects
        for field in _fields(model)
    ]
    written = rows(_insert(model, len(objects)), values)
    for one, (key,) in zip(objects, written, strict=True):
        one.pk = key
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
def _insert(model: type[Model], number: int) -> str:
    """The statement for `number` rows. Their keys come back in the order of the rows."""
    names = ", ".join(f'"{field.column}"' for field in _fields(model))
    row = f"({', '.join(['%s'] * len(_fields(model)))})"
    table, key = model._meta.db_table, model._meta.pk.column
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * number)} RETURNING "{key}"'
