"""After a material change only those whom it touches are asked; until then nothing stretches."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.changes.conftest import NORTHGATE, TOUCHED, change, edit, enter, words

from plainview.domains.accounts.models import Role, User
from plainview.engine import decide, load
from plainview.privacy import permissions
from plainview.privacy.models import Answer, Change, Disclosure, Standing
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YES = {"audience-uploads": "granted"}
TITLE = "Something changed in how we use your data."
SENTENCE = "Data goes to a country that it did not go to: South Africa, by Northgate Social."


def pending(number: int) -> frozenset[str] | None:
    return permissions.read(number)[0].pending


def allowed(number: int) -> bool:
    return bool(decide(in_force(), permissions.read(number)[0], *TOUCHED.split("/")))


def test_p11e_only_those_whom_it_touches_are_asked_and_the_old_yes_does_not_stretch(
    member, publish, at_desk
):
    yes, no, silent = member("ines", "DE", YES), member("omar", "DE", {}), member("mira", "DE", {})
    change(no, choices={"audience-uploads": "denied"})
    default = member("jude", "US-CO", {})
    assert allowed(yes.pk) and allowed(default.pk)
    publish()
    assert pending(yes.pk) == pending(default.pk) == {TOUCHED}
    assert not allowed(yes.pk) and not allowed(default.pk)
    assert pending(no.pk) == pending(silent.pk) == frozenset(), "they permitted nothing"
    assert Change.objects.get().asked == 2
    page = words(enter(yes).get("/"))
    assert TITLE in page and SENTENCE in page
    for untouched in (no, silent):
        assert TITLE not in words(enter(untouched).get("/"))
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))
    assert officer.get("/desk/privacy/notices/").context["rows"][0].unanswered == 2


@pytest.mark.parametrize(("answer", "word"), [("yes", "granted"), ("no", "denied")])
def test_p11e_the_answer_is_recorded_and_counts(member, publish, answer, word):
    ines = member("ines", "DE", YES)
    publish()
    client = enter(ines)
    page = client.get("/")
    assert page.content.decode().count("button button-even") == 3, "two answers and a way to more"
    put = page.context["banner"]
    said = {"via": "change", "shown": put.question.key, "answer": answer, "next": "/"}
    assert client.post("/privacy/choices/", said).status_code == 302
    assert permissions.read(ines.pk)[0].choices == {**YES, TOUCHED: word}
    assert pending(ines.pk) == frozenset()
    assert allowed(ines.pk) is (answer == "yes")
    kept = Answer.objects.get(subject=ines.pk)
    assert json.loads(kept.answers) == {TOUCHED: word}
    assert SENTENCE in kept.shown.text and SENTENCE in kept.shown.page
    assert kept.shown.policy == in_force().fingerprint
    assert TITLE not in words(client.get("/"))


def test_p11e_the_question_says_what_changed_since_the_last_answer(
    member, publish, moved_folder, tmp_path
):
    ines, silent = member("ines", "DE", YES), member("mira", "DE", YES)
    publish()
    client = enter(ines)
    put = client.get("/").context["banner"]
    said = {"via": "change", "shown": put.question.key, "answer": "yes", "next": "/"}
    client.post("/privacy/choices/", said)
    again = tmp_path / "again"
    shutil.copytree(moved_folder, again)
    moved = [NORTHGATE.replace('"US"', f'"{country}"') for country in ("ZA", "MX")]
    edit(again, "recipients.toml", *moved)
    for path in again.glob("texts/*/countries.toml"):
        path.write_text(f'{path.read_text()}MX = "Mexico"\n')
    edit(again, "policy.toml", 'version = "2026-12-15"', 'version = "2026-12-20"')
    publish(load(again))
    assert pending(ines.pk) == pending(silent.pk) == {TOUCHED}
    page = words(client.get("/"))
    assert "Data goes to a country that it did not go to: Mexico" in page
    assert SENTENCE not in page, "that she answered"
    page = words(enter(silent).get("/"))
    assert "Data goes to a country that it did not go to: Mexico" in page
    assert SENTENCE in page, "both wait for an answer"


def test_p11e_silence_keeps_it_off_and_all_else_goes_on(member, publish):
    ines = member("ines", "DE", {**YES, "recommend": "granted"})
    before = Standing.objects.get(subject=ines.pk).permitted
    publish()
    assert Standing.objects.get(subject=ines.pk).permitted == before, "the purpose goes on"
    client = enter(ines)
    for _ in range(3):
        assert TITLE in words(client.get("/"))
    assert not allowed(ines.pk)
    assert not Disclosure.objects.exists()


def test_an_objection_taken_back_opens_nothing_that_came_meanwhile(member, publish, window):
    jude = member("jude", "US-CO", {"recommend": "granted"})
    change(jude, objections={"audience-uploads": "pending"})
    publish()
    here = window("US-CO", user=jude, at="/")
    assert TITLE not in here.says, "it is off as it is"
    change(jude, objections={})
    assert not allowed(jude.pk)
    here.open("/")
    assert TITLE in here.says


def test_devices_without_an_account_are_asked_by_what_their_cookie_is_of(publish, window):
    here, other = window("DE"), window("DE")
    here.open("/")
    here.press("Accept all")
    other.open("/")
    other.press("Reject all")
    device = Standing.objects.get(device=True, facts__contains="granted").subject
    kept = here.client.cookies["plainview-choices"].value
    assert allowed(device)
    publish()
    assert Change.objects.get().asked_devices == 1
    assert pending(device) == {TOUCHED}
    visitor = here.open("/").wsgi_request.visitor
    assert visitor.device_facts.pending == {TOUCHED}, "by the cookie alone"
    assert SENTENCE in here.says
    other.open("/")
    assert SENTENCE in other.says and "Allow it" not in other.says, "who said no is only told"
    other.press("OK")
    other.open("/")
    assert SENTENCE not in other.says, "and once"
    here.press("Leave it off")
    assert pending(device) == frozenset() and not allowed(device)
    here.open("/")
    assert SENTENCE not in here.says
    assert here.client.cookies["plainview-choices"].value != kept
    here.client.cookies["plainview-choices"] = kept
    assert here.open("/").wsgi_request.visitor.device_facts.pending == {TOUCHED}, "an old one"
    assert not allowed(device), "opens nothing"


def test_p11e_why_says_that_the_change_was_not_answered(member, publish, window):
    ines = member("ines", "DE", YES)
    publish()
    here = window("DE", user=ines)
    said = here.open("/").wsgi_request.visitor.explain(*TOUCHED.split("/"))
    assert said.rule == "unanswered-change"
    assert said.because == (
        "Something about Northgate Social changed and you have not answered yet,"
        " so it gets nothing."
    )


def test_the_page_answers_one_thing_by_itself(member, publish):
    ines = member("ines", "DE", YES)
    publish()
    client = enter(ines)
    page = client.get("/privacy/changes/")
    said = words(page)
    assert SENTENCE in said and "you have not answered, so it stays off" in said
    ((matter, shown),) = page.context["matters"]
    form = {"via": "changed", "about": matter.name, "shown": shown, "answer": "no"}
    client.post("/privacy/choices/", form)
    assert permissions.read(ines.pk)[0].choices[TOUCHED] == "denied"
    assert "you said no on" in words(client.get("/privacy/changes/"))


def test_an_answer_to_a_change_puts_off_no_other_question(member, publish):
    ines = member("ines", "DE", YES)
    day = permissions.answered_on(ines.pk)
    publish()
    client = enter(ines)
    put = client.get("/").context["banner"]
    client.post("/privacy/choices/", {"via": "change", "shown": put.question.key, "answer": "yes"})
    assert permissions.answered_on(ines.pk) == day


def test_a_yes_that_lapses_goes_on_to_lapse_on_its_day(member, publish):
    ines = member("ines", "DE", YES)
    change(ines, valid_until=4_000_000_000.0)
    publish()
    facts = permissions.read(ines.pk)[0]
    assert facts.pending == {TOUCHED} and facts.valid_until == 4_000_000_000
    assert facts.choices == YES


def test_p11e_a_devices_old_yes_is_no_answer_of_the_account_to_the_change(member, publish, window):
    ines = member("ines", "DE", {**YES, "recommend": "denied"})
    here = window("DE", at="/")
    here.press("Accept all")
    publish()
    here.client.force_login(ines)
    here.open("/privacy/choices/")
    here.press("Use this device’s answers for my account")
    facts = permissions.read(ines.pk)[0]
    assert facts.choices["recommend"] == "granted", "what it said of the rest holds now"
    assert facts.pending == {TOUCHED} and not allowed(ines.pk)
