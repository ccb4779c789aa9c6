"""Reading the territory."""

from collections.abc import Collection
from datetime import date

from django.contrib.gis.geos import Point
from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.hierarchy import Level
from grids.roles import Role


class DatedQuerySet(QuerySet):
    """Rows in force from `valid_from` to the day before `valid_to`."""

    def on(self, day: date):
        """In force on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def current(self):
        """In force today in Guangzhou."""
        return self.on(timezone.localdate())


class AreaVersionQuerySet(DatedQuerySet):
    def level(self, level: Level | str):
        return self.filter(area__level=level)

    def within(self, code: str):
        """The area `code` itself and all below it."""
        return self.filter(area__code__startswith=code)

    def covering(self, point: Point):
        """Areas that hold `point` (EPSG:4326), boundary included, lowest code first.

        A point on a shared edge is covered by two areas; taking the first gives always the same one.
        """
        return self.filter(geom__covers=point).order_by("area_id")


class DutyQuerySet(DatedQuerySet):
    def held_by(self, user, roles: Collection[Role] | None = None):
        """Duties of `user` today, in one of `roles` if given; none for an account that is switched off."""
        if not user.is_active:
            return self.none()
        held = self.current().filter(user=user)
        return held if roles is None else held.filter(role__in=roles)
