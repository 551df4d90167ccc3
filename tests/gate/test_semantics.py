"""The semantics that decide whether the gate is right, one by one: standings, rows, objects."""

from __future__ import annotations

import copy
import pickle

import pytest
from django.core.cache import cache as raw_cache
from django.db import IntegrityError, connection, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.test.utils import CaptureQueriesContext
from tests.gate.cinema.models import (
    Attachment,
    Film,
    Guest,
    LongViewing,
    Member,
    Message,
    Party,
    Review,
    Viewing,
)
from tests.gate.policy import CINEMA
from tests.gate.settings import ENGINE

from plainview.privacy.gate import filters
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import NotPermitted, PersonRefuses
from plainview.privacy.gate.scope import entering
from plainview.privacy.gate.standing import permitting
from plainview.privacy.models import Standing

ALL = "the tests look at everyone"


# --- the standing is the truth -------------------------------------------------------------------


def test_a_standing_that_ran_out_denies_in_bulk_too(people, through, monkeypatch):
    with duty("fixture"):
        Standing.objects.filter(subject=1).update(valid_until=1000)
    monkeypatch.setattr(filters, "now", lambda: 999)
    with through("recommend", everyone=ALL):
        assert Viewing.objects.count() == 1
        assert permitting([1, 2, 3], "recommend") == {1}
    monkeypatch.setattr(filters, "now", lambda: 1000)
    with through("recommend", everyone=ALL):
        assert Viewing.objects.count() == 0
        assert permitting([1, 2, 3], "recommend") == frozenset()


def test_the_bit_is_the_purposes_own(people, through):
    with duty("fixture"):
        Standing.objects.filter(subject=2).update(permitted=1 << CINEMA.bit("recommend"))
        Standing.objects.filter(subject=1).update(permitted=~(1 << CINEMA.bit("recommend")))
    with through("recommend", everyone=ALL):
        assert [v.member_id for v in Viewing.objects.all()] == [2]


def test_sixty_two_purposes_fit_the_integer(people, through):
    top = 1 << 61
    with duty("fixture"):
        Standing.objects.filter(subject=1).update(permitted=top)
        assert Standing.objects.annotate(bit=F("permitted").bitand(top)).get(subject=1).bit == top
    with connection.cursor() as cursor, duty("audit"):
        condition = filters.permits("1", 61, connection)
        cursor.execute(f"SELECT COUNT(*) FROM cinema_film WHERE {condition}")
        assert cursor.fetchone() == (1,)


# --- rows: by paths, shared, children, locked, grouped ------------------------------------------


def test_a_path_of_a_third_partys_table(people, through, refused):
    with duty("fixture"):
        one = Message.objects.create(sender_id=1, recipient_id=1)
        two = Message.objects.create(sender_id=1, recipient_id=2)
        for message in (one, two):
            Attachment.objects.create(message=message, path=str(message.recipient_id))
    with through("digest", everyone=ALL):
        assert [a.path for a in Attachment.objects.all()] == ["1"]
        assert Attachment.objects.update(path="9") == 1
        with refused("does not permit", PersonRefuses):
            Attachment.objects.create(message_id=two.pk)
        Attachment.objects.create(message_id=one.pk)
    with through("community", me=2):
        assert [a.path for a in Attachment.objects.all()] == ["2"]
        with refused("somebody other", PersonRefuses):
            Attachment.objects.create(message_id=one.pk)


def test_shared_rows_are_read_and_not_written(people, through):
    with duty("fixture"):
        party = Party.objects.create(host_id=1, place="at Ann's")
        Party.objects.create(host_id=2, place="at Bob's")
        Guest.objects.create(party=party, member_id=3)
    with through("community", me=3):
        assert [p.place for p in Party.objects.all()] == ["at Ann's"]
        assert Party.objects.update(place="elsewhere") == 0
        assert Party.objects.all().delete()[1].get("cinema.Party", 0) == 0


def test_child_tables_are_filtered_as_their_parents(people, through):
    with duty("fixture"):
        for key in (1, 2):
            LongViewing.objects.create(member_id=key, film=people, pauses=key)
    with through("recommend", everyone=ALL):
        assert [v.pauses for v in LongViewing.objects.all()] == [1]
        assert LongViewing.objects.update(pauses=5, minutes=7) == 1
    with duty("audit"):
        rows = LongViewing.objects.order_by("member_id").values_list("pauses", "minutes")
        assert list(rows) == [(5, 7), (2, 0)]


def test_grouping_by_a_primary_key(people, through):
    with through("recommend", everyone=ALL):
        grouped = Viewing.objects.annotate(n=Count("film__rating")).order_by("pk")
        assert [(v.member_id, v.n) for v in grouped] == [(1, 2)]
        assert Film.objects.annotate(n=Count("viewing")).values_list("title", "n")[0][1] == 1


