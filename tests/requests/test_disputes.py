"""A fact that somebody says is wrong: set aside, put right by a person, told to whoever has it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.backups.conftest import worker_looks
from tests.people import browser_of, somebody, viewed
from tests.requests.conftest import HERE, QUEUE, act

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Video
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Progress, Viewing
from plainview.domains.playback.services import watching
from plainview.domains.playback.services.watching import Watched
from plainview.privacy import log as logging_
from plainview.privacy import permissions
from plainview.privacy.backups import barrier, closing, ledger
from plainview.privacy.backups.barrier import State as Restoring
from plainview.privacy.consent.models import Answer
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.log.models import Act, Deed
from plainview.privacy.models import Standing, Withheld
from plainview.privacy.requests import services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Matter, Proof, Request
from plainview.privacy.rights import holds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORY = "viewing.history"


@runs("history", source="form", about="account")
def remembered(*, account: int) -> list[int]:
    return sorted(Viewing.objects.values_list("seconds", flat=True))


@runs("history", source="form", about="account")
def counted(*, account: int) -> int:
    return Viewing.objects.count()


@runs("understand-use", source="form", everyone="figures of everybody")
def figures() -> list[int]:
    return sorted(Viewing.objects.values_list("seconds", flat=True))


@pytest.fixture
def mira(db) -> User:
    """Somebody who lets the service remember, of whom two sittings are kept."""
    user = somebody("mira@lantern.example", "a lantern in the rain")
    allow(user)
    watched(user, add_film(name="Walk"), 60)
    watched(user, add_film(name="Never seen"), 5400)
    return user


def allow(user: User) -> None:
    said = dict.fromkeys(("history", "understand-use"), "granted")
    permissions.change(user.pk, lambda facts: permissions.answered(facts, said))


def watched(user: User, video: Video, seconds: int) -> Viewing:
    return viewed(user.pk, video, f"of {video.pk}", seconds=seconds)


def disputed(client: Client, words: str = "I never saw it.", film: str = "Never seen") -> Request:
    """Say at the entry itself that it is wrong, as its person does."""
    entries = client.get(f"/privacy/held/{HISTORY}/").context["found"].entries
    entry = next(each for each in entries if film in dict(each.values).values())
    form = {"kind": HISTORY, "fact": entry.wrong}
    assert film in client.post("/privacy/wrong/", form).content.decode()
    answer = client.post("/privacy/wrong/", form | {"act": "send", "words": words})
    assert answer.status_code == 302
    return Request.objects.latest("received_at")


def test_p5_2_1_3a_a_disputed_fact_is_used_no_more_from_that_moment(mira, at_home):
    """P5.2.1.3a: below the gate, one fact alone, and nobody else's."""
    other = User.objects.create_user("tom@lantern.example")
    allow(other)
    watched(other, Video.objects.first(), 30)
    assert remembered(account=mira.pk) == [60, 5400] and figures() == [30, 60, 5400]
    row = disputed(at_home)
    assert (row.kind, row.state) == ("correct", State.WORKING)
    assert remembered(account=mira.pk) == [60] and counted(account=mira.pk) == 1
    assert figures() == [30, 60]
    assert "Never seen" not in at_home.get("/my/history/").content.decode()
    assert Standing.objects.get(subject=mira.pk).permitted & WITHHOLDS
    page = at_home.get(f"/privacy/requests/{row.number}/").content.decode()
    assert "Never seen" in page and "set aside" in page and "I never saw it." in page
    assert "Never seen" in at_home.get(f"/privacy/held/{HISTORY}/").content.decode(), "still kept"


def test_p5_2_1_3a_what_was_typed_is_kept_and_nothing_of_others_can_be_disputed(mira, at_home):
    entries = at_home.get(f"/privacy/held/{HISTORY}/").context["found"].entries
    form = {"kind": HISTORY, "fact": entries[0].wrong, "act": "send"}
    assert at_home.post("/privacy/wrong/", form | {"words": " "}).status_code == 422
    tom = browser_of(User.objects.create_user("tom@lantern.example"), headers=HERE)
    tom.post("/privacy/wrong/", form | {"words": "Not mine."})
    at_home.post("/privacy/wrong/", form | {"fact": "forged", "words": "Not mine."})
    at_home.post("/privacy/wrong/", form | {"kind": "profile.name", "words": "Not mine."})
    assert not Request.objects.exists() and not Withheld.objects.exists()
    Viewing.objects.all().delete()
    gone = at_home.post("/privacy/wrong/", form | {"words": "That evening was not mine."})
    assert gone.status_code == 409 and "not there any more" in gone.content.decode()
    assert gone.context["form"]["words"].value() == "That evening was not mine."
    assert gone.context["form"]["kind"].value() == "correct"


