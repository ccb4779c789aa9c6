"""Settings common to every way of running. What an installation may set is read from the
environment here, typed, and listed in docs/settings.md (a test compares the two)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from gridgov.settings import geo_libraries
from gridgov.settings.notices import email_settings, gateway_url, notice_channels
from gridgov.settings.tiles import back_office_tiles, tile_sources

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"
NODE_MODULES = BASE_DIR / "node_modules"

env = Env()

GDAL_LIBRARY_PATH = geo_libraries.gdal_library()
GEOS_LIBRARY_PATH = geo_libraries.geos_library()

INSTALLED_APPS = [
    "gridgov.admin_site.GridGovAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "leaflet",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "procrastinate.contrib.django",
    "axes",
    "csp",
    "gridgov",
    "maps",
    "incidents",
    "grids",
    "fixtures",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gridgov.form_charset.FormCharsetMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "gridgov.http_errors.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gridgov.urls"
WSGI_APPLICATION = "gridgov.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "gridgov.page_context.page_context",
            ]
        },
    }
]

# Maps -----------------------------------------------------------------------------------------
GRIDGOV_TILE_URL = env.str("GRIDGOV_TILE_URL", "")
GRIDGOV_TILE_ATTRIBUTION = env.str("GRIDGOV_TILE_ATTRIBUTION", "")
DATUMS = ["wgs84", "gcj02", "bd09"]
GRIDGOV_TILE_DATUM = env.str("GRIDGOV_TILE_DATUM", "wgs84", validate=validate.OneOf(DATUMS))
LEAFLET_CONFIG = {
    "TILES": back_office_tiles(GRIDGOV_TILE_URL, GRIDGOV_TILE_ATTRIBUTION, GRIDGOV_TILE_DATUM),
    "ATTRIBUTION_PREFIX": "GridGov",
    "DEFAULT_CENTER": (23.083, 113.325),
    "DEFAULT_ZOOM": 13,
    "MIN_ZOOM": 10,
    "MAX_ZOOM": 20,
    # Decimals of a drawn degree: with fewer, an edge no longer meets its neighbour's.
    "DEFAULT_PRECISION": 9,
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
}

# Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "grids.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# A wrong password counts for the pair of name and address: a stranger elsewhere cannot lock a worker out.
AXES_FAILURE_LIMIT = env.int("GRIDGOV_SIGN_IN_FAILURES", 5)
AXES_COOLOFF_TIME = env.timedelta("GRIDGOV_SIGN_IN_COOL_OFF", timedelta(minutes=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "gridgov.http_errors.sign_in_locked"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is not needed
AXES_CLIENT_IP_CALLABLE = "gridgov.client_address.client_address"
GRIDGOV_PROXY_COUNT = env.int("GRIDGOV_PROXY_COUNT", 0)
# Codes of parties that one address may try in a minute, right ones included.
GRIDGOV_CASE_CODE_TRIES = env.int("GRIDGOV_CASE_CODE_TRIES", 10)

SESSION_COOKIE_AGE = env.int("GRIDGOV_SESSION_SECONDS", 12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gridgov.http_errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *tile_sources(GRIDGOV_TILE_URL)],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    ("bundles", VAR_DIR / "bundles"),
    ("bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("icons", VAR_DIR / "icons"),
    ("styles", VAR_DIR / "styles"),
    ("leaflet.heat", NODE_MODULES / "leaflet.heat" / "dist"),
]
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# What people send or have made: never under a folder that is served.
GRIDGOV_FILES_DIR = Path(env.str("GRIDGOV_FILES_DIR", str(VAR_DIR / "files")))

# Where GridGov is reached, for the codes on papers; without it the address it was asked at then.
GRIDGOV_PUBLIC_URL = env.str(
    "GRIDGOV_PUBLIC_URL", "", validate=validate.Regexp(r"(https?://[^/\s]+/?)?$")
)
# Photos and papers of a case.
GRIDGOV_FILE_MAX_MB = env.int("GRIDGOV_FILE_MAX_MB", 10, validate=validate.Range(1, 100))
GRIDGOV_FILES_PER_CASE = env.int("GRIDGOV_FILES_PER_CASE", 50, validate=validate.Range(1, 1000))

# Database -------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gridgov.token_authentication.PreparedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["gridgov.json_parser.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "gridgov.http_errors.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GridGov",
    "DESCRIPTION": "邻里纠纷的上报、定位、逐级处理与地图 / disputes: reporting, location, escalation, map",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    # Values stay written where they are used: as components, those shared by two fields find no good name.
    "POSTPROCESSING_HOOKS": [],
}

# The district ---------------------------------------------------------------------------------
GRIDGOV_DISTRICT_CODE = env.str("GRIDGOV_DISTRICT_CODE", "440105")
GRIDGOV_DISTRICT_NAME = env.str("GRIDGOV_DISTRICT_NAME", "海珠区")
# A position is certain when this share of its accuracy circle lies in one grid unit.
GRIDGOV_CERTAIN_SHARE = env.float("GRIDGOV_CERTAIN_SHARE", 0.9, validate=validate.Range(0.5, 1))
# Browsers whose position is GCJ-02, by parts of their user agent. See docs/crs.md.
GRIDGOV_GCJ02_BROWSERS = env.list("GRIDGOV_GCJ02_BROWSERS", [])

# Early warning: about one false warning of a street in so many weeks. See docs/decisions/0019.
GRIDGOV_WARNING_WEEKS = env.int("GRIDGOV_WARNING_WEEKS", 26, validate=validate.Range(1, 520))
GRIDGOV_WARNING_WINDOW_DAYS = env.int("GRIDGOV_WARNING_WINDOW_DAYS", 14, validate=validate.Range(1, 45))
GRIDGOV_WARNING_RADIUS_M = env.int("GRIDGOV_WARNING_RADIUS_M", 1000, validate=validate.Range(50, 20_000))
GRIDGOV_WARNING_HISTORY_DAYS = env.int("GRIDGOV_WARNING_HISTORY_DAYS", 365, validate=validate.Range(90, 1830))
GRIDGOV_WARNING_REPLICATIONS = env.int("GRIDGOV_WARNING_REPLICATIONS", 999, validate=validate.Range(99, 9999))

# A phone that reports waits this long for an answer, and then tries again with the same key.
GRIDGOV_SEND_TIMEOUT_S = env.int("GRIDGOV_SEND_TIMEOUT_S", 20, validate=validate.Range(1, 300))

# Notices beyond this system -------------------------------------------------------------------
_EMAIL_URL = env.str("GRIDGOV_EMAIL_URL", "")
for _name, _value in email_settings(_EMAIL_URL).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.str("GRIDGOV_EMAIL_FROM", "gridgov@localhost")
GRIDGOV_SMS_URL = gateway_url("GRIDGOV_SMS_URL", env.str("GRIDGOV_SMS_URL", ""))
GRIDGOV_SMS_TOKEN = env.str("GRIDGOV_SMS_TOKEN", "")
GRIDGOV_WECOM_URL = gateway_url("GRIDGOV_WECOM_URL", env.str("GRIDGOV_WECOM_URL", ""))
GRIDGOV_WECOM_TOKEN = env.str("GRIDGOV_WECOM_TOKEN", "")
GRIDGOV_NOTICE_CHANNELS = notice_channels(
    env.list("GRIDGOV_NOTICE_CHANNELS", []),
    {
        "email": ("GRIDGOV_EMAIL_URL", _EMAIL_URL),
        "sms": ("GRIDGOV_SMS_URL", GRIDGOV_SMS_URL),
        "wecom": ("GRIDGOV_WECOM_URL", GRIDGOV_WECOM_URL),
    },
)

# Invented disputes never leave a database again: only the demonstration's settings allow loading them.
GRIDGOV_DEMO_ALLOWED = False

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "gridgov.log_format.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.str("GRIDGOV_LOG_LEVEL", "WARNING", validate=validate.OneOf(LOG_LEVELS)),
    },
}
