import uuid
from dataclasses import fields
from datetime import timedelta

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids import crs
from grids.hierarchy import Level, code_at, level_of
from grids.models import Address, Area, User
from incidents import codes, workflow
from incidents.deadlines import Clock
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES
from incidents.querysets import DisputeQuerySet

CLOCK_FIELDS = tuple(field.name for field in fields(Clock))
STATES = [state.value for state in workflow.State]
LEVELS = [level.value for level in Level]
# The constraint that a report sent twice at once runs into.
REPORTED_ONCE = "dispute_reported_once"


def _area_fits_level() -> Q:
    fits = Q()
    for level in Level:
        fits |= Q(Exact(Length("responsible_area_id"), level.code_length), level=level.value)
    return fits


def _holds(outer: str, inner: str) -> Q:
    """The area of `outer` is that of `inner` or above it: its code is a prefix."""
    return Q(**{f"{outer}_id": Left(f"{inner}_id", Length(f"{outer}_id"))})


class Dispute(models.Model):
    """A dispute as it stands now. What it is now is what its events add up to.

    `grid_unit` is where it happened and stays when boundaries are redrawn. `address_unit` is set when the
    address lies in another unit; `home_area` is the smallest area that holds both, below which no one
    is responsible. `responsible_area` is the area at `level` that answers for it now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_number = models.CharField(_("案号"), max_length=20, unique=True)
    title = models.CharField(_("标题"), max_length=100)
    description = models.TextField(_("经过"), max_length=4000, blank=True)
    category = models.CharField(
        _("类别"), max_length=4, choices=[(c, codes.category_label(c)) for c in codes.CATEGORIES]
    )
    scale = models.CharField(_("规模"), max_length=2, choices=[(c, n[0]) for c, n in codes.SCALES.items()])
    risk = models.CharField(_("风险"), max_length=6, choices=[(c, n[0]) for c, n in codes.RISKS.items()])
    # How the colour came about: {"colour", "score", "reasons": [{"code", "points", "facts"}]}, as the rule
    # put it when last asked. `risk` may be another where an officer overrode it: see `risk_overridden`.
    risk_assessment = models.JSONField(default=dict, db_default={}, blank=True)
    risk_overridden = models.BooleanField(default=False, db_default=False)
    injury_or_threat = models.BooleanField(_("有人受伤或受到威胁"), default=False, db_default=False)
    amount_yuan = models.DecimalField(
        _("涉及金额(元)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    people_involved = models.PositiveIntegerField(_("涉及人数"), default=2)
    source = models.CharField(_("来源"), max_length=11, choices=[(c, n[0]) for c, n in codes.SOURCES.items()])
    occurred_at = models.DateTimeField(_("发生时间"))

    location = models.PointField(_("位置"), srid=crs.WGS84_SRID)
    location_metric = models.GeneratedField(
        expression=Transform("location", crs.METRIC_SRID),
        output_field=models.PointField(srid=crs.METRIC_SRID),
        db_persist=True,
    )
    location_web = models.GeneratedField(
        expression=Transform("location", crs.WEB_SRID),
        output_field=models.PointField(srid=crs.WEB_SRID),
        db_persist=True,
    )
    original_lon = models.FloatField()
    original_lat = models.FloatField()
    original_datum = models.CharField(max_length=5, choices=[(d, d) for d in ("wgs84", "gcj02", "bd09")])
    accuracy_m = models.FloatField(_("定位精度(米)"), null=True, blank=True)
    found_by = models.CharField(
        _("定位方式"),
        max_length=7,
        choices=[(c, n[0]) for c, n in codes.FOUND_BY.items()],
        blank=True,
        db_default="",
    )
    location_certain = models.BooleanField(_("定位确定"), default=True)
    address_text = models.CharField(_("地址"), max_length=200, blank=True)
    # By these it is looked up with the indexes below: each one more is written to at every report.
    address = models.ForeignKey(
        Address, models.PROTECT, null=True, blank=True, related_name="disputes", db_index=False
    )
    grid_unit = models.ForeignKey(
        Area, models.PROTECT, related_name="disputes", verbose_name=_("网格"), db_index=False
    )
    address_unit = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    home_area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)

    state = models.CharField(_("状态"), max_length=20, choices=list(STATE_NAMES.items()))
    level = models.CharField(_("层级"), max_length=9, choices=list(LEVEL_NAMES.items()))
    responsible_area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name=_("负责区域"), db_index=False
    )
    state_before_suspension = models.CharField(max_length=20, choices=list(STATE_NAMES.items()), blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    level_entered_at = models.DateTimeField()
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)
    # What the time limits look at besides: see incidents.deadlines.Clock.
    paused = models.DurationField(default=timedelta, db_default=timedelta())
    paused_working = models.DurationField(default=timedelta, db_default=timedelta())
    mediation_began_at = models.DateTimeField(null=True, blank=True)
    paused_before_mediation = models.DurationField(default=timedelta, db_default=timedelta())
    settled_at = models.DateTimeField(null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(_("延期(工作日)"), default=0, db_default=0)
    consent_until = models.DateField(null=True, blank=True)
    # Asked for and not yet decided.
    extension_asked_days = models.PositiveSmallIntegerField(null=True, blank=True)
    supervised_since = models.DateTimeField(_("督办"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    failed_mediations = models.PositiveSmallIntegerField(_("调解不成次数"), default=0, db_default=0)
    failed_here = models.PositiveSmallIntegerField(default=0, db_default=0)
    hand_backs = models.PositiveSmallIntegerField(default=0, db_default=0)
    lead_body = models.ForeignKey(
        "incidents.MediationBody",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主办调解组织"),
        db_index=False,
    )
    assigned_to = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承办人"),
        db_index=False,
    )
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上报人"))
    reported_at = models.DateTimeField(_("上报时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # The sender's key of this report and a digest of what it said: a report sent twice is one dispute.
    report_key = models.UUIDField()
    report_digest = models.CharField(max_length=64)
    # Photos that the sender will send after the report, one by one: see ReceivedPhoto.
    photos_expected = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("纠纷")
        verbose_name_plural = _("纠纷")
        ordering = ["-reported_at"]
        indexes = [
            # The list is paged by this pair: see incidents/paging.py.
            models.Index(fields=["reported_at", "id"], name="dispute_reported_at_id"),
            models.Index(fields=["due_at"], name="dispute_open_due", condition=Q(due_at__isnull=False)),
            # Of areas, what begins with a code is asked for as often as the code itself.
            models.Index(
                fields=["responsible_area", "state"],
                opclasses=["varchar_pattern_ops", "varchar_ops"],
                name="dispute_responsible_state",
            ),
            models.Index(fields=["home_area"], opclasses=["varchar_pattern_ops"], name="dispute_home_area"),
            # A new report has none of these.
            models.Index(
                fields=["address_unit"],
                opclasses=["varchar_pattern_ops"],
                name="dispute_address_unit",
                condition=Q(address_unit__isnull=False),
            ),
            models.Index(fields=["address"], name="dispute_address", condition=Q(address__isnull=False)),
            models.Index(
                fields=["assigned_to"], name="dispute_assigned_to", condition=Q(assigned_to__isnull=False)
            ),
            models.Index(
                fields=["lead_body"], name="dispute_lead_body", condition=Q(lead_body__isnull=False)
            ),
            # The same kind of dispute again in a unit: see incidents/services/risk.py.
            models.Index("grid_unit", Left("category", 2), "reported_at", name="dispute_repeats"),
            # Of many years' cases, those that are open and those that ended lately.
            models.Index(
                fields=["reported_at", "id"], name="dispute_open_newest", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["ended_at"], name="dispute_ended", condition=Q(ended_at__isnull=False)),
            # Open cases near a place: see incidents/similar.py.
            GistIndex(
                fields=["location_metric"], name="dispute_open_place", condition=Q(ended_at__isnull=True)
            ),
            # What the results ask of a case.
            models.Index(
                fields=["grid_unit"],
                opclasses=["varchar_pattern_ops"],
                name="dispute_counted",
                include=["id", "state", "level", "reported_at", "settled_at", "ended_at"],
            ),
            # All that the map counts by: read without touching the rows (docs/benchmarks.md).
            models.Index(
                fields=["grid_unit"],
                opclasses=["varchar_pattern_ops"],
                name="dispute_on_map",
                include=[
                    "location_web",
                    "location_metric",
                    "case_number",
                    "reported_at",
                    "due_at",
                    "category",
                    "level",
                    "state",
                    "address_unit",
                    "reported_by",
                ],
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report_key", "reported_by"], name=REPORTED_ONCE),
            models.CheckConstraint(name="dispute_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="dispute_level_known", condition=Q(level__in=LEVELS)),
            models.CheckConstraint(name="dispute_risk_known", condition=Q(risk__in=list(codes.RISKS))),
            models.CheckConstraint(name="dispute_scale_known", condition=Q(scale__in=list(codes.SCALES))),
            models.CheckConstraint(
                name="dispute_found_by_known", condition=Q(found_by__in=["", *codes.FOUND_BY])
            ),
            models.CheckConstraint(name="dispute_responsible_area_fits_level", condition=_area_fits_level()),
            models.CheckConstraint(
                name="dispute_areas_nest",
                condition=_holds("home_area", "grid_unit")
                # Without "null" said, comparing with one gives NULL, which passes whatever the others say.
                & (Q(address_unit=None) | _holds("home_area", "address_unit"))
                & _holds("responsible_area", "home_area"),
            ),
            models.CheckConstraint(
                name="dispute_suspension_remembered",
                condition=Q(state="suspended", suspended_at__isnull=False) & ~Q(state_before_suspension="")
                | ~Q(state="suspended") & Q(suspended_at=None, state_before_suspension=""),
            ),
            models.CheckConstraint(
                name="dispute_ended_has_time",
                condition=Q(state__in=sorted(workflow.ENDED), ended_at__isnull=False)
                | Q(state__in=sorted(workflow.OPEN), ended_at=None),
            ),
        ]

    def __str__(self):
        return self.case_number

    @property
    def standing(self) -> workflow.Standing:
        """What the workflow rules look at."""
        before = self.state_before_suspension
        return workflow.Standing(
            state=workflow.State(self.state),
            level=Level(self.level),
            floor=level_of(self.home_area_id),
            before_suspension=workflow.State(before) if before else None,
        )

    @property
    def clock(self) -> Clock:
        """What the deadline rules look at."""
        return Clock(**{name: getattr(self, name) for name in CLOCK_FIELDS})

    @property
    def community_code(self) -> str:
        return code_at(self.grid_unit_id, Level.COMMUNITY)

    @property
    def street_code(self) -> str:
        return code_at(self.grid_unit_id, Level.STREET)

    @property
    def overdue(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()
