"""All settings in one file, from the environment; `.env.example` lists every variable.

`LUOSHI_ENV=demo` (the default) is the embedded set-up: SQLite, file broker, a clock of its own, loopback only.
`LUOSHI_ENV=production` demands a secret key, hosts, PostgreSQL and Redis, and refuses to start without them.
"""

from datetime import time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

LUOSHI_ENV = env.str("LUOSHI_ENV", default="demo")
if LUOSHI_ENV not in {"demo", "production"}:
    raise ImproperlyConfigured("LUOSHI_ENV must be demo or production.")
PRODUCTION = LUOSHI_ENV == "production"
VAR_DIR = Path(env.str("LUOSHI_VAR", default=str(BASE_DIR / "var")))


def demanded(name: str, demo: str) -> str:
    """The variable `name`; only the demo may leave it out. Raises ImproperlyConfigured."""
    value = env.str(name, default="")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set when LUOSHI_ENV=production.")
    return value or demo


if PRODUCTION and 0 < len(env.str("SECRET_KEY", default="")) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have 50 random characters or more.")
if PRODUCTION and "*" in env.str("ALLOWED_HOSTS", default=""):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would let any in.")

# --- core -------------------------------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = demanded("SECRET_KEY", "demo-only-key-that-guards-nothing-but-invented-accounts-on-loopback")
ALLOWED_HOSTS = [host.strip() for host in demanded("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "config.admin.LuoshiAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_fsm",
    "ninja",
    "accounts",
    "notifications",
    "workflow",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "accounts.actor.ActorMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflow.views.frame.frame",
            ],
        },
    },
]

# --- database ---------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(_url)
    if (_url := demanded("DATABASE_URL", ""))
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "luoshi.sqlite3"}  # no URL: a path may hold + or #
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = None
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 1}
elif PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database when LUOSHI_ENV=production.")
else:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # SQLite makes its file, but not the folder
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

# --- who comes in -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("username", "name")}},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.ThreeKindsValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# axes locks out, by user and address. A county's offices may all come from one address, at half past eight.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": "300/m/ip"}
ACCOUNT_SESSION_REMEMBER = False  # nobody stays logged in for weeks by adding a field to the form
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workflow:to-do"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
USERSESSIONS_TRACK_ACTIVITY = False  # no activity tracking (domain rule 11)

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
# AXES_USERNAME_FORM_FIELD keeps its default: allauth hands axes `username`, whatever its form calls the field.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.lockout.username_tried"
AXES_HANDLER = "accounts.lockout.LockoutHandler"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# And slower, by the user alone: this many failures within this time, from wherever (accounts.lockout).
LOCKOUT_BY_USER_FAILURES = 20
LOCKOUT_BY_USER_WINDOW = timedelta(hours=24)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # 30 minutes are 30 minutes, however often one tries
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "accounts.address.client_address"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- the wire ---------------------------------------------------------------------------------------------------------
HTTPS = PRODUCTION
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文")]  # English joins when its catalogue is complete
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
CLOCK = "workflow.clock.now"  # what accounts, which knows no workflow, goes by

# --- files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _STATIC if PRODUCTION else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", default=str(VAR_DIR / "evidence")))
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", default=20) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # a revision of the longest table is a tick for each of its rows
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "workflow.evidence_files.bound.BoundedUpload",
    "workflow.evidence_files.bound.NamesAsSent",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- mail -------------------------------------------------------------------------------------------------------------
# Without EMAIL_URL, letters become files: nothing leaves the machine by accident. An empty one counts as none.
_letters = quote_plus(str(VAR_DIR.resolve() / "mail"), safe="/")
_mail = env.email_url_config(env.str("EMAIL_URL", default="") or f"filemail://{_letters}")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail["EMAIL_HOST"] or "localhost"
EMAIL_HOST_USER: str = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)  # smtp+tls:// (STARTTLS)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)  # smtp+ssl://
EMAIL_PORT: int = _mail["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_FILE_PATH = f"/{_mail['EMAIL_FILE_PATH'].lstrip('/')}"  # absolute, whichever way the URL has its slashes
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="luoshi@localhost")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
DIGEST_AT = time.fromisoformat(env.str("DIGEST_AT", default="09:00"))  # local; the day's one letter a person

# --- celery -----------------------------------------------------------------------------------------------------------
REDIS_URL = demanded("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "store_processed": False,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "workflow.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "turn rounds": {"task": "workflow.turn_rounds", "schedule": 60.0, "options": {"expires": 55}},
    "deliver": {"task": "workflow.deliver", "schedule": 60.0, "options": {"expires": 55}},
    "long work": {"task": "workflow.long_work", "schedule": 30.0, "options": {"expires": 25}},
    "heartbeat": {"task": "workflow.heartbeat", "schedule": 20.0, "options": {"expires": 60}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
