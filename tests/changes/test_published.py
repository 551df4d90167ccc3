"""A publication lets what it touches wait in its own transaction, through the real door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from tests.changes.conftest import TOUCHED

from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.changes import publishing as changing
from plainview.privacy.gate import purposes
from plainview.privacy.models import Change, Standing, Version
from plainview.privacy.policies import in_force
from plainview.privacy.versions import following, publishing, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions() -> Iterator[None]:
    before = purposes.policy()
    yield
    following.forget()
    purposes.enforce(before)


def released(folder: Path):
    version = services.propose(folder)
    for staff in (1, 2):
        services.release(version, staff=staff)
    Version.objects.filter(pk=version.pk).update(effective=version.proposed_at)
    return version


def test_p11e_published_by_two_people_nothing_stretches_from_the_first_moment(
    member, versions, moved_folder, monkeypatch
):
    ines = member("ines", "DE", {"audience-uploads": "granted"})
    first = released(Path(settings.POLICY_DIR))
    publishing.publish(first, patience=0)
    assert not Change.objects.exists(), "the first version changes nothing for anybody"
    second = released(moved_folder)
    seen = []

    def looked(old, new, found):
        facts = permissions.read(ines.pk)[0]
        seen.append(bool(decide(new, facts, *TOUCHED.split("/"))))

    monkeypatch.setattr(publishing, "after_publish", [changing.after_publish, looked])
    publishing.publish(second, patience=0)
    assert seen == [False], "before the new version is in force"
    facts = permissions.read(ines.pk)[0]
    assert facts.pending is not None and TOUCHED in facts.pending
    assert not decide(in_force(), facts, *TOUCHED.split("/"))
    row = Standing.objects.get(subject=ines.pk)
    assert row.policy == in_force().fingerprint
    assert row.permitted == permissions.integer(facts, device=False)
    change = Change.objects.get()
    assert (change.before, change.policy) == (first.policy, second.policy)
    assert change.asked == 1 and change.state == Change.State.SENDING


def test_our_hook_is_the_publications():
    assert changing.after_publish in publishing.after_publish
