"""What waits for someone."""

from django.db.models import F, QuerySet

from grids.models import User
from incidents.models import Dispute
from incidents.permissions import CaseDuties


def queue_for(user: User) -> QuerySet[Dispute]:
    """Open disputes that `user` answers for today, the most urgent first.

    Ascending `due_at` is: longest overdue, then due next, then those without a running clock (suspended).
    The assignee comes along; areas are named by `grids.area_names`.
    """
    return (
        Dispute.objects.visible_to(user)
        .open()
        .filter(responsible_area__in=CaseDuties.of(user).area_codes)
        .select_related("assigned_to", "reported_by")
        .order_by(F("due_at").asc(nulls_last=True), "reported_at", "id")
    )
