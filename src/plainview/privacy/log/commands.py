"""`plainview log …`: the head, the whole log looked at, keys changed, an epoch declared."""

from __future__ import annotations

import sys

import click
from django.conf import settings

from plainview.privacy import log as logging_
from plainview.privacy.disclosures import heads
from plainview.privacy.disclosures.connections import NotConnected
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.log import inspecting, sequencing
from plainview.privacy.log.models import Key

_ONLY_HASHES = "heads and keys are about nobody"


@click.group()
def log() -> None:
    """The log of answers and acts: its head, its keys, and whether it is whole."""


@log.command()
@touches_nobody(_ONLY_HASHES)
def head() -> None:
    """Place what waits, and print the signed head: to be kept by somebody else."""
    click.echo(logging_.sequence().note, nl=False)


@log.command()
@runs("record-keeping", source="derived", everyone="a letter with a head is about nobody")
def mail() -> None:
    """Mail the head of now to everybody who keeps heads; a worker does so regularly."""
    try:
        told = heads.mail_now()
    except NotConnected as error:
        click.echo(f"{error}; docs/proof.md shows how", err=True)
        sys.exit(2)
    for name in told:
        click.echo(f"queued for {name}")
    if not told:
        click.echo("everybody has it already")


@log.command(name="keys")
@touches_nobody(_ONLY_HASHES)
def show_keys() -> None:
    """Print the public keys, the one of now last."""
    logging_.head()
    for key in Key.objects.order_by("id"):
        click.echo(
            f"{key.public}\n  since {key.began_at:%Y-%m-%d %H:%M} UTC, from entry {key.size}"
        )


@log.command()
@touches_nobody("looks at everything under the duty `audit`")
def verify() -> None:
    """Look at the whole log; exit code 1 and every damage by name if it is not whole."""
    found = inspecting.inspect()
    for where, what in found.damage:
        click.echo(f"{where}: {what}")
    erased = found.placed + found.waiting - found.openings
    click.echo(
        f"entries with their place: {found.placed}, waiting for one: {found.waiting},"
        f" whose text was erased: {erased}"
    )
    if found.damage:
        click.echo(f"the log is not whole: {len(found.damage)} to explain", err=True)
        sys.exit(1)
    click.echo("the log is whole")


@log.command()
@touches_nobody(_ONLY_HASHES)
def rotate() -> None:
    """Sign with a new key from now on; the old one endorses it."""
    if settings.LOG_KEYS:
        click.echo("the keys stand in PLAINVIEW_LOG_KEYS: put the new one before them", err=True)
        sys.exit(2)
    sequencing.rotate()
    click.echo(f"signed by {Key.objects.order_by('-id')[0].public} from now on")


@log.command()
@click.confirmation_option(prompt="Was the database put back from a copy?")
@touches_nobody(_ONLY_HASHES)
def restored() -> None:
    """Say that the database was put back from a copy, where it could not be noticed: a new epoch.

    It is noticed by itself while the data folder is not put back too.
    """
    epoch = sequencing.declare_restored()
    click.echo(f"{epoch.origin} goes on from {epoch.size} entries, and says so in every head")
