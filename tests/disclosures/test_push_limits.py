"""Push goes to declared services alone, not by night where a law says so, and seldom (P2.3a)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from django.utils import timezone
from tests.disclosures.browsers import Browser, written
from tests.disclosures.conftest import KEYS, enter, work
from tests.disclosures.test_push import PUSH, TURN, YES, tell, turn_on, words

from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.disclosures import capping, connections, delivery
from plainview.privacy.models import Disclosure, Subscription
from plainview.privacy.policies import in_force
from plainview.privacy.push import services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# Where it may go

ELSEWHERE = (
    "http://updates.push.services.mozilla.com/wpush/v2/a",
    "https://updates.push.services.mozilla.com:8443/wpush/v2/a",
    "https://updates.push.services.mozilla.com@evil.example/a",
    "https://user:word@fcm.googleapis.com/fcm/send/a",
    "https://fcm.googleapis.com.evil.example/fcm/send/a",
    "https://evilfcm.googleapis.com/fcm/send/a",
    "https://notify.windows.com/w/a",
    "https://evilnotify.windows.com/w/a",
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://[/a",
    "https://169.254.169.254/latest/meta-data/",
    "//fcm.googleapis.com/a",
    "ftp://fcm.googleapis.com/a",
    "file:///etc/passwd",
    "https://fcm.googleapis.com/" + "a" * 2000,
    "https://fcm.googleapis.com/ä",
    "",
)


def test_cwe_918_an_address_of_somewhere_else_is_refused(member):
    client = enter(member("ines", choices=YES))
    for endpoint in ELSEWHERE:
        given = {"act": "on", "endpoint": endpoint, **Browser().keys}
        page = client.post(TURN, given, follow=True)
        assert "this browser’s message service is none that we use" in words(page), endpoint
        assert not Subscription.objects.exists(), endpoint


@pytest.mark.parametrize(
    ("endpoint", "carrier"),
    [
        ("https://updates.push.services.mozilla.com/wpush/v2/a", "mozilla-push"),
        ("https://fcm.googleapis.com/fcm/send/a:b", "google-push"),
        ("https://web.push.apple.com/a", "apple-push"),
        ("https://wns2-par02p.notify.windows.com/w/?token=a", "microsoft-push"),
        ("https://FCM.googleapis.com:443/fcm/send/a", "google-push"),
    ],
)
def test_the_browsers_that_people_use_are_declared(endpoint, carrier):
    assert services.carrier_of(endpoint).id == carrier


@pytest.mark.parametrize("keys_", [
    {"p256dh": "", "auth": ""},
    {"p256dh": written(b"\4" + b"\0" * 64), "auth": written(b"a" * 16)},
    {"p256dh": "ä", "auth": "ä"},
    {**Browser().keys, "auth": written(b"short")},
    {key: word + "!" * 200 for key, word in Browser().keys.items()},
])  # fmt: skip
def test_keys_that_are_none_are_refused(member, keys_):
    client = enter(member("ines", choices=YES))
    given = {"act": "on", "endpoint": "https://fcm.googleapis.com/fcm/send/a", **keys_}
    assert "your browser gave no usable key" in words(client.post(TURN, given, follow=True))
    assert not Subscription.objects.exists()


def test_only_a_page_of_ours_turns_it_on(member, pushing):
    client = enter(member("ines", choices=YES))
    given = {"act": "on", "endpoint": f"{pushing.url}/a", **Browser().keys}
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(TURN, given, headers=elsewhere).status_code == 403
    assert client.get(TURN).status_code == 405
    assert not Subscription.objects.exists()


def test_a_connection_of_push_is_for_a_push_service_alone(connect):
    connect(northgate=("push", "http://127.0.0.1:9"))
    assert [each.id for each in connections.check()] == ["privacy.E048"]
    connect(**{"google-push": ("webhook", "http://127.0.0.1:9")})
    assert [each.id for each in connections.check()] == ["privacy.E048"]


# When, and how often


def test_p2_3a_in_korea_news_by_push_waits_through_the_night(member, pushing, monkeypatch):
    turn_on(enter(member("hana", "KR", choices=YES)), pushing)
    tomorrow = datetime.now(UTC) + timedelta(days=1)  # a morning that has come lets it go at once
    seoul = {"night": tomorrow.replace(hour=14, minute=30)}  # 23:30 there
    monkeypatch.setattr(delivery, "timezone", SimpleNamespace(now=lambda: seoul["night"]))
    tell()
    assert not pushing.got
    waiting = Job.objects.filter(task="disclosures.hand-over", state=Job.State.WAITING)
    assert waiting.count() == 1
    seoul["night"] = tomorrow.replace(hour=23, minute=0)  # 08:00 there
    waiting.update(run_at=timezone.now())
    work()
    assert len(pushing.got) == 1


@pytest.mark.parametrize(
    ("place", "hour", "until"),
    [
        ("KR", 11, None), ("KR", 12, 23), ("KR", 22, 23), ("KR", 23, None), ("DE", 23, None),
    ],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_law_by_its_own_clock(place, hour, until):
    facts = permissions.newcomer(place)
    away = msgspec.structs.replace(facts, presence="unknown", residence=place)
    now = datetime(2026, 11, 26, hour, 0, tzinfo=UTC)
    assert capping.quiet_until(away, PUSH, now) == capping.quiet_until(facts, PUSH, now)
    end = capping.quiet_until(facts, PUSH, datetime(2026, 11, 26, hour, 0, tzinfo=UTC))
    assert end == (datetime(2026, 11, 26, until, 0, tzinfo=UTC) if until else None)
    night = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    assert capping.quiet_until(facts, "marketing-email", night) is None


@pytest.mark.parametrize("rotate", KEYS, indirect=True)
def test_p2_3a_no_more_than_so_many_pieces_a_week_reach_a_browser(member, pushing, rotate):
    turn_on(enter(member("ines", choices=YES)), pushing)
    most = in_force().messages.weekly[PUSH]
    for number in range(most):
        tell(en=f"Film {number}")
    rotate()
    tell(en="One more")
    tell(en="And another")
    assert len(pushing.got) == most
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Disclosure.objects.update(queued_at=week_ago)
    tell(en="Next week")
    assert len(pushing.got) == most + 1
