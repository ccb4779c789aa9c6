"""Reading disputes. Every read goes through `visible_to`."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from grids.models import Duty, User
from grids.roles import CASE_ROLES
from incidents.workflow import ENDED


class DisputeQuerySet(QuerySet):
    def visible_to(self, user: User):
        """Disputes of the areas on which `user` is on duty in a role that works on cases.

        A dispute that touches two areas is seen by both. A grid worker also sees what they reported
        elsewhere.
        """
        codes = list(
            Duty.objects.of(user).current().filter(role__in=CASE_ROLES).values_list("area_id", flat=True)
        )
        if not codes or not user.is_active:
            return self.none()
        seen = reduce(or_, (Q(grid_unit_id__startswith=c) | Q(address_unit_id__startswith=c) for c in codes))
        return self.filter(seen | Q(reported_by=user))

    def open(self):
        return self.exclude(state__in=ENDED)

    def overdue(self, now: datetime):
        """Past their due time at `now`; no clock runs on ended and suspended disputes."""
        return self.filter(due_at__lt=now)

    def within(self, code: str):
        """Located in the area `code`."""
        return self.filter(grid_unit_id__startswith=code)