def test_p5_2_1_3a_an_officer_puts_it_right_and_it_is_used_again(mira, at_home, desk):
    """P5.2.1.3a: by a person, in timeline and log; the person reads what it says now."""
    row = disputed(at_home, "I saw one minute of it.")
    case = desk.get(f"{QUEUE}{row.number}/").content.decode()
    assert "Never seen" in case and "I saw one minute of it." in case and "5400" in case
    case = desk.get(f"{QUEUE}{row.number}/", headers={"Accept-Language": "ar"}).content.decode()
    read = re.sub("<[^>]*>", " ", case)  # a token in an attribute may hold any digits
    assert "Seconds watched" not in read and read.count("5400") == 1, "once, as they read it"
    said = {"outcome": "granted", "said": "You are right."}
    form = desk.get(f"{QUEUE}{row.number}/answer/").context["form"]
    kept = {name: form[name].value() for name in form.fields if name.startswith("fact-")}
    typed = {name: _typed(value) for name, value in kept.items()}
    unchanged = act(desk, row, "answer", **said, **typed)
    assert unchanged.status_code == 409
    assert "Nothing would be put right" in unchanged.content.decode()
    typed["fact-seconds"] = "45"
    assert act(desk, row, "answer", **said, **typed).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.ANSWERED, "granted")
    assert remembered(account=mira.pk) == [45, 60]
    assert not Withheld.objects.exists()
    told = row.events.get(step="answer").said
    assert "You are right." in told and "45" in told
    assert any("45" in each.body for each in mail.outbox)
    assert Act.objects.filter(person=mira.pk).exists()
    assert Deed.objects.filter(body__contains='"correction"').exists()


def _typed(value) -> str:
    return (
        "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "year") else value
    )


def test_p5_2_1_3a_what_is_wrong_altogether_goes(mira, at_home, desk):
    row = disputed(at_home)
    act(desk, row, "answer", outcome="granted", said="It is gone.", remove="on")
    assert Viewing.objects.count() == 1
    assert "Never seen" not in at_home.get(f"/privacy/held/{HISTORY}/").content.decode()
    assert Matter.objects.get().request_id == row.pk


def test_p5_2_1_3a_a_proof_of_what_was_said_is_neither_changed_nor_deleted(mira, at_home, desk):
    """What is only ever added to stays so: what is wrong in it is said beside it."""
    at_home.post("/privacy/opt-out/", {"via": "foot"})
    answer = Answer.objects.get(subject=mira.pk)
    found = at_home.get("/privacy/held/consent.proof/").context["found"]
    form = {"kind": "consent.proof", "fact": found.entries[0].wrong, "act": "send"}
    at_home.post("/privacy/wrong/", form | {"words": "It was not me."})
    row = Request.objects.get()
    fields = desk.get(f"{QUEUE}{row.number}/answer/").context["form"].fields
    assert "remove" not in fields and not [name for name in fields if name.startswith("fact-")]
    said = {"outcome": "granted", "said": "It is gone.", "remove": "on"}
    assert act(desk, row, "answer", **said).status_code == 409
    assert Answer.objects.filter(pk=answer.pk).exists()


@pytest.mark.parametrize("whole", [False, True])
def test_p9b_what_is_held_for_a_claim_goes_by_no_dispute(mira, at_home, desk, whole):
    """A legal hold keeps one entry, or all of a kind, from an officer's click too."""
    owner = User.objects.get(email="officer@lantern.example").pk
    until = timezone.localdate() + dt.timedelta(30)
    hold = holds.put(mira.pk, owner=owner, reason="A claim.", until=until, categories=[HISTORY])
    form = {"kind": "correct", "words": "None of it.", "wrong": HISTORY}
    if whole:
        at_home.post("/privacy/requests/new/", form)
    row = Request.objects.get() if whole else disputed(at_home)
    said = {"outcome": "granted", "said": "It is gone.", "remove": "on"}
    assert "remove" not in desk.get(f"{QUEUE}{row.number}/answer/").context["form"].fields
    assert act(desk, row, "answer", **said).status_code == 409
    assert Viewing.objects.count() == 2
    holds.release(hold.pk)
    assert act(desk, row, "answer", **said).status_code == 302
    assert Viewing.objects.count() == (0 if whole else 1)


