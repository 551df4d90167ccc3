"""How long a property is tried: a sample in the suite, twenty times as long in `make soak`."""

from __future__ import annotations

import os

LONG = "PROPERTIES_AT_LENGTH"
"""Set by `tools/test.py --soak`."""


def many(examples: int) -> int:
    """So many examples in the suite, and twenty times as many where there is time."""
    return 20 * examples if os.environ.get(LONG) else examples