@pytest.mark.django_db(transaction=True)
def test_locking_rows_does_not_lock_the_standing(people, through):
    with through("recommend", everyone=ALL), transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            assert len(Viewing.objects.select_for_update()) == 1
            assert len(Viewing.objects.select_for_update(of=("self",) if _has_of() else ())) == 1
        if ENGINE == "postgresql":
            assert "FOR UPDATE" in captured[0]["sql"]
            assert _locked() == {"cinema_viewing"}


def _has_of():
    return connection.features.has_select_for_update_of


def _locked() -> set[str]:
    with duty("audit"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE l.mode = 'RowShareLock' AND l.pid = pg_backend_pid() AND c.relkind = 'r'"
        )
        return {name for (name,) in cursor.fetchall()}


def test_relations_prefetched_and_selected(people, through):
    with through("recommend", everyone=ALL):
        films = Film.objects.prefetch_related("viewing_set", "rating_set")
        film = films.get()
        assert len(film.viewing_set.all()) == 1
        assert sorted(r.stars for r in film.rating_set.all()) == [1, 5]


# --- writing -------------------------------------------------------------------------------------


def test_a_personal_expression_does_not_enter_an_impersonal_column(people, through, refused):
    with through("everything", everyone=ALL):
        with refused("cinema_viewing.minutes is personal", NotPermitted):
            Viewing.objects.update(build=Cast("minutes", TextField()))
        minutes = Viewing.objects.filter(film=OuterRef("pk")).values("minutes")[:1]
        with refused("cinema_viewing.minutes is personal", NotPermitted):
            Film.objects.update(note=Subquery(minutes))
        with refused("cinema_member.email is personal", NotPermitted):
            Member.objects.update(theme=F("email"))
        assert Viewing.objects.update(build=Value("x")) == 3
        assert Viewing.objects.update(minutes=F("minutes") + 1) == 3
        assert Film.objects.update(note=F("title")) == 1


