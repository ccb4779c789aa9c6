"""Pages of a list by cursor: the next page begins after the last row seen, however the list has grown.

A cursor is the sort key of that row, so that following pages cost the same as the first and no row is
skipped or shown twice because another one moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
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
    # The first part alone is what the index on (reported_at, id) begins at.
    return Q(reported_at__lte=reported_at) & ~Q(reported_at=reported_at, pk__gte=pk)


# As incidents.queue.queue_for sorts: nulls last, which is PostgreSQL's own ascending order.
MOST_URGENT_FIRST = Order(("due_at", "reported_at", "pk"), _after_due)
NEWEST_FIRST = Order(("-reported_at", "-pk"), _after_newest)


def page_of(
    disputes: DisputeQuerySet, order: Order, *, after: str, size: int, parameter: str = "after"
) -> Page[Dispute]:
    """`size` disputes in `order`, from the cursor `after` on ("" for the first page).

    Raises:
        FilterInvalid: `after` is not a cursor; `parameter` is what the reader calls it.
    """
    if after:
        disputes = disputes.filter(order.after(*_read(after, parameter)))
    rows = list(disputes.order_by(*order.fields)[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], _cursor(rows[size - 1]) if more else None)


def _cursor(dispute: Dispute) -> str:
    due = dispute.due_at.isoformat() if dispute.due_at else ""
    return SEPARATOR.join((due, dispute.reported_at.isoformat(), str(dispute.pk)))


def _read(cursor: str, parameter: str) -> tuple[datetime | None, datetime, UUID]:
    try:
        due, reported, pk = cursor.split(SEPARATOR)
        return _moment(due) if due else None, _moment(reported), UUID(pk)
    except (ValueError, OverflowError) as error:
        message = "不是本列表给出的位置。 / Not a place in this list."
        raise FilterInvalid({parameter: [{"message": message, "code": "cursor"}]}) from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    # An edited one may have a year that UTC no longer has.
    return moment.astimezone(UTC)
