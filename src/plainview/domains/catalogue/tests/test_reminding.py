"""A reminder: asked for where something is to come; one letter when it is here, then forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from django.utils.formats import date_format

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services, tasks
from plainview.domains.catalogue.document import Licence, document_of
from plainview.domains.catalogue.models import Genre, Reminder, Tag, Title
from plainview.domains.catalogue.queries import inferable, reveals
from plainview.platform.jobs import worker
from plainview.privacy.retention import sweeping
from plainview.privacy.rights.planning import later
from plainview.web.tests.conftest import a_title

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OWN = {"origin": "http://testserver"}


@pytest.fixture
def letters(monkeypatch) -> list[tuple[int, str]]:
    """What was written to whom."""
    written: list[tuple[int, str]] = []

    def write(subject, template, context, title) -> bool:
        written.append((subject, context["name"]))
        return True

    monkeypatch.setattr("plainview.privacy.disclosures.post.write", write)
    return written


@pytest.fixture
def coming() -> Title:
    title = a_title("first-frost")
    title.announced_at = timezone.now() - DAY
    title.published_at = timezone.now() + DAY
    title.save()
    return title


@pytest.fixture
def member(client) -> User:
    member = User.objects.create_user("member@example.org")
    client.force_login(member)
    return member


def test_one_letter_when_it_is_here_and_the_wish_is_forgotten(client, coming, member, letters):
    assert "Remind me" in client.get("/titles/first-frost/").content.decode()
    client.post("/titles/first-frost/remind/", headers=OWN)
    page = client.get("/titles/first-frost/").content.decode()
    assert "You will get one letter" in page
    tasks.reminders()
    assert letters == []
    Title.objects.update(published_at=timezone.now())
    Reminder.objects.update(opens_at=timezone.now())
    tasks.reminders()
    tasks.reminders()
    assert letters == [(member.pk, "First Frost")]
    assert not Reminder.objects.exists()
    assert mail.outbox == []


def test_p9c_a_wish_says_how_long_it_is_kept_and_goes_with_that_day(client, coming, member):
    """A title may be put off for longer than we keep messages: no letter comes then."""
    client.post("/titles/first-frost/remind/", headers=OWN)
    last = later(timezone.localdate(), "P12M")
    page = client.get("/titles/first-frost/").content.decode()
    assert f"Kept until {date_format(last)}" in page
    sweeping.sweep(last - DAY)
    assert Reminder.objects.exists()
    sweeping.sweep(last)
    assert "Remind me" in client.get("/titles/first-frost/").content.decode()


def test_a_letter_that_can_not_be_written_keeps_nobody_else_waiting(
    client, coming, member, monkeypatch
):
    written: list[int] = []

    def write(subject: int, *said: object) -> bool:
        if subject == member.pk:
            raise ValueError("words that nobody foresaw")
        written.append(subject)
        return True

    monkeypatch.setattr("plainview.privacy.disclosures.post.write", write)
    client.post("/titles/first-frost/remind/", headers=OWN)
    client.force_login(other := User.objects.create_user("other@example.org"))
    client.post("/titles/first-frost/remind/", headers=OWN)
    Title.objects.update(published_at=timezone.now())
    Reminder.objects.update(opens_at=timezone.now())
    with pytest.raises(ExceptionGroup):
        tasks.reminders()
    assert written == [other.pk]
    assert list(Reminder.objects.values_list("account_id", flat=True)) == [member.pk]


def test_a_wish_taken_back_while_others_are_written_to_gets_no_letter(
    client, coming, member, monkeypatch
):
    """All who are due were looked up before: the second had let go by their turn, and got it."""
    written: list[int] = []

    def write(subject: int, *said: object) -> bool:
        written.append(subject)
        client.post("/titles/first-frost/remind/", {"act": "forget"}, headers=OWN)
        return True

    monkeypatch.setattr("plainview.privacy.disclosures.post.write", write)
    client.post("/titles/first-frost/remind/", headers=OWN)
    client.force_login(User.objects.create_user("other@example.org"))
    client.post("/titles/first-frost/remind/", headers=OWN)
    Title.objects.update(published_at=timezone.now())
    Reminder.objects.update(opens_at=timezone.now())
    tasks.reminders()
    assert written == [member.pk]
    assert not Reminder.objects.exists()


def test_the_letter_comes_in_the_language_of_whoever_asked(client, coming, member, monkeypatch):
    titles: list[str] = []
    monkeypatch.setattr(
        "plainview.privacy.disclosures.post.write",
        lambda subject, template, context, title: titles.append(title) or True,
    )
    client.post("/titles/first-frost/remind/?lang=ko", headers=OWN)
    Title.objects.update(published_at=timezone.now())
    Reminder.objects.update(opens_at=timezone.now())
    tasks.reminders()
    assert titles
    assert "is here" not in titles[0]


def test_a_name_of_two_lines_is_one_in_the_letter(client, coming, member, settings, tmp_path):
    """As a file of titles or a film's tags may bring it: of such a subject no letter is made."""
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    client.post("/titles/first-frost/remind/", headers=OWN)
    broken = {"en": {"name": "First\r\nBcc: all@lantern.example"}}
    Title.objects.update(published_at=timezone.now(), texts=broken)
    Reminder.objects.update(opens_at=timezone.now())
    tasks.reminders()
    worker.run_all()
    (kept,) = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    letter = message_from_bytes(kept.read_bytes(), policy=default)
    assert (letter["Subject"], letter["Bcc"]) == ("First Bcc: all@lantern.example is here", None)


NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MAY, JUNE, JULY = (NOW.replace(month=month, day=2) for month in (5, 6, 7))
GERMANY, KOREA, AUSTRIA = ["DE"], ["KR"], ["AT"]


@pytest.mark.parametrize(
    ("told", "moved", "written"),
    [
        pytest.param([(GERMANY, JULY)], [(GERMANY, JUNE)], {3: 1}, id="earlier"),
        pytest.param([(GERMANY, JUNE)], [(GERMANY, JULY)], {3: 0, 33: 1}, id="later"),
        pytest.param([(GERMANY, JUNE)], [], {3: 0, 33: 0}, id="taken back"),
        pytest.param(
            [(GERMANY, JULY), (KOREA, JUNE)],
            [(GERMANY, JUNE), (KOREA, JULY)],
            {3: 1},
            id="two places that change their days",
        ),
        pytest.param(
            [(GERMANY, JUNE), (KOREA, MAY)],
            [(GERMANY, JULY), (KOREA, MAY)],
            {3: 0, 33: 1},
            id="later here, open elsewhere",
        ),
        pytest.param(
            [([*GERMANY, *AUSTRIA], JUNE)],
            [(GERMANY, JUNE), (AUSTRIA, JULY)],
            {3: 0, 33: 1},
            id="parted, and nobody knows on which side one is",
        ),
        pytest.param(
            [(GERMANY, JULY), (KOREA, JUNE)], [(KOREA, JUNE)], {33: 0}, id="open elsewhere alone"
        ),
    ],
)
def test_a_licence_that_is_moved_takes_the_letter_along(
    client, member, letters, placed, monkeypatch, told, moved, written
):
    """The letter waited for the day that one was told of: too late, or before it was here."""
    title = a_title("first-frost")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    Title.objects.update(published_at=MAY - DAY, licensed=True)
    _licence(title, told)
    client.post("/titles/first-frost/remind/", headers=OWN | {"x-place": "DE"})
    assert Reminder.objects.count() == 1
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))
    _licence(title, moved)
    for days, many in written.items():
        monkeypatch.setattr("django.utils.timezone.now", lambda days=days: NOW + days * DAY)
        tasks.reminders()
        assert len(letters) == many, f"after {days} days"


def test_a_day_on_which_all_is_shown_may_come_earlier(client, coming, member, letters):
    client.post("/titles/first-frost/remind/", headers=OWN)
    services.publish(coming)
    tasks.reminders()
    assert letters == [(member.pk, "First Frost")]


def _licence(title: Title, windows: list[tuple[list[str], datetime]]) -> None:
    """Write a title anew with licences for places, each from a moment on."""
    title = Title.objects.get(pk=title.pk)
    document = document_of(title)
    document.licences = [Licence(places, opens_at=opens) for places, opens in windows]
    services.save(document, title=title)


def test_a_wish_is_taken_back_and_is_ones_own(client, coming, member):
    client.post("/titles/first-frost/remind/", headers=OWN)
    client.post("/titles/first-frost/remind/", headers=OWN)
    assert Reminder.objects.count() == 1
    client.post("/titles/first-frost/remind/", {"act": "forget"}, headers=OWN)
    assert not Reminder.objects.exists()


def test_a_stranger_is_asked_to_sign_in_and_nothing_is_kept(client, coming):
    answer = client.post("/titles/first-frost/remind/", headers=OWN)
    assert answer["Location"].startswith("/accounts/login/")
    assert not Reminder.objects.exists()


def test_nothing_is_noted_of_what_can_be_watched_already(client, member):
    a_title("here-now")
    client.post("/titles/here-now/remind/", headers=OWN)
    assert not Reminder.objects.exists()


def test_p1_2_7b_p4_1_3c_a_title_reveals_by_any_of_its_marks_and_then_feeds_nothing(db):
    faith = Genre.objects.create(slug="faith", texts={}, reveals=["faith"])
    ward = Tag.objects.create(slug="ward", texts={}, reveals=["health"])
    plain, by_itself, by_genre, by_tag = (a_title(name) for name in ("a", "b", "c", "d"))
    Title.objects.filter(pk=by_itself.pk).update(reveals=["sexuality"])
    by_genre.genres.add(faith)
    by_tag.tags.add(ward)
    found = {title.slug: reveals(title) for title in Title.objects.all()}
    assert found == {"a": set(), "b": {"sexuality"}, "c": {"faith"}, "d": {"health"}}
    assert list(inferable(Title.objects.all())) == [plain]
