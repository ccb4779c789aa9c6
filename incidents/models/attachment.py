import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User
from incidents.models.dispute import Dispute


class Attachment(models.Model):
    """A photo or paper of a case. The file lies under GRIDGOV_FILES_DIR by its own id, outside the web root.

    `removed_at`: taken out of the case, and its file deleted; the row stays, for the history names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="attachments")
    media_type = models.CharField(max_length=30)
    title = models.CharField(_("名称"), max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        ordering = ["added_at", "id"]
        constraints = [
            # The same file sent twice is one attachment.
            models.UniqueConstraint(
                fields=["dispute", "sha256"], condition=models.Q(removed_at=None), name="attachment_once"
            ),
        ]

    def __str__(self):
        return f"{self.dispute_id} {self.id}"
