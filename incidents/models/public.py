"""What parties have without an account: a code to see how their own case stands, and to rate it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.dispute import Dispute


class PartyCode(models.Model):
    """A code that was handed to a party. Only its SHA-256 is kept; who got it is not."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="party_codes")
    digest = models.CharField(max_length=64, unique=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("查询码")
        verbose_name_plural = _("查询码")
        ordering = ["given_at", "id"]

    def __str__(self):
        return f"PartyCode {self.pk}"


class Rating(models.Model):
    """How content a party is with the handling, 1 to 5, once for each code and closing."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="ratings")
    code = models.OneToOneField(PartyCode, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("满意度"))
    rated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("满意度评价")
        verbose_name_plural = _("满意度评价")
        ordering = ["rated_at", "id"]
        constraints = [
            models.CheckConstraint(name="rating_one_to_five", condition=Q(stars__gte=1, stars__lte=5)),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.stars}"


class CodeTries(models.Model):
    """How many codes one client tried in one minute, whichever process answered. Rows live for an hour.

    `client` is a keyed digest of the address, not the address.
    """

    client = models.CharField(max_length=64)
    minute = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "minute"], name="code_tries_one_per_minute"),
        ]
        indexes = [models.Index(fields=["minute"], name="code_tries_minute")]

    def __str__(self):
        return f"CodeTries {self.pk}"
