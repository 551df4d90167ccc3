"""A version takes effect whole, on its day, released by two, and for every process (P11a-c)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from tests.versions.conftest import LAX, published, released

from plainview.engine import PolicyErrors, Problem, permits
from plainview.platform.identifiers import new_id
from plainview.privacy import permissions, policies, policy_reload
from plainview.privacy.gate import purposes
from plainview.privacy.log.models import Deed
from plainview.privacy.models import Standing
from plainview.privacy.versions import fence, following, publishing, queries, services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def in_india() -> int:
    """Somebody in India who was never asked; their number."""
    subject = new_id()
    permissions.begin(subject, permissions.newcomer("in"))
    return subject


def recommends(subject: int) -> bool:
    permitted = Standing.objects.get(subject=subject).permitted
    return permits(permitted, policies.in_force().bit("recommend"))


def test_p11c_two_people_release_and_nothing_takes_effect_before_its_date(begun, edit):
    somebody = in_india()
    version = services.propose(edit(("jurisdictions/in.toml", LAX)))
    with pytest.raises(publishing.NotYet, match="two people"):
        publishing.publish(version)
    officer, other = new_id(), new_id()
    assert services.release(version, staff=officer) == 1
    assert services.release(version, staff=officer) == 1, "the same person again is nobody else"
    services.schedule(version, timezone.now() + dt.timedelta(days=3))
    assert services.release(version, staff=other) == 2
    assert set(queries.releasers(version)) == {officer, other}
    with pytest.raises(publishing.NotYet, match="takes effect at"):
        publishing.publish(version)
    assert publishing.publish_due() == []
    assert queries.current() == begun and not recommends(somebody)
    version.effective = timezone.now()
    version.save()
    (done,) = publishing.publish_due()
    assert queries.current() == version == done.version
    assert done.folded == 1 and recommends(somebody)
    assert {each.of for each in done.differences if each.kind == "weaker"} >= {"recommend"}
    assert publishing.publish_due() == [] and publishing.publish(version) is None


@pytest.mark.parametrize("asked", [None, 0, 5])
def test_p11c_a_version_waits_for_the_day_that_its_own_files_name(begun, edit, asked):
    """P11c: whoever proposes it may say a later moment, and no earlier one."""
    day, now = timezone.localdate() + dt.timedelta(days=3), timezone.now()
    moment = None if asked is None else now + dt.timedelta(days=asked)
    version = released(edit(("jurisdictions/in.toml", LAX), day=f"{day}"), effective=moment)
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    assert version.effective == (moment if asked == 5 else begins)
    assert publishing.publish_due() == [] and queries.current() == begun


def test_p11b_the_log_has_the_hash_that_the_address_answers_with(begun, edit):
    done = published(edit())
    bodies = [json.loads(each.body) for each in Deed.objects.filter(what="policy")]
    hashes = {each["pv:archive"] for each in bodies}
    kept = [queries.archive_of(each) for each in (begun, done.version)]
    assert hashes == {hashlib.sha256(each).hexdigest() for each in kept}
    assert len(hashes) == 2


def test_p11e_what_a_hook_sets_counts_from_the_first_moment(begun, edit, monkeypatch):
    somebody = in_india()

    def asks(old, new, found):
        touched = {purpose for each in found if each.material for purpose in each.touches}
        facts = Standing.objects.get(subject=somebody).facts
        pending = permissions.stored_facts(facts)
        changed = json.loads(pending.to_json()) | {"pending": sorted(touched)}
        Standing.objects.filter(subject=somebody).update(facts=json.dumps(changed), policy="")

    monkeypatch.setattr(publishing, "after_publish", [asks])
    published(edit(("jurisdictions/in.toml", LAX)))
    assert not recommends(somebody), "the old permission did not stretch"


def test_a_fault_in_a_hook_leaves_the_old_version_whole(begun, edit, monkeypatch):
    somebody = in_india()
    before = Standing.objects.values().get(subject=somebody)
    monkeypatch.setattr(publishing, "after_publish", [lambda *_: 1 / 0])
    version = released(edit(("jurisdictions/in.toml", LAX)))
    with pytest.raises(ZeroDivisionError):
        publishing.publish(version, patience=0)
    assert queries.current() == begun
    assert Standing.objects.values().get(subject=somebody) == before
    assert Deed.objects.filter(what="policy").count() == 1
    monkeypatch.setattr(publishing, "after_publish", [])
    assert publishing.publish(version, patience=0) is not None
    assert recommends(somebody)


def test_a_version_that_moves_a_bit_or_takes_a_name_is_none(begun, edit):
    bits = "[purpose.recommend]", "[purpose.recommend]"
    folder = edit(("purposes/recommend.toml", bits), version="2026-11-20")
    with pytest.raises(PolicyErrors, match="was published with another content"):
        services.propose(folder)
    mine = policies.in_force().purpose("recommend").bit
    folder = edit(("purposes/recommend.toml", (f"bit = {mine}\n", "bit = 61\n")))
    with pytest.raises(PolicyErrors, match=f"`bit` was {mine}"):
        services.propose(folder)


def test_p11c_a_process_that_has_not_heard_yet_folds_by_the_version_of_now(
    begun, edit, monkeypatch
):
    """Two processes: what the slower one writes is what the new version says, or nothing."""
    slow = purposes.forced()
    published(edit(("jurisdictions/in.toml", LAX)))
    with purposes.holding(slow):
        somebody = in_india()
        assert Standing.objects.get(subject=somebody).policy != slow.policy.fingerprint
        with pytest.raises(fence.Superseded):
            fence.refuse_superseded()
    assert recommends(somebody)
    purposes.enforce(slow.policy)
    monkeypatch.setattr(following, "_taken", [None])
    with pytest.raises(fence.Superseded):
        fence.refuse_superseded()
    fence.refuse_superseded()  # it has heard by that


def test_what_was_is_taken_back_as_a_new_version(begun, edit):
    somebody = in_india()
    published(edit(("jurisdictions/in.toml", LAX)))
    assert recommends(somebody)
    back = services.restore(begun)
    assert back.name not in ("2026-11-20", "2026-11-26") and back.restores == begun
    for staff in (new_id(), new_id()):
        services.release(back, staff=staff)
    done = publishing.publish(back, patience=0)
    assert not recommends(somebody)
    assert queries.current().name == back.name
    assert [each.name for each in queries.published()] == [back.name, "2026-11-26", "2026-11-20"]
    assert {each.kind for each in done.differences if each.material} == set()
    moments = [each.published_at for each in queries.published()]
    assert queries.at(moments[1]).name == "2026-11-26"
    assert queries.at(moments[2] - dt.timedelta(seconds=1)) is None


def test_a_request_sees_one_version_and_the_next_sees_the_new(begun, edit, client, settings):
    """The page of the notice is drawn by one version, whatever is published meanwhile."""
    following.watch(beside=False)
    folder = edit(version="2026-11-26")
    seen = []

    def meanwhile(get_response):
        def run(request):
            before = policies.in_force().version
            if not seen:
                published(folder)
            response = get_response(request)
            seen.append((before, policies.in_force().version, b"2026-11-26" in response.content))
            return response

        return run

    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:3],
        "tests.versions.test_publishing.between",
        *settings.MIDDLEWARE[3:],
    ]
    between.run = meanwhile
    client.get("/legal/privacy/")
    client.get("/legal/privacy/")
    assert [each[:2] for each in seen] == [("2026-11-20",) * 2, ("2026-11-26",) * 2]
    assert connection.in_atomic_block


def test_the_notice_that_comes_is_drawn_before_anybody_asks(begun, edit, client, monkeypatch):
    """P11a: who reads on as a version comes into force waits for nothing to be composed."""
    following.watch(beside=False)
    korean = {"accept-language": "ko"}
    assert "2026-11-20" in client.get("/legal/privacy/", headers=korean).content.decode()
    version = released(edit(version="2026-11-26"))
    following.prepare(version.pk)
    monkeypatch.delattr("plainview.privacy.notice.compose")
    publishing.publish(version, patience=0)
    html = client.get("/legal/privacy/", headers=korean).content.decode()
    assert "2026-11-26" in html and "2026-11-20" not in html


def between(get_response):
    """A middleware of the test's own."""
    return between.run(get_response)


