"""The settings of all environments. `BETTERMENT_ENV=production` turns off the defaults for development.

In production, secrets come from the environment, and the process does not start without them.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from betterment import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

ENVIRONMENT = env.text("BETTERMENT_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", default=not PRODUCTION)

if PRODUCTION:
    SECRET_KEY = env.required("SECRET_KEY", "Production needs one of its own: 50 or more random characters.")
    SITE_URL = env.required("SITE_URL", "Production needs its public address, such as https://example.org.")
    EMAIL_HOST = env.required("EMAIL_HOST", "Production sends email: name the mail server that takes it.")
else:
    SECRET_KEY = env.text("SECRET_KEY", "development-only-" + "not-a-secret-" * 4)
    SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
    EMAIL_HOST = env.text("EMAIL_HOST")

SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# The default name of the publication and of the sender of its emails; the house settings can replace both.
SITE_NAME = "The Betterment Project"
# The host name in the ids of feed entries (RFC 4151). Keep it when the site moves to another host.
FEED_AUTHORITY = env.text("FEED_AUTHORITY", urlsplit(SITE_URL).hostname or "localhost")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "betterment.apps.BettermentAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "ckeditor",
    "simple_history",
    "post_office",
    "betterment.apps.BettermentConfig",
    "core",
    "comparison",
    "jobs",
    "pagecache",
    "mail",
    "backups",
    "pictures",
    "accounts",
    "inbox",
    "products",
    "sources",
    "checks",
    "articles",
    "manuscripts",
    "website",
    "advisors",
    "audit",
    "newsletter",
    "policies",
    "demo",
]

MIDDLEWARE = [
    "core.request_log.RequestLog",
    "core.compression.Compression",
    "core.middleware.SecurityHeaders",
    "core.health.Probes",
    "core.middleware.BoundedQuery",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignInPagesMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "website.redirects.Redirects",
]

ROOT_URLCONF = "betterment.urls"
WSGI_APPLICATION = "betterment.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
            "builtins": ["core.templatetags.times"],
        },
    },
]

DATABASES = {
    "default": env.database(
        "DATABASE_URL", f"sqlite:///{VAR_DIR / 'betterment.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Write-ahead log: readers do not wait for a writer. IMMEDIATE: a transaction takes the write lock at its start, so
    # that no other transaction can write between its check and its own write.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        # REPLACE deletes conflicting rows: this lets the guards' DELETE triggers fire.
        "PRAGMA recursive_triggers=ON;",
    }
    VAR_DIR.mkdir(exist_ok=True)
else:
    # Give up on an unreachable server after 5 seconds and not only after the timeout of the network.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # Compiling a query plan takes about 0.1 seconds, longer than any query of a page.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds; the lifetime of links for choosing a password

# Sign-in: django-allauth, with only the pages in accounts/urls.py. No sign-up and no second address per account.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetForm",
    "reset_password_from_key": "accounts.forms.ChooseForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.ConfirmForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address, and the first email verifies it
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Django's tokens: allauth's would copy the address to a second table, which would then allow signing in by it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.backends.ActiveUserTokens"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE after signing in, not extended by use (accounts.sessions)
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",  # the key is an account, or the second factor of an account
    "reset_password": "20/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondForm",
    "authenticate_webauthn": "accounts.forms.SecondPasskeyForm",
    "login_webauthn": "accounts.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.forms.ConfirmPasskeyForm",
    "reauthenticate": "accounts.forms.ConfirmSecondForm",
    "activate_totp": "accounts.forms.SetUpCodesForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.NamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Steps of 30 seconds by which a clock may be wrong; RFC 6238, section 5.2, recommends at most one.
MFA_TOTP_TOLERANCE = 1
# Editors and superusers need a second factor to enter the admin, but not in development and in the demonstration.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY", False) else 0
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 56  # bits; the network of one household

# Sign-in attempts are counted in the cache, so all workers and machines must share it: Redis if CACHE_URL names one,
# otherwise (and while Redis does not respond) a database table. The memory of a process is for development only
# (system check betterment.E004).
CACHE_URL = env.text("CACHE_URL")
CACHE_TABLE = "betterment_cache"
MAX_CACHED = 500_000  # entries; more than one network can create before its counts expire
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "core.shared_cache.RedisOrTable",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"TABLE": CACHE_TABLE, "MAX_ENTRIES": MAX_CACHED},
        }
    }
elif PRODUCTION:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": CACHE_TABLE,
            "OPTIONS": {"MAX_ENTRIES": MAX_CACHED},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The language of the publication's texts and of the site's own words.
LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en-gb")
# The newsroom's zone. core.times prints all times in it; FORMAT_MODULE_PATH gives Django the same formats.
TIME_ZONE = env.zone("TIME_ZONE", "UTC")
FORMAT_MODULE_PATH = ["core.formats"]
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "core.staticfiles.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
# Pictures are stored in MEDIA_ROOT or in a bucket; their URLs are the same (pictures.object_storage).
MEDIA_BUCKET = env.bucket("MEDIA_STORAGE")
STORAGES = {
    "default": {
        "BACKEND": "pictures.object_storage.Bucket" if MEDIA_BUCKET else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {
        # CKEditor requests its files by their plain names, so unhashed copies are kept next to the hashed ones.
        "BACKEND": "core.staticfiles.HashedStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_MANIFEST_STRICT = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The HTML of an article may have 200,000 characters. Longer HTML gets the error message of its field as long as the
# form is not larger than this; a larger form is refused as a whole.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# The page cache of each worker, in memory (pagecache.cache); 0 turns it off.
PAGE_CACHE_MEGABYTES = env.whole("PAGE_CACHE_MEGABYTES", 48 if PRODUCTION else 0)

# The number of distinct advisors who must approve a revision; the newsroom can raise it.
REVIEW_QUORUM = env.whole("REVIEW_QUORUM", 2, at_least=1)
REVIEW_DUE_DAYS = env.whole("REVIEW_DUE_DAYS", 14, at_least=1)
# The number of days after which an approved article is due for another review.
REVIEW_INTERVAL_DAYS = env.whole("REVIEW_INTERVAL_DAYS", 365, at_least=1)

# The number of days after which text that was typed into an article's form and never saved is deleted.
AUTOSAVE_DAYS = env.whole("AUTOSAVE_DAYS", 30, at_least=1)

# The key that signs seals and records (audit.keys). It is kept outside the database and the backup; without it nothing
# is signed.
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE")
SIGNING_KEY_PASSPHRASE = env.text("SIGNING_KEY_PASSPHRASE")
SEALS_DIR = Path(env.text("SEALS_DIR", str(VAR_DIR / "seals")))

# What happens when somebody publishes an article that cites a retracted source: "ask" for a reason, which the log of
# the article records, or "forbid" it.
RETRACTED_SOURCES = env.choice("RETRACTED_SOURCES", "ask", ("ask", "forbid"))

# Emails are queued in the database, in the transaction that they report on; `manage.py work` sends them. In
# development, without EMAIL_HOST, they are printed.
EMAIL_BACKEND = "mail.sending.OutboxBackend"
EMAIL_PORT = env.whole("EMAIL_PORT", 587, at_least=1)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465 and env.flag("EMAIL_TLS", default=True)
EMAIL_USE_TLS = EMAIL_PORT != 465 and env.flag("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_DOMAIN = (urlsplit(SITE_URL).hostname or "localhost") if PRODUCTION else "localhost"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <newsroom@{EMAIL_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
POST_OFFICE: dict[str, Any] = {
    "BACKENDS": {"default": f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"},
    "MAX_RETRIES": 30,  # with the growing delays of mail.outbox, about a week
    "MESSAGE_ID_FQDN": EMAIL_DOMAIN,
}

CKEDITOR_BASEPATH = "/static/ckeditor/ckeditor/"
# W001 warns that CKEditor 4 is past its end of life. It is used in the admin only, an allow-list restricts its files,
# and its output is sanitised; betterment.checks reports an error if the allow-list is missing.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

SESSION_COOKIE_AGE = 8 * 60 * 60
MESSAGE_STORAGE = "core.message_storage.Storage"  # gives the cookie the same prefix as the other cookies
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        # One event per line, without email and IP addresses.
        "json": {"()": "core.logs.JsonLines"},
    },
    # Links to shared previews and reviews contain tokens, which this filter removes from every line.
    "filters": {"secrets": {"()": "core.logs.HideSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # In development, the server logs each request itself.
        "betterment.requests": {"level": "INFO" if PRODUCTION else "WARNING"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # With a handler here, post_office does not add its own, which would lack the filter.
        "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
