"""The place of a request, which no client can forge and nothing keeps (P1.2.4a, P3.1b)."""

from __future__ import annotations

import logging

import pytest
from allauth.account.adapter import get_adapter
from django.apps import apps
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.places.conftest import AMERICAN, CALIFORNIAN, ENGLISH, GERMAN, NOWHERE

from plainview.privacy.models import Request
from plainview.privacy.places import presence
from plainview.privacy.policies import in_force

MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
HEADER = st.text(st.characters(max_codepoint=255), max_size=80)
CHAINS = st.lists(HEADER | st.sampled_from([GERMAN, ENGLISH, AMERICAN, "127.0.0.1"]), max_size=6)


def arrive(chain: str | None = None, came_from: str = "127.0.0.1", **headers: str) -> str | None:
    if chain is not None:
        headers["X-Forwarded-For"] = chain
    return presence(RequestFactory().get("/", headers=headers, REMOTE_ADDR=came_from))


def test_without_a_proxy_only_the_connection_is_believed(world):
    assert arrive(came_from=GERMAN) == "DE"
    assert arrive(ENGLISH, came_from=GERMAN) == "DE"
    assert arrive(ENGLISH) is None, "a proxy that nobody told us about"
    assert arrive(came_from="") is None, "a socket has no address"


def test_behind_proxies_each_is_counted_from_the_right(world, env):
    env(trusted_proxies=1)
    assert arrive(GERMAN, came_from=ENGLISH) == "DE"
    assert arrive(f"{ENGLISH}, {GERMAN}") == "DE"
    env(trusted_proxies=2)
    assert arrive(f"{ENGLISH}, {GERMAN}, 10.0.0.7") == "DE"


@pytest.mark.parametrize("chain", [None, "", " ", ",", GERMAN, f"unknown, {GERMAN}"])
def test_a_chain_too_short_or_malformed_is_nowhere(world, env, chain):
    env(trusted_proxies=2)
    assert arrive(chain, came_from=GERMAN) is None


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("203.0.113.7:51111", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("[2001:db8::7]:443", "2001:db8::/64"),
        ("[2001:db8::7]", "2001:db8::/64"),
        ("2001:DB8::9", "2001:db8::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("not an address", "unknown"),
        ("203.0.113.7:", "unknown"),
    ],
)
def test_a_port_beside_the_address_is_no_part_of_whom_a_limit_counts(env, written, counted):
    """Behind a proxy that writes it each connection was somebody else, whom no limit knew."""
    env(trusted_proxies=1)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": written})
    assert get_adapter().get_client_ip(request) == counted


def test_a_port_beside_the_address_is_no_part_of_where_it_is(world, env):
    env(trusted_proxies=1)
    assert arrive(f"{GERMAN}:51111") == "DE"


@MANY
@given(left=CHAINS, hops=st.integers(1, 8), client=st.sampled_from([GERMAN, ENGLISH, NOWHERE]))
def test_what_a_client_writes_to_the_left_changes_nothing(world, env, left, hops, client):
    env(trusted_proxies=hops)
    appended = [client, *["10.0.0.7"] * (hops - 1)]
    assert arrive(", ".join([*left, *appended])) == arrive(", ".join(appended))


@MANY
@given(
    chain=HEADER,
    stated=HEADER,
    came_from=HEADER,
    hops=st.integers(0, 8),
    header=st.sampled_from(["", "X-Place", "X-Forwarded-For", "Host"]),
)
def test_no_header_raises_and_every_answer_is_one_the_policy_knows(
    states, env, chain, stated, came_from, hops, header
):
    env(trusted_proxies=hops, place_header=header)
    found = arrive(chain, came_from, **{"X-Place": stated})
    policy = in_force()
    assert found is None or found in policy.places or found in policy.jurisdictions


