"""What held for somebody on a day: the version of then, what they had said by then (P11b)."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from click.testing import CliRunner
from django.utils import timezone, translation
from tests.log.conftest import QUESTION, answer
from tests.versions.conftest import LAX, published

from plainview.domains.accounts import services as accounts
from plainview.domains.accounts.models import Certification
from plainview.platform import days
from plainview.privacy import permissions
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.consent import services as consent
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Answer
from plainview.privacy.policies import in_force
from plainview.privacy.requests import history, services
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.rights.planning import earlier
from plainview.privacy.versions import then
from plainview.privacy.versions.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def ago(version: Version, days: int) -> None:
    """A version was published so many days before it was."""
    earlier = version.published_at - dt.timedelta(days=days)
    Version.objects.filter(pk=version.pk).update(published_at=earlier)


def word(subject: int, day: dt.date, purpose: str) -> bool:
    found = then.held(subject, day)
    return next(bool(each.decision) for each in found.decided if each.decision.purpose == purpose)


def test_p11b_a_day_is_decided_by_its_version_and_what_was_said_by_then(begun, edit):
    device = answer("denied")
    ago(begun, 20)
    published(edit(("jurisdictions/in.toml", LAX)))
    today = timezone.now().astimezone(dt.UTC).date()
    before = today - dt.timedelta(days=10)
    assert then.held(device, today - dt.timedelta(days=30)) is None
    assert then.held(device, before).version == begun
    assert then.held(device, today).version.name == "2026-11-26"
    assert not word(device, today, "history")
    assert word(device, before, "history"), "what was said later does not count"
    assert Answer.objects.filter(subject=device).count() == 1


def test_p11b_the_place_is_that_of_the_last_answer_by_then(begun):
    device = answer("granted")
    ago(begun, 20)
    today = timezone.now().astimezone(dt.UTC).date()
    asked = Answer.objects.get(subject=device).shown.jurisdiction
    permissions.change(device, lambda facts: msgspec.structs.replace(facts, presence="kr"))
    with translation.override("en"):
        known, earlier = (then.held(device, today - dt.timedelta(days=days)) for days in (0, 10))
    assert known.law and known.law == in_force().text(f"jurisdictions.{asked}", "en")
    assert earlier.law == "", "nothing was said by then"


def test_p11b_somebody_looks_at_a_day_of_theirs(begun, client, django_user_model):
    page = client.get("/privacy/then/", {"on": "2026-05-03"}).content.decode()
    assert "You said nothing here yet" in page
    ines = django_user_model.objects.create_user("ines@example.org", "a long enough password")
    client.force_login(ines)
    today = timezone.now().astimezone(dt.UTC).date()
    page = client.get("/privacy/then/", {"on": f"{today}"}).content.decode()
    assert "Version 2026-11-20" in page and "Suggest films" in page
    assert "so it is that of today: the place, the plan" in page, (
        "what is not known of the day is said"
    )
    arabic = client.get("/privacy/then/", {"on": f"{today}", "lang": "ar"}).content.decode()
    assert "\u20682026-11-20\u2069" in arabic, "a name of digits is not turned about"
    page = client.get("/privacy/then/", {"on": "2001-05-03"}).content.decode()
    assert "No version was in force then." in page


def test_explain_takes_the_version_of_the_day(begun, edit):
    ago(begun, 20)
    published(edit(("jurisdictions/in.toml", LAX)))
    now = timezone.localdate()
    asked = ["explain", "--presence", "IN", "--version", "then", "recommend", "--at"]
    run = CliRunner().invoke
    assert run(command, [*asked, f"{now}"]).output.startswith("permitted")
    earlier = now - dt.timedelta(days=10)
    assert "denied: You have not said yes" in run(command, [*asked, f"{earlier}"]).output
    assert "no version was in force" in run(command, [*asked, "2001-05-03"]).output


def long_ago(account: int, *days: int) -> None:
    """What somebody certified, the first thing first, was so many days ago."""
    rows = Certification.objects.filter(account=account).order_by("certified_at")
    for row, each in zip(rows, days, strict=True):
        earlier = timezone.now() - dt.timedelta(days=each)
        Certification.objects.filter(pk=row.pk).update(certified_at=earlier)


@pytest.fixture
def member(begun, django_user_model):
    """Somebody who lived in California sixty days ago, and in Germany from thirty days ago on."""
    ago(begun, 100)
    member = django_user_model.objects.create_user("mira@example.org", "a long enough password")
    for territory in ("US-CA", "DE"):
        with Opened(Door("test.moving", "account", source="form"), lambda: member.pk):
            accounts.move(member.pk, territory)
    long_ago(member.pk, 60, 30)
    permissions.change(member.pk, lambda facts: msgspec.structs.replace(facts, presence="US-CA"))
    return member


def on(days: int) -> dt.date:
    return timezone.now().astimezone(dt.UTC).date() - dt.timedelta(days=days)


def test_p11b_who_moved_from_california_to_germany_is_shown_the_law_of_then(member, client):
    there, here, before = (then.held(member.pk, on(days)) for days in (45, 5, 80))
    assert (there.lived, here.lived, before.lived) == ("California", "Germany", "")
    assert "residence" not in there.todays | here.todays | before.todays
    assert word(member.pk, on(45), "marketing-in-app"), "in California one may say no"
    assert not word(member.pk, on(5), "marketing-in-app"), "in Germany one is asked first"
    client.force_login(member)
    page = client.get("/privacy/then/", {"on": f"{on(45)}"}).content.decode()
    assert "The residence, by what was said by then: California." in page
    assert "so it is that of today: the place, the plan, the features" in page


def test_p10b_who_came_of_age_meanwhile_was_not_of_age_then(member, monkeypatch):
    seen = {}
    monkeypatch.setattr(then, "_decided", lambda _p, facts, purpose: seen.update({purpose: facts}))
    ages = []
    for count in (80, 45):
        then.held(member.pk, on(count))
        ages.append(seen["recommend"].age)
    assert ages == ["uncertified", "certified-adult"]
    permissions.change(member.pk, lambda facts: msgspec.structs.replace(facts, age="minor"))
    found = then.held(member.pk, on(45))
    assert "age" in found.todays, "since when it is known is not kept, and that is said"
    assert seen["recommend"].age == "minor"


def filed(member, kind: str) -> Request:
    """A right that somebody used from their account."""
    proof, channel = Proof.SESSION, Channel.ACCOUNT
    return services.file(services.Asked(kind, channel, "en", account=member.pk, proof=proof))


def test_p5_2_1_5a_an_objection_and_a_restriction_count_from_their_day_to_their_end(member):
    before = timezone.now()
    filed(member, "object")
    between = timezone.now()
    aside = filed(member, "restrict")
    during = timezone.now()
    services.withdraw(aside.pk)
    after = timezone.now()
    seen = [
        history.then(in_force(), permissions.read(member.pk)[0], member.pk, moment)
        for moment in (before, between, during, after)
    ]
    assert [bool(facts.objections) for facts, _todays in seen] == [False, True, True, True]
    assert [bool(facts.restrictions) for facts, _todays in seen] == [False, False, True, False]
    assert not any(todays for _facts, todays in seen), "each is known of its moment"


def test_p3_1_3d_an_objection_stands_on_a_day_as_it_was_weighed_by_then(member):
    """Refused, then made anew and upheld: in between nothing stood. Taken back: it waited."""
    seen = [timezone.now()]
    for step, more in (
        ("withdraw", {}),
        ("refuse", {"reason": "others", "said": "Break-ins."}),
        ("answer", {"reason": "granted"}),
    ):
        row = filed(member, "object")
        seen.append(timezone.now())
        by, staff = ("person", None) if step == "withdraw" else ("officer", 11)
        services.move(row.pk, step, by=by, staff=staff, **more)
        seen.append(timezone.now())
    facts = permissions.read(member.pk)[0]
    assert facts.objections["security"] == "upheld"
    stood = [
        history.then(in_force(), facts, member.pk, moment)[0].objections.get("security")
        for moment in seen
    ]
    assert stood == [None, "pending", None, "pending", None, "pending", "upheld"]


def test_p11b_a_purpose_that_the_version_of_the_day_did_not_have_says_nothing_of_it(member):
    filed(member, "object")
    facts = permissions.read(member.pk)[0]
    later = msgspec.structs.replace(facts, objections={**facts.objections, "later": "upheld"})
    permissions.change(member.pk, lambda _facts: later)
    assert then.held(member.pk, on(0)), "objected to since, in a version of its own"


def says(monkeypatch, device: int | None, day: dt.date, purpose: str) -> int:
    """A yes of a device in the Union at noon of a day; its number."""
    noon = days.start(day) + dt.timedelta(hours=12)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    facts = permissions.newcomer("eu") if device is None else permissions.read(device)[0]
    said = {purpose: "granted"}
    return consent.answer_for_device(device, said, QUESTION, facts=facts, via="centre").device


def test_p2_11a_a_yes_holds_to_the_end_of_the_day_before_it_lapses(begun, monkeypatch):
    ago(begun, 1000)
    today = timezone.localdate()
    device = says(monkeypatch, None, earlier(today, "P24M"), "marketing-email")
    seen = [word(device, today - dt.timedelta(n), "marketing-email") for n in (1, 0)]
    assert seen == [True, False]


def test_p2_11a_once_one_yes_has_lapsed_a_later_one_had_to_be_said_anew(begun, monkeypatch):
    """Of several the earliest counts for all, then as now."""
    ago(begun, 1000)
    today = timezone.localdate()
    first = earlier(today - dt.timedelta(5), "P24M")
    device = says(monkeypatch, None, first, "marketing-email")
    says(monkeypatch, device, today - dt.timedelta(60), "marketing-in-app")
    seen = [word(device, today - dt.timedelta(n), "marketing-in-app") for n in (90, 30, 6, 5)]
    assert seen == [False, True, True, False]
