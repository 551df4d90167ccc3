"""Since when something is new, where one goes on in a film that changed, and what one finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from plainview.domains.catalogue.models import Collection, Entry, Season, Title
from plainview.domains.library.models import Follow
from plainview.domains.playback.models import Ingest, Package, Progress, Viewing
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.test_keeping import page, press
from plainview.web.tests.test_watching import tell

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "New of what you follow"
AGO = timedelta(days=70)


def since() -> None:
    """Let who follows do so for longer than something is new."""
    Follow.objects.update(followed_at=timezone.now() - AGO - timedelta(1), seen_at=timezone.now())


def test_p2_1_3b_episodes_that_lay_ready_are_told_of_when_their_series_comes(member, programme):
    """Whoever follows what is announced hears of it as it opens, whenever its films were made."""
    series = a_title("tide-table", kind="series", public=False)
    season = Season.objects.create(title=series, number=1)
    a_video(series, kind="episode", season=season, number=1)
    Package.objects.filter(video__title=series).update(created_at=timezone.now() - AGO)
    Title.objects.filter(pk=series.pk).update(announced_at=timezone.now() - AGO)
    press(member, "series tide-table")
    since()
    assert NEW not in page(member, "/")
    Title.objects.filter(pk=series.pk).update(published_at=timezone.now())
    assert NEW in page(member, "/")
    assert "Tide Table" in page(member, "/my/follows/")
    assert NEW not in page(member, "/"), "told once"


def test_p2_1_3b_a_film_in_the_place_of_another_is_no_new_episode(member, programme):
    press(member, "series night-line")
    episode = programme.episodes[0]
    long_ago = timezone.now() - AGO
    Ingest.objects.create(
        state=Ingest.State.READY, video=episode, source_name="1.mov", name="1", finished_at=long_ago
    )
    since()
    Package.objects.filter(video=episode).delete()
    Ingest.objects.create(
        state=Ingest.State.READY, video=episode, source_name="2.mov", name="2",
        finished_at=timezone.now(),
    )  # fmt: skip
    Package.objects.create(
        video=episode, key="better", duration_ms=9, width=1, height=1, contents={}
    )
    assert NEW not in page(member, "/")


def test_p2_1_3b_what_was_put_into_a_collection_early_is_told_of_when_it_can_be_seen(
    member, programme
):
    row = Collection.objects.create(slug="rain", texts={"en": {"name": "Rain"}})
    press(member, "collection rain")
    since()
    Entry.objects.create(collection=row, title=programme.hidden)
    Entry.objects.update(added_at=timezone.now() - AGO)
    assert NEW not in page(member, "/")
    Title.objects.filter(pk=programme.hidden.pk).update(published_at=timezone.now())
    assert NEW in page(member, "/")
    assert "Kept Back" in page(member, "/my/follows/")


def test_p1_2_2b_where_a_shorter_film_took_its_place_one_begins_anew(member, programme):
    """The place lay behind its end, and so the next one began at once."""
    tell(member, programme.feature, position=1200)
    watch = programme.feature.get_absolute_url()
    Package.objects.filter(video=programme.feature).update(duration_ms=1_200_000)
    assert 'data-start="1200"' not in page(member, watch)
    assert "Nothing begun" in page(member, "/my/")
    Package.objects.filter(video=programme.feature).update(duration_ms=1_201_000)
    assert 'data-start="1200"' in page(member, watch)
    assert "Nothing begun" not in page(member, "/my/")
    assert Progress.objects.get().position == 1200


def test_p1_2_2b_a_trailer_of_what_is_announced_is_kept_as_any_film(member, programme):
    title = a_title("tide-table", public=False)
    trailer, film = a_video(title, kind="trailer"), a_video(title)
    assert tell(member, trailer).status_code == 404
    Title.objects.filter(pk=title.pk).update(announced_at=timezone.now())
    assert tell(member, trailer).status_code == 204
    assert tell(member, film).status_code == 404
    assert Viewing.objects.get().video == trailer
    assert "Tide Table" in page(member, "/my/history/")


@pytest.mark.parametrize("typed", ["étoile", "e\u0301toile", "ETOILE", "ＥＴＯＩＬＥ"])
def test_p1_2_2b_the_history_is_looked_through_however_a_name_is_written(member, programme, typed):
    Title.objects.filter(pk=programme.film.pk).update(texts={"en": {"name": "L\u2019Étoile"}})
    tell(member, programme.feature)
    assert "Étoile" in member.get("/my/history/", {"q": typed}).content.decode()
    assert "Étoile" not in member.get("/my/history/", {"q": "lune"}).content.decode()
