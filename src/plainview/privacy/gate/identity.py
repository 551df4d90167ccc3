"""Finding out who is at the door, before anything can be narrowed to them.

Session load and save, and the account behind them, open this inner scope of their own.
"""

from __future__ import annotations

from plainview.privacy.gate.scope import Door, Opened

PURPOSE = "authentication"
_DOOR = Door(
    "plainview.privacy.identity",
    PURPOSE,
    source="use",
    everyone="who is at the door isn't known yet",
    lists=frozenset(
        {"account.state", "contact.email", "device.family"}
        | {f"credentials.{each}" for each in ("password", "session", "keys")}
    ),
)


def identifying() -> Opened:
    """`with identifying():` runs under the purpose of signing people in, and no other."""
    return Opened(_DOOR)
