"""P5.2d, P5.2e: whoever acts for somebody shows that they may, and learns nothing before.

And what else a request says of itself: how many the law makes free, why data is set aside, and
that a page without an address is to be kept.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import BinaryField
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone
from tests.people import browser_of, somebody
from tests.requests.conftest import act

from plainview.domains.accounts.models import User
from plainview.domains.accounts.services import reencrypt
from plainview.privacy import permissions
from plainview.privacy.gate.scope import Opened
from plainview.privacy.log.models import Act
from plainview.privacy.policies import in_force
from plainview.privacy.requests import acting, allowance, numbers, queries, services
from plainview.privacy.requests.doors import PROVING
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Evidence, Proof, Request
from plainview.privacy.requests.services import Asked
from plainview.privacy.retention import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERE = {"sec-fetch-site": "same-origin"}
FORM = "/privacy/request/"
DESK = "/desk/privacy/requests/"
HERS, AGENT = "iona@example.net", "agent@example.com"
PDF = b"%PDF-1.7 signed by Iona Harbour, and a secret word: heliotrope"
ASKED = {"kind": "correct", "words": "Her name.", "contact": HERS, "agent": AGENT}


def paper(content: bytes = PDF, name: str = "mandate.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def ask(**more):
    return Client(headers=HERE).post(FORM, ASKED | {"residence": "US-CA"} | more)


def row() -> Request:
    return Request.objects.get()


def page_of(request: Request) -> str:
    return f"/privacy/request/{request.number}/{numbers.secret(request.pk)}/"


class TestPaper:
    def test_it_lies_sealed_and_is_read_in_the_open_case_alone_as_a_download(self, desk):
        assert ask(file=paper()).status_code == 302
        with Opened(PROVING):
            stored = Evidence.objects.get(kind="mandate")
        assert stored.file == PDF and stored.media == "application/pdf"
        case = desk.get(f"{DESK}{row().number}/").content.decode()
        where = re.search(rf"{DESK}{row().number}/paper/\d+/", case)[0]
        answer = desk.get(where)
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        look = Act.objects.filter(what="access").order_by("pk").last()
        assert row().number in look.body and "looking.paper" in look.body
        services.move(row().pk, "withdraw", by=Event.By.PERSON)
        assert desk.get(where).status_code == 302, "no case, no paper"
        assert Client(headers=HERE).get(where).status_code == 302

    def test_nothing_of_it_lies_readable_in_the_database(self):
        ask(file=paper())
        as_it_lies = Evidence.objects.annotate(raw=Cast("file", BinaryField()))
        kept = bytes(as_it_lies.values_list("raw", flat=True).get())
        assert len(kept) > len(PDF)
        assert b"heliotrope" not in kept and b"%PDF" not in kept
        assert reencrypt() == 1

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"<html><script>alert(1)</script>", "mandate.pdf"),
            (b"MZ\x90\x00 a program", "mandate.png"),
            (b"", "empty.pdf"),
            (b"%PDF-" + b"x" * acting.LARGEST, "large.pdf"),
            (b"GIF89a%PDF-", "both.pdf"),
        ],
        ids=["page", "program", "empty", "large", "two"],
    )
    def test_what_its_bytes_do_not_say_is_refused_and_nothing_typed_is_lost(self, content, name):
        answer = ask(file=paper(content, name), mandate="Signed on 3 May.")
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Signed on 3 May." in text and HERS in text and AGENT in text and "Her name." in text
        assert not Request.objects.exists() and not Evidence.objects.exists()

    def test_it_goes_two_weeks_after_the_decision(self, desk):
        ask(file=paper())
        services.move(row().pk, "refuse", by=Event.By.OFFICER, reason="law", said="No.")
        sweeping.sweep(timezone.localdate() + dt.timedelta(days=13))
        assert Evidence.objects.exists()
        sweeping.sweep(timezone.localdate() + dt.timedelta(days=16))
        assert not Evidence.objects.exists() and Request.objects.exists()


class TestAgent:
    def test_without_proof_the_next_step_is_told_and_nothing_about_the_person(self):
        User.objects.create_user(HERS)
        ask()
        [known] = mail.outbox
        assert known.to == [AGENT] and "signed permission" in known.body
        mail.outbox.clear()
        ask(contact="nobody@example.net")
        [unknown] = mail.outbox
        plain = [re.sub(r"\S*[0-9a-z]{4}-[0-9a-z]{4}-\S+", "", m.body) for m in (known, unknown)]
        assert plain[0] == plain[1], "whether she has an account can't be told"

    def test_it_is_shown_later_on_the_page_of_the_request_without_script(self, desk):
        ask()
        where = page_of(row())
        page = Client(headers=HERE).get(where).content.decode()
        assert 'enctype="multipart/form-data"' in page and "Show that you may act" in page
        shown = {"act": "show", "mandate": "Here."}
        wrong = Client(headers=HERE).post(where, shown | {"file": paper(b"no")})
        assert wrong.status_code == 422 and "Here." in wrong.content.decode()
        assert Client(headers=HERE).post(where, {"act": "show"}).status_code == 422
        mail.outbox.clear()
        sent = Client(headers=HERE).post(where, shown | {"file": paper()})
        assert sent.status_code == 302
        assert "Here." in desk.get(f"{DESK}{row().number}/").content.decode()
        for _ in range(acting.MOST):
            Client(headers=HERE).post(where, {"act": "show", "mandate": "More."})
        told = {each.to[0]: each.body for each in mail.outbox}
        assert len(mail.outbox) == 2 and f"{AGENT} asks us for something" in told[HERS]
        assert Evidence.objects.filter(kind="mandate").count() == acting.MOST

    @pytest.mark.parametrize(
        ("place", "kind", "confirms"),
        [
            ("US-CA", "correct", False),
            ("DE", "correct", False),
            ("US-CT", "correct", True),
            ("US-FL", "correct", True),
        ],
    )
    def test_where_the_law_lets_nobody_ask_this_the_person_confirms(self, place, kind, confirms):
        """`clocks.agents`: nothing is refused; the person is asked themselves (11 CCR 7063)."""
        ask(kind=kind, residence=place, mandate="Signed on 3 May.")
        letters = {each.to[0]: each.body for each in mail.outbox}
        assert (HERS in letters and "press the button" in letters[HERS]) is confirms
        if not confirms:
            assert row().state == State.RECEIVED
            return
        assert row().state == State.IDENTIFYING
        link = re.search(r"https?://[^/]+(/privacy/request/\S+)", letters[HERS])[1]
        assert link not in letters[AGENT] and "confirm" in letters[AGENT]
        page = Client(headers=HERE).get(link).content.decode()
        assert AGENT in page and row().state == State.IDENTIFYING
        Client(headers=HERE).post(link)
        assert (row().state, row().proof) == (State.WORKING, Proof.MAIL)

    def test_p5_2d_the_person_is_told_who_asks_in_their_stead(self):
        ask(mandate="Signed on 3 May.")
        letters = {each.to[0]: each.body for each in mail.outbox}
        assert f"{AGENT} asks us for something about your data" in letters[HERS]
        assert "take it back on the page below" in letters[HERS]
        assert page_of(row()) in letters[HERS]
        assert AGENT not in letters[AGENT] and "Your request has come" in letters[AGENT]

    def test_what_was_sent_is_said_to_have_come(self):
        ask(mandate="Signed on 3 May.")
        text = Client(headers=HERE).get(page_of(row())).content.decode()
        assert "What you sent came in on" in text and "We go on when" not in text
        assert "Signed on 3 May." not in text, "the link may be in other hands"

    def test_the_officer_may_ask_the_person_to_confirm_where_there_is_proof_too(self, desk):
        ask(mandate="Signed on 3 May.")
        mail.outbox.clear()
        values = {"act": "take", "seq": row().seq, "said": ""}
        desk.post(f"{DESK}{row().number}/ask-identity/", values)
        assert row().state == State.IDENTIFYING
        assert [each.to for each in mail.outbox] == [[HERS]]

    def test_p5_2d_who_is_signed_in_asks_for_another_too(self):
        """P5.2d: by a link of their own form, and what was typed before signing in is not lost."""
        agent = User.objects.create_user(AGENT)
        theirs = browser_of(agent, headers=HERE)
        assert theirs.get(FORM).headers["Location"] == "/privacy/requests/new/"
        leads = f"{FORM}?for=another"
        assert leads in theirs.get("/privacy/requests/new/").content.decode()
        assert 'name="agent"' in theirs.get(leads).content.decode()
        sent = theirs.post(FORM, ASKED | {"kind": "restrict", "mandate": "Signed on 3 May."})
        assert "has come in" in theirs.get(sent.headers["Location"]).content.decode()
        assert (row().agent, row().contact, row().member) == (AGENT, HERS, False)
        facts, _bits = permissions.read(agent.pk)
        assert not facts.restrictions, "it is not about whoever acts"

    def test_p5_2e_nobody_is_asked_who_they_are_to_say_no(self):
        """P5.2e: not by an officer either, whatever page they have open."""
        said = Asked("object", Channel.LETTER, "en", contact="3 Quay Road, Cork")
        with pytest.raises(services.Impossible):
            services.move(services.file(said).pk, "ask-identity", by=Event.By.OFFICER)


class TestByHand:
    """Where an officer says who asks, or what: what acts at once acts then, and not in words."""

    @pytest.fixture
    def mira(self) -> User:
        return somebody("mira@lantern.example")

    @pytest.mark.parametrize(
        ("kind", "step", "state"),
        [
            ("restrict", "begin", State.WORKING),
            ("object", "sort", State.WORKING),
            ("object-direct-marketing", "sort", State.ANSWERED),
        ],
    )
    def test_p5_2d_what_an_agent_asks_by_letter_reaches_the_account(
        self, desk, mira, kind, step, state
    ):
        """P5.2d, P5.2.1.5a, P5.2.1.6a: once an officer has said whose it is, it holds."""
        said = {
            "channel": "letter", "received_on": timezone.localdate().isoformat(), "kind": kind,
            "restricts": "unlawful", "contact": "3 Quay Road, Cork", "residence": "DE",
            "language": "en", "agent": AGENT, "mandate": "Signed on 3 May.", "words": "",
        }  # fmt: skip
        desk.post(f"{DESK}new/", said)
        mail.outbox.clear()
        values = {"act": "take", "seq": row().seq, "proof": "seen", "account": mira.email}
        assert (
            desk.post(f"{DESK}{row().number}/{step}/", values | {"kind": kind}).status_code == 302
        )
        assert (row().state, row().subject) == (state, mira.pk)
        facts, _bits = permissions.read(mira.pk)
        held = {
            "restrict": {each.ground for each in facts.restrictions or ()} == {"unlawful"},
            "object": (facts.objections or {}).get("security") == "pending",
            "object-direct-marketing": (facts.choices or {}).get("marketing-email") == "denied",
        }
        assert held[kind]
        assert {each.to[0] for each in mail.outbox} == {mira.email, AGENT}
        assert queries.timeline(row().pk)[-1].step in ("act", "answer")

    def test_p5_2_1_6a_what_was_asked_in_ones_own_words_acts_once_it_is_sorted(self, desk, mira):
        """P5.2.1.6a: who says what they want in words alone has it as who chose it in the list."""
        hers = browser_of(mira, headers=HERE)
        hers.post("/privacy/requests/new/", {"words": "Use it for nothing, please."})
        values = {"act": "take", "seq": row().seq, "kind": "restrict"}
        desk.post(f"{DESK}{row().number}/sort/", values)
        facts, _bits = permissions.read(mira.pk)
        assert facts.restrictions and row().state == State.WORKING
        desk.post(f"{DESK}{row().number}/sort/", values | {"seq": row().seq})
        steps = [each.step for each in queries.timeline(row().pk)]
        assert steps.count("act") == 1, "said again, it is no other act"
        other = values | {"seq": row().seq, "kind": "access"}
        assert desk.post(f"{DESK}{row().number}/sort/", other).status_code == 409
        assert row().kind == "restrict", "else it would end with nothing, and rest for good"

    def test_p5_2e_no_account_is_named_before_it_is_known_who_asks(self, desk, mira):
        """P5.2e: an account is put to a request with the proof, where the right asks for one."""
        ask(kind="access", mandate="Signed on 3 May.")
        form = desk.get(f"{DESK}{row().number}/sort/").context["form"]
        assert "account" not in form.fields
        values = {"act": "take", "seq": row().seq, "kind": "access", "account": mira.email}
        desk.post(f"{DESK}{row().number}/sort/", values)
        assert not row().member and row().subject != mira.pk


class TestFree:
    """`clocks.free`: what is beyond is told, and nothing follows from it by itself."""

    def asked(self, place: str, account: int, days: int = 0, kind: str = "correct") -> Request:
        at = timezone.now() - dt.timedelta(days=days)
        return services.file(
            Asked(kind, Channel.ACCOUNT, "en", "x", account, residence=place, at=at,
                  proof=Proof.SESSION)
        )  # fmt: skip

    def over(self, *days: int, place: str = "US-CA") -> User:
        mira = User.objects.create_user("mira@lantern.example")
        for ago in days:
            done = self.asked(place, mira.pk, ago)
            services.move(done.pk, "answer", by=Event.By.OFFICER, said="Done.")
        return mira

    @pytest.mark.parametrize(
        ("place", "days", "told"),
        [
            ("US-CA", (300, 20), True),
            ("US-CA", (20,), False),
            ("US-CA", (400, 20), False),
            ("US-CT", (20,), True),
            ("DE", (300, 200, 100, 20), False),
        ],
    )
    def test_it_is_told_beyond_what_the_law_there_makes_free(self, place, days, told):
        mira = self.over(*days, place=place)
        row = self.asked(place, mira.pk)
        assert (allowance.beyond(row) is not None) is told
        page = browser_of(mira, headers=HERE)
        text = page.get(f"/privacy/requests/{row.number}/").content.decode()
        assert ("and this is one more" in text) is told
        assert row.state == State.WORKING, "it is worked on like any other"

    def test_the_officer_decides_and_has_a_ground_for_it(self, desk):
        mira = self.over(300, 20)
        row = self.asked("US-CA", mira.pk)
        assert "Nothing happens by itself" in desk.get(f"{DESK}{row.number}/").content.decode()
        said = {"act": "take", "seq": row.seq, "ground": "often", "said": "Twice this year."}
        desk.post(f"{DESK}{row.number}/refuse/", said)
        row.refresh_from_db()
        assert (row.state, row.ground) == (State.REFUSED, "often")
        assert row.appeal_until is not None


class TestRestriction:
    """P5.2.1.6a: why, in form, account and by the staff; and told before it ends."""

    def test_the_ground_is_asked_stored_shown_and_counts_at_the_gate(self, desk):
        mira = User.objects.create_user("mira@lantern.example")
        hers = browser_of(mira, headers=HERE)
        hers.post("/privacy/requests/new/", {"kind": "restrict", "restricts": "unlawful"})
        assert row().restricts == "unlawful"
        facts, _bits = permissions.read(mira.pk)
        assert {each.ground for each in facts.restrictions} == {"unlawful"}
        shown = desk.get(f"{DESK}{row().number}/").content.decode()
        assert "use it without a right to" in shown
        status = hers.get(f"/privacy/requests/{row().number}/").content.decode()
        assert "use it without a right to" in status

    def test_while_it_holds_it_is_not_sorted_as_something_else(self, desk):
        """What it set aside would rest for good."""
        mira = somebody("mira@lantern.example")
        services.file(Asked("restrict", Channel.ACCOUNT, "en", "", mira.pk, proof=Proof.SESSION))
        act(desk, row(), "sort", kind="access")
        assert row().kind == "restrict" and permissions.read(mira.pk)[0].restrictions

    def test_p5_2_1_6a_the_door_that_the_notice_names_for_it_is_one_that_asks(self):
        rights = in_force().rights
        for kind in ("restrict", "limit-sensitive"):
            assert f'value="{kind}"' in Client().get(rights[kind].door).content.decode()
        home = Client(headers=HERE | {"X-Place": "DE"}).get("/").content.decode()
        for each in rights.values():
            foot = each.door.split("?")[0] in home if each.means == "button" else True
            assert foot, f"{each.id}: a button at the foot of each page leads there"

    def test_it_is_no_part_of_another_right_and_may_stay_unsaid(self):
        Client(headers=HERE).post(
            FORM, {"kind": "correct", "contact": HERS, "restricts": "unlawful"}
        )
        assert row().restricts == ""
        Client(headers=HERE).post(FORM, {"kind": "restrict", "contact": HERS})
        assert Request.objects.filter(kind="restrict", restricts="").exists()

    def test_the_staff_enter_it(self, desk):
        said = {
            "channel": "letter", "received_on": timezone.localdate().isoformat(),
            "kind": "restrict", "restricts": "objection-pending", "contact": "3 Quay Road, Cork",
            "language": "pt-BR", "agent": "", "mandate": "", "words": "",
        }  # fmt: skip
        assert desk.post(f"{DESK}new/", said).status_code == 302
        assert row().restricts == "objection-pending"

    def test_they_are_told_before_it_ends(self):
        mira = somebody("mira@lantern.example")
        filed = services.file(
            Asked("restrict", Channel.ACCOUNT, "en", "", mira.pk, residence="DE",
                  restricts="accuracy-disputed", proof=Proof.SESSION)
        )  # fmt: skip
        mail.outbox.clear()
        services.move(filed.pk, "answer", by=Event.By.OFFICER, said="It was right.")
        [letter] = mail.outbox
        assert "is used again from" in letter.body
        facts, _bits = permissions.read(mira.pk)
        assert facts.restrictions, "and not before"


def test_whoever_gave_no_address_is_told_to_keep_that_of_the_page():
    sent = Client(headers=HERE).post(FORM, {"kind": "access"}, follow=True)
    text = sent.content.decode()
    assert "the only way to our answer" in text and row().number in text
    Client(headers=HERE).post(FORM, {"kind": "correct", "contact": HERS})
    other = Request.objects.get(kind="correct")
    assert "only way to our answer" not in Client(headers=HERE).get(page_of(other)).content.decode()
    assert queries.timeline(other.pk)
