"""From one service straight to another: proof of the target, the question, the way, the end.

Both services are this one, with two people: what one asks of the other goes through its public
door. Two installations with encryption between them stand in `tests/journeys/test_two_services.py`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec
import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.test import Client, override_settings
from tests.killing import dying, moments
from tests.rights.conftest import confirm, enter, work
from tests.rights.test_leaving import go
from tests.rights.test_portability import allow_everything, comparable, life

from plainview.domains.accounts.commands import reencrypt
from plainview.domains.library.models import Rating
from plainview.domains.playback.models import Viewing
from plainview.platform import outbound
from plainview.platform.jobs.models import Job
from plainview.privacy.models import Bringing, Copy, Disclosure, Sending
from plainview.privacy.rights.bringing import services as bringing
from plainview.privacy.rights.sending import protocol, services
from plainview.privacy.rights.sending.protocol import Invitation, Unfit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SEND, BRING = "/privacy/send/", "/privacy/bring/"
A, B = urlsplit("https://a.example"), urlsplit("https://b.example")
Answer = outbound.Answer


class Wire:
    """The way from A to B: what goes over it, and what can happen on it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.waits: dict[str, float] = {}
        """Seconds that each act may take."""
        self.down: Callable[[str], bool] = lambda act: False
        self.forged: Callable[[Answer], Answer] = lambda answer: answer

    def at(self, public: object) -> override_settings:
        """Be the service of that address for a while."""
        return override_settings(PUBLIC=public)

    def exchange(self, method: str, url: str, **more: object) -> Answer:
        assert method == "POST"
        parts = urlsplit(url)
        act = parts.path.split("/")[-2]
        self.asked.append(act)
        self.waits[act] = more["limits"].seconds
        if parts.netloc != B.netloc or self.down(act):
            raise outbound.Unreachable("nobody answers")
        headers = dict(more["headers"])
        kind = headers.pop("Content-Type")
        with self.at(B):
            answer = Client().post(parts.path, more["body"], content_type=kind, headers=headers)
        return self.forged(Answer(answer.status_code, {}, answer.content))


@pytest.fixture(autouse=True)
def wire(settings, monkeypatch):
    settings.PUBLIC = A
    found = Wire()
    monkeypatch.setattr(outbound, "exchange", found.exchange)
    return found


def in_pieces(monkeypatch) -> None:
    """Let a copy go in several."""
    monkeypatch.setattr(protocol, "PIECE", 700)
    monkeypatch.setattr("plainview.privacy.rights.copies.sealed.FRAME", 700)
    monkeypatch.setattr("plainview.privacy.rights.bringing.services.FRAME", 700)


@pytest.fixture
def invited(wire, tom) -> tuple[Client, str]:
    """Somebody at B with an invitation: their browser, and what they carry."""
    allow_everything(tom.pk)
    client = enter(tom)
    with wire.at(B):
        client.post(BRING, {"act": "invite"})
        return client, client.get(BRING).context["code"]


def forging(**claimed: object) -> Callable[[Answer], Answer]:
    """Have B say something else than it does."""
    return lambda it: Answer(200, {}, msgspec.json.encode(msgspec.json.decode(it.body) | claimed))


def settle(task: str = "") -> None:
    """Let the worker do what waits, also what waits for later."""
    for _ in range(10):
        Job.objects.filter(state=Job.State.WAITING).update(run_at="2026-01-01T00:00Z")
        work()


def asked(client: Client, code: str) -> str:
    """Give the code at A; the page that asks."""
    answer = client.post(SEND, {"code": code})
    assert answer.status_code == 302, answer.context["problem"]
    return client.get(SEND).content.decode()


def gone_off(who, code: str) -> Client:
    """Somebody at A whose data is on its way to whoever gave the code."""
    life(who.pk)
    client = enter(who)
    asked(client, code)
    client.post(SEND, {"act": "yes"})
    return client


