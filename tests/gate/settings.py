"""Settings of the gate's own tests: a small cinema behind a gated engine, nothing of the product.

`GATE_ENGINE` says which engine: `sqlite` (the default) or `postgresql`, with `GATE_PG_HOST` the
folder of the server's socket.
"""

import os

SECRET_KEY = "for tests only"
ENCRYPTION_KEYS = ["for tests only"]
USE_TZ = True
ENGINE = os.environ.get("GATE_ENGINE", "sqlite")
DATABASES = {
    "default": {"ENGINE": "plainview.privacy.gate.sqlite3", "NAME": ":memory:"}
    if ENGINE == "sqlite"
    else {
        "ENGINE": "plainview.privacy.gate.postgresql",
        "NAME": "gate",
        "USER": os.environ.get("GATE_PG_USER", "postgres"),
        "HOST": os.environ.get("GATE_PG_HOST", "/tmp/gate-pg"),
        "TEST": {"NAME": f"test_gate_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"},
    }
}
INSTALLED_APPS = [
    "plainview.privacy.apps.Privacy",
    "django.contrib.contenttypes",
    "plainview.platform.jobs",
    "tests.gate.cinema.apps.Cinema",
]
MIDDLEWARE = [
    "plainview.privacy.gate.middleware.Doors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tests.gate.cinema.people.Identity",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}]
ROOT_URLCONF = "tests.gate.cinema.urls"
CACHES = {
    alias: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": alias}
    for alias in ("default", "shelves")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = ["*"]
SESSION_ENGINE = "plainview.privacy.sessions"
MIGRATION_MODULES = {"privacy": None, "cinema": None, "jobs": None}
