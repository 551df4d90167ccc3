"""What the web server does with a header that a client writes with an underscore."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "places.md"


def place(service, *headers: tuple[str, str]) -> str:
    """The words of the page of choices about where the reader is."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    connection.putrequest("GET", "/privacy/choices/")
    connection.putheader("Accept-Language", "en")
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    page = connection.getresponse().read().decode()
    connection.close()
    return page


def test_an_underscore_that_a_proxy_lets_through_speaks_for_the_proxy(service):
    """The server folds both names into one before we see them, so only the proxy can tell.

    When this fails, a newer server keeps them apart: refuse both at once then, and mend the docs.
    """
    assert "European Union" in place(service, ("X-Place", "DE"))
    assert "Virginia" in place(service, ("X-Place", "DE"), ("X_Place", "US-VA"))
    assert "underscores_in_headers off;" in DOCS.read_text()


def test_two_of_the_same_name_are_nowhere_and_so_the_strictest(service):
    """A proxy that appends instead of setting opens nothing."""
    page = place(service, ("X-Place", "DE"), ("X-Place", "US-VA"))
    assert "the strictest law we know" in page
