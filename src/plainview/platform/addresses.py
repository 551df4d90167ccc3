"""Where the service's own pages and files are, each looked up once."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=16384)
def address(route: str, *args: str) -> str:
    """The path of a route, as `reverse` has it: a page of posters asks for the same few hundred.

    Raises NoReverseMatch.
    """
    return reverse(route, args=args)
