"""What somebody saw, surface by surface: a page where one of ours was seen, and else the truth."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.consent.test_api import Television
from tests.receipts.conftest import REASON, latest, opened

from plainview.domains.accounts.models import User
from plainview.privacy import permissions
from plainview.privacy.consent import by_hand, connected
from plainview.privacy.disclosures import feedback, letters
from plainview.privacy.models import Answer
from plainview.privacy.receipts import inspecting, queries

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]
PAGE, WORDS = "See it as it was", "Read its words"


@pytest.fixture
def mira(window) -> User:
    mira = User.objects.create_user("mira@lantern.example")
    browser = window("DE", user=mira, at="/privacy/choices/")
    browser.press("Accept all")
    return mira


def choices(member: User) -> dict[str, str]:
    """The standing of what they refused or allowed."""
    found = permissions.read(member.pk)
    return dict(found[0].choices or {}) if found else {}


@pytest.fixture
def at_desk_of(officer, mira):
    """What the officer sees of Mira's last entry: the row of the list, the receipt, the page."""

    def look() -> tuple[str, str, str]:
        where = opened(officer, mira.pk)
        rows = officer.get(where).content.decode()
        key = latest().key
        row = next(each for each in re.findall(r"<tr>.*?</tr>", rows, re.DOTALL) if key in each)
        receipt = officer.get(f"{where}{key}/").content.decode()
        page = officer.get(f"{where}{key}/shown/")
        return row, receipt, page.content.decode() if page.status_code == 200 else ""

    return look


def test_p1_1_5g_the_page_of_news_can_be_looked_at_as_it_was(window, mira, at_desk_of):
    browser = window("DE", user=mira, at="/privacy/news/")
    form = next(each for each in browser.forms.found if each.action.startswith("/privacy/news/"))
    browser.post(form.action, dict(form.fields) | {"answer": "none"})
    assert latest().via == "news"
    row, receipt, page = at_desk_of()
    assert PAGE in row
    assert "<iframe" in receipt
    assert 'name="topic-' in page
    assert "checked" not in page, "with nothing of what was answered"
    asked = re.findall(r'name="purpose-([a-z-]+)" value="yes"', page)
    document = latest().shown.document
    assert asked
    assert all(f'"dct:identifier":"{each}"' in document for each in asked)


def test_p1_1_5g_of_a_letter_there_is_the_page_where_one_was_seen(mira, at_desk_of):
    address = reverse("mail-stop", args=[letters.token(mira.pk)])
    here = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    Client(headers=here).post(address, {"List-Unsubscribe": "One-Click"})
    assert latest().via == "mail"
    row, receipt, page = at_desk_of()
    assert PAGE in row
    assert "By a link in a mail" in receipt
    assert "List-Unsubscribe" in page, "the button that was pressed"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("program", "as a mail program offers it beside the letter"),
        ("junk", "was called junk in a mail program"),
    ],
)
def test_p1_1_5g_what_was_said_in_a_mail_program_is_not_passed_off_as_a_page(
    mira, at_desk_of, how, said
):
    if how == "program":
        address = reverse("mail-stop", args=[letters.token(mira.pk)])
        Client().post(address, {"List-Unsubscribe": "One-Click"})
    else:
        feedback.unsubscribe(mira.pk)
    row, receipt, page = at_desk_of()
    assert WORDS in row
    assert "No page of ours was seen" in receipt
    assert said in receipt
    assert "<iframe" not in receipt + page


def test_p1_1_5g_what_the_staff_wrote_down_is_said_to_be_that(mira, at_desk_of):
    purpose = by_hand.offered(mira.pk)[0].id
    by_hand.enter(mira.pk, {purpose: False}, via="phone", on=timezone.localdate())
    row, receipt, page = at_desk_of()
    assert WORDS in row
    assert "What was written down" in receipt
    assert "Nothing was shown on a screen" in receipt
    assert "<iframe" not in receipt + page


