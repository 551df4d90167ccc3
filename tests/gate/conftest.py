"""Fixtures: the gated database, people with standings, and refusals that must not be swallowed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.conf import settings

if settings.SETTINGS_MODULE != "tests.gate.settings":
    collect_ignore_glob = ["test_[!p]*.py"]
else:
    collect_ignore_glob = ["test_product*.py"]

    from django.test.utils import setup_databases, teardown_databases
    from tests.gate.cinema import models as cinema
    from tests.gate.policy import CINEMA
    from tests.refusals import no_swallowed_refusal, refused  # noqa: F401

    from plainview.privacy.gate import corrected, duties, preserved
    from plainview.privacy.gate.duties import duty
    from plainview.privacy.gate.scope import Door, Opened
    from plainview.privacy.models import Standing

    duties.DUTIES |= {"fixture"}
    duties.EMPTYING |= {"migrate"}

    @pytest.fixture(scope="session")
    def django_db_setup(request, django_db_blocker):
        """The test database is made and destroyed under the duty of migrating."""
        with django_db_blocker.unblock(), duty("migrate"):
            made = setup_databases(verbosity=0, interactive=False)

        def destroy() -> None:
            with django_db_blocker.unblock(), duty("migrate"):
                teardown_databases(made, verbosity=0)

        request.addfinalizer(destroy)

    @pytest.fixture(autouse=True)
    def _nobody_to_call_back_and_no_hold(monkeypatch):
        """The cinema's policy has no recipients and no rights; the product's tests prove both."""
        monkeypatch.setattr(corrected, "watchers", [])
        monkeypatch.setattr(preserved, "keepers", [])

    @pytest.fixture
    def people(db):
        """Ann permits everything, Bob refuses what can be refused, Cyd has no standing."""
        with duty("fixture"):
            for key, name in ((1, "Ann"), (2, "Bob"), (3, "Cyd")):
                cinema.Member.objects.create(id=key, name=name, email=f"{name.lower()}@example.org")
            everything = (1 << len(CINEMA.table)) - 1
            Standing.objects.create(subject=1, permitted=everything, policy="cinema")
            Standing.objects.create(
                subject=2, permitted=CINEMA.permitted_by_default, policy="cinema"
            )
            film = cinema.Film.objects.create(title="Metropolis")
            for key in (1, 2, 3):
                cinema.Viewing.objects.create(member_id=key, film=film, minutes=10 * key)
                cinema.Rating.objects.create(member_id=key, film=film, stars=key)
                cinema.Review.objects.create(author_id=key, text="draft")
                cinema.Review.objects.create(author_id=key, text="seen", state="published")
            cinema.Rating.objects.create(member=None, film=film, stars=5)
        return film


@contextmanager
def _through(purpose, *, me=None, everyone="", may=()):
    """Stand in a door for `purpose`, as the person `me`."""
    with Opened(Door("tests.door", purpose, frozenset(may), "", everyone), lambda: me) as scope:
        yield scope


@pytest.fixture
def through() -> Callable:
    return _through


@pytest.fixture
def inside(people, through):
    """A door that may use viewings and the state of an account, and nothing else."""
    with through("playback", everyone="the tests look at everyone") as scope:
        yield scope
