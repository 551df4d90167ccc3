"""Another secret key: what left under the one before is known again, and nobody is a stranger."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.changes.conftest import differing, moved, moved_folder, publish  # noqa: F401
from tests.changes.test_telling import REFUSED, SENTENCE
from tests.disclosures.conftest import AUDIENCE, KEYS, YES, enter, work
from tests.disclosures.conftest import words as marked
from tests.disclosures.test_door import northgate  # noqa: F401
from tests.disclosures.test_mail import NEWS, TO, write
from tests.disclosures.test_push import PUSH, tell, turn_on
from tests.disclosures.test_returned import ABUSE, DSN, post_report

from plainview.privacy import permissions
from plainview.privacy.disclosures import services
from plainview.privacy.models import Disclosure, Subscription, Suppression
from plainview.privacy.policies import in_force
from plainview.privacy.push import services as push

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NO = {"audience-uploads": "denied"}


@pytest.fixture
def listed(monkeypatch):
    """`listed()`: as `rotate`; what the key of before signed holds."""

    def another() -> None:
        monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
        monkeypatch.setattr(settings, "SECRET_KEY", "n" * 60)

    return another


def test_p5_1_2a_news_of_before_that_is_called_junk_ends_news(member, mailbox, rotate):
    """Opting out is honoured, by whichever way and under whichever key the letter went."""
    ines = member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    key = Disclosure.objects.get().key
    rotate()
    assert post_report(ABUSE.format(key=key, to=TO)) == 204
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}


def test_p5_1_2a_junk_is_noted_once_and_a_later_failure_does_not_outweigh_it(
    member, mailbox, rotate
):
    """An address that called news junk under one key takes none under the other either."""
    member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    row = Disclosure.objects.get()
    assert post_report(ABUSE.format(key=row.key, to=TO)) == 204
    rotate()
    told = {"to": TO, "action": "failed", "status": "5.1.1", "key": row.key}
    assert post_report(DSN.format(**told)) == 204
    assert [each.why for each in Suppression.objects.all()] == ["complaint"]


def test_p2_3a_no_more_news_a_week_than_the_policy_says_with_another_key(member, mailbox, rotate):
    most = in_force().messages.weekly["marketing-email"]
    member("ines", choices=NEWS)
    for _ in range(most):
        write(purpose="marketing-email")
    rotate()
    write(purpose="marketing-email")
    work()
    assert len(mailbox.letters) == most


def test_a_recipient_knows_somebody_under_one_name_whatever_the_key(
    member,
    northgate,  # noqa: F811
    rotate,
    monkeypatch,
):
    """Else they were another person to it, and a correction or an end reached only one of them."""
    ines, omar = member("ines", choices=YES), member("omar", choices=YES)
    services.disclose(**AUDIENCE, subject=ines.pk)
    work()
    rotate()
    services.disclose(**AUDIENCE, subject=ines.pk)
    services.disclose_each(**AUDIENCE, subjects=[ines.pk, omar.pk])
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", [])
    services.disclose(**AUDIENCE, subject=ines.pk)
    work()
    names = dict.fromkeys(
        each["external_id"] for got in northgate.got for each in got.json["members"]
    )
    assert len(names) == 2, "one for each of two people"
    before = len(northgate.got)
    permissions.change(ines.pk, lambda old: permissions.answered(old, NO))
    work()
    (stop,) = northgate.got[before:]
    assert next(iter(names)) in stop.body.decode()
    assert list(names)[1] not in stop.body.decode()


@pytest.mark.parametrize("rotate", KEYS, indirect=True)
def test_p11d_a_letter_that_comes_back_is_made_up_for_at_the_next_visit(
    member,
    mailbox,
    publish,  # noqa: F811
    rotate,
):
    """Everybody is told of a change: also whom a letter under the key of before did not reach."""
    ines = member("ines", choices=REFUSED)
    publish()
    work()
    row = Disclosure.objects.get()
    rotate()
    told = {"to": ines.email, "action": "failed", "status": "5.1.1", "key": row.key}
    assert post_report(DSN.format(**told)) == 204
    assert SENTENCE in marked(enter(ines).get("/"))


def test_a_browser_goes_on_taking_messages_and_signing_out_ends_them(member, pushing, listed):
    """The session goes over to the new key, and whatever it was named by goes with it."""
    used, idle = (enter(member(name, choices={PUSH: "granted"})) for name in ("ines", "omar"))
    turn_on(used, pushing)
    turn_on(idle, pushing, name="two")
    before = used.cookies[settings.SESSION_COOKIE_NAME].value
    listed()
    assert used.get("/settings/").status_code == 200
    assert used.cookies[settings.SESSION_COOKIE_NAME].value != before, "it has another name now"
    push.tidy()
    assert Subscription.objects.count() == 2
    tell()
    assert {got.path for got in pushing.got} == {"/wpush/v2/one", "/wpush/v2/two"}
    used.post("/accounts/logout/")
    assert Subscription.objects.get().endpoint.endswith("/two")
    idle.post("/accounts/logout/")
    assert not Subscription.objects.exists()