LEAKS = {
    "a count": lambda seen: Film.objects.update(
        minutes=Subquery(seen.values("film").annotate(n=Count("*")).values("n"))
    ),
    "a count in words": lambda seen: Film.objects.update(
        minutes=Subquery(Viewing.objects.annotate(n=Func(Value(1), function="COUNT")).values("n"))
    ),
    "whether there are rows": lambda seen: Film.objects.update(
        note=Case(When(Exists(seen), then=Value("seen")), default=Value(""))
    ),
    "a condition": lambda seen: Film.objects.update(
        note=Subquery(Film.objects.filter(viewing__minutes__gt=15).values("title")[:1])
    ),
    "which rows a sub-query takes": lambda seen: Film.objects.update(
        note=Subquery(
            Film.objects.filter(id__in=Viewing.objects.filter(member=1).values("film")).values(
                "title"
            )[:1]
        )
    ),
    "which row it is that it leads to": lambda seen: Viewing.objects.update(
        build=Subquery(Film.objects.filter(pk=OuterRef("film")).values("title")[:1])
    ),
    "an order": lambda seen: Film.objects.update(
        note=Subquery(Film.objects.order_by("viewing__minutes").values("title")[:1])
    ),
    "a union": lambda seen: Film.objects.update(
        note=Subquery(Film.objects.values("title").union(Member.objects.values("email"))[:1])
    ),
    "RawSQL": lambda seen: Member.objects.update(theme=RawSQL("email", ())),
    "a template": lambda seen: Member.objects.update(
        theme=Func(function="lower", template="%(function)s(email)", output_field=TextField())
    ),
    "a new row": lambda seen: Film.objects.create(
        note=RawSQL("(SELECT MAX(email) FROM cinema_member)", ())
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_nor_does_what_speaks_of_people_without_naming_a_column(people, through, refused, leak):
    """A count and a row's being there are personal too, and a text is read by its words."""
    with through("everything", everyone=ALL), refused("is personal, and", NotPermitted):
        LEAKS[leak](Viewing.objects.filter(film=OuterRef("pk")))


def test_impersonal_columns_are_written_in_bulk_and_by_texts_about_nobody(people, through):
    with through("everything", everyone=ALL):
        assert Member.objects.bulk_update([Member(id=1, theme="red")], ["theme"]) == 1
        assert Member.objects.filter(email="x").update(theme="blue") == 0
        assert Film.objects.update(note=RawSQL("'it is ' || title", ())) == 1
        same = Film.objects.filter(pk=OuterRef("pk"), minutes__gt=0).order_by("minutes")
        assert Film.objects.update(note=Subquery(same.values("title")[:1])) == 1
        none = Film.objects.filter(pk__in=[])
        assert Film.objects.update(minutes=Coalesce(Subquery(none.values("minutes")), 1)) == 1


def test_an_expression_does_not_dodge_the_keys_of_a_json_column(people, through, refused):
    for hidden in (JSONObject(shoe_size=Value(1)), F("theme"), RawSQL("theme", ())):
        with through("everything", everyone=ALL), refused("give it a value", NotPermitted):
            Member.objects.update(settings=hidden)


def test_a_subject_is_a_value_where_rows_are_filtered(people, through, refused):
    with through("recommend", everyone=ALL), refused("whom a row is about", NotPermitted):
        Viewing.objects.update(member_id=F("film_id"))


def test_json_columns_hold_only_declared_keys(people, through, refused):
    with through("everything", everyone=ALL):
        member = Member.objects.get(id=1)
        member.settings = {"volume": 3}
        member.save()
        member.settings = {"volume": 3, "shoe_size": 42}
        with refused("may hold volume, captions, not shoe_size", NotPermitted):
            member.save()
        with refused("shoe_size", NotPermitted):
            Member.objects.filter(id=1).update(settings={"shoe_size": 1})
        with refused("shoe_size", NotPermitted):
            Member.objects.bulk_update([member], ["settings"])
        with refused("shoe_size", NotPermitted):
            Member.objects.create(id=9, settings={"shoe_size": 1})


def test_a_newcomer_is_born_at_a_narrowed_door(people, through, refused):
    with through("service", me=None) as scope:
        Member.objects.create(id=77, name="Dee")
        assert scope.life.subject == 77
        assert [m.name for m in Member.objects.all()] == ["Dee"]
        with refused("somebody other", PersonRefuses):
            Member.objects.create(id=78)


@pytest.mark.parametrize("conflicts", ["raise", "ignore", "update"])
def test_nobody_becomes_who_is_there_already(people, through, refused, conflicts):
    """A row that was there is no birth, by whichever verb somebody unknown asks for it."""
    upsert = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": ["name"]}
    options = {"ignore": {"ignore_conflicts": True}, "update": upsert}.get(conflicts)
    with through("service", me=None) as scope:
        if options is None:
            with pytest.raises(IntegrityError), transaction.atomic():
                Member.objects.get_or_create(id=1, defaults={"name": "Eve"})
        else:
            with refused("somebody other", PersonRefuses):
                Member.objects.bulk_create([Member(id=1, name="Eve")], **options)
        assert scope.life.subject is None
        assert not Member.objects.exists()
    with through("service", me=1):
        assert Member.objects.get().name == "Ann"


# --- objects carry nothing across purposes ------------------------------------------------------


def test_personal_instances_and_querysets_refuse_pickling(people, through, refused):
    with through("everything", everyone=ALL):
        member = Member.objects.get(id=1)
        with refused("cinema.Member is personal, so it cannot be pickled"):
            pickle.dumps(member)
        with refused("cannot be pickled"):
            pickle.dumps(Member.objects.all())
        with refused("cannot be pickled"):
            raw_cache.set("x", [member])
        twin = copy.copy(member)
        twin.name = "Twin"
        assert (member.name, copy.deepcopy(member)) == ("Ann", member)
        assert len(copy.copy(Member.objects.all())) == 3
    film = Film.objects.get()
    assert pickle.loads(pickle.dumps(film)) == film
    assert len(pickle.loads(pickle.dumps(Film.objects.all()))) == 1


def test_rows_that_were_read_for_one_page_are_not_given_to_another(people, through, refused):
    """A queryset in a module keeps what it read: the next person at the door was shown it."""
    kept, films = Viewing.objects.order_by("pk"), Film.objects.all()
    with through("playback", me=1, may=["service"]):
        assert [each.member_id for each in kept] == [1]
        assert len(films) == 1
        with entering("service"):
            assert len(kept) == 1, "it is the same page"
    assert len(kept) == 1, "nobody asks"
    with through("playback", me=2):
        for way in (list, len, bool, lambda rows: rows[0], type(kept).count, type(kept).exists):
            with refused("were read behind another door", NotPermitted):
                way(kept)
        assert [each.member_id for each in kept.all()] == [2]
        assert len(films) == 1, "about nobody"


def test_columns_loaded_late_compile_under_the_purpose_of_the_moment(people, through, refused):
    with through("service", me=1, may=["playback"]):
        member = Member.objects.defer("email").only("state").get()
        assert member.email == "ann@example.org"
    with through("playback", me=1):
        member = Member.objects.only("state").get()
        with refused("contact.email, which playback may not use"):
            _ = member.email


def test_public_rows_are_the_models_own_condition(people, through):
    with through("community", me=2):
        mine = Review.objects.values_list("author_id", "state").order_by("author_id", "state")
        assert list(mine) == [(1, "published"), (2, "draft"), (2, "published"), (3, "published")]
        joined = Member.objects.filter(review__state="draft")
        assert [m.pk for m in joined.only("id")] == [2]
