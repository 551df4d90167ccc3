"""What a browser keeps and what it says: exactly what is declared, permitted, specified."""

import re
import time
from pathlib import Path

import msgspec
import pytest
from django.http import HttpResponse

from plainview.engine import Key
from plainview.engine.declarations import Signal
from plainview.privacy.consent import signals, storage
from plainview.privacy.consent.keeping import Keeping
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db
HONOURED = "so we don’t."


@pytest.mark.parametrize("value", ["1", " 1 ", "0, 1", "1,1"])
def test_p5_2_2_2b_only_the_value_one_is_the_signal_and_one_line_of_several_is_enough(
    window, value
):
    browser = window("US-CA")
    browser.headers["sec-gpc"] = value
    browser.open("/")
    assert HONOURED in browser.says


@pytest.mark.parametrize("value", ["0", "", "true", "11", "1;q=1", "?1", '"1"', "yes", "0, 2"])
def test_p5_2_2_2b_any_other_value_is_as_if_nothing_were_said(window, value):
    browser = window("US-CA")
    browser.headers["sec-gpc"] = value
    browser.open("/")
    assert HONOURED not in browser.says


def test_do_not_track_counts_where_the_operators_policy_says_so(window, monkeypatch):
    browser = window("US-CA")
    browser.headers["dnt"] = "1"
    assert HONOURED not in (browser.open("/") and browser.says)
    assert "DNT" not in browser.page["Vary"]
    both = Signal(name="Global Privacy Control", headers=("Sec-GPC", "DNT"))
    monkeypatch.setitem(in_force().signals, "gpc", both)
    assert HONOURED in (browser.open("/") and browser.says)
    assert {"Sec-GPC", "DNT"} <= {each.strip() for each in browser.page["Vary"].split(",")}
    assert signals.headers() == ["Sec-GPC", "DNT"]


def test_the_resource_of_the_specification_says_that_the_signal_is_honoured(window):
    browser = window()
    answer = browser.open("/.well-known/gpc.json")
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"gpc", "lastUpdate"}
    assert answer.json()["gpc"] is True


def test_p2_11b_an_open_page_learns_that_something_else_holds_now(window):
    browser = window("US-CA")
    made_for = browser.open("/").content.decode().split('data-state="')[1].split('"')[0]
    same = {"if-none-match": f'W/"{made_for}.en"'}
    now = browser.asks("choices", **same)
    assert (now.status_code, now.content) == (304, b"")
    assert "no-store" in now["Cache-Control"]
    browser.open("/")
    browser.press("Reject all")
    after = browser.asks("choices", **same)
    assert after.status_code == 200
    same = {"if-none-match": after["ETag"]}
    assert browser.asks("choices", **same).status_code == 304
    browser.headers["sec-gpc"] = "1"
    assert browser.asks("choices", **same).status_code == 200


def test_p1_2_6a_a_cookie_that_nobody_declared_is_not_set(rf, caplog):
    def somebodys_app(request):
        response = HttpResponse("here")
        response.set_cookie("planted", "1")
        response.set_cookie("plainview-language", "en")
        response.delete_cookie("old")
        return response

    response = Keeping(somebodys_app)(rf.get("/"))
    assert set(response.cookies) == {"plainview-language", "old"}
    assert "planted" not in caplog.text


ADS = {
    "first": Key(kind="cookie", purpose="advertising-storage", days=5, host=""),
    "shelf": Key(kind="localStorage", purpose="advertising-storage", days=5, host=""),
    "drawer": Key(kind="database", purpose="advertising-storage", days=5, host=""),
    "theirs": Key(kind="cookie", purpose="advertising-storage", days=5, host="ads.example"),
}


MESSAGES = "worker:plainview-push"


@pytest.fixture
def partner_keys(monkeypatch):
    """A partner that may keep things under our own address too, where its purpose is permitted."""
    partner = in_force().recipients["kestrel"]
    declared = msgspec.structs.replace(partner, keys=ADS)
    monkeypatch.setitem(in_force().recipients, "kestrel", declared)


def test_p5_1_3a_what_a_refused_purpose_left_is_named_to_the_page_for_removal(window, partner_keys):
    browser = window("DE")
    browser.client.cookies["first"] = "1"
    page = browser.open("/").content.decode()
    assert f'data-forget="{MESSAGES} cookie:first localStorage:shelf database:drawer"' in page
    assert not browser.client.cookies["first"].value, "the server removes what script can't see"
    browser.press("Accept all")
    page = browser.page.content.decode()
    assert f'data-forget="{MESSAGES}"' in page, "nobody is signed in: there are none"
    assert storage.unlawful(["first"], lambda purpose, recipient: True) == []
    assert storage.unlawful(["first"], lambda purpose, recipient: False) == ["first"]


