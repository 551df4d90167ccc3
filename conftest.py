"""What every test relies on: its own folders, a closed network, a real database behind the gate.

A test itself runs under the duty `fixture`: it makes rows about people and looks at them. What it
asks of the product runs behind the product's own doors, whose purpose replaces the duty. A test
marked `doors_only` has no duty: it meets the gate as the product's code does.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from msgspec.structs import replace
from tests import covering, migrated
from tests.refusals import no_swallowed_refusal, refused  # noqa: F401
from tools.second_factor import SECRET

from plainview.platform.frames import roomy
from plainview.privacy.gate import duties, purposes, written
from plainview.privacy.gate.duties import duty
from plainview.privacy.versions import following

gc.disable()  # until all is read: to look for garbage in what stays takes a fifth of the start
# How fast a busy machine makes up examples says nothing of the code.
examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("house")
duties.DUTIES |= {"fixture"}
duties.EMPTYING |= {"migrate"}  # a test's database is emptied for the next one
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


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make test` leaves out on PostgreSQL, and what `tools/test.py --cover` writes down."""
    about = "on PostgreSQL, one case of a test, and no test whose statements others send"
    parser.addoption("--once", action="store_true", help=about)
    parser.addoption("--note-statements", type=Path, help="write down what each test sends")


def pytest_configure(config: pytest.Config) -> None:
    """Files of the tests stand in a folder of the run; SQLite is a file, as in real life."""
    config.pluginmanager.register(Sampling())
    if noted := config.getoption("note_statements"):
        config.pluginmanager.register(covering.Noting(noted))
    if not settings.configured:  # `-p no:django`, for what knows no Django
        return
    folder = Path(tempfile.mkdtemp(prefix="plainview-tests-"))
    settings.MEDIA_ROOT = folder / "media"
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Every client of a test makes its own middleware, which would read all static files each time.
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.DATA = folder
    # Still Argon2id, at a cost that a suite can pay: a real one takes a quarter of a second of CPU.
    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 64
    Argon2PasswordHasher.parallelism = 1
    if not ON_POSTGRESQL:
        database = settings.DATABASES["default"]
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")
        # What a test writes and takes back never comes to a file, where a later one would find it.
        database["OPTIONS"]["init_command"] += " PRAGMA cache_spill=OFF;"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no folder of the run behind."""
    if settings.configured and str(settings.DATA).startswith(tempfile.gettempdir()):
        shutil.rmtree(settings.DATA, ignore_errors=True)


class Sampling:
    """Of a test marked `sample(n)`, n cases from the first to the last stay; soak has the rest."""

    @pytest.hookimpl(tryfirst=True)  # so that `-m` sees the mark
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        cases = dict[str, list[pytest.Item]]()
        for item in items:
            if item.get_closest_marker("sample") and not item.get_closest_marker("soak"):
                cases.setdefault(covering.without_case(item), []).append(item)
        for of_one in cases.values():
            (count,) = next(of_one[0].iter_markers("sample")).args
            last, steps = len(of_one) - 1, max(count - 1, 1)
            chosen = {of_one[step * last // steps].nodeid for step in range(count)}
            for item in of_one:
                if item.nodeid not in chosen:
                    item.add_marker(pytest.mark.soak)


@pytest.hookimpl(trylast=True)  # of what `-m` and `-k` have chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database is run again; what is only drawn never.

    Further cases of a test send the same statements with other values: `--once` leaves them out
    there, and the tests of which others send every clause; those marked `every_case` stay.
    Journeys come last: once a browser was driven, Django sees a loop and opens no database. What
    needs none comes first: it has the longest files, and no worker is to be left alone with one.
    """
    last = ("journey", "django_db")
    items.sort(key=lambda item: [item.get_closest_marker(each) is not None for each in last])
    if not ON_POSTGRESQL:
        return
    once, begun = config.getoption("once"), set[str]()
    elsewhere = covering.listed() if once and not config.getoption("note_statements") else ()
    kept, left = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        test = covering.without_case(item)
        again = (once and test in begun) or test in elsewhere
        again = again and "every_case" not in marks
        chosen = marks & {"django_db", "journey"} and "drawn" not in marks and not again
        (kept if chosen else left).append(item)
        begun.add(test)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def pytest_collection_finish() -> None:
    """What was read to choose the tests stays: to look for garbage in it takes a tenth of a run."""
    gc.freeze()
    gc.set_threshold(100_000)
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # before any transaction of the test
def pytest_runtest_setup() -> None:
    """Empty SQLite's log of what other tests wrote to stay: an erasure's search reads all of it."""
    if ON_POSTGRESQL or not settings.configured:
        return
    name = connection.settings_dict["NAME"]
    log = Path(f"{name}-wal")
    if log.is_file() and log.stat().st_size:
        with closing(sqlite3.connect(name)) as opened:
            opened.execute("PRAGMA synchronous=OFF")  # what is emptied need outlive nothing
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest does it, with room for the frames: a sixth of a run went into mapping them."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    roomy(runtestprotocol)(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


