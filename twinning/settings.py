"""Settings of Twinning, in one module.

Every option that a deployment may set stands once in `env`: environment name, type, default.
With no environment at all the application runs on SQLite, a worker on the filesystem broker and
letters written into files under `var/`; each variable moves one piece to production.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-which-production-refuses-to-start-with"  # noqa: S105 refused below

env = environ.Env(
    # name = (type, default)
    DEBUG=(bool, True),  # False in production: secrets must then be set, cookies are secure, HTTPS is expected
    SECRET_KEY=(str, DEVELOPMENT_SECRET),
    SECRET_KEY_FALLBACKS=(list, []),  # earlier keys, while a key is being replaced
    ALLOWED_HOSTS=(list, ["localhost", "127.0.0.1", "[::1]"]),
    CSRF_TRUSTED_ORIGINS=(list, []),
    SITE_NAME=(str, "Twinning"),
    SITE_URL=(str, "http://127.0.0.1:8000"),  # what links in letters begin with
    VAR_DIR=(str, str(BASE_DIR / "var")),  # database, broker, letters, documents of the embedded default
    DATABASE_URL=(str, ""),  # postgres://user:password@host/name; empty: SQLite under VAR_DIR
    DATABASE_POOL_MAX=(int, 8),
    REDIS_URL=(str, ""),  # redis://host:6379/0 for broker and cache; empty: filesystem broker, database cache
    EMAIL_URL=(str, ""),  # smtp+tls://user:password@host:587; empty: letters into files under VAR_DIR/mail
    DEFAULT_FROM_EMAIL=(str, "Twinning <no-reply@twinning.example>"),
    LANGUAGE_CODE=(str, "en"),
    TIME_ZONE=(str, "Europe/Brussels"),
    HTTPS=(bool, True),  # only looked at when DEBUG is off: redirect, HSTS, secure cookies
    BEHIND_PROXY=(bool, False),  # trust X-Forwarded-Proto of the proxy in front
    OIDC_PROVIDERS=(dict, {}),  # id=name|server_url|client_id|secret,... (EU Login is one such)
    MATCHING_SECONDS=(int, 600),  # a matching run that takes longer ends without a plan
    DEMO=(bool, False),  # set by `manage.py demo`: shows the log-ins on the sign-in page
    LOG_LEVEL=(str, "INFO"),
)
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env("SECRET_KEY_FALLBACKS")
if not DEBUG and (SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("DEBUG is off, so SECRET_KEY must be set to a random text of at least 50 characters.")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
SITE_NAME = env("SITE_NAME")
SITE_URL = env("SITE_URL").rstrip("/")
DEMO = env("DEMO")
MATCHING_SECONDS = env("MATCHING_SECONDS")
VAR_DIR = Path(env("VAR_DIR"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "twinning.portal",
    "twinning.reports",
    "sensemaking",
    "outputs",
    "matching",
    "cohorts",
    "twinning.mail",
    "twinning.audit",
    "twinning.people",
    "twinning.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "django_countries",
    "rules",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "twinning.people.middleware.PersonalSettingsMiddleware",
    "twinning.people.middleware.SignInFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "twinning.core.middleware.NoSuchCharacterMiddleware",
]

ROOT_URLCONF = "twinning.urls"
WSGI_APPLICATION = "twinning.wsgi.application"
ASGI_APPLICATION = "twinning.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "twinning.portal.context_processors.shell",
            ],
        },
    }
]

# --- Database: SQLite in WAL mode, or PostgreSQL behind a pool ------------------------------------------------------

if env("DATABASE_URL"):
    DATABASES = {"default": env.db_url_config(env("DATABASE_URL"))}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "twinning.sqlite3"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # The pool hands out checked connections: a restart of PostgreSQL then costs no request.
    # What DATABASE_URL adds behind "?" (sslmode and the like) stays.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env("DATABASE_POOL_MAX"),
        "timeout": 10,
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache: shared by every process, because rate limits and heartbeats live there ------------------------------------

REDIS_URL = env("REDIS_URL")  # boards pass hints over it
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env("REDIS_URL")}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }

# --- Celery: Redis, or the filesystem broker beside the pages ---------------------------------------------------------

CELERY_BROKER_URL = env("REDIS_URL") or "filesystem://localhost"
if env("REDIS_URL"):
    # A worker that dies gives its message back after 15 minutes; the sweepers do not wait that long.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "unacked_restore_throttle": 1}
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "processed_folder": str(VAR_DIR / "broker" / "processed"),
        "polling_interval": 0.1,
    }
    for _folder in ("queue", "control", "processed"):
        (VAR_DIR / "broker" / _folder).mkdir(parents=True, exist_ok=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ROUTES = {"outputs.render_document": {"queue": "pdf"}}
CELERY_TASK_PUBLISH_RETRY = False  # a broker outage must not hold up a page: the sweeper finds the row
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "twinning.celery:HeartbeatScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver-letters": {"task": "mail.deliver_queued", "schedule": 20.0},
    "sweep-documents": {"task": "outputs.sweep_documents", "schedule": 20.0},
    "sweep-reports": {"task": "sensemaking.sweep_reports", "schedule": 20.0},
    "sweep-searches": {"task": "sensemaking.sweep_searches", "schedule": 20.0},
    "sweep-runs": {"task": "matching.sweep_runs", "schedule": 60.0},
    "send-reminders": {"task": "outputs.send_reminders", "schedule": 300.0},
}
CELERY_TIMEZONE = "UTC"
HEARTBEAT_SECONDS = 10  # how often worker and scheduler say that they live; three missed beats count as dead

# --- People and sign-in -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
# The constraint on Lower("email") is stricter than the `unique=True` that this check looks for.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_ADAPTER = "twinning.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"signup": "twinning.people.signup.InvitedSignupForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter whenever the way to sign in changes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can make us write to addresses that have no account
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG or not env("HTTPS") else "https"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # who finds an open browser cannot take the account over
MFA_ADAPTER = "twinning.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO  # the demo runs without HTTPS
SOCIALACCOUNT_ADAPTER = "twinning.people.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
for _provider, _text in env("OIDC_PROVIDERS").items():
    _parts = [_part.strip() for _part in _text.split("|")]
    if len(_parts) != 4 or not all(_parts):
        raise ImproperlyConfigured(
            f"OIDC_PROVIDERS: “{_provider}” needs four parts: {_provider}=name|server address|client id|secret."
        )
    _name, _server, _client, _secret = _parts
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": _provider,
            "name": _name,
            "client_id": _client,
            "secret": _secret,
            "settings": {"server_url": _server},
        }
    )
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages and zones --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = env("LANGUAGE_CODE")
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "twinning" / "locale"]
TIME_ZONE = env("TIME_ZONE")
FORMAT_MODULE_PATH = ["twinning.formats"]  # English as in Europe: day before month
USE_I18N = True
USE_TZ = True
COUNTRIES_OVERRIDE = {"XK": _("Kosovo"), "TR": _("Türkiye")}

# --- Files, letters, forms --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": None},  # never served by address, only through views
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

if env("EMAIL_URL"):
    vars().update(env.email_url_config(env("EMAIL_URL")))
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Security ------------------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env("HTTPS")
    SECURE_SSL_REDIRECT = env("HTTPS")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env("HTTPS") else 0
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env("HTTPS")
if env("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # rate limits count clients, not the proxy

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}
