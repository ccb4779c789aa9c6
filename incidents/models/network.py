"""Mediation bodies, their mediators and what those have been trained in."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids import crs
from grids.models import Area, User
from incidents import network_codes as tables
from incidents.models.codes import choices


class MediationBody(models.Model):
    """A body of the mediation network.

    `area` is where it works, so that its level is the area's. `categories` are groups (two digits) or
    categories (four) that it takes, none for all. `opening_hours` is what `incidents.opening_hours` reads:
    [{"days": [1, 5], "from": "09:00", "to": "12:00"}], days from Monday 1 to Sunday 7, both included.
    `capacity` is how many cases it can have open at once, None for no limit.
    `related_organisations` are those with which it shares an interest, which keep it from their cases.
    """

    code = models.CharField(_("编号"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("调解类别"), max_length=14, choices=choices(tables.KINDS))
    body_type = models.CharField(_("组织类型"), max_length=1, choices=choices(tables.BODY_TYPES))
    form = models.CharField(_("形式"), max_length=15, choices=choices(tables.FORMS))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("服务区域"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    location = models.PointField(_("位置"), srid=crs.WGS84_SRID, null=True, blank=True)
    phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    categories = ArrayField(
        models.CharField(max_length=4), verbose_name=_("受理类别"), default=list, blank=True
    )
    channels = ArrayField(
        models.CharField(max_length=20, choices=choices(tables.CHANNELS)),
        verbose_name=_("特色渠道"),
        default=list,
        blank=True,
    )
    opening_hours = models.JSONField(_("开放时间"), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(_("同时办理上限"), null=True, blank=True)
    related_organisations = ArrayField(
        models.CharField(max_length=100), verbose_name=_("利害关系单位"), default=list, blank=True
    )
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("调解组织")
        verbose_name_plural = _("调解组织")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="body_kind_known", condition=Q(kind__in=list(tables.KINDS))),
            models.CheckConstraint(
                name="body_type_known", condition=Q(body_type__in=list(tables.BODY_TYPES))
            ),
            models.CheckConstraint(name="body_form_known", condition=Q(form__in=list(tables.FORMS))),
        ]

    def __str__(self):
        return self.name


class Mediator(models.Model):
    """Someone who mediates for a body. `user` is their account, if they have one."""

    code = models.CharField(_("编号"), max_length=20, unique=True)
    name = models.CharField(_("姓名"), max_length=50)
    body = models.ForeignKey(
        MediationBody, models.PROTECT, related_name="mediators", verbose_name=_("所属组织")
    )
    background = models.CharField(_("身份背景"), max_length=17, choices=choices(tables.BACKGROUNDS))
    full_time = models.BooleanField(_("专职"), default=False)
    languages = ArrayField(
        models.CharField(max_length=9, choices=choices(tables.LANGUAGES)),
        verbose_name=_("语言"),
        default=list,
        blank=True,
    )
    specialities = ArrayField(
        models.CharField(max_length=4), verbose_name=_("擅长类别"), default=list, blank=True
    )
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="mediator", verbose_name=_("账号")
    )
    active = models.BooleanField(_("在任"), default=True)

    class Meta:
        verbose_name = _("调解员")
        verbose_name_plural = _("调解员")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="mediator_background_known", condition=Q(background__in=list(tables.BACKGROUNDS))
            ),
        ]

    def __str__(self):
        return self.name


class Training(models.Model):
    """One training that a mediator attended."""

    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="trainings")
    held_on = models.DateField(_("日期"))
    topic = models.CharField(_("主题"), max_length=100)
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = _("培训记录")
        verbose_name_plural = _("培训记录")
        ordering = ["-held_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mediator", "held_on", "topic"], name="training_once"),
            models.CheckConstraint(name="training_hours_positive", condition=Q(hours__gt=0)),
        ]

    def __str__(self):
        return f"{self.held_on:%Y-%m-%d} {self.topic}"