_folders = count()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As pytest's own, which reads the names of all folders before it for each one: seconds."""
    name = f"{re.sub(r'[^a-zA-Z0-9_]', '_', request.node.name)[:30]}-{next(_folders)}"
    return tmp_path_factory.mktemp(name, numbered=False)


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A media folder of the test's own."""
    folder = tmp_path / "media"
    folder.mkdir()
    if settings.configured:
        monkeypatch.setattr(settings, "MEDIA_ROOT", folder)
        # A head that another test's log has signed says that the database was put back.
        for left in ("log-head", "ledger/restoring"):
            (Path(settings.DATA) / left).unlink(missing_ok=True)
    return folder


@pytest.fixture(autouse=True)
def first_language() -> None:
    """No test goes on in the language of another's last page."""
    if settings.configured:
        translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> None:
    """The test database is made and destroyed under the duty of migrating."""
    with django_db_blocker.unblock(), duty("migrate"):
        made = _migrated(request.config)
    _empty_quickly()

    def destroy() -> None:
        with django_db_blocker.unblock(), duty("migrate"):
            teardown_databases(made, verbosity=0)

    request.addfinalizer(destroy)


def _migrated(config: pytest.Config) -> Any:
    """Make the test database, or take tables that are kept; returns what takes it down again."""
    with (migrated.on_postgresql if ON_POSTGRESQL else migrated.on_sqlite)(config) as there:
        if there:
            return setup_databases(verbosity=0, interactive=False, keepdb=True)
        follow, post_migrate.receivers = post_migrate.receivers, []
        made = setup_databases(verbosity=0, interactive=False)
        post_migrate.receivers = follow
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    return made


def _empty_quickly() -> None:
    """Between tests, only tables with rows are emptied, and Django's permissions not made anew.

    Nothing here asks those permissions. To TRUNCATE two hundred empty tables of PostgreSQL takes
    longer than most tests; foreign keys and ledgers' triggers hold no replica up.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    if not ON_POSTGRESQL:
        return

    def sql_flush(style: Any, tables: list[str], **_: bool) -> list[str]:
        named = [(f"'{table}'", connection.ops.quote_name(table)) for table in tables]
        kept = " UNION ALL ".join(f"SELECT {n} WHERE EXISTS (SELECT FROM {q})" for n, q in named)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(kept)
            full = [name for (name,) in cursor.fetchall()]
        emptied = [f"DELETE FROM {connection.ops.quote_name(name)}" for name in full]  # noqa: S608
        return ["SET LOCAL session_replication_role = replica", *emptied]

    connection.ops.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def _duty_of_fixtures(request: pytest.FixtureRequest) -> None:
    """What the test makes and looks at by itself is under the duty `fixture`."""
    if not settings.configured:
        return
    written.forget()  # the test before took back what it wrote
    if request.node.get_closest_marker("doors_only"):
        return
    opened = duty("fixture")
    opened.__enter__()
    request.addfinalizer(lambda: opened.__exit__(None, None, None))


@pytest.fixture(autouse=True)
def _own_policy() -> Iterator[None]:
    """A version that a test publishes holds for that test alone."""
    before = purposes.policy() if settings.configured else None
    yield
    if before is None:
        return
    from plainview.privacy.versions import comparing  # noqa: PLC0415 - needs settings

    comparing.forget()  # the next version's number may be the one that was taken back
    if following.number() is not None:
        following.forget()
        purposes.enforce(before)


@pytest.fixture
def placed(settings: Any) -> None:
    """A proxy of ours states in `X-Place` where a request comes from."""
    settings.ENV = replace(settings.ENV, trusted_proxies=1, place_header="X-Place")


@pytest.fixture
def at_desk(client: Client) -> Callable[..., Client]:
    """`at_desk(user)` signs a member of the staff in who has given the code that their app shows.

    As `Client.force_login` does it, without the way through the door, which other tests go.
    """
    from allauth.mfa.base.internal.flows import post_authentication  # noqa: PLC0415
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415 - needs settings

    def sign_in(user: Any, client: Client = client) -> Client:
        with duty("fixture"):
            client.force_login(user)
            request = HttpRequest()
            request.user, request.session = user, client.session
            post_authentication(request, TOTP.activate(user, SECRET).instance, reauthenticated=True)
            request.session.save()
        client.defaults |= {"HTTP_ORIGIN": "http://testserver"}  # as browsers say of each form
        return client

    return sign_in
