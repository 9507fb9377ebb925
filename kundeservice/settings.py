"""Settings, read from the environment by readers that refuse nonsense.

With nothing set everything runs: SQLite and files under `var/`, a Celery broker of plain files, mail to the console.
`DATABASE_URL`, `REDIS_URL`, `SECRET_KEY`, `SITE_URL`, `EMAIL_URL` and `DATA_DIR` make it production.
`docs/operation.md` explains every variable. Sections, in this order: 1 environment, 2 security, 3 applications,
4 database and cache, 5 files, 6 languages, 7 log-in, 8 mail, 9 background work, 10 logs.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kundeservice.core.env import LOG_LEVELS, Environment
from kundeservice.core.job_kinds import Queue
from kundeservice.core.private_files import keep_private
from kundeservice.core.secret_key import stored_secret_key
from kundeservice.core.sqlite import SQLITE_OPTIONS

# 1 ---- environment ---------------------------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DATA_DIR = env.folder("DATA_DIR", default=BASE_DIR / "var")
keep_private(DATA_DIR)

DEBUG = env.flag("DEBUG", default=False)
SITE_URL = env.url("SITE_URL", schemes=("http", "https"), default="http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
SITE_IS_HTTPS = SITE_URL.startswith("https://")

DATABASE_URL = env.url("DATABASE_URL", schemes=("postgres", "postgresql", "sqlite"))
REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
USES_EMBEDDED_DATABASE = not DATABASE_URL or DATABASE_URL.startswith("sqlite:")

# 2 ---- security ------------------------------------------------------------------------------------------------------

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if not USES_EMBEDDED_DATABASE:
        raise ImproperlyConfigured("SECRET_KEY must be set when DATABASE_URL names a production database.")
    # One machine, one folder: a key made once and kept beside the database lets sessions survive a restart.
    SECRET_KEY = stored_secret_key(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=tuple(dict.fromkeys((SITE_HOST, *LOOPBACK_HOSTS))))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=(SITE_URL,))
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", default=0, most=10)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = SITE_IS_HTTPS
# Health checks reach the server directly, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = env.whole_number("HSTS_SECONDS", default=31_536_000 if SITE_IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kundeservice.core.views.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap draws the marks of its form controls as data: images
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# 3 ---- applications --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kundeservice.core",
    "surveys",
    "shoppers",
    "scoring",
    "awards",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kundeservice.core.middleware.AskBeforeShowingAgain",
    "kundeservice.core.middleware.RefuseNullBytes",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kundeservice.core.middleware.AskToLogIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kundeservice.core.middleware.LeadToThePage",
    "kundeservice.core.middleware.KeepPersonalPagesOutOfCaches",
    "kundeservice.core.middleware.TellWhatIsGone",
]

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "kundeservice.plain_numbers.PlainNumberTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kundeservice.core.context_processors.site",
            ],
        },
    }
]

ROOT_URLCONF = "kundeservice.urls"
WSGI_APPLICATION = "kundeservice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# 4 ---- database and cache --------------------------------------------------------------------------------------------

DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL or f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if USES_EMBEDDED_DATABASE:
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Rate limits, used log-in links and workers' signs of life live here, so every process must see the same cache. In the
# database, not in Redis: people log in, and a used link stays used, when Redis is away or has forgotten everything.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# 5 ---- files ---------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
# Evidence, reports and packages. Never served by address: a view decides who may fetch what.
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# 6 ---- languages -----------------------------------------------------------------------------------------------------

# Bokmål is `nb`, never `no`: Django has no formats for `no`. Bokmål pages have no prefix, English ones live under /en/.
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Bokmål")), ("en", _("Engelsk"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["kundeservice.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# 7 ---- log-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "kundeservice.core.login_links.LoginLinkBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "kundeservice.core.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION = "none"
# The same page and no mail for an address nobody has: nobody can find out who takes part.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"request_login_code": "kundeservice.core.forms.LoginCodeForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# A link in a mail opens the door once, within ten minutes; one printed in the terminal lasts a day's work.
SESAME_MAX_AGE = 12 * 3600
SESAME_INVALIDATE_ON_EMAIL_CHANGE = True
MAILED_LINK_SECONDS = 10 * 60
PRINTED_LINK_SECONDS = 12 * 3600

# 8 ---- mail ----------------------------------------------------------------------------------------------------------

vars().update(environ.Env.email_url_config(env.text("EMAIL_URL", "consolemail://")))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Kundeserviceprisen <post@{SITE_HOST}>")
SERVER_EMAIL = env.text("SERVER_EMAIL", DEFAULT_FROM_EMAIL)
# Told when the nightly check of the data finds something wrong.
OPERATOR_EMAILS = env.words("OPERATOR_EMAILS")
SECURITY_CONTACT = env.text("SECURITY_CONTACT", f"post@{SITE_HOST}")
EMAIL_TIMEOUT = 20
MAIL_TAKES_TIME = env.text("EMAIL_URL").startswith("smtp")
EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# 9 ---- background work -----------------------------------------------------------------------------------------------

# A running job whose worker has been silent this long is given to another; a waiting one is announced again.
JOB_STALE_SECONDS = env.whole_number("JOB_STALE_SECONDS", default=90, least=1)
JOB_HEARTBEAT_SECONDS = max(1, JOB_STALE_SECONDS // 6)
JOB_MAX_ATTEMPTS = 5
JOB_SWEEP_SECONDS = env.whole_number("JOB_SWEEP_SECONDS", default=60, least=1)

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    # A task that is delivered twice finds its row claimed and does nothing, so the time-out may be short.
    # Kombu looks for lost messages at every tenth tick unless told otherwise.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 20,
    }
    CELERY_VISIBILITY_TIMEOUT = 120
else:
    QUEUE_DIR = DATA_DIR / "queue"
    for folder in ("messages", "processed", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
# Whoever orders work must not wait for a broker that is away. Once more, for a connection that died since its last use.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
# A worker that is not told which queues to serve serves both.
CELERY_TASK_QUEUES = {queue.value: {"exchange": queue.value, "routing_key": queue.value} for queue in Queue}
CELERY_TASK_DEFAULT_QUEUE = Queue.QUICK.value
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True  # results never leave the database, so nothing can leak through the broker
CELERY_TASK_SOFT_TIME_LIMIT = 3300
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_LOST_WAIT = 1.0  # seconds from the death of a process of the pool until its task is given back
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
# A tick nobody has fetched before the next one is worthless: let it lapse instead of piling up while no worker runs.
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {
        "task": "core.sweep_jobs",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": JOB_SWEEP_SECONDS},
    },
    "check-data": {
        "task": "core.check_data",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"expires": 6 * 3600, "queue": Queue.BATCH.value},
    },
    "forget-old-files": {
        "task": "awards.forget_old_files",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 6 * 3600, "queue": Queue.BATCH.value},
    },
    "publish-due-editions": {
        "task": "awards.publish_due_editions",
        "schedule": 60,
        "options": {"expires": 55},
    },
}

# 10 --- logs ----------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", options=LOG_LEVELS, default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kundeservice.core.logs.UtcFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "kombu.connection": {"level": "ERROR"},  # warns at every start that a broker of files has no host name
        # These libraries tell at INFO of every font table and every poll.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
