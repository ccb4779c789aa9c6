"""A district's own server, behind TLS. Secrets and hosts have no default here."""

from gridgov.settings.base import *  # noqa: F403
from gridgov.settings.base import env
from gridgov.settings.database import database_from_url

DEBUG = False
SECRET_KEY = env.str("GRIDGOV_SECRET_KEY")
ALLOWED_HOSTS = env.list("GRIDGOV_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]
DATABASES = {"default": database_from_url(env.str("GRIDGOV_DATABASE_URL"))}

SECURE_SSL_REDIRECT = env.bool("GRIDGOV_SSL_REDIRECT", True)
# The proxy that ends TLS must set this header itself and drop what a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("GRIDGOV_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
