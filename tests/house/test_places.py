"""Where somebody is, is asked in one room alone, and never of their device (P1.2.4a)."""

import re

from tests.house.test_architecture import CODE, FRONTEND, ROOT, SOURCE, named

from plainview.privacy.places.databases import PACKAGED

PLACES = SOURCE / "privacy" / "places"
ADDRESS = re.compile(r"maxminddb|X-Forwarded-For|HTTP_X_FORWARDED_FOR|REMOTE_ADDR")
KNOWS_ADDRESSES = {
    SOURCE / "web" / "pages" / "outbox.py": "whether the developer at this very machine asks",
    SOURCE / "web" / "middleware.py": "whether a proxy passed a request on, not whose it is",
    SOURCE / "web" / "operations.py": "whether the operator's own network asks for `/metrics`",
}


def test_only_this_room_looks_at_network_addresses():
    """Whoever else wants to know asks `plainview.privacy.places`."""
    others = [
        path
        for path in CODE
        if PLACES not in path.parents and path not in KNOWS_ADDRESSES and "tests" not in path.parts
    ]
    assert [named(path) for path in others if ADDRESS.search(path.read_text())] == []


def test_no_script_asks_a_device_where_it_is():
    assert [named(path) for path in FRONTEND if "geolocation" in path.read_text()] == []


def test_the_packaged_database_is_neither_served_nor_kept_in_the_repository():
    assert SOURCE / "web" / "static" not in PACKAGED.parents
    assert f"{PACKAGED.parent.relative_to(ROOT)}/" in (ROOT / ".gitignore").read_text()
