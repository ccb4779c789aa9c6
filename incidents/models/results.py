"""Answering for the work: publicity campaigns, and the points of mediators' appraisal."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import Area, User
from incidents.models.network import MediationBody, Mediator


class Campaign(models.Model):
    """A publicity campaign (普法): what was told to whom, and where."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("区域"))
    place = models.CharField(_("地点"), max_length=100)
    held_on = models.DateField(_("日期"))
    topic = models.CharField(_("主题"), max_length=100)
    category = models.CharField(_("对应类别"), max_length=4, blank=True)
    form = models.CharField(
        _("形式"), max_length=9,
        choices=[
            ("lecture", _("讲座")), ("stall", _("摊位咨询")), ("screening", _("屏幕展播")),
            ("leaflet", _("派发资料")), ("visit", _("入户宣传")), ("online", _("线上")),
        ],
    )
    copies = models.PositiveIntegerField(_("印发份数"), default=0)
    screenings = models.PositiveIntegerField(_("播放场次"), default=0)
    attendance = models.PositiveIntegerField(_("参加人数"), default=0)
    body = models.ForeignKey(
        MediationBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办组织")
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("普法活动")
        verbose_name_plural = _("普法活动")
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return f"{self.held_on:%Y-%m-%d} {self.topic}"


class AppraisalItem(models.Model):
    """One line of the positive or the negative list. `measured` is counted from cases, otherwise by hand."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("项目"), max_length=100)
    explanation = models.CharField(_("说明"), max_length=300)
    points = models.DecimalField(_("每次分值"), max_digits=5, decimal_places=1)
    measured = models.CharField(_("自动计数"), max_length=30, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("考评项目")
        verbose_name_plural = _("考评项目")
        ordering = ["-points", "code"]
        constraints = [
            models.CheckConstraint(name="appraisal_item_has_points", condition=~Q(points=0)),
        ]

    def __str__(self):
        return self.name


class AppraisalEntry(models.Model):
    """Points given to a mediator by hand, with their reason."""

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="appraisals")
    item = models.ForeignKey(AppraisalItem, models.PROTECT, related_name="entries")
    on = models.DateField(_("日期"))
    times = models.PositiveSmallIntegerField(_("次数"), default=1)
    reason = models.CharField(_("依据"), max_length=300)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("考评记录")
        verbose_name_plural = _("考评记录")
        ordering = ["-on", "-id"]

    def __str__(self):
        return f"{self.mediator_id} {self.item_id} {self.on:%Y-%m-%d}"
