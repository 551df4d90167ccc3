"""The `plainview demo` command."""

from __future__ import annotations

import click

from plainview.demo import loading
from plainview.platform.jobs import worker
from plainview.privacy.gate.doors import runs


@click.command()
@click.option("--wait", is_flag=True, help="Make the films here and now, instead of by the worker.")
@runs("browse", source="staff", everyone="fills an empty programme")
def demo(wait: bool) -> None:
    """Load the demonstration catalogue of Lantern Street Pictures, if there is no title yet.

    Its films are drawn and packaged one by one by the job worker; the site can be looked at
    meanwhile.
    """
    if films := loading.load():
        click.echo(f"Loaded the demonstration; its {films} films are made while you look around.")
    if wait:
        worker.run_all()
