"""What every test relies on: its own folders, a closed network, and a real database of its kind."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from ipaddress import ip_address
from pathlib import Path

import pytest
from django.conf import settings

ON_POSTGRESQL = os.environ.get("PLAINVIEW_DATABASE_URL", "").startswith("postgres")


def _closed_network(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse every connection that would leave this machine."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return
    try:
        here = ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        here = address[0] == "localhost"
    if not here:
        raise PermissionError("a test tried to reach the network")


sys.addaudithook(_closed_network)


def pytest_configure(config: pytest.Config) -> None:
    """Files of the tests stand in a folder of the run; SQLite is a file, as in real life."""
    if not settings.configured:  # `-p no:django`, for what knows no Django
        return
    folder = Path(tempfile.mkdtemp(prefix="plainview-tests-"))
    settings.MEDIA_ROOT = folder / "media"
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.DATA = folder
    if not ON_POSTGRESQL:
        settings.DATABASES["default"]["TEST"]["NAME"] = str(folder / "test.sqlite3")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no folder of the run behind."""
    if settings.configured and str(settings.DATA).startswith(tempfile.gettempdir()):
        shutil.rmtree(settings.DATA, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database is run again; journeys without a browser never."""
    if not ON_POSTGRESQL:
        return
    kept = [
        item
        for item in items
        if item.get_closest_marker("django_db") or item.get_closest_marker("journey")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A media folder of the test's own."""
    folder = tmp_path / "media"
    folder.mkdir()
    if settings.configured:
        monkeypatch.setattr(settings, "MEDIA_ROOT", folder)
    return folder
