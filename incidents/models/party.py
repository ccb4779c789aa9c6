from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.dispute import Dispute


class Party(models.Model):
    """A party to a dispute. Only what is needed to reach them; opening it is recorded in `PartyAccess`."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties")
    name = models.CharField(_("姓名或名称"), max_length=50)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    role = models.CharField(_("身份"), max_length=20, blank=True, help_text=_("例如:申请人、被申请人"))

    class Meta:
        verbose_name = _("当事人")
        verbose_name_plural = _("当事人")
        ordering = ["id"]

    def __str__(self):
        # Never the name: this text reaches logs and error pages.
        return f"Party {self.pk}"


class PartyAccess(models.Model):
    """Who opened the parties of which dispute, and when."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="party_accesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("当事人信息查阅记录")
        verbose_name_plural = _("当事人信息查阅记录")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.dispute_id} {self.at:%Y-%m-%d %H:%M}"
