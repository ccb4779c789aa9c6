"""The legal loop of a case: mediations held, the agreement, its confirmation by the court, visits after it.

Their texts are about people: they are opened as the parties are, by those who answer for the case.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.dispute import Dispute
from incidents.models.network import MediationBody

TEXT = 4000


class MediationRecord(models.Model):
    """One mediation that was held. `attendees` is one name, with their part, to a line."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="mediation_records")
    number = models.PositiveSmallIntegerField(_("次数"))
    held_at = models.DateTimeField(_("调解时间"))
    place = models.CharField(_("地点"), max_length=200)
    body = models.ForeignKey(
        MediationBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("调解组织")
    )
    attendees = models.TextField(_("参加人员"), max_length=1000)
    summary = models.TextField(_("调解摘要"), max_length=TEXT)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("调解笔录")
        verbose_name_plural = _("调解笔录")
        ordering = ["dispute_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="mediation_record_numbered"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.number}"


IN_FORCE = Q(broken_on=None, replaced_on=None)


class AgreementQuerySet(models.QuerySet):
    def in_force(self) -> "AgreementQuerySet":
        return self.filter(IN_FORCE)


class Agreement(models.Model):
    """What the parties agreed on. An oral one takes effect when reached, a written one when all have signed.

    (People's Mediation Law, arts. 29 and 30.) `broken_on` is set when it was not kept, `replaced_on` when the
    parties put another in its place, which is no breach.
    """

    ORAL, WRITTEN = "oral", "written"

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    form = models.CharField(_("形式"), max_length=7, choices=[(ORAL, _("口头")), (WRITTEN, _("书面"))])
    reached_on = models.DateField(_("达成日期"))
    effective_on = models.DateField(_("生效日期"))
    facts = models.TextField(_("纠纷主要事实"), max_length=TEXT, blank=True)
    terms = models.TextField(_("协议内容"), max_length=TEXT)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    broken_on = models.DateField(_("违约日期"), null=True, blank=True)
    breach = models.CharField(_("违约情况"), max_length=1000, blank=True)
    replaced_on = models.DateField(_("代替日期"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解协议")
        verbose_name_plural = _("调解协议")
        ordering = ["dispute_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="agreement_numbered"),
            models.UniqueConstraint(fields=["dispute"], condition=IN_FORCE, name="agreement_one_in_force"),
            models.CheckConstraint(
                name="agreement_broken_or_replaced", condition=Q(broken_on=None) | Q(replaced_on=None)
            ),
            models.CheckConstraint(
                name="agreement_effective_once_reached", condition=Q(effective_on__gte=models.F("reached_on"))
            ),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.number}"

    @property
    def in_force(self) -> bool:
        return self.broken_on is None and self.replaced_on is None

    @property
    def confirmed(self) -> bool:
        """Whether the court confirmed it: it can be enforced."""
        return any(asked.outcome == JudicialConfirmation.CONFIRMED for asked in self.confirmations.all())

    @property
    def refused(self) -> bool:
        """Whether the court refused to confirm it, and did not do so later."""
        outcomes = {asked.outcome for asked in self.confirmations.all()}
        return JudicialConfirmation.REFUSED in outcomes and JudicialConfirmation.CONFIRMED not in outcomes


class Instalment(models.Model):
    """One thing to be done under an agreement by a day: a payment, or something else (`what`)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("履行内容"), max_length=200)
    amount_yuan = models.DecimalField(_("金额(元)"), max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(_("履行期限"))
    done_on = models.DateField(_("履行日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("分期履行")
        verbose_name_plural = _("分期履行")
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="instalment_numbered"),
            models.CheckConstraint(
                name="instalment_amount_positive", condition=Q(amount_yuan=None) | Q(amount_yuan__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="instalment_open")]

    def __str__(self):
        return f"{self.agreement_id} {self.number}"


class JudicialConfirmation(models.Model):
    """A joint application to the court to confirm an agreement, and what became of it."""

    PENDING, CONFIRMED, REFUSED, WITHDRAWN = "pending", "confirmed", "refused", "withdrawn"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="confirmations")
    court = models.CharField(_("法院"), max_length=100)
    applied_on = models.DateField(_("申请日期"))
    reference = models.CharField(_("法院案号"), max_length=60, blank=True)
    outcome = models.CharField(
        _("结果"),
        max_length=9,
        default=PENDING,
        choices=[
            (PENDING, _("审查中")),
            (CONFIRMED, _("裁定有效")),
            (REFUSED, _("裁定驳回")),
            (WITHDRAWN, _("撤回")),
        ],
    )
    decided_on = models.DateField(_("裁定日期"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("司法确认")
        verbose_name_plural = _("司法确认")
        ordering = ["applied_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(outcome="pending"), name="confirmation_one_pending"
            ),
        ]

    def __str__(self):
        return f"{self.agreement_id} {self.outcome}"


class FollowUpVisit(models.Model):
    """A visit or call after an agreement: is it kept?"""

    KEPT, PARTLY, BROKEN, UNREACHED = "kept", "partly", "broken", "unreached"

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("回访日期"))
    method = models.CharField(
        _("方式"), max_length=6, choices=[("visit", _("上门")), ("phone", _("电话")), ("office", _("来访"))]
    )
    result = models.CharField(
        _("结果"),
        max_length=9,
        choices=[
            (KEPT, _("已履行")),
            (PARTLY, _("部分履行")),
            (BROKEN, _("未履行")),
            (UNREACHED, _("未联系上")),
        ],
    )
    note = models.CharField(_("回访情况"), max_length=1000, blank=True)
    visited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("回访人"))
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = _("回访")
        ordering = ["visited_on", "id"]

    def __str__(self):
        return f"{self.dispute_id} {self.visited_on:%Y-%m-%d}"


class CaseDocument(models.Model):
    """A numbered paper of a case. It keeps what it said when it was issued, `content` being the blocks of
    `incidents.papers`, so that the same number always prints the same paper.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    content = models.JSONField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("制作人"))
    issued_at = models.DateTimeField(_("制作时间"), default=timezone.now)

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ["issued_at", "id"]

    def __str__(self):
        return self.number
