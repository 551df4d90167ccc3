"""Everybody is told of a change once, by the way that reaches them, whatever marketing says."""

import shutil
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone
from tests.changes.conftest import change, edit, enter, words, work
from tests.disclosures.test_push import turn_on

from plainview.domains.accounts.models import Language, Role, User
from plainview.engine import load
from plainview.platform.jobs.models import Job
from plainview.privacy.changes import queries, sending
from plainview.privacy.commands import privacy
from plainview.privacy.disclosures import post
from plainview.privacy.models import Change, Deed, Disclosure, Suppression, Told

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REFUSED = {"marketing-email": "denied", "marketing-push": "denied", "audience-uploads": "denied"}
PUSHED = {"marketing-push": "granted", "audience-uploads": "denied"}
NOTE = "Our privacy notice has changed"
SENTENCE = "Data goes to a country that it did not go to: South Africa, by Northgate Social."


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    told = msgspec.structs.replace(settings.ENV, notices_a_minute=100_000)
    monkeypatch.setattr(settings, "ENV", told)


def test_p11d_a_letter_comes_whatever_marketing_says_in_the_readers_language(
    member, mailbox, publish
):
    member("ines", choices=REFUSED)
    mira = member("mira")
    Language.objects.update_or_create(account=mira, defaults={"value": "ar"})
    publish()
    work()
    parsed = [message_from_bytes(raw, policy=policy.default) for _, raw in mailbox.letters]
    letters = {str(letter["To"]): letter for letter in parsed}
    assert set(letters) == {"ines@lantern.example", "mira@lantern.example"}
    assert letters["ines@lantern.example"]["Subject"] == NOTE
    assert letters["mira@lantern.example"]["Subject"] != NOTE
    said = letters["ines@lantern.example"].get_body(("plain",)).get_content()
    assert SENTENCE in said and "/privacy/changes/" in said
    assert "List-Unsubscribe" not in letters["ines@lantern.example"], "it is no news"
    assert set(Told.objects.values_list("way", flat=True)) == {"mail"}


def test_p9c_that_somebody_was_told_is_kept_as_long_as_other_proof(member, mailbox, publish):
    """Of members who stay as of those who go: three years from the telling, as policy says."""
    now = member("tom").pk
    publish()
    work()
    change, three_years_ago = Change.objects.get(), timezone.now() - timedelta(3 * 365)
    early, late, unseen = (member(name) for name in ("ines", "mira", "noor"))
    for who, way, past in ((early, "mail", 3), (late, "mail", -3), (unseen, "visit", 3)):
        at = three_years_ago - timedelta(past)
        Told.objects.create(account=who.pk, change=change, way=way, at=at)
    CliRunner().invoke(privacy, ["sweep"], catch_exceptions=False)
    told = Told.objects.values_list("account", flat=True)
    assert set(told) == {now, late.pk, unseen.pk}, "who has not seen it is still to be told"


LESS = [
    ("retention.toml", "months = 36\nnotices = [33, 35]", "months = 12\nnotices = [9, 11]"),
    ("retention.toml", 'backups = "P35D"', 'backups = "P90D"'),
    ("recipients.toml", 'carries = "mail"\ndeletes_after = "P30D"', 'carries = "mail"'),
    ("decisions.toml", 'inputs = ["activity.searches"]\neffect = "order"\nmodel = false',
     'inputs = ["activity.searches"]\neffect = "order"\nmodel = true'),
    ("purposes/improve.toml", "threshold = 10", "threshold = 6"),
    ("rules.toml", 'headers = ["Sec-GPC"]', 'headers = ["Sec-Other"]'),
    ("messages.toml", "marketing-email = 2", "marketing-email = 5"),
    ("jurisdictions/eu.toml", "lapses_months = 24", "lapses_months = 36"),
    ("jurisdictions/eu-de.toml", "[ages]\nconsent = 16", "[ages]\nconsent = 13"),
    ("jurisdictions/us-or.toml", "[signals]\nrequired = true", "[signals]\nrequired = false"),
]  # fmt: skip
TOLD = (
    "After how long an account ends that nobody uses: 12 months instead of 36 months.",
    "How long emergency copies stay: 90 days instead of 35 days.",
    "How long Harrowgate Mail keeps what it received: no set time instead of 30 days.",
    "The fewest people of whom a figure speaks, for “Make the service better”: 6 instead of 10.",
    "A program decides otherwise about people: “In which order results come”.",
    "A signal of browsers is heard no longer: Global Privacy Control (Sec-GPC).",
    "The most pieces of news in a week, for “Send news by email”: 5 instead of 2.",
    "Answers are asked for or hold otherwise: the European Union and the EEA.",
    "Other ages count: Germany.",
)
ELSEWHERE = "Signals of browsers count otherwise"


def test_p11d_what_protects_people_less_is_told_whichever_part_of_the_notice_it_is(
    member, mailbox, publish, tmp_path
):
    """How long accounts and copies last, what others keep, how small a figure is, what learns."""
    folder = Path(shutil.copytree(settings.POLICY_DIR, tmp_path / "policy"))
    for file, old, new in LESS:
        edit(folder, file, old, new)
    member("ines", choices=REFUSED)
    publish(load(folder))
    work()
    (raw,) = (raw for _, raw in mailbox.letters)
    letter = message_from_bytes(raw, policy=policy.default).get_body(("plain",)).get_content()
    said = " ".join(letter.split())
    assert [each for each in TOLD if each not in said] == []
    assert ELSEWHERE not in said, "they are not there"


