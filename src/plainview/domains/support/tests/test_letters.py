"""Writing to the service: a question reaches the desk, a copyright notice becomes a case there."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from tests.people import HERE

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film
from plainview.domains.support.models import CopyrightNotice
from plainview.privacy.policies import in_force
from plainview.privacy.requests.models import Request

pytestmark = pytest.mark.django_db
NOTICE = {
    "work": "Harbour Lights, a film of 2026",
    "where": "http://testserver/watch/k7m2x9q4rd3w/ from minute 3",
    "name": "Ines Calder",
    "email": "ines@rights.example",
    "address": "",
    "faith": "on",
    "accurate": "on",
}
QUESTION = {"topic": "refund", "text": "I paid twice.", "email": "viewer@example.org"}


def send(path: str, said: dict[str, str], client: Client | None = None, **headers: str):
    return (client or Client()).post(path, said, headers={**HERE, **headers}, follow=True)


def received(response) -> str:
    """The number that the page shows after a letter was sent."""
    assert response.status_code == 200
    return re.search(r'<strong><bdi dir="ltr">(\w+)</bdi>', response.content.decode())[1]


class TestNotices:
    def test_p2_9a_sent_twice_it_is_one_notice_and_decided_once(self):
        first = received(send("/legal/copyright/", NOTICE))
        told = len(mail.outbox)
        assert received(send("/legal/copyright/", NOTICE)) == first
        assert CopyrightNotice.objects.count() == 1
        assert len(mail.outbox) == told
        other = NOTICE | {"where": f"{NOTICE['where']} and minute 9"}
        assert received(send("/legal/copyright/", other)) != first

    def test_p2_9a_a_stranger_sends_one_and_gets_a_receipt(self):
        client = Client()
        response = send("/legal/copyright/", NOTICE, client)
        number = received(response)
        kept = CopyrightNotice.objects.get()
        assert (kept.number, kept.work, kept.state) == (number, NOTICE["work"], "open")
        assert kept.subject > 0
        receipt, arrived = mail.outbox
        assert receipt.to == [NOTICE["email"]]
        assert arrived.to == [in_force().controller.email]
        assert number in receipt.subject and number in arrived.body
        assert not client.cookies, "P1.2.6a: a letter needs no cookie"

    def test_the_mails_repeat_nothing_that_was_typed(self):
        send("/legal/copyright/", NOTICE)
        for each in mail.outbox:
            for typed in (NOTICE["work"], NOTICE["where"], NOTICE["name"]):
                assert typed not in each.body + each.subject
        assert NOTICE["email"] not in mail.outbox[1].body

    def test_loading_the_receipt_again_sends_nothing_and_a_forged_one_shows_nothing(self):
        client = Client()
        response = send("/legal/copyright/", NOTICE, client)
        address = response.redirect_chain[-1][0].partition("#")[0]
        assert received(client.get(address))
        assert CopyrightNotice.objects.count() == 1
        assert "has arrived" not in client.get("/legal/copyright/?received=x").content.decode()

    @pytest.mark.parametrize("missing", ["work", "where", "name", "email", "faith", "accurate"])
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, missing):
        response = send("/legal/copyright/", NOTICE | {missing: ""})
        page = response.content.decode()
        assert response.status_code == 422
        assert "Without" in page
        for key in ("work", "where", "name", "email"):
            assert key == missing or NOTICE[key] in page
        assert not CopyrightNotice.objects.exists()
        assert not mail.outbox

    def test_a_page_of_somebody_else_sends_none(self):
        response = send("/legal/copyright/", NOTICE, **{"sec-fetch-site": "cross-site"})
        assert response.status_code == 403
        assert not CopyrightNotice.objects.exists()

    def test_after_ten_in_an_hour_a_client_is_asked_to_wait_and_keeps_its_words(self):
        for number in range(10):
            received(send("/legal/copyright/", NOTICE | {"where": f"/watch/{number}/"}))
        response = send("/legal/copyright/", NOTICE)
        assert response.status_code == 429
        assert NOTICE["work"] in response.content.decode()
        assert CopyrightNotice.objects.count() == 10

    def test_p1a_a_member_finds_their_own_under_your_privacy_and_nobody_elses(self, client):
        member = User.objects.create_user("viewer@example.org", "a long sentence of words")
        client.force_login(member)
        form = client.get("/legal/copyright/").content.decode()
        assert 'value="viewer@example.org"' in form
        send("/legal/copyright/", NOTICE | {"work": "The Paper Kite"}, client)
        send("/legal/copyright/", NOTICE)
        page = client.get("/privacy/held/moderation.reports/").content.decode()
        assert "The Paper Kite" in page
        assert NOTICE["work"] not in page


class TestDesk:
    @pytest.fixture
    def number(self) -> str:
        return received(send("/legal/copyright/", NOTICE))

    def desk(self, at_desk, role: str = "moderator") -> Client:
        return at_desk(User.objects.create_user("desk@example.org", "a good sentence", roles=role))

    def test_a_moderator_reads_it_and_decides_with_a_reason_that_is_mailed(self, number, at_desk):
        desk = self.desk(at_desk)
        listed = desk.get("/desk/copyright/").content.decode()
        assert number in listed
        assert NOTICE["work"] not in listed and NOTICE["email"] not in listed
        page = desk.get(f"/desk/copyright/{number}/").content.decode()
        assert NOTICE["work"] in page and NOTICE["email"] in page
        mail.outbox.clear()
        said = {"state": "upheld", "reason": "It is your film."}
        response = desk.post(f"/desk/copyright/{number}/settle/", said, follow=True)
        assert "its sender is told" in response.content.decode()
        assert CopyrightNotice.objects.get().state == "upheld"
        [told] = mail.outbox
        assert told.to == [NOTICE["email"]]
        assert "It is your film." in told.body and "upheld" in told.body

    def test_the_list_names_the_title_whose_page_an_open_notice_has(self, number, at_desk):
        film = add_film(name="Walk by the harbour")
        there = f"http://testserver/watch/{film.key}/"
        send("/legal/copyright/", NOTICE | {"where": f"The whole of {there}"})
        listed = self.desk(at_desk).get("/desk/copyright/").content.decode()
        assert "Walk by the harbour" in listed and "None of ours is named" in listed
        assert there not in listed

    def test_it_is_decided_once(self, number, at_desk):
        desk = self.desk(at_desk)
        address = f"/desk/copyright/{number}/settle/"
        desk.post(address, {"state": "refused", "reason": "It is not yours."})
        again = desk.post(address, {"state": "upheld", "reason": "It is, by the contract."})
        assert again.status_code == 409
        assert "Nothing was changed" in again.content.decode()
        assert "It is, by the contract." in again.content.decode(), "what was typed is kept"
        assert CopyrightNotice.objects.get().state == "refused"
        gone = desk.post(
            "/desk/copyright/none/settle/", {"state": "upheld", "reason": "Whatever it is."}
        )
        assert gone.status_code == 404

    def test_a_decision_without_a_reason_is_not_taken(self, number, at_desk):
        said = {"state": "upheld", "reason": ""}
        response = self.desk(at_desk).post(f"/desk/copyright/{number}/settle/", said)
        assert response.status_code == 422
        assert '<option value="upheld" selected>' in response.content.decode()
        assert CopyrightNotice.objects.get().state == "open"

    def test_others_find_nothing_there(self, number, at_desk, client):
        assert self.desk(at_desk, "editor").get("/desk/copyright/").status_code == 403
        member = User.objects.create_user("member@example.org", "a good sentence")
        client.force_login(member)
        assert client.get("/desk/copyright/").status_code == 404
        assert Client().get("/desk/copyright/").status_code == 302


class TestQuestions:
    def test_p12b_a_question_reaches_the_desk_and_is_kept_nowhere_else(self):
        number = received(send("/help/", QUESTION))
        [sent] = mail.outbox
        assert sent.to == [in_force().controller.email]
        assert sent.reply_to == [QUESTION["email"]]
        assert number in sent.subject
        assert sent.body == QUESTION["text"]

    def test_p10e_a_question_in_which_a_child_says_so_is_a_request_of_theirs(self):
        send("/help/", QUESTION)
        assert not Request.objects.exists()
        assert received(send("/help/", QUESTION | {"text": "How do I stop this? I am 15."}))
        [row] = Request.objects.all()
        assert (row.kind, row.contact) == ("minor-remedy", QUESTION["email"])
        officer = in_force().controller.officer
        assert [each for each in mail.outbox if officer in each.to and row.number in each.body]

    @pytest.mark.parametrize("missing", QUESTION)
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, missing):
        response = send("/help/", QUESTION | {missing: ""})
        assert response.status_code == 422
        page = response.content.decode()
        assert missing == "text" or QUESTION["text"] in page
        assert not mail.outbox

    def test_a_header_cannot_be_smuggled_in(self):
        response = send("/help/", QUESTION | {"email": "a@b.example\nBcc: all@b.example"})
        assert response.status_code == 422
        assert not mail.outbox


def test_what_a_claimant_wrote_is_shown_in_their_language_and_direction(desk):
    """A screen reader speaks it as what it is, and Arabic begins at the right."""
    given = {each: NOTICE[each] for each in ("name", "email")} | {"language": "ar"}
    row = CopyrightNotice.objects.create(subject=1, **given, work="فيلمي", where="هنا /watch/x/")
    page = desk.get(f"/desk/copyright/{row.number}/").content.decode()
    for words in ("فيلمي", "هنا /watch/x/"):
        assert re.search(rf'lang="ar" dir="auto">{words}<', page), words
