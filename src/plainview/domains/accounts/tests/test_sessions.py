"""Where one is signed in, and out of it (P2.1.2a)."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import msgspec
import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.people import HERE, answers, somebody

from plainview.domains.accounts.models import Role, User
from plainview.domains.accounts.tests.test_registration import typed
from plainview.privacy import sessions
from plainview.privacy.consent import connected
from plainview.privacy.devices import family
from plainview.privacy.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "the night train leaves at nine"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
DESK = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1"


@pytest.fixture(autouse=True)
def people():
    cache.clear()
    for name in ("mira", "tom"):
        somebody(f"{name}@lantern.example", PASSWORD)
    yield
    cache.clear()


def signed_in(agent: str, name: str = "mira") -> Client:
    client = Client(headers=HERE | {"User-Agent": agent})
    client.post("/accounts/login/", {"login": f"{name}@lantern.example", "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def listed(client: Client) -> str:
    return client.get("/accounts/sessions/").content.decode()


def test_p2_1_2a_a_session_ended_from_another_device_is_dead_at_once():
    phone, desk, tom = signed_in(PHONE), signed_in(DESK), signed_in(DESK, "tom")
    page = listed(desk)
    assert "Firefox, Android" in page
    assert "Safari, macOS" in page
    (handle,) = re.findall(r'name="end" value="(\w+)"', page)
    desk.post("/accounts/sessions/", {"end": handle})
    assert (is_in(phone), is_in(desk), is_in(tom)) == (False, True, True)


def test_p2_1_2a_of_several_sessions_the_one_named_ends_and_no_other():
    desk, phone = signed_in(DESK), signed_in(PHONE)
    (handle,) = re.findall(r'name="end" value="(\w+)"', listed(desk))
    tablet = signed_in(PHONE)
    desk.post("/accounts/sessions/", {"end": handle})
    assert (is_in(phone), is_in(tablet), is_in(desk)) == (False, True, True)


def test_p2_1_2a_all_others_are_ended_at_once():
    others = [signed_in(PHONE), signed_in(PHONE)]
    desk, tom = signed_in(DESK), signed_in(DESK, "tom")
    desk.post("/accounts/sessions/", {"others": "1"})
    assert [is_in(each) for each in (*others, desk, tom)] == [False, False, True, True]


def days_later(days: int) -> None:
    """Every session was last written, and ends, so much earlier."""
    for row in Session.objects.all():
        moved = {"saved_at": row.saved_at, "expire_date": row.expire_date}
        by = {name: moment - timedelta(days) for name, moment in moved.items()}
        Session.objects.filter(pk=row.pk).update(**by)


def test_p9c_whoever_comes_back_within_two_weeks_stays_signed_in():
    phone = signed_in(PHONE)
    for _ in range(4):
        days_later(10)
        cookie = phone.get("/settings/").cookies["plainview-session"]
        assert cookie["max-age"] == 14 * 86400
        assert "plainview-session" not in phone.get("/settings/").cookies, "once a day"
        assert timezone.now() - Session.objects.get().saved_at < timedelta(hours=1)
    days_later(15)
    assert not is_in(phone)


def test_p2_1_2a_a_visit_brings_back_nothing_that_another_request_wrote_or_ended(monkeypatch):
    phone = signed_in(PHONE)
    key = phone.cookies["plainview-session"].value

    def beside(act):
        """Have `act` done by another request after this one has read its session."""
        days_later(2)
        with monkeypatch.context() as patch:
            before = sessions.SessionStore.go_on
            patch.setattr(sessions.SessionStore, "go_on", lambda it: (act(), before(it)))
            phone.get("/settings/")

    def writes():
        other = sessions.SessionStore(key)
        other["account_verified_email"] = "mira@lantern.example"
        other.save()

    beside(writes)
    assert sessions.SessionStore(key)["account_verified_email"] == "mira@lantern.example"
    beside(lambda: sessions.SessionStore(key).delete())
    assert not Session.objects.exists()
    assert not is_in(phone)


@pytest.mark.parametrize("who", ["staff", "shared"])
def test_p5_1_3b_a_session_of_the_staff_or_at_a_shared_computer_ends_on_its_day(who):
    phone = signed_in(PHONE)
    if who == "staff":
        User.objects.filter(pk=Session.objects.get().account).update(roles=Role.EDITOR.value)
    else:
        store = sessions.SessionStore(phone.cookies["plainview-session"].value)
        store["shared"] = True
        store.save()
        Session.objects.update(expire_date=timezone.now() + timedelta(days=14))
    days_later(2)
    ends = Session.objects.get().expire_date
    assert "plainview-session" not in phone.get("/settings/").cookies
    assert Session.objects.get().expire_date == ends


def connected_app(client: Client, name: str) -> str:
    """The token of an app that this browser's member connected."""
    page = client.post("/privacy/devices/", {"connect": "1"}, headers=HERE).content.decode()
    (code,) = re.findall(r"\b(\w{4}-\w{4})\b</bdi>", page)
    return connected.connect(code, name)


