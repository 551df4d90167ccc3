"""Background work of accounts."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.accounts.services import addresses
from plainview.privacy.tasks import task


@task(
    "accounts.count-new-addresses",
    serves="authentication",
    may=["account"],
    source="form",
    everyone="what takes the place of a lost address is due for whomever it is",
    every=timedelta(hours=1),
)
def count_new_addresses() -> None:
    """Let those new addresses count that nobody stopped in time."""
    addresses.count_new()
