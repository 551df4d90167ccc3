"""The officer's register of breaches: its clocks, and that nothing in it is ever changed (P8a)."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from tests.breaches.conftest import REGISTER, WALL, WHAT, act, ago, known, page, wall
from tests.disclosures.conftest import words
from tests.people import somebody

from plainview.domains.accounts.models import Role, User
from plainview.privacy.breaches import queries, tasks
from plainview.privacy.breaches.commands import breaches as command
from plainview.privacy.breaches.models import Breach, Line
from plainview.privacy.log import inspecting
from plainview.privacy.log.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOME = "authority@eu-ie"
DAYS = dt.timedelta(hours=72)


def due(breach: Breach, key: str = HOME):
    found = queries.case(breach.number)
    return next(each for each in found.deadlines if each.key == key)


@pytest.mark.parametrize(
    "aware",
    ["2026-03-27T12:00", "2026-10-23T12:00", "2026-10-25T01:30"],
    ids=["forward", "back", "the hour that comes twice"],
)
def test_p8a_the_clock_of_72_hours_runs_from_becoming_aware_over_summer_time(desk, aware):
    """P8a: from a moment that lies in the past, by the clock on the wall, also where it changes."""
    answer = desk.post(f"{REGISTER}new/", known(timezone.now()) | {"aware": aware})
    assert answer.status_code == 302
    breach = Breach.objects.get()
    began = dt.datetime.fromisoformat(aware).replace(tzinfo=WALL)
    assert due(breach).clock.due == began.astimezone(dt.UTC) + DAYS
    assert due(breach).state == "late"
    assert "It should have been told by" in page(desk, breach)


def test_p8a_what_is_entered_stands_on_the_desk_with_its_clock(desk, enter):
    """P8a: due when, how long is left, whom to tell and by which article."""
    breach = enter(hours=70, people=1200, categories=["contact.email"], recipients=["northgate"])
    shown = page(desk, breach)
    for each in (WHAT, "Tell the authority", "Ireland", "GDPR Art. 33(1)", "1,200", "left."):
        assert each in shown
    assert "dataprotection.ie" in shown and "Soon" in shown
    listed = desk.get(REGISTER).content.decode()
    assert breach.number in listed and WHAT in listed
    front = desk.get("/desk/").content.decode()
    needed, _, rest = front.partition('<details class="disclosure">')
    assert "breaches of personal data that are open" in needed, "what needs somebody comes first"
    assert "<dd>0</dd>" not in front, "and what needs nobody is folded"
    assert "breaches that should have been told" not in needed
    assert "Breaches that should have been told" in rest.partition("</details>")[0]


@pytest.mark.parametrize(("hours", "said"), [(70, "left."), (80, "It should have been told by")])
def test_p8a_the_nearest_clock_stands_where_the_officer_begins(desk, enter, at_desk, hours, said):
    """P8a: with its moment, on the desk's first page; the work of others is not disturbed by it."""
    enter(hours=2)
    breach = enter(hours=hours)
    front = desk.get("/desk/").content.decode()
    first = front.partition("</dl>")[0]
    assert f"Breach {breach.number}" in first and said in first
    assert str(date_format(due(breach).clock.due, "DATETIME_FORMAT")) in first
    act(desk, breach, "told", duty=HOME, at=wall(ago(hours=1)), late="Nobody was there.")
    for each in queries.case(breach.number).undone:
        act(desk, breach, "spared", duty=each.key, why="It was encrypted.", ground="law")
    front = desk.get("/desk/").content.decode()
    assert f"Breach {breach.number}" not in front and "Breach " in front, "then the next"
    other = somebody("moderator@lantern.example", roles=Role.MODERATOR)
    assert "Breach " not in at_desk(other, Client()).get("/desk/").content.decode()


