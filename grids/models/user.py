from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        return self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """An account. No e-mail, telephone or birth date: nothing in the work needs them."""

    username = models.CharField(
        _("账号"),
        max_length=50,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个账号已经存在。")},
    )
    name = models.CharField(_("姓名"), max_length=50, help_text=_("同事看到的称呼"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用账号,而不要删除:历史中有它。"))
    is_staff = models.BooleanField(_("可进入管理后台"), default=False)
    date_joined = models.DateTimeField(_("建立时间"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        """A new password ends the API token as it ends the sessions: who changes a lock means every key."""
        changed = self._password is not None and not self._state.adding
        super().save(*args, **kwargs)
        if changed:
            Token.objects.filter(user=self).delete()

    def get_short_name(self):
        return self.name

    def get_full_name(self):
        return self.name
