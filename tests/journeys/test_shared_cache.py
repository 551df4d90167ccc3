"""A shared cache never serves one state's page to another: nginx itself is in front (P5.2.2.2b)."""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.journeys.conftest import ROOT, Service, free_port
from tests.journeys.test_other_proxies import listening

from plainview.platform.languages import FINISHED

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
CONFIGURATION = ROOT / "deploy/nginx.conf"
WHERE = "map $http_x_where $place { default $http_x_where; }"
PLACES, SIGNALS, LANGUAGES = ("DE", "US-CA", "US-VA", ""), ("", "1", "0"), ("en", "ar")


class _Here(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object, **more: object) -> None:
        return None


OPEN = urllib.request.build_opener(_Here).open


@dataclass(frozen=True)
class Reader:
    """Somebody in a place, with a signal, a language, and the cookie that they carry."""

    place: str
    signal: str
    language: str
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        said = {"Accept-Language": self.language, "Sec-GPC": self.signal, "Cookie": self.cookie}
        return {name: value for name, value in said.items() if value}


@dataclass
class Proxy:
    """nginx in front of the service, and what its cache said."""

    url: str
    cached: dict[str, int] = field(default_factory=dict)

    def get(self, reader: Reader, path: str) -> str:
        request = urllib.request.Request(  # noqa: S310
            self.url + path,
            headers={**reader.headers, "X-Where": reader.place, "X-Place": "BR"},
        )
        with OPEN(request, timeout=10) as answer:
            said = f"{answer.headers['X-Cache']} {'carries' if reader.cookie else 'stranger'}"
            self.cached[said] = self.cached.get(said, 0) + 1
            assert reader.cookie or "Set-Cookie" not in answer.headers
            return answer.read().decode()


@contextmanager
def proxied(
    service: Service, folder: Path, change: Callable[[str], str] = str, place: str = WHERE
) -> Iterator[Proxy]:
    """Run the shipped configuration; the place comes from `X-Where`, or as `place` says it."""
    path = os.environ.get("NGINX") or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not path:
        pytest.skip("no nginx: install nginx-light or set NGINX")
    port = free_port()
    shipped = change(CONFIGURATION.read_text())
    for theirs, ours in (
        ("127.0.0.1:8000", service.url.removeprefix("http://").replace("localhost", "127.0.0.1")),
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("/var/cache/plainview-pages", str(folder / "cache")),
        ("/var/cache/plainview-films", str(folder / "films")),
        ("/opt/plainview", str(ROOT)),
    ):
        assert theirs in shipped
        shipped = shipped.replace(theirs, ours)
    (folder / "plainview-place.conf").write_text(place)
    (folder / "plainview-stream.conf").write_text(service.stream_keys)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{shipped}\n}}\n"
    )
    with listening([path, "-c", str(folder / "nginx.conf"), "-p", str(folder)], port, folder):
        yield Proxy(f"http://localhost:{port}")


def directly(service: Service, reader: Reader, path: str) -> str:
    place = {"X-Place": reader.place} if reader.place else {}
    request = urllib.request.Request(  # noqa: S310
        service.url + path, headers={**reader.headers, **place}
    )
    with OPEN(request, timeout=10) as answer:
        return answer.read().decode()


def pressing(proxy: Proxy, place: str, answer: str) -> str:
    """Answer the page of choices through the proxy; return the cookie that the browser then has."""
    page = proxy.get(Reader(place, "", "en"), "/privacy/choices/")
    shown = (
        page.split('name="via" value="centre"')[1].split('name="shown" value="')[1].split('"')[0]
    )
    body = f"via=centre&shown={shown}&answer={answer}".encode()
    request = urllib.request.Request(  # noqa: S310
        f"{proxy.url}/privacy/choices/",
        data=body,
        headers={"Accept-Language": "en", "X-Where": place, "Sec-Fetch-Site": "same-origin"},
    )
    with pytest.raises(urllib.error.HTTPError) as moved:
        OPEN(request, timeout=10)
    assert moved.value.code == 302
    return str(moved.value.headers["Set-Cookie"]).partition(";")[0]


