"""Settings of the test suite: the demonstration's, with a database of its own."""

from gridgov.settings.base import env
from gridgov.settings.demo import *  # noqa: F403
from gridgov.settings.demo import DATABASES

DATABASES["default"]["TEST"] = {"NAME": env.str("GRIDGOV_TEST_DATABASE", "test_gridgov")}
# A pool holds connections open, which would keep the test database from being dropped.
DATABASES["default"]["OPTIONS"].pop("pool")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Static files as they lie in the folders, so that a test needs no collectstatic.
WHITENOISE_AUTOREFRESH = True
