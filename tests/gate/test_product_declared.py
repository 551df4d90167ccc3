"""The product's doors, columns and commands are declared, or the checks fail (P2a, P0c)."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.core import checks
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from tests.gate.test_product import WHY

from plainview import cli
from plainview.platform.jobs import queue
from plainview.privacy import datamap
from plainview.privacy.authoring.cli import policy as policy_group
from plainview.privacy.checks import commands
from plainview.privacy.gate.doors import door_of, runs
from plainview.privacy.management import WITHOUT_PURPOSE, passing
from plainview.privacy.policies import PolicyDoesNotLoad, in_force, start
from plainview.privacy.registry import registry
from plainview.web.commands import manage

pytestmark = [pytest.mark.django_db, pytest.mark.doors_only]
ROOT = Path(__file__).resolve().parents[2]


def doors(patterns=None):
    """Every URL pattern of the service."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_every_address_is_a_door_of_a_purpose_that_the_policy_has():
    """P2a."""
    found = {pattern.name: door_of(pattern.callback) for pattern in doors()}
    assert None not in found.values()
    assert {door.purpose for door in found.values()} <= set(in_force().purposes)
    assert {door.source for door in found.values()} <= set(in_force().sources)
    assert found["watch"].purpose == "playback"
    assert found["account_logout"].everyone == ""
    assert found["account_login"].everyone


def test_every_task_is_a_door():
    for name in ("playback.ingest", "demo.film"):
        task = queue.task_named(name)
        assert door_of(task.run), name
        assert door_of(task.given_up), name


def test_every_column_is_marked_and_the_lock_is_in_step():
    """P0c: what is held is listed, and a change of it is a change of one file."""
    assert registry().problems == []
    for column in registry().columns():
        assert bool(column.mark.category) != bool(column.mark.reason), column.key
    assert datamap.differences(registry(), (ROOT / "data-map.lock").read_text()) == ([], [])


def test_the_checks_find_nothing():
    assert checks.run_checks(databases=["default"]) == []


def test_nothing_starts_on_a_policy_that_does_not_load(tmp_path):
    (tmp_path / "policy.toml").write_text('version = 3\n[controler]\nname = "x"\n')
    before = in_force()
    with pytest.raises(PolicyDoesNotLoad) as told:
        start(tmp_path)
    assert "to mend" in str(told.value)
    assert str(told.value).count("policy.toml:") >= 2
    assert in_force() is before


def test_a_view_that_is_no_door_would_fail_the_check(monkeypatch):
    callback = resolve("/search/").func
    monkeypatch.delattr(callback, "privacy_door")
    found = [message for message in checks.run_checks() if message.id == "privacy.E020"]
    assert [message.msg.split()[0] for message in found] == ["/search/"]


def test_a_command_that_is_no_door_would_fail_the_check(monkeypatch):
    """P2a: and a purpose that the policy does not have fails at the start."""

    @click.command()
    def stray() -> None: ...

    @click.command()
    @runs("nonsense", source="form", everyone=WHY)
    def misled() -> None: ...

    monkeypatch.setitem(policy_group.commands, "stray", stray)
    monkeypatch.setitem(policy_group.commands, "misled", misled)
    assert {(m.id, m.msg.partition(",")[0]) for m in checks.run_checks()} == {
        ("privacy.E024", "the command plainview policy stray is not a door"),
        ("privacy.E021", f"door {door_of(misled.callback).name} names purpose nonsense"),
    }
    assert len(dict(commands(cli.cli))) > len(cli.COMMANDS)


def test_djangos_commands_pass_under_a_duty_or_touch_nobody_or_are_refused():
    """P2.11d: a console of the database is a way round every purpose."""
    run = CliRunner().invoke
    for name in ("dbshell", "createsuperuser", "changepassword", "help dbshell"):
        said = run(manage, name.split())
        assert said.exit_code == 2
        assert "is not one of Django's commands that pass the gate" in said.output
    listed = run(manage, ["help"]).output
    assert "migrate " in listed
    assert "dbshell" not in listed
    assert set(WITHOUT_PURPOSE) < dict(passing()).keys() <= get_commands().keys()
    assert run(manage, ["showmigrations", "privacy"]).exit_code == 0
