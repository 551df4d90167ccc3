"""`plainview post …`: mail to the privacy address, fetched now."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from plainview.platform.storage.given import File
from plainview.privacy.gate.doors import runs
from plainview.privacy.post import arriving, confined, services
from plainview.privacy.post.letters import LONGEST


@click.group()
def post() -> None:
    """Mail to the privacy address, which becomes requests or waits for a person."""


@post.command()
@runs("rights", source="mail", everyone=services.DOOR.everyone)
def fetch() -> None:
    """Take in what waits in the mailbox now; a worker does so every minute."""
    try:
        count = arriving.fetch()
    except (arriving.NoPlace, arriving.Trouble) as error:
        click.echo(f"{error}; docs/post.md shows how to set it up", err=True)
        sys.exit(2)
    click.echo(f"{count} new letters")


@post.command()
@click.argument("files", nargs=-1, required=True, type=File(allow_dash=True))
@runs("rights", source="mail", everyone=services.DOOR.everyone)
def take(files: tuple[Path, ...]) -> None:
    """Take in the letters in FILES, each a message as it came; `-` reads one from a mail server."""
    with confined.many():
        for path in files:
            with click.open_file(str(path), "rb") as file:
                raw = file.read(LONGEST + 1)
            new = services.take(raw[:LONGEST], whole=len(raw) <= LONGEST)
            click.echo(f"{path}: {'taken' if new else 'was here before'}")
