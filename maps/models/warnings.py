"""Early warnings as they are found night by night, and what each night's run did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from grids.models import Area

EVIDENCE = ["space_time_permutation"]
STATES = ["new", "acknowledged", "visit_assigned", "confirmed", "dismissed"]


class Excess(models.Model):
    """More cases than expected, around a place, from one day to another.

    `area` is the street, or else the district, that holds it; `category_group` is empty for all together.
    As striking a thing comes by chance once in `recurrence_days` of one scan a day.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    category_group = models.CharField(max_length=2, blank=True)
    radius_m = models.FloatField()
    first_day = models.DateField()
    last_day = models.DateField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    llr = models.FloatField()
    recurrence_days = models.FloatField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_group", condition=Q(category_group__regex=r"^(\d\d)?$")),
            models.CheckConstraint(name="%(class)s_days", condition=Q(first_day__lte=F("last_day"))),
            models.CheckConstraint(
                name="%(class)s_excess",
                condition=Q(expected__gte=0, observed__gt=F("expected"), llr__gt=0, radius_m__gte=0),
            ),
            models.CheckConstraint(name="%(class)s_recurrence", condition=Q(recurrence_days__gte=1)),
        ]


class EarlyWarning(Excess):
    """Disputes gather somewhere, as it was last seen; `days` holds what it was on each day.

    `units` are those of the day on which it was last seen.
    """

    units = models.ManyToManyField(Area, through="WarningUnit", related_name="+")
    evidence = models.CharField(max_length=30)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField(db_index=True)
    state = models.CharField(max_length=14, default="new")

    class Meta(Excess.Meta):
        ordering = ["-last_seen_on", "-recurrence_days", "id"]
        constraints = [
            *Excess.Meta.constraints,
            models.CheckConstraint(name="early_warning_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="early_warning_evidence", condition=Q(evidence__in=EVIDENCE)),
            models.CheckConstraint(
                name="early_warning_seen", condition=Q(first_seen_on__lte=F("last_seen_on"))
            ),
        ]

    def __str__(self):
        return f"{self.area_id} {self.first_day} - {self.last_day} {self.category_group}".rstrip()


class WarningUnit(models.Model):
    """A grid unit of a warning."""

    warning = models.ForeignKey(EarlyWarning, models.CASCADE, related_name="warning_units", db_index=False)
    unit = models.ForeignKey(Area, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "unit"], name="warning_unit_once")]


class WarningDay(Excess):
    """What a warning was on one day, kept as it was told then: `unit_codes` are codes of grid units."""

    warning = models.ForeignKey(EarlyWarning, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField(db_index=True)
    unit_codes = ArrayField(models.CharField(max_length=15))

    class Meta(Excess.Meta):
        ordering = ["day"]
        constraints = [
            *Excess.Meta.constraints,
            models.UniqueConstraint(fields=["warning", "day"], name="warning_day_once"),
        ]


class WarningRun(models.Model):
    """The scans of `area` as of one day: how many, over how many cases, by which settings.

    `found` are the clusters striking enough to be a warning, before those of several scans are told once.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    as_of = models.DateField(db_index=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.FloatField()
    scans = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()
    settings = models.JSONField()
    found = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "as_of"], name="warning_run_once"),
            models.CheckConstraint(name="warning_run_times", condition=Q(started_at__lte=F("ended_at"))),
        ]
