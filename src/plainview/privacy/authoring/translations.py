"""`plainview policy translations`: what the words in other languages were made from."""

from collections.abc import Iterator
from pathlib import Path

import click

from plainview.engine import Policy, translations, write_marks
from plainview.privacy.authoring.folder import FOLDER, OF_FILES, loaded


@click.command(name="translations")
@FOLDER
@click.option("--write", is_flag=True, help="Mark what was translated since the last time.")
@click.option(
    "--settle",
    multiple=True,
    metavar="KEY",
    help="With --write: the words still hold, though their original was changed.",
)
@click.option("--check", is_flag=True, help="End with 1 if anything is stale or unmarked.")
@OF_FILES
def of_policy(folder: Path, write: bool, settle: tuple[str, ...], check: bool) -> None:
    """Say which translations no longer say what the first language says.

    Beside each language's words lies the mark of the originals they were made from. A sentence
    whose original was changed since is stale until its words are changed, or settled:

    \b
      plainview policy translations --write --settle purposes.browse.why
    """
    policy = loaded(folder)
    if write:
        write_marks(folder, policy.head.languages, settle)
    found = list(faults(folder, policy))
    for line in found:
        click.echo(line)
    if check and found:
        raise click.ClickException(
            "translate what is stale, then: plainview policy translations --write"
        )
    if not found:
        click.echo("every translation was made from its original as it stands")


def faults(folder: Path, policy: Policy) -> Iterator[str]:
    """Yield what is stale, sentence by sentence, and how much is not marked."""
    first = policy.head.languages[0]
    for language, found in translations(folder, policy.head.languages).items():
        for key in found.stale:
            file, _, path = key.partition(".")
            original = policy.text(key, first)
            yield f"texts/{language}/{file}.toml: `{path}` is stale; now it is {original!r}"
        if found.unmarked:
            some = ", ".join(f"`{key}`" for key in found.unmarked[:3])
            yield f"{language}: not marked yet are {len(found.unmarked)}, as {some}"