def test_p11d_whom_no_letter_reaches_meets_it_at_the_next_visit_once(member, mailbox, publish):
    ines, omar = member("ines", choices=REFUSED), member("omar", choices=REFUSED)
    EmailAddress.objects.filter(user=ines).update(verified=False)
    post.suppress(post.address_digests(omar.email), Suppression.Why.BOUNCE, omar.pk)
    publish()
    work()
    assert not mailbox.letters
    assert set(Told.objects.values_list("way", flat=True)) == {"visit"}
    progress = queries.progress(queries.changes()[:1])[0]
    assert (progress.waiting, progress.seen) == (2, 0), "the officer sees them"
    client = enter(ines)
    page = client.get("/")
    assert SENTENCE in words(page)
    shown = page.context["banner"].question.key
    client.post("/privacy/choices/", {"via": "change", "shown": shown, "answer": "ok"})
    assert SENTENCE not in words(client.get("/"))
    progress = queries.progress(queries.changes()[:1])[0]
    assert (progress.waiting, progress.seen) == (1, 1)


def test_p11d_whom_no_letter_reaches_is_told_by_their_browser_if_it_takes_messages(
    member, platform, connect, publish
):
    connect(**{"mozilla-push": ("push", platform.url)})
    ines = member("ines", choices=PUSHED)
    browser = turn_on(enter(ines), platform)
    EmailAddress.objects.filter(user=ines).update(verified=False)
    publish()
    work()
    (sent,) = platform.got
    assert browser.shows(sent.body) == {"title": NOTE, "link": "/privacy/changes/", "lang": "en"}
    assert list(Told.objects.values_list("way", flat=True)) == ["push"]
    row = Disclosure.objects.get()
    assert (row.purpose, row.recipient, row.state) == ("service-messages", "mozilla-push", "sent")
    assert SENTENCE not in words(enter(ines).get("/")), "once is enough"


@pytest.mark.parametrize(("answer", "goes_again"), [(502, False), (410, False), (503, True)])
def test_p11d_a_message_that_may_have_arrived_is_not_sent_again_the_next_visit_tells(
    member, platform, connect, publish, answer, goes_again
):
    connect(**{"mozilla-push": ("push", platform.url)})
    ines = member("ines", choices=PUSHED)
    turn_on(enter(ines), platform)
    EmailAddress.objects.filter(user=ines).update(verified=False)
    publish()
    platform.status = answer
    work()
    platform.status = 201
    work()
    assert len(platform.got) == 1 + goes_again
    assert (SENTENCE in words(enter(ines).get("/"))) is not goes_again
    progress = queries.progress(queries.changes()[:1])[0]
    assert (progress.pushed, progress.waiting) == (int(goes_again), int(not goes_again))


def test_the_officer_sees_how_far_it_is_and_stops_it_at_the_desk(member, publish, at_desk):
    member("ines", choices=REFUSED)
    publish()
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))
    page = officer.get("/desk/privacy/notices/")
    assert "2026-12-15" in words(page) and "Going on" in words(page)
    number = Change.objects.get().pk
    officer.post("/desk/privacy/notices/", {"change": number, "act": "pause"})
    assert Change.objects.get().state == Change.State.PAUSED
    assert "Stopped" in words(officer.get("/desk/privacy/notices/"))
    assert (
        officer.post("/desk/privacy/notices/", {"change": "x", "act": "go-on"}).status_code == 404
    )
    officer.post("/desk/privacy/notices/", {"change": number, "act": "go-on"})
    assert Change.objects.get().state == Change.State.SENDING


def test_p11d_nobody_is_told_twice_however_often_the_work_is_done_again(member, mailbox, publish):
    people = [member(name) for name in ("ines", "omar", "mira")]
    publish()
    work()
    row = Change.objects.get()
    assert row.state == Change.State.DONE
    Change.objects.update(state=Change.State.SENDING)
    Job.objects.all().delete()
    sending.queue.enqueue(sending.SEND, change=row.pk)
    work()
    assert len(mailbox.letters) == Told.objects.count() == len(people)
    deed = Deed.objects.filter(what=sending.DEED).first()
    assert deed is not None and '"pv:told":"3"' in deed.body


def test_who_came_later_knows_no_other_policy_and_is_told_nothing(member, mailbox, publish):
    publish()
    ines = member("ines")
    User.objects.filter(pk=ines.pk).update(joined_at=timezone.now() + timedelta(seconds=1))
    work()
    assert not Told.objects.exists()


def test_the_officer_stops_it_and_lets_it_go_on(member, mailbox, publish):
    for name in ("ines", "omar"):
        member(name)
    publish()
    row = Change.objects.get()
    assert sending.pause(row.pk)
    work()
    assert not mailbox.letters
    assert sending.go_on(row.pk) and not sending.go_on(row.pk)
    work()
    assert len(mailbox.letters) == 2


def test_what_fails_for_good_waits_for_the_officer(member, publish, monkeypatch):
    member("ines")
    publish()

    def fails(*_):
        raise OSError

    monkeypatch.setattr(sending, "_tell", fails)
    work(times=20)
    assert Change.objects.get().state == Change.State.STUCK
    monkeypatch.undo()
    change(member("omar"), choices={})
    assert sending.go_on(Change.objects.get().pk)
