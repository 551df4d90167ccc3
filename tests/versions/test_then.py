"""What held for somebody on a day: the version of then, what they had said by then (P11b)."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.log.conftest import answer
from tests.versions.conftest import LAX, published

from plainview.privacy import permissions
from plainview.privacy.models import Answer
from plainview.privacy.policies import in_force
from plainview.privacy.policy_cli import policy as command
from plainview.privacy.versions import then
from plainview.privacy.versions.models import Version

pytestmark = pytest.mark.django_db


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
    assert "so the place is that of today" in page, "what is not known of the day is said"
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
