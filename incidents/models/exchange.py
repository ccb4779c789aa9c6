"""Disputes in and out in bulk."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.models import User


class ImportMapping(models.Model):
    """Which column of a file is which field, remembered for files with the same headings."""

    headings_digest = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("导入对应关系")
        verbose_name_plural = _("导入对应关系")

    def __str__(self):
        return self.headings_digest[:8]


class FileJob(models.Model):
    """A file that is made, or read, in the background for `user`, who alone may fetch it."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="file_jobs")
    kind = models.CharField(max_length=30)
    options = models.JSONField(default=dict)
    state = models.CharField(
        max_length=7, default=WAITING,
        choices=[(WAITING, _("等待中")), (RUNNING, _("进行中")), (DONE, _("已完成")), (FAILED, _("失败"))],
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("文件任务")
        verbose_name_plural = _("文件任务")
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind} {self.state}"
