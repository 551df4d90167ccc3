"""People are told of a breach of high risk: each once, in their language, or on the site (P8a)."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes, policy

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from tests.breaches.conftest import act, page, wall
from tests.changes.test_telling import REFUSED, at_once  # noqa: F401
from tests.disclosures.conftest import words, work
from tests.disclosures.test_returned import DSN, post_report
from tests.killing import due, dying, moments, some

from plainview.domains.accounts.models import Language
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.breaches import letters, queries, tasks
from plainview.privacy.breaches.models import Informed, Line, Mailing
from plainview.privacy.breaches.said import Sent
from plainview.privacy.disclosures import post
from plainview.privacy.models import Disclosure, Standing, Suppression
from plainview.privacy.rights import wording as kinds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HIGH = {"risk": "high", "reasons": "Passwords."}
PEOPLE = "people@eu-ie"
TEXTS = {
    "nature:en": "A copy of the database stood open.",
    "effects:en": "Others may sign in as you.",
    "measures:en": "It is shut, and all sessions have ended.",
    "advice:en": "Choose another password.",
    "nature:ar": "بقيت نسخة من قاعدة البيانات مفتوحة.",
    "effects:ar": "قد يدخل غيرك بحسابك.",
    "measures:ar": "أُغلقت النسخة.",
}


def sent_to(mailbox) -> dict[str, object]:
    parsed = [message_from_bytes(raw, policy=policy.default) for _, raw in mailbox.letters]
    return {str(letter["To"]): letter for letter in parsed}


def begin(desk: Client, breach, **more):
    """Both steps, as the officer does them: see to how many it goes, and send it."""
    seen = act(desk, breach, "letters", **TEXTS | more)
    counted = seen.context["counted"]
    return counted, act(desk, breach, "letters", **TEXTS | more, people=counted, act="send")


def state(breach, key: str = PEOPLE) -> str:
    deadlines = queries.case(breach.number).deadlines
    return next(each.state for each in deadlines if each.key == key)


def test_p8a_everybody_is_told_once_in_their_language_whatever_they_refused(
    desk, enter, member, mailbox, officer
):
    """P8a: Article 34(2): nature, consequences, measures and contact, to each person concerned."""
    member("ines", choices=REFUSED)
    Language.objects.update_or_create(account=member("mira"), defaults={"value": "ar"})
    Language.objects.update_or_create(account=member("juno"), defaults={"value": "ko"})
    breach = enter(**HIGH)
    work()
    assert list(sent_to(mailbox)) == ["officer@lanternstreet.example"], "told at once, at night too"
    mailbox.letters.clear()
    counted, answer = begin(desk, breach)
    assert answer.status_code == 302 and counted == Standing.objects.filter(device=False).count()
    assert state(breach) == "running"
    work(times=3)
    sent = sent_to(mailbox)
    assert {f"{each}@lantern.example" for each in ("ines", "mira", "juno")} <= set(sent)
    assert len(mailbox.letters) == len(sent), "nobody twice"
    ines, mira, juno = (sent[f"{e}@lantern.example"] for e in ("ines", "mira", "juno"))
    said = ines.get_body(("plain",)).get_content()
    for each in ("A copy of the database stood open.", "Others may sign in as you.",
                 "Choose another password.", breach.number, "privacy@lantern"):  # fmt: skip
        assert each in said
    assert "List-Unsubscribe" not in ines, "it is no news"
    assert ines["Subject"] == "Something happened to your data" != mira["Subject"]
    assert TEXTS["nature:ar"] in mira.get_body(("plain",)).get_content()
    in_korean = juno.get_body(("plain",)).get_content()
    assert TEXTS["nature:en"] in in_korean and "What happened" not in in_korean
    assert state(breach) == "done" and Mailing.objects.get().state == "done"
    said = page(desk, breach)
    assert "Letters are out" in said
    assert "the service" in said and "somebody who has left" not in said, "the service tells it"
    work(times=2)
    assert len(mailbox.letters) == len(sent)
    assert set(Disclosure.objects.values_list("purpose", flat=True)) == {"service-messages"}


def test_p8a_only_those_who_live_there_and_those_of_whom_nobody_knows(desk, enter, member, mailbox):
    """P8a: who is written to is a choice, shown as a number before anything is sent."""
    member("ines", "DE")
    member("tom", "US-CA")
    member("yui", "JP")
    member("nobody", None)
    breach = enter(places=["eu-de", "us-ca"], **HIGH)
    counted, answer = begin(desk, breach, places=["us-ca"])
    assert (counted, answer.status_code) == (letters.concerned(["us-ca"]), 302)
    work(times=3)
    sent = set(sent_to(mailbox))
    assert {"tom@lantern.example", "nobody@lantern.example"} <= sent
    assert not {"ines@lantern.example", "yui@lantern.example"} & sent
    assert state(breach, "people@us-ca") == "done"
    assert state(breach) == "running", "those in Germany were not told"


def test_p8a_nothing_is_sent_that_nobody_has_seen_the_number_of(desk, enter, member, mailbox):
    member("ines")
    breach = enter(**HIGH)
    shown = act(desk, breach, "letters", **TEXTS)
    assert "This goes to" in shown.content.decode()
    act(desk, breach, "letters", **TEXTS, people=7, act="send")
    short = {"nature:en": "x"}
    assert act(desk, breach, "letters", **short).status_code == 422
    half = TEXTS | {"effects:ar": ""}
    assert act(desk, breach, "letters", **half).status_code == 422
    named = TEXTS | {"nature:en": "Mira (mira@lantern.example) saw it."}
    assert act(desk, breach, "letters", **named).status_code == 422
    assert not Mailing.objects.exists() and not Line.objects.filter(kind="written").exists()


def test_p8a_late_letters_say_why_and_whom_no_letter_reaches_is_counted(
    desk, enter, member, mailbox
):
    ines, tom = member("ines"), member("tom")
    post.suppress(post.address_digests(ines.email), Suppression.Why.BOUNCE, ines.pk)
    breach = enter(hours=90, **HIGH)
    assert act(desk, breach, "letters", **TEXTS).status_code == 422
    _counted, answer = begin(desk, breach, late="We looked for whom it concerns.")
    assert answer.status_code == 302
    work(times=3)
    assert "tom@lantern.example" in sent_to(mailbox)
    assert Mailing.objects.get().unreached == 1
    assert state(breach) == "late", "somebody was not told yet"
    said = page(desk, breach)
    assert "The letters did not reach 1 person, who is still to be told" in said
    assert Informed.objects.get(account=ines.pk).mailed is False
    named = page(desk, breach, "unreached/")
    assert str(ines.pk) in named and str(tom.pk) not in named and ines.email not in named
    told = {"duty": "authority@eu-ie", "at": wall(timezone.now()), "late": "So we looked."}
    assert act(desk, breach, "told", **told).status_code == 302
    assert state(breach) == "late", "which tells the authority, and none of them"
    assert act(desk, breach, "site", **TEXTS).status_code == 422, "it says why it is late"
    late = "No address took their letters."
    assert act(desk, breach, "site", **TEXTS, late=late).status_code == 302
    assert state(breach) == "done" and late in page(desk, breach)


def test_p8a_a_letter_that_comes_back_opens_the_duty_again_until_it_is_told_in_public(
    desk, enter, member, mailbox
):
    """P8a: Article 34(3)(c): whoever nothing reaches is told on the site, by the same clock."""
    ines = member("ines")
    member("tom")
    breach = enter(**HIGH)
    begin(desk, breach)
    work(times=3)
    assert state(breach) == "done"
    told = {"duty": "authority@eu-ie", "at": wall(timezone.now())}
    assert act(desk, breach, "told", **told).status_code == 302
    assert act(desk, breach, "close", words="All are told.").status_code == 302
    letter = sent_to(mailbox)[ines.email]
    came_back(letter, ines.email)
    tasks.breaches()
    assert state(breach) == "running" and queries.case(breach.number).open
    assert "Letters reached nobody" in page(desk, breach)
    assert str(ines.pk) in page(desk, breach, "unreached/")
    refused = act(desk, breach, "close", words="Nothing is left.")
    assert refused.status_code == 422 and "Something is still to be done" in words(refused)
    entries = Line.objects.count()
    tasks.breaches()
    assert Line.objects.count() == entries, "it is entered once"
    assert act(desk, breach, "site", **TEXTS).status_code == 302
    assert state(breach) == "done"
    assert act(desk, breach, "close", words="Nothing is left.").status_code == 302


def test_p8a_each_letter_names_which_of_their_own_data_is_concerned(desk, enter, member, mailbox):
    """P8a: Article 34(2): as far as it is known, and that nothing is known where it is not."""
    member("ines")
    Language.objects.update_or_create(account=member("mira"), defaults={"value": "ar"})
    breach = enter(categories=["interface.language", "profile.name"], **HIGH)
    assert "Nobody has said yet" not in page(desk, breach, "letters/")
    begin(desk, breach)
    work(times=3)
    ines, mira = (text_of(sent_to(mailbox)[f"{e}@lantern.example"]) for e in ("ines", "mira"))
    assert "Of the kinds of data that we know to be concerned we hold none about you." in ines
    with override("ar"):
        language, name = (kinds.category(e) for e in ("interface.language", "profile.name"))
    assert f"– {language}" in mira and name not in mira
    assert language not in ines
    mailbox.letters.clear()
    unknown = enter(**HIGH)
    assert "Nobody has said yet" in page(desk, unknown, "letters/")
    begin(desk, unknown)
    work(times=3)
    ines = text_of(sent_to(mailbox)["ines@lantern.example"])
    assert "We do not know yet which kinds of data are concerned." in ines


def text_of(letter) -> str:
    return letter.get_body(("plain",)).get_content()


def came_back(letter, address: str) -> None:
    """The mail server of the address says that nobody has it."""
    key = str(letter["Message-ID"]).strip("<>").partition("@")[0]
    told = DSN.format(to=address, action="failed", status="5.1.1", key=key)
    assert post_report(told) == 204


@pytest.mark.django_db(transaction=True)
def test_p8a_killed_in_the_middle_nobody_is_told_twice_and_nobody_missed(
    desk, enter, member, mailbox, monkeypatch
):
    """P8a: whatever moment it dies at; where nobody knows, the officer sees how many."""
    few = msgspec.structs.replace(settings.ENV, notices_a_minute=180)
    monkeypatch.setattr(settings, "ENV", few)
    people = {f"viewer{number}@lantern.example" for number in range(7)}
    for each in people:
        member(each.partition("@")[0])
    breach = enter(**HIGH)
    assert begin(desk, breach)[1].status_code == 302
    Job.objects.exclude(task=letters.SEND).delete()
    total, kills = moments(worker.run_one), 0
    _due()
    for moment in some(total):
        kills += dying(worker.run_one, moment)
        _due(breach)
        told = list(Informed.objects.values_list("account", flat=True))
        assert len(told) == len(set(told))
    for _ in range(9):
        work()
        _due(breach)
    told = list(Informed.objects.values_list("account", flat=True))
    found = Counter(to for receivers, _raw in mailbox.letters for to in receivers)
    (row,) = Mailing.objects.all()
    assert set(found.values()) == {1}
    assert len(people - set(found)) <= letters.failed(row.pk) <= kills
    asked = Disclosure.objects.filter(subject__in=told).values_list("subject", flat=True)
    assert len(asked) == len(set(asked)), "nobody was to be written to twice"
    out = next(e for e in queries.case(breach.number).said if isinstance(e, Sent))
    assert len(told) == len(set(told)) == out.people + out.unreached
    assert Line.objects.filter(kind="sent").count() == 1
    tasks.breaches()
    missing = letters.failed(row.pk)
    assert state(breach) == ("running" if missing else "done")
    assert len(letters.unreached(queries.case(breach.number))) == missing


def _due(breach=None) -> None:
    """Let the jobs be due; what had cost four workers their lives is taken up."""
    due()
    for stuck in Mailing.objects.filter(state="stuck"):
        assert letters.go_on(queries.case(breach.number), stuck.pk)


def test_p8a_what_got_stuck_is_taken_up_at_the_desk(desk, enter, member, mailbox):
    member("ines")
    breach = enter(**HIGH)
    begin(desk, breach)
    (row,) = Mailing.objects.all()
    letters.stuck(letters=row.pk)
    work()
    assert "ines@lantern.example" not in sent_to(mailbox)
    assert "Stuck" in page(desk, breach)
    assert act(desk, breach, "letters", act="go-on", letters=row.pk).status_code == 302
    work(times=2)
    assert "ines@lantern.example" in sent_to(mailbox)


def test_p8a_what_is_told_on_the_site_stands_on_every_page_until_it_is_taken_off(desk, enter):
    """P8a: Article 34(3)(c): a public communication, in the language of the page."""
    breach = enter(**HIGH)
    line = "Something happened to data of members."
    stranger = Client()
    assert line not in words(stranger.get("/"))
    assert "Nothing is told here now." in words(stranger.get("/privacy/breaches/"))
    assert act(desk, breach, "site", **TEXTS).status_code == 302
    assert state(breach) == "done"
    assert line in words(stranger.get("/"))
    told = words(stranger.get("/privacy/breaches/"))
    assert TEXTS["nature:en"] in told and breach.number in told
    assert TEXTS["nature:ar"] in words(stranger.get("/privacy/breaches/?lang=ar"))
    in_korean = words(Client().get("/privacy/breaches/?lang=ko"))
    assert TEXTS["nature:en"] in in_korean and "What happened" not in in_korean
    assert act(desk, breach, "site", words="Everybody has a new password.").status_code == 302
    assert line not in words(Client().get("/"))
    assert TEXTS["nature:en"] not in words(Client().get("/privacy/breaches/"))
    assert "Everybody has a new password." in page(desk, breach)