def test_p5_2_1_3a_a_refusal_has_a_ground_and_an_appeal_sets_it_aside_again(mira, at_home, desk):
    row = disputed(at_home)
    assert act(desk, row, "refuse", said="It was you.").status_code == 422
    act(desk, row, "refuse", ground="unfounded", said="It was you.")
    assert remembered(account=mira.pk) == [60, 5400], "told in the same moment"
    assert any("It was you." in each.body for each in mail.outbox)
    page = f"/privacy/requests/{row.number}/"
    at_home.post(page, {"act": "appeal", "words": "It was my brother."})
    assert remembered(account=mira.pk) == [60]
    again = act(desk, row, "settle", outcome="granted", said="So it was.", remove="on")
    assert again.status_code == 409 and Viewing.objects.count() == 2, "somebody else decides"


def test_p5_2_1_3a_asked_twice_it_stays_aside_until_the_one_is_decided(mira, at_home):
    first, second = disputed(at_home), disputed(at_home, "Really.")
    second.refresh_from_db()
    assert (second.state, second.joined_to) == (State.JOINED, first)
    other = disputed(at_home, "Nor that.", "Walk")
    assert other.state == State.WORKING and remembered(account=mira.pk) == []
    at_home.post(f"/privacy/requests/{first.number}/", {"act": "withdraw", "words": ""})
    assert remembered(account=mira.pk) == [5400]


def test_p5_2_1_3a_who_cannot_say_which_entry_says_which_kind(mira, at_home, desk):
    """P5.2.1.3a, by a request: all of the kind is set aside, till an officer names the one."""
    form = {"kind": "correct", "words": "Somebody else was at my television.", "wrong": HISTORY}
    assert at_home.post("/privacy/requests/new/", form).status_code == 302
    row = Request.objects.get()
    assert row.state == State.WORKING and remembered(account=mira.pk) == []
    assert (row.matter.name, row.matter.entry) == (HISTORY, "")
    chosen = dict(desk.get(f"{QUEUE}{row.number}/sort/").context["form"].fields["disputed"].choices)
    one = next(value for value, said in chosen.items() if "Never seen" in said)
    act(desk, row, "sort", kind="correct", disputed=one)
    assert remembered(account=mira.pk) == [60]
    act(desk, row, "answer", outcome="granted", said="It is gone.", remove="on")
    assert remembered(account=mira.pk) == [60] and Viewing.objects.count() == 1


def test_p5_2_1_3a_nothing_is_done_as_asked_in_silence(mira, at_home, desk):
    """P5.2.1.3a: of a whole kind an entry is named, or all goes, or words say which part."""
    form = {"kind": "correct", "words": "None of it.", "wrong": HISTORY}
    at_home.post("/privacy/requests/new/", form)
    row = Request.objects.get()
    nothing = act(desk, row, "answer", outcome="granted", said="You are right.")
    assert nothing.status_code == 409 and "name the entry" in nothing.content.decode()
    part = {"outcome": "partly", "ground": "unfounded"}
    assert act(desk, row, "answer", **part, said=" ").status_code == 409
    assert Viewing.objects.count() == 2 and remembered(account=mira.pk) == []
    act(desk, row, "answer", outcome="granted", said="It is gone.", remove="on")
    assert not Viewing.objects.exists() and not Withheld.objects.exists()
    assert "We deleted all of it." in row.events.get(step="answer").said


def test_p5_2_1_3a_what_was_done_by_hand_is_said(mira, at_home, desk):
    form = {"kind": "correct", "words": "None of it.", "wrong": HISTORY}
    at_home.post("/privacy/requests/new/", form)
    row = Request.objects.get()
    said = "The television was yours alone from May on."
    act(desk, row, "answer", outcome="partly", ground="unfounded", said=said)
    assert remembered(account=mira.pk) == [60, 5400]
    assert row.events.get(step="answer").said == said


