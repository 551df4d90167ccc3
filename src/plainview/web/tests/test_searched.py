"""What somebody searches for is kept of those who permit it, and can be deleted by item."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import browser_of

from plainview.domains.catalogue.models import Title
from plainview.domains.searches.models import Search
from plainview.domains.searches.services import MOST, Searched, keep
from plainview.platform.identifiers import new_id
from plainview.privacy.retention import sweeping
from plainview.web.tests.test_watching import HERE, answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SENT = {
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


@pytest.fixture
def client(member):
    return member


def ask(client: Client, query: str, **headers: str) -> str:
    return client.get("/search/", {"q": query}, headers=SENT | headers).content.decode()


def kept() -> list[str]:
    return list(Search.objects.values_list("query", flat=True))


def order(html: str) -> list[str]:
    return re.findall(r'href="(/(?:titles|watch|people)/[^"]+)"', html)


def test_p2_1_3a_a_search_is_kept_once_and_offered_again(client, programme):
    for query in ("lighthouse keeper", "항구", "Harbour", "  HARBOUR "):
        ask(client, query)
    assert kept() == ["HARBOUR", "항구", "lighthouse keeper"]
    assert ">항구<" in client.get("/search/").content.decode()
    listed = client.get("/my/searches/").content.decode()
    assert "/search/?q=lighthouse+keeper" in listed
    for typed, meant in (("harb", "HARBOUR"), ("keep", "lighthouse keeper"), ("항", "항구")):
        found = client.get("/search/suggestions/", {"q": typed}).json()["searched"]
        assert [each["text"] for each in found] == [meant]
    other = Client()
    assert other.get("/search/suggestions/", {"q": "harb"}).json()["searched"] == []
    assert "Earlier searches" not in other.get("/search/").content.decode()


def shown(who: Client) -> tuple[list[str], object]:
    """What is found, in its order, and what is suggested."""
    named = who.get("/search/suggestions/", {"q": "harb"}).json()["suggestions"]
    return order(who.get("/search/", {"q": "harbour"}).content.decode()), named


WHY = "What you searched for by name before comes first."


def test_p2_1_3a_what_one_searched_for_by_name_comes_first_with_its_why(client, harbours):
    stranger = shown(Client(headers={"X-Place": "DE"}))[0]
    assert len(stranger) > 6
    ask(client, "harbour 3")
    assert shown(client)[0] == ["/titles/harbour-3/", *(x for x in stranger if "-3/" not in x)]
    assert WHY in client.get("/search/", {"q": "harb"}).content.decode()
    assert WHY not in client.get("/search/", {"q": "calder"}).content.decode()
    Title.objects.filter(slug="harbour-3").update(reveals=["health"])
    assert shown(client)[0] == stranger, "P1.2.7b: what reveals something moves nothing"


def test_p2_1_3a_refused_nothing_is_kept_and_the_order_equals_a_strangers(client, harbours):
    stranger = shown(Client(headers={"X-Place": "DE"}))
    ask(client, "harbour 3")
    assert kept() == ["harbour 3"]
    assert shown(client) != stranger
    answer(client, "/", via="banner", answer="reject")
    for query in ("harbour 4", "harbour 4", "harbour 5"):
        ask(client, query)
    assert kept() == ["harbour 3"]
    assert shown(client) == stranger
    assert client.get("/search/suggestions/", {"q": "harb"}).json()["searched"] == []
    assert WHY not in client.get("/search/", {"q": "harbour"}).content.decode()


def test_p5_1_3c_the_choice_says_that_searches_are_neither_listed_nor_offered(client, programme):
    """Disabling may limit features: which, the choice says, and it is so."""
    ask(client, "harbour 3")
    answer(client, "/privacy/choices/", answer="save", **{"purpose-personalise-search": "no"})
    ask(client, "harbour 4")
    listed = client.get("/my/searches/").content.decode()
    assert "not being saved" in listed and "harbour 4" not in listed
    assert client.get("/search/suggestions/", {"q": "harb"}).json()["searched"] == []
    assert "Earlier searches" not in client.get("/search/").content.decode()
    says = " ".join(client.get("/privacy/choices/").content.decode().split())
    assert "and your searches are neither listed nor offered as you type." in says


def test_after_a_no_one_sees_what_is_held_and_deletes_it(client, programme, people):
    """What was searched before the no is used by nothing, and its owner can still forget it."""
    for query in ("one fish", "two fish", "red fish"):
        ask(client, query)
    answer(client, "/", via="banner", answer="reject")
    page = client.get("/my/searches/").content.decode()
    assert "not being saved" in page
    assert "two fish" in page
    other = browser_of(people.staff, headers={"X-Place": "DE"})
    answer(other, "/", via="banner", answer="reject")
    token = re.findall(r'name="search" value="([^"]+)"', page)[1]
    for values in ({"search": token}, {"all": "yes"}, {"search": "x"}):
        assert other.post("/my/searches/forget/", values, headers=HERE).status_code == 302
    assert len(kept()) == 3
    client.post("/my/searches/forget/", {"search": token}, headers=HERE)
    assert len(kept()) == 2
    done = client.post("/my/searches/forget/", {"all": "yes"}, headers=HERE, follow=True)
    assert "None of your searches" in done.content.decode()
    assert not kept()


def test_each_search_is_deleted_or_all_and_by_nobody_else(client, programme, people):
    for query in ("one fish", "two fish", "red fish"):
        ask(client, query)
    one = Search.objects.get(query="two fish").pk
    other = browser_of(people.staff, headers={"X-Place": "DE"})
    for values in ({"search": one}, {"all": "yes"}, {"search": "9" * 30}, {"search": "x"}):
        assert other.post("/my/searches/forget/", values, headers=HERE).status_code == 302
    assert len(kept()) == 3
    there = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    refused = client.post("/my/searches/forget/", {"all": "yes"}, headers=there)
    assert refused.status_code == 403
    client.post("/my/searches/forget/", {"search": one}, headers=HERE)
    assert kept() == ["red fish", "one fish"]
    done = client.post("/my/searches/forget/", {"all": "yes"}, headers=HERE, follow=True)
    assert "None of your searches" in done.content.decode()
    assert not kept()


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Purpose": "prefetch"},
     {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "HX-Request": "true"},
     {"Sec-Fetch-Site": ""}],
)  # fmt: skip
def test_what_one_did_not_send_oneself_is_not_kept(client, programme, headers):
    """Half-typed words, links of other sites and pages fetched ahead are nobody's search."""
    ask(client, "harbour", **headers)
    assert not kept()
    Client().get("/search/", {"q": "harbour"}, headers=SENT)
    assert not kept(), "a stranger's is nobody's"


