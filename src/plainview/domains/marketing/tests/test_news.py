"""News on the home page: told at the desk, seen by those who want it (P2.3a, P5.1.2a)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Message
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.people import browser_of, somebody

from plainview.domains.accounts.models import Language, User
from plainview.domains.catalogue.services import add_film, publish
from plainview.domains.marketing import services
from plainview.domains.marketing.models import News
from plainview.platform.jobs import queue, worker
from plainview.privacy import permissions
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db
DESK = "/desk/news/"
HEADING = "Harbour Lights is here"


@pytest.fixture
def editor(at_desk) -> Client:
    return at_desk(User.objects.create_user("editor@lantern.example", roles="editor"))


@pytest.fixture
def film():
    title = add_film(name="Harbour Lights", language="en").title
    publish(title)
    return title


def told(**other: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "topic": "films",
        "heading:en": HEADING,
        "text:en": "Three evenings by the sea.",
        "title": "",
        "first": today,
        "last": today + timedelta(days=7),
    } | other


def kept(texts: dict[str, tuple[str, str]], **days: date) -> News:
    """A piece of news in several languages, on some days."""
    said = {code: {"heading": heading, "text": text} for code, (heading, text) in texts.items()}
    today = timezone.localdate()
    return News.objects.create(
        topic="films", texts=said, **{"first": today, "last": today + timedelta(days=1), **days}
    )


def home(language: str = "en", **choices: str) -> str:
    """The home page of a member who answered so, where nobody knows."""
    user = User.objects.create_user(f"{User.objects.count()}@example.org", "a long sentence")
    answers = {name.replace("__", "/").replace("_", "-"): said for name, said in choices.items()}
    permissions.change(user.pk, lambda old: permissions.answered(old, answers))
    client = browser_of(user, headers={"accept-language": language})
    return client.get("/").content.decode()


def test_p2_3a_it_is_shown_to_those_who_said_yes_and_to_nobody_else(editor, film):
    assert editor.post(DESK, told(title=film.pk)).status_code == 302
    assert HEADING in home(marketing_in_app="granted")
    assert f"/titles/{film.slug}/" in home(marketing_in_app="granted")
    assert HEADING not in home()
    assert HEADING not in home(marketing_in_app="denied")
    assert HEADING not in home(marketing_email="granted"), "another channel"


def test_p5_1_2a_a_topic_that_was_refused_is_not_told(editor, film):
    editor.post(DESK, told())
    editor.post(DESK, told(topic="events", **{"heading:en": "A screening in the harbour"}))
    page = home(marketing_in_app="granted", news__films="denied")
    assert HEADING not in page
    assert "A screening in the harbour" in page
    assert page.count('id="why-marketing-in-app"') == 1, "and it says why, with the switch"


@pytest.mark.parametrize(("first", "last", "shown"), [(0, 0, True), (1, 2, False), (-2, -1, False)])
def test_it_is_told_on_its_days(film, first, last, shown):
    today = timezone.localdate()
    kept(
        {"en": (HEADING, "Tonight.")},
        first=today + timedelta(days=first),
        last=today + timedelta(days=last),
    )
    assert (HEADING in home(marketing_in_app="granted")) == shown


def test_everybody_reads_it_in_their_language_or_in_one_that_there_is_and_is_marked(film):
    kept({"ko": ("항구의 불빛", "오늘 밤"), "en": (HEADING, "Tonight.")})
    kept({"ar": ("أضواء الميناء", "الليلة")})
    english = home(marketing_in_app="granted")
    assert HEADING in english
    assert "항구의 불빛" not in english
    assert '<bdi lang="ar" dir="rtl">أضواء الميناء</bdi>' in english, "told in no other language"
    assert "항구의 불빛" in home("ko", marketing_in_app="granted")


def test_the_desk_lists_takes_back_and_refuses_what_nobody_would_see(editor, film):
    over = told(last=timezone.localdate() - timedelta(days=1))
    page = editor.post(DESK, over)
    assert page.status_code == 422
    assert HEADING in page.content.decode(), "nothing typed is lost"
    assert "Nobody would see it" in page.content.decode()
    assert editor.post(DESK, told(topic="gossip")).status_code == 422
    editor.post(DESK, told())
    assert "Shown now" in editor.get(DESK).content.decode()
    end = f"{DESK}{News.objects.get().key}/end/"
    for words in ("It is told no more.", "gone already"):
        assert words in editor.post(end, follow=True).content.decode()
    assert not News.objects.exists()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"heading:en": "", "text:en": ""}, "Say it in one language at least."),
        ({"heading:ko": "항구의 불빛"}, "Say this too, or leave this language out."),
        ({"text:ar": "الليلة"}, "Say this too, or leave this language out."),
        ({"heading:ko": "가" * 91, "text:ko": "나"}, "at most 90 characters"),
    ],
)
def test_half_a_language_is_refused_and_nothing_typed_is_lost(editor, said, problem):
    page = editor.post(DESK, told(**said))
    assert page.status_code == 422
    assert problem in page.content.decode()
    for words in said.values():
        assert str(words) in page.content.decode()
    assert not News.objects.exists()


def test_whoever_may_not_write_news_finds_no_form(at_desk):
    moderator = at_desk(User.objects.create_user("m@lantern.example", roles="moderator"))
    assert moderator.get(DESK).status_code == 403
    assert moderator.post(DESK, told()).status_code == 403
    assert not News.objects.exists()


@pytest.fixture
def outbox(settings, tmp_path) -> Path:
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    return Path(settings.EMAIL_FILE_PATH)


def reader(name: str, choices: dict[str, str], language: str = "") -> User:
    """A member with a proved address, who answered so and reads that."""
    user = somebody(f"{name}@lantern.example")
    permissions.change(user.pk, lambda old: permissions.answered(old, choices))
    if language:
        Language.objects.create(account=user, value=language)
    return user


def letters_in(outbox: Path) -> dict[str, Message]:
    """The letters of an outbox by whom they are to."""
    worker.run_all()
    files = outbox.glob("*.log")
    found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    return {str(each["To"]).partition("@")[0]: each for each in found}


def test_p2_3a_by_email_each_reads_it_in_their_own_language(editor, outbox):
    yes = {"marketing-email": "granted"}
    for name, language in (("hana", "ko"), ("omar", "ar"), ("anne", ""), ("ines", "en")):
        reader(name, yes, language)
    editor.post(DESK, told(**{"heading:ko": "항구의 불빛", "text:ko": "오늘 밤"}, by_mail="on"))
    letters = letters_in(outbox)
    assert {name: str(each["Subject"]) for name, each in letters.items()} == {
        "hana": "항구의 불빛", "omar": HEADING, "anne": HEADING, "ines": HEADING,
    }  # fmt: skip
    korean = letters["hana"].get_body(("html",)).get_content()
    assert 'lang="ko"' in korean
    assert "오늘 밤" in korean
    assert 'lang="en"' in letters["omar"].get_body(("html",)).get_content()


def test_p2_1_3b_the_language_is_the_one_of_the_first_sign_in_until_another_is_picked(client):
    user = reader("hana", {})
    user.set_password("a long sentence of words")
    user.save()
    given = {"login": user.email, "password": "a long sentence of words"}
    page = client.post("/accounts/login/?lang=ko", given)
    assert page.status_code == 302
    assert Language.objects.get().value == "ko"
    client.get("/settings/?lang=en")
    assert Language.objects.get().value == "ko", "looking at a page in another is not picking it"
    same = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    client.post("/language/", {"language": "ar", "next": "/"}, headers=same)
    assert Language.objects.get().value == "ar"
    client.post("/language/", {"language": "xx", "next": "/"}, headers=same)
    assert Language.objects.get().value == "ar"
    Client().post("/accounts/login/?lang=ko", given)
    assert Language.objects.get().value == "ar", "nor is signing in once more"
    Client().post("/language/", {"language": "ko", "next": "/"}, headers=same)
    assert Language.objects.get().value == "ar", "a stranger picks for themselves alone"


def test_p2_1_3b_what_was_picked_is_picked_on_another_device_unless_another_is_there(client):
    user = reader("hana", {})
    user.set_password("a long sentence of words")
    user.save()
    given = {"login": user.email, "password": "a long sentence of words"}
    same = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    client.post("/accounts/login/?lang=ko", given)
    tablet = Client(headers={"accept-language": "en"})
    tablet.post("/accounts/login/", given)
    assert '<html lang="en"' in tablet.get("/").content.decode(), "first met in it is not picked"
    client.post("/language/", {"language": "ar", "next": "/"}, headers=same)
    tablet, telephone = Client(headers={"accept-language": "en"}), Client()
    tablet.post("/accounts/login/", given)
    assert '<html lang="ar"' in tablet.get("/").content.decode()
    telephone.post("/language/", {"language": "ko", "next": "/"}, headers=same)
    telephone.post("/accounts/login/", given)
    assert '<html lang="ko"' in telephone.get("/").content.decode(), "what was picked here stays"
    library = Client()
    library.post("/accounts/login/", {**given, "shared": "on"})
    kept = library.cookies["plainview-language"]
    assert not kept["max-age"], "at a shared computer it ends with the sitting"


def test_p2_3a_by_email_it_goes_once_to_those_who_allow_it_and_want_its_topic(editor, outbox):
    yes = {"marketing-email": "granted"}
    reader("wants", yes)
    reader("refused", {"marketing-email": "denied"})
    reader("silent", {})
    reader("not-this", {**yes, "news/films": "denied"})
    editor.post(DESK, told(by_mail="on"))
    queue.enqueue(services.MAIL, news=News.objects.get().pk)  # as if a worker had died
    again = editor.post(DESK, told(by_mail="on"))
    assert again.status_code == 422
    assert "told already" in again.content.decode(), "pressed twice, it is one piece"
    letters = letters_in(outbox)
    assert set(letters) == {"wants"}
    assert letters["wants"]["List-Unsubscribe"]
    assert HEADING in letters["wants"]["Subject"]
    assert "Sent by email" in editor.get(DESK).content.decode()


def test_it_goes_to_a_few_at_a_time_so_that_nobody_waits_for_everybody(editor, outbox, monkeypatch):
    """As of a change of the policy; who asks once more meanwhile has nobody told twice."""
    monkeypatch.setattr(services, "MOST", 2)
    names = {reader(name, {"marketing-email": "granted"}).email[:4] for name in
             ("anne", "hana", "ines", "mira", "omar")}  # fmt: skip
    editor.post(DESK, told(by_mail="on"))
    assert worker.run_one()
    assert Disclosure.objects.count() == 2
    queue.enqueue(services.MAIL, news=News.objects.get().pk)
    assert set(letters_in(outbox)) == names
    assert len(list(outbox.glob("*.log"))) == len(names)
    reader("late", {"marketing-email": "granted"})
    queue.enqueue(services.MAIL, news=News.objects.get().pk)
    assert set(letters_in(outbox)) == names, "it was sent, and is sent to nobody else"


def test_what_is_taken_back_goes_to_nobody_else(editor, outbox, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    for name in ("anne", "hana", "ines"):
        reader(name, {"marketing-email": "granted"})
    editor.post(DESK, told(by_mail="on"))
    assert worker.run_one()
    assert services.withdraw(News.objects.get().key)
    assert len(letters_in(outbox)) == 2


def test_a_heading_is_one_line_however_it_was_sent_so_that_its_letters_go(editor, outbox):
    """A form made by hand can break it, and of such a subject no letter can be made."""
    reader("wants", {"marketing-email": "granted"})
    editor.post(DESK, told(by_mail="on", **{"heading:en": "Harbour\r\nBcc: all@lantern.example"}))
    letter = letters_in(outbox)["wants"]
    assert letter["Subject"] == "Harbour Bcc: all@lantern.example"
    assert letter["Bcc"] is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Stop news"), ("ar", "إيقاف"), ("ko", "그만")]
)
def test_p3_1_2f_p5_1_2a_the_letter_itself_has_the_link_that_stops_news_without_signing_in(
    editor, outbox, language, words
):
    """Whoever reads it where the headers are not shown finds the way out in the letter."""
    mira = reader("mira", {"marketing-email": "granted"}, language)
    editor.post(
        DESK, told(**{f"heading:{language}": "새", f"text:{language}": "Neu"}, by_mail="on")
    )
    letter = letters_in(outbox)["mira"]
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    (line,) = (each for each in text.splitlines() if "/mail/stop/" in each)
    link = re.search(r"https?://[^/]+(/mail/stop/\S+)", line)
    assert words in line
    assert f'href="{link[0]}"' in html
    anybody = Client()
    assert anybody.get(link[1]).status_code == 200
    assert permissions.read(mira.pk)[0].choices["marketing-email"] == "granted", "until one presses"
    anybody.post(link[1], {"List-Unsubscribe": "One-Click"})
    assert permissions.read(mira.pk)[0].choices["marketing-email"] == "denied"


@pytest.mark.parametrize("why", ["asked", "refused"])
def test_p3_1_2b_who_waits_for_an_answer_about_the_carrier_keeps_it_from_nobody_else(
    editor, outbox, why
):
    """P11e: whoever carries the mail is new, and of two readers one has not said yes to it."""
    yes, carrier = {"marketing-email": "granted"}, "marketing-email/harrowgate"
    anne = reader("anne", yes | ({carrier: "denied"} if why == "refused" else {}))
    if why == "asked":
        waits = frozenset({carrier})
        permissions.change(anne.pk, lambda old: msgspec.structs.replace(old, pending=waits))
    reader("hana", yes)
    editor.post(DESK, told(by_mail="on"))
    assert set(letters_in(outbox)) == {"hana"}


def test_p2_3a_no_more_than_so_many_letters_of_news_a_week_reach_an_address(editor, outbox):
    reader("wants", {"marketing-email": "granted"})
    most = in_force().messages.weekly["marketing-email"]
    for number in range(most + 2):
        editor.post(DESK, told(**{"heading:en": f"Film {number}"}, by_mail="on"))
        letters_in(outbox)
    assert len(list(outbox.glob("*.log"))) == most


def test_p2_3b_whoever_did_not_agree_to_measuring_gets_plain_links_and_no_picture(
    editor, outbox, film
):
    """P2.3b: a yes to news by mail is none to telling whether it was read."""
    reader("refused", {"marketing-email": "granted", "marketing-measure": "denied"})
    reader("silent", {"marketing-email": "granted"})
    editor.post(DESK, told(title=film.pk, by_mail="on"))
    letters = letters_in(outbox)
    assert set(letters) == {"refused", "silent"}
    seen = set()
    for letter in letters.values():
        html = letter.get_body(("html",)).get_content()
        assert not re.findall(r"<img|url\(|src=|<link", html)
        links = {url for url in re.findall(r'https?://[^\s"<]+', html) if "/mail/stop/" not in url}
        assert not [url for url in links if "?" in url]
        seen.add(frozenset(links))
    (same,) = seen  # nobody's links tell who they are
    assert any(url.endswith(f"/titles/{film.slug}/") for url in same)
