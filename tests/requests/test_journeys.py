"""Requests as people make them, by every door: P5.2a, P5.2b, P5.2d, P5.2e."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from msgspec.structs import replace
from tests.requests.conftest import ASKS, OFFICER, latest, link_in, member, permits, signed_in

from plainview.privacy import permissions
from plainview.privacy.consent import connected
from plainview.privacy.consent.models import Answer
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.policies import in_force
from plainview.privacy.requests import carrying, numbers, services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Evidence, Proof, Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def steps(row: Request) -> list[str]:
    return list(row.events.order_by("seq").values_list("step", flat=True))


def test_the_form_needs_neither_account_nor_script(stranger):
    """P5.2b: the words of the American laws are recognised and never required."""
    page = stranger.get(ASKS)
    assert page.status_code == 200 and "<script" not in page.content.decode().split("<form")[1]
    sent = {"words": "I use My State Privacy Rights: what do you hold?", "kind": "access"}
    stranger.post(ASKS, sent | {"contact": "ada@elsewhere.example"})
    assert latest().residence == "US"
    stranger.post(ASKS, {"kind": "access", "words": "Please.", "contact": "bo@elsewhere.example"})
    assert latest().residence == ""
    state = stranger.get(f"{ASKS}state/").content.decode()
    assert in_force().mail.state_rights in state and state.index("US-CA") < state.index('"DE"')


def test_p5_2b_the_american_door_is_led_to_and_what_is_said_there_is_not_lost(
    placed, stranger, mira
):
    """P5.2b: abroad, where the form offers another country; signed in, with no home known."""
    words = in_force().mail.state_rights
    assert f'href="{ASKS}state/">{words}</a>' in stranger.get(ASKS).content.decode()
    abroad = {"kind": "access", "residence": "DE", "contact": "ada@elsewhere.example"}
    for address, more in ((f"{ASKS}state/", {}), (ASKS, {"words": f"{words}, please."})):
        stranger.post(address, abroad | more, headers={"x-place": "DE"})
        row = latest()
        assert (row.place, row.residence) == ("DE", "US"), address
    stranger.post(f"{ASKS}state/", abroad | {"residence": "FR"}, headers={"x-place": "DE"})
    assert latest().residence == "FR", "they said so"
    permissions.change(mira.pk, lambda facts: replace(facts, residence=None))
    client = signed_in(mira)
    page = client.get(f"{ASKS}state/", follow=True)
    typed = page.context["form"]["words"].value()
    client.post(page.request["PATH_INFO"], {"kind": "access", "words": typed})
    assert latest().residence == "US"


def test_what_cannot_be_sent_is_said_and_kept(stranger):
    page = stranger.post(ASKS, {"contact": "not an address", "words": "My copy, please."})
    assert page.status_code == 422 and "My copy, please." in page.content.decode()
    page = stranger.post(ASKS, {"contact": "ada@elsewhere.example"})
    assert page.status_code == 422 and not Request.objects.exists()


def test_a_link_to_the_address_shows_who_asks(stranger):
    """P5.2e: a mail loop, once, that a mail program can't spring."""
    page = stranger.post(ASKS, {"kind": "access", "contact": "ada@elsewhere.example"}, follow=True)
    row = latest()
    assert row.number in page.content.decode()
    assert numbers.secret(row.pk) not in page.content.decode()
    assert row.state == State.IDENTIFYING
    link = link_in(mail.outbox[-1])
    stranger.get(link)
    assert latest().state == State.IDENTIFYING
    stranger.post(link)
    assert (latest().state, latest().proof) == (State.WORKING, Proof.MAIL)
    assert stranger.post(link).status_code == 422


def test_nothing_tells_whether_somebody_has_an_account(stranger, mira):
    """P5.2e: the same words for a member's address and for one that nobody here has."""
    for kind in ("access", "optout-sale-sharing"):
        seen = []
        for address in (mira.email, "nobody@elsewhere.example"):
            mail.outbox.clear()
            page = stranger.post(ASKS, {"kind": kind, "contact": address}, follow=True)
            row = latest()
            said = [page.content.decode(), *(each.body for each in mail.outbox)]
            status = stranger.get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/")
            said.append(status.content.decode())
            plain = "\n".join(said).replace(row.number, "N").replace(address, "A")
            plain = plain.replace(numbers.secret(row.pk), "S")
            plain = re.sub(r"prove/\w+", "prove/T", plain)
            seen.append(re.sub(r"received(=|%3D)[^\"&\s]+|T\d\d:\d\d:\d\d\S+", "", plain))
        assert seen[0] == seen[1]


