"""Disputes counted by unit and day, so that nobody has to read all that were ever reported."""

from django.db import models
from django.db.models import Q

from grids.models import Area


class DailyCount(models.Model):
    """`cases` disputes of one category group that occurred in `unit` on one day and were known on another.

    By today's boundaries, days of Guangzhou. Kept by day of report as well, so that any past day can be
    looked at with what was known then: what comes late counts on the day when it happened, from the day on
    which it was reported.
    """

    unit = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    occurred_on = models.DateField()
    known_on = models.DateField(db_index=True)
    category_group = models.CharField(max_length=2)
    cases = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occurred_on", "unit", "category_group", "known_on"], name="daily_count_once"
            ),
            models.CheckConstraint(name="daily_count_of_something", condition=Q(cases__gt=0)),
        ]


class StaleDay(models.Model):
    """A dispute reported on `day` is new or no longer what was counted. Written by triggers.

    A row for each change, without any constraint: reports of one day must not wait for each other, and the
    row is seen by others at the very moment at which the dispute is.
    """

    day = models.DateField()


class CountedBoundaries(models.Model):
    """The one row says by which boundaries `DailyCount` counts: a digest of their versions."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=32)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="counted_boundaries_one_row", condition=Q(id=1))]
