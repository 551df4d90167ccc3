"""`plainview policy diff`, `versions`, `propose` and `publish`: one version, and another."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec
from django.conf import settings
from django.utils import timezone, translation

from plainview.engine import (
    Difference,
    Policy,
    PolicyErrors,
    TooManyPeople,
    differences,
    unadmitted,
)
from plainview.platform import days
from plainview.privacy import policy_reload
from plainview.privacy.authoring.folder import FOLDER, LANGUAGE, loaded, spoken, told
from plainview.privacy.gate.doors import runs
from plainview.privacy.versions import people, queries, services, wording
from plainview.privacy.versions.models import Version

_COUNTS = "how many people a version touches is a figure over all of them"
_EVERYBODY = "a new policy means a new answer for everybody"


def named(name: str) -> Policy:
    """The policy of a folder, or of a version by its name. Raises ClickException for neither."""
    if Path(name).is_dir():
        return loaded(Path(name))
    try:
        return queries.policy_of(queries.named(name))
    except Version.DoesNotExist:
        known = ", ".join(each.name for each in queries.published()) or "none so far"
        raise click.ClickException(
            f"`{name}` is neither a folder nor a version; the versions are {known}"
        ) from None


def version_named(name: str, day: dt.datetime | None) -> Policy:
    """A version by its name, or that of a day for `then`. Raises ClickException."""
    if name != "then":
        return named(name)
    if day is None:
        raise click.ClickException("`--version then` goes with `--at`")
    found = queries.at(days.end(day))
    if found is None:
        raise click.ClickException(f"no version was in force on {day:%Y-%m-%d}")
    return queries.policy_of(found)


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@FOLDER
@click.option("--people", "count", is_flag=True, help="Count for how many people it changes what.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@LANGUAGE
@runs("privacy-choices", everyone=_COUNTS)
def diff(
    old: str, new: str | None, folder: Path, count: bool, as_json: bool, language: str
) -> None:
    """Tell what is different under NEW that was otherwise under OLD.

    Each is a folder or the name of a version; NEW is the folder that this site runs on if it is
    left out. What is material, `[material]` in `rules.toml` says, of either version: whom it
    touches is told and asked anew. The new version has to admit it, in a `[[change]]` of
    `policy.toml` with `material = true` and these `touches`. Exits with 1 when it does not.
    """
    before, after = named(old), named(new) if new else loaded(folder)
    language = spoken(after, language)
    try:
        found = differences(before, after)
    except TooManyPeople as error:
        raise click.ClickException(str(error)) from None
    counted = people.counted(before, after) if count else None
    silent = list(dict.fromkeys(gap for each in found for gap in unadmitted(each, after)))
    if as_json:
        click.echo(json.dumps(_record(before, after, found, counted), indent=1, ensure_ascii=False))
    else:
        with translation.override(language):
            _tell(before, after, found, language)
        if counted is not None:
            _count(counted)
    if silent:
        touches = ", ".join(f'"{each}"' for each in silent)
        raise click.ClickException(
            "no material change of the new version names what is touched; add to policy.toml:\n\n"
            f'[[change]]\nsummary = "…"\nmaterial = true\ntouches = [{touches}]'
        )


def _tell(old: Policy, new: Policy, found: Iterable[Difference], language: str) -> None:
    said = [wording.said(each, old, new, language) for each in found]
    if not said:
        click.echo("nothing is different")
    for each in said:
        it = each.difference
        since = f" (from {it.since} on)" if it.since else ""
        click.echo(("! " if it.material else "  ") + each.sentence + since)
        if each.places:
            click.echo(f"    in: {each.places}")
        if each.rule:
            weight = "material" if it.material else "to be told"
            click.echo(f"    {weight}, by the rule `{it.kind}`: {each.rule}")
            click.echo(f"    {each.follows}")
        if it.touches:
            click.echo(f"    touches {', '.join(it.touches)}")


def _count(counted: people.Counted) -> None:
    click.echo(f"\n{counted.people:,} people, of {counted.kinds:,} kinds")
    for each in counted.effects:
        click.echo(f"  {each.purpose} ({each.regime}): +{each.gained:,} −{each.lost:,}")
    if not counted.effects:
        click.echo("  nothing is permitted or closed for any of them")


def _record(
    old: Policy, new: Policy, found: list[Difference], counted: people.Counted | None
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "old": {"version": old.version, "fingerprint": old.fingerprint},
        "new": {"version": new.version, "fingerprint": new.fingerprint},
        "differences": [msgspec.to_builtins(each) for each in found],
    }
    if counted is not None:
        record["people"] = counted.people
        record["effects"] = [msgspec.to_builtins(each) for each in counted.effects]
    return record


@click.command()
@runs("privacy-choices", everyone=_EVERYBODY)
def versions() -> None:
    """List the versions: those in force and before, drafts, and those that wait for their day."""
    current = queries.current()
    for each in (*queries.waiting(), *queries.published()):
        state = "in force" if each == current else str(each.state)
        moment = each.published_at or each.effective
        click.echo(f"{each.name:<16}{state:<12}{moment:%Y-%m-%d %H:%M} UTC  {each.digest}")
    if current is None:
        click.echo("none yet: the first is published when the service starts")


@click.command()
@FOLDER
@runs("privacy-choices", source="derived", everyone=_EVERYBODY)
def propose(folder: Path) -> None:
    """Keep a folder as a draft, which two people of the staff release at the desk."""
    try:
        version = services.propose(folder)
    except PolicyErrors as errors:
        raise told(errors) from None
    effective = timezone.localtime(version.effective)
    click.echo(f"draft {version.name} would take effect at {effective:%Y-%m-%d %H:%M} UTC")


@click.command()
@FOLDER
@runs("privacy-choices", source="derived", everyone=_EVERYBODY)
def publish(folder: Path) -> None:
    """Put a folder into force in a running service, on your own word; all processes follow at once.

    The log says that it came from the shell. At the desk it takes two people.
    """
    if not policy_reload.reload(folder, settings.DATA):
        raise click.ClickException("it is not in force; the lines above say why")
    current = queries.current()
    click.echo(f"version {current.name if current else '?'} is in force")
