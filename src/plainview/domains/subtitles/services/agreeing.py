"""The contributors' terms: shown before the first line, and accepted version by version."""

from __future__ import annotations

from plainview.domains.subtitles.models import Agreement

TERMS = "1"
"""The version of `subtitles/terms.html`; a change of its meaning is a new one, asked for anew."""


def agrees(account: int) -> bool:
    """Whether somebody accepted the terms as they are now."""
    return Agreement.objects.filter(account=account, version=TERMS).exists()


def agree(account: int, version: str) -> bool:
    """Note that somebody accepted the terms; False if it was not those that hold now."""
    if version != TERMS:
        return False
    Agreement.objects.get_or_create(account_id=account, version=TERMS)
    return True