def test_p8a_told_in_time_is_done_and_added_to_in_phases(desk, enter):
    """P8a: told with date and reference, then supplements (Article 33(4))."""
    breach = enter(hours=30, risk="risk", reasons="Addresses alone.")
    at = wall(ago(hours=2))
    assert act(desk, breach, "told", duty=HOME, at=at, reference="DPC-17").status_code == 302
    assert (due(breach).state, due(breach).overdue) == ("done", False)
    assert act(desk, breach, "told", duty=HOME, at=wall(ago(hours=1)), words="More.").status_code
    shown = page(desk, breach)
    assert "DPC-17" in shown and "Added to on" in shown and "officer@lantern.example" in shown
    assert "Not needed at this risk" in shown, "people are told of a high risk"


def test_p8a_whoever_tells_late_says_why(desk, enter):
    """P8a: Article 33(1) asks for the reasons for the delay."""
    breach = enter(hours=80)
    late = {"duty": HOME, "at": wall(ago(hours=1))}
    refused = act(desk, breach, "told", **late)
    assert refused.status_code == 422 and "asks for the reasons" in refused.content.decode()
    assert not Line.objects.filter(kind="told").exists()
    in_time = act(desk, breach, "told", **late | {"at": wall(ago(hours=10))})
    assert in_time.status_code == 302, "it was told in time, and entered later"
    other = enter(hours=80)
    assert act(desk, other, "told", **late, late="Nobody was there.").status_code == 302
    assert due(other).overdue and "Nobody was there." in page(desk, other)


@pytest.mark.parametrize("when", [-3, 90])
def test_p8a_nobody_tells_before_they_know_or_in_time_to_come(desk, enter, when):
    breach = enter(hours=80)
    given = {"duty": HOME, "at": wall(ago(hours=when)), "late": "So."}
    assert act(desk, breach, "told", **given).status_code == 422


def test_p8a_an_unlikely_risk_needs_its_reasons_and_then_no_notice(desk, enter):
    """P8a: unlikely to result in a risk: no notice, but the reasons are in the register."""
    refused = desk.post(f"{REGISTER}new/", known(ago(hours=1), risk="any"))
    assert refused.status_code == 422 and "Say why the risk is so" in refused.content.decode()
    assert not Breach.objects.exists()
    breach = enter(risk="any", reasons="It was encrypted.")
    assert {each.state for each in queries.case(breach.number).deadlines} == {"needless"}
    graver = known(ago(hours=1), risk="high", reasons="The key was there too.")
    assert act(desk, breach, "facts", **graver).status_code == 302
    assert {each.state for each in queries.case(breach.number).deadlines} == {"running"}
    assert "It was encrypted." in page(desk, breach), "what was thought before stays"


def test_p8a_an_unknown_place_has_the_strictest_clock(desk, enter):
    """P8a: where nobody knows where people live, no clock of any law is missed."""
    breach = enter(hours=1, places=[])
    shown = page(desk, breach)
    assert "the strictest clock of all laws runs" in shown
    acts = re.findall(
        r'>(It was told|It need not be told)<span class="visually-hidden">(.*?)<', shown
    )
    assert len(acts) == len({*acts}) > 2, "by ear each is called by its duty and place"
    keys = [each.key for each in queries.case(breach.number).deadlines]
    assert keys.count(HOME) == 1 and len(keys) == len(set(keys)) <= 3
    assert due(breach).clock.due <= ago(hours=1) + DAYS
    assert due(breach, "people@eu-ie").clock.holds("any", 1)


def test_p8a_each_law_where_people_live_has_its_clock_and_the_union_one(desk, enter):
    """P8a: Brazil and California have their own; in the Union our own authority is told."""
    breach = enter(places=["eu-de", "eu-fr", "br", "us-ca"], people=400, risk="risk", reasons="x")
    states = {each.key: each.state for each in queries.case(breach.number).deadlines}
    assert states["authority@us-ca"] == "needless", "of no more than 500 nobody is told"
    assert states["people@us-ca"] == states["people@br"] == states["authority@br"] == "running"
    assert states["supplement@br"] == "waiting"
    assert not any("eu-de" in key for key in states)
    given = {"duty": "authority@br", "at": wall(ago(hours=0.5))}
    assert act(desk, breach, "told", **given).status_code == 302
    assert due(breach, "supplement@br").state == "running"


