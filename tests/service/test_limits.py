"""Limits hold for all processes together, keep nobody's address, and say when to come back."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection
from django.test import Client
from tests.people import HERE

from plainview.privacy import counting
from plainview.privacy.counting import Count, Counts

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def register(language: str = "en", address: str = ADDRESS):
    headers = {**HERE, "Accept-Language": language}
    return Client(REMOTE_ADDR=address).post("/accounts/signup/", {}, headers=headers)


@pytest.mark.slow
def test_too_often_is_a_page_of_ours_that_says_when(monkeypatch):
    assert [register().status_code for _ in range(20)] == [200] * 20
    for language, words in {"en": "a little often", "ar": 'dir="rtl"', "ko": 'lang="ko"'}.items():
        answer = register(language)
        assert answer.status_code == 429
        assert words in answer.content.decode()
        assert answer["Retry-After"] == "60"
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
    assert register(address="203.0.113.8").status_code == 200, "others go on"
    later = time.time() + int(answer["Retry-After"])
    monkeypatch.setattr(time, "time", lambda: later)
    assert register().status_code == 200, "who waits as long as told is let in"


@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
     ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"),
     ("::ffff:203.0.113.7", "203.0.113.7"), ("", "unknown"), ("nonsense", "unknown")],
)  # fmt: skip
def test_whoever_has_a_network_of_addresses_is_counted_once(rf, address, counted):
    assert get_adapter().get_client_ip(rf.get("/", REMOTE_ADDR=address)) == counted


def test_who_is_counted_stands_under_a_keyed_hash_until_the_window_ends(monkeypatch):
    register()
    rows = list(Count.objects.values_list())
    assert rows
    assert ADDRESS not in str(rows)
    assert all(row[2] <= time.time() + 60 for row in rows)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    counting.tidy()
    assert not Count.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the other process opens the file")
@pytest.mark.slow
def test_another_process_goes_on_counting_where_this_one_stopped():
    processes = multiprocessing.get_context("fork")
    here, there = processes.Pipe()

    def counts() -> None:
        connection.close()
        there.recv()
        there.send((len(cache.get("tries")), cache.add("lock", True, 60)))
        os._exit(0)

    connection.close()  # begun before anything is counted, so that it knows of it by the rows alone
    other = processes.Process(target=counts)
    other.start()
    cache.set("tries", [3.0, 2.0, 1.0], 60)
    cache.add("lock", True, 60)
    here.send("go on")
    assert here.poll(20)
    assert here.recv() == (3, False)
    other.join(20)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_lock_at_once_one_does():
    start, won = threading.Barrier(4), []

    def lock() -> None:
        start.wait(10)
        won.append(Counts("", {}).add("lock", True, 60))
        connection.close()

    threads = [threading.Thread(target=lock) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert sorted(won) == [False, False, False, True]


def test_it_is_a_cache_as_django_means_it():
    assert cache.get("x", 7) == 7
    cache.set("x", [1, True, "y"], 60)
    assert cache.get("x") == [1, True, "y"]
    assert not cache.add("x", 2, 60)
    assert cache.touch("x", 120)
    assert cache.delete("x")
    assert not cache.touch("x", 60)
    cache.set("x", 1, -1)
    assert cache.get("x") is None
    assert cache.add("x", 2, 60), "what has ended is in nobody's way"
    with pytest.raises(ValueError, match="has an end"):
        cache.set("x", 1, None)