@MANY
@given(stated=HEADER | st.sampled_from(["DE", "US-CA", "us-va"]))
@pytest.mark.slow
def test_a_place_that_is_stated_counts_only_from_a_proxy(world, env, stated):
    env(place_header="X-Place", trusted_proxies=0)
    assert arrive(came_from=GERMAN, **{"X-Place": stated}) == "DE"


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ("DE", "DE"),
        (" US-CA ", "US-CA"),
        ("us-va", "us-va"),
        ("eu", "eu"),
        ("US-ZZ", "US"),
        ("DE-BY", "DE"),
        ("GB-SCT", "GB"),
        ("", None),
        ("ZZ", None),
        ("XX", None),
        ("T1", None),
        ("EU", None),
        ("de", None),
        ("DE,US", None),
        ("DE; DROP", None),
        ("DE-" + "B" * 9, None),
        ("../policy", None),
    ],
)
def test_a_trusted_proxy_states_a_country_a_state_or_a_jurisdiction(world, env, stated, place):
    env(place_header="X-Place", trusted_proxies=1)
    assert arrive(ENGLISH, came_from=ENGLISH, **{"X-Place": stated}) == place


def test_a_state_is_told_only_where_rights_depend_on_it(states):
    assert arrive(came_from=CALIFORNIAN) == "US-CA"
    assert arrive(came_from="62.1.1.9") == "FR", "the database knows Île-de-France, no law does"


def test_an_american_address_without_a_state_gets_what_every_state_permits(world):
    place = arrive(came_from=CALIFORNIAN)
    assert in_force().jurisdiction(place).id == "us"
    states = {law.id for law in in_force().laws(place, None)}
    assert {"us-ca", "us-co", "us-va", "us-other"} <= states


def test_the_address_is_neither_logged_nor_left_on_the_request(world, env, caplog):
    env(trusted_proxies=1)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": GERMAN})
    headers = dict(request.headers)
    before = dict(vars(request))
    with caplog.at_level(logging.DEBUG):
        assert presence(request) == "DE"
        assert arrive("nobody") is None
    assert caplog.records == []
    assert vars(request) == before
    assert dict(request.headers) == headers


@pytest.mark.django_db
def test_a_page_says_the_law_of_the_place_and_who_made_the_list(client, world, env, write):
    page = client.get("/privacy/choices/", REMOTE_ADDR=GERMAN).content.decode()
    assert "European Union" in page
    assert "strictest law" in client.get("/privacy/choices/").content.decode()
    assert "db-ip.com" not in page, "the list of this test is nobody's"
    env(place_database="")
    page = client.get("/privacy/choices/", REMOTE_ADDR=GERMAN).content.decode()
    assert 'href="https://db-ip.com"' in page
    env(place_header="X-Place", trusted_proxies=1)
    page = client.get("/privacy/choices/", headers={"X-Place": "DE"}).content.decode()
    assert "db-ip.com" not in page, "the proxy said so, no list was asked"


@pytest.mark.django_db
def test_p1_2_4a_a_nation_of_a_country_that_has_one_law_is_kept_of_nobody(world, env, client):
    """The policy names the nations of the United Kingdom, and a request had them in its row."""
    env(place_header="X-Place", trusted_proxies=1)
    asked = {"kind": "access", "words": "What do you hold?"}
    headers = {"X-Place": "GB-SCT", "Origin": "http://testserver"}
    assert client.post("/privacy/request/", asked, headers=headers).status_code == 302
    assert Request.objects.get().place == "GB"


@pytest.mark.django_db
def test_p1_2_4a_of_the_place_only_the_law_is_kept(client, states):
    """Whoever answers from California leaves `us-ca` in the rows, and no address."""
    page = client.get("/privacy/choices/", REMOTE_ADDR=CALIFORNIAN).content.decode()
    said = {
        "via": "centre",
        "shown": page.split('name="shown" value="')[-1].split('"')[0],
        "answer": "accept",
    }
    here = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    client.post("/privacy/choices/", said, headers=here, REMOTE_ADDR=CALIFORNIAN)
    rows = [row for model in apps.get_models() for row in model._base_manager.values()]
    assert "us-ca" in repr(rows)
    assert CALIFORNIAN not in repr(rows)
    assert "US-CA" not in repr(rows)
    assert CALIFORNIAN not in repr(client.cookies)


@pytest.mark.django_db
def test_p1_2_4a_no_page_asks_a_device_where_it_is(client):
    assert "geolocation=()" in client.get("/")["Permissions-Policy"]