def test_p5_2_1_8a_what_a_person_has_is_sent_and_is_there_row_for_row(ines, tom, invited, wire):
    """P5.2.1.8a, GDPR 20(2): an invitation, proof, one question, the way, and both sides say so."""
    life(ines.pk)
    at_b, code = invited
    client = enter(ines)
    page = asked(client, code)
    assert "b.example" in page
    assert "in which country it is" in page
    assert wire.asked == ["prove"], "nothing about the person has left before their yes"
    assert not Disclosure.objects.filter(recipient="named-service").exists()
    assert client.post(SEND, {"act": "yes"}).status_code == 302
    assert '<meta http-equiv="refresh"' in client.get(SEND).content.decode()
    settle()
    assert "has taken it all in, unaltered" in client.get(SEND).content.decode()
    assert "Entries taken over: 4." in at_b.get(BRING).content.decode()
    assert Rating.objects.filter(subject=tom.pk).count() == 4
    assert Viewing.objects.filter(subject=tom.pk).count() == 4
    row = Disclosure.objects.get(recipient="named-service")
    assert (row.state, row.named, row.subject) == ("sent", "b.example", ines.pk)
    assert "viewing." in row.categories
    told = client.get("/privacy/disclosures/").content.decode()
    assert "The service you named (b.example)" in told
    statement = client.get("/privacy/statement/").content.decode()
    assert "The service you named (b.example)" in statement
    assert not Copy.objects.exists(), "what was made for the way is gone"
    asks = "You had your data sent to b.example yourself. We can’t call it back"
    assert asks in client.get("/privacy/leave/").content.decode()
    report = go(confirm(client, ines))
    work()
    assert asks in client.get(report).content.decode(), "nobody else asks there, and it says so"


def test_p8a_what_is_on_its_way_arrives_after_the_key_of_columns_has_changed(
    ines, invited, settings
):
    asked(enter(ines), invited[1])
    old, new = settings.ENCRYPTION_KEYS[0], "n" * 40
    settings.ENCRYPTION_KEYS = [new, old]
    assert CliRunner().invoke(reencrypt).exit_code == 0
    settings.ENCRYPTION_KEYS = [new]
    client = enter(ines)
    client.post(SEND, {"act": "yes"})
    settle()
    assert "has taken it all in, unaltered" in client.get(SEND).content.decode()


def test_p5_2_1_8a_only_what_another_service_takes_is_sent(ines, tom, invited, monkeypatch):
    """P5.2.1.8a: no address, no payment, no choice of here goes along."""
    kept: list[bytes] = []
    add = bringing.add
    monkeypatch.setattr(bringing, "add", lambda row, piece: (kept.append(piece), add(row, piece)))
    gone_off(ines, invited[1])
    settle()
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(kept)))
    assert {name for name in zipped.namelist() if name.startswith("data/")} <= {
        f"data/{table}.json" for table in (
            "library_saved", "library_follow", "library_rating", "playback_viewing",
            "playback_progress", "playback_playersettings", "accounts_name", "accounts_about",
            "accounts_gender")
    }  # fmt: skip
    assert "index.html" not in zipped.namelist()
    whole = b"".join(zipped.read(name) for name in zipped.namelist())
    assert ines.email.encode() not in whole
    assert comparable(zipped, "library_rating")


def test_p5_2_1_8a_whoever_does_not_know_the_secret_gets_nothing(ines, invited, wire):
    """P5.2.1.8a: a forged target is refused before anything about the person has left."""
    client, code = enter(ines), invited[1]
    wire.forged = forging(proof="0" * 64)
    page = client.post(SEND, {"code": code})
    assert page.status_code == 422
    assert "did not prove that the invitation is its own" in page.content.decode()
    assert code.partition("#")[0] in page.content.decode(), "what was typed stays"
    wire.forged = lambda answer: Answer(302, {"location": "https://evil.example/"}, b"")
    assert client.post(SEND, {"code": code}).status_code == 422
    assert not Sending.objects.exists()
    relayed = code.replace("b.example", "c.example")  # somebody who passes all of it on to B
    wire.forged = lambda answer: answer
    assert client.post(SEND, {"code": relayed}).status_code == 422
    assert set(wire.asked) == {"prove"}