def test_an_opt_out_asks_nothing_and_acts_at_once(stranger):
    """P5.2e, P5.2.2.2a: the address is all there is, and the purposes close."""
    user = member("cal", "US-CA")
    assert permits(user, "targeted-ads")
    stranger.post(ASKS, {"kind": "optout-sale-sharing", "contact": user.email})
    row = latest()
    assert row.state == State.ANSWERED and "ask-identity" not in steps(row)
    assert not permits(user, "targeted-ads")
    assert Answer.objects.filter(subject=user.pk, via="request").count() == 1


def test_an_opt_out_of_nobody_in_particular_goes_to_a_person(stranger):
    """What names nobody can't be done by itself, and is not said to be done."""
    page = stranger.post(ASKS, {"kind": "optout-sale-sharing", "words": "Me."}, follow=True)
    assert latest().state == State.WORKING
    assert "That goes for the browser" not in page.content.decode()


def test_a_restriction_sets_aside_until_it_is_settled(mira):
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "restrict", "words": "My name is wrong."})
    assert permissions.read(mira.pk)[0].restrictions and not permits(mira, "personalise-search")
    row = latest()
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="It is mended.")
    assert permissions.read(mira.pk)[0].restrictions
    services.move(row.pk, "close", by=services.By.SERVICE)
    assert not permissions.read(mira.pk)[0].restrictions


def test_p5_2_1_6a_what_was_asked_for_anew_stays_set_aside_when_the_first_request_ends(mira):
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "restrict", "restricts": "accuracy-disputed"})
    first = latest()
    services.move(first.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="It is right.")
    client.post("/privacy/requests/new/", {"kind": "restrict", "restricts": "unlawful"})
    again = latest()
    services.move(first.pk, "close", by=services.By.SERVICE)
    assert [each.ground for each in permissions.read(mira.pk)[0].restrictions] == ["unlawful"]
    services.move(again.pk, "withdraw", by=services.By.PERSON)
    assert not permissions.read(mira.pk)[0].restrictions
    every = services.file(
        services.Asked("restrict", Channel.API, "en", "", mira.pk, proof=Proof.SESSION)
    )
    services.move(every.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="It is right.")
    some = services.Asked("restrict", Channel.API, "en", "", mira.pk, proof=Proof.SESSION,
                 purposes=("recommend",))  # fmt: skip
    services.file(some)
    services.move(every.pk, "close", by=services.By.SERVICE)
    (left,) = permissions.read(mira.pk)[0].restrictions
    assert left.purposes == {"recommend"}


def test_what_others_asked_for_by_their_address_costs_the_end_of_a_restriction_nothing(mira):
    def statements(others: int, address: str) -> int:
        services.file(
            services.Asked("restrict", Channel.API, "en", "", mira.pk, proof=Proof.SESSION)
        )
        row = latest()
        for number in range(others):
            contact = f"{number}{address}"
            services.file(
                services.Asked(
                    "restrict", Channel.FORM, "en", "", contact=contact, proof=Proof.MAIL
                )
            )
        with CaptureQueriesContext(connection) as told:
            carrying.lift(row)
        assert not permissions.read(mira.pk)[0].restrictions
        services.move(row.pk, "withdraw", by=services.By.PERSON)
        return len(told)

    assert statements(1, "@one.example") == statements(6, "@many.example")
    services.file(services.Asked("restrict", Channel.API, "en", "", mira.pk, proof=Proof.SESSION))
    row = latest()
    contact = mira.email.upper()
    services.file(
        services.Asked("restrict", Channel.FORM, "en", "", contact=contact, proof=Proof.MAIL)
    )
    carrying.lift(row)
    assert permissions.read(mira.pk)[0].restrictions, "asked for by their address, it stays"


def test_signed_in_the_copy_is_there_at_once(mira):
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "access"})
    row = latest()
    assert row.state == State.ANSWERED and row.proof == Proof.SESSION
    page = client.get(f"/privacy/requests/{row.number}/").content.decode()
    assert (
        "/privacy/copy/" in page and row.number in client.get("/privacy/requests/").content.decode()
    )
    other = signed_in(member("tom", "DE"))
    assert other.get(f"/privacy/requests/{row.number}/").status_code == 404