def test_p1_1_5g_of_an_app_the_words_are_kept_that_it_was_given(mira, at_desk_of):
    app = Television("DE", token=connected.connect(connected.offer(mira.pk), "Living room"))
    app.save(history=False)
    assert app.status == 200
    row, receipt, page = at_desk_of()
    assert WORDS in row
    assert "in a look of its own that we do not have" in receipt
    assert "<iframe" not in receipt + page
    words = app.get("choices/questions")["whole"]
    assert words["title"] in latest().shown.text


def test_p1_1_5g_what_staff_entered_wrongly_is_put_right_by_another_entry_that_says_so(
    mira, officer, at_desk_of, verified
):
    purpose = by_hand.offered(mira.pk)[0].id
    officer.post(f"/desk/people/{mira.pk}/reason/", REASON)
    page = f"/desk/people/{mira.pk}/choices/"
    today, day = timezone.localdate(), timezone.localdate() - timedelta(days=3)
    told = {"channel": "phone", "reason": "By hand.", f"purpose-{purpose}": "no"}
    officer.post(page, {**told, "said_on": str(today)})
    assert choices(mira)[purpose] == "denied"
    wrong = Answer.objects.get(via="phone").key
    shown = officer.get(page).content.decode()
    assert "Does it put an earlier entry right?" in shown
    assert f'value="{wrong}"' in shown
    nobodys = str(uuid.uuid4())
    assert officer.post(page, {**told, "said_on": str(day), "corrects": nobodys}).status_code == 422
    right = {"channel": "letter", "said_on": str(day), "corrects": wrong}
    done = officer.post(page, {**told, **right, f"purpose-{purpose}": "no"})
    assert done.status_code == 302
    entry = Answer.objects.get(via="letter")
    assert entry.corrects == wrong
    assert f'value="{wrong}"' not in officer.get(page).content.decode(), "it is put right"

    where = opened(officer, mira.pk)
    first = officer.get(f"{where}{wrong}/").content.decode()
    assert "Put right by" in first
    assert entry.key in first
    second = officer.get(f"{where}{entry.key}/").content.decode()
    assert "Puts right" in second
    listed = officer.get(where).content.decode()
    assert listed.count("another entry puts this one right") == 1
    assert listed.count("puts an earlier entry right") == 1


def test_a_no_that_staff_entered_by_a_slip_does_not_outweigh_the_yes_that_puts_it_right(mira):
    day = timezone.localdate()
    purpose = next(
        each.id
        for each in by_hand.offered(mira.pk)
        if not by_hand.needs_themselves(mira.pk, each.id)
    )
    by_hand.enter(mira.pk, {purpose: False}, via="letter", on=day)
    assert choices(mira)[purpose] == "denied"
    outcome = by_hand.enter(mira.pk, {purpose: True}, via="letter", on=day)
    assert outcome.stood == (purpose,), "what she answered herself today stands"
    assert choices(mira)[purpose] == "granted"
    stood = {each.said.id: each.said.word for each in inspecting._stood(queries.history(mira.pk))}
    assert stood[purpose] == "granted"


def test_an_answer_that_stands_again_counts_from_its_own_day(mira):
    """It counted from the day of the letter: one older than a yes lasts ended every other yes."""
    today = timezone.localdate()
    purpose = by_hand.offered(mira.pk)[0].id
    before = permissions.read(mira.pk)[0]
    by_hand.enter(mira.pk, {purpose: False}, via="phone", on=today)
    wrong = Answer.objects.get(via="phone").key
    right = {"via": "letter", "on": today - timedelta(days=800), "corrects": wrong}
    outcome = by_hand.enter(mira.pk, {purpose: False}, **right)
    assert outcome.stood == (purpose,), "what she answered herself today stands"
    after = permissions.read(mira.pk)[0]
    assert after.choices == before.choices
    assert after.valid_until == before.valid_until


def test_p1_1_5g_a_kept_style_sheet_finds_the_letters_of_now_and_no_others(client):
    name = "source-sans-3-latin-wght-normal"
    found = client.get(f"/privacy/style/fonts/{name}.woff2")
    assert (found.status_code, found["Cache-Control"]) == (302, "public, max-age=86400")
    assert name in found["Location"]
    gone = client.get("/privacy/style/fonts/letters-of-another-year.woff2")
    assert gone.status_code == 404
    assert "no-store" in gone["Cache-Control"]
