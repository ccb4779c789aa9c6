"""What a phone keeps reports under before they are sent."""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import User

SECRET_BYTES = 32


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


class PhoneKey(models.Model):
    """How a person is called on a phone, and the key that their unsent reports are kept under there.

    `worker` tells whose reports lie on a phone without naming anybody. `secret` is given to sessions of
    `user` alone: on a phone that another has since, the reports are there and cannot be read.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="phone_key")
    worker = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    secret = models.BinaryField(max_length=SECRET_BYTES, default=new_secret)

    class Meta:
        verbose_name = _("手机密钥")
        verbose_name_plural = _("手机密钥")

    def __str__(self):
        return str(self.worker)
