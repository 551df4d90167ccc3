"""A publication lets what it touches wait in its own transaction, through the real door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from tests.changes.conftest import TOUCHED
from tests.disclosures.conftest import AUDIENCE, work

from plainview.engine import Standing as Facts
from plainview.engine import decide
from plainview.privacy import alike, permissions
from plainview.privacy.changes import publishing as changing
from plainview.privacy.disclosures import services as disclosing
from plainview.privacy.gate import purposes
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Change, Standing, Version
from plainview.privacy.policies import in_force
from plainview.privacy.versions import following, publishing, services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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


def test_p2_11c_who_may_use_no_more_what_it_got_is_told_as_the_version_begins(
    member, connect, platform, publish
):
    connect(northgate=("audience", platform.url))
    ines = member("ines", "DE", {"audience-uploads": "granted"})
    disclosing.disclose(**AUDIENCE, subject=ines.pk)
    work()
    publish()
    work()
    assert [got.path for got in platform.got] == ["/members/add", "/members/remove"]


def test_our_hook_is_the_publications():
    assert changing.after_publish in publishing.after_publish


def test_p11e_many_begin_to_wait_in_a_few_statements_each_as_if_alone(monkeypatch):
    monkeypatch.setattr(alike, "RUN", 3)
    later = 4_000_000_000
    kinds = [
        Facts.newcomer(presence="eu", choices={"history": "granted"}),
        Facts.newcomer(presence="eu", choices={"history": "granted"}, valid_until=later),
        Facts.newcomer(presence="kr", choices={"history": "granted"}, pending=frozenset({"a/z"})),
        Facts.newcomer(presence="eu", choices={"history": "denied"}, valid_until=later + 1),
        Facts.newcomer(presence="eu", choices={"history": "granted"}, plan="gönner"),
        Facts.newcomer(presence="eu", choices={"history": "granted"}, valid_until=later + 2),
    ]
    people = [(number, kinds[number % len(kinds)]) for number in range(-1, 13)]
    with duty("fixture"):
        Standing.objects.bulk_create(
            Standing(subject=n, device=n % 2 == 0, policy="old", permitted=0, facts=kept(facts))
            for n, facts in people
        )

    def touched(facts: Facts) -> frozenset[str]:
        return frozenset({"history/b"} if (facts.choices or {})["history"] == "granted" else ())

    asked = [who for who, facts in people if touched(facts)]
    devices = sum(who % 2 == 0 for who in asked)
    assert permissions.pend(touched) == (len(asked) - devices, devices)
    with duty("fixture"):
        rows = dict(Standing.objects.values_list("subject", "facts"))
        assert set(Standing.objects.filter(policy="").values_list("subject", flat=True)) == {*asked}
    for who, facts in people:
        waits = (facts.pending or frozenset()) | touched(facts)
        assert rows[who] == kept(msgspec.structs.replace(facts, pending=waits))
    assert permissions.pend(touched) == (0, 0), "what waits already does not begin to"


def kept(facts: Facts) -> str:
    return facts.to_json().decode()
