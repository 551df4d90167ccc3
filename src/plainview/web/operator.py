"""Who runs this service, as the policy says: the one place where the site learns its name."""

from __future__ import annotations

from plainview.privacy.policies import Controller as Operator
from plainview.privacy.policies import controller as operator

__all__ = ["Operator", "operator"]
