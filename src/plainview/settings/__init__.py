"""Django's settings, derived from the typed environment (`environment.py`) and safe by default."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from plainview.platform import languages
from plainview.platform.storage.whole import put_once
from plainview.settings import reading

ENV = reading.read()
PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent.parent
DATA = reading.data_folder(ENV)
KEY_LENGTH = 32
SHIPPED_POLICY = REPOSITORY / "policy"
POLICY_DIR = Path(ENV.policy_dir) if ENV.policy_dir else SHIPPED_POLICY


def _kept(name: str) -> str:
    """A random key kept in the data folder, made once and atomically, for its owner only."""
    path = DATA / name
    if not path.exists():
        put_once(path, secrets.token_urlsafe(64).encode())
    return path.read_text()


def _keys(name: str, configured: str) -> list[str]:
    """The configured keys, newest first."""
    keys = [key.strip() for key in configured.split(",") if key.strip()]
    if any(len(key) < KEY_LENGTH for key in keys):
        raise reading.SettingsError(
            f"PLAINVIEW_{name}: each key needs {KEY_LENGTH} characters or more"
        )
    return keys


_KEPT_OPEN = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _database(url: str) -> dict[str, object]:
    """Django's database settings for an address such as `postgresql://user@host/name`."""
    if not url or url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:") or str(DATA / "plainview.sqlite3")
        return {
            "ENGINE": "plainview.privacy.gate.sqlite3",
            "NAME": name,
            **_KEPT_OPEN,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA mmap_size=134217728; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise reading.SettingsError(
            "PLAINVIEW_DATABASE_URL must begin with `sqlite:` or `postgresql:`"
        )
    if not parts.path.lstrip("/"):
        raise reading.SettingsError(
            "PLAINVIEW_DATABASE_URL names no database: postgresql://USER:PASSWORD@HOST:PORT/NAME"
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "plainview.privacy.gate.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        **_KEPT_OPEN,
        "OPTIONS": {
            "pool": False,
            "application_name": "plainview",
            # pages ask for a few rows: more processes or compiled code for one come too late
            "options": "-c max_parallel_workers_per_gather=0 -c jit=off",
        },
    }


PUBLIC = urlsplit(ENV.public_url or f"http://localhost:{ENV.port}")
HTTPS = PUBLIC.scheme == "https"

SECRET_KEY = ENV.secret_key or _kept("secret-key")
SECRET_KEY_FALLBACKS = _keys("SECRET_KEY_FALLBACKS", ENV.secret_key_fallbacks)
SECRET_KEYS_RETIRED = _keys("SECRET_KEYS_RETIRED", ENV.secret_keys_retired)
ENCRYPTION_KEYS = _keys("ENCRYPTION_KEYS", ENV.encryption_keys) or [_kept("encryption-key")]
STREAM_KEYS = _keys("STREAM_KEYS", ENV.stream_keys)  # none: kept in the data folder
PUSH_KEY = next(iter(_keys("PUSH_KEY", ENV.push_key)), "") or _kept("push-key")
LOG_KEYS = _keys("LOG_KEYS", ENV.log_keys)  # none: `privacy.log.keys` keeps one in the data folder
DEBUG = ENV.debug and not ENV.public_url
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    PUBLIC.hostname or "localhost",
    *(host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()),
]
CSRF_TRUSTED_ORIGINS = [ENV.public_url.rstrip("/")] if ENV.public_url else []

ROOT_URLCONF = "plainview.web.urls"
ROOT_COMMAND = "plainview.cli.cli"
WSGI_APPLICATION = "plainview.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
SITE_ID = None

INSTALLED_APPS = [
    "plainview.privacy.apps.Privacy",
    "plainview.web",  # first, so that third parties' pages wear our templates
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "plainview.platform.jobs",
    "plainview.platform.search",
    "plainview.domains.accounts",
    "plainview.domains.searches",
    "plainview.domains.catalogue",
    "plainview.domains.playback",
    "plainview.domains.subtitles",
    "plainview.domains.library",
    "plainview.domains.recommendations",
    "plainview.domains.marketing",
    "plainview.domains.support",
    "plainview.domains.staff",
    "plainview.wiring.Wiring",
]

MIDDLEWARE = [
    "plainview.web.middleware.Host",
    "plainview.web.middleware.Shut",
    "plainview.privacy.versions.middleware.OneVersion",
    "plainview.privacy.consent.keeping.Keeping",
    "plainview.web.middleware.SecurityHeaders",
    "plainview.web.middleware.Codings",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "plainview.privacy.gate.middleware.Doors",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plainview.privacy.sessions.Sessions",
    "plainview.web.middleware.Language",
    "plainview.web.middleware.Bounds",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "plainview.privacy.people.Identity",
    "plainview.privacy.visitors.Visitors",
    "plainview.privacy.disclosures.embeds.Embedding",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "plainview.web.confirming.Confirming",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ENV.templates_dir] if ENV.templates_dir else [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "plainview.web.shell.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "plainview.web.templatetags.components",
                "plainview.web.templatetags.dates",
                "plainview.web.templatetags.numbers",
                "plainview.privacy.templatetags.choosing",
                "plainview.privacy.templatetags.documents",
            ],
        },
    }
]
FORM_RENDERER = "plainview.web.choosing.Renderer"

