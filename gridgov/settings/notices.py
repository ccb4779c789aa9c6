"""What the notices' settings may be. A wrong one is named without its value, which holds a password."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import dj_email_url
from django.core.exceptions import ImproperlyConfigured

OFF = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
MAIL_SCHEMES = ("smtp", "submission", "console", "file")
TIMEOUT_S = 10
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def email_settings(url: str) -> dict:
    """Django's EMAIL_… settings of a URL; without one, mail goes nowhere.

    "submission://user:password@host" is STARTTLS on 587, "smtp://host:465?ssl=True" TLS from the start.
    """
    if not url:
        return dict(OFF)
    try:
        found = dj_email_url.parse(url)
    except ValueError:
        found = {}
    if urlsplit(url).scheme not in MAIL_SCHEMES or "EMAIL_BACKEND" not in found:
        raise ImproperlyConfigured(
            "GRIDGOV_EMAIL_URL 应为 submission://用户:密码@主机 或 smtp://主机:端口。 / "
            "GRIDGOV_EMAIL_URL must be submission://user:password@host or smtp://host:port."
        )
    return found | {"EMAIL_TIMEOUT": found["EMAIL_TIMEOUT"] or TIMEOUT_S}


def gateway_url(name: str, url: str) -> str:
    """`url` of the setting `name`, once it is sure that nobody on the way can read what is sent."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
        known = bool(parts.hostname) and (parts.port or True)
    except ValueError:
        safe = known = False
    if url and not (safe and known):
        raise ImproperlyConfigured(
            f"{name} 应为 https:// 地址,或本机的 http:// 地址。 / "
            f"{name} must be an https:// address, or an http:// address of this machine."
        )
    return url


def notice_channels(names: Sequence[str], given: Mapping[str, tuple[str, str]]) -> list[str]:
    """`names` of channels. `given` says of those built in which variable they need and what it holds."""
    for name in names:
        if name not in given and "." not in name:
            known = ", ".join(given)
            raise ImproperlyConfigured(
                f"GRIDGOV_NOTICE_CHANNELS:没有渠道“{name}”,可用:{known},或 Python 类的路径。 / "
                f'GRIDGOV_NOTICE_CHANNELS: no channel "{name}"; there are {known}, or the path of a class.'
            )
        variable, value = given.get(name, ("", "-"))
        if not value:
            raise ImproperlyConfigured(
                f"渠道 {name} 需要 {variable}。 / The channel {name} needs {variable}."
            )
    return list(names)
