"""A program's decision: explained for this person, and looked at by a person (P6c)."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.people import somebody
from tests.requests.conftest import HERE, QUEUE, act

from plainview.domains.accounts.models import Certification, Role, User
from plainview.domains.catalogue.models import Genre, Title
from plainview.domains.catalogue.services import add_film
from plainview.domains.library.models import Rating
from plainview.domains.playback.services.arriving import MOST_OPEN, Refused, expect
from plainview.domains.searches.models import Search
from plainview.domains.support import queries as strikes
from plainview.domains.support.models import Strike
from plainview.privacy import permissions
from plainview.privacy.decisions import register
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.refusals import NotPermitted
from plainview.privacy.log.models import Act
from plainview.privacy.models import Force, Overruled, Release, Version
from plainview.privacy.policies import in_force
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Matter, Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DECIDED = "/privacy/decisions/"


@pytest.fixture
def mira(db) -> User:
    """Somebody who gave one film five stars, and looked for another by name."""
    user = somebody("mira@lantern.example", "a lantern in the rain")
    said = dict.fromkeys(("recommend", "personalise-search", "history"), "granted")
    permissions.change(user.pk, lambda facts: permissions.answered(facts, said))
    genre = Genre.objects.create(slug="night", texts={"en": {"name": "Night"}})
    for name in ("Night Ferry", "Night Bus", "Night Train", "Night Walk", "Night Watch"):
        add_film(name=name).title.genres.add(genre)
    liked = Title.objects.get(slug="night-ferry")
    Rating.objects.create(subject=user.pk, title=liked, stars=5, rated_at=timezone.now())
    return user


@pytest.fixture
def last(mira) -> Title:
    """The film that everybody finds last by a word, and that she looked for by name."""
    found = Client().get("/search/?q=night").context["cards"]
    title = Title.objects.get(slug=found[-1].url.strip("/").split("/")[-1])
    words = title.name.text
    Search.objects.create(
        subject=mira.pk, query=words, words=words.lower(), searched_at=timezone.now()
    )
    return title


def asked(client: Client, decision: str, which: str, words: str = "By mistake.") -> Request:
    form = {"decision": decision, "which": which}
    page = client.post(DECIDED, form)
    assert page.status_code == 200, page
    assert client.post(DECIDED, form | {"act": "send", "words": " "}).status_code == 422
    assert client.post(DECIDED, form | {"act": "send", "words": words}).status_code == 302
    return Request.objects.latest("received_at")


def test_p6c_each_decision_says_inputs_main_reason_and_switch_where_it_shows(
    mira, last, at_home, django_assert_max_num_queries
):
    """P6c: on the page, and under Your privacy; the switch is one that works."""
    home = at_home.get("/").content.decode()
    assert "Because you gave stars to Night Ferry" in home and f"{DECIDED}#shelves" in home
    found = at_home.get("/search/?q=night").content.decode()
    assert f"{DECIDED}#results" in found
    with django_assert_max_num_queries(30):
        page = at_home.get(DECIDED)
    text = page.content.decode()
    assert "Because you gave stars to Night Ferry" in text
    assert "Earlier search" in text and f"{last.name.text} comes first" in text
    made = {each.id: each for each in page.context["decisions"]}
    asks = re.findall(r'Have a person look at it<span class="visually-hidden">: (.*?)</span>', text)
    assert {made["shelves"].name, made["results"].name} <= {*asks}, "by ear each says what of"
    assert made["shelves"].switch and 'id="why-recommend"' in text
    assert DECIDED in at_home.get("/privacy/").content.decode()
    at_home.post("/privacy/opt-out/", {})
    said = {"recommend": "denied"}
    permissions.change(mira.pk, lambda facts: permissions.answered(facts, said))
    made = {each.id: each.made for each in at_home.get(DECIDED).context["decisions"]}
    assert made["shelves"] == [] and made["results"] != []


@pytest.mark.parametrize(
    ("tongue", "wait"), [("en", "36 months"), ("ko", "36개월"), ("ar", "36 شهرًا")]
)
def test_p6c_after_how_long_an_account_ends_stands_there_and_in_no_braces(at_home, tongue, wait):
    """P6c: the same lengths of time as in the notice, in the language of the page."""
    page = at_home.get(DECIDED, headers={"Accept-Language": tongue})
    told = {each.id: each.logic for each in page.context["decisions"]}
    assert wait in told["dormancy"]
    assert not [logic for logic in told.values() if "{" in logic]


def test_p6c_of_a_stranger_only_what_goes_by_the_address_is_decided(client):
    """P6c: the page that a film which is not shown there leads to says how, and whom to ask."""
    page = client.get(DECIDED)
    assert page.status_code == 200 and "this is all" in page.content.decode()
    assert {each.id for each in page.context["decisions"]} == {"available", "pace"}
    assert "/privacy/request/?kind=automated-decision-review" in page.content.decode()
    assert client.post(DECIDED, {"decision": "shelves"}, headers=HERE).status_code == 200


def test_p6c_a_review_is_recorded_decided_by_a_person_and_changes_the_decision(mira, at_home, desk):
    """P6c: a snapshot of inputs and rule, upheld or changed, told, in timeline and log."""
    row = asked(at_home, "shelves", "night-ferry")
    assert (row.kind, row.state) == ("automated-decision-review", State.WORKING)
    page = at_home.get(DECIDED).content.decode()
    assert f'href="/privacy/requests/{row.number}/">A person looks at it.' in page
    kept = dict(json.loads(Matter.objects.get(request=row).shown))
    assert "Night Ferry" in kept["Main reason"] and in_force().version in kept["Rule"]
    case = desk.get(f"{QUEUE}{row.number}/").content.decode()
    assert "By mistake." in case and kept["Rule"].partition(";")[0] in case
    act(desk, row, "answer", outcome="granted", said="You are right.")
    row.refresh_from_db()
    assert row.state == State.ANSWERED
    assert "Night Ferry" not in at_home.get("/").content.decode().partition("Because")[2][:80]
    made = {each.id: each.made for each in at_home.get(DECIDED).context["decisions"]}
    assert made["shelves"] == []
    assert "does not hold any more" in row.events.get(step="answer").said
    assert any("You are right." in each.body for each in mail.outbox)
    assert Act.objects.filter(person=mira.pk).exists()


def test_p6c_what_is_upheld_stays_and_says_why(last, at_home, desk):
    row = asked(at_home, "results", str(last.pk))
    assert act(desk, row, "refuse", ground="unfounded", said="").status_code == 422
    act(desk, row, "refuse", ground="unfounded", said="You looked for it on Monday.")
    assert not Overruled.objects.exists()
    assert (
        "You looked for it on Monday."
        in at_home.get(f"/privacy/requests/{row.number}/").content.decode()
    )


def released(name: str, *staff: User) -> None:
    """Put a version into force that these released, by the wording of the one before."""
    now = timezone.now()
    version = Version.objects.create(
        name=name, policy=in_force().fingerprint, digest="", content=b"", origin="desk",
        effective=now, proposed_at=now, published_at=now, state="published",
    )  # fmt: skip
    Force.objects.update_or_create(pk=1, defaults={"version": version})
    for each in staff:
        Release.objects.create(version=version, staff=each.pk, at=now)


def test_p6c_whoever_released_the_rule_of_then_does_not_review_it(mira, at_home, desk, officer):
    """P6c: who is told at the desk; a later version gives the review to nobody else."""
    other = User.objects.create_user("second@lantern.example", roles=Role.ADMINISTRATOR)
    for name, staff in (("long-before", other), ("a", officer)):
        released(name, staff)
    row = asked(at_home, "shelves", "night-ferry")
    released("b", other)
    case = desk.get(f"{QUEUE}{row.number}/")
    assert "somebody else reviews it: second@lantern.example" in case.content.decode()
    assert not {"answer", "refuse"} & {step for step, _words in case.context["steps"]}
    answer = act(desk, row, "answer", outcome="granted", said="Yes.")
    assert answer.status_code == 409 and "somebody else reviews it" in answer.content.decode()
    assert not Overruled.objects.exists()


def test_p6c_who_released_a_later_version_may_review_it(mira, at_home, desk, officer):
    User.objects.create_user("second@lantern.example", roles=Role.OFFICER)
    row = asked(at_home, "shelves", "night-ferry")
    released("b", officer)
    act(desk, row, "answer", outcome="granted", said="Yes.")
    assert Overruled.objects.exists()
    assert "also released" not in row.events.get(step="answer").said


@pytest.mark.parametrize("other", ["released it", "is gone", "asks"])
def test_p6c_where_nobody_else_is_there_it_is_reviewed_and_said(
    mira, at_home, desk, officer, other
):
    """P6c: everybody released it, or is suspended or asks who did not; the person reads it."""
    if other == "asks":
        User.objects.filter(pk=mira.pk).update(roles=Role.OFFICER)
        released("a", officer)
    else:
        gone = other == "is gone"
        second = User.objects.create_user(
            "second@lantern.example", roles=Role.OFFICER, is_active=not gone
        )
        released("a", officer, *([] if gone else [second]))
    row = asked(at_home, "shelves", "night-ferry")
    assert "nobody else here can review it" in desk.get(f"{QUEUE}{row.number}/").content.decode()
    assert act(desk, row, "refuse", ground="unfounded", said="").status_code == 422
    act(desk, row, "answer", outcome="granted", said="")
    assert Overruled.objects.exists()
    assert "also released the rule" in row.events.get(step="answer").said
    assert any("also released the rule" in each.body for each in mail.outbox)


def test_p6c_closed_uploads_open_again_where_a_person_says_so(mira, at_home, desk):
    """P6c: for these strikes; another one is another decision."""
    for number in ("aaa", "bbb", "ccc"):
        Strike.objects.create(
            subject=mira.pk, notice=number, reason="A claim.", given_at=timezone.now()
        )
    assert strikes.uploads_closed(mira.pk)
    assert "aaa: A claim." in at_home.get(DECIDED).content.decode()
    assert f"{DECIDED}#uploads" in at_home.get("/settings/strikes/").content.decode()
    row = asked(at_home, "uploads", "aaa bbb ccc", "All three are about one film.")
    act(desk, row, "answer", outcome="granted", said="So they are.")
    assert not strikes.uploads_closed(mira.pk)
    Strike.objects.create(subject=mira.pk, notice="ddd", reason="Another.", given_at=timezone.now())
    assert strikes.uploads_closed(mira.pk)


def test_p6c_a_limit_says_what_it_goes_by_and_a_person_lifts_it(mira, at_home, desk):
    """P6c: films on their way, languages in a day; lifted, one goes on."""
    said = {"contribute": "granted"}
    permissions.change(mira.pk, lambda facts: permissions.answered(facts, said))
    for _n in range(MOST_OPEN):
        send(account=mira.pk)
    with pytest.raises(Refused):
        send(account=mira.pk)
    page = at_home.get(DECIDED).content.decode()
    assert "You began to send many films" in page and "Films on their way" in page
    row = asked(at_home, "begun", "films", "It is a series.")
    act(desk, row, "answer", outcome="granted", said="Go on.")
    send(account=mira.pk)


@runs("contribute", source="form", about="account")
def send(*, account: int) -> None:
    expect(account=account, source_name="a.mp4", size=1)


def test_p6c_what_no_program_asks_about_again_needs_words_of_what_was_done(mira, at_home, desk):
    """P6c: nothing pretends; the page says where there is no switch, and where nothing is known."""
    page = at_home.get(DECIDED).content.decode()
    assert "There is no switch for this" in page and "leads to nobody" in page
    row = asked(at_home, "available", "", "I am at home, not abroad.")
    silent = act(desk, row, "answer", outcome="granted", said=" ")
    assert silent.status_code == 422 and "Write what they read" in silent.content.decode()
    act(desk, row, "answer", outcome="granted", said="We sent you the film.")
    told = row.events.get(step="answer").said
    assert told.startswith("We sent you the film.") and "goes on as before" in told
    assert not Overruled.objects.exists()


def test_p6c_by_which_age_somebody_has_an_account_stands_there(mira, at_home):
    Certification.objects.create(account=mira, territory="KR", age=19)
    page = at_home.get(DECIDED).content.decode()
    assert "You certified that you are of age where you live." in page and "19" in page


@pytest.fixture
def policy_less(monkeypatch):
    """`policy_less("shelves")`: the register names no input of a decision."""

    def less(decision: str, **said) -> None:
        policy = in_force()
        decided = msgspec.structs.replace(policy.decisions[decision], inputs=(), **said)
        told = msgspec.structs.replace(policy, decisions=policy.decisions | {decision: decided})
        monkeypatch.setattr(register, "in_force", lambda: told)

    return less


def test_p6c_a_decision_that_nobody_explains_or_undoes_stops_the_start(monkeypatch):
    """P6c: declared once; a new one without reason or switch fails the check."""
    assert register.check() == []
    monkeypatch.delitem(register._explained, "shelves")
    monkeypatch.setitem(register._explained, "mood", lambda subject: [])
    assert {each.id for each in register.check()} == {"privacy.E034", "privacy.E035"}
    monkeypatch.undo()
    monkeypatch.setattr(type(in_force()), "refusable", lambda policy, purpose: False)
    assert {each.id for each in register.check()} == {"privacy.E036"}


def test_p6c_a_policy_without_advertisements_starts(monkeypatch):
    """P6c: what no program here decides can be left out of the register."""
    policy = in_force()
    left = {name: each for name, each in policy.decisions.items() if name != "advertisement"}
    told = msgspec.structs.replace(policy, decisions=left)
    monkeypatch.setattr(register, "in_force", lambda: told)
    assert register.check() == []


@pytest.mark.parametrize("decision", ["shelves", "results"])
def test_p6a_a_decision_looks_at_nothing_that_the_register_does_not_name(
    mira, last, at_home, policy_less, decision, refused
):
    """P6a: whatever its purpose may use besides is refused to it."""
    assert at_home.get(DECIDED).status_code == 200
    policy_less(decision)
    with refused(f"the decision {decision} looks at", NotPermitted):
        at_home.get(DECIDED)


def test_p6a_what_an_unused_account_ends_by_is_named_column_by_column(policy_less):
    """P6a: a column that is marked as somebody's use is among what the register tells of it."""
    policy_less("dormancy", moments=("post.received",))
    faults = [each for each in register.check() if each.id == "privacy.E038"]
    said = " ".join(each.msg for each in faults)
    assert "`dormancy` goes by `credentials.session`" in said
    assert "post.received" not in said and "unconfirmed" not in said
