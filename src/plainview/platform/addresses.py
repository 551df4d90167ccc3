"""Where the service's own pages and files are."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import reverse


@lru_cache(maxsize=16384)
def address(route: str, *args: str) -> str:
    """The path of a route, as `reverse` has it: a page of posters asks for the same few hundred.

    Raises NoReverseMatch.
    """
    return reverse(route, args=args)


def absolute(path: str = "") -> str:
    """An address of the service as others need it, with its host; of no path, the host alone.

    One that has a host already, as of a file in a bucket, stays as it is.
    """
    return path if path[:1] not in ("", "/") else f"{settings.PUBLIC.geturl().rstrip('/')}{path}"


def link(route: str, *args: object) -> str:
    """The address of a route, as a letter has it. Raises NoReverseMatch."""
    return absolute(reverse(route, args=args))