def test_p9c_searches_end_after_six_months_and_no_more_than_so_many_are_kept(client, programme):
    ask(client, "old")
    ask(client, "new")
    long_ago = timezone.now() - timedelta(days=190)
    Search.objects.filter(query="old").update(searched_at=long_ago)
    sweeping.sweep()
    assert kept() == ["new"]
    subject = new_id()
    for number in range(MOST + 3):
        keep(Searched(subject, f"word{number}"))
    assert Search.objects.filter(subject=subject).count() == MOST
    assert not Search.objects.filter(subject=subject, query="word2").exists()


def test_whatever_is_typed_is_kept_as_text_or_not_at_all(client, programme):
    for count, query in enumerate(("!!!", "x " * 50, "字" * 100, "'\"<b>&", "ﬃ" * 100)):
        ask(client, query)
        assert len(kept()) == count, query
    assert "<b>" not in client.get("/my/searches/").content.decode()


def test_p2_1_3a_what_a_stranger_typed_stands_in_no_shared_cache(client, programme):
    """P2.1.3a: the cache of a proxy is a file, and the address of a page is written into it."""
    stranger = Client(headers={"X-Place": "DE"})
    lines = f"/watch/{programme.feature.key}/transcript/"
    for page in ("/search/", lines):
        assert "s-maxage" in stranger.get(page)["Cache-Control"]
    for page in ("/search/", "/search/suggestions/", lines):
        kept = stranger.get(page, {"q": "lighthouse"})["Cache-Control"]
        assert "private" in kept and "s-maxage" not in kept, page