def test_p5_2_1_8a_another_host_that_passes_the_question_on_proves_nothing(invited):
    """P5.2.1.8a: the proof is over the host, so that it can't be relayed."""
    known = protocol.read(invited[1])
    other = Invitation("c.example", known.name, known.secret)
    assert not other.proves(known.proof("prove", "x" * 32), "prove", "x" * 32)


NO_PLACES = [
    "", "hello", *(f"{host}/privacy/invited/abcdefgh/#{'A' * 43}" for host in (
        "http://b.example", "https://127.0.0.1", "https://[::1]", "https://2130706433",
        "https://0x7f.1", "https://localhost", "https://b.example:8443", "https://me@b.example")),
    "https://b.example/admin/#" + "A" * 43,
    "https://b.example/privacy/invited/abcdefgh/?x=1#" + "A" * 43,
    "https://b.example/privacy/invited/abcdefgh/#short",
    "https://b.example/privacy/invited/abcdefgh/#" + "A" * 43 + " " * 5000 + "x",
]  # fmt: skip


@pytest.mark.parametrize("code", NO_PLACES)
def test_what_is_no_public_address_is_unfit(code):
    with pytest.raises(Unfit):
        protocol.read(code)


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    "code", [f"https://a.example/privacy/invited/abcdefgh/#{'A' * 43}", *NO_PLACES]
)
def test_p5_2_1_8a_what_is_no_public_address_is_never_asked(ines, wire, code):
    answer = enter(ines).post(SEND, {"code": code})
    assert answer.status_code == 422
    assert wire.asked == []


def test_p5_2_1_8a_an_invitation_is_good_for_one_copy_and_one_hour(ines, invited, wire, member):
    """P5.2.1.8a: replayed, it opens nothing; whoever lacks the secret can't use it at all."""
    code = invited[1]
    gone_off(ines, code)
    settle()
    zoe = member("zoe")
    Rating.objects.create(subject=zoe.pk, title=Rating.objects.first().title, stars=1)
    other = enter(zoe)
    asked(other, code)
    other.post(SEND, {"act": "yes"})
    settle()
    page = other.get(SEND).content.decode()
    assert "has used this invitation for something else" in page
    assert Disclosure.objects.get(subject=zoe.pk).state != "sent"
    known = protocol.read(code)
    with wire.at(B):
        place = f"/privacy/invited/{known.name}/begin/"
        assert Client().post(place, b"{}", content_type="application/json").status_code == 401
        assert Client().get(f"/privacy/invited/{known.name}/").status_code == 302
        Bringing.objects.update(state="invited", until="2026-01-01T00:00Z")
        assert Client().post(place, b"{}", content_type="application/json").status_code == 404


def test_p5_2_1_8a_b_is_down_in_the_middle_and_it_goes_on_where_it_was(ines, tom, invited, wire,
                                                                     monkeypatch):  # fmt: skip
    """P5.2.1.8a: nothing is half brought, both sides say how it stands, and it ends well."""
    in_pieces(monkeypatch)
    at_b, code = invited
    client = gone_off(ines, code)
    wire.down = lambda act: wire.asked.count("piece") > 2
    work()
    assert "can’t be reached right now" in client.get(SEND).content.decode()
    assert "Your data is coming from the other service" in at_b.get(BRING).content.decode()
    assert not Rating.objects.filter(subject=tom.pk).exists()
    wire.down = lambda act: False
    settle()
    assert "has taken it all in, unaltered" in client.get(SEND).content.decode()
    assert Rating.objects.filter(subject=tom.pk).count() == 4


def test_p5_2_1_8a_what_was_given_up_goes_on_by_a_button(ines, invited, wire):
    client = gone_off(ines, invited[1])
    wire.down = lambda act: True
    row = Sending.objects.get()
    with pytest.raises(outbound.Trouble):
        services.carry_on(row.pk)
    services.give_up(row.pk)
    assert re.search('name="act" value="again"', client.get(SEND).content.decode())
    wire.down = lambda act: False
    client.post(SEND, {"act": "again"})
    settle()
    assert Sending.objects.get().state == "done"


