"""Why something can't be done in the studio, in words for whoever tried."""

from __future__ import annotations


class Refusal(Exception):
    """It can't be done now: `code` is stable, for programs; the message is for people.

    Codes: not-yours, not-in-this-state, claimed, gone, bad-times, invalid, terms, too-many.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Conflict(Exception):
    """Somebody saved something else in the meantime: what stands there now, and its version."""

    def __init__(self, version: int, text: str) -> None:
        super().__init__(f"version {version} stands there by now")
        self.version = version
        self.text = text
