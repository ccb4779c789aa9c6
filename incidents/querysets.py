"""Reading disputes. Every read goes through `visible_to`."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from grids.hierarchy import Level
from grids.models import Duty, User
from grids.roles import CASE_ROLES, Role
from incidents.errors import DisputeNotFound


def _duty_codes(user: User, roles: Collection[Role]) -> list[str]:
    """Areas on which `user` is on duty today in one of `roles`."""
    return list(Duty.objects.held_by(user, roles).values_list("area_id", flat=True))


def _inside(field: str, codes: Collection[str]) -> Q:
    """The area `field` is one of `codes` or below it. Asked of the foreign key itself, without a join.

    A grid unit, below which is nothing, is asked for as itself: the planner knows how many rows hold a value
    and only guesses how many begin with a text, and read a million rows for the newest fifty of a unit.
    """
    return reduce(
        or_,
        (
            Q(**{f"{field}_id": code})
            if len(code) == Level.GRID.code_length
            else Q(**{f"{field}__code__startswith": code})
            for code in codes
        ),
    )


class DisputeQuerySet(QuerySet):
    def visible_to(self, user: User):
        """Disputes of the areas on which `user` is on duty in a role that works on cases.

        A dispute that touches two areas is seen by both. A grid worker also sees what they reported
        elsewhere.
        """
        codes = _duty_codes(user, CASE_ROLES)
        if not codes:
            return self.none()
        parts = [_inside("grid_unit", codes), _inside("address_unit", codes), Q(reported_by=user)]
        if all(len(code) >= Level.COMMUNITY.code_length for code in codes):
            return self.filter(pk__in=self._few(parts))
        return self.filter(reduce(or_, parts))

    def _few(self, parts: list[Q]):
        """Keys of what fits any of `parts`, each of which holds few rows and has its index.

        As one condition joined by OR the planner cannot know how few they are, and looks for the newest fifty
        of a grid unit through all that is new in the district.
        """
        first, *others = (self.model.objects.filter(part).values("pk") for part in parts)
        return first.union(*others)

    def countable_by(self, user: User):
        """Disputes that `user` may count but not therefore see: in an area where they work on cases or plan.

        Only for totals. Whatever shows a single case or its place starts from `visible_to`.
        """
        codes = _duty_codes(user, CASE_ROLES | {Role.PLANNER})
        if not codes:
            return self.none()
        return self.filter(_inside("grid_unit", codes))

    def one_visible_to(self, user: User, dispute_id: UUID):
        """The dispute `dispute_id`. Raises DisputeNotFound, the same for none and for a foreign one."""
        dispute = self.visible_to(user).filter(pk=dispute_id).first()
        if dispute is None:
            raise DisputeNotFound
        return dispute

    def sent_by(self, user: User):
        """Disputes that `user` reported or added to, also those out of their sight since.

        For what they send after it and nothing else: it shows them no case.
        """
        added = self.model.objects.filter(supplements__added_by=user).values("pk")
        return self.filter(Q(reported_by=user) | Q(pk__in=added))

    def open(self):
        # As the table's check has it: whatever has not ended has no such time. There is an index of these.
        return self.filter(ended_at=None)

    def overdue(self, now: datetime):
        """Past their due time at `now`; no clock runs on ended and suspended disputes."""
        return self.filter(due_at__lt=now)

    def within(self, code: str):
        """Located in the area `code`."""
        return self.filter(_inside("grid_unit", [code]))
