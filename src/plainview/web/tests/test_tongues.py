"""How far a title's languages are stands on its page, and goes on by itself while it is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.catalogue.models import Title
from plainview.domains.subtitles import services
from plainview.domains.subtitles.models import Edition, Segment
from plainview.web.tests.conftest import page
from plainview.web.tests.markup import Markup

LIVE = "/titles/harbour-lights/languages/"


@pytest.fixture
def korean(programme):
    """Korean, begun for a film of which two segments are cut."""
    return services.open_edition(programme.feature, "ko")


def say(edition: Edition, account: int, at: int) -> None:
    segment = Segment.objects.filter(video=edition.video).order_by("start_ms")[at]
    services.open_edition(edition.video, "ko", account=account)
    services.save_line(edition.pk, segment.pk, account=account, text="불", based_on=0)


def test_an_open_page_hears_how_far_a_language_is(client, programme, people, korean):
    services.agree(people.member.pk, services.TERMS)
    html = Markup(page(client, "/titles/harbour-lights/?lang=ko"))
    asked = html.all("dl", id="tongues")[0]["data-live"]
    assert asked == f"{LIVE}?lang=ko"
    first = client.get(asked)
    assert "0%" in first.content.decode()
    assert "만드는 중" in first.content.decode()
    assert client.get(asked, headers={"If-None-Match": first["ETag"]}).status_code == 304
    say(korean, people.member.pk, 0)
    again = client.get(asked, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "50%" in again.content.decode()
    assert "50 %" in page(client, "/titles/harbour-lights/")


def test_thousands_of_open_pages_ask_the_database_once(
    client, korean, django_assert_max_num_queries
):
    client.get(LIVE)
    with django_assert_max_num_queries(0):
        for _each in range(3):
            assert client.get(LIVE).status_code == 200


def test_who_asks_is_known_to_nobody(client, korean, people):
    client.force_login(people.member)
    answer = client.get(LIVE)
    assert answer.content == Client().get(LIVE).content
    assert not answer.cookies


def test_nothing_is_asked_for_where_nobody_began(client, programme):
    assert "data-live" not in page(client, "/titles/harbour-lights/")


def test_of_a_title_that_is_not_listed_nothing_is_said(client, korean):
    Title.objects.update(published_at=timezone.now() + timedelta(days=1))
    assert client.get(LIVE).status_code == 404


def test_a_series_says_how_far_a_language_is_over_its_episodes(client, programme, people):
    services.agree(people.member.pk, services.TERMS)
    for video in programme.episodes[:2]:
        for start in (0, 2000):
            Segment.objects.create(video=video, start_ms=start, end_ms=start + 1500)
        korean = services.open_edition(video, "ko")
    say(korean, people.member.pk, 0)
    html = page(client, "/titles/night-line/")
    assert "25 %" in html
    assert html.count("한국어</bdi></a>") == 1