def test_p8a_a_duty_that_does_not_hold_is_written_down_with_its_ground(desk, enter):
    """P8a: Article 34(3)(a) and (b), with reasons."""
    breach = enter(risk="high", reasons="Passwords.")
    given = {"duty": "people@eu-ie", "ground": "unreadable"}
    assert act(desk, breach, "spared", **given).status_code == 422
    assert act(desk, breach, "spared", **given, why="Argon2 hashes.").status_code == 302
    assert due(breach, "people@eu-ie").state == "spared" and "Argon2 hashes." in page(desk, breach)
    for odd in ({"duty": "people@nowhere"}, {"duty": ""}):
        assert act(desk, breach, "spared", **given | odd, why="x").status_code == 404


def test_p8a_what_need_not_be_told_is_to_be_told_once_the_risk_is_higher(desk, enter):
    breach = enter(risk="risk", reasons="Addresses alone.")
    act(desk, breach, "spared", duty=HOME, ground="law", why="They are public.")
    for risk, state in (("risk", "spared"), ("high", "running")):
        act(desk, breach, "facts", **known(ago(hours=1), risk=risk, reasons="Passwords too."))
        assert due(breach).state == state


@pytest.mark.parametrize("ground", ["unreadable", "averted", "public"])
def test_p8a_what_excuses_from_telling_the_people_excuses_nobody_from_telling_the_authority(
    desk, enter, ground
):
    """P8a: Article 34(3) is of Article 34 alone; Article 33 knows no risk, or another law's own."""
    breach = enter(risk="high", reasons="Passwords.")
    given = {"duty": "authority@eu-ie", "why": "Argon2 hashes."}
    assert act(desk, breach, "spared", **given, ground=ground).status_code == 422
    assert due(breach, "authority@eu-ie").state == "running"
    shown = page(desk, breach, "spared/?duty=authority@eu-ie")
    assert "The law there does not ask for it" in shown and "34(3)" not in shown
    assert act(desk, breach, "spared", **given, ground="law").status_code == 302
    assert due(breach, "authority@eu-ie").state == "spared"


def test_p8a_it_is_closed_when_all_is_told_and_taken_up_again(desk, enter):
    breach = enter(risk="risk", reasons="x")
    assert act(desk, breach, "close", words="Done.").status_code == 422
    act(desk, breach, "told", duty=HOME, at=wall(ago(minutes=1)))
    assert act(desk, breach, "close", words="The door has a lock now.").status_code == 302
    assert "None" not in page(desk, breach) and "Closed" in desk.get(REGISTER).content.decode()
    assert act(desk, breach, "note", words="x").status_code == 422, "it is closed"
    assert act(desk, breach, "open", words="There is a second copy.").status_code == 302
    assert act(desk, breach, "note", words="Looking.").status_code == 302
    assert "The door has a lock now." in page(desk, breach)


@pytest.mark.parametrize("field", ["what", "effects", "measures", "reasons"])
def test_p8a_the_register_names_nobody(desk, field):
    """P8a: an address in a text is refused, and each field says so beforehand."""
    given = known(ago(hours=1), risk="risk", reasons="x") | {field: "Sent to mira@lantern.example"}
    answer = desk.post(f"{REGISTER}new/", given)
    assert answer.status_code == 422 and "The register names nobody" in answer.content.decode()
    assert "Name nobody here" in answer.content.decode()


@pytest.mark.sample(1)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.TRANSLATOR])
def test_p8a_nobody_else_opens_the_register(desk, enter, at_desk, role):
    """P8a: least privilege; who of the staff may not is told who may, others find nothing."""
    breach, member = enter(), Client()
    member.force_login(User.objects.create_user("member@lantern.example"))
    other = at_desk(User.objects.create_user("other@lantern.example", roles=role), Client())
    rest = ["", "facts/", "notice/", "notice.html", "letters/", "site/", "told/", "note/"]
    paths = [REGISTER, f"{REGISTER}new/", *(f"{REGISTER}{breach.number}/{each}" for each in rest)]
    for path in paths:
        assert other.get(path).status_code == 403
        assert other.post(path, {"words": "x"}).status_code == 403
        assert Client().get(path).status_code == 302
        assert member.get(path).status_code == 404
    assert Line.objects.count() == 1


