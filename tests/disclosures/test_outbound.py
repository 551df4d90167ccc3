"""Out by one door: other connections are refused, and a hostile recipient reads and blocks nothing.

Server-side request forgery (CWE-918): what a name leads to is judged once and then connected to.
"""

from __future__ import annotations

import ast
import ipaddress
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.disclosures.doubles import Recipient

from plainview.platform import outbound
from plainview.platform.outbound import addresses
from plainview.platform.outbound.addresses import permitted

ROOT = Path(__file__).resolve().parents[2]
NETWORK = {
    "socket", "smtplib", "ftplib", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp",
    "ssl", "poplib", "imaplib", "telnetlib", "xmlrpc",
}  # fmt: skip
_ANY = f"(?:{'|'.join(sorted(NETWORK))})"
IMPORTED = re.compile(rf"\b(?:from\s+\.*{_ANY}\b|import\s[^\n]*\b{_ANY}\b)")
"""What no import of one of them is without."""
HARMLESS = {"urllib.parse", "http.HTTPStatus", "http"}


def inside(answer: str, name: str = "films.example", private: bool = False):
    """What `resolve` makes of a name that leads to `answer`."""

    def lookup(host: str, port: int):
        return [(socket.AF_INET, each) for each in answer.split(",")]

    original = addresses._looked_up
    addresses._looked_up = lookup
    try:
        return outbound.resolve(name, 443, private=private)
    finally:
        addresses._looked_up = original


