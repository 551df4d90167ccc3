"""Tests of Django's that do what the gate refuses on purpose, each with the reason."""

from __future__ import annotations

EXCEPTIONS: dict[str, str] = {}


def reason(test: str, mode: str, engine: str) -> str:
    """Why a test (or its class or module) is not run in this mode, or nothing."""
    parts = test.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        for key in (name, f"{name} [{mode}]", f"{name} [{engine}]"):
            if key in EXCEPTIONS:
                return EXCEPTIONS[key]
    return ""
