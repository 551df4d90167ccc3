"""News on the home page: told at the desk, seen by those who want it (P2.3a, P5.1.2a)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film, publish
from plainview.domains.marketing import services
from plainview.domains.marketing.models import News
from plainview.platform.jobs import queue, worker
from plainview.privacy import permissions

pytestmark = pytest.mark.django_db
DESK, CHANNEL = "/desk/news/", "marketing-in-app"
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
        "language": "en",
        "heading": HEADING,
        "text": "Three evenings by the sea.",
        "title": "",
        "first": today,
        "last": today + timedelta(days=7),
    } | other


def home(**choices: str) -> str:
    """The home page of a member who answered so, where nobody knows."""
    user = User.objects.create_user(f"{User.objects.count()}@example.org", "a long sentence")
    answers = {name.replace("__", "/").replace("_", "-"): said for name, said in choices.items()}
    permissions.change(user.pk, lambda old: permissions.answered(old, answers))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
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
    editor.post(DESK, told(topic="events", heading="A screening in the harbour"))
    page = home(marketing_in_app="granted", news__films="denied")
    assert HEADING not in page
    assert "A screening in the harbour" in page
    assert page.count('id="why-marketing-in-app"') == 1, "and it says why, with the switch"


@pytest.mark.parametrize(
    ("first", "last", "language", "shown"),
    [(0, 0, "en", True), (1, 2, "en", False), (-2, -1, "en", False), (0, 1, "ko", False)],
)
def test_it_is_told_on_its_days_and_in_its_language(film, first, last, language, shown):
    today = timezone.localdate()
    days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
    News.objects.create(**{**told(language=language), **days, "title": None})
    assert (HEADING in home(marketing_in_app="granted")) == shown


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


def test_whoever_may_not_write_news_finds_no_form(at_desk):
    moderator = at_desk(User.objects.create_user("m@lantern.example", roles="moderator"))
    assert moderator.get(DESK).status_code == 403
    assert moderator.post(DESK, told()).status_code == 403
    assert not News.objects.exists()


def test_p2_3a_by_email_it_goes_once_to_those_who_allow_it_and_want_its_topic(
    editor, settings, tmp_path
):
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    yes = {"marketing-email": "granted"}
    for name, choices in {
        "wants": yes,
        "refused": {"marketing-email": "denied"},
        "silent": {},
        "not-this": {**yes, "news/films": "denied"},
    }.items():
        user = User.objects.create_user(f"{name}@lantern.example")
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        permissions.change(user.pk, lambda old, c=choices: permissions.answered(old, c))
    editor.post(DESK, told(by_mail="on"))
    queue.enqueue(services.MAIL, news=News.objects.get().pk)  # as if a worker had died
    while worker.run_one():
        pass
    outbox = Path(settings.EMAIL_FILE_PATH)
    letters = [file.read_text() for file in outbox.glob("*.log")]
    assert len(letters) == 1
    assert "To: wants@lantern.example" in letters[0]
    assert "List-Unsubscribe:" in letters[0]
    assert HEADING in letters[0]
    assert "Sent by email" in editor.get(DESK).content.decode()