DATABASES = {"default": _database(ENV.database_url)}
# Attempts are counted in rows, so that they hold across processes; shelves of `privacy.cache` are
# each process's own.
CACHES = {
    "default": {"BACKEND": "plainview.privacy.counting.Counts"},
    "shelves": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# People sign in with an address; passwords are hashed with argon2id (P1.1.1c).
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "plainview.domains.accounts.passwords.Unlike"},
    {"NAME": "plainview.domains.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "plainview.domains.accounts.passwords.Unknown"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "plainview.domains.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "plainview.domains.accounts.forms.LoginForm",
    "signup": "plainview.domains.accounts.forms.RegistrationForm",
    "add_email": "plainview.domains.accounts.forms.AddressForm",
    "change_password": "plainview.domains.accounts.forms.ChangePasswordForm",
    "reset_password": "plainview.domains.accounts.forms.ResetForm",
    "reset_password_from_key": "plainview.domains.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "plainview.domains.accounts.forms.ReauthenticateForm",
}
# An address is confirmed before the first sign-in, so that registering a known one looks the same.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that registered
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}  # a mailbox alone proves too little
ACCOUNT_SESSION_REMEMBER = True
# Beside allauth's own limits: letters to the desk, codes that an app tries, answers to the banner
# and other questions, and challenges for a passkey.
ACCOUNT_RATE_LIMITS = {
    "write": "10/h/ip",
    "connect": "20/h/ip",
    "answer": "60/m/ip",
    "answer_device": "60/m/key,600/m/ip",
    "answer_member": "60/m/key",
    "challenge": "30/m/ip",
}

# Second factors: passkeys sign in alone; an app's codes and recovery codes come after the password.
MFA_ADAPTER = "plainview.domains.accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "add_webauthn": "plainview.domains.accounts.forms.PasskeyForm",
    "login_webauthn": "plainview.domains.accounts.forms.PasskeyLoginForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in with one; a new address may wait beside it
MFA_TOTP_TOLERANCE = 1  # one step of 30 s before and after, for clocks that differ

# Cookies: none on a first visit; a session only after signing in, a CSRF token only with a form.
SESSION_ENGINE = "plainview.privacy.sessions"  # a closed list of keys
SESSION_COOKIE_NAME = "plainview-session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "plainview-form"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "plainview.web.errors.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_NAME = "plainview-language"
LANGUAGE_COOKIE_AGE = 180 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS

# Headers. TLS ends at the operator's proxy; its word is taken only when a proxy is configured.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True


def _style_hashes() -> list[str]:
    """Hashes of the style sheets that the player's components carry, written by its build."""
    path = PACKAGE / "web" / "static" / "build" / "csp-hashes.json"
    return json.loads(path.read_text())["style-src"] if path.exists() else []


PLAYER_STYLES = _style_hashes()  # allowed on the watch page alone
EMBED_ANCESTORS = [site.strip() for site in ENV.embed_sites.split(",") if site.strip()]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Languages, by Django's codes; everybody else says BCP 47 tags (`platform.languages`).
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
TRANSLATIONS = DATA / "translations"  # what translators change at the desk stands before ours
LOCALE_PATHS = [TRANSLATIONS / "locale", PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = "plainview.platform.languages.formats"
LANGUAGES = [
    (languages.code(tag), languages.own_name(tag))
    for tag in (*languages.FINISHED, *languages.PSEUDO)
    if tag not in languages.PSEUDO or (LOCALE_PATHS[0] / tag.replace("-", "_")).exists()
]

STATIC_URL = "/static/"
_COLLECTING = os.environ.get("DJANGO_COLLECTING")  # the folder that `make setup` fills
STATIC_ROOT = Path(_COLLECTING or PACKAGE / "web" / "gathered")  # it belongs to the program
MEDIA_ROOT = DATA / "media"
FILMS_URL = ENV.films_url  # none: finished films are in the media folder too
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED or _COLLECTING
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_MAX_AGE = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = DATA / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = ENV.email_from or f"hello@{PUBLIC.hostname}"
EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
EMAIL_FILE_PATH = str(DATA / "outbox")
MAIL_SERVER = ENV.email_url  # none: letters stay in the outbox
MAIL_RETURNS = ENV.mail_returns
DKIM_KEY = ENV.dkim_key
DKIM_SELECTOR = ENV.dkim_selector
CONNECTIONS = Path(ENV.connections) if ENV.connections else DATA / "connections.toml"
POST_URL = ENV.post_url or f"maildir:{DATA / 'letters'}"
POST_SECRET = ENV.post_secret
POST_SERVERS = tuple(filter(None, (each.strip() for each in ENV.post_servers.split(","))))
ANYMAIL = {"WEBHOOK_SECRET": f"plainview:{ENV.mail_secret}"} if ENV.mail_secret else {}

# Logs carry no personal data: no addresses, no user names, no query strings.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "plainview.platform.logs.Discreet",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "duties": {
            "class": "plainview.platform.logs.Bounded",
            "filename": DATA / "duties.log",
            "most": 10_000_000,
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "plainview.privacy.duties": {"handlers": ["duties"], "level": "INFO", "propagate": False},
        "django.request": {"level": "ERROR"},  # a path may hold what somebody searched for
        "django.security": {"level": "ERROR"},
        "fido2": {"level": "WARNING"},  # it would name every passkey that signs in
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
