from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.hierarchy import Level
from grids.models.area import DAYS_IN_FORCE, LEVEL_NAMES, Area
from grids.models.user import User
from grids.querysets import DutyQuerySet
from grids.roles import ROLE_LEVELS, Role

ROLE_NAMES = {
    Role.GRID_WORKER: _("网格员"),
    Role.COMMUNITY_MEDIATOR: _("社区调解员"),
    Role.STREET_CENTRE: _("街道中心"),
    Role.DISTRICT_CENTRE: _("区中心"),
    Role.PLANNER: _("规划人员"),
    Role.ADMINISTRATOR: _("管理员"),
}


HELD_ALREADY = _("这个账号在这些日子里已有同一区域的同一职责:请先结束那一条。")


def _role_fits_level() -> Q:
    """The area's code is as long as those of one of the role's levels."""
    fits = Q()
    for role, levels in ROLE_LEVELS.items():
        lengths = sorted(level.code_length for level in levels)
        fits |= Q(In(Length("area_id"), lengths), role=role.value)
    return fits


class Duty(models.Model):
    """Who holds which role on which area, and when. It is on the code, so it outlives a redrawn boundary."""

    user = models.ForeignKey(User, models.PROTECT, related_name="duties", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=20, choices=list(ROLE_NAMES.items()))
    area = models.ForeignKey(Area, models.PROTECT, related_name="duties", verbose_name=_("区域"))
    valid_from = models.DateField(_("开始日期"), default=timezone.localdate)
    valid_to = models.DateField(_("结束日期"), null=True, blank=True, help_text=_("这一天起不再值守"))

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("值守")
        verbose_name_plural = _("值守")
        ordering = ["area_id", "role", "user_id"]
        constraints = [
            ExclusionConstraint(
                name="duty_dates_do_not_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DAYS_IN_FORCE, RangeOperators.OVERLAPS),
                ],
                violation_error_message=HELD_ALREADY,
            ),
            models.CheckConstraint(
                name="duty_dates_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="duty_role_fits_level", condition=_role_fits_level()),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.area_id}"

    def repeats(self, other: "Duty") -> bool:
        """Whether both give the same role on the same area on some day."""
        if (self.role, self.area_id) != (other.role, other.area_id):
            return False
        last_first = max(self.valid_from, other.valid_from)
        return all(duty.valid_to is None or last_first < duty.valid_to for duty in (self, other))

    def clean(self):
        levels = ROLE_LEVELS.get(self.role, frozenset())
        if self.area_id and Level(self.area.level) not in levels:
            allowed = "、".join(str(LEVEL_NAMES[level]) for level in Level if level in levels)
            raise ValidationError({"area": _("这个角色的区域应为:%(levels)s。") % {"levels": allowed}})
