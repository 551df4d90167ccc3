"""Beside the ORM no more is carried: sessions, the cache, errors, events, and what a trace says."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Cast
from tests.gate.cinema.models import Film, Member, Rating, Viewing
from tests.gate.policy import CINEMA
from tests.gate.settings import ENGINE
from tests.gate.test_semantics import ALL

from plainview.privacy import events, sessions, tracing
from plainview.privacy.caching import cache, forget
from plainview.privacy.gate import filters
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import PersonRefuses, Refused
from plainview.privacy.models import Session, Standing, Withheld
from plainview.privacy.used import Used, read, used

# --- stores beside the ORM ----------------------------------------------------------------------


def test_session_keys_are_a_closed_list(people, client, refused):
    store = sessions.SessionStore()
    with refused("the session may not hold shoe_size"):
        store["shoe_size"] = 42
    with refused("shoe_size"):
        store.update({"shoe_size": 42})
    with refused("shoe_size"):
        store.setdefault("shoe_size", 42)
    store["_auth_user_id"] = "1"
    store.save()
    assert sessions.SessionStore(store.session_key)["_auth_user_id"] == "1"
    store._session["shoe_size"] = 42
    with refused("shoe_size"):
        store.save()
    with refused("no purpose"):
        Session.objects.count()
    assert client.get("/session/", headers={"X-Member": "1"}).status_code == 200
    store.delete()
    assert sessions.SessionStore(store.session_key).load() == {}


def test_the_cache_has_a_shelf_for_each_category_and_person(people, through, refused):
    with through("playback", me=1):
        cache("viewing.history", 1).set("last", [1, 2])
        assert cache("viewing.history", 1).get("last") == [1, 2]
        with refused("is not for this purpose"):
            cache("contact.email", 1).get("x")
        with refused("somebody other"):
            cache("viewing.history", 2).get("last")
    with through("recommend", everyone=ALL):
        assert cache("viewing.history", 1).get("last") == [1, 2]
        with refused("does not permit it", PersonRefuses):
            cache("viewing.history", 2).get("last")
    with refused("no purpose"):
        cache("viewing.history", 1).get("last")
    forget(1)
    with through("playback", me=1):
        assert cache("viewing.history", 1).get("last") is None
        with refused("cannot be pickled"):
            cache("viewing.history", 1).set("rows", Viewing.objects.get())


def test_the_cache_is_as_strict_as_the_request_and_as_what_is_withheld(people, through, refused):
    with through("recommend", me=1) as scope:
        shelf = cache("viewing.history", 1)
        shelf.set("last", [1])
        scope.life.find_permitted = lambda: 0
        with refused("does not permit it", PersonRefuses):
            shelf.get("last")
    with duty("fixture"):
        bit = 1 << CINEMA.bit("recommend")
        Standing.objects.filter(subject=1).update(permitted=bit | filters.WITHHOLDS)
        Withheld.objects.create(subject=1, category="viewing.history", purposes=bit)
    with through("recommend", everyone=ALL):
        with refused("does not permit it", PersonRefuses):
            shelf.get("last")
        cache("ratings.stars", 1).set("mean", 3)


# --- errors don't speak -------------------------------------------------------------------------


def test_errors_and_query_logs_carry_no_values(people, through, caplog):
    secret = "ann-secret@example.org"
    connection.force_debug_cursor = True
    try:
        with (
            through("everything", everyone=ALL),
            caplog.at_level(logging.DEBUG, "django.db.backends"),
        ):
            Member.objects.filter(id=1).update(email=secret)
            list(Member.objects.filter(email=secret))
            with pytest.raises(IntegrityError) as caught, transaction.atomic():
                Rating.objects.bulk_create(
                    [Rating(member_id=1, film=people, stars=77123) for _ in range(2)]
                )
            with pytest.raises(IntegrityError) as again, transaction.atomic():
                Member.objects.create(id=1, email=secret)
        said = "".join(record.getMessage() for record in caplog.records)
        said += "".join(query["sql"] for query in connection.queries_log)
        for error in (caught.value, again.value):
            while error is not None:
                said += str(error) + repr(error) + "".join(getattr(error, "__notes__", []))
                error = error.__cause__
        assert "UPDATE" in said and "cinema_rating" in said
        assert secret not in said and "77123" not in said
        assert "DETAIL" not in said and "(1" not in said.replace("(1,", "")
    finally:
        connection.force_debug_cursor = False


@pytest.mark.skipif(ENGINE != "postgresql", reason="SQLite's messages name no values")
def test_data_errors_of_postgresql_name_no_values(people, through):
    from django.db import DataError

    with through("everything", everyone=ALL):
        with pytest.raises(DataError) as caught, transaction.atomic():
            list(Member.objects.annotate(n=Cast("email", Film._meta.get_field("minutes"))))
    assert "example.org" not in str(caught.value) + str(caught.value.__cause__)
    assert "22P02" in str(caught.value)


def test_a_swallowed_refusal_is_still_heard(people, through, request):
    with through("playback", everyone=ALL):
        try:
            Rating.objects.count()
        except Exception:
            assert len(request.node.refusals) == 1
    request.node.refusals.clear()


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watched:
    """Somebody watched a film."""

    subject: int
    film: int


@dataclass(frozen=True)
class Wrote:
    """Somebody wrote to somebody."""

    subjects: tuple[int, int]


@pytest.mark.django_db(transaction=True)
def test_events_reach_only_whose_purpose_is_permitted(people, through, refused, monkeypatch):
    """P1.2.3a: news is delivered to subscribers whose purpose this person permits."""
    table = events.Subscriptions()
    monkeypatch.setattr(events, "subscriptions", table)
    heard = []

    def learn(event):
        heard.append(("learn", event.subject, Viewing.objects.count()))

    def fail(event):
        raise ZeroDivisionError

    def count(event):
        heard.append(("count", event.subject, Viewing.objects.count()))

    def digest(event):
        heard.append(("digest", event.subjects))

    table.hears(Watched, "recommend", learn)
    table.hears(Watched, "playback", fail)
    table.hears(Watched, "playback", count)
    table.hears(Wrote, "digest", digest)
    with through("playback", everyone=ALL):
        for key in (1, 2, 3):
            events.publish(Watched(subject=key, film=people.pk))
    assert heard == [("learn", 1, 1), ("count", 1, 1), ("count", 2, 1), ("count", 3, 1)]
    heard.clear()
    with through("community", everyone=ALL):
        events.publish(Wrote((1, 2)))
        events.publish(Wrote((1, 1)))
    assert heard == [("digest", (1, 1))]
    heard.clear()
    with through("playback", everyone=ALL):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.publish(Watched(subject=1, film=1))
            raise ZeroDivisionError
    assert heard == []
    with refused("no purpose"):
        events.publish(Watched(subject=1, film=1))
    with through("playback"), refused("nothing of whom it is about"):
        events.publish(Watched(subject=None, film=1))


# --- what this page used, and the trace ---------------------------------------------------------


def test_what_this_page_used(people, client, through):
    token = client.get("/record/", headers={"X-Member": "2"}).content.decode()
    assert Used("playback", "viewing.history", 1) in read(token)
    with pytest.raises(signing.BadSignature):
        read(token[:-1] + ("a" if token[-1] != "a" else "b"))
    with through("playback", everyone=ALL, may=["recommend"]) as scope:
        list(Viewing.objects.values("minutes"))
        list(Viewing.objects.values("minutes"))
        Film.objects.count()
        list(ContentType.objects.all())
    assert used(scope.life) == [
        Used("playback", "viewing", 6),
        Used("playback", "viewing.history", 6),
    ]


def test_a_trace_says_what_a_door_touches_and_proposes(people):
    found = tracing.trace("/overreach/?x=1", subject=1)
    assert found.door.purpose == "playback"
    assert "cinema_member.email" in found.columns
    assert found.proposal == '@serves("service", source="…")'


def test_a_view_that_is_no_door_yet_is_traced_too(people):
    found = tracing.trace("/no-door/", subject=1)
    assert found.door.purpose == ""
    assert found.proposal == '@serves("playback", source="…")'


def test_a_trace_takes_back_what_the_door_writes(people):
    with duty("audit"):
        before = Session.objects.count()
    tracing.trace("/session/", subject=1)
    with duty("audit"):
        assert Session.objects.count() == before


def test_proposals():
    """A trace proposes the purpose that fits what was touched, or says that there is none."""
    assert tracing.propose({"viewing.history"}) == '@serves("playback", source="…")'
    assert "no purpose uses shoe.size" in tracing.propose({"viewing.history", "shoe.size"})


def test_refusals_are_no_database_errors():
    assert not issubclass(Refused, (ValueError, IntegrityError, PermissionError))
