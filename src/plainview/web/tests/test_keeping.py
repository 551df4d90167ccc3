"""What one keeps: put on and taken off, seen by its owner alone, and honest about what is gone."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import HERE

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Collection, Entry, Genre, Licence, Person, Title
from plainview.domains.library.models import Follow, Pause, Rating, Saved
from plainview.domains.library.queries import FEWEST_RATINGS
from plainview.domains.playback.models import Package, Progress, Viewing
from plainview.privacy.retention.sweeping import sweep
from plainview.privacy.rights.planning import later
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.test_watching import answer, tell

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "later harbour-lights"


def press(client: Client, word: str, act: str = "put", **more):
    return client.post("/my/keep/", {act: word, "next": "/", **more}, headers=HERE)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def shelves(text: str) -> list[tuple[str, list[str]]]:
    """Every shelf of a page with its films in order."""
    parts = re.findall(r'id="shelf-([\w-]+)"(.*?)</section>', text, re.DOTALL)
    return [(key, re.findall(r'href="(/titles/[^"]+)"', each)) for key, each in parts]


def test_a_film_is_put_aside_on_its_poster_and_taken_off_without_script(member, programme):
    assert 'name="put" value="later harbour-lights"' in page(member, "/")
    assert press(member, FILM)["Location"] == "/"
    press(member, FILM)
    assert Saved.objects.count() == 1, "twice is once"
    assert 'name="take" value="later harbour-lights"' in page(member, "/")
    assert "On your list" in page(member, "/titles/harbour-lights/")
    assert "Harbour Lights" in page(member, "/my/list/")
    press(member, FILM, "take")
    assert "Nothing put aside" in page(member, "/my/list/")


def test_script_is_told_how_things_stand(member, programme):
    said = {"Accept": "application/json", **HERE}
    assert member.post("/my/keep/", {"put": FILM}, headers=said).json() == {"on": True}
    assert member.post("/my/keep/", {"take": FILM}, headers=said).json() == {"on": False}
    stranger = Client()
    answered = stranger.post("/my/keep/", {"put": FILM}, headers=said)
    assert (answered.status_code, answered.json()) == (403, {"go": "/my/list/?want=harbour-lights"})


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"put": "elsewhere harbour-lights"}, 400),
        ({"put": "later"}, 404),
        ({"put": "later kept-back"}, 404),
        ({"put": "person nobody"}, 404),
    ],
)
def test_a_button_that_is_none_is_refused(member, programme, said, status):
    assert member.post("/my/keep/", said, headers=HERE).status_code == status
    assert not Saved.objects.exists()


def test_nobody_is_led_off_the_site_and_other_sites_press_nothing(member, programme):
    away = press(member, FILM, next="//elsewhere.example/")
    assert away["Location"] == "/my/list/"
    there = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert member.post("/my/keep/", {"take": FILM}, headers=there).status_code == 403
    assert Saved.objects.count() == 1


def test_p5_1_3b_a_stranger_keeps_nothing_until_the_browser_may_be_recognised(germany, programme):
    sent = press(germany, FILM)
    assert sent["Location"] == "/my/list/?want=harbour-lights"
    told = page(germany, sent["Location"])
    assert "Harbour Lights" in told
    assert "recognised" in told
    assert not germany.cookies
    answer(germany, "/", via="banner", answer="reject")
    press(germany, FILM)
    assert not Saved.objects.exists(), "a no is a no"
    other = Client(headers={"X-Place": "DE"})
    answer(other, "/", via="banner", answer="accept")
    press(other, FILM)
    assert Saved.objects.count() == 1


def test_p5_1_3b_what_a_browser_put_aside_joins_the_account_only_if_its_member_says_so(
    germany, people, programme
):
    answer(germany, "/", via="banner", answer="accept")
    press(germany, FILM)
    germany.force_login(people.member)
    offered = page(germany, "/my/list/")
    assert "stays apart unless you say otherwise" in offered
    assert not Saved.objects.filter(subject=people.member.pk).exists()
    germany.post("/my/take-over/", headers=HERE)
    assert Saved.objects.get().subject == people.member.pk
    assert "stays apart" not in page(germany, "/my/list/")


def test_p1_2_3a_whoever_keeps_no_history_keeps_a_list(member, programme):
    answer(member, "/", via="banner", answer="reject")
    press(member, FILM)
    assert "Harbour Lights" in page(member, "/my/list/")


def test_p2_1_4a_what_a_licence_closed_stays_on_every_list_and_says_so_with_when(member, programme):
    press(member, FILM)
    press(member, "favourites harbour-lights")
    tell(member, programme.feature)
    assert "Go on watching</h2>" in page(member, "/")
    closed = timezone.now() - timedelta(hours=1)
    Title.objects.filter(pk=programme.film.pk).update(licensed=True)
    licence = Licence.objects.create(
        title=programme.film, opens_at=closed - timedelta(days=9), closes_at=closed
    )
    for address in ("/my/", "/my/list/", "/my/favourites/"):
        shown = page(member, address)
        assert "Harbour Lights" in shown
        assert "It could be watched here until" in shown, address
    assert "Go on watching</h2>" not in page(member, "/")
    licence.delete()
    Licence.objects.create(title=programme.film, territories=["KR"])
    assert "It can be watched in South Korea" in page(member, "/my/")


def test_a_title_taken_out_of_the_programme_stays_without_a_link(member, programme):
    press(member, FILM)
    tell(member, programme.feature)
    Title.objects.filter(pk=programme.film.pk).update(published_at=None)
    for address in ("/my/", "/my/list/"):
        shown = page(member, address)
        assert "It is no longer in the programme" in shown
        assert "/titles/harbour-lights/" not in shown
    press(member, FILM, "take")
    assert not Saved.objects.exists()


def test_p2_1_3b_a_follower_is_told_of_what_came_since_and_of_nothing_older(member, programme):
    press(member, "series night-line")
    person = Person.objects.get(slug="ines-calder")
    press(member, "person ines-calder")
    row = Collection.objects.create(slug="rain", texts={"en": {"name": "Rain"}})
    Entry.objects.create(collection=row, title=programme.coming)
    press(member, "collection rain")
    assert Follow.objects.count() == 3
    for kept in (person, row):
        assert 'name="take" value="' in page(member, kept.get_absolute_url()), "one press ends it"
    assert "New of what you follow" not in page(member, "/")
    Package.objects.create(
        video=programme.episodes[2], key="new", duration_ms=9, width=1, height=1, contents={}
    )
    Entry.objects.create(collection=row, title=programme.film)
    new = a_title("second-tide")
    Title.objects.filter(pk=new.pk).update(published_at=timezone.now())
    new.credits.create(person=person, role="director")
    told = page(member, "/")
    assert "New of what you follow" in told
    follows = page(member, "/my/follows/")
    for each in ("You follow this series", "You follow Rain", "You follow Inés Calder"):
        assert each in follows
    assert "New of what you follow" not in page(member, "/"), "told once"
    assert "Second Tide" in page(member, "/my/follows/")
    press(member, "series night-line", "take")
    assert Follow.objects.count() == 2


def test_a_follower_is_told_nothing_that_cannot_be_seen(member, programme):
    press(member, "series night-line")
    Package.objects.create(
        video=programme.episodes[2], key="new", duration_ms=9, width=1, height=1, contents={}
    )
    Title.objects.filter(pk=programme.series.pk).update(published_at=None)
    assert "Night Line" not in page(member, "/")


def test_p1_1_5e_a_rating_is_ones_own_and_counts_for_others_only_if_made_public(
    member, people, programme
):
    film = "/titles/harbour-lights/"
    said = {"title": "harbour-lights", "stars": "4", "next": film}
    member.post("/my/rate/", said, headers=HERE)
    assert Rating.objects.get().public is False
    assert 'value="4" checked' in page(member, film)
    assert 'value="4" checked' not in page(Client(), film)
    for number in range(FEWEST_RATINGS):
        someone = User.objects.create_user(f"{number}@example.org").pk
        Rating.objects.create(subject=someone, title=programme.film, stars=2, public=number != 0)
    assert "members" not in page(Client(), film), "too few, and the private ones count nowhere"
    assert "of 5, by" not in page(member, film), "nor does one's own, for oneself"
    member.post("/my/rate/", said | {"public": "yes"}, headers=HERE)
    assert "2.4 of 5, by 5 members" in page(Client(), film)
    assert "Harbour Lights" in page(member, "/my/ratings/")
    member.post("/my/rate/", said | {"act": "take"}, headers=HERE)
    assert "members" not in page(Client(), film)
    member.post("/my/rate/", said | {"stars": "9"}, headers=HERE)
    assert not Rating.objects.filter(subject=people.member.pk).exists()


def test_a_browsers_stars_count_in_nobodys_average(germany, programme):
    answer(germany, "/", via="banner", answer="accept")
    said = {"title": "harbour-lights", "stars": "5", "public": "yes"}
    germany.post("/my/rate/", said, headers=HERE)
    assert Rating.objects.get().public is False


def test_p1_2_2b_a_paused_history_keeps_what_it_has_and_takes_nothing(member, programme):
    tell(member, programme.feature)
    member.post("/my/pause/", {"act": "pause"}, headers=HERE)
    tell(member, programme.episodes[0], sitting="a" * 32)
    tell(member, programme.feature, told=2, position=2000)
    assert Viewing.objects.get().video == programme.feature
    assert Progress.objects.get().position == 600
    assert "paused" in page(member, "/my/history/")
    watching = page(member, programme.feature.get_absolute_url())
    assert "Your history is paused" in watching
    assert 'data-start="600"' in watching
    member.post("/my/pause/", {"act": "go-on"}, headers=HERE)
    assert not Pause.objects.exists()
    tell(member, programme.episodes[0], sitting="a" * 32)
    assert Viewing.objects.count() == 2


def test_p1_2_2b_a_pause_outlasts_the_history_and_is_told_as_what_it_is(member, programme):
    """P1.2.2b: who empties a history that rests did not ask that it begins anew."""
    tell(member, programme.feature)
    member.post("/my/pause/", {"act": "pause"}, headers=HERE)
    assert "that you paused your history, and since when" in page(member, "/privacy/")
    assert "Paused since" in page(member, "/privacy/held/viewing.pause/")
    held = "/privacy/held/viewing.history/"
    for entry in member.get(held).context["found"].entries:
        member.post(held, {"delete": entry.token}, headers=HERE)
    answer(member, "/privacy/choices/", answer="save", **{"purpose-history": "no"})
    member.post("/my/forget/", {"all": "yes"}, headers=HERE)
    assert not Viewing.objects.exists() and not Progress.objects.exists()
    answer(member, "/privacy/choices/", answer="save", **{"purpose-history": "yes"})
    tell(member, programme.episodes[0], sitting="a" * 32)
    assert not Viewing.objects.exists()
    assert "Your history is paused" in page(member, programme.feature.get_absolute_url())


def test_p9c_a_pause_ends_three_years_after_the_last_film_that_it_left_out(member, programme):
    """P9c: of a browser that is gone a pause does not stay for ever; one that is used does."""
    member.post("/my/pause/", {"act": "pause"}, headers=HERE)
    Pause.objects.update(used_at=timezone.now() - timedelta(days=900))
    tell(member, programme.feature)
    last = later(timezone.localdate(), "P36M")
    sweep(last - timedelta(days=1))
    assert Pause.objects.exists(), "a film of today is what it left out last"
    sweep(last)
    assert not Pause.objects.exists()


def test_p1_2_2b_who_refused_the_history_since_still_empties_it_by_an_old_form(member, programme):
    """P1.2.2b: what it says is so: all of it goes, and of single entries none."""
    tell(member, programme.feature)
    answer(member, "/privacy/choices/", answer="save", **{"purpose-history": "no"})
    for old in ({"viewing": str(Viewing.objects.get().pk)}, {"hours": "24"}):
        said = member.post("/my/forget/", old, headers=HERE, follow=True).content.decode()
        assert "Nothing was deleted: you refused the history since" in said
        assert "0 sittings" not in said
    assert Viewing.objects.exists() and Progress.objects.exists()
    gone = member.post("/my/forget/", {"all": "yes"}, headers=HERE, follow=True)
    assert "Your history is empty now" in gone.content.decode()
    assert not Viewing.objects.exists() and not Progress.objects.exists()


def test_p1_2_2b_a_stretch_of_time_is_deleted_with_all_that_came_of_it(member, people, programme):
    tell(member, programme.feature)
    tell(member, programme.episodes[0], sitting="b" * 32)
    old = timezone.now() - timedelta(days=10)
    Viewing.objects.filter(video=programme.feature).update(began_at=old, watched_at=old)
    Progress.objects.filter(video=programme.feature).update(stopped_at=old)
    wrong = {"first": "2026-02-01", "last": "2026-01-01"}
    said = member.post("/my/forget/", wrong, headers=HERE).content.decode()
    assert "Nothing was deleted" in said
    assert 'value="2026-02-01"' in said, "what was typed is there"
    member.post("/my/forget/", {"hours": "24"}, headers=HERE)
    assert Viewing.objects.get().video == programme.feature
    assert Progress.objects.get().video == programme.feature
    day, after = (timezone.localdate(old) + timedelta(days=n) for n in (0, 1))
    midnight = timezone.make_aware(datetime.combine(after, time.min))
    Viewing.objects.update(began_at=midnight, watched_at=midnight)
    member.post("/my/forget/", {"first": day, "last": day}, headers=HERE)
    assert Viewing.objects.exists(), "a day ends before the midnight after it"
    member.post("/my/forget/", {"first": after, "last": after}, headers=HERE)
    assert not Viewing.objects.exists()
    assert "Nothing begun" in page(member, "/my/")


@pytest.fixture
def alike(programme) -> list[Title]:
    """Films of one genre with `harbour-lights`, the second of them revealing."""
    drama = Genre.objects.get(slug="drama")
    films = [a_title(f"film-{number}") for number in range(5)]
    for film in films:
        film.genres.add(drama)
        a_video(film)
    Title.objects.filter(pk=films[1].pk).update(reveals=["faith"])
    return films


def test_p1_2_7b_p4_1_3c_more_like_this_holds_nothing_that_reveals(programme, alike):
    rows = dict(shelves(page(Client(), "/titles/harbour-lights/")))
    assert "/titles/film-0/" in rows["related"]
    assert "/titles/film-1/" not in rows["related"]
    assert "/titles/harbour-lights/" not in rows["related"]


def test_p1_2_7b_a_word_that_reveals_finds_nothing(programme, alike):
    Genre.objects.update(reveals=["health"])
    assert "related" not in dict(shelves(page(Client(), "/titles/harbour-lights/")))


def test_p2_1_3a_what_one_watched_gives_a_row_with_its_reason_where_that_is_permitted(
    member, programme, alike
):
    answer(member, "/", via="banner", answer="accept")
    tell(member, programme.feature)
    home = page(member, "/")
    assert "Because you watched Harbour Lights" in home
    rows = dict(shelves(home))
    assert "/titles/film-0/" in rows["because"]
    assert "/titles/film-1/" not in rows["because"]
    assert "/titles/harbour-lights/" not in rows["because"]
    assert 'id="why-recommend"' in home
    member.post("/my/forget/", {"all": "yes"}, headers=HERE)
    assert "because" not in dict(shelves(page(member, "/"))), "gone with what it came of"


def test_p2_1_3a_whoever_refuses_sees_the_rows_of_a_stranger_in_their_order(
    member, programme, alike
):
    tell(member, programme.feature)
    home = page(member, "/")
    assert "because" in dict(shelves(home))
    form = home[home.index('name="purpose" value="recommend"') :]
    shown = re.search(r'name="shown" value="([^"]+)"', form)[1]
    said = {"via": "why", "purpose": "recommend", "answer": "off", "shown": shown}
    member.post("/privacy/choices/", said, headers=HERE)
    rows = shelves(page(member, "/"))
    assert rows == shelves(page(Client(headers={"X-Place": "DE"}), "/"))


def test_p5_1_3c_the_choice_says_that_what_is_watched_leads_to_no_suggestions(
    member, programme, alike
):
    """Disabling may limit features: which, the choice says, and it is so."""
    answer(member, "/", via="banner", answer="accept")
    answer(member, "/privacy/choices/", answer="save", **{"purpose-history": "no"})
    tell(member, programme.feature)
    assert not Viewing.objects.exists()
    assert "because" not in dict(shelves(page(member, "/")))
    says = " ".join(page(member, "/privacy/choices/").split())
    assert "What you watch is not listed and leads to no suggestions" in says


def test_p1_2_7b_watching_only_what_reveals_yields_no_row(member, programme, alike):
    answer(member, "/", via="banner", answer="accept")
    Title.objects.filter(pk=programme.film.pk).update(reveals=["sexuality"])
    tell(member, programme.feature)
    assert "because" not in dict(shelves(page(member, "/")))


def test_p9c_a_list_goes_when_its_owner_leaves(people, programme):
    mine = User.objects.get(pk=people.member.pk)
    Saved.objects.create(subject=mine.pk, title=programme.film, list="later")
    Saved.objects.create(
        subject=mine.pk,
        title=programme.series,
        list="later",
        used_at=timezone.now() - timedelta(days=750),
    )
    sweep()
    assert Saved.objects.get().title == programme.film, "nobody looked at the other for two years"
