"""P2.8a: figures of platforms speak of ten people at least, however many browsers they have."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.playback.models import PlatformUse
from plainview.platform.identifiers import new_id
from plainview.privacy import permissions
from plainview.web.tests.test_watching import answer, report, run_command  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_p2_8a_ten_people_are_told_nine_are_not_and_each_month_is_its_own(run_command):  # noqa: F811
    month = timezone.localdate().replace(day=1)
    before = (month - timedelta(1)).replace(day=1)
    permits = permissions.resident(permissions.newcomer("DE"), "DE")
    permits = permissions.answered(permits, {"business-analytics": "granted"})
    people = [new_id() for _ in range(10)]
    for number, who in enumerate(people):
        permissions.begin(who, permits)
        PlatformUse.objects.create(subject=who, platform="tv", month=month)
        if number:
            PlatformUse.objects.create(subject=who, platform="tv", month=before)
    nobody = "web: <10\nphone: <10\ntv: <10\nembed: <10\n"
    assert run_command("people") == nobody.replace("tv: <10", "tv: 10")
    assert run_command("people", "--month", f"{before:%Y-%m}") == nobody
    PlatformUse.objects.create(subject=people[0], platform="tv", month=before)
    assert "tv: 10\n" in run_command("people", "--month", f"{before:%Y-%m}")


def test_p2_8a_one_person_with_many_browsers_is_one(germany, people, programme, run_command):  # noqa: F811
    """P2.8a: those that they watched in before they signed in there, too."""
    others = [new_id() for _ in range(8)]
    permits = permissions.resident(permissions.newcomer("DE"), "DE")
    permits = permissions.answered(permits, {"business-analytics": "granted"})
    month = timezone.localdate().replace(day=1)
    for who in others:
        permissions.begin(who, permits)
        PlatformUse.objects.create(subject=who, platform="tv", month=month)
    for _ in range(3):
        browser = Client(**germany.defaults)
        answer(browser, "/", via="banner", answer="accept")
        assert report(browser, programme.feature).status_code == 204
        browser.force_login(people.member)
        browser.get("/")
        answer(browser, "/privacy/choices/", answer="accept")
        assert report(browser, programme.feature).status_code == 204
    assert PlatformUse.objects.count() == 8 + 3 + 1
    assert "tv: <10" in run_command("people"), "eight, and one who has three browsers"
    stranger = Client(**germany.defaults)
    answer(stranger, "/", via="banner", answer="accept")
    report(stranger, programme.feature)
    assert "tv: 10" in run_command("people")
