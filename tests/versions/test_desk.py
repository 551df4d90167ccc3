"""The officer sees what a version changes before it is anybody's, and two of them release it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.versions.conftest import LAX
from tests.versions.test_publishing import in_india

from plainview.domains.accounts.models import User
from plainview.privacy.versions import people, publishing, queries, services

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


def officer(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", roles="privacy-officer")


@pytest.fixture
def draft(begun, edit):
    return services.propose(edit(("jurisdictions/in.toml", LAX)))


@pytest.mark.parametrize("run", [1, 4000])
def test_p11e_the_officer_sees_what_for_whom_and_by_which_rule(draft, at_desk, monkeypatch, run):
    monkeypatch.setattr(people, "_RUN", run)
    in_india()
    desk = at_desk(officer("noor"))
    page = desk.get(f"/desk/privacy/versions/{draft.name}/").content.decode()
    assert "“Suggest films” is now permitted where it was not." in page
    assert "In: India." in page and "A purpose needs less of you than before" in page
    assert "Of 2 people and devices" in page
    assert "until they say yes" in page
    looked = desk.get(f"/desk/privacy/versions/{draft.name}/", {"presence": "in"})
    assert "Permitted now" in looked.content.decode()
    looked = desk.get(f"/desk/privacy/versions/{draft.name}/", {"presence": "eu"})
    assert "Nothing is decided otherwise for them." in looked.content.decode()


def test_p11c_two_people_release_it_at_the_desk_and_it_waits_for_its_moment(draft, at_desk):
    address = f"/desk/privacy/versions/{draft.name}/"
    one, other = officer("noor"), officer("ilse")
    desk = at_desk(one)
    early = desk.post(address, {"act": "schedule", "effective": "2026-11-01T00:00"})
    assert early.status_code == 422 and "2026-11-01T00:00" in early.content.decode()
    assert "It cannot take effect before that." in early.content.decode()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    desk.post(address, {"act": "schedule", "effective": f"{tomorrow:%Y-%m-%dT%H:%M}"})
    desk.post(address, {"act": "release"})
    desk.post(address, {"act": "release"})
    assert "Somebody else has to, too." in desk.get(address).content.decode()
    assert publishing.publish_due() == []
    desk = at_desk(other)
    assert "noor@example.org" in desk.get(address).content.decode()
    desk.post(address, {"act": "release"})
    draft.refresh_from_db()
    assert draft.state == draft.State.RELEASED
    assert "Two people have released it." in desk.get(address).content.decode()
    assert publishing.publish_due() == []
    assert queries.current() != draft


def test_p11c_a_moment_that_is_past_is_not_told_as_one_to_come(draft, at_desk):
    """P11c: released late, it takes effect after the second release, and says so meanwhile."""
    address = f"/desk/privacy/versions/{draft.name}/"
    type(draft).objects.filter(pk=draft.pk).update(effective=timezone.now())
    for name, said in (
        ("noor", "it takes effect within a minute once two"),
        ("ilse", "Two people"),
    ):
        desk = at_desk(officer(name))
        page = desk.get(address).text
        assert "if two people have released it by then" not in page
        seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
        desk.post(address, {"act": "release", "seen": seen})
        assert said in desk.get(address).text
    assert "Two people have released it. It takes effect within a minute." in desk.get(address).text


def test_p11c_nobody_alone_hastens_what_another_has_released_for_a_later_moment(draft, at_desk):
    """One released it for a week from now; the other set it to tomorrow, and both counted."""
    address = f"/desk/privacy/versions/{draft.name}/"
    one, other = at_desk(officer("noor"), Client()), at_desk(officer("ilse"), Client())
    begins = timezone.localtime(draft.effective)
    later, soon = (f"{begins + dt.timedelta(days=n):%Y-%m-%dT%H:%M}" for n in (7, 1))
    one.post(address, {"act": "schedule", "effective": later})
    shown = re.search(r'name="seen" value="([^"]+)"', other.get(address).content.decode())[1]
    one.post(address, {"act": "release"})
    other.post(address, {"act": "schedule", "effective": soon})
    other.post(address, {"act": "release"})
    draft.refresh_from_db()
    assert draft.state == draft.State.DRAFT
    one.post(address, {"act": "release", "seen": shown})
    draft.refresh_from_db()
    assert draft.state == draft.State.DRAFT, "what was shown was the later moment"
    one.post(address, {"act": "release", "seen": draft.effective.isoformat()})
    draft.refresh_from_db()
    assert draft.state == draft.State.RELEASED


def test_a_member_and_an_editor_do_not_come_in(draft, at_desk):
    editor = User.objects.create_user("edda@example.org", roles="editor")
    assert at_desk(editor).get("/desk/privacy/versions/").status_code == 403
    assert Client().get("/desk/privacy/versions/").status_code == 302
