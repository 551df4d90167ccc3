"""What a standing notice holds down stays so by every door, and comes back on its day."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import HERE

from plainview.domains.catalogue.document import document_of, plain
from plainview.domains.catalogue.models import Title
from plainview.domains.staff.tests.test_editing import form, upload
from plainview.domains.support.models import CopyrightNotice, CounterNotice
from plainview.domains.support.services import telling
from plainview.domains.support.tests.test_takedowns import (
    answer,
    film,
    follow_url,
    on,
    shown,
    upheld,
)
from plainview.platform.jobs import worker
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_p2_9a_what_a_notice_holds_down_no_editor_puts_back(uploader, desk, at_desk):
    """By none of the desk's ways; once the notice falls, by each."""
    title = film(uploader)
    slug = title.slug
    upheld(desk, title)
    editor = at_desk(uploader, Client())
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    address = f"/desk/titles/{slug}/"
    there = plain(document_of(Title.objects.get(pk=title.pk)))
    shown_again = there | {"published_at": timezone.now().isoformat()}

    def put_back(way: str) -> str:
        if way == "button":
            done = editor.post(f"{address}publishing/", {"act": "publish"}, follow=True)
        elif way == "many":
            many = {"slugs": [slug], "act": "publish"}
            done = editor.post("/desk/titles/", many, follow=True)
        elif way == "undo":
            last = title.revisions.latest("pk").pk
            done = editor.post(f"{address}history/", {"revision": last}, follow=True)
        elif way == "form":
            typed = form(**{"name:en": title.name.text, "published_at": now})
            done = editor.post(f"{address}edit/", typed)
        else:
            done = upload(editor, json.dumps({"titles": [shown_again]}).encode())
        return done.content.decode()

    for way in ("button", "form", "many", "undo", "import"):
        assert "A copyright notice holds this title down." in put_back(way), way
        assert not shown(title), way
    page = editor.get(address).text
    assert "A copyright notice holds this title down." in page and 'value="publish"' not in page
    Client().post(follow_url(), {"act": "withdraw"}, headers=HERE)
    assert shown(title), "it comes back by itself"


def test_p2_9a_a_title_goes_and_comes_back_whatever_else_is_wrong_with_it(uploader, desk):
    """Its poster was lost from the disk: an editor is told, and nobody's claim waits for it."""
    title = film(uploader)
    Title.objects.filter(pk=title.pk).update(poster="lost.webp")
    upheld(desk, title)
    assert not shown(title)
    Client().post(follow_url(), {"act": "withdraw"}, headers=HERE)
    assert shown(title)


def test_p2_9a_what_was_only_announced_is_announced_again_when_the_notice_falls(uploader, desk):
    """P2.9a: nothing is lost by a notice that its sender takes back."""
    title, since = film(uploader), timezone.now()
    Title.objects.filter(pk=title.pk).update(published_at=None, announced_at=since)
    upheld(desk, title)
    assert Client().get(f"/titles/{title.slug}/").status_code == 404
    Client().post(follow_url(), {"act": "withdraw"}, headers=HERE)
    title.refresh_from_db()
    assert (title.announced_at, title.published_at) == (since, None)
    assert Client().get(f"/titles/{title.slug}/").status_code == 200


def test_p2_9a_what_hinders_one_from_coming_back_keeps_no_other_from_its_day(
    uploader, desk, monkeypatch
):
    titles = [film(uploader, name) for name in ("One", "Two")]
    numbers = [upheld(desk, title) for title in titles]
    for number in numbers:
        answer(uploader, number)
    tell = telling.tell

    def fails(notice: CopyrightNotice, letter: str, **more: object) -> None:
        if notice.number == numbers[0]:
            raise OSError("a letter that can't be written")
        tell(notice, letter, **more)

    monkeypatch.setattr(telling, "tell", fails)
    day = CounterNotice.objects.latest("restores_on").restores_on
    with pytest.raises(ExceptionGroup):
        on(monkeypatch, day)
    assert [shown(title) for title in titles] == [False, True]
    monkeypatch.setattr(telling, "tell", tell)
    on(monkeypatch, day)
    assert shown(titles[0]), "once nothing hinders it"


def test_p9c_an_answer_is_carried_out_though_its_sender_has_left_and_has_its_time(
    uploader, desk, monkeypatch
):
    """P9c, P2.9a: what they set going under 17 U.S.C. 512(g) ends on its day, then it goes."""
    title = film(uploader)
    number = upheld(desk, title)
    answer(uploader, number)
    rights.leave(uploader.pk)
    worker.run_all()
    assert CounterNotice.objects.get().notice == number
    assert not shown(title)
    on(monkeypatch, dt.date(2099, 1, 1))
    assert CopyrightNotice.objects.get(number=number).state == "restored"
    assert shown(title)
    assert "Put back" in Client().get(follow_url()).content.decode()
    sweeping.sweep(dt.date(2102, 1, 1))
    assert not CopyrightNotice.objects.exists() and not CounterNotice.objects.exists()
