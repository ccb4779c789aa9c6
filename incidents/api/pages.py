"""The list in pages: each begins where the one before ended, so that the last is as quick as the first.

Counting pages (OFFSET) would read all that was skipped, and shift when a dispute is reported meanwhile.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from incidents.errors import FilterInvalid
from incidents.models import Dispute
from incidents.querysets import DisputeQuerySet

DEFAULT_LIMIT, MOST = 200, 1000
_TIME = "%Y-%m-%dT%H:%M:%S.%f%z"


@dataclass(frozen=True)
class Cursor:
    """The last dispute of a page, newest first, the id breaking ties."""

    reported_at: datetime
    id: UUID

    def __str__(self):
        said = f"{self.reported_at.astimezone(UTC).strftime(_TIME)} {self.id}"
        return base64.urlsafe_b64encode(said.encode()).decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that `str` gave. Raises FilterInvalid."""
        try:
            reported_at, identifier = base64.b64decode(text, "-_", validate=True).decode().split(" ")
            # An edited one may have no offset, or a year that UTC no longer has.
            return cls(datetime.strptime(reported_at, _TIME).astimezone(UTC), UUID(identifier))
        except (ValueError, OverflowError) as error:
            message = "请使用 next 给出的 cursor。 / Use the one in `next`."
            raise FilterInvalid(_wrong("cursor", message)) from error


def parse_limit(text: str | None) -> int:
    """How many disputes a page holds. Raises FilterInvalid."""
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        raise FilterInvalid(_wrong("limit", f"应为 1 至 {MOST}。 / Must be 1 to {MOST}."))
    return int(text)


def page_of(
    disputes: DisputeQuerySet, cursor: Cursor | None, limit: int
) -> tuple[list[Dispute], Cursor | None]:
    """At most `limit` of `disputes` after `cursor`, newest first, and the cursor of the next page, if any."""
    if cursor:
        # The first part alone is what the index on (reported_at, id) begins at.
        earlier = disputes.filter(reported_at__lte=cursor.reported_at)
        disputes = earlier.exclude(reported_at=cursor.reported_at, id__gte=cursor.id)
    found = list(disputes.order_by("-reported_at", "-id")[: limit + 1])
    page = found[:limit]
    return page, Cursor(page[-1].reported_at, page[-1].id) if len(found) > limit else None


def _wrong(parameter: str, message: str) -> dict:
    return {parameter: [{"message": message, "code": "invalid"}]}