@pytest.mark.parametrize("refused", [True, False])
def test_p8a_what_is_set_aside_no_more_is_not_set_aside_by_a_copy(
    mira, at_home, desk, refused, django_capture_on_commit_callbacks
):
    """P8a: a lift is noted where the block is; a wrong value that a copy brings back rests."""
    copy = permissions.read(mira.pk)[0]
    row = disputed(at_home)
    said = {"outcome": "granted", "said": "So it is."}
    if refused:
        step, said = "refuse", {"ground": "unfounded", "said": "It was you."}
    else:
        form = desk.get(f"{QUEUE}{row.number}/answer/").context["form"]
        kept = {name: form[name].value() for name in form.fields if name.startswith("fact-")}
        typed = {name: _typed(value) for name, value in kept.items()} | {"fact-seconds": "45"}
        step, said = "answer", said | typed
    with django_capture_on_commit_callbacks(execute=True):
        act(desk, row, step, **said)
    assert not Withheld.objects.exists()
    hers = ledger.Finder([mira.pk])
    for note in ledger.notes():
        copy = closing.again(copy, note.facts) if hers.person(note) else copy
    assert bool(copy.restrictions) is not refused


@pytest.mark.django_db(transaction=True)
def test_p8a_a_wrong_value_that_a_copy_brings_back_rests_and_somebody_is_asked_to_look(
    mira, at_home, desk
):
    """P8a: the ledger has which fact it was and no value; a second replay asks nobody anew."""
    logging_.sequence()
    copy = Standing.objects.values().get(subject=mira.pk)
    row = disputed(at_home)
    form = desk.get(f"{QUEUE}{row.number}/answer/").context["form"]
    kept = {name: form[name].value() for name in form.fields if name.startswith("fact-")}
    typed = {name: _typed(value) for name, value in kept.items()} | {"fact-seconds": "45"}
    act(desk, row, "answer", outcome="granted", said="So it is.", **typed)
    assert remembered(account=mira.pk) == [45, 60]
    (noted,) = filter(ledger.Finder([mira.pk]).person, ledger.notes())
    (rests,) = noted.facts["restrictions"]
    entry = row.matter.entry
    assert rests["disputed"] == [f"{HISTORY} {entry}"], "which one it is, and no value"
    with duty("erasure"):  # the copy is of before
        Request.objects.all().delete()
    Standing.objects.filter(subject=mira.pk).update(**copy)
    Viewing.objects.filter(seconds=45).update(seconds=5400)
    for _ in range(2):
        barrier.put_up(Restoring("replay"))
        worker_looks()
        assert remembered(account=mira.pk) == [60]
        again = Request.objects.get()
        assert (again.state, again.matter.entry) == ("working", entry)


def test_p5_2_1_3a_by_letter_an_officer_names_it_for_them(mira, desk):
    """P5.2.1.3a: whatever the door, the fact rests from the moment somebody read which it is."""
    row = services.file(
        services.Asked("correct", Channel.LETTER, "en", "The ferry.", mira.pk, proof=Proof.SEEN)
    )
    assert remembered(account=mira.pk) == [60, 5400]
    assert act(desk, row, "sort", kind="correct", disputed=f"{HISTORY} forged").status_code == 422
    act(desk, row, "sort", kind="correct", disputed=HISTORY)
    assert remembered(account=mira.pk) == []
    act(desk, row, "refuse", ground="unfounded", said="It was you.")
    assert remembered(account=mira.pk) == [60, 5400]


def test_p5_2_1_3a_a_film_goes_on_though_its_place_is_disputed(mira, at_home):
    """What can't be seen can't be written over either; the sitting is kept all the same."""
    video = Video.objects.get(title__slug="never-seen")
    place = Progress.objects.create(
        subject=mira.pk, video=video, position=30, stopped_at=timezone.now()
    )
    entries = at_home.get("/privacy/held/viewing.progress/").context["found"].entries
    form = {"kind": "viewing.progress", "fact": entries[0].wrong, "act": "send", "words": "No."}
    at_home.post("/privacy/wrong/", form)
    seen = Watched(mira.pk, video.pk, 5400, "another", told=1, position=60, seconds=60)
    remember(event=seen, account=mira.pk)
    assert Viewing.objects.filter(subject=mira.pk, sitting="another").exists()
    place.refresh_from_db()
    assert place.position == 30


@runs("history", source="form", about="account")
def remember(*, event: Watched, account: int) -> None:
    watching.remember(event)
