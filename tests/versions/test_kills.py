"""`kill -9` in the middle of a publication leaves the old version or the new, never between (P11c).

And while many read and write: each page is of one version, and everybody is folded by the last.
"""

from __future__ import annotations

import json
import random
import threading
import time
from functools import partial

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import Client
from tests.killing import dying, moments, some
from tests.versions.conftest import LAX, released
from tests.versions.test_publishing import in_india, recommends

from plainview.privacy import permissions, policy_reload
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.models import Deed
from plainview.privacy.models import Standing
from plainview.privacy.versions import following, publishing, queries, services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def whole(name: str, somebody: int) -> bool:
    """Whether the new version is in force; either way all there is says the same of it."""
    current = queries.current()
    new = current.name == name
    assert set(Standing.objects.values_list("policy", flat=True)) == {current.policy}
    assert recommends(somebody) == new
    told = [
        json.loads(each)["pv:archive"]
        for each in Deed.objects.values_list("body", flat=True)
        if '"pv:archive"' in each
    ]
    assert current.digest in told and len(told) == (2 if new else 1)
    assert (queries.named(name).state == "published") == new
    return new


def killed_at(moment: int | None, edit, tmp_path) -> int:
    """A publication that dies at a moment, and is then done; how many moments there were."""
    policy_reload.begin(settings.POLICY_DIR, tmp_path / "data")
    somebody = in_india()
    version = released(edit(("jurisdictions/in.toml", LAX)))
    queries.policy_of(version)
    if moment is None:
        count = moments(lambda: publishing.publish(version, patience=0))
        following.follow()
        assert whole(version.name, somebody)
        return count
    dying(lambda: publishing.publish(version, patience=0), moment)
    following.follow()
    whole(version.name, somebody)
    publishing.publish(version, patience=0)
    following.follow()
    assert whole(version.name, somebody)
    return 0


@pytest.fixture
def begin_anew(django_db_blocker):
    """Between rounds the service has no version."""

    def emptied() -> None:
        with duty("migrate"):
            for table in (Standing, Deed):
                table._base_manager.all()._raw_delete("default")
            queries.Force.objects.all().delete()
            queries.Version.objects.update(restores=None)
            queries.Release._base_manager.all()._raw_delete("default")
            queries.Version.objects.all().delete()
        following.forget()

    return emptied


def test_p11c_dying_in_the_middle_leaves_one_version_whole(edit, tmp_path, begin_anew):
    total = killed_at(None, edit, tmp_path)
    for moment in some(total):
        begin_anew()
        killed_at(moment, edit, tmp_path)


@pytest.mark.soak
def test_p11c_dying_at_any_moment_leaves_one_version_whole(edit, tmp_path, begin_anew):
    total = killed_at(None, edit, tmp_path)
    for moment in range(1, total + 1):
        begin_anew()
        killed_at(moment, edit, tmp_path)


def test_p11c_readers_and_writers_go_on_while_a_version_is_published(begun, edit):
    """No page between two versions, no answer folded by the old one, nobody refused for good."""
    people = [in_india() for _ in range(4)]
    version = released(edit(("jurisdictions/in.toml", LAX)))
    following.watch(beside=False)
    over, pages, faults = threading.Event(), [], []

    def reads() -> None:
        try:
            while not over.is_set():
                began = time.monotonic()
                page = Client().get("/legal/privacy/").content.decode()
                pages.append((began, "2026-11-26" in page, "2026-11-20" in page))
                over.wait(0.1)  # so that writers have their turn, as people let them
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    def writes() -> None:
        mine = random.Random(7)
        try:
            while not over.is_set():
                who = mine.choice(people)
                answers = {"recommend": mine.choice(["granted", "denied", "unset"])}
                try:
                    permissions.change(who, partial(permissions.answered, answers=answers))
                except OperationalError:  # SQLite gave up waiting for another writer
                    continue
                over.wait(0.02)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for work in (reads, reads, writes)]
    for each in threads:
        each.start()
    publishing.publish(version)
    done = time.monotonic()
    time.sleep(0.5)
    over.set()
    for each in threads:
        each.join()
    assert faults == []
    assert all(new != old for _began, new, old in pages), "a page is of one version"
    assert all(new for began, new, _old in pages if began > done)
    for subject, facts, permitted, policy in Standing.objects.values_list(
        "subject", "facts", "permitted", "policy"
    ):
        assert policy == version.policy
        folded = permissions.integer(permissions.stored_facts(facts), device=False)
        assert permitted == folded, f"{subject} is folded by another version"
    assert services.PEOPLE == 2
