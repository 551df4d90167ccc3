"""Where a request comes from."""

from django.http import HttpRequest


def presence(request: HttpRequest) -> str | None:
    """An ISO 3166 code, or None where nobody knows."""
    return None
