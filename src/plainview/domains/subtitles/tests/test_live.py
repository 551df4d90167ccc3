"""The room: what others do is heard within a second, by the name they show, and nothing is lost."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.live import hub, news
from plainview.domains.subtitles.models import Edition, Note, Presence, Retiming, State
from plainview.domains.subtitles.services.meeting import LASTS
from plainview.domains.subtitles.tests.test_studio_doors import act, first

pytestmark = pytest.mark.django_db


def heard(edition, marks) -> dict | None:
    """What a listener hears who knows as much as `marks`."""
    told = hub.ask([edition.pk], marks)
    return json.loads(told[0][1].split(b"data: ")[1]) if told else None


def test_a_saved_line_a_claim_and_a_cursor_are_heard_once(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    marks: dict[int, news.Mark] = {}
    heard(korean, marks)
    assert heard(korean, marks) is None
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    assert heard(korean, marks)["rows"] == [{"id": first(korean), "version": 1, "text": "안녕"}]
    act(mira, korean, "claim", **{"from": 0})
    act(tom, korean, "here", segment=first(korean))
    told = heard(korean, marks)
    assert [(each["who"], each["from"]) for each in told["claims"]] == [("Mira", 0)]
    assert [(each["who"], each["at"]) for each in told["present"]] == [("Tom", first(korean))]
    assert heard(korean, marks) is None


def test_a_note_is_heard_until_it_is_settled(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    segment, marks = first(korean), {}
    heard(korean, marks)
    for client, said in ((mira, "Formal?"), (tom, "I think so. 👍")):
        client.post(f"/studio/{film.key}/ko/{segment}/", {"note": said})
    assert heard(korean, marks)["notes"] == {str(segment): 2}
    asked = mira.get(f"/studio/{film.key}/ko/changes.json").json()
    assert asked["notes"] == {str(segment): 2}
    for each in Note.objects.all():
        services.settle_note(korean, each.pk, account=each.account_id)
    assert heard(korean, marks)["notes"] == {}


def test_only_what_moved_is_loaded_again(film, korean, mira, tom):
    address = f"/studio/{film.key}/ko/lines.json"
    whole = tom.get(address).json()
    one, two, three = (row["id"] for row in whole["rows"])
    # What was moved before that look may come again, for it may have been saved meanwhile.
    Retiming.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    assert tom.get(f"{address}?after={whole['now']}").json()["rows"] == []
    act(mira, korean, "times", changes=f"[[{two}, 1, 3300, 5000]]")
    act(mira, korean, "merge", segment=two)
    moved = tom.get(f"{address}?after={whole['now']}").json()
    assert [(row["id"], row["start"], row["source"]) for row in moved["rows"]] == [
        (two, 3300, "Is the lamp lit?\nIt is.")
    ]
    assert moved["gone"] == [three]
    act(mira, korean, "part", segment=two, other=three, end=5000)
    back = tom.get(f"{address}?after={moved['now']}").json()
    assert {row["id"] for row in back["rows"]} == {two, three}
    assert back["times"] == sum(
        row["timing"] * row["id"] for row in tom.get(address).json()["rows"]
    )
    for odd in ("never", "9" * 40, "-1"):
        assert len(tom.get(f"{address}?after={odd}").json()["rows"]) == 3, odd
    assert one not in {row["id"] for row in back["rows"]}


def test_two_that_were_joined_are_heard_of_though_one_version_went_as_another_came(
    film, korean, mira, tom
):
    """The others' pages load nothing anew while this sum stays: a merge took one and added one."""
    address = f"/studio/{film.key}/ko/changes.json"
    before = tom.get(address).json()
    first = queries.rows(korean)[0].segment
    act(mira, korean, "merge", segment=first)
    assert tom.get(address).json()["times"] != before["times"]


def test_nobody_is_named_by_more_than_the_name_they_show(film, korean, mira):
    act(mira, korean, "here", segment=first(korean))
    told = json.dumps(heard(korean, {}))
    assert str(mira.account) not in told
    assert "lantern.example" not in told
    assert news.token(korean.pk, mira.account) in told
    assert news.token(korean.pk + 1, mira.account) not in told


def test_the_next_team_hears_of_a_release(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    tom.post(f"/studio/{film.key}/", {"listed": "ar"})
    arabic = Edition.objects.get(language="ar")
    marks: dict[int, news.Mark] = {}
    heard(arabic, marks)
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    services.pass_on(korean.pk, State.REVIEW, account=mira.account)
    services.pass_on(korean.pk, State.RELEASED, account=tom.account)
    states = {each["language"]: each["state"] for each in heard(arabic, marks)["others"]}
    assert states["ko"] == "released"


def test_where_somebody_was_is_forgotten(film, korean, mira):
    act(mira, korean, "here", segment=first(korean))
    Presence.objects.update(seen_at=timezone.now() - LASTS)
    assert heard(korean, {})["present"] == []
    services.forget_absent()
    assert not Presence.objects.exists()
    act(mira, korean, "here", segment=first(korean))
    act(mira, korean, "go")
    assert not Presence.objects.exists()


def test_a_stranger_hears_nothing(film, korean, client):
    assert client.get(f"/studio/{film.key}/ko/live/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_listener_is_told_by_the_process_and_who_comes_too_late_asks_instead(
    film, korean, mira, monkeypatch
):
    monkeypatch.setattr(hub, "TICK", 0.05)
    act(mira, korean, "save", segment=first(korean), version=0, text="안녕")
    answer = mira.get(f"/studio/{film.key}/ko/live/?since=0")
    assert answer["Content-Type"].startswith("text/event-stream")
    stream = iter(answer.streaming_content)
    first_event = next(stream)
    assert b"\\uc548" in first_event
    assert b"retry" in next(stream)
    known = re.match(rb"id: (\d+)\n", first_event)[1].decode()
    for way in ({"query_params": {"since": known}}, {"headers": {"Last-Event-ID": known}}):
        again = mira.get(f"/studio/{film.key}/ko/live/", **way)
        assert b"\\uc548" not in next(iter(again.streaming_content)), "what one has heard"
        again.close()
    act(mira, korean, "save", segment=first(korean), version=1, text="hello")
    until = time.monotonic() + 10
    while b"hello" not in next(stream):
        assert time.monotonic() < until
    monkeypatch.setattr(hub, "MOST", 1)
    assert mira.get(f"/studio/{film.key}/ko/live/").status_code == 503
    answer.close()
    while hub.HUB._thread is not None:
        assert time.monotonic() < until + 10
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_no_event_takes_nobodys_place(film, korean, mira, monkeypatch):
    """A HEAD, or a connection that broke at once, stayed in the room; after 64 nobody got in."""
    monkeypatch.setattr(hub, "MOST", 1)
    address = f"/studio/{film.key}/ko/live/"
    for _ in range(3):
        answer = mira.head(address)
        assert answer.status_code == 200
        answer.close()  # as a server does with each
    listening = hub.HUB.listen(korean.pk, known=0)
    with pytest.raises(hub.Full):
        hub.HUB.listen(korean.pk, known=0)
    del listening  # nobody asked for its first event, and nobody closed it
    answer = mira.get(address)
    assert answer.status_code == 200
    answer.close()
    until = time.monotonic() + 10
    while hub.HUB._thread is not None:
        assert time.monotonic() < until
        time.sleep(0.02)