def differing(service: Service, proxy: Proxy, readers: list[Reader], path: str) -> list[Reader]:
    """Those who got another page through the cache than the service itself has for them."""
    return [
        reader
        for reader in readers
        if proxy.get(reader, path).replace(proxy.url, service.url)
        != directly(service, reader, path)
    ]


def crowd(cookies: list[str], times: int, seed: int) -> list[Reader]:
    """Every reader there can be, some times each, in an order of chance."""
    everyone = [
        Reader(place, signal, language, cookie)
        for place, signal, language in itertools.product(PLACES, SIGNALS, LANGUAGES)
        for cookie in ("", *cookies)
    ] * times
    random.Random(seed).shuffle(everyone)
    return everyone


def met(service: Service, folder: Path, times: int, seed: int, path: str) -> Proxy:
    with proxied(service, folder) as proxy:
        cookies = [pressing(proxy, "DE", "accept"), pressing(proxy, "US-CA", "reject")]
        cookies += [f"{cookies[0][:-4]}AAAA", "plainview-language=ko"]
        readers = crowd(cookies, times, seed)
        assert not differing(service, proxy, readers, path)
        return proxy


def test_nobody_gets_the_page_of_another_state(service, tmp_path):
    proxy = met(service, tmp_path, 1, 7, "/legal/cookies/")
    strangers = {said: count for said, count in proxy.cached.items() if "stranger" in said}
    assert strangers.get("MISS stranger") and not strangers.get("BYPASS stranger")
    assert not proxy.cached.get("HIT carries", 0) > len(LANGUAGES) * len(PLACES) * len(SIGNALS)
    with proxied(service, tmp_path) as again:
        first = Reader("DE", "", "en")
        for _ in range(3):
            again.get(first, "/search/")
        assert again.cached == {"MISS stranger": 1, "HIT stranger": 2}, "first visits are shared"
        answered = Reader("DE", "", "en", pressing(again, "DE", "accept"))
        for _ in range(2):
            again.get(answered, "/search/")
        assert again.cached["MISS carries"] == 2, "whoever answered is never answered from it"
        for _ in range(2):
            again.get(first, "/search/?q=hers-alone")
        assert again.cached["HIT stranger"] == 2, "what somebody typed is shared with nobody"
        written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert b"hers-alone" not in b"".join(written), "nor stands in a file of the cache"


@pytest.mark.parametrize(
    ("shipped", "broken"),
    [
        (' $place"', '"'),
        ("proxy_cache_lock on;", "proxy_cache_lock on; proxy_ignore_headers Vary;"),
    ],
)
def test_the_comparison_finds_a_cache_that_mixes(service, tmp_path, shipped, broken):
    def change(text: str) -> str:
        assert shipped in text
        return text.replace(shipped, broken)

    with proxied(service, tmp_path, change) as proxy:
        assert differing(service, proxy, crowd([], 1, 3), "/legal/cookies/")


@pytest.mark.soak
def test_nobody_gets_the_page_of_another_state_in_long(service, tmp_path):
    with ExitStack() as stack:
        for seed, path in enumerate(("/", "/search/?q=li", "/legal/place/", "/privacy/opt-out/")):
            folder = tmp_path / str(seed)
            folder.mkdir()
            stack.callback(shutil.rmtree, folder)
            met(service, folder, 4, seed, path)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/privacy/request/", b" 413 "),
        ("/desk/upload/", b" 302 "),
        ("/desk/upload/parts/", b" 413 "),
        ("/privacy/bring/", b" 413 "),
    ],
)
def test_what_a_stranger_sends_without_end_is_judged_before_it_is_there(
    service, tmp_path, path, answer
):
    """Waited for in front, it would lie on the disk before anybody asks whose it is."""
    with proxied(service, tmp_path) as proxy:
        host = proxy.url.removeprefix("http://")
        with socket.create_connection(("localhost", int(host.partition(":")[2])), 10) as line:
            line.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\n"
                "Content-Length: 2000000000\r\n\r\n".encode()
            )
            line.sendall(bytes(1_000_000))
            said = b""
            while b"</html>" not in said and (more := line.recv(65536)):
                said += more
    assert answer in said.partition(b"\r\n")[0]
    assert (b"more than we take" in said) is (answer == b" 413 ")


