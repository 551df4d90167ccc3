"""A personal table is the rows of those who permit the purpose, for every form of a statement."""

from __future__ import annotations

import pytest
from django.db.models import Avg, Count, Exists, F, OuterRef, Subquery, Sum, Window
from django.db.models.functions import Rank
from tests.gate.cinema.models import Attachment, Film, Member, Message, Rating, Review, Viewing

from plainview.privacy.gate import corrected
from plainview.privacy.gate.duties import duty

ALL = "the tests look at everyone"


def test_without_a_purpose_nothing_personal_compiles(people, refused):
    """P2a: outside a door there is no purpose, and none means refused."""
    with refused("no purpose is open"):
        list(Viewing.objects.all())
    with refused("no purpose is open"):
        Viewing.objects.count()
    with refused("no purpose is open"):
        list(Viewing.objects.values("build"))  # nobody's, in the row of somebody
    assert Film.objects.get().title == "Metropolis"


def test_a_column_of_another_purpose_is_refused(people, through, refused):
    with through("playback", everyone=ALL):
        with refused("contact.email, which playback may not use"):
            list(Member.objects.values("email"))
        with refused("cinema_member.email"):
            list(Member.objects.filter(email="x").values("state"))
        with refused("cinema_member.email"):
            list(Member.objects.order_by("email").values("state"))
        with refused("ratings"):
            Rating.objects.count()
        assert Member.objects.filter(state="active").count() == 3


