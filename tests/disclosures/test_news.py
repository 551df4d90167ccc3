"""News by channel and topic, refused by every door; what comes in any case; what leaving keeps."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import change, enter, words, work

from plainview.domains.accounts.models import User
from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.consent import news, stopping
from plainview.privacy.disclosures import deciding, letters
from plainview.privacy.models import Answer, Disclosure, Stopped
from plainview.privacy.policies import in_force
from plainview.privacy.requests.models import Event
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE, NEWS = "/privacy/news/", {"marketing-email": "granted"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MARKETING = "marketing-email"


def write(to: str = "ines@lantern.example", topic: str = "") -> None:
    message = EmailMessage("A new film", "Harbour Lights is here.", None, [to])
    message.purpose, message.topic = MARKETING, topic
    message.send()


def choices(user: User) -> dict[str, str]:
    return dict(permissions.read(user.pk)[0].choices)


def may_go(subject: int, channel: str, topic: str) -> bool:
    """What is asked of a letter about a topic as it goes."""
    decided = decide(in_force(), deciding.facts_of(subject), channel)
    return bool(decided) and not news.refused(subject, topic)


def shown(client: Client) -> str:
    page = client.get(PAGE).content.decode()
    return re.search(r'name="shown" value="([\w.]{81})"', page)[1]


def save(client: Client, answer: str = "save", **said: str):
    fields = {name.replace("__", "-").replace("_", "-"): value for name, value in said.items()}
    return client.post(PAGE, {"shown": shown(client), "answer": answer, **fields}, follow=True)


def test_p5_1_2b_the_page_asks_channel_by_channel_and_says_what_comes_in_any_case(member):
    client = enter(member("ines"))
    page = client.get(PAGE)
    said = words(page)
    for name in ("Send news by email", "Send news by push", "Show news inside the app"):
        assert name in said
    assert "New films and series" in said
    assert "receipts, failed payments, the end of a plan" in said
    assert "checked" not in page.content.decode(), "nothing is ticked"
    for address in ("/settings/", "/privacy/"):
        assert PAGE in client.get(address).content.decode()


STILL = ("a new sign-in, a new password", "receipts, failed payments, the end of a plan")


def test_p5_1_2b_every_way_to_end_news_says_what_still_comes(member, mailbox):
    """P5.1.2b: on the page of all choices, and in the answer to whoever writes to us or asks."""
    client = enter(member("ines"))
    assert all(each in words(client.get("/privacy/choices/")) for each in STILL)
    for kind in ("object-direct-marketing", "withdraw-consent", "object"):
        mailbox.letters.clear()
        client.post("/privacy/requests/new/", {"kind": kind})
        said = Event.objects.filter(step__in=("answer", "act")).latest("at").said
        assert all(each in said for each in STILL), kind
        work()
        text = message_from_bytes(mailbox.letters[-1][1], policy=policy.default)
        assert STILL[1] in " ".join(text.get_body(("plain",)).get_content().split())
    client.post("/privacy/requests/new/", {"kind": "optout-sale-sharing"})
    said = Event.objects.filter(step="answer").latest("at").said
    assert STILL[0] not in said, "that ends no news"


def test_a_channel_and_a_topic_are_answered_by_themselves_and_kept(member, mailbox):
    ines = member("ines")
    client = enter(ines)
    done = save(client, purpose_marketing_email="yes", topic_films="no")
    assert "Saved. It holds from now on." in words(done)
    assert choices(ines) == {MARKETING: "granted", "news/films": "denied"}
    assert Answer.objects.get().via == "news"
    write(topic="films")
    write(topic="plans")
    work()
    assert len(mailbox.letters) == 1
    assert not may_go(ines.pk, MARKETING, "films")
    assert may_go(ines.pk, MARKETING, "plans")
    assert not may_go(ines.pk, "marketing-in-app", "plans"), "another channel, not answered"
    with pytest.raises(LookupError):
        write(topic="no-such-topic")


def test_p5_1_2a_a_topic_refused_after_a_letter_was_asked_for_is_not_sent(member, mailbox):
    ines = member("ines", choices=NEWS)
    write(topic="films")
    write(topic="plans")
    save(enter(ines), topic_films="no")
    work()
    assert len(mailbox.letters) == 1
    states = Disclosure.objects.order_by("queued_at").values_list("state", "trouble", "sealed")
    assert states[0][:2] == ("stopped", "denied")
    assert states[0][2] == "", "nothing of it is kept"


def test_one_press_refuses_every_channel_at_once(member):
    ines = member("ines", "US-CA")
    client = enter(ines)
    save(client, "none")
    for channel in ("marketing-email", "marketing-push", "marketing-in-app"):
        assert choices(ines)[channel] == "denied"
        assert not may_go(ines.pk, channel, "films")
    assert "marketing-measure" not in choices(ines), "it was not asked here"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"answer": "save"}, 422),
        ({"answer": "everything"}, 422),
        ({"answer": "save", "topic-films": "perhaps"}, 422),
        ({"answer": "save", "purpose-security": "no"}, 422),
        ({"answer": "save", "topic-films": "no", "shown": f"{0:064}.{0:016}"}, 409),
    ],
)
def test_what_is_no_answer_changes_nothing_and_loses_nothing(member, sent, status):
    ines = member("ines")
    client = enter(ines)
    page = client.post(PAGE, {"shown": shown(client), **sent})
    assert page.status_code == status
    assert choices(ines) == {}
    if sent.get("topic-films") == "no":
        field = r'name="topic-films" value="no" checked'
        assert re.search(field, page.content.decode())


def link(user: User) -> str:
    return re.sub(r"^<https?://[^/]+|>$", "", letters.way_out(user.pk)["List-Unsubscribe"])


def test_rfc_8058_a_get_a_head_or_a_post_of_something_else_stops_nothing(member):
    ines = member("ines", choices=NEWS)
    path, client = link(ines), Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"purpose": MARKETING, "answer": "accept"}).status_code == 422
    assert client.put(path).status_code == 405
    assert choices(ines) == NEWS
    assert "receipts, failed payments" in words(client.post(path, ONE_CLICK))
    assert choices(ines) == {MARKETING: "denied"}


def test_a_link_tells_nobody_anything_and_changes_nothing_else(member):
    ines, otto = member("ines", choices=NEWS), member("otto", choices={MARKETING: "denied"})
    nora = member("nora", choices={**NEWS, "recommend": "granted"})
    gone = link(nora)
    rights.leave(nora.pk)
    work()
    pages = set()
    for path in (link(ines), link(otto), gone):
        client = Client()
        pages.add((words(client.get(path)), words(client.post(path, ONE_CLICK))))
        assert not client.cookies
    assert len(pages) == 1, "subscribed, refused or gone: the same page"
    assert "ines" not in str(pages)
    assert choices(ines) == {MARKETING: "denied"}


def test_a_link_is_good_once_more_and_too_old_after_thirteen_months(member, monkeypatch):
    ines = member("ines", choices=NEWS)
    path = link(ines)
    for _ in range(2):
        assert Client().post(path, ONE_CLICK).status_code == 200
    assert Answer.objects.count() == 1, "a second press says nothing new"
    change(ines, choices=NEWS)
    import time  # noqa: PLC0415

    later = time.time() + letters.LINK_LIFE.total_seconds() + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    for response in (Client().get(path), Client().post(path, ONE_CLICK)):
        assert response.status_code == 410
        assert "Links in our letters work for 13 months" in words(response)
    assert choices(ines) == NEWS
    assert timezone.now() + timedelta(days=390) < timezone.now() + letters.LINK_LIFE


def test_a_link_of_another_kind_or_tampered_with_is_none(member):
    ines = member("ines", choices=NEWS)
    from django.core import signing  # noqa: PLC0415

    token = link(ines).strip("/").rpartition("/")[2]
    other = signing.dumps(str(ines.pk), salt="plainview.privacy.consent.cookie")
    number, _, rest = token.partition(":")
    for each in (other, token[:-1], token + "a", f"{number}x:{rest}", "x" * 3000, "0"):
        assert Client().post(f"/mail/stop/{each}/", ONE_CLICK).status_code == 404
    assert choices(ines) == NEWS


def test_suppression_outlives_an_erasure_as_a_hash_that_leads_to_nobody(member, mailbox, client):
    ines, address = member("ines", "US-CA", choices={MARKETING: "denied"}), "ines@lantern.example"
    otto = member("otto", "US-CA", choices=NEWS)
    for each in (ines, otto):
        key = rights.leave(each.pk)
        work()
        assert "ended_at" in client.get(f"/privacy/left/{key}/report.json").json()
    row = Stopped.objects.get()
    assert row.digest == stopping.digest(MARKETING, "INES@lantern.example ")
    assert "ines" not in str(Stopped.objects.values())
    assert str(ines.pk) not in str(Stopped.objects.values())
    again = member("ines", "US-CA")
    assert may_go(again.pk, MARKETING, "films"), "the law there lets it until a no"
    write(address)
    work()
    assert not mailbox.letters
    save(enter(again), purpose_marketing_email="yes")
    assert not Stopped.objects.exists(), "a yes of whoever proved the address lifts it"
    write(address)
    work()
    assert len(mailbox.letters) == 1
    assert Disclosure.objects.filter(purpose=MARKETING).count() == 1


def test_p9c_the_hash_goes_after_ten_years_and_the_notice_says_so(member, client):
    ines = member("ines", "US-CA", choices={MARKETING: "denied"})
    rights.leave(ines.pk)
    work()
    row = Stopped.objects.get()
    assert row.month.day == 1, "no more of the day than is needed"
    assert "Ten years after you leave, if you had refused news" in words(
        client.get("/legal/privacy/")
    )
    last = row.month.replace(year=row.month.year + 10)
    sweeping.sweep(last - timedelta(days=1))
    assert Stopped.objects.exists()
    sweeping.sweep(last)
    assert not Stopped.objects.exists()


def test_who_registers_again_finds_the_no_of_before(member, db):
    ines = member("ines", "US-CA", choices={MARKETING: "denied"})
    rights.leave(ines.pk)
    work()
    Client().post(
        "/accounts/signup/",
        {
            "email": "ines@lantern.example",
            "password1": "a long sentence of words",
            "territory": "US-CA",
            "age": "18",
            "certified": "on",
        },
        headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
    )
    again = User.objects.get(email="ines@lantern.example")
    assert choices(again) == {MARKETING: "denied"}