def test_who_acts_for_another_shows_that_they_may(stranger):
    """P5.2d: without proof a clear next step, and nothing about the person."""
    sent = {"kind": "access", "contact": "ada@elsewhere.example", "agent": "law@firm.example"}
    stranger.post(ASKS, sent)
    row = latest()
    assert row.state == State.RECEIVED and not row.proof
    assert "signed permission" in mail.outbox[-1].body
    assert [each.to for each in mail.outbox] == [["law@firm.example"]]
    stranger.post(ASKS, sent | {"kind": "delete", "mandate": "Signed on 3 May by Ada."})
    assert Evidence.objects.get(request=latest()).said == "Signed on 3 May by Ada."


def test_what_is_asked_twice_is_joined_and_what_contradicts_waits(stranger, mira):
    client = signed_in(mira)
    for words in ("It says Mirra.", "And the year is wrong."):
        client.post("/privacy/requests/new/", {"kind": "correct", "words": words})
    first, second = Request.objects.order_by("received_at")
    assert (second.state, second.joined_to_id) == (State.JOINED, first.pk)
    assert "And the year is wrong." in first.events.get(step="hear").said
    assert f"as part of the request {first.number}." in mail.outbox[-1].body
    assert first.number in client.get(f"/privacy/requests/{second.number}/").content.decode()
    client.post("/privacy/requests/new/", {"kind": "delete"})
    assert all(
        Request.objects.filter(state__in=(State.WORKING, State.IDENTIFYING)).values_list(
            "by_hand", flat=True
        )
    )
    for _ in range(2):
        stranger.post(ASKS, {"kind": "optout-sale-sharing", "contact": "a@elsewhere.example"})
    assert (
        not Request.objects.filter(contact="a@elsewhere.example").exclude(state="answered").exists()
    )


@pytest.mark.parametrize(
    ("place", "names", "first"),
    [
        ("DE", ["www.bfdi.bund.de", "edpb.europa.eu/about-edpb/about-edpb/members_en"], False),
        ("IS", ["www.personuvernd.is", "edpb.europa.eu/about-edpb/about-edpb/members_en"], False),
        ("US-CA", ["cppa.ca.gov/webapplications/complaint", "oag.ca.gov/contact/"], False),
        ("GB", ["ico.org.uk/make-a-complaint/"], True),
        ("US", ["/legal/place/"], False),
        ("AU", ["/legal/place/"], False),
        ("", ["/legal/place/"], False),
    ],
)
def test_p12d_each_refusal_says_where_to_complain(stranger, place, names, first):
    """P5.2.1.10a, P12d: the page for complaints, in the Union the list too, and never nobody."""
    said = {"kind": "correct", "channel": "letter", "language": "en", "residence": place}
    row = services.file(services.Asked(contact="ada@elsewhere.example", **said))
    mail.outbox.clear()
    refused = {"reason": "law", "said": "A law keeps it."}
    services.move(row.pk, "refuse", by=services.By.OFFICER, **refused)
    page = stranger.get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/").content.decode()
    for each in names:
        assert each in page and each in mail.outbox[0].body
    assert ("It asks you to write to us first" in page) is first


def test_a_child_is_brought_to_somebody_at_once(stranger):
    """P10d."""
    stranger.post(
        ASKS, {"kind": "minor-remedy", "words": "My son is nine.", "contact": "p@x.example"}
    )
    assert latest().escalated_at


def test_an_app_asks_and_follows(mira):
    """P5.2a: by the API, as the account that the app speaks for, and of nobody else."""
    headers = {
        "authorization": f"Bearer {connected.connect(connected.offer(mira.pk), 'Television')}"
    }
    app = Client(headers=headers)
    address = "/api/v1/privacy/requests"
    sent = {"kind": "correct", "words": "It says Mirra."}
    filed = app.post(address, sent, content_type="application/json")
    assert filed.status_code == 201
    number = filed.json()["number"]
    assert [each["number"] for each in app.get(address).json()["requests"]] == [number]
    of_nothing = app.post(address, {"kind": "appeal", "words": "No."}, "application/json")
    assert of_nothing.status_code == 422, "an appeal is of a decision"
    assert Request.objects.count() == 1
    said = app.post(
        f"{address}/{number}",
        {"act": "say", "words": "With one r."},
        content_type="application/json",
    )
    assert said.json()["timeline"][-1]["words"] == "With one r."
    early = app.post(
        f"{address}/{number}", {"act": "appeal", "words": "No."}, content_type="application/json"
    )
    assert early.status_code == 409
    bad = app.post(address, {"kind": "nothing"}, content_type="application/json")
    assert bad.status_code == 422 and Client().get(address).status_code == 401