def test_p5_1_3a_a_cookie_of_one_partner_who_was_refused_is_not_read_and_is_removed(
    window, partner_keys
):
    """P5.1.3a: a yes to the purpose is none to the partner to whom one said no."""
    browser = window("DE", at="/")
    browser.press("Accept all")
    browser.client.cookies["first"] = "1"
    browser.open("/privacy/choices/")
    assert browser.page.wsgi_request.COOKIES["first"] == "1"
    fields, one = dict(browser.form("Save").fields), "recipient-advertising-storage/kestrel"
    assert one in {name for name, _ in browser.form("Save").options}
    browser.post("/privacy/choices/", {**fields, one: "no", "answer": "save"})
    browser.client.cookies["first"] = "1"
    page = browser.open("/").content.decode()
    assert "first" not in browser.page.wsgi_request.COOKIES
    assert not browser.client.cookies["first"].value
    assert "cookie:first localStorage:shelf database:drawer" in page


def test_p1_2_6a_no_service_worker_can_be_put_between(window):
    """None but the one that shows messages, to whoever turned them on: `disclosures/test_push`."""
    browser = window("DE")
    own = ("/push/worker.js", "/static/build/push-worker.js")
    near = ("/push/worker.js.map", "/push/", "/static/push/worker.js", "/push/worker.js/")
    for address in ("/", "/static/build/site.js", "/search/", *own, *near):
        browser.headers["service-worker"] = "script"
        assert browser.open(address).status_code == 403


@pytest.mark.parametrize(
    ("address", "button"), [("/", "Reject all"), ("/privacy/opt-out/", "Opt out")]
)
def test_a_browser_that_keeps_no_cookie_is_told_that_its_answer_is_lost(window, address, button):
    browser = window("US-CA", at=address)
    at = browser.press(button, follow=False)["Location"]
    browser.client.cookies.clear()
    browser.open(at)
    assert "Your browser kept nothing for this site" in browser.says
    assert "Global Privacy Control" in browser.says


@pytest.mark.parametrize(
    ("ahead", "read"), [(3600, True), (-3600, True), (-391 * 24 * 3600, False)]
)
def test_clocks_that_differ_lose_no_answer_and_an_old_cookie_is_none(
    window, monkeypatch, ahead, read
):
    """Of two machines that serve, one is an hour ahead; and a cookie from beyond its life."""
    browser = window("DE", at="/")
    now = time.time()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("django.core.signing.time.time", lambda: now + ahead)
        browser.press("Reject all", follow=False)
    browser.open("/help/")
    assert ("What may we remember?" not in browser.says) == read


def test_an_answer_to_an_older_version_of_the_policy_is_shown_anew_and_not_recorded(
    window, monkeypatch
):
    browser = window("DE", at="/privacy/choices/")
    form = browser.form("Save")
    newer = msgspec.structs.replace(in_force(), fingerprint="0" * 64)
    with monkeypatch.context() as published:
        published.setattr("plainview.privacy.consent.layouts.in_force", lambda: newer)
        answer = browser.post(
            form.action, {**dict(form.fields), "answer": "save", "purpose-history": "yes"}
        )
        assert answer.status_code == 409
        assert "The questions have changed" in browser.says
        assert ("purpose-history", "yes") in browser.form("Save").fields, "nothing is lost"
        assert not browser.cookies
        browser.press("Save")
    assert "plainview-choices" in browser.cookies


WRITES = re.compile(r"\b(localStorage|sessionStorage)(?:\.(\w+)|\[)\(?([^,)\]]*)")
ELSEWHERE = re.compile(
    r"document\.cookie\s*=|cookieStore|indexedDB\.open|caches\.open|\.register\("
)
REMOVES = "shell/forgetting.ts"
WORKER = "push/browser.ts"


def test_p1_2_6b_whatever_a_script_keeps_in_a_browser_is_declared_and_nothing_else_is():
    """The cookies page lists every note: a key of a script that nobody declared fails here."""
    folder = Path(__file__).parents[2] / "frontend"
    kept, others = set(), []
    for file in sorted(folder.glob("*/*.ts")):
        name, source = file.relative_to(folder).as_posix(), file.read_text()
        if name == REMOVES:
            continue
        for kind, does, key in WRITES.findall(source):
            if does not in ("getItem", "removeItem"):
                named = re.search(
                    rf'^const {re.escape(key) or "-"} = "([^"]+)";$', source, re.MULTILINE
                )
                kept.add((kind, named[1] if named else f"{key} in {name}"))
        others += [name for _ in ELSEWHERE.findall(source)]
    ours = storage.keys()
    stored = {(each.kind, each.name) for each in ours if each.kind.endswith("Storage")}
    assert kept == stored
    assert others == [WORKER], "the one service worker, which is declared too"
