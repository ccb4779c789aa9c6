"""Counts for the first page: what waits, how a district is doing, and totals by area."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Left

from grids.hierarchy import Level
from grids.models import User
from incidents.models import Dispute
from incidents.queue import queue_for
from incidents.workflow import State

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
# Closed with an agreement that holds, as the results count it.
_SETTLED_LOW = Q(level__in=(Level.GRID, Level.COMMUNITY), settled_at__isnull=False)


@dataclass(frozen=True)
class CaseLoad:
    """What waits for somebody, counted. One case may be in several counts."""

    waiting: int
    due_today: int
    overdue: int
    new: int
    handed_back: int


@dataclass(frozen=True)
class DistrictFigures:
    """How the cases of somebody's area stand at a moment, and seven days before.

    `resolved_low` is the share, 0 to 1, of the cases closed in the last seven days that the grid or the
    community closed with an agreement; None where none was closed. `newly_overdue` counts those that fell due
    in the last seven days: what was overdue a week ago is not kept anywhere.
    """

    open: int
    open_before: int
    overdue: int
    newly_overdue: int
    resolved_low: float | None
    resolved_low_before: float | None
    reported: int
    reported_before: int


@dataclass(frozen=True)
class AreaCount:
    """What is open in an area, and what ended there within the last thirty days."""

    code: str
    open: int
    ended: int


def case_load(user: User, now: datetime, midnight: datetime) -> CaseLoad:
    """Counts over what `user` answers for. `midnight` ends the day of `now`."""
    waiting = queue_for(user).order_by()
    return CaseLoad(
        **waiting.aggregate(
            waiting=Count("pk"),
            due_today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            new=Count("pk", filter=Q(state=State.REPORTED)),
            handed_back=Count("pk", filter=Q(state=State.RETURNED)),
        )
    )


def district_figures(user: User, now: datetime) -> DistrictFigures:
    """The four figures over all that `user` may see."""
    before = now - WEEK
    open_then = Q(reported_at__lte=before) & (Q(ended_at=None) | Q(ended_at__gt=before))
    # All that is counted is open still, or ended in these two weeks: years of closed cases stay unread.
    lately = Dispute.objects.visible_to(user).filter(Q(ended_at=None) | Q(ended_at__gt=before - WEEK))
    counts = lately.aggregate(
        open=Count("pk", filter=Q(ended_at=None)),
        open_before=Count("pk", filter=open_then),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        newly_overdue=Count("pk", filter=Q(due_at__lt=now, due_at__gte=before)),
        reported=Count("pk", filter=Q(reported_at__gt=before, reported_at__lte=now)),
        reported_before=Count("pk", filter=Q(reported_at__gt=before - WEEK, reported_at__lte=before)),
        closed=Count("pk", filter=_closed(before, now)),
        settled_low=Count("pk", filter=_closed(before, now) & _SETTLED_LOW),
        closed_before=Count("pk", filter=_closed(before - WEEK, before)),
        settled_low_before=Count("pk", filter=_closed(before - WEEK, before) & _SETTLED_LOW),
    )
    return DistrictFigures(
        resolved_low=_share(counts.pop("settled_low"), counts.pop("closed")),
        resolved_low_before=_share(counts.pop("settled_low_before"), counts.pop("closed_before")),
        **counts,
    )


def area_counts(user: User, level: Level, now: datetime) -> list[AreaCount]:
    """Open and lately ended disputes in each area of `level` that `user` may count, by code.

    Years of closed cases stay unread: the results tell of them.
    """
    rows = (
        Dispute.objects.countable_by(user)
        .filter(Q(ended_at=None) | Q(ended_at__gt=now - MONTH))
        .annotate(area=Left("grid_unit_id", level.code_length))
        .values("area")
        .annotate(open=Count("pk", filter=Q(ended_at=None)), all=Count("pk"))
        .order_by("area")
    )
    return [AreaCount(code=row["area"], open=row["open"], ended=row["all"] - row["open"]) for row in rows]


def _closed(after: datetime, until: datetime) -> Q:
    return Q(state=State.CLOSED, ended_at__gt=after, ended_at__lte=until)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
