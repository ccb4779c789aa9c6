"""What people are told, and where beyond this system they want to be told it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.dispute import Dispute


class Notice(models.Model):
    """One thing that `user` is told. `kind` and `facts` make its sentence (incidents/notices/words.py).

    It names no person: what they may see, they open.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    dispute = models.ForeignKey(Dispute, models.CASCADE, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=30)
    facts = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # Channel -> when it was sent there, so that no run of a job sends it a second time.
    sent = models.JSONField(default=dict, db_default={}, blank=True)
    # The same news twice is one notice, as when a job is run again.
    key = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind}"


class NoticeAddress(models.Model):
    """Where `user` wants notices too. They give it themselves and can take it back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_addresses")
    channel = models.CharField(_("渠道"), max_length=20)
    address = models.CharField(_("地址"), max_length=200)
    digest_only = models.BooleanField(_("只要每日汇总"), default=False)

    class Meta:
        verbose_name = _("通知地址")
        verbose_name_plural = _("通知地址")
        ordering = ["user_id", "channel"]
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="notice_address_one")]

    def __str__(self):
        return f"{self.user_id} {self.channel}"
