"""The index holds what anybody may ever see, follows each change, and hides nothing behind it."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import document_of
from plainview.domains.catalogue.models import Credit, Genre, Person, Tag, Title, Video
from plainview.domains.catalogue.search import search
from plainview.domains.subtitles.formats import Cue
from plainview.domains.subtitles.search import said
from plainview.domains.subtitles.services import tracks
from plainview.platform import parts
from plainview.platform.search import finding, shelves
from plainview.platform.search.models import Entry, Passage, Word

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SRC = Path(__file__).parents[4]


@pytest.fixture
def title() -> Title:
    video = services.add_film(name="Harbour Lights", language="en")
    title = video.title
    person = Person.objects.create(slug="m-vale", texts={"en": {"name": "Mara Vale"}})
    Credit.objects.create(title=title, person=person, role=Credit.Role.DIRECTOR)
    title.genres.add(Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}}))
    title.tags.add(Tag.objects.create(slug="quiet", texts={"en": {"name": "Quiet evenings"}}))
    tracks.put(video, "en", [Cue(0, 900, "Never forget a lighthouse.")])
    services.reindex([title])
    return title


def nothing_is_left() -> bool:
    return not any(table.objects.exists() for table in (Entry, Passage, Word))


def test_a_tag_is_found_and_its_titles(title):
    found = search("quiet evening")
    assert [label.slug for label in found.labels] == ["quiet"]
    assert found.titles == [title.pk]


def test_no_word_is_left_of_what_is_shown_to_nobody(title):
    """Words, their spellings and lines go with the last thing that has them, without `reindex`."""
    assert said("lighthouse").keys
    services.unpublish(title)
    assert nothing_is_left()
    title.refresh_from_db()
    services.publish(title)
    assert said("lighthouse").keys
    assert search("mara").people
    Title.objects.get().delete()
    services.add_film(name="Another", language="en")
    assert set(Word.objects.values_list("word", flat=True)) == {"another"}
    assert not said("lighthouse").keys


def test_whoever_is_in_nothing_any_more_is_found_no_more(title):
    document = document_of(title)
    document.credits = []
    document.genres = []
    services.save(document, title=title)
    assert not search("mara").people
    assert not search("drama").labels
    assert not Word.objects.filter(word__in=["mara", "vale", "drama"]).exists()


@pytest.fixture(params=[2000, 0], ids=["little held back", "much held back"])
def held_back(request, monkeypatch):
    """What is held back is known where it is little; where it is much, each answer is asked for."""
    monkeypatch.setattr("plainview.domains.catalogue.search.MOST_HELD", request.param)
    monkeypatch.setattr("plainview.domains.subtitles.search.MOST_HELD", request.param)


def test_what_comes_at_a_set_time_is_found_from_then_on(title, held_back):
    later = timezone.now() + timedelta(days=1)
    Title.objects.filter(pk=title.pk).update(published_at=later)
    assert not search("harbour").titles
    assert not search("mara").people
    assert not search("drama").labels
    assert not said("lighthouse").keys
    Title.objects.filter(pk=title.pk).update(announced_at=timezone.now())
    assert search("harbour").titles == [title.pk]
    assert not said("lighthouse").keys
    Title.objects.filter(pk=title.pk).update(published_at=timezone.now())
    assert said("lighthouse").keys


def test_a_moment_that_comes_is_heard_at_once(title, held_back, monkeypatch):
    """Nobody writes anything then, and what was kept in memory a moment before still counts."""
    later = timezone.now() + timedelta(days=1)
    Title.objects.filter(pk=title.pk).update(published_at=later)
    assert not search("mara").people
    assert not said("lighthouse").keys
    monkeypatch.setattr(timezone, "now", lambda: later)
    found = search("mara")
    assert (found.titles, [each.slug for each in found.people]) == ([title.pk], ["m-vale"])
    assert said("lighthouse").keys


def test_whoever_is_in_something_else_is_found_while_that_is_to_come(title, held_back):
    other = services.add_film(name="Another", language="en").title
    Credit.objects.create(title=other, person=Person.objects.get(), role=Credit.Role.DIRECTOR)
    Title.objects.filter(pk=title.pk).update(published_at=timezone.now() + timedelta(days=1))
    assert [each.slug for each in search("mara").people] == ["m-vale"]


def test_what_may_be_seen_is_not_lost_behind_what_may_not(title, monkeypatch):
    """However many newer ones answer that nobody may see yet (small windows, many of them)."""
    monkeypatch.setattr(finding, "MOST", 5)
    later = timezone.now() + timedelta(days=1)
    for number in range(23):
        video = services.add_film(name=f"Harbour Lights {number}", language="en")
        tracks.put(video, "en", [Cue(0, 900, "A lighthouse.")])
        Title.objects.filter(pk=video.title_id).update(published_at=later)
    assert search("harbour").titles == [title.pk]
    assert search("harbuor lihgts").titles == [title.pk]
    assert len(said("lighthouse").keys) == 1


def test_made_anew_the_index_is_what_it_was(title):
    """Also after rows were changed by other means, and beside what went."""

    def held() -> list[object]:
        return [
            *Entry.objects.order_by("kind", "ref").values_list("kind", "ref", "size", "terms"),
            *Passage.objects.order_by("id").values_list("id", "scope", "language", "terms"),
            *Word.objects.order_by("shelf", "word").values_list("shelf", "word", "count", "terms"),
        ]

    before = held()
    list(shelves.rebuild())
    assert held() == before
    Title.objects.filter(pk=title.pk).update(published_at=None)
    list(shelves.rebuild())
    assert nothing_is_left()


def test_between_what_is_put_others_write(title, monkeypatch):
    """Whoever waits for SQLite's one writer gave up after 20 s, and the index took minutes."""
    services.add_film(name="Harbour Bells")
    Entry.objects.all().delete()
    Passage.objects.all().delete()
    steps = list[tuple[int, int]]()
    monkeypatch.setattr(shelves, "ENTRIES_AT_ONCE", 1)
    monkeypatch.setattr(
        parts,
        "step_aside",
        lambda taken: steps.append((Entry.objects.count(), Passage.objects.count())),
    )
    list(shelves.rebuild())
    assert {entries for entries, _ in steps} >= {1, 2}
    assert steps[-1][1] > steps[0][1], "lines are put by themselves"


def test_lines_of_films_are_written_in_one_place():
    """Whoever wrote them elsewhere would have to think of the index: nobody has to."""
    writers = {
        path.relative_to(SRC).as_posix()
        for path in (SRC / "plainview").rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        and re.search(r"[Cc]ues?\b|\bTrack\b", text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((
            "Cue.objects.bulk_create", "Cue.objects.create", "cues.create", "cues.bulk_create",
            "cues.all().delete", "Track.objects.update_or_create", "Track.objects.create",
            "Cue.objects.update", "cues.update", "Cue.objects.bulk_update",
        ))
    }  # fmt: skip
    assert writers == {"plainview/domains/subtitles/services/tracks.py"}


def test_a_trailer_speaks_for_its_title(title):
    trailer = Video.objects.create(title=title, kind=Video.Kind.TRAILER, language="en")
    tracks.put(trailer, "en", [Cue(0, 900, "This winter.")])
    assert said("this winter").keys
