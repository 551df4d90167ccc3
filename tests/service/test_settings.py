"""Settings come from the environment alone; a bad one stops the start with every problem named."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from plainview.settings import environment


def boot(tmp_path, expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start Django in a process of its own with these settings and print an expression."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PLAINVIEW_")}
    program = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'plainview.settings';"
        f"from django.conf import settings; print({expression})"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**clean, "PLAINVIEW_DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_bad_value_is_named_at_once():
    with pytest.raises(environment.SettingsError) as told:
        environment.read(
            {"PLAINVIEW_PORT": "eight", "PLAINVIEW_WEB_WORKERS": "0", "PLAINVIEW_DATABSE_URL": "x"}
        )
    words = str(told.value)
    for variable in ("PLAINVIEW_PORT", "PLAINVIEW_WEB_WORKERS", "PLAINVIEW_DATABSE_URL"):
        assert variable in words


def test_values_are_typed():
    read = environment.read({"PLAINVIEW_PORT": "9000", "PLAINVIEW_DEBUG": "true", "HOME": "/x"})
    assert (read.port, read.debug) == (9000, True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("settings.DEBUG", "False"),
        ("settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY", "True True"),
        ("settings.SECURE_CONTENT_TYPE_NOSNIFF", "True"),
        ("'*' in settings.ALLOWED_HOSTS", "False"),
    ],
)
def test_defaults_are_safe(tmp_path, expression, expected):
    assert boot(tmp_path, expression).stdout.strip() == expected


def test_an_https_address_secures_cookies_and_transport(tmp_path):
    said = boot(
        tmp_path,
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_SSL_REDIRECT, settings.DEBUG",
        PLAINVIEW_PUBLIC_URL="https://films.example.org",
        PLAINVIEW_DEBUG="true",
    )
    assert said.stdout.strip() == "True True True True False"


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = boot(tmp_path, "settings.SECRET_KEY").stdout
    assert len(first.strip()) >= 50
    assert boot(tmp_path, "settings.SECRET_KEY").stdout == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_no_script_or_style_may_stand_inside_a_page(tmp_path):
    said = boot(tmp_path, "settings.CONTENT_SECURITY_POLICY").stdout
    assert "'none'" in said
    for weakness in ("unsafe-inline", "unsafe-eval", "nonce", "http:", "https:", "*'"):
        assert weakness not in said


def test_a_database_of_another_kind_is_refused_in_words(tmp_path):
    said = boot(tmp_path, "settings.DATABASES", PLAINVIEW_DATABASE_URL="mysql://x/y")
    assert said.returncode != 0
    assert "PLAINVIEW_DATABASE_URL" in said.stderr
