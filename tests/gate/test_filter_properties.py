"""The filter is right: random people, standings, rows and queries against plain Python."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

import pytest
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.gate.cinema.models import Film, Member, Message, Rating, Review, Viewing
from tests.gate.policy import CINEMA

from plainview.privacy.gate import filters
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import PersonRefuses
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing, Withheld

pytestmark = pytest.mark.slow

NOW = 5_000
MEMBERS = range(1, 6)
FILMS = range(1, 4)
quick = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
soak = settings(quick, max_examples=3000)


@dataclass(frozen=True)
class World:
    """Everything there is: who permits what, and all rows."""

    standings: dict[int, tuple[int, int | None]]
    viewings: list[tuple[int, int, int]]
    ratings: list[tuple[int | None, int, int]]
    messages: list[tuple[int | None, int]]
    reviews: list[tuple[int, str]]
    withheld: dict[tuple[int, str], int] = field(default_factory=dict)

    def permitted(self, subject: int) -> int:
        """The integer of the standing, which says whether its person withholds something."""
        flagged = any(person == subject for person, _ in self.withheld)
        return self.standings[subject][0] | (filters.WITHHOLDS if flagged else 0)


member, film, number = st.sampled_from(MEMBERS), st.sampled_from(FILMS), st.integers(0, 9)
worlds = st.builds(
    World,
    standings=st.dictionaries(
        member,
        st.tuples(
            st.integers(0, (1 << len(CINEMA.table)) - 1),
            st.sampled_from([None, NOW - 1, NOW, NOW + 1]),
        ),
    ),
    viewings=st.lists(st.tuples(member, film, number), max_size=12),
    ratings=st.lists(
        st.tuples(st.none() | member, film, number), max_size=8, unique_by=lambda r: r[:2]
    ),
    messages=st.lists(st.tuples(st.none() | member, member), max_size=8),
    reviews=st.lists(st.tuples(member, st.sampled_from(["draft", "published"])), max_size=8),
)


@dataclass(frozen=True)
class Stance:
    """A door: its purpose, and whom it is narrowed to (or everyone)."""

    purpose: str
    me: int | None
    everyone: bool

    def permits(self, world: World, subject: int | None) -> bool:
        if subject is None or not CINEMA.refusable(self.purpose):
            return True
        permitted, until = world.standings.get(subject, (0, None))
        return bool(permitted >> CINEMA.bit(self.purpose) & 1) and (until is None or until > NOW)

    def keeps(self, world: World, subject: int | None, used: tuple[str, ...]) -> bool:
        if subject is None or not CINEMA.refusable(self.purpose):
            return True
        bit = 1 << CINEMA.bit(self.purpose)
        return not any(world.withheld.get((subject, category), 0) & bit for category in used)

    def sees(
        self,
        world: World,
        *subjects: int | None,
        public: bool = False,
        used: tuple[str, ...] = (),
    ) -> bool:
        if not all(self.permits(world, s) and self.keeps(world, s, used) for s in subjects):
            return False
        if self.everyone or public:
            return True
        linked = [s for s in subjects if s is not None]
        return not linked or (self.me is not None and self.me in linked)

    def open(self) -> Opened:
        everyone = "a property" if self.everyone else ""
        return Opened(Door("property", self.purpose, everyone=everyone), lambda: self.me)


def stances(*purposes: str) -> st.SearchStrategy[Stance]:
    return st.builds(Stance, st.sampled_from(purposes), st.none() | member, st.booleans())


@pytest.fixture
def database(db, monkeypatch):
    monkeypatch.setattr(filters, "now", lambda: NOW)

    def fill(world: World) -> None:
        for model in (Viewing, Rating, Message, Review, Withheld, Standing, Member, Film):
            model.objects.all().delete()
        Film.objects.bulk_create([Film(id=key, title=f"{key}", minutes=key) for key in FILMS])
        Member.objects.bulk_create([Member(id=key) for key in MEMBERS])
        Standing.objects.bulk_create(
            [
                Standing(subject=key, permitted=world.permitted(key), valid_until=until)
                for key, (_, until) in world.standings.items()
            ]
        )
        Withheld.objects.bulk_create(
            [
                Withheld(subject=person, category=category, purposes=purposes)
                for (person, category), purposes in world.withheld.items()
            ]
        )
        Viewing.objects.bulk_create(
            [
                Viewing(id=key, member_id=m, film_id=f, minutes=n)
                for key, (m, f, n) in enumerate(world.viewings, 1)
            ]
        )
        Rating.objects.bulk_create(
            [
                Rating(id=key, member_id=m, film_id=f, stars=n)
                for key, (m, f, n) in enumerate(world.ratings, 1)
            ]
        )
        Message.objects.bulk_create(
            [
                Message(id=k, sender_id=a, recipient_id=b)
                for k, (a, b) in enumerate(world.messages, 1)
            ]
        )
        Review.objects.bulk_create(
            [Review(id=k, author_id=a, state=s) for k, (a, s) in enumerate(world.reviews, 1)]
        )

    class Filled:
        def __init__(self, world: World) -> None:
            self.world = world

        def __enter__(self) -> None:
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            with duty("fixture"):
                fill(self.world)

        def __exit__(self, *error: object) -> None:
            if error[0] is None:
                transaction.set_rollback(True)
            self.atomic.__exit__(*error)

    return Filled


def _viewings(world: World, stance: Stance) -> list[tuple[int, int, int, int]]:
    return [
        (key, m, f, n) for key, (m, f, n) in enumerate(world.viewings, 1) if stance.sees(world, m)
    ]


# A condition over viewings: as Q, and as a predicate over (key, member, film, minutes).
leaves = st.one_of(
    st.builds(lambda n: (Q(minutes__gt=n), lambda v: v[3] > n), number),
    st.builds(lambda n: (Q(minutes=n), lambda v: v[3] == n), number),
    st.builds(lambda m: (Q(member=m), lambda v: v[1] == m), member),
    st.builds(lambda f: (Q(film__minutes__lte=f), lambda v: v[2] <= f), film),
    st.just((Q(minutes__gte=F("film__minutes")), lambda v: v[3] >= v[2])),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: (a[0] & b[0], lambda v: a[1](v) and b[1](v)), inner, inner),
        st.builds(lambda a, b: (a[0] | b[0], lambda v: a[1](v) or b[1](v)), inner, inner),
        st.builds(lambda a: (~a[0], lambda v: not a[1](v)), inner),
    ),
    max_leaves=4,
)


def _check_reading(database, world, stance, condition, slice_):
    q, holds = condition
    with database(world), stance.open():
        seen = _viewings(world, stance)
        met = [v for v in seen if holds(v)]
        keys = [v[0] for v in met]
        query = Viewing.objects.filter(q)
        assert list(query.order_by("pk").values_list("pk", flat=True)) == keys
        assert [v.pk for v in query.select_related("film").order_by("-pk")] == keys[::-1]
        assert query.count() == len(keys)
        assert query.order_by("pk")[:slice_].count() == len(keys[:slice_])
        assert query.exists() == bool(keys)
        assert query.aggregate(s=Sum("minutes"))["s"] == (sum(v[3] for v in met) if met else None)
        assert query.values("member").distinct().count() == len({v[1] for v in met})
        grouped = query.values("film").annotate(n=Count("pk"), m=Max("minutes"))
        assert {g["film"]: g["n"] for g in grouped} == Counter(v[2] for v in met)
        assert set(Viewing.objects.exclude(q).values_list("pk", flat=True)) == {
            v[0] for v in seen if not holds(v)
        }
        inner = Viewing.objects.filter(q).values("pk")
        assert Viewing.objects.filter(pk__in=inner).count() == len(keys)
        both = query.union(Viewing.objects.filter(minutes=3)).values_list("pk", flat=True)
        assert set(both) == set(keys) | {v[0] for v in seen if v[3] == 3}
        exists = Film.objects.filter(Exists(Viewing.objects.filter(q, film=OuterRef("pk"))))
        assert {f.pk for f in exists} == {v[2] for v in met}
        without = Film.objects.exclude(viewing__minutes__gt=slice_)
        assert {f.pk for f in without} == set(FILMS) - {v[2] for v in seen if v[3] > slice_}
        counted = Film.objects.annotate(n=Count("viewing")).values_list("pk", "n")
        assert dict(counted) == {f: sum(v[2] == f for v in seen) for f in FILMS}
        joined = Film.objects.values_list("pk", "viewing__pk")
        expected = Counter((v[2], v[0]) for v in seen)
        expected += Counter((f, None) for f in FILMS if not any(v[2] == f for v in seen))
        assert Counter(joined) == expected


@given(worlds, stances("recommend", "playback"), conditions, st.integers(0, 5))
@quick
def test_reading(database, world, stance, condition, slice_):
    """Whatever is asked, in whatever form, only the rows of those who permit it answer."""
    _check_reading(database, world, stance, condition, slice_)


@pytest.mark.soak
@given(worlds, stances("recommend", "playback"), conditions, st.integers(0, 5))
@soak
def test_reading_at_length(database, world, stance, condition, slice_):
    _check_reading(database, world, stance, condition, slice_)


@given(worlds, stances("recommend"), number)
@quick
def test_rows_that_may_be_about_nobody(database, world, stance, least):
    with database(world), stance.open():
        seen = [
            (key, f)
            for key, (m, f, n) in enumerate(world.ratings, 1)
            if stance.sees(world, m) and n >= least
        ]
        assert set(Rating.objects.filter(stars__gte=least).values_list("pk", "film")) == set(seen)
        films = Film.objects.filter(rating__stars__gte=least).distinct()
        assert {f.pk for f in films} == {f for _, f in seen}


@given(worlds, stances("digest", "community"))
@quick
def test_rows_about_two(database, world, stance):
    """A row about two is there where both permit it, for either of them."""
    with database(world), stance.open():
        seen = {key for key, (a, b) in enumerate(world.messages, 1) if stance.sees(world, a, b)}
        assert set(Message.objects.values_list("pk", flat=True)) == seen


@given(worlds, stances("digest", "community"))
@quick
def test_public_rows(database, world, stance):
    """What somebody made public others read too, and change not."""
    with database(world), stance.open():
        seen = {
            key
            for key, (a, state) in enumerate(world.reviews, 1)
            if stance.sees(world, a, public=state == "published")
        }
        assert set(Review.objects.values_list("pk", flat=True)) == seen
        mine = {k for k, (a, _) in enumerate(world.reviews, 1) if stance.sees(world, a)}
        assert Review.objects.update(text="x") == len(mine)


@given(worlds, stances("recommend", "playback"), conditions)
@quick
def test_writing(database, world, stance, condition):
    """No update and no deletion reaches a row that could not be read."""
    q, holds = condition
    with database(world):
        met = {v[0] for v in _viewings(world, stance) if holds(v)}
        with stance.open():
            assert Viewing.objects.filter(q).update(minutes=F("minutes") + 100) == len(met)
        with duty("audit"):
            changed = set(Viewing.objects.filter(minutes__gte=100).values_list("pk", flat=True))
            assert changed == met
        with stance.open():
            assert Viewing.objects.filter(minutes__gte=100).delete()[0] == len(met)
        with duty("audit"):
            left = set(Viewing.objects.values_list("pk", flat=True))
        assert left == set(range(1, len(world.viewings) + 1)) - met


# --- P5.2.1.6a: what a restriction withholds from a purpose that stays open ----------------------

ROW, PART = ("viewing",), ("viewing", "viewing.history")
withholding = st.dictionaries(
    st.tuples(member, st.sampled_from([*PART, "messages", "messages.text", "ratings.stars"])),
    st.integers(1, (1 << len(CINEMA.table)) - 1),
)

# Two who allow everything and write to each other; one of them withholds all there is.
OPEN = World(
    standings=dict.fromkeys((1, 2), ((1 << len(CINEMA.table)) - 1, None)),
    viewings=[(1, 1, 5), (2, 1, 5)],
    ratings=[],
    messages=[(1, 2), (2, 2)],
    reviews=[],
)
ALL_OF_ONE = {(1, category): (1 << len(CINEMA.table)) - 1 for category in (*PART, "messages")}
ANY = (Q(minutes__gte=0), lambda v: True)


@example(OPEN, ALL_OF_ONE, Stance("recommend", None, everyone=True), ANY, 0)
@given(worlds, withholding, stances("recommend", "playback"), conditions, number)
@quick
def test_withheld_rows_are_not_seen_by_what_uses_them(
    database, world, withheld, stance, condition, least
):
    world = replace(world, withheld=withheld)
    everything = [(key, *row) for key, row in enumerate(world.viewings, 1)]
    rows = [v for v in everything if stance.sees(world, v[1], used=ROW)]
    parts = [v for v in everything if stance.sees(world, v[1], used=PART)]
    q, holds = condition
    with database(world), stance.open():
        assert Viewing.objects.count() == len(rows)
        assert dict(Viewing.objects.values_list("pk", "member")) == {v[0]: v[1] for v in rows}
        assert set(Viewing.objects.values_list("pk", "minutes")) == {(v[0], v[3]) for v in parts}
        assert [v.pk for v in Viewing.objects.order_by("minutes", "pk").only("pk")] == [
            v[0] for v in sorted(parts, key=lambda v: (v[3], v[0]))
        ]
        assert Viewing.objects.filter(minutes__gte=least).count() == sum(
            v[3] >= least for v in parts
        )
        counted = Film.objects.annotate(n=Count("viewing")).values_list("pk", "n")
        assert dict(counted) == {f: sum(v[2] == f for v in parts) for f in FILMS}
        inner = Viewing.objects.filter(q, minutes__gte=0).values("pk")
        assert Viewing.objects.filter(pk__in=inner).count() == sum(map(bool, map(holds, parts)))
        both = Viewing.objects.values_list("pk").union(Viewing.objects.values_list("minutes"))
        assert {row[0] for row in both} == {v[0] for v in parts} | {v[3] for v in parts}
        without = Film.objects.exclude(viewing__build="none")
        assert {f.pk for f in without} == set(FILMS)
        joined = Film.objects.filter(viewing__pk__gt=0).values_list("pk", "viewing__pk")
        assert set(joined) == {(v[2], v[0]) for v in parts}


@example(OPEN, ALL_OF_ONE, Stance("recommend", None, everyone=True))
@given(worlds, withholding, stances("recommend", "playback"))
@quick
def test_withheld_rows_are_not_written(database, refused, world, withheld, stance):
    world = replace(world, withheld=withheld)
    everything = [(key, *row) for key, row in enumerate(world.viewings, 1)]
    rows = {v[0] for v in everything if stance.sees(world, v[1], used=ROW)}
    parts = {v[0] for v in everything if stance.sees(world, v[1], used=PART)}
    with database(world):
        with stance.open():
            assert Viewing.objects.update(build="x") == len(rows)
            assert Viewing.objects.update(minutes=F("minutes") + 100) == len(parts)
            for person in MEMBERS:
                may = stance.sees(world, person, used=PART)
                with nullcontext() if may else refused("is about somebody", PersonRefuses):
                    Viewing.objects.create(id=90 + person, member_id=person, film_id=1)
            assert Viewing.objects.filter(pk__lt=90).delete()[0] == len(parts)
        with duty("audit"):
            left = set(Viewing.objects.filter(pk__lt=90).values_list("pk", flat=True))
        assert left == {v[0] for v in everything} - parts


@example(OPEN, ALL_OF_ONE, Stance("digest", None, everyone=True))
@given(worlds, withholding, stances("digest"))
@quick
def test_a_row_about_two_is_withheld_by_either(database, world, withheld, stance):
    world = replace(world, withheld=withheld)
    used = ("messages", "messages.text")
    with database(world), stance.open():
        seen = {
            key
            for key, (a, b) in enumerate(world.messages, 1)
            if stance.sees(world, a, b, used=used)
        }
        assert set(Message.objects.filter(text="").values_list("pk", flat=True)) == seen
