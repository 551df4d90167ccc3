"""Who runs this service, as the policy says: the one place where the site learns its name."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from django.conf import settings


class Operator(msgspec.Struct, frozen=True):
    """The controller of `policy.toml`, as far as pages show it."""

    name: str
    email: str = ""
    tagline: str = ""


class _Policy(msgspec.Struct):
    controller: Operator


@lru_cache(maxsize=1)
def operator() -> Operator:
    """The operator; raises FileNotFoundError or msgspec.DecodeError if `policy.toml` has none."""
    data = (settings.POLICY_DIR / "policy.toml").read_bytes()
    return msgspec.toml.decode(data, type=_Policy).controller
