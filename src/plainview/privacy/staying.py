"""Writing about somebody whose request came in slowly: not once they have left.

Who is at the door is found out before the body of a request has come. An upload goes on for
minutes, in which they may leave in another window, and all that was theirs be erased.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from plainview.privacy import permissions


class Left(PermissionDenied):
    """Whoever it was has left: nothing more is written about them."""


def stays(subject: int) -> None:
    """Keep somebody from being erased until the transaction ends. Raises Left where they were."""
    if permissions.read(subject, held=True) is None:
        raise Left
