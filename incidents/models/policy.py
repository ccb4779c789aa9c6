from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import User


class PolicyVersion(models.Model):
    """One version of the handling rules, in force from `valid_from` until the next one's.

    `data` is what `incidents.policy_data` writes and reads.
    """

    valid_from = models.DateField(_("生效日期"), unique=True)
    data = models.JSONField()
    reason = models.CharField(_("修改理由"), max_length=500)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("制定人"))
    created_at = models.DateTimeField(_("制定时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("办理规则")
        verbose_name_plural = _("办理规则")
        ordering = ["valid_from"]

    def __str__(self):
        return f"{self.valid_from:%Y-%m-%d}"


class CalendarDay(models.Model):
    """A day that is worked, or not, whatever the State Council's notice says."""

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=50)

    class Meta:
        verbose_name = _("工作日调整")
        verbose_name_plural = _("工作日调整")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}"
