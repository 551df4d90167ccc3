"""A difference as it was found, before anybody weighs it."""

import msgspec

from plainview.engine.declarations import ChangeKind
from plainview.engine.standing import Standing


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What `Difference` has but for its weight; see there."""

    kind: ChangeKind
    of: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    someone: Standing | None = None
