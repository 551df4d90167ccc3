"""What the commands of `plainview policy` share: the folder they work on, and how it is loaded."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click
from django.conf import settings

from plainview.engine import (
    Policy,
    PolicyErrors,
    Problem,
    load,
    load_cases,
    load_invariants,
    overdue,
)
from plainview.privacy import page_words
from plainview.privacy.consent import storage
from plainview.privacy.gate.doors import touches_nobody
from plainview.privacy.versions.services import against_software

OF_FILES = touches_nobody("works on a policy folder; people are described, not looked up")
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=lambda: Path(settings.POLICY_DIR),
    show_default="the policy this site runs on",
    help="The policy folder.",
)
LANGUAGE = click.option(
    "--language", default="", metavar="CODE", help="A language of the policy; else its first."
)


def loaded(folder: Path) -> Policy:
    """Return the policy of a folder, or end the command with all its problems."""
    try:
        return load(folder, storage.declared(), standing=page_words.standing)
    except PolicyErrors as errors:
        raise told(errors) from None


def spoken(found: Policy, language: str) -> str:
    """Return a language, the policy's first for ""; end the command if it does not speak it."""
    known = found.head.languages
    if language and language not in known:
        named = ", ".join(f"`{name}`" for name in known)
        raise click.ClickException(f"the policy does not speak `{language}`, only {named}")
    return language or known[0]


def told(errors: PolicyErrors) -> click.ClickException:
    """Return the end of a command: everything there is to mend."""
    count = len(errors.problems)
    return click.ClickException(f"{count} to mend\n\n" + "\n".join(map(str, errors.problems)))


def to_mend(folder: Path, policy: Policy) -> list[Problem]:
    """What `check` finds in a folder that loads."""
    wrong = overdue(folder, dt.datetime.now(dt.UTC).date()) + of_examples(folder, policy)
    return wrong + page_words.missing(policy) + against_software(policy)


def of_examples(folder: Path, policy: Policy) -> list[Problem]:
    """What is wrong with the examples and invariants of a folder."""
    wrong = []
    for read in (load_cases, load_invariants):
        try:
            if read is load_cases or (folder / "invariants.toml").exists():
                read(folder, policy)
        except PolicyErrors as errors:
            wrong += errors.problems
    return wrong


def only_words(before: Policy, after: Policy) -> Iterator[str]:
    """Clauses of `after` that say what more than documents carried in `before`, and no more do."""
    lost = _acted_on(before) - _acted_on(after)
    for document in after.documents.values():
        for clause in document.clauses:
            if words := sorted(lost.intersection(clause.promises)):
                yield (
                    f"documents/{document.id}.toml: nothing but words carries what `{clause.id}`"
                    f" says ({', '.join(words)})"
                )


def _acted_on(policy: Policy) -> set[str]:
    """The promises that more of a policy carries than a document that people read."""
    return {
        promise
        for promise, carriers in policy.carried.items()
        if any(not each.file.startswith("documents/") for each in carriers)
    }
