"""Django's settings, from the installation `site` finds in the environment. There is no debug mode: no trace reaches a browser."""

from pathlib import Path

from wenze.web.site import site_of

_HERE = Path(__file__).parent

SITE = site_of()
SECRET_KEY = SITE.key("secret")
SEALING_KEY = SITE.key("sealing")
DATABASES = {"default": SITE.database()}
ALLOWED_HOSTS = [*SITE.hosts, "localhost", "127.0.0.1", "[::1]"]
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "wenze.web.journal",
    "wenze.web.offices",
    "wenze.web.cases",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wenze.web.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wenze.web.offices.sessions.Sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wenze.web.gate.Gate",
]
ROOT_URLCONF = "wenze.web.urls"
WSGI_APPLICATION = "wenze.web.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wenze.web.shell.ways",
            ],
        },
    },
]

# --- accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "offices.User"
AUTHENTICATION_BACKENDS = ["wenze.web.offices.backend.Accounts"]
LOGIN_URL = "offices:login"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 3600  # seconds; `offices.sessions` ends a log-in sooner
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "wenze.web.errors.forged"
# Behind a proxy that ends TLS, `WENZE_HOSTS` is set and everything is HTTPS; on a loopback address alone nothing is.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(SITE.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in SITE.hosts]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE.hosts else None
SECURE_HSTS_SECONDS = 31536000 if SITE.hosts else 0
SECURE_REFERRER_POLICY = "same-origin"  # with none, browsers send forms from `Origin: null`

# --- language, time, files --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"  # the source language of the templates
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [_HERE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "static/"
STATICFILES_DIRS = [_HERE / "static"]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # bytes of a form without its files
REQUEST_MAX_SIZE = 70 * 2**20  # bytes of all: one file of evidence, and what is said of it
FILE_UPLOAD_PERMISSIONS = 0o600

# Warnings and errors to standard error; no line holds an address or a browser's name.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # who was refused what is not written down
    },
}
