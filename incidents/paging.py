"""Pages of a list by cursor: the next page begins after the last row seen, however the list has grown.

A cursor is the sort key of that row, so that following pages cost the same as the first and no row is
skipped or shown twice because another one moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q

from incidents.errors import FilterInvalid
from incidents.models import Dispute
from incidents.querysets import DisputeQuerySet

Row = TypeVar("Row")
SEPARATOR = "~"


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_cursor: str | None


@dataclass(frozen=True)
class Order:
    """An order of disputes: sort fields, and the condition for what comes after a given key."""

    fields: tuple
    after: Callable[[datetime | None, datetime, UUID], Q]


def _after_due(due_at: datetime | None, reported_at: datetime, pk: UUID) -> Q:
    tie = Q(reported_at__gt=reported_at) | Q(reported_at=reported_at, pk__gt=pk)
    if due_at is None:
        return Q(due_at=None) & tie
    return Q(due_at__gt=due_at) | Q(due_at=None) | (Q(due_at=due_at) & tie)


def _after_newest(due_at: datetime | None, reported_at: datetime, pk: UUID) -> Q:
    return Q(reported_at__lt=reported_at) | Q(reported_at=reported_at, pk__lt=pk)


# As incidents.queue.queue_for sorts: nulls last, which is PostgreSQL's own ascending order.
MOST_URGENT_FIRST = Order(("due_at", "reported_at", "pk"), _after_due)
NEWEST_FIRST = Order(("-reported_at", "-pk"), _after_newest)


def page_of(disputes: DisputeQuerySet, order: Order, *, after: str, size: int) -> Page[Dispute]:
    """`size` disputes in `order`, from the cursor `after` on ("" for the first page).

    Raises:
        FilterInvalid: `after` is not a cursor.
    """
    if after:
        disputes = disputes.filter(order.after(*_read(after)))
    rows = list(disputes.order_by(*order.fields)[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], _cursor(rows[size - 1]) if more else None)


def _cursor(dispute: Dispute) -> str:
    due = dispute.due_at.isoformat() if dispute.due_at else ""
    return SEPARATOR.join((due, dispute.reported_at.isoformat(), str(dispute.pk)))


def _read(cursor: str) -> tuple[datetime | None, datetime, UUID]:
    try:
        due, reported, pk = cursor.split(SEPARATOR)
        moments = [datetime.fromisoformat(text) if text else None for text in (due, reported)]
        if moments[1] is None or any(moment and moment.tzinfo is None for moment in moments):
            raise ValueError(cursor)
        return moments[0], moments[1], UUID(pk)
    except ValueError as error:
        message = "不是本列表给出的位置。 / Not a place in this list."
        raise FilterInvalid({"after": [{"message": message, "code": "cursor"}]}) from error
