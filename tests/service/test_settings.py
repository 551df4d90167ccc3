"""Settings come from the environment alone; a bad one stops the start with every problem named."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from ast import literal_eval
from types import SimpleNamespace

import pytest

from plainview.settings import reading
from plainview.settings.environment import Environment


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


def test_every_bad_value_is_named_at_once_with_what_it_should_be():
    remedies = {
        "PLAINVIEW_PORT": ("eight", "write a whole number from 1 to 65535"),
        "PLAINVIEW_WEB_WORKERS": ("0", "write a whole number from 1 to 64"),
        "PLAINVIEW_DEBUG": ("maybe", "write true or false"),
        "PLAINVIEW_PUBLIC_URL": ("films.example.org", "write it as https://films.example.org"),
        "PLAINVIEW_SECRET_KEY": ("short", "50 characters or more"),
        "PLAINVIEW_DKIM_KEY": ("/nowhere", "names /nowhere, and nothing is there"),
        "PLAINVIEW_DATABASE_URL": ("postgresql://x:y@db:port/z", "its host or port"),
        "PLAINVIEW_TYPO_X": ("x", "is not a setting (docs/settings.md"),
        "PLAINVIEW_POST_SECRET": ("brief", "32 characters or more"),
        "PLAINVIEW_DATABSE_DIR": ("x", "is not a setting: did you mean PLAINVIEW_DATA"),
    }
    with pytest.raises(reading.SettingsError) as told:
        reading.read({variable: value for variable, (value, _) in remedies.items()})
    for line, (variable, (_, words)) in zip(
        str(told.value).split("\n"), sorted(remedies.items()), strict=True
    ):
        assert line.startswith(variable)
        assert words in line
    assert "short" not in str(told.value)  # a secret is never shown


LISTS = {
    "EMBED_SITES": ("*", "https://blog.example.org", "https://a.example, https://b.example:8443,"),
    "ALLOWED_HOSTS": ("films.example.org", "films.example.org, 10.0.0.3", "[::1]"),
    "PLACE_HEADER": ("X-Place", "CF-IPCountry"),
    "BACKUP_TO": ("age1qqq", "age1qqq, age1ppp"),
    "EMAIL_FROM": ("hello@lantern.example", "Lantern Street <hello@lantern.example>"),
    "MAIL_RETURNS": ("returns@lantern.example",),
    "METRICS_FROM": ("10.0.0.0/8", "127.0.0.0/8, ::1/128", "10.1.2.3"),
    "SECURITY_CONTACT": ("mailto:safe@lantern.example", "https://lantern.example/safe"),
}
WRONG = ("☃x y", "https://a.example; script-src *", "a@b@c, <", "999.1.1.1")


@pytest.mark.parametrize("name", LISTS)
def test_what_is_listed_in_a_setting_is_read_at_the_start_not_when_it_is_used(name):
    field = name.lower()
    for good in (*LISTS[name], ""):
        assert getattr(reading.read({f"PLAINVIEW_{name}": good}), field) == good
    refused = 0
    for bad in WRONG:
        try:
            reading.read({f"PLAINVIEW_{name}": bad})
        except reading.SettingsError as told:
            assert str(told).startswith(f"PLAINVIEW_{name} can't be read: write it as ")
            refused += 1
    assert refused >= 3


def test_settings_that_are_empty_count_as_left_out():
    empty = {f"PLAINVIEW_{name}": "" for name in ("SECRET_KEY", "PUBLIC_URL", "POLICY_DIR")}
    assert reading.read(empty) == Environment()


def test_a_data_folder_that_nobody_can_make_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(reading.SettingsError, match="PLAINVIEW_DATA_DIR"):
        reading.data_folder(Environment(data_dir=str(tmp_path / "file" / "inner")))


def test_values_are_typed():
    """Text of the environment becomes what a setting is; what is not ours is passed over."""
    read = reading.read({"PLAINVIEW_PORT": "9000", "PLAINVIEW_DEBUG": "true", "HOME": "/x"})
    assert (read.port, read.debug) == (9000, True)


def test_defaults_are_safe_and_the_secret_key_is_made_once_for_its_owner(tmp_path):
    """No script or style may stand inside a page, and no cookie is read by one."""
    safe = """[settings.DEBUG, settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY,
              settings.SECURE_CONTENT_TYPE_NOSNIFF, '*' in settings.ALLOWED_HOSTS],
              settings.SECRET_KEY, settings.CONTENT_SECURITY_POLICY"""
    said, key, policy = literal_eval(boot(tmp_path, f"repr(({safe}))").stdout)
    assert said == [False, True, True, True, False]
    assert "'none'" in str(policy)
    for weakness in ("unsafe-inline", "unsafe-eval", "nonce", "http:", "https:", "*'"):
        assert weakness not in str(policy)
    assert len(key) >= 50
    assert boot(tmp_path, "settings.SECRET_KEY").stdout.strip() == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_an_https_address_secures_cookies_and_transport(tmp_path):
    said = boot(
        tmp_path,
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_SSL_REDIRECT, settings.DEBUG",
        PLAINVIEW_PUBLIC_URL="https://films.example.org",
        PLAINVIEW_DEBUG="true",
    )
    assert said.stdout.strip() == "True True True True False"


def test_a_database_of_another_kind_is_refused_in_words(tmp_path):
    said = boot(tmp_path, "settings.DATABASES", PLAINVIEW_DATABASE_URL="mysql://x/y")
    assert said.returncode != 0
    assert "PLAINVIEW_DATABASE_URL" in said.stderr
    nameless = boot(tmp_path, "settings.DATABASES", PLAINVIEW_DATABASE_URL="postgresql://u:p@h")
    assert "PLAINVIEW_DATABASE_URL names no database" in nameless.stderr


def test_the_keys_before_are_listed_apart_and_each_is_long_enough(tmp_path):
    old, older = "o" * 50, "p" * 50
    listed = boot(
        tmp_path, "settings.SECRET_KEY_FALLBACKS", PLAINVIEW_SECRET_KEY_FALLBACKS=f"{old}, {older}"
    )
    assert listed.stdout.strip() == repr([old, older])
    with pytest.raises(reading.SettingsError, match="PLAINVIEW_SECRET_KEY_FALLBACKS"):
        reading.read({"PLAINVIEW_SECRET_KEY_FALLBACKS": f"{old},short"})


def test_a_data_folder_on_a_disk_that_can_only_be_read_is_not_told_to_be_given_away(
    tmp_path, monkeypatch
):
    """As after an error of the disk: the folder was its user's already."""
    seen = SimpleNamespace(f_flag=os.ST_RDONLY)
    monkeypatch.setattr(reading.os, "statvfs", lambda place: seen)
    with pytest.raises(reading.SettingsError, match="can only be read, for everybody"):
        reading.data_folder(Environment(data_dir=str(tmp_path)))
