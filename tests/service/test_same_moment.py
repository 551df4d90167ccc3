"""Two who make what is there once, in one moment: each gets an answer, and nothing is overwritten.

Both have looked before either writes: the first waits at its INSERT for the second to come there.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import msgspec
import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from tests.people import somebody
from tools.second_factor import code_of

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue import services as catalogue
from plainview.domains.catalogue.document import document_of
from plainview.domains.catalogue.models import Collection, Genre, Person, Tag, Title
from plainview.domains.subtitles.models import Edition, Proposal, Withheld
from plainview.domains.subtitles.services import proposing, tracks
from plainview.platform.media import Outline
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Bringing, Copy, Request
from plainview.privacy.rights.bringing import services as bringing
from plainview.web.tests.conftest import a_title, a_video, lines

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_case]
TOGETHER = 0.7
"""So many seconds the first waits: where a transaction keeps the second out, nobody comes."""
PASSWORD = "a lantern in the rain"


def at_once(verb: str, table: str, *acts: Callable[[], Any]) -> list[Any]:
    """What two acts return or raise that have both looked before either does `verb` to `table`."""
    both, results, came = threading.Barrier(2), dict[int, Any](), set[int]()

    def run(number: int) -> None:
        def write(execute: Any, sql: str, *given: Any) -> Any:
            if f'{verb} "{table}"' in sql and number not in came:
                came.add(number)
                with suppress(threading.BrokenBarrierError):
                    both.wait(TOGETHER)
            return execute(sql, *given)

        try:
            with duty("fixture"), connection.execute_wrapper(write):
                results[number] = acts[number]()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert came, f"nobody came to {verb} {table}"
    return [results[0], results[1]]


def posted(table: str, address: str, *tabs: tuple[Client, dict[str, str]]) -> list[int]:
    """The statuses of two forms sent at once, the smaller first."""
    for client, _form in tabs:
        client.raise_request_exception = False
    acts = [partial(client.post, address, form) for client, form in tabs]
    found = at_once("INTO", table, *acts)
    return sorted(getattr(each, "status_code", 500) for each in found)


@pytest.fixture
def editors(at_desk) -> list[Client]:
    return [
        at_desk(User.objects.create_user(f"{each}@example.org", roles=Role.EDITOR), Client())
        for each in "ab"
    ]


@pytest.fixture
def tabs() -> list[Client]:
    """Two browsers of one person, who typed the password in each a moment ago."""
    user = somebody("ines@example.org", PASSWORD)
    made = [Client(headers={"Origin": "http://testserver"}) for _each in range(2)]
    for each in made:
        each.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return made


@pytest.mark.parametrize(("kind", "model"), [("people", Person), ("genres", Genre), ("tags", Tag)])
def test_of_two_who_make_words_of_one_name_the_second_is_told(editors, kind, model):
    sent = [(each, {"name:en": "Drama"}) for each in editors]
    assert posted(model._meta.db_table, f"/desk/words/{kind}/", *sent) == [302, 422]
    assert model.objects.count() == 1


def test_of_two_who_make_a_collection_of_one_name_neither_changes_the_words_of_the_other(editors):
    sent = [
        (each, {"name:en": "The sea", "description:en": said})
        for each, said in zip(editors, ("Salt", "Tides"), strict=True)
    ]
    assert posted("catalogue_collection", "/desk/collections/", *sent) == [302, 422]
    assert Collection.objects.get().texts["en"]["description"] in ("Salt", "Tides")


def test_two_films_of_one_name_that_come_together_have_addresses_of_their_own():
    add = partial(catalogue.add_film, name="Low tide")
    found = at_once("INTO", "catalogue_title", add, add)
    assert {each.title.texts["en"]["name"] for each in found} == {"Low tide"}
    assert Title.objects.count() == 2


def test_a_title_that_two_files_bring_at_once_is_there_once():
    document = msgspec.structs.replace(document_of(a_title("low-tide")), slug="high-tide")
    save = partial(catalogue.save, document)
    found = at_once("INTO", "catalogue_title", save, save)
    assert not [each for each in found if isinstance(each, Exception)]
    assert found.count(None) == 1, "the second changes nothing"


def test_subtitles_that_two_notices_take_off_at_once_are_kept_whole():
    video = a_video(a_title("low-tide"))
    lines(video, "en", "English", ["one", "two"])
    withhold = partial(tracks.withhold, video, "en")
    assert at_once("INTO", "subtitles_withheld", withhold, withhold) == [[], []]
    assert len(Withheld.objects.get().lines) == 2
    assert not video.tracks.exists()


def test_two_languages_that_ask_for_a_first_segmentation_at_once_have_one(monkeypatch):
    video = a_video(a_title("low-tide"))
    heard = Outline(Fraction(25), 60_000, (), ((1000, 3000),))
    monkeypatch.setattr(proposing.playback, "outline_of", lambda package: heard)
    asks = [
        partial(
            proposing.propose,
            Edition.objects.create(video=video, language=each, limits="house@1"),
            account=1,
            manages=True,
        )
        for each in ("ko", "ja")
    ]
    found = at_once("INTO", "subtitles_proposal", *asks)
    assert not [each for each in found if isinstance(each, Exception)]
    assert Proposal.objects.count() == 1


def test_p5_2_1_2a_a_copy_asked_for_in_two_tabs_is_made_once(tabs):
    for each in tabs:
        each.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sent = [(each, {}) for each in tabs]
    assert posted("privacy_copy", "/privacy/copy/", *sent) == [302, 302]
    assert Copy.objects.count() == 1


def test_what_is_brought_in_two_tabs_is_the_last(tabs):
    begin = partial(bringing.begin, User.objects.get().pk, Bringing.State.INVITED)
    found = at_once("INTO", "privacy_bringing", begin, begin)
    assert not [each for each in found if isinstance(each, Exception)]
    assert Bringing.objects.count() == 1


def test_an_address_that_is_given_in_two_tabs_waits_once(tabs):
    for each in tabs:
        each.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sent = [(each, {"action_add": "", "email": "new@example.org"}) for each in tabs]
    assert max(posted("account_emailaddress", "/accounts/email/", *sent)) < 500
    assert EmailAddress.objects.filter(verified=False).count() == 1


def test_an_address_that_two_confirm_at_once_is_of_one_of_them():
    links = []
    for name in "ab":
        user = User.objects.create_user(f"{name}@example.org", PASSWORD)
        new = EmailAddress.objects.create(user=user, email="new@example.org")
        links.append(f"/accounts/confirm-email/{EmailConfirmationHMAC(new).key}/")
    clients = [Client(raise_request_exception=False) for _each in links]
    acts = [partial(each.post, link) for each, link in zip(clients, links, strict=True)]
    found = at_once("UPDATE", "account_emailaddress", *acts)
    assert max(each.status_code for each in found) < 500
    assert EmailAddress.objects.filter(email="new@example.org", verified=True).count() == 1


def test_codes_of_an_app_turned_on_in_two_tabs_are_on_once(tabs):
    sent = []
    for each in tabs:
        each.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = each.get("/accounts/security/totp/activate/").content.decode()
        secret = re.search(r"\b[A-Z2-7]{32}\b", page.replace(" ", ""))
        assert secret is not None
        sent.append((each, {"code": code_of(secret[0])}))
    address = "/accounts/security/totp/activate/"
    assert posted("mfa_authenticator", address, *sent) == [302, 302]
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


@pytest.mark.parametrize("kind", ["delete", "correct", "restrict"])
def test_p5_2a_of_what_is_asked_in_two_tabs_one_request_speaks_for_the_other(tabs, kind):
    """P5.2a: each was begun, and a third at once with a fourth was an error of ours."""
    sent = [(each, {"kind": kind, "words": "Please do."}) for each in tabs]
    for _again in range(2):
        assert posted("privacy_request", "/privacy/requests/new/", *sent) == [302, 302]
    states = list(Request.objects.values_list("state", flat=True))
    assert len(states) == 4
    assert states.count("joined") == 3


def test_p5_2a_what_contradicts_a_deletion_of_the_same_moment_waits_for_a_person(tabs):
    sent = [(each, {"kind": kind}) for each, kind in zip(tabs, ("delete", "correct"), strict=True)]
    assert posted("privacy_request", "/privacy/requests/new/", *sent) == [302, 302]
    assert list(Request.objects.values_list("by_hand", flat=True)) == [True, True]