def test_p11a_a_version_that_can_not_follow_keeps_no_later_one_waiting(
    begun, edit, monkeypatch, tmp_path
):
    """P11a: two that were released fit what is in force, and not each other."""
    first = released(edit(version="2026-11-26.1"))
    second = released(edit(version="2026-11-26.2"))
    third = released(edit(version="2026-11-26.3"))
    unfit, wrong = publishing.unfit, Problem("purposes/x.toml", 1, "bit", "is another's", "mend")

    def fits(old, new):
        return [wrong] if new.version == second.name else unfit(old, new)

    monkeypatch.setattr(publishing, "unfit", fits)
    with pytest.raises(ExceptionGroup):
        publishing.publish_due()
    assert [each.name for each in queries.published()] == [third.name, first.name, begun.name]
    assert queries.current() == third
    policy_reload.begin(settings.POLICY_DIR, tmp_path / "data")  # the service starts all the same
    assert queries.current() == third and queries.named(second.name).state == "released"


def test_who_writes_waits_for_no_version_that_is_looked_at(begun, edit, monkeypatch):
    """What holds it against the software loads every page the first time, for seconds."""
    outside, held = len(connection.savepoint_ids), list[int]()

    def looking():
        held.append(len(connection.savepoint_ids) - outside)
        return []

    monkeypatch.setattr(services, "AGAINST_SOFTWARE", (looking,))
    assert services.propose(edit(version="2026-11-26")).name == "2026-11-26"
    assert held == [0]
    with pytest.raises(PolicyErrors, match="already"):
        services.propose(edit(version="2026-11-26", day="2026-11-27"))