def test_an_app_writes_no_more_about_a_request_than_a_page_does(mira):
    """The page counts what is written in an hour; by the API a timeline could be filled."""
    cache.clear()
    headers = {
        "authorization": f"Bearer {connected.connect(connected.offer(mira.pk), 'Television')}"
    }
    app, address = Client(headers=headers), "/api/v1/privacy/requests"
    asked = {"kind": "correct", "words": "It says Mirra."}
    filed = app.post(address, asked, content_type="application/json")
    path = f"{address}/{filed.json()['number']}"
    said = {"act": "say", "words": "And?"}
    answers = [app.post(path, said, content_type="application/json") for _ in range(10)]
    assert [each.status_code for each in answers] == [200] * 9 + [429]
    back = app.post(path, {"act": "withdraw"}, content_type="application/json")
    assert back.status_code == 200, "to take it back is nothing written"


def test_shine_the_light_once_a_year(monkeypatch):
    """P5.2.2.3a: the statement at once, and the second time when the next is due."""
    user = member("cal", "US-CA")
    year = timezone.now().year
    Disclosure.objects.create(
        subject=user.pk, recipient="harbour-books", purpose="marketing-partners", state="sent",
        categories="contact.email", basis="consent", country="US",
        queued_at=timezone.make_aware(dt.datetime(year - 1, 5, 3)),
    )  # fmt: skip
    client = signed_in(user)
    client.post("/privacy/requests/new/", {"kind": "shine-the-light"})
    first = latest().events.get(step="answer").said
    assert "Harbour Books" in first
    client.post("/privacy/requests/new/", {"kind": "shine-the-light"})
    assert str(year + 1) in latest().events.get(step="answer").said
    other = signed_in(member("sac", "US-CA"))
    other.post("/privacy/requests/new/", {"kind": "shine-the-light"})
    assert "nobody got your data" in latest().events.get(step="answer").said, "it is each one’s own"


def test_what_is_written_after_the_decision_is_read_by_somebody(mira):
    """Nothing that somebody writes is lost: it opens a request with a day of its own."""
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "access"})
    row = latest()
    client.post(f"/privacy/requests/{row.number}/", {"act": "say", "words": "A page is missing."})
    another = latest()
    assert (another.kind, another.state) == ("", State.RECEIVED) and another.next_on
    assert another.events.get(step="file").said == f"{row.number}: A page is missing."
    assert row.events.get(step="hear").reason == another.number


def test_what_a_link_asks_for_is_chosen_for_whoever_is_signed_in_too(mira, stranger):
    """P5.2a: the notice's links to the form name a right, and lead members to theirs."""
    for client, there in (
        (stranger, "/privacy/request/"),
        (signed_in(mira), "/privacy/requests/new/"),
    ):
        page = client.get("/privacy/request/?kind=restrict", follow=True)
        assert page.wsgi_request.path == there
        assert re.search(r'<option value="restrict"[^>]*selected', page.text)


@pytest.mark.parametrize("contact", ["", "ada@elsewhere.example"])
def test_p12a_words_about_what_is_over_lead_to_the_page_on_which_they_are_answered(
    stranger, contact
):
    """Without an address that page is the only way to the answer; with one a letter leads there."""
    stranger.post(ASKS, {"kind": "correct", "contact": contact})
    over = services.withdraw(latest().pk)
    page = f"/privacy/request/{over.number}/{numbers.secret(over.pk)}/"
    told = stranger.post(page, {"act": "say", "words": "Look once more."}, follow=True)
    reads = latest()
    assert reads.pk != over.pk
    shown = f"/privacy/request/{reads.number}/{numbers.secret(reads.pk)}/"
    assert told.redirect_chain[-1][0] == (page if contact else shown)
    assert "We have it. A person looks at it." in told.content.decode()
    assert ("Keep the address of this page" in told.content.decode()) == (not contact)
