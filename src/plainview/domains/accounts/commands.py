"""The `plainview reencrypt` command."""

from __future__ import annotations

import click

from plainview.domains.accounts import services
from plainview.platform.encryption import Unreadable
from plainview.privacy.gate.doors import runs


@click.command()
@runs("authentication", source="derived", everyone="a new key is for everybody's secrets")
def reencrypt() -> None:
    """Carry what lies encrypted over to the first of PLAINVIEW_ENCRYPTION_KEYS.

    To change keys: put the new one first and restart, run this, then drop the old one and restart.
    Sessions that the old key wrote end with it, at the latest after two weeks. Running it twice
    does no harm.
    """
    try:
        count = services.reencrypt()
    except Unreadable as error:
        raise click.ClickException(
            f"a secret can't be read: {error}. Nothing was changed."
            " Put the key that wrote it back into PLAINVIEW_ENCRYPTION_KEYS."
        ) from None
    click.echo(f"{count} second factors and papers of requests are under the first key")
