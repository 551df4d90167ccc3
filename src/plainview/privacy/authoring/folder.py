"""What the commands of `plainview policy` share: the folder they work on, and how it is loaded."""

from pathlib import Path

import click
from django.conf import settings

from plainview.engine import Policy, PolicyErrors, load
from plainview.privacy import page_words
from plainview.privacy.consent import storage
from plainview.privacy.gate.doors import touches_nobody

OF_FILES = touches_nobody("works on a policy folder; people are described, not looked up")
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=lambda: Path(settings.POLICY_DIR),
    show_default="the policy this site runs on",
    help="The policy folder.",
)


def loaded(folder: Path) -> Policy:
    """Return the policy of a folder, or end the command with all its problems."""
    try:
        return load(folder, storage.declared(), standing=page_words.standing)
    except PolicyErrors as errors:
        raise told(errors) from None


def told(errors: PolicyErrors) -> click.ClickException:
    """Return the end of a command: everything there is to mend."""
    count = len(errors.problems)
    return click.ClickException(f"{count} to mend\n\n" + "\n".join(map(str, errors.problems)))


def acted_on(found: Policy) -> set[str]:
    """Return the promises that more of a policy carries than a document that people read."""
    return {
        promise
        for promise, carriers in found.carried.items()
        if any(not each.file.startswith("documents/") for each in carriers)
    }
