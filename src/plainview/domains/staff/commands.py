"""The `plainview translations` command."""

from __future__ import annotations

from pathlib import Path

import click

from plainview.domains.staff import translating
from plainview.platform.languages import catalogues
from plainview.privacy import translations as policy
from plainview.privacy.gate.doors import touches_nobody


@click.group()
def translations() -> None:
    """Say how far translations are, and hand on what translators wrote at the desk."""


@translations.command()
@touches_nobody("counts words of pages and of the policy")
def status() -> None:
    """Tell for each language what is missing, stale and a draft."""
    for language in translating.tongues():
        for each in translating.standing(language):
            click.echo(
                f"{language} {each.part}: {each.all} texts, {each.missing} missing,"
                f" {each.stale} stale, {each.draft} drafts"
            )


@translations.command()
@click.option("--language", multiple=True, metavar="TAG", help="Only this language.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the strings of pages: pt_BR/LC_MESSAGES/django.po and so on.",
)
@click.option(
    "--policy",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Policy folder into which the policy's sentences are written.",
)
@touches_nobody("writes words, and the names under which they were signed, as their signers wish")
def export(language: tuple[str, ...], pages: Path | None, folder: Path | None) -> None:
    """Write what translators wrote at the desk into files.

    Strings of pages are in effect already; their files are for whoever packages the product.
    Sentences of the policy take effect with the version that is made of the folder.
    """
    if pages is None and folder is None:
        raise click.UsageError("say where to: --pages FOLDER, --policy FOLDER, or both")
    for tag in language or translating.tongues():
        if tag not in translating.tongues():
            raise click.UsageError(f"nothing is translated into `{tag}`")
        if pages is not None and tag in catalogues.begun():
            click.echo(str(catalogues.export(tag, pages)))
        if folder is not None:
            for file in policy.export(tag, folder):
                click.echo(str(folder / file))
