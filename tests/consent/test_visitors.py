"""Who is at the door, and what the request leaves open: devices, accounts, and both at once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.test import RequestFactory
from tests.consent.conftest import ADS

from plainview.domains.accounts.models import User
from plainview.privacy import permissions, visitors
from plainview.privacy.consent import cookie, services
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Answer, Device, Heard, Link
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db
QUESTION = Question("en", "eu", "May we?")


@pytest.fixture
def arrive(monkeypatch):
    """A request from a place: with a signed-in person, a device's cookie, a signal."""

    def make(place="DE", user=None, remembered=None, gpc=False):
        monkeypatch.setattr(visitors, "presence", lambda request: place)
        request = RequestFactory().get("/", headers={"Sec-GPC": "1"} if gpc else {})
        request.user = user or AnonymousUser()
        visitor = visitors.Visitor(request)
        visitor.__dict__["remembered"] = remembered
        return visitor

    return make


def says(visitor, answer, *purposes):
    return services.answer_for_device(
        visitor.device,
        dict.fromkeys(purposes, answer),
        QUESTION,
        facts=visitor.device_facts,
        via="banner",
    )


def test_p5_1_3a_a_stranger_costs_no_query_and_is_asked_where_the_law_asks(
    arrive, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert not arrive("DE").permits(ADS)
        assert arrive("US-VA").permits(ADS)
        assert not arrive(None).permits(ADS)
        assert not arrive("US-VA", gpc=True).permits(ADS)
        assert arrive(None).permits("playback")
        assert arrive("DE").subject is None


def test_p1_2_6c_a_device_is_kept_nothing_about_unless_it_may_be_recognised(arrive):
    assert not arrive("DE").permits("history")
    some = says(arrive("DE"), "granted", "recommend")
    assert not arrive("DE", remembered=some).permits("recommend")
    assert not arrive("DE", remembered=some).permits("lists"), "what it asks to keep neither"
    assert "recognise" in arrive("DE", remembered=some).explain("recommend").because
    more = says(arrive("DE", remembered=some), "granted", "recognition-storage")
    assert more.device == some.device
    assert more.epoch == 1
    assert arrive("DE", remembered=more).permits("recommend")
    assert arrive("DE", remembered=more).permits("lists")
    assert Standing.objects.get(subject=more.device).epoch == 1


def test_p1_1_5g_answers_are_added_and_never_changed(arrive):
    yes = says(arrive("DE"), "granted", ADS)
    no = says(arrive("DE", remembered=yes), "denied", ADS)
    given = Answer.objects.filter(subject=yes.device).order_by("given_at")
    assert [each.answers for each in given] == [f'{{"{ADS}": "granted"}}', f'{{"{ADS}": "denied"}}']
    assert given[0].shown.text == "May we?"
    assert not arrive("DE", remembered=no).permits(ADS)
    with pytest.raises(DatabaseError), transaction.atomic():
        given.update(via="nobody")


def test_an_old_cookie_played_back_opens_nothing_that_the_row_has_closed(arrive):
    yes = says(arrive("DE"), "granted", ADS)
    says(arrive("DE", remembered=yes), "denied", ADS)
    row = Standing.objects.get(subject=yes.device)
    assert not row.permitted >> in_force().bit(ADS) & 1


def test_a_device_whose_rows_are_gone_begins_anew_under_another_id(arrive):
    yes = says(arrive("DE"), "granted", ADS)
    Device.objects.all().delete()
    again = says(arrive("DE", remembered=yes), "denied", ADS)
    assert again.device != yes.device


def test_p5_2_2_2b_a_signal_once_heard_stays_and_a_place_is_kept_coarsely(arrive, member):
    assert arrive("US-CA", member, gpc=True).permits("history")
    later = arrive("US-CA", member)
    assert later.signals == {"gpc"}
    assert not later.permits(ADS)
    assert Heard.objects.filter(subject=member.pk, signal="gpc").count() == 1
    assert permissions.read(member.pk)[0].presence == "us-ca"
    arrive("NL", member).permits(ADS)
    assert permissions.read(member.pk)[0].presence == "eu"


def test_p5_1_3b_the_stricter_of_account_and_device_holds_until_the_person_chooses(arrive, member):
    no = says(arrive("DE"), "denied", "history")
    services.link(member.pk, no.device)
    services.answer_for_account(member.pk, None, {"history": "granted"}, QUESTION, via="centre")
    here = arrive("DE", member, no)
    assert here.differs
    assert not here.permits("history")
    assert "You said no" in here.explain("history").because
    assert arrive("DE", member).permits("history"), "another device of theirs follows the account"
    services.answer_for_account(
        member.pk, no.device, {"history": "granted"}, QUESTION, via="centre"
    )
    assert arrive("DE", member, no).permits("history")
    services.unlink(no.device)
    assert not Link.objects.exists()
    assert not arrive("DE", None, no).permits("history"), "the device's own answer was never merged"


def test_a_device_goes_from_one_account_to_another(arrive, member):
    other = User.objects.create_user("other@example.org", "another long sentence")
    no = says(arrive("DE"), "denied", "history")
    services.link(member.pk, no.device)
    services.link(other.pk, no.device)
    assert Link.objects.get().account == other.pk


def test_a_new_policy_folds_every_standing_anew(member):
    Standing.objects.filter(subject=member.pk).update(permitted=0, policy="an earlier one")
    assert permissions.refold() == 1
    row = Standing.objects.get(subject=member.pk)
    assert row.permitted
    assert row.policy == in_force().fingerprint
    assert permissions.refold() == 0


def test_a_forged_or_garbled_cookie_is_no_cookie():
    request = RequestFactory().get("/")
    for text in ("x", "a:b:c", "WzEsMl0:1abc:forged", "é" * 300):
        request.COOKIES[cookie.NAME] = text
        assert cookie.read(request) is None