def test_p2_1_2a_apps_are_ended_with_all_others():
    """Whoever was in for a minute connected one, which went on when its owner signed out others."""
    intruder, tom = signed_in(PHONE), signed_in(DESK, "tom")
    theirs, toms = connected_app(intruder, "Lantern TV"), connected_app(tom, "Television")
    desk = signed_in(DESK)
    assert "Lantern TV" in listed(desk)
    desk.post("/accounts/sessions/", {"others": "1"})
    assert connected.account_with(theirs) is None
    assert connected.account_with(toms) is not None
    assert "Lantern TV" not in listed(desk)


def test_p2_1_2a_one_app_is_ended_from_the_page_and_no_other():
    desk, tom = signed_in(DESK), signed_in(DESK, "tom")
    first, second = connected_app(desk, "Lantern TV"), connected_app(desk, "Kitchen")
    (key,) = re.findall(r'name="app" value="(\w+)"', listed(desk).partition("Lantern TV")[2])[:1]
    tom.post("/accounts/sessions/", {"app": key})
    assert connected.account_with(first) is not None
    desk.post("/accounts/sessions/", {"app": key})
    assert connected.account_with(first) is None
    assert connected.account_with(second) is not None
    assert is_in(desk)


def test_nobody_ends_the_session_of_somebody_else():
    mira, tom = signed_in(PHONE), signed_in(DESK, "tom")
    second = signed_in(DESK)
    (handle,) = re.findall(r'name="end" value="(\w+)"', listed(second))
    tom.post("/accounts/sessions/", {"end": handle})
    assert is_in(mira)


def test_the_page_never_holds_a_key_that_opens_a_session():
    mira = signed_in(PHONE)
    signed_in(DESK)
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in listed(mira)


def test_a_new_password_signs_every_other_browser_out():
    phone, desk = signed_in(PHONE), signed_in(DESK)
    new = "another lantern, another street"
    desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new})
    assert (is_in(phone), is_in(desk)) == (False, True)


@pytest.mark.parametrize(
    ("agent", "kind"),
    [(PHONE, "Firefox, Android"), (DESK, "Safari, macOS"), ("curl/8", ""), ("", "")],
)
def test_of_the_browser_string_only_the_kind_is_kept(agent, kind):
    assert family(agent) == kind


@pytest.mark.parametrize(("proxies", "barred"), [(1, False), (0, True)])
@pytest.mark.slow
def test_a_crowd_behind_our_proxy_is_not_taken_for_one_who_guesses(settings, proxies, barred):
    """Forwarded addresses count where a proxy of ours wrote them, and nowhere else."""
    settings.ENV = msgspec.structs.replace(settings.ENV, trusted_proxies=proxies)
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "5/m/ip"}
    for number in range(6):
        said = {"login": f"guess{number}@lantern.example", "password": "not it"}
        came = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = Client().post("/accounts/login/", said, headers=came)
    assert (answer.status_code == 429) is barred


@pytest.mark.parametrize("shared", [{}, {"shared": "on"}], ids=["own", "shared"])
def test_p5_1_3b_who_signed_out_and_read_that_keeps_no_cookie(shared):
    """P5.1.3b: the empty session went on for two weeks, at a shared computer too."""
    client = Client(headers=HERE)
    given = {"login": "mira@lantern.example", "password": PASSWORD}
    client.post("/accounts/login/", given | shared)
    assert is_in(client)
    client.post("/accounts/logout/")
    page = client.get("/")
    assert "You are signed out." in page.content.decode()
    assert page.cookies["plainview-session"]["max-age"] == 0
    assert not Session.objects.exists()


def test_whoever_signs_in_or_up_comes_to_where_they_were_going():
    """Over a slip, another language, and a mail that is opened on another device."""
    client, there, new = Client(headers=HERE), "/settings/about/", "ines@lantern.example"
    sign_in = f"/accounts/login/?next={quote(there, safe='')}"
    page = client.get(client.get(there)["Location"]).content.decode()
    assert f'action="{sign_in}"' in page, "what comes back is at the same address"
    slip = client.post(sign_in, {"login": new, "password": "x", "next": there})
    assert f'href="{sign_in}"' in slip.content.decode()
    sent = client.post("/accounts/signup/", typed(email=new, next=there))
    assert f'href="{sign_in}"' in client.get(sent["Location"]).content.decode()
    link = re.search(r"http://localhost:\d+(\S+)", mail.outbox[0].body)[1]
    Client(headers=HERE).post(link)
    assert client.get(sign_in).status_code == 200
    known = {"login": new, "password": PASSWORD, "next": there}
    assert client.post(sign_in, known)["Location"] == there


def test_p2_4b_who_refuses_all_news_is_still_told_of_a_new_sign_in():
    """Not of the first, nor on a kind of device on which the account is open anyway."""
    desk = signed_in(DESK)
    answers(desk, "reject")
    signed_in(DESK)
    phone = Client(headers={"User-Agent": PHONE, "Accept-Language": "ko"})
    form = {"login": "mira@lantern.example", "password": "not the password"}
    phone.post("/accounts/login/", form)
    assert mail.outbox == [], "nor of what was only tried"
    phone.post("/accounts/login/", form | {"password": PASSWORD})
    (letter,) = mail.outbox
    assert letter.to == ["mira@lantern.example"]
    assert letter.subject == "A new sign-in to your account", "in her language, not the visitor's"
    assert "new sign-in to your account: Firefox, Android." in letter.body
    assert "/accounts/password/reset/" in letter.body
