"""Requests as people make them, by every door: P5.2a, P5.2b, P5.2d, P5.2e, P5.2.1.10a, P3.1.3h."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import formats, timezone
from tests.requests.conftest import HERE
from tests.rights.conftest import confirm

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.consent import connected
from plainview.privacy.consent.models import Answer
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.policies import in_force
from plainview.privacy.requests import clock, ending, numbers, services, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Evidence, Proof, Request
from plainview.privacy.retention import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ASKS = "/privacy/request/"
PLACES = {"DE": "eu", "US-CA": "ccpa", "US-VA": "us", "GB": "uk-gdpr", "BR": "lgpd"}
OFFICER, COLLEAGUE = 11, 12


@pytest.fixture
def stranger() -> Client:
    return Client(headers=HERE)


@pytest.fixture
def mira(db) -> User:
    return member("mira", "DE")


def member(name: str, place: str) -> User:
    user = User.objects.create_user(f"{name}@lantern.example", "a lantern in the rain")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    here = permissions.newcomer(place)
    permissions.change(user.pk, lambda facts: permissions.resident(here, place))
    return user


def signed_in(user: User) -> Client:
    client = Client(headers=HERE)
    client.force_login(user)
    return client


def latest() -> Request:
    return Request.objects.latest("received_at")


def steps(row: Request) -> list[str]:
    return list(row.events.order_by("seq").values_list("step", flat=True))


def link_in(letter: mail.EmailMessage) -> str:
    return re.search(r"https?://[^/]+(/privacy/request/\S+/prove/\S+/)", letter.body)[1]


def permits(user: User, purpose: str) -> bool:
    bits = permissions.integer(permissions.read(user.pk)[0], device=False)
    return bool(bits >> in_force().bit(purpose) & 1)


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


def test_an_objection_closes_at_once_and_security_is_weighed(mira):
    """P3.1.3d, P3.1.3h: refused it goes on, until an appeal is granted."""
    client = signed_in(mira)
    assert permits(mira, "personalise-search")
    client.post("/privacy/requests/new/", {"kind": "object", "words": "No more of it."})
    row = latest()
    assert not permits(mira, "recommend") and permits(mira, "security")
    assert row.state == State.WORKING and row.due_on
    services.move(
        row.pk, "refuse", by=services.By.OFFICER, staff=OFFICER, reason="others", said="Break-ins."
    )
    assert not permits(mira, "recommend") and permits(mira, "security")
    objections = permissions.read(mira.pk)[0].objections
    assert "pending" not in objections.values(), "nobody weighs it any more"
    client.post(f"/privacy/requests/{row.number}/", {"act": "appeal", "words": "Still no."})
    services.move(
        row.pk, "settle", by=services.By.OFFICER, staff=COLLEAGUE, reason="granted", said="Right."
    )
    assert not permits(mira, "security")


def test_p3_1_3h_an_objection_to_one_purpose_closes_that_one_and_keeps_earlier_ones(mira):
    """P3.1.3h: what was not objected to goes on; what was objected to before stays closed."""
    client = signed_in(mira)

    def objects(purpose: str) -> Request:
        said = {"kind": "object", "objects": purpose, "words": "Not that."}
        assert client.post("/privacy/requests/new/", said).status_code == 302
        return latest()

    objects("recommend")
    row = objects("security")
    assert (
        "Protect you and everybody"
        in client.get(f"/privacy/requests/{row.number}/").content.decode()
    )
    assert objections(mira) == {"recommend": "upheld", "security": "pending"}
    assert permits(mira, "security")
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="You are right.")
    assert objections(mira) == {"recommend": "upheld", "security": "upheld"}
    assert not permits(mira, "security")


def test_p5_2_1_8a_what_an_objection_is_to_has_to_be_something_that_rests_on_our_interest(mira):
    """P5.2.1.8a: what rests on a yes has its own switch, and of another right it says nothing."""
    client = signed_in(mira)
    wrong = {"kind": "object", "objects": "newsletter-programme"}
    assert client.post("/privacy/requests/new/", wrong).status_code == 422
    client.post("/privacy/requests/new/", {"kind": "access", "objects": "security"})
    assert not latest().purposes and not objections(mira)
    address, sent = "/api/v1/privacy/requests", {"kind": "object", "purposes": ["recommend"]}
    assert client.post(address, sent, content_type="application/json").status_code == 201
    assert objections(mira) == {"recommend": "upheld"}
    for bad in (sent | {"kind": "access"}, sent | {"purposes": ["billing"]}):
        assert client.post(address, bad, content_type="application/json").status_code == 422


def objections(user: User) -> dict[str, str]:
    """What somebody objects to, as it stands at the gate."""
    return permissions.read(user.pk)[0].objections or {}


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


@pytest.mark.parametrize("place", PLACES)
def test_eight_kinds_in_five_places_have_their_days_and_authority(stranger, place):
    """P5.2c, P5.2.1.10a: everywhere a last day, and an authority on the page."""
    kinds = ("know-confirm", "access", "correct", "delete", "object", "restrict",
             "optout-sale-sharing", "complaint")  # fmt: skip
    for kind in kinds:
        row = services.file(
            services.Asked(kind=kind, channel="form", language="en", residence=place,
                           contact=f"{kind}@elsewhere.example")
        )  # fmt: skip
        assert row.next_on or row.state == State.ANSWERED, (kind, place)
        page = stranger.get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/").content.decode()
        for authority in in_force().jurisdiction(place).authority:
            assert (authority.complain or authority.url) in page


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


def test_months_pass_and_no_day_is_missed(monkeypatch, stranger):
    """P5.2c, P5.2e: told before the day, closed after the appeal, words and evidence gone."""
    stranger.post(ASKS, {"kind": "access", "contact": "ada@elsewhere.example", "residence": "DE",
                         "words": "All of it."})  # fmt: skip
    stranger.post(link_in(mail.outbox[-1]))
    row = latest()
    start = timezone.now()

    def day(count: int) -> None:
        moment = start + dt.timedelta(days=count)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        tasks.requests()

    due = (row.due_on - clock.today()).days
    day(due - 9)
    assert not Request.objects.get().escalated_at
    day(due - 6)
    assert Request.objects.get().escalated_at and row.number in mail.outbox[-1].body
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="Here it is.")
    window = (Request.objects.get().appeal_until - clock.today()).days
    day(due - 6 + window)
    assert Request.objects.get().state == State.ANSWERED
    sweeping.sweep(clock.today())
    assert not Evidence.objects.exists()
    day(due - 6 + window + 1)
    closed = Request.objects.get()
    assert closed.state == State.CLOSED
    sweeping.sweep(clock.today() + dt.timedelta(days=370))
    row = Request.objects.get()
    assert (row.contact, set(row.events.values_list("said", flat=True))) == ("", {""})
    assert (row.kind, row.outcome) == ("access", "granted")
    sweeping.sweep(clock.today() + dt.timedelta(days=3 * 366 + 2))
    assert not Request.objects.exists() and not Event.objects.exists()


def test_holidays_and_calendars_move_the_days():
    """P5.2c: a last day on Christmas comes after it in Germany, and counts in California."""
    asked = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    german = clock.of_request("access", asked, residence="DE")
    assert german.due.isoformat() == "2026-12-28"
    american = clock.of_request(
        "access", dt.datetime(2026, 11, 10, 18, tzinfo=dt.UTC), residence="US-CA"
    )
    assert (
        american.due.isoformat() == "2026-12-25"
        and american.acknowledge.isoformat() <= "2026-11-25"
    )


@pytest.mark.parametrize(("place", "residence"), [("DE", "US-CA"), ("US-CA", "DE")])
def test_p3_1b_in_one_place_and_at_home_in_another_the_days_of_both_count(
    stranger, monkeypatch, place, residence
):
    """P3.1b, P5.2c: the law of where somebody is binds, and that of where they live."""
    evening = timezone.now().replace(hour=20)  # the same day in both: who asks at night has two
    monkeypatch.setattr(timezone, "now", lambda: evening)
    days = [
        services.file(
            services.Asked(kind="access", channel="form", language="en", proof=Proof.MAIL,
                           place=there, residence=home, contact=f"{number}@elsewhere.example")
        )
        for number, (there, home) in enumerate(
            [("DE", "DE"), ("US-CA", "US-CA"), (place, residence)]
        )
    ]  # fmt: skip
    german, american, both = days
    assert german.due_on < american.due_on and both.due_on == german.due_on
    assert both.acknowledge_by == american.acknowledge_by, "which Germany does not know"


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


def test_an_account_asks_to_be_deleted_and_it_is_done_unless_a_person_objects(monkeypatch, mira):
    """P5.2c, P5.2.1.4a: by itself after three days; its record outlives the account."""
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "delete"})
    row = latest()
    asked = client.get(f"/privacy/requests/{row.number}/").content.decode()
    assert "open the link in our letter" in asked
    until = formats.date_format(timezone.localdate() + dt.timedelta(days=14))
    assert f"The link works until {until}." in mail.outbox[-1].body
    client.post(link_in(mail.outbox[-1]))
    row = latest()
    assert row.state == State.WORKING
    hour = formats.date_format(row.received_at + dt.timedelta(days=3), "DATETIME_FORMAT")
    asked = client.get(f"/privacy/requests/{row.number}/").content.decode()
    assert f"it is done by itself after {hour}. Until then you can take" in asked
    start = timezone.now()
    tasks.requests()
    assert User.objects.get(pk=mira.pk).is_active
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=3, minutes=1))
    tasks.requests()
    assert not User.objects.get(pk=mira.pk).is_active
    assert "our last letter about it" in mail.outbox[-1].body, "the address goes"
    assert "You get an answer by" not in mail.outbox[-1].body
    row.refresh_from_db()
    assert row.state == State.WORKING, "nothing is answered before it is done"
    while worker.run_one():
        pass
    tasks.requests()
    row.refresh_from_db()
    assert not User.objects.filter(pk=mira.pk).exists()
    assert (row.state, row.kind, row.outcome) == (State.ANSWERED, "delete", "granted")
    assert set(row.events.values_list("said", flat=True)) == {""}


def test_p5_2_1_4a_who_asked_to_be_erased_and_left_by_the_button_is_answered(mira):
    """P5.2.1.4a: by the report of the erasure, whether the link of the letter was opened or not."""
    tom = member("tom", "US-CA")
    for person, opened in ((mira, True), (tom, False)):
        client = signed_in(person)
        client.post("/privacy/requests/new/", {"kind": "delete"})
        if opened:
            client.post(link_in(mail.outbox[-1]))
        confirm(client, person).post("/privacy/leave/confirm/", {"sure": "yes"})
    tasks.requests()
    assert {row.state for row in Request.objects.all()} == {State.WORKING}, "it is not done yet"
    while worker.run_one():
        pass
    tasks.requests()
    for row in Request.objects.all():
        assert (row.state, row.outcome, row.by_hand) == (State.ANSWERED, "granted", False)
        page = Client().get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/").text
        assert "/privacy/left/" in page


def test_p5_2c_what_fails_for_one_of_them_keeps_nobody_else_waiting(monkeypatch, mira):
    """Nor is it passed over: the work is known to have failed, and is tried again."""
    people = [mira, member("jonas", "DE"), member("ana", "BR")]
    for person in people:
        client = signed_in(person)
        client.post("/privacy/requests/new/", {"kind": "delete"})
        client.post(link_in(mail.outbox[-1]))
    first = Request.objects.order_by("received_at").first()
    start, carried_out = timezone.now(), ending.carry_out

    def one_can_not_be(request: int) -> None:
        if request == first.pk:
            raise FileExistsError("something that nobody foresaw")
        carried_out(request)

    monkeypatch.setattr(ending, "carry_out", one_can_not_be)
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=3, minutes=1))
    with pytest.raises(ExceptionGroup) as told:
        tasks.requests()
    assert [type(each) for each in told.value.exceptions] == [FileExistsError]
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    assert active & {each.pk for each in people} == {first.subject}
    monkeypatch.setattr(ending, "carry_out", carried_out)
    tasks.requests()
    assert not User.objects.filter(is_active=True, pk__in=[each.pk for each in people]).exists()


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