def test_p5_2_1_8a_what_was_never_sent_did_not_arrive(ines, invited, wire):
    """P5.2.1.8a: the other side can't say that it has more than there is, or less than nothing."""
    gone_off(ines, invited[1])
    wire.forged = forging(offset=10**9)
    settle()
    assert Sending.objects.get().state == "failed"
    assert Disclosure.objects.get(recipient="named-service").state != "sent"


def test_p5_2_1_8a_of_what_went_nobody_says_that_nothing_did(ines, invited, wire):
    """P5.2.1.8a: a service that has it all and then answers with a forgery got what it got."""
    client = gone_off(ines, invited[1])
    forged = forging(state="done", proof="0" * 64)
    wire.forged = lambda answer: forged(answer) if wire.asked[-1] == "state" else answer
    settle()
    assert Disclosure.objects.get(recipient="named-service").state == "sent"
    page = client.get(SEND).content.decode()
    assert "What went before stands in “Who got what”" in page
    assert "Nothing about you was sent" not in page
    assert "until all of it is there" not in page


def test_p5_2_1_8a_stopped_before_the_first_byte_the_ledger_says_that_nothing_left(ines, invited):
    client = gone_off(ines, invited[1])
    client.post(SEND, {"act": "drop"})
    settle()
    assert not Sending.objects.exists()
    assert Disclosure.objects.get(recipient="named-service").state == "stopped"


def test_p5_2_1_8a_stopped_on_the_way_no_further_piece_goes(ines, invited, wire, monkeypatch):
    """P5.2.1.8a: and the ledger says that something may have arrived."""
    in_pieces(monkeypatch)
    gone_off(ines, invited[1])

    def stops(answer: Answer) -> Answer:
        if wire.asked.count("piece") == 2:
            services.drop(ines.pk)
        return answer

    wire.forged = stops
    settle()
    assert wire.asked.count("piece") == 2
    assert Disclosure.objects.get(recipient="named-service").state == "sending"


def test_nobody_has_us_ask_one_host_after_another(ines, wire, settings):
    settings.ACCOUNT_RATE_LIMITS = {"connect": "2/h/ip"}
    client = enter(ines)
    for host in ("c", "d", "e"):
        code = f"https://{host}.example/privacy/invited/abcdefgh/#{'A' * 43}"
        page = client.post(SEND, {"code": code})
        assert page.status_code == 422
    assert "many invitations in an hour" in page.content.decode()
    assert wire.asked == ["prove", "prove"]
    assert wire.waits["prove"] <= 5, "a slow host keeps one of few turns only so long"


def test_sending_asks_for_the_password_first(ines):
    answer = enter(ines, confirmed=False).get(SEND)
    assert answer.status_code == 302
    assert Client().get(SEND).status_code == 302


@pytest.mark.parametrize(
    "sampled", [pytest.param(lambda n: [n // 3, n - 1], id="some"),
                pytest.param(lambda n: range(1, n + 1), id="all", marks=pytest.mark.soak)],
)  # fmt: skip
def test_p5_2_1_8a_a_sender_that_is_killed_goes_on_and_each_row_arrives_once(
    ines, tom, invited, sampled, wire
):
    """P5.2.1.8a: at any moment of the way, on either side of what the receiver has written."""
    life(ines.pk)
    client, (at_b, code) = enter(ines), invited

    def begun(code: str) -> int:
        asked(client, code)
        client.post(SEND, {"act": "yes"})
        Job.objects.filter(task="copy").delete()
        return Sending.objects.get().pk

    row = begun(code)
    total = moments(lambda: services.carry_on(row))
    for moment in sampled(total):
        cache.clear()  # an hour has passed: else so many invitations are too many
        with wire.at(B):
            at_b.post(BRING, {"act": "invite"})
            code = at_b.get(BRING).context["code"]
        row = begun(code)
        assert dying(lambda row=row: services.carry_on(row), moment)
        services.carry_on(row)
        settle()
        assert Sending.objects.get().state == "done", moment
        assert Rating.objects.filter(subject=tom.pk).count() == 4, moment
        Rating.objects.filter(subject=tom.pk).delete()
