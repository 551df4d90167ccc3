"""The documents of the policy in force, composed once a language."""

from __future__ import annotations

import datetime as dt
import functools

from plainview.privacy.notice.blocks import Composed
from plainview.privacy.notice.composing import compose
from plainview.privacy.policies import in_force

KEPT = 64


def current(document: str, language: str) -> Composed:
    """A document of the policy in force. Raises UnknownDocument."""
    return _composed(in_force().fingerprint, in_force().since, document, language)


@functools.lru_cache(maxsize=KEPT)
def _composed(fingerprint: str, since: dt.date, document: str, language: str) -> Composed:
    return compose(in_force(), language, document)
