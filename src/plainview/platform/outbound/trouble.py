"""What can go wrong on the way out. The texts are ours: none repeats what the other side said."""

from __future__ import annotations


class Trouble(Exception):
    """Something did not leave. `code` is a word for the ledger; `lasting` says not to try again.

    `unsure` says that it may have arrived all the same: the other side had it, and no answer came.
    """

    code = "trouble"
    lasting = False

    def __init__(
        self, text: str, *, code: str = "", lasting: bool | None = None, unsure: bool = False
    ) -> None:
        super().__init__(text)
        self.code = code or type(self).code
        self.lasting = type(self).lasting if lasting is None else lasting
        self.unsure = unsure


class Unreachable(Trouble):
    """Nobody answers at the address, or not in the language agreed (TLS included)."""

    code = "unreachable"


class TooSlow(Trouble):
    """The whole of it took longer than it may; a trickle counts as silence."""

    code = "slow"


class TooLong(Trouble):
    """The answer is longer than anything we would want to read."""

    code = "long"


class Refused(Trouble):
    """The other side said no."""

    code = "refused"
