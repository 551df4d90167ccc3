"""Two who send a shared form within the same moment: the second sees what the first wrote."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.models import Collection, Genre
from plainview.domains.staff.forms.shared import SharedForm
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.markup import Markup

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 0.7
"""So many seconds the first waits, between comparing and writing, for the second to do the same."""


def sent_together(
    monkeypatch: pytest.MonkeyPatch, people: list[Client], sent: list[tuple[str, dict[str, Any]]]
) -> list[int]:
    """The statuses of two forms, sent by two people, that are both compared before one is written.

    Where the first keeps the second out, nobody comes while it waits, and it goes on alone.
    """
    both, valid = threading.Barrier(2), SharedForm.is_valid

    def compared(form: SharedForm) -> bool:
        fine = valid(form)
        if fine:
            with suppress(threading.BrokenBarrierError):
                both.wait(TOGETHER)
        return fine

    monkeypatch.setattr(SharedForm, "is_valid", compared)
    answers = [0, 0]

    def save(number: int) -> None:
        try:
            answers[number] = people[number].post(*sent[number]).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def genre() -> tuple[str, str, dict[str, str]]:
    Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    return "/desk/words/genres/drama/", "name:en", {"act": "words"}


def collection() -> tuple[str, str, dict[str, str]]:
    Collection.objects.create(slug="sea", texts={"en": {"name": "The sea"}})
    return "/desk/collections/sea/", "name:en", {"act": "words"}


def episode() -> tuple[str, str, dict[str, str]]:
    video = a_video(a_title("low-tide"))
    return "/desk/titles/low-tide/episodes/", f"{video.key}-name:en", {"video": video.key}


def chapters() -> tuple[str, str, dict[str, str]]:
    video = a_video(a_title("low-tide"))
    return f"/desk/titles/low-tide/parts/{video.key}/", "chapters", {}


@pytest.mark.parametrize("made", [genre, collection, episode, chapters])
def test_of_two_who_save_at_the_same_moment_the_second_sees_the_first(made, at_desk, monkeypatch):
    address, field, sent = made()
    people = [
        at_desk(User.objects.create_user(f"{each}@example.org", roles=Role.EDITOR), Client())
        for each in "ab"
    ]
    page = Markup(people[0].get(address).content.decode())
    hidden = {
        str(each["name"]): str(each.get("value") or "") for each in page.all("input", type="hidden")
    }
    sent = [(address, hidden | sent | {field: f"0:0{number} Words {number}"}) for number in (1, 2)]
    answers = sent_together(monkeypatch, people, sent)
    assert sorted(answers) == [302, 422], "one is written, one is shown what now stands"
