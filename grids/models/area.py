"""Streets, communities and grid units: an identity that stays, and its dated polygons."""

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Length
from django.utils.translation import gettext_lazy as _

from grids import crs
from grids.hierarchy import Level
from grids.querysets import AreaVersionQuerySet

LEVEL_NAMES = {
    Level.GRID: _("网格"),
    Level.COMMUNITY: _("社区"),
    Level.STREET: _("街道"),
    Level.DISTRICT: _("区"),
}


# The days from `valid_from` until the day before `valid_to`, none where the two are the same.
DAYS_IN_FORCE = Func(
    "valid_from", "valid_to", RangeBoundary(), function="daterange", output_field=DateRangeField()
)


def _code_fits_level() -> Q:
    fits = Q()
    for level in Level:
        fits |= Q(level=level.value, code__regex=rf"^\d{{{level.code_length}}}$")
    return fits


class Area(models.Model):
    """A street, community, grid unit or the district itself, whatever its boundary on a given day."""

    code = models.CharField(_("代码"), max_length=15, primary_key=True)
    level = models.CharField(_("层级"), max_length=9, choices=list(LEVEL_NAMES.items()))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )

    class Meta:
        verbose_name = _("区域")
        verbose_name_plural = _("区域")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="area_code_fits_level", condition=_code_fits_level()),
            models.CheckConstraint(
                name="area_parent_is_code_prefix",
                # Without "not null" a missing parent makes the comparison NULL, which passes.
                condition=Q(level="district", parent=None)
                | (
                    ~Q(level="district")
                    & Q(parent__isnull=False, parent_id=Left("code", Length("code") - 3))
                ),
            ),
        ]

    def __str__(self):
        version = self.versions.order_by("-valid_from").first()
        return f"{version.name if version else ''} {self.code}".strip()


class AreaVersion(models.Model):
    """One boundary and name of an area, in force from `valid_from` until the day before `valid_to`.

    A version replaced on the very day it began keeps an empty range: it stays on record and was
    never in force.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="versions", verbose_name=_("区域"))
    name = models.CharField(_("名称"), max_length=100)
    geom = models.MultiPolygonField(_("边界"), srid=crs.WGS84_SRID)
    geom_metric = models.GeneratedField(
        expression=Transform("geom", crs.METRIC_SRID),
        output_field=models.MultiPolygonField(srid=crs.METRIC_SRID),
        db_persist=True,
    )
    geom_web = models.GeneratedField(
        expression=Transform("geom", crs.WEB_SRID),
        output_field=models.MultiPolygonField(srid=crs.WEB_SRID),
        db_persist=True,
    )
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    schematic = models.BooleanField(_("示意"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    objects = AreaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("区域边界")
        verbose_name_plural = _("区域边界")
        ordering = ["area_id", "valid_from"]
        # Django gives `geom` its index, but generated columns none.
        indexes = [
            GistIndex(fields=["geom_metric"], name="area_version_geom_metric"),
            GistIndex(fields=["geom_web"], name="area_version_geom_web"),
        ]
        constraints = [
            models.CheckConstraint(
                name="area_version_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="area_version_dates_do_not_overlap",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    (DAYS_IN_FORCE, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.area_id}"
