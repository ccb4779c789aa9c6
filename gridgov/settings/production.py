"""A district's own server, behind a proxy that ends TLS. Secrets and hosts have no default here."""

from django.core.exceptions import ImproperlyConfigured

from gridgov.settings.base import *  # noqa: F403
from gridgov.settings.base import env
from gridgov.settings.database import database_from_url

SECRET_KEY = env.str("GRIDGOV_SECRET_KEY", "")
ALLOWED_HOSTS = env.list("GRIDGOV_HOSTS", [])
DATABASE_URL = env.str("GRIDGOV_DATABASE_URL", "")

_REQUIRED = {
    "GRIDGOV_SECRET_KEY": (SECRET_KEY, "50 个以上随机字符", "at least 50 random characters"),
    "GRIDGOV_HOSTS": (ALLOWED_HOSTS, "网站的主机名,用逗号分隔", "the site's host names, with commas between"),
    "GRIDGOV_DATABASE_URL": (DATABASE_URL, "postgis://用户:密码@主机/库名", "postgis://user:password@host/name"),
}
_MISSING = [
    f"正式环境必须设置 {name}:{chinese}。 / Production needs {name}: {english}."
    for name, (value, chinese, english) in _REQUIRED.items()
    if not value
]
if _MISSING:
    raise ImproperlyConfigured("\n".join(_MISSING))

DEBUG = False
DATABASES = {"default": database_from_url(DATABASE_URL)}
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = env.bool("GRIDGOV_SSL_REDIRECT", True)
# The proxy that ends TLS must set this header itself and drop what a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("GRIDGOV_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