def test_p8a_each_look_at_it_is_in_the_log_of_acts(desk, enter, officer):
    breach = enter()
    before = Act.objects.filter(staff=officer.pk).count()
    page(desk, breach)
    act(desk, breach, "note", words="x")
    acts = Act.objects.filter(staff=officer.pk)
    assert acts.count() == before + 3, "the look, the form, and what it wrote"
    assert "Wrote in the register of breaches" in desk.get("/desk/privacy/log/").content.decode()


def test_p8a_what_stands_in_it_cannot_be_changed_or_taken_out(desk, enter):
    """P8a: the database refuses, and the log tells where somebody found a way round it."""
    breach = enter()
    for statement in (
        "UPDATE privacy_breach_line SET said = '{}'",
        "DELETE FROM privacy_breach_line",
        "UPDATE privacy_breach SET number = 'x'",
        "DELETE FROM privacy_breach",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert not [each for each in inspecting.inspect().damage if "breach" in each.where]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER privacy_ledger_breach_line_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP TRIGGER privacy_ledger_breach_line_update ON privacy_breach_line")
        cursor.execute(
            "UPDATE privacy_breach_line SET said = replace(said, 'open', 'shut')",
        )
    (found,) = (each for each in inspecting.inspect().damage if "breach" in each.where)
    assert found.where == f"entry 1 of breach {breach.number}"


def test_p8a_of_two_who_say_what_is_known_both_are_heard(desk, enter, at_desk):
    """P8a: who did not see what somebody else entered meanwhile does not undo it."""
    breach = enter()
    second = at_desk(User.objects.create_user("second@lantern.example", roles=Role.OFFICER),
                     Client())  # fmt: skip
    opened = second.get(f"{REGISTER}{breach.number}/facts/").context["form"]
    mine = known(ago(hours=1), was=opened["was"].value(), effects="Spam.")
    act(desk, breach, "facts", **known(ago(hours=1), people=50))
    assert act(second, breach, "facts", **mine).status_code == 302
    facts = queries.case(breach.number).facts
    assert (facts.people, facts.effects) == (50, "Spam.")


def test_p8a_somebody_is_reminded_in_time_and_after(desk, enter, monkeypatch):
    """P8a: at once, a day before the end, six hours before it, and when it is over: each once."""
    breach = enter(hours=1, risk="risk", reasons="x")
    start, sent = timezone.now(), []
    for hours in range(100):
        now = start + dt.timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        mail.outbox.clear()
        for _twice in range(2):
            tasks.breaches()
        for letter in mail.outbox:
            assert letter.subject == "A breach of personal data has to be told"
            assert breach.number in letter.body and WHAT not in letter.body
            assert ("should have been told" in letter.body) == (hours > 70)
        sent += [hours] * len(mail.outbox)
    assert sent == [0, 47, 65, 71, 95]
    monkeypatch.undo()
    found = queries.case(breach.number)
    assert [each.stage for each in found.said[1:]] == [
        "begun", "day", "hours", "over", "over-1"
    ]  # fmt: skip


def test_p8a_what_is_told_is_reminded_of_no_more(desk, enter, monkeypatch):
    breach = enter(hours=71, risk="risk", reasons="x")
    act(desk, breach, "told", duty=HOME, at=wall(ago(hours=1)))
    tasks.breaches()
    assert "should have been told" not in "".join(each.body for each in mail.outbox)
    mail.outbox.clear()
    with monkeypatch.context() as then:
        later = timezone.now() + DAYS
        then.setattr(timezone, "now", lambda: later)
        tasks.breaches()
    assert not mail.outbox


def test_p8a_the_notice_has_what_an_authority_asks_for(desk, enter):
    """P8a: Article 33(3): nature, categories, numbers, contact, consequences, measures."""
    breach = enter(
        hours=80, risk="high", reasons="Passwords.", people=1200, records=5000,
        categories=["contact.email"], effects="Others may sign in.", measures="All keys are new.",
    )  # fmt: skip
    act(desk, breach, "told", duty=HOME, at=wall(ago(hours=1)), late="Christmas.")
    for rest in ("notice/", "notice.html"):
        said = page(desk, breach, rest)
        for each in (
            WHAT, "1,200", "5,000", "officer@lantern", "Others may sign in.", "All keys are new.",
            "Passwords.", "Christmas.", "Germany", "Lantern Street Pictures", breach.number,
        ):  # fmt: skip
            assert each in said, each
    file = desk.get(f"{REGISTER}{breach.number}/notice.html")
    assert file["Content-Disposition"].startswith("attachment")


def test_p8a_the_command_lists_what_is_open_and_ends_badly_where_it_is_late(enter, capsys):
    breach = enter(hours=1, risk="risk", reasons="x")
    found = CliRunner().invoke(command, ["--json"])
    (row,) = json.loads(found.output)
    assert (row["number"], row["duty"], row["state"]) == (breach.number, HOME, "running")
    assert found.exit_code == 0
    enter(hours=90, risk="risk", reasons="x")
    found = CliRunner().invoke(command, [])
    assert found.exit_code == 1 and "late" in found.output and "2 open" in found.output


def test_p8a_what_is_no_breach_or_no_act_is_not_found(desk, enter):
    breach = enter()
    for path in (f"{REGISTER}nothing/", f"{REGISTER}{breach.number}/nothing/"):
        assert desk.get(path).status_code == 404
    assert "None was entered" not in desk.get(REGISTER).content.decode()


def test_p8a_the_laws_say_by_when_a_breach_is_told(desk):
    """P8a: the desk's page of laws has each clock, its article, and what is ours or in doubt."""
    said = words(desk.get("/desk/privacy/places/"))
    for each in (
        "Tell the authority: within 72 hours · at a risk",
        "GDPR Art. 33(1)",
        "within 15 days · once the people are told · at any risk",
        "where it is more than 500 people",
        "within 5 working days · once the people are told",
        "Com. Code 521.053(i)",
        "the time is ours, since the law names none",
        "nobody has verified this",
    ):
        assert each in said
    assert "As its parent" in said, "Germany is under the clocks of the Union"


@pytest.mark.parametrize(
    ("place", "when", "law"),
    [
        ("DE", "within 72 hours · at a high risk", "GDPR Art. 34(1)"),
        ("US-CO", "within 30 days · at a risk", "Colo. Rev. Stat. 6-1-716(2)(a)"),
        ("KR", "within 72 hours · at any risk", "PIPA Art. 34(1)"),
    ],
)
def test_p8a_everybody_reads_by_when_they_would_be_told(db, place, when, law):
    """P8a: the page of what applies to somebody says by when they hear of a breach."""
    said = words(Client().get(f"/legal/place/?place={place}"))
    assert f"We tell you: {when}." in said and law in said


@pytest.mark.parametrize("path", ["/desk/privacy/record/", "/desk/privacy/places/"])
def test_a_long_page_of_the_officer_is_folded_under_names(desk, path):
    """What is long has its parts folded, without script; an address within one of them opens it."""
    said = desk.get(path).content.decode()
    folds = re.findall(r'<details class="[^"]*law-fold[^"]*"( open)?><summary><h2', said)
    assert len(folds) >= 3 and not any(folds)


def test_a_place_is_found_by_its_name_among_those_of_its_region(desk):
    """In the language of the page; what stands for the whole region comes first."""
    for tag, first, second in (("en", "eu-hr", "eu-cy"), ("fr", "eu-de", "eu-at")):
        text = desk.get(f"{REGISTER}new/?lang={tag}").text
        order = re.findall(r'name="places"[^>]*value="(eu[a-z-]*)"', text)
        assert order[0] == "eu" and order.index(first) < order.index(second), tag
