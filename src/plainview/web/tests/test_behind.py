"""Behind proxies that say another host than the reader's: pages and forms know the public one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec
import pytest
from django.test import Client
from tests.people import HERE

pytestmark = pytest.mark.django_db
PUBLIC = urlsplit("https://films.example:8443")
PROXY = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
NAMED = r'(?:rel="(?:canonical|alternate)"|og:(?:url|image)")[^>]+"(http[^"]+)"'
PASSKEY = "/accounts/security/webauthn/login/"


@pytest.fixture
def public(settings):
    """As an operator sets it: https at one proxy, and a further name that people come by."""
    settings.ENV = msgspec.structs.replace(
        settings.ENV, public_url=PUBLIC.geturl(), trusted_proxies=1
    )
    settings.PUBLIC = PUBLIC
    settings.ALLOWED_HOSTS = ["127.0.0.1", PUBLIC.hostname, "www.films.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True


def come(host: str, **headers: str) -> Client:
    return Client(headers={"Host": host, **PROXY, **headers})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "www.films.example", PUBLIC.netloc])
def test_a_page_says_the_public_address_by_whatever_name_a_reader_came(public, programme, host):
    """What is shown for a link, and what search engines list, led to the machine's own address."""
    client = come(host)
    watch = programme.feature.get_absolute_url()
    for path in ("/", "/titles/harbour-lights/", watch, f"/embed/{programme.feature.key}/"):
        page = client.get(path).content.decode()
        named = re.findall(NAMED, page)
        assert named and {urlsplit(each)[:2] for each in named} == {PUBLIC[:2]}, path
    assert f"Canonical: {PUBLIC.geturl()}/.well" in client.get("/.well-known/security.txt").text
    assert f"--from {PUBLIC.geturl()}/" in client.get("/legal/log/check/").text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_form_is_believed_behind_a_proxy_that_says_its_own_name_for_the_service(
    public, settings, host
):
    settings.ALLOWED_HOSTS += ["localhost", "[::1]"]
    client = come(host, Origin=PUBLIC.geturl(), **{"Sec-Fetch-Site": "same-origin"})
    answer = client.post("/language/", {"language": "ko", "next": "/help/"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    asked = client.get(PASSKEY, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == PUBLIC.hostname
    led = Client(headers={"Host": host, **PROXY, "X-Forwarded-Proto": "http"}).get("/help/")
    assert led["Location"] == f"{PUBLIC.geturl()}/help/"


def test_a_form_of_another_page_is_refused_there_as_everywhere(public):
    for origin in ("http://127.0.0.1:8000", "https://elsewhere.example", HERE["Origin"]):
        answer = come("127.0.0.1:8000", Origin=origin).post("/language/", {"language": "ko"})
        assert answer.status_code == 403, origin


def test_who_comes_by_no_proxy_is_at_the_name_that_they_say(public):
    answer = Client(headers={"Host": "127.0.0.1:8000"}).get("/help/")
    assert answer["Location"] == "https://127.0.0.1:8000/help/"
    assert come("films.elsewhere.example").get("/help/").status_code == 400
