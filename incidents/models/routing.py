"""Who mediates a case: the bodies in it, referrals to and from partners, guidance."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import Area, User
from incidents import network_codes as tables
from incidents.models.codes import choices
from incidents.models.dispute import Dispute
from incidents.models.network import MediationBody, Mediator


class CaseBody(models.Model):
    """A body that takes part in a case, from `since` until `until`. One leads at a time."""

    LEAD, JOINT = "lead", "joint"

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="bodies")
    body = models.ForeignKey(MediationBody, models.PROTECT, related_name="cases", verbose_name=_("调解组织"))
    mediator = models.ForeignKey(
        Mediator, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("调解员")
    )
    role = models.CharField(_("角色"), max_length=5, choices=[(LEAD, _("主办")), (JOINT, _("参与"))])
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    # Why it was chosen, as the rule put it then: [{"code", "points", "facts"}].
    reasons = models.JSONField(default=list, blank=True)
    end_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("参与调解的组织")
        verbose_name_plural = _("参与调解的组织")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(role="lead", until=None), name="case_body_one_leads"
            ),
            models.UniqueConstraint(
                fields=["dispute", "body"], condition=Q(until=None), name="case_body_takes_part_once"
            ),
        ]
        indexes = [
            models.Index(fields=["body"], condition=Q(until=None), name="case_body_open"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.body_id} {self.role}"


class Referral(models.Model):
    """A case that a partner sent to us, or we to a partner. To be answered by `answer_by`."""

    IN, OUT = "in", "out"
    PENDING, ACCEPTED, DECLINED, LAPSED = "pending", "accepted", "declined", "lapsed"

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="referrals")
    direction = models.CharField(_("方向"), max_length=3, choices=[(IN, _("转入")), (OUT, _("转出"))])
    channel = models.CharField(_("对接渠道"), max_length=11, choices=choices(tables.REFERRAL_CHANNELS))
    organisation = models.CharField(_("对方单位"), max_length=100)
    reference = models.CharField(_("对方编号"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("转送时间"), default=timezone.now)
    answer_by = models.DateTimeField(_("答复期限"))
    answer = models.CharField(
        _("答复"), max_length=8, default=PENDING,
        choices=[
            (PENDING, _("待答复")), (ACCEPTED, _("接收")), (DECLINED, _("不接收")), (LAPSED, _("逾期未答复")),
        ],
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("对接转办")
        verbose_name_plural = _("对接转办")
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(answer="pending"), name="referral_one_pending"
            ),
            models.CheckConstraint(
                name="referral_answered_has_time",
                condition=Q(answer="pending", answered_at=None)
                | ~Q(answer="pending") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(answer="pending"), name="referral_pending"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.direction} {self.channel}"


class Guidance(models.Model):
    """A question to the level above about how to mediate, and its answer."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="guidance")
    question = models.CharField(_("请示"), max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_of = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("请示对象"))
    answer = models.CharField(_("指导意见"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("调解指导")
        verbose_name_plural = _("调解指导")
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["asked_of"], condition=Q(answered_at=None), name="guidance_open"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.asked_at:%Y-%m-%d}"
