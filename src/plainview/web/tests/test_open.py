"""Feed, sitemap, structured data and oEmbed: the same for everybody, and true to licences."""

from __future__ import annotations

import html
import json
import re
import struct
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import msgspec
import pytest
from django.utils import timezone

from plainview.domains.catalogue.document import document_of
from plainview.domains.catalogue.models import Collection, Licence, Person
from plainview.domains.catalogue.services import editing
from plainview.domains.subtitles import formats
from plainview.platform.addresses import absolute
from plainview.web.pages.open import MEDIA, SITES, VIDEO

pytestmark = pytest.mark.django_db
DOORS = ["/robots.txt", "/feed.rss", "/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml"]


@pytest.fixture
def licensed(programme):
    programme.film.licensed = True
    programme.film.save(update_fields=["licensed"])
    Licence.objects.create(title=programme.film, territories=["KR", "JP"])
    return programme.film


def tree(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def test_search_engines_are_led_to_what_is_for_everybody(client, programme):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = RobotFileParser()
    told.parse(answer.content.decode().splitlines())
    (found,) = told.site_maps()
    urls = tree(client, found).iter(f"{{{SITES}}}loc")
    pages = [url.text for part in urls for url in tree(client, part.text).iter(f"{{{SITES}}}loc")]
    assert any(page.endswith("/titles/harbour-lights/") for page in pages)
    assert all(told.can_fetch("*", page) for page in pages)
    links = re.findall(r'href="(/[^"]+)"', client.get("/titles/harbour-lights/").content.decode())
    left_out = [link for link in links if not told.can_fetch("*", html.unescape(link))]
    assert {link.split("?")[0] for link in left_out} >= {"/accounts/login/", "/privacy/choices/"}
    assert not [link for link in links if "next=" in link and link not in left_out]


@pytest.mark.django_db
def test_the_sitemap_of_nothing_has_no_parts(client):
    assert not list(tree(client, "/sitemap.xml").iter(f"{{{SITES}}}loc"))


def test_the_sitemap_has_names_without_prefixes_whatever_was_written_before(client, programme):
    """Some crawlers know its elements by those alone; a TTML file changed what they were called."""
    formats.write([formats.Cue(0, 1000, "a")], "ttml")
    assert client.get("/sitemap.xml").content.count(b"<sitemap>") > 0
    assert b"<url><loc>" in client.get("/sitemap-1.xml").content


def test_the_sitemap_says_when_a_page_changed_and_knows_collections_and_people(
    client, programme, monkeypatch
):
    """Those of the programme; one of whom nothing is listed has no page."""
    Person.objects.create(slug="nobody-shown", texts={"en": {"name": "Nobody Shown"}})
    shown = Collection.objects.create(slug="by-the-sea", texts={"en": {"name": "By the Sea"}})
    shown.entries.create(title=programme.film, position=1)
    Collection.objects.create(slug="empty", texts={"en": {"name": "Empty"}})
    parts = [each.text for each in tree(client, "/sitemap.xml").iter(f"{{{SITES}}}loc")]
    urls = [url for part in parts for url in tree(client, part).iter(f"{{{SITES}}}url")]
    pages = {urlsplit(url.findtext(f"{{{SITES}}}loc")).path: url for url in urls}
    films = (programme.feature, *programme.episodes[:2])
    assert {each for each in pages if not each.startswith("/titles/")} == {
        *(each.get_absolute_url() for each in films),
        "/collections/by-the-sea/",
        "/people/ines-calder/",
    }
    assert all(client.get(page).status_code == 200 for page in pages)
    film = pages["/titles/harbour-lights/"]
    before = datetime.fromisoformat(film.findtext(f"{{{SITES}}}lastmod"))
    document = document_of(programme.film)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    editing.save(msgspec.structs.replace(document, year=2031), title=programme.film)
    (url,) = [
        each
        for each in tree(client, "/sitemap-1.xml").iter(f"{{{SITES}}}url")
        if each.findtext(f"{{{SITES}}}loc").endswith("/harbour-lights/")
    ]
    assert datetime.fromisoformat(url.findtext(f"{{{SITES}}}lastmod")) - before > timedelta(days=1)


def test_a_title_is_no_news_to_a_feed_reader_under_another_address(client, programme):
    """RSS 2.0: the guid is how a reader knows what it showed before."""

    def known() -> dict[str, str]:
        return {
            item.findtext("title"): item.findtext("guid")
            for item in tree(client, "/feed.rss").iter("item")
        }

    before = known()
    assert len(set(before.values())) == len(before) > 1
    document = document_of(programme.film)
    editing.save(msgspec.structs.replace(document, slug="harbour-light"), title=programme.film)
    assert client.get("/titles/harbour-light/").status_code == 200
    assert known() == before


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_the_icon_is_found_by_its_old_names_as_a_picture_that_every_program_draws(client, name):
    answer = client.get(f"/{name}")
    assert answer.status_code == 302
    picture = client.get(answer["Location"])
    assert size_of(picture) == (180, 180)


def size_of(answer) -> tuple[int, int]:
    """Width and height of a PNG, as its header says (PNG specification, 11.2.2)."""
    head = b"".join(answer)[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", head[16:])


def test_a_telephone_gets_a_sign_for_its_first_screen(client):
    page = client.get("/").content.decode()
    (linked,) = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert size_of(client.get(linked)) == (180, 180)
    icons = client.get("/manifest.webmanifest").json()["icons"]
    sizes = {each["sizes"]: each["src"] for each in icons}
    assert size_of(client.get(sizes["512x512"])) == (512, 512)


@pytest.mark.parametrize(
    ("said", "packed"),
    [("gzip", True), ("gzip;q=0.5", True), ("gzip;q=0", False), ("br, GZIP ; Q=0.000, *", False)],
)
def test_what_a_program_refuses_to_unpack_is_sent_as_it_is(client, programme, said, packed):
    """RFC 9110, 12.5.3: a weight of nought means not acceptable."""
    answer = client.get("/sitemap-1.xml", headers={"Accept-Encoding": said})
    assert (answer.get("Content-Encoding") == "gzip") is packed


def test_the_feed_names_what_is_listed_and_nothing_hidden(client, programme):
    names = [each.text for each in tree(client, "/feed.rss").iter("title")]
    assert "Harbour Lights" in names
    assert "Kept Back" not in names
    assert [each.text for each in tree(client, "/feed.rss?genre=drama").iter("title")][1:]
    assert client.get("/feed.rss?genre=nowhere").status_code == 404


def test_p2_1_4a_each_format_says_where_a_film_may_be_watched(client, licensed):
    item = next(
        each
        for each in tree(client, "/feed.rss").iter("item")
        if each.findtext("title") == "Harbour Lights"
    )
    said = item.find(f"{{{MEDIA}}}restriction")
    assert (said.get("relationship"), said.text) == ("allow", "jp kr")
    urls = {
        urlsplit(url.findtext(f"{{{SITES}}}loc")).path: url
        for url in tree(client, "/sitemap-2.xml").iter(f"{{{SITES}}}url")
    }
    url = urls[licensed.videos.get().get_absolute_url()]
    video = url.find(f"{{{VIDEO}}}video")
    assert video.findtext(f"{{{VIDEO}}}restriction") == "JP KR"
    about = structured(client, "/titles/harbour-lights/")
    assert about["@type"] == "Movie"
    assert about["video"][0]["regionsAllowed"] == "JP,KR"


def test_a_film_is_told_to_search_engines_on_the_page_where_it_plays(client, programme, settings):
    """They look for it where there is a player, which the title's page has not."""
    page = programme.feature.get_absolute_url()
    said = structured(client, page)
    assert said == {
        "@context": "https://schema.org",
        **structured(client, "/titles/harbour-lights/")["video"][0],
    }
    assert said["@type"] == "VideoObject"
    assert urlsplit(said["url"]).path == page
    assert client.get(urlsplit(said["embedUrl"]).path).status_code == 200
    (link,) = re.findall(r'json\+oembed" href="([^"]+)"', client.get(page).content.decode())
    assert dict(parse_qsl(urlsplit(html.unescape(link)).query))["url"] == absolute(page)
    assert client.get(html.unescape(link)).status_code == 200
    assert client.get("/oembed/", {"url": said["url"]}).json()["type"] == "video"
    settings.EMBED_ANCESTORS = []
    assert "embedUrl" not in structured(client, page)
    waiting = programme.coming.videos.get().get_absolute_url()
    assert "ld+json" not in client.get(waiting).content.decode()


def structured(client, address: str) -> dict:
    page = client.get(address).content.decode()
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(match[1])


def test_structured_data_can_not_leave_its_element(client, programme):
    programme.film.texts = {"en": {"name": "</script><script>alert(1)</script>"}}
    programme.film.save(update_fields=["texts"])
    about = structured(client, "/titles/harbour-lights/")
    assert about["name"] == "</script><script>alert(1)</script>"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_link_to_a_title_or_its_film_is_told_by_oembed(client, programme, settings, form, caplog):
    host = settings.PUBLIC.geturl().rstrip("/")
    key = programme.feature.key
    for path in ("/titles/harbour-lights/", f"/watch/{key}/"):
        answer = client.get("/oembed/", {"url": host + path, "format": form})
        assert "Harbour Lights" in answer.content.decode()
    for url in (host + "/titles/kept-back/", "https://elsewhere.example/titles/x/"):
        assert client.get("/oembed/", {"url": url}).status_code == 404
    assert client.get("/oembed/", {"url": host, "format": "yaml"}).status_code == 501
    assert not [each for each in caplog.records if each.levelname == "ERROR"], (
        "it is no fault of ours"
    )


def test_they_are_the_same_for_everybody_everywhere(client, staff_client, licensed, placed):
    for door in DOORS:
        seen = {client.get(door, headers={"X-Place": place}).content for place in ("KR", "DE", "")}
        seen.add(staff_client.get(door).content)
        assert len(seen) == 1, door
        assert not client.get(door).cookies


def test_a_cache_between_tells_languages_apart_also_by_what_did_not_change(
    client, programme, settings
):
    """A shared cache keeps what varies under what it varies by (RFC 9110, 12.5.5 and 15.4.5)."""
    page = f"{settings.PUBLIC.geturl().rstrip('/')}/titles/harbour-lights/"
    told = f"/oembed/?format=xml&url={page}"
    for address in ["/feed.rss", "/sitemap-2.xml", "/titles/harbour-lights/", told]:
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        for answer in (first, again):
            varies = {each.strip() for each in answer["Vary"].split(",")}
            assert varies >= {"Accept-Language", "Cookie", "Accept-Encoding"}, address
        assert again["Cache-Control"] == first["Cache-Control"]


def test_a_page_offers_the_feed_in_its_own_language(client, programme):
    """Readers that live on servers ask in no language, so the address has to say it."""
    page = client.get("/", headers={"Accept-Language": "ko"}).content.decode()
    (found,) = re.findall(r'type="application/rss\+xml" href="([^"]+)"', page)
    feed = tree(client, found)
    assert feed.findtext("channel/language") == "ko"
    assert "항구의 불빛" in [each.text for each in feed.iter("title")]


def test_the_feed_dates_nothing_in_the_future(client, programme):
    """Readers hide, or put at the top for weeks, what is dated after now."""
    title = programme.film
    title.published_at = timezone.now() + timedelta(days=30)
    title.announced_at = timezone.now() - timedelta(days=1)
    title.save(update_fields=["published_at", "announced_at"])
    items = {each.findtext("title"): each for each in tree(client, "/feed.rss").iter("item")}
    dated = parsedate_to_datetime(items["Harbour Lights"].findtext("pubDate"))
    assert dated == title.announced_at.replace(microsecond=0)


def test_a_title_that_has_no_poster_yet_is_told_with_the_picture_of_its_film(client, programme):
    """Search engines show no film without an `image`, and one just put on has nothing else."""
    for poster, begins in (("", "/stream/"), ("0" * 20 + ".svg", "/artwork/")):
        programme.film.poster = poster
        programme.film.save(update_fields=["poster"])
        shown = structured(client, "/titles/harbour-lights/")["image"]
        assert shown.startswith(absolute(begins))


def test_what_shows_links_gets_a_picture_that_it_can_draw(client, programme, settings):
    """An SVG stays blank beside a link; the film's own picture is a JPEG, and open to read."""
    for backdrop, begins in (("0" * 20 + ".jpg", "/artwork/"), ("0" * 20 + ".svg", "/stream/")):
        programme.film.backdrop = backdrop
        programme.film.save(update_fields=["backdrop"])
        for path in ("/titles/harbour-lights/", programme.feature.get_absolute_url()):
            html = client.get(path).content.decode()
            (shown,) = re.findall(f'property="og:image" content="{absolute()}([^"]+)"', html)
            assert shown.startswith(begins)
            assert shown.endswith(".jpg")
            assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_what_shows_links_gets_a_picture_that_it_can_draw_from_feed_and_oembed_too(
    client, programme, settings
):
    """oEmbed 1.0, 2.3.4: a thumbnail comes with its size, and within what was asked."""
    programme.film.poster = "0" * 20 + ".svg"
    programme.film.save(update_fields=["poster"])
    items = {each.findtext("title"): each for each in tree(client, "/feed.rss").iter("item")}
    shown = items["Harbour Lights"].find(f"{{{MEDIA}}}thumbnail").get("url")
    asked = {"url": f"{settings.PUBLIC.geturl().rstrip('/')}/titles/harbour-lights/"}
    told = client.get("/oembed/", asked).json()
    package = programme.feature.package
    assert shown == told["thumbnail_url"]
    assert urlsplit(shown).path == package.poster_url
    assert (told["thumbnail_width"], told["thumbnail_height"]) == package.poster_size
    small = client.get("/oembed/", asked | {"maxwidth": "100"}).json()
    assert "thumbnail_url" not in small
    assert small["width"] == 100


def test_a_title_that_says_nothing_of_itself_is_told_by_its_name(client, programme):
    """An empty description is no description: search engines leave such a film out."""
    programme.film.texts = {"en": {"name": "Harbour Lights"}}
    programme.film.save(update_fields=["texts"])
    for path in ("/titles/harbour-lights/", programme.feature.get_absolute_url()):
        html = client.get(path).content.decode()
        assert '<meta name="description" content="Harbour Lights">' in html
        assert '<meta property="og:description" content="Harbour Lights">' in html
    assert structured(client, "/titles/harbour-lights/")["description"] == "Harbour Lights"
    items = {each.findtext("title"): each for each in tree(client, "/feed.rss").iter("item")}
    assert items["Harbour Lights"].findtext("description") == "Harbour Lights"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/people/ines-calder/", "Inés Calder"), ("/legal/privacy/", "Privacy notice")],
)
def test_a_link_that_is_passed_on_is_called_as_its_page(client, programme, path, name):
    html = client.get(path).content.decode()
    assert f'<meta property="og:title" content="{name}">' in html