@pytest.mark.parametrize(
    "answer",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:7f00:1::",
        "203.0.113.9", "93.184.215.14,10.0.0.8", "::127.0.0.1", "::ffff:0:a00:1", "fec0::1",
        "64:ff9b:1::a00:1", "64:ff9b::7f00:1", "4000::1", "192.0.0.192", "64:ff9b::c000:c0",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(answer):
    with pytest.raises(outbound.Forbidden):
        inside(answer)


@pytest.mark.parametrize("answer", ["169.254.169.254", "192.0.0.192", "224.0.0.1", "fe80::1"])
def test_what_clouds_keep_secret_is_refused_even_to_operators(answer):
    with pytest.raises(outbound.Forbidden):
        inside(answer, private=True)


def test_a_public_address_passes_and_a_private_one_where_the_operator_says_so():
    assert inside("93.184.215.14")[0].place == ("93.184.215.14", 443)
    assert inside("2606:2800:21f::1")[0].place == ("2606:2800:21f::1", 443)
    for own in ("10.0.0.8", "fd00::8", "127.0.0.1", "::1"):
        assert inside(own, private=True)[0].place == (own, 443)


@given(st.ip_addresses())
@example(ipaddress.ip_address("2002:100::"))  # leads to 1.0.0.0, whatever Python calls itself
@example(ipaddress.ip_address("2001:0:4136:e378:8000:63bf:3fff:fdd2"))
def test_nothing_that_is_not_global_is_ever_permitted(address):
    """However an address is wrapped, what it leads to is what is judged."""
    if permitted(address, private=False):
        held = address
        if isinstance(address, ipaddress.IPv6Address):
            held = address.ipv4_mapped or address.sixtofour or (address.teredo or [None])[-1]
        judged = held or address
        assert judged.is_global
        assert not (judged.is_multicast or judged.is_link_local or judged.is_loopback)
    if isinstance(address, ipaddress.IPv4Address):
        wrapped = [
            ipaddress.IPv6Address(f"::ffff:{address}"),
            ipaddress.IPv6Address((0x0064FF9B << 96) | int(address)),
        ]
        for each in wrapped:
            assert permitted(each, private=False) == permitted(address, private=False)


def test_plain_http_and_names_with_passwords_are_not_spoken():
    for url in ("http://films.example/", "ftp://films.example/", "https://a:b@films.example/", "x"):
        with pytest.raises(outbound.Forbidden):
            outbound.exchange("POST", url)


def test_a_redirect_inwards_is_not_followed():
    with Recipient() as secret, Recipient(302, {"Location": secret.url}) as hostile:
        answer = outbound.exchange("POST", hostile.url, private=True)
        assert answer.status == 302
        assert secret.got == []


@pytest.fixture
def rebinding(monkeypatch):
    """Names lead to a public address when they are first looked up, and to this machine after."""
    asked, tried = [], []

    def lookup(host, port, *_args, **_more):
        asked.append(host)
        answer = "127.0.0.1" if asked.count(host) > 1 else "93.184.215.14"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    def connect(self, place):
        tried.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return SimpleNamespace(asked=asked, tried=tried)


def test_what_may_not_be_heard_twice_goes_over_no_connection_that_was_hung_up():
    hung_up = threading.Semaphore(0)

    def answer() -> None:
        for _ in range(2):
            wire, _peer = listening.accept()
            with wire:
                wire.recv(65536)
                wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            hung_up.release()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with outbound.keeping():
            for _ in range(2):
                assert outbound.exchange("GET", url, private=True, once=True).body == b"ok"
                hung_up.acquire()


@pytest.mark.parametrize(
    "call",
    [
        lambda: outbound.exchange("POST", "https://films.example:8443/"),
        lambda: outbound.hand_over(
            outbound.Server("films.example", 8443, "us.example"), "a", ["b"], b""
        ),
        lambda: outbound.greet(outbound.Server("films.example", 8443, "us.example")),
    ],
)
def test_a_name_that_changes_its_mind_leads_where_it_was_judged(rebinding, call):
    """DNS rebinding: the address that was judged is the one that is connected to."""
    with pytest.raises(outbound.Trouble):
        call()
    assert rebinding.asked == ["films.example"], "it is asked once"
    assert rebinding.tried == [("93.184.215.14", 8443)]
    with pytest.raises(outbound.Forbidden):
        outbound.exchange("POST", "https://films.example:8443/")
    assert rebinding.tried == [("93.184.215.14", 8443)], "the second answer is judged anew"


def test_an_answer_without_end_and_one_that_trickles_are_cut_off():
    with Recipient(endless=True) as hostile, pytest.raises(outbound.TooLong):
        outbound.exchange("GET", hostile.url, private=True)
    started = time.monotonic()
    with Recipient(trickle=0.02) as hostile, pytest.raises(outbound.TooSlow):
        limits = outbound.Limits(seconds=0.3)
        outbound.exchange("GET", hostile.url, private=True, limits=limits)
    assert time.monotonic() - started < 3, "a drop now and then does not keep it waiting"


def test_whoever_speaks_no_http_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        silent.close()
        with pytest.raises(outbound.Unreachable):
            outbound.exchange("GET", f"http://127.0.0.1:{port}/", private=True)


GUARDED = """
import socket, sys, threading, urllib.request, smtplib
import plainview.web.wsgi  # shuts the process, as every web process does
from plainview.platform import outbound
port = int(sys.argv[1])
said = []
def tried(name, act):
    try:
        act()
        said.append(f"{name} passed")
    except Exception as error:
        said.append(f"{name} {type(error).__name__}")
tried("socket", lambda: socket.create_connection(("127.0.0.1", port), 2))
tried("numbers", lambda: socket.socket().connect(("127.0.0.1", port)))
tried("name", lambda: socket.getaddrinfo("films.example", 443))
tried("urllib", lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2))
tried("smtplib", lambda: smtplib.SMTP("127.0.0.1", port, timeout=2))
tried("datagram", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)))
thread = threading.Thread(target=lambda: tried("thread", lambda: socket.create_connection(
    ("127.0.0.1", port), 2)))
with outbound.admitting({("127.0.0.1", port)}):
    thread.start(); thread.join()
tried("door", lambda: outbound.exchange("GET", f"http://127.0.0.1:{port}/", private=True))
from django.test import Client
tried("page", lambda: Client().get("/healthz"))
print("; ".join(said))
"""


@pytest.mark.slow
def test_a_web_process_connects_by_the_door_and_in_no_other_way(tmp_path):
    with Recipient() as outside:
        port = str(outside.server.server_address[1])
        done = subprocess.run(
            [sys.executable, "-c", GUARDED, port],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PLAINVIEW_DATA_DIR": str(tmp_path),
                "PYTHONPATH": str(ROOT / "src"),
            },
        )
        assert done.stdout.strip() == (
            "socket Closed; numbers Closed; name Closed; urllib URLError; smtplib Closed;"
            " datagram Closed; thread Closed; door passed; page passed"
        ), done.stderr
        assert len(outside.got) == 1


ALONE = ("verify.py",)
"""What outsiders run by itself, without the service: it fetches what is published."""


@pytest.mark.slow
def test_workers_are_shut_too_and_no_other_code_opens_connections():
    """What the audit hook refuses at run time is not even written."""
    source = ROOT / "src" / "plainview"
    found = []
    for path in source.rglob("*.py"):
        inner = path.relative_to(source).parts
        if inner[:2] == ("platform", "outbound") or "tests" in inner or inner[-1] in ALONE:
            continue
        text = path.read_text()
        if not IMPORTED.search(text):
            continue
        for node in ast.walk(ast.parse(text)):
            names = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            found += [
                (path.name, name)
                for name in names
                if name.partition(".")[0] in NETWORK and name not in HARMLESS
            ]
    asks = {("commands.py", "socket"), ("doctor.py", "socket"), ("readied.py", "socket")}
    asks |= {("providers.py", f"requests.{each}") for each in ("adapters", "models")}
    asks |= {("providers.py", "urllib3")}  # what carries a library's requests by `outbound`
    assert {*found} == asks, "a free port, a public name that resolves, a pair within this machine"
    assert "shut()" in (source / "web" / "commands.py").read_text()
