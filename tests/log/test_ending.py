"""Answers go when they have long served, and the log stays whole: the salt goes, the leaf stays.

An answer has served when nothing of it holds any more; three years later nobody can ask about it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import msgspec
import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.log.conftest import QUESTION, answer, public

from plainview import verify
from plainview.privacy import log, permissions, policies
from plainview.privacy.commands import privacy
from plainview.privacy.consent import services
from plainview.privacy.log import accounting, inspecting
from plainview.privacy.log.models import Entry, Leaf
from plainview.privacy.models import Answer, Device, Kept, Standing
from plainview.privacy.receipts import queries
from plainview.privacy.requests import carrying
from plainview.privacy.retention import sweeping
from plainview.privacy.rights.planning import later

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def on(monkeypatch):
    """`on(day)`: it is noon of that day from now on."""

    def go(day: dt.date) -> None:
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda: noon)

    go(BEGAN.date())
    return go


def says(device: int, **words: str) -> None:
    """Another answer of the same device."""
    facts, _epoch = permissions.read(device)
    services.answer_for_device(device, words, QUESTION, facts=facts, via="centre")


def gone() -> list[tuple[str, str, int]]:
    """What a sweep takes away of answers and entries."""
    found = [(each.table, each.because, each.rows) for each in sweeping.sweep()]
    return [each for each in found if each[0] in ("privacy_answer", "privacy_log_entry")]


def test_p9c_an_answer_goes_three_years_after_it_was_taken_back_and_its_leaf_stays(on):
    device = answer("granted")
    first = Entry.objects.get()
    hashed, salt, body = bytes(first.leaf.hash), bytes(first.salt), first.body.encode()
    old = log.sequence()
    on(dt.date(2027, 5, 10))
    says(device, history="denied")
    log.sequence()
    end = later(dt.date(2027, 5, 10), "P3Y")
    on(end - DAY)
    Device.objects.update(seen_on=end - DAY)
    assert gone() == []
    assert Answer.objects.count() == Entry.objects.count() == 2
    on(end)
    counted = CliRunner().invoke(privacy, ["sweep", "--dry-run"], catch_exceptions=False)
    assert "privacy_answer" in counted.output
    assert gone() == [("privacy_answer", "choices", 1), ("privacy_log_entry", "choices", 1)]
    (left,) = Answer.objects.all()
    assert left.answers == '{"history": "denied"}', "what holds is kept"
    assert [each.at.date() for each in queries.history(device)] == [dt.date(2027, 5, 10)]

    assert Leaf.objects.filter(hash=hashed).exists(), "the leaf stays"
    kept = [bytes(each) for each in Entry.objects.values_list("salt", flat=True)]
    assert salt not in kept
    assert body.decode() not in Entry.objects.values_list("body", flat=True)
    assert inspecting.inspect().damage == [], "and the log is whole"
    new = log.sequence()
    path = list(log.consistency(old.size, new.size).path)
    heads = [verify.read_head(each.note) for each in (old, new)]
    verify.check_appended(*heads, lambda *_: path, [verify.read_key(str(public()))])
    assert gone() == []


def test_p9c_of_an_answer_that_still_holds_in_part_nothing_goes(on):
    device = answer("granted")
    says(device, history="denied", recommend="denied")
    on(dt.date(2027, 1, 1))
    says(device, history="denied")
    on(dt.date(2036, 1, 1))
    Device.objects.update(seen_on=dt.date(2036, 1, 1))
    assert gone() == [("privacy_answer", "choices", 1), ("privacy_log_entry", "choices", 1)]
    assert sorted(Answer.objects.values_list("answers", flat=True)) == [
        '{"history": "denied", "recommend": "denied"}', '{"history": "denied"}',
    ]  # fmt: skip
    assert inspecting.inspect().damage == []


def test_p9c_a_yes_that_lapsed_by_law_has_served(on):
    answer("granted")
    lapsed = later(BEGAN.date(), "P24M")
    end = later(lapsed, "P3Y")
    for day, left in ((end - DAY, 1), (end, 0)):
        on(day)
        Device.objects.update(seen_on=day)
        sweeping.sweep()
        assert Answer.objects.count() == left
    assert inspecting.inspect().damage == []


@pytest.mark.parametrize("earlier", [False, True], ids=["at home", "with an earlier one"])
def test_p9c_p3_1b_a_yes_has_served_when_any_law_or_the_earliest_let_it_lapse(on, earlier):
    """P9c, P3.1b: of who is where no yes lapses and lives where one does; of two, both at once."""
    told = replace(QUESTION, jurisdiction="us-tx")
    facts = permissions.resident(permissions.newcomer("US-TX"), "DE")
    device = services.answer_for_device(
        None, {"history": "granted"}, told, facts=facts, via="centre"
    ).device
    if earlier:
        on(dt.date(2027, 9, 1))
        says(device, recommend="granted")
    lapsed = later(BEGAN.date(), "P24M")
    on(lapsed + DAY)
    permissions.change(device, permissions.lapsed)
    end = later(lapsed, "P3Y")
    for day, left in ((end - DAY, 1 + earlier), (end, 0)):
        on(day)
        Device.objects.update(seen_on=day)
        sweeping.sweep()
        assert Answer.objects.count() == left
    assert inspecting.inspect().damage == []


def test_p9c_a_yes_that_holds_has_not_served_whoever_moved_since(on):
    """P9c: it was given where none lapses, and is proved for as long as it opens anything."""
    told = replace(QUESTION, jurisdiction="us-tx")
    facts = permissions.resident(permissions.newcomer("US-TX"), "US-TX")
    device = services.answer_for_device(
        None, {"history": "granted"}, told, facts=facts, via="centre"
    ).device
    permissions.change(device, lambda known: permissions.resident(known, "DE"))
    day = later(BEGAN.date(), "P6Y")
    on(day)
    Device.objects.update(seen_on=day)
    sweeping.sweep()
    assert Answer.objects.count() == 1


def test_p9c_a_purpose_that_the_policy_gave_up_ends_what_was_said_of_it(on, monkeypatch):
    device = answer("denied")
    accounting.policy_runs()
    policy = policies.in_force()
    others = {id_: each for id_, each in policy.purposes.items() if id_ != "history"}
    without = msgspec.structs.replace(policy, purposes=others, fingerprint="f" * 64)
    on(dt.date(2028, 1, 20))
    for module in (accounting, "plainview.privacy.consent.ending"):
        where = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{where}.in_force", lambda: without)
    accounting.policy_runs()
    log.sequence()
    end = later(dt.date(2028, 1, 20), "P3Y")
    for day, left in ((end - DAY, 1), (end, 0)):
        on(day)
        Device.objects.update(seen_on=day)
        sweeping.sweep()
        assert Answer.objects.filter(subject=device).count() == left
    assert inspecting.inspect().damage == []


def test_p9c_a_browser_that_is_forgotten_leaves_its_answers_for_three_years_and_no_longer(on):
    device = answer("denied")
    log.sequence()
    forgotten = later(BEGAN.date(), "P13M")
    on(forgotten + DAY)
    sweeping.sweep()
    assert not Device.objects.filter(pk=device).exists()
    assert not Standing.objects.filter(subject=device).exists()
    assert Answer.objects.count() == Entry.objects.count() == 1, "it can be proved for a while"
    until = later(forgotten + DAY, "P3Y")
    assert {each.until for each in Kept.objects.all()} == {until}
    on(until - DAY)
    sweeping.sweep()
    assert Answer.objects.count() == 1
    assert inspecting.inspect().damage == []
    on(until)
    assert ("privacy_answer", "promise", 1) in gone()
    assert Answer.objects.count() == Entry.objects.count() == Kept.objects.count() == 0
    assert Leaf.objects.exclude(index=None).exists()
    assert inspecting.inspect().damage == []


def test_p5_2_1_6a_what_somebody_asked_us_to_keep_is_passed_over_here_too(on):
    device = answer("granted")
    on(dt.date(2026, 6, 1))
    says(device, history="denied")
    on(dt.date(2035, 1, 1))
    Device.objects.update(seen_on=dt.date(2035, 1, 1))
    carrying.restrict(device, ["recommend"], "no-longer-needed")
    assert gone() == []
    permissions.change(device, lambda facts: msgspec.structs.replace(facts, restrictions=()))
    assert len(gone()) == 2
