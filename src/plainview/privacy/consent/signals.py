"""Opt-out signals of browsers: which request headers speak, and what they say (P5.2.2.2b).

The policy lists the headers of each signal (`rules.toml`), so whether Do Not Track counts is the
operator's choice. Global Privacy Control, section 3.3: a value that is not exactly `1` is ignored;
of several header lines one that says `1` is enough. No header says yes to anything.
"""

from __future__ import annotations

from django.http import HttpRequest

from plainview.privacy.policies import in_force


def sent(request: HttpRequest) -> frozenset[str]:
    """The signals, by their ids in the policy, that the headers of a request carry."""
    return frozenset(
        id_
        for id_, signal in in_force().signals.items()
        if any(_says_so(request.headers.get(header, "")) for header in signal.headers)
    )


def headers() -> list[str]:
    """Every request header that may carry a signal: pages vary by them."""
    signals = in_force().signals.values()
    return list(dict.fromkeys(header for signal in signals for header in signal.headers))


def _says_so(value: str) -> bool:
    # Several lines of one header reach us as one, with commas between.
    return any(each.strip(" \t") == "1" for each in value.split(","))
