"""What is added to a case by whoever learns more: further facts, and photos that follow a report."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.attachment import Attachment
from incidents.models.dispute import Dispute


class Supplement(models.Model):
    """Further facts about a case. `key` is the sender's: sent twice it is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="supplements")
    key = models.UUIDField()
    text = models.TextField(_("补充情况"), max_length=4000)
    photos_expected = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("补充情况")
        verbose_name_plural = _("补充情况")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["added_by", "key"], name="supplement_added_once"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.id}"


class ReceivedPhoto(models.Model):
    """A photo that was promised with a report, or with `supplement`, and has come. `key` is the sender's.

    Two photos of the same content are one attachment and yet two that have come. The row stays when the
    attachment is removed: sent again, the photo is known and not put back.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="received_photos")
    supplement = models.ForeignKey(
        Supplement, models.PROTECT, null=True, blank=True, related_name="received_photos"
    )
    key = models.UUIDField()
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("收到的照片")
        verbose_name_plural = _("收到的照片")
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sent_by", "key"], name="received_photo_once"),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.key}"