def test_while_the_service_is_away_each_page_says_so_and_leads_on(service, tmp_path):
    """An update stops it for minutes. Whatever was asked for, the answer is to come again."""
    away = replace(service, url=f"http://localhost:{free_port()}")
    with proxied(away, tmp_path) as proxy:
        asked = {"/": None, "/desk/upload/": b"film=1", "/privacy/request/": b"words=mine"}
        for path, body in asked.items():
            with pytest.raises(urllib.error.HTTPError) as told:
                OPEN(proxy.url + path, body, timeout=10)
            page, headers = told.value.read().decode(), told.value.headers
            assert told.value.code == 503 and headers["Retry-After"] == "60", path
            assert headers["Cache-Control"] == "no-store"
            assert {*re.findall(r'<(?:html|section) lang="([^"]+)"', page)} == {*FINISHED, "en"}
            assert page.count('<a href="">') == len({*FINISHED, "en"})
        with pytest.raises(urllib.error.HTTPError) as told:
            OPEN(f"{proxy.url}/away.html", timeout=10)
        assert told.value.code == 404, "it is no page of its own"


def test_who_is_led_to_an_address_as_long_as_one_may_be_comes_there(service, tmp_path):
    """A long search in Arabic, written without its slash: to an answer whose head alone is longer
    than 4 kB nginx said that the service is away."""
    words = f"?q={'%D8%A7' * 1300}"
    with proxied(service, tmp_path) as proxy:
        with pytest.raises(urllib.error.HTTPError) as led:
            OPEN(f"{proxy.url}/search{words}", timeout=10)
        assert (led.value.code, led.value.headers["Location"]) == (301, f"/search/{words}")
        assert OPEN(f"{proxy.url}/search/{words}", timeout=10).status == 200


def test_p3_1b_a_cdn_says_the_state_too_and_whose_address_it_is(service, tmp_path):
    """The lines of the shipped file, for who takes them: without a state California is nowhere."""
    shipped = (ROOT / "deploy/plainview-place.conf").read_text().partition("# The state too")[2]
    lines = [line.removeprefix("# ") for line in shipped.splitlines() if line.startswith("# ")]
    begins = next(at for at, line in enumerate(lines) if line.startswith("map "))
    ends = begins + lines[begins:].index("}") + 1
    own = [line for line in lines[ends:] if line.startswith(("set_real_ip_from", "real_ip_header"))]
    assert len(own) == 2
    place = "\n".join(lines[begins:ends] + own).replace("203.0.113.0/24", "127.0.0.0/8")
    with proxied(service, tmp_path, place=place) as proxy:

        def told(country: str, state: str = "") -> str:
            headers = {"CF-IPCountry": country, "CF-Region-Code": state, "Accept-Language": "en"}
            with OPEN(urllib.request.Request(f"{proxy.url}/legal/place/", headers=headers)) as page:  # noqa: S310
                return re.search(r'<p class="lead">([^<.]*)', page.read().decode())[1]

        assert told("US", "CA") == "You are in California"
        assert told("US") == "You are in the United States"
        assert told("BR", "SP") == "You are in Brazil" and told("CA", "QC") == "You are in Québec"
        assert told("XX").startswith("We cannot tell where you are")
        limits = {}
        for number in range(2):  # who is at one address shuts nobody else out
            here = {"CF-Connecting-IP": f"198.51.100.{number}", "Sec-Fetch-Site": "same-origin"}
            request = urllib.request.Request(  # noqa: S310
                f"{proxy.url}/privacy/opt-out/", b"answer=optout", here
            )
            for _ in range(1 if number else 70):
                try:
                    OPEN(request, timeout=10).close()
                except urllib.error.HTTPError as error:
                    limits[number] = error.code
        assert limits == {0: 429, 1: 302}