FORMS = {
    "list": lambda: [v.member_id for v in Viewing.objects.all()],
    "sliced": lambda: [v.member_id for v in Viewing.objects.all()[:5]],
    "exclude": lambda: [v.member_id for v in Viewing.objects.exclude(minutes=999)],
    "in": lambda: [
        v.member_id
        for v in Viewing.objects.filter(pk__in=Viewing.objects.filter(minutes__gt=0).values("pk"))
    ],
    "union": lambda: [
        v.member_id for v in Viewing.objects.all().union(Viewing.objects.filter(minutes=20))
    ],
    "window": lambda: [
        v.member_id
        for v in Viewing.objects.annotate(r=Window(Rank(), order_by="minutes")).filter(r__gte=1)
    ],
    "group": lambda: [
        row["member_id"] for row in Viewing.objects.values("member_id").annotate(n=Count("pk"))
    ],
    "annotated": lambda: [v.member_id for v in Viewing.objects.annotate(n=Count("film"))],
    "or": lambda: [
        v.member_id
        for v in (Viewing.objects.filter(minutes=10) | Viewing.objects.filter(minutes=20))
    ],
    "chunked": lambda: [v.member_id for v in Viewing.objects.iterator(chunk_size=1)],
    "distinct": lambda: list(Viewing.objects.values_list("member_id", flat=True).distinct()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_refusable_purpose_sees_who_permits_it(people, through, form):
    """Everyone who allows it, nobody who does not; a missing standing denies."""
    with through("recommend", everyone=ALL):
        assert FORMS[form]() == [1]
    with through("playback", everyone=ALL):
        assert sorted(set(FORMS[form]())) == ([1, 2] if form == "or" else [1, 2, 3])


@pytest.mark.parametrize("form", FORMS)
def test_a_narrowed_door_sees_one_person(people, through, form):
    with through("playback", me=2):
        assert FORMS[form]() == [2]
    with through("recommend", me=2):
        assert FORMS[form]() == []
    with through("playback", me=None):
        assert FORMS[form]() == []


def test_counts_aggregates_and_subqueries(people, through):
    with through("recommend", everyone=ALL):
        assert Viewing.objects.count() == 1
        assert Viewing.objects.all()[:10].count() == 1
        assert Viewing.objects.values("member").distinct().count() == 1
        assert Viewing.objects.aggregate(s=Sum("minutes"))["s"] == 10
        assert Viewing.objects.exists()
        assert not Viewing.objects.filter(member_id=2).exists()
        assert Film.objects.annotate(n=Count("viewing")).get().n == 1
        assert Film.objects.annotate(n=Avg("rating__stars")).get().n == 3.0  # Ann's 1, nobody's 5
        assert Film.objects.filter(viewing__member_id=2).count() == 0
        assert Film.objects.exclude(viewing__member_id=2).count() == 1
        seen = Viewing.objects.filter(film=OuterRef("pk"))
        assert Film.objects.filter(Exists(seen.filter(member_id=2))).count() == 0
        assert Film.objects.filter(Exists(seen)).count() == 1
        top = seen.order_by("-minutes").values("minutes")[:1]
        assert Film.objects.annotate(top=Subquery(top)).get().top == 10
        assert [v.film.title for v in Viewing.objects.select_related("film")] == ["Metropolis"]
        film = Film.objects.prefetch_related("viewing_set").get()
        assert [v.member_id for v in film.viewing_set.all()] == [1]
        assert list(Film.objects.values_list("viewing__minutes", flat=True)) == [10]
        aggregated = Viewing.objects.annotate(d=F("minutes") * 2).aggregate(m=Avg("d"))
        assert aggregated["m"] == 20


def test_left_joins_keep_their_left_rows(people, through):
    with duty("fixture"):
        Film.objects.create(title="Unseen")
    with through("recommend", everyone=ALL):
        rows = Film.objects.order_by("title").values_list("title", "viewing__minutes")
        assert list(rows) == [("Metropolis", 10), ("Unseen", None)]


def test_a_row_of_nobody_any_more_is_visible(people, through):
    with through("recommend", everyone=ALL):
        assert sorted(Rating.objects.values_list("stars", flat=True)) == [1, 5]


def test_update_and_delete_meet_the_same_rows(people, through):
    with through("recommend", everyone=ALL):
        assert Viewing.objects.update(minutes=F("minutes") + 1) == 1
        assert Viewing.objects.filter(film__title="Metropolis").update(minutes=50) == 1
        assert Rating.objects.filter(stars__lt=9).delete()[0] == 2
    with duty("audit"):
        minutes = Viewing.objects.order_by("member_id").values_list("minutes", flat=True)
        assert list(minutes) == [50, 20, 30]
        assert sorted(Rating.objects.values_list("member_id", flat=True)) == [2, 3]


def test_narrowed_writing_is_of_own_rows_only(people, through):
    with through("community", me=1):
        assert Review.objects.filter(state="published").count() == 3
        assert Review.objects.count() == 4  # her draft, and what everyone published
        assert Review.objects.update(text="changed") == 2
        assert Review.objects.filter(author_id=2).delete()[0] == 0


def test_nobody_writes_about_who_refuses(people, through, refused):
    film = people
    with through("recommend", everyone=ALL):
        Viewing.objects.create(member_id=1, film=film)
        with refused("does not permit"):
            Viewing.objects.create(member_id=2, film=film)
        with refused("does not permit"):
            Viewing.objects.bulk_create(
                [Viewing(member_id=1, film=film), Viewing(member_id=3, film=film)]
            )
        with refused("does not permit"):
            Viewing.objects.update(member_id=2)
    with through("playback", me=1):
        Viewing.objects.create(member_id=1, film=film)
        with refused("somebody other"):
            Viewing.objects.create(member_id=2, film=film)


def test_an_upsert_changes_only_visible_rows(people, through, refused):
    with through("recommend", everyone=ALL):
        Rating.objects.bulk_create(
            [Rating(member_id=1, film=people, stars=9)],
            update_conflicts=True,
            unique_fields=["member", "film"],
            update_fields=["stars"],
        )
        Rating.objects.bulk_create([Rating(member_id=1, film=people)], ignore_conflicts=True)
        ratings = list(Rating.objects.filter(member_id=1))
        for rating in ratings:
            rating.stars = 4
        assert Rating.objects.bulk_update(ratings, ["stars"]) == 1
        with refused("does not permit"):
            Rating.objects.update_or_create(member_id=2, film=people, defaults={"stars": 1})


def test_an_upsert_that_corrects_is_heard_of(people, through, monkeypatch):
    """As an UPDATE is: of rows that were there and get another value, once for each person."""
    heard = []
    monkeypatch.setattr(corrected, "watchers", [])
    corrected.watch(lambda *news: heard.append(news), lambda categories, gone: not gone)
    other = Film.objects.create(title="Nosferatu")
    rows = {"Ann": (1, people, 9), "as it stood": (2, people, 2), "new": (3, other, 1)}
    with through("everything", everyone=ALL):
        for _ in range(2):
            Rating.objects.bulk_create(
                [Rating(member_id=who, film=film, stars=n) for who, film, n in rows.values()],
                update_conflicts=True,
                unique_fields=["member", "film"],
                update_fields=["stars"],
            )
    assert heard == [(1, {"ratings.stars"})]


@pytest.mark.parametrize("door", [{"me": 1}, {"everyone": ALL}])
def test_an_upsert_that_meets_a_hidden_row_leaves_it(people, through, door):
    """Ann's new rows bear the keys of a row of hers and of one of Bob's, which she can't see."""
    with duty("fixture"):
        keys = Viewing.objects.filter(member__in=(1, 2)).values_list("pk", flat=True)
        rows = [Viewing(pk=key, member_id=1, film=people, minutes=99) for key in keys]
    with through("recommend", **door):
        Viewing.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=["minutes"]
        )
    with duty("audit"):
        found = Viewing.objects.filter(member__in=(1, 2)).order_by("minutes")
        assert list(found.values_list("minutes", flat=True)) == [20, 99]


def test_a_row_about_two_of_whom_one_is_gone_is_the_others(people, through):
    with duty("fixture"):
        kept = Message.objects.create(sender=None, recipient_id=1, text="kept")
        Attachment.objects.create(message=kept)
    for me, seen in ((1, 1), (2, 0), (None, 0)):
        with through("community", me=me):
            assert Message.objects.count() == Attachment.objects.count() == seen
            assert Message.objects.update(text="kept") == seen
    with through("digest", everyone=ALL):
        assert Message.objects.count() == Attachment.objects.count() == 1


def test_a_row_about_two_needs_both(people, through, refused):
    with duty("fixture"):
        for a, b in ((1, 1), (1, 2), (2, 1)):
            Message.objects.create(sender_id=a, recipient_id=b, text=f"{a}{b}")
    with through("digest", everyone=ALL):
        assert [m.text for m in Message.objects.all()] == ["11"]
        with refused("does not permit"):
            Message.objects.create(sender_id=1, recipient_id=2)
    with through("community", me=2):
        assert sorted(m.text for m in Message.objects.all()) == ["12", "21"]
        Message.objects.create(sender_id=2, recipient_id=1)
        with refused("somebody other"):
            Message.objects.create(sender_id=1, recipient_id=3)
