"""The demonstration on this machine: as production, but over plain http on localhost (over TLS for
telephones in the same network), with the private PostGIS in var/ and a secret key made at set-up."""

from gridgov import local_postgis
from gridgov.settings.base import *  # noqa: F403
from gridgov.settings.base import VAR_DIR, env
from gridgov.settings.database import database_from_url
from gridgov.settings.secret import local_secret_key

DEBUG = False
GRIDGOV_DEMO_ALLOWED = True
SECRET_KEY = env.str("GRIDGOV_SECRET_KEY", "") or local_secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("GRIDGOV_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# With TLS. Over plain http, browsers send no such cookie back, and nobody could sign in.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("GRIDGOV_SECURE_COOKIES", False)
DATABASE_URL = env.str("GRIDGOV_DATABASE_URL", "") or local_postgis.database_url("gridgov")
DATABASES = {"default": database_from_url(DATABASE_URL)}
