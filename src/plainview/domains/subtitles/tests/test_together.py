"""Whatever many people do at once, no edit is lost and nobody is overwritten silently (P1.1.5a)."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Accepted, Edition, Revision, Segment, State
from plainview.domains.subtitles.tests.conftest import SRT
from plainview.privacy.gate.duties import duty

pytestmark = pytest.mark.django_db
WHO = st.integers(0, 3)
WHERE = st.integers(0, 5)


class Room(RuleBasedStateMachine):
    """Four people who each know what they last saw of a row write, claim, cut, join and release.

    `wrote` holds every text that a save was told to have kept; the history must hold each, and what
    stands in a line must be what its last save said.
    """

    video: Video
    opened: int
    people: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.edition = Edition.objects.select_related("video").get(pk=self.opened)
        self.known: list[queries.Row] | None = None
        self.acted = True
        self.seen: dict[tuple[int, int], tuple[int, int, str]] = {}
        self.wrote: list[str] = []
        self.last: dict[int, str] = {}
        self.credit: set[tuple[str, str, int | None]] = set()
        self.step = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def act(self) -> None:
        """Whatever comes of what is done now: what stands is read anew, and everything checked."""
        self.known, self.acted = None, True

    def rows(self) -> list[queries.Row]:
        """What stands, read once after each act; nobody else works in this room's transaction."""
        if self.known is None:
            self.known = queries.rows(self.edition)
        return self.known

    def row(self, at: int) -> queries.Row | None:
        rows = self.rows()
        return rows[at % len(rows)] if rows else None

    @rule(who=WHO, at=WHERE)
    def look(self, who: int, at: int) -> None:
        if row := self.row(at):
            self.seen[who, row.segment] = (row.version, row.timing, row.text)

    @rule(who=WHO, at=WHERE)
    def write(self, who: int, at: int) -> None:
        row = self.row(at)
        if row is None:
            return
        self.step += 1
        self.act()
        version, _timing, _text = self.seen.get((who, row.segment), (0, 1, ""))
        text = f"{self.step} by {who}"
        try:
            saved = services.save_line(
                self.edition.pk, row.segment, account=self.people[who], text=text, based_on=version
            )
        except services.Conflict as conflict:
            assert version < conflict.version
            assert conflict.text == row.text
            self.seen[who, row.segment] = (conflict.version, row.timing, conflict.text)
        except services.Refusal:
            pass
        else:
            assert version == row.version
            self.wrote.append(text)
            self.last[row.segment] = text
            self.seen[who, row.segment] = (saved.version, row.timing, text)

    @rule(who=WHO, at=WHERE)
    def claim(self, who: int, at: int) -> None:
        if row := self.row(at):
            self.act()
            with suppress(services.Refusal):
                services.claim(self.edition, account=self.people[who], from_ms=row.start_ms, most=2)

    @rule(who=WHO)
    def let_go(self, who: int) -> None:
        self.act()
        services.let_go(self.edition, account=self.people[who])

    @rule(who=WHO, at=WHERE)
    def join(self, who: int, at: int) -> None:
        row = self.row(at)
        if row is None:
            return
        before = {each.segment: each.text for each in self.rows()}
        self.act()
        try:
            merged = services.merge_segments(self.edition.pk, row.segment, account=self.people[who])
        except services.Refusal:
            return
        if merged is not None:
            after = {each.segment: each.text for each in self.rows()}
            gone = (set(before) - set(after)).pop()
            said = [text for text in (before[row.segment], before[gone]) if text]
            assert after[row.segment] == "\n".join(said)
            self.last.pop(gone, None)
            self.last[row.segment] = after[row.segment]

    @rule(who=WHO, at=WHERE)
    def cut(self, who: int, at: int) -> None:
        row = self.row(at)
        if row is None or row.end_ms - row.start_ms < 400:
            return
        self.act()
        middle = (row.start_ms + row.end_ms) // 2
        try:
            _first, second = services.split_segment(
                self.edition.pk,
                row.segment,
                account=self.people[who],
                at_ms=middle,
                texts=(row.text, ""),
            )
        except services.Refusal:
            return
        self.last.setdefault(row.segment, row.text)
        self.last[second.pk] = ""

    @rule(who=WHO, to=st.sampled_from(State.values))
    def hand_on(self, who: int, to: str) -> None:
        self.act()
        try:
            services.pass_on(self.edition.pk, to, account=self.people[who])
        except services.Refusal:
            return
        self.edition = Edition.objects.select_related("video").get(pk=self.edition.pk)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Looked at after each act, refused ones too; who only looks around changes nothing."""
        if not self.acted:
            return
        self.acted = False
        self.every_saved_text_is_in_the_history()
        self.what_stands_is_what_was_saved_last()
        self.credit_only_grows()
        ends_first = Segment.objects.filter(end_ms__lte=F("start_ms"))
        assert not ends_first.exists()

    def every_saved_text_is_in_the_history(self) -> None:
        kept = Revision.objects.filter(line__edition=self.edition, account__isnull=False)
        texts = set(kept.values_list("text", flat=True))
        assert set(self.wrote) <= texts

    def what_stands_is_what_was_saved_last(self) -> None:
        rows = self.rows()
        for row in rows:
            if row.segment in self.last:
                assert row.text == self.last[row.segment]
        filled = Edition.objects.values_list("filled", flat=True).get(pk=self.edition.pk)
        assert filled == sum(1 for row in rows if row.text)

    def credit_only_grows(self) -> None:
        now = set(Accepted.objects.values_list("kind", "piece", "account"))
        assert self.credit <= now
        self.credit = now


@pytest.fixture
def room():
    title = Title.objects.create(slug="harbour", texts={"en": {"name": "H"}})
    Room.video = Video.objects.create(title=title, language="en")
    services.import_file(Room.video, SRT, filename="film.en.srt")
    Room.people = [User.objects.create_user(f"p{n}@lantern.example").pk for n in range(4)]
    for account in Room.people:
        services.agree(account, services.TERMS)
        Room.opened = services.open_edition(Room.video, "ko", account=account).pk
    return Room


def run(room, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        room,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=examples < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_edit_is_lost_whatever_four_people_do(room):
    run(room, examples=4, steps=14)


@pytest.mark.django_db(transaction=True)
def test_teams_of_two_languages_who_merge_and_part_at_once_wait_for_each_other(room):
    """Each locks its own language first, if it may; then neither would ever get the other's."""
    languages = ["ko", "ar"]
    editions = [
        services.open_edition(room.video, tag, account=account)
        for tag, account in zip(languages, room.people, strict=False)
    ]
    ready, faults = threading.Barrier(2), []

    def cut_and_join(edition: Edition, account: int) -> None:
        try:
            with duty("fixture"):
                ready.wait(10)
                for _turn in range(6):
                    row = queries.rows(edition)[0]
                    merged = services.merge_segments(edition.pk, row.segment, account=account)
                    if merged is not None:
                        first, second = merged
                        with suppress(services.Refusal):
                            services.part_segments(
                                edition.pk, first.pk, second.pk, account=account, end_ms=2000
                            )
        except services.Refusal:
            pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=cut_and_join, args=pair)
        for pair in zip(editions, room.people, strict=False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.soak
@pytest.mark.parametrize("thousand", range(10))
def test_no_edit_is_lost_in_ten_thousand_rooms(room, thousand):
    """In pieces, since Hypothesis remembers every one of them."""
    run(room, examples=1000, steps=20)
