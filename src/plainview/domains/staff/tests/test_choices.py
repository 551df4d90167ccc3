"""P3.1.2e: a choice told by telephone or letter is entered by the staff, and told to the person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.people import HERE, browser_of, somebody

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.models import Change
from plainview.privacy import permissions
from plainview.privacy.consent import services as consent
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Answer
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db
REASON = {"kind": "law", "authority": "The court", "reference": "17", "reason": "A letter came."}
SAID = {"channel": "letter", "reason": "Signed by hand, with the address we know."}
ADS, NEWS, HISTORY = "purpose-targeted-ads", "purpose-marketing-email", "purpose-history"


@pytest.fixture
def mira(db) -> User:
    user = somebody("mira@lantern.example")
    here = permissions.newcomer("US-CA")
    permissions.change(user.pk, lambda facts: permissions.resident(here, "US-CA"))
    return user


@pytest.fixture
def desk(at_desk, officer, mira) -> Client:
    client = at_desk(officer)
    client.post(f"/desk/people/{mira.pk}/reason/", REASON)
    return client


def days_ago(days: int) -> str:
    return str(timezone.localdate() - timedelta(days=days))


def enter(desk: Client, person: User, *, days: int = 3, **said: str):
    page = f"/desk/people/{person.pk}/choices/"
    sent = {**SAID, "said_on": days_ago(days), **said}
    return desk.post(page, sent, follow=True)


def choices(person: User) -> dict[str, str]:
    return dict(permissions.read(person.pk)[0].choices)


def answered_oneself(person: User, answers: dict[str, str]) -> None:
    question = Question("en", "us-ca", "the words of a page")
    consent.answer_for_account(person.pk, None, answers, question, via="centre")


def test_a_no_by_letter_holds_at_once_and_who_entered_it_is_written_down(desk, mira, officer):
    done = enter(desk, mira, **{ADS: "no", NEWS: "no"})
    assert "Entered. They are told by mail" in done.content.decode()
    assert choices(mira) == {"targeted-ads": "denied", "marketing-email": "denied"}
    answer = Answer.objects.get()
    assert (answer.subject, answer.via) == (mira.pk, "letter")
    assert str(timezone.localtime(answer.given_at).date()) == days_ago(3), "the letter's day counts"
    assert "Said in a letter" in answer.shown.text
    change = Change.objects.get()
    assert (change.staff, change.person, change.what) == (officer.pk, mira.pk, "entered")
    assert (change.channel, str(change.said_on)) == ("letter", days_ago(3))


def test_the_person_reads_who_entered_what_and_gets_a_letter_about_it(desk, mira, client):
    enter(desk, mira, **{ADS: "no"})
    client.force_login(mira)
    page = client.get("/settings/looks/").content.decode()
    assert "Entered choices of yours" in page
    assert "By letter" in page
    assert SAID["reason"] in page
    assert "officer@lantern.example" not in page
    letter = mail.outbox[-1]
    assert letter.to == [mira.email]
    assert f"{in_force().text('purposes.targeted-ads.name')}: No" in letter.body


def test_p3_1_2e_the_letter_about_it_is_in_the_language_of_its_reader(desk, mira):
    """P3.1.2e: not in that of whoever entered it."""
    own = browser_of(mira, headers=HERE)
    own.post("/language/", {"language": "es"})
    enter(desk, mira, **{ADS: "no"})
    assert f"{in_force().text('purposes.targeted-ads.name', 'es')}: No" in mail.outbox[-1].body


def test_what_they_answered_later_themselves_stands_whatever_a_letter_says(desk, mira):
    answered_oneself(mira, {"targeted-ads": "denied", "marketing-email": "granted"})
    done = enter(desk, mira, **{ADS: "no", NEWS: "no", HISTORY: "no"})
    assert "those answers stand" in done.content.decode()
    assert choices(mira) == {
        "targeted-ads": "denied",
        "marketing-email": "granted",
        "history": "denied",
    }
    assert "your later answer holds" in mail.outbox[-1].body
    said = json.loads(Answer.objects.get(via="letter").answers)
    assert said["marketing-email"] == "denied", "the ledger keeps what the letter said"


def test_a_yes_never_overrides_a_stricter_later_answer_nor_one_of_that_day(desk, mira):
    answered_oneself(mira, {"history": "denied"})
    enter(desk, mira, **{HISTORY: "yes"})
    assert choices(mira)["history"] == "denied"
    enter(desk, mira, days=0, **{HISTORY: "yes"})
    assert choices(mira)["history"] == "denied", "of two on one day the no stands"
    enter(desk, mira, days=0, **{"purpose-recommend": "yes"})
    assert choices(mira)["recommend"] == "granted"


def test_p3_1_2e_a_yes_that_has_lapsed_since_opens_nothing_and_ends_no_other(desk, mira):
    """P3.1.2e, P2.11a: the earliest yes lets all lapse, and this one was over before it came."""
    permissions.change(mira.pk, lambda facts: permissions.resident(facts, "DE"))
    answered_oneself(mira, {"history": "granted"})
    done = enter(desk, mira, days=25 * 31, **{"purpose-recommend": "yes"})
    assert "A yes of that day has lapsed by the law." in done.content.decode()
    assert permissions.live(permissions.read(mira.pk)[0]).choices == {"history": "granted"}
    enter(desk, mira, days=25 * 31, **{"purpose-recommend": "no"})
    assert choices(mira) == {"history": "granted", "recommend": "denied"}


def test_a_yes_that_takes_two_steps_is_nobody_elses_to_give(desk, mira):
    answered_oneself(mira, {"targeted-ads": "denied"})
    done = enter(desk, mira, days=0, **{ADS: "yes", HISTORY: "no"})
    assert done.status_code == 422
    assert "which only they can take" in done.content.decode()
    assert choices(mira) == {"targeted-ads": "denied"}
    assert SAID["reason"] in done.content.decode(), "nothing typed is lost"
    assert not Change.objects.exists()


def test_p5_2_2_4a_a_yes_to_a_reward_is_nobody_elses_to_give_and_a_no_is(desk, mira):
    """P5.2.2.4a: whoever joins has the terms before them; leaving is possible by any way."""
    done = enter(desk, mira, **{"purpose-newsletter-programme": "yes"})
    assert done.status_code == 422
    assert not choices(mira)
    enter(desk, mira, **{"purpose-newsletter-programme": "no"})
    assert choices(mira) == {"newsletter-programme": "denied"}


def test_refusing_everything_is_one_tick(desk, mira):
    enter(desk, mira, all_no="on")
    assert set(choices(mira).values()) == {"denied"}
    assert len(choices(mira)) > 20


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Say what they refuse or allow"),
        ({ADS: "no", "said_on": "2999-01-01"}, "has not come yet"),
        ({ADS: "no", "said_on": "2001-01-01"}, "more than three years ago"),
        ({ADS: "no", "channel": ""}, "Without “How it reached us” this can’t go on."),
        ({ADS: "perhaps"}, "Select a valid choice"),
    ],
)
def test_a_form_that_can_not_be_says_so_and_enters_nothing(desk, mira, sent, words):
    done = enter(desk, mira, **sent)
    assert done.status_code == 422
    assert words in done.content.decode()
    assert choices(mira) == {}


def test_without_reason_role_or_further_factor_the_page_stays_shut(at_desk, mira, officer, client):
    page = f"/desk/people/{mira.pk}/choices/"
    no_reason = at_desk(officer)
    assert (
        no_reason.post(page, {**SAID, ADS: "no"})["Location"].partition("?")[0].endswith("/reason/")
    )
    moderator = User.objects.create_user("moderator@lantern.example", roles=Role.MODERATOR)
    other = at_desk(moderator)
    other.post(f"/desk/people/{mira.pk}/reason/", REASON)
    assert other.post(page, {**SAID, ADS: "no"}).status_code == 403
    client.force_login(officer)
    assert client.post(page, {**SAID, ADS: "no"}).status_code == 302, "to the further factor"
    assert choices(mira) == {}
