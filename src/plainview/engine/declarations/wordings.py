"""Comparing two wordings of the short question, where both are equally fair."""

import datetime as dt

import msgspec

from plainview.engine.declarations.words import Declaration, Ids

# A wording puts these in other words. Buttons, their order and size, the steps and what is asked
# are the same for all, so a wording can't touch them.
TODAY = "today"
"""The wording of every day, which stands in `texts/<language>/choices.toml`."""
WORDED = ("optin.title", "optin.text", "optout.title", "optout.text")


class Comparison(Declaration, frozen=True, kw_only=True):
    """Wordings shown in turn from a day on `until` another, that of every day among them."""

    id: str = ""
    wordings: Ids
    from_: dt.date = msgspec.field(name="from")
    until: dt.date

    def runs(self, day: dt.date) -> bool:
        """Whether it runs on a day."""
        return self.from_ <= day <= self.until


class WordingFile(Declaration, frozen=True, kw_only=True):
    """wordings.toml (may be missing). Their words stand in `texts/<language>/wordings.toml`.

    `least` is how many answers a figure must stand for before the officer sees it.
    """

    least: int = 10
    comparison: dict[str, Comparison] = {}
