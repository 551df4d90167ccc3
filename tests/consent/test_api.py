"""The API of the choices, as an app or television meets it (P2.11b, P5.1.3b)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from tests.consent.conftest import ADS

from plainview.privacy import permissions
from plainview.privacy.consent import connected
from plainview.privacy.consent.models import Answer, Device, Tally
from plainview.privacy.models import App, Standing
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Television:
    """An app: no cookies, no scripts, JSON; it keeps what it is told to keep."""

    def __init__(self, place: str = "", *, token: str = "", gpc: bool = False) -> None:
        self.headers = {"accept-language": "en"}
        if place:
            self.headers["x-place"] = place
        if token:
            self.headers["authorization"] = f"Bearer {token}"
        if gpc:
            self.headers["sec-gpc"] = "1"
        self.status = 0

    def _take(self, response: Any) -> Any:
        self.status = response.status_code
        said = response.json() if response.content else {}
        state = said.get("state", said)
        if state.get("device"):
            self.headers["plainview-device"] = state["device"]
        return said

    def get(self, path: str) -> Any:
        return self._take(Client().get(f"/api/v1/{path}", headers=self.headers))

    def post(self, path: str, **body: Any) -> Any:
        response = Client().post(
            f"/api/v1/{path}", json.dumps(body), "application/json", headers=self.headers
        )
        return self._take(response)

    def purpose(self, id_: str) -> Any:
        return next(each for each in self.get("choices")["purposes"] if each["id"] == id_)

    def save(self, **said: bool) -> Any:
        shown = self.get("choices/questions")["whole"]["shown"]
        answers = {name.replace("_", "-"): yes for name, yes in said.items()}
        return self.post("choices", form="centre", shown=shown, answer="save", purposes=answers)


@pytest.fixture
def television(window):  # the proxy in front states the place
    return Television


def connected_app(member) -> str:
    return connected.connect(connected.offer(member.pk), "Living room")


def test_p0a_an_app_learns_who_answers_and_where_the_notice_stands(db):
    """P0a: apps and televisions are covered too, so the API and its description say both."""
    said = Television("DE").get("choices")
    who = in_force().controller
    assert said["controller"] == who.name
    assert said["notice"].startswith("http") and said["notice"].endswith("/legal/privacy/")
    described = Client().get("/api/openapi.json").json()
    assert described["info"]["contact"] == {"name": who.name, "email": who.email}
    assert described["info"]["termsOfService"].endswith("/legal/terms/")
    assert described["externalDocs"]["url"] == said["notice"]
    page = Client().get(urlsplit(said["notice"]).path).content.decode()
    assert who.name in page


def test_p2_11b_a_stranger_is_told_what_to_ask_and_word_by_word_how(television, window):
    tv = television("DE")
    state = tv.get("choices")
    assert (state["scope"], state["ask"], state["device"]) == ("device", True, None)
    assert {each["answer"] for each in state["purposes"]} == {"unset"}
    assert not any(each["permitted"] for each in state["purposes"] if each["id"] == ADS)
    asked = tv.get("choices/questions")
    browser = window("DE", at="/privacy/choices/")
    for group in asked["whole"]["groups"]:
        for each in group["purposes"]:
            assert each["name"] in browser.says
    assert [each["label"] for each in asked["short"]["buttons"]] == ["Reject all", "Accept all"]


def test_an_answer_by_the_api_is_the_same_as_one_by_the_page(television):
    tv = television("DE")
    said = tv.save(history=True, recognition_storage=True, marketing_email=False)
    assert tv.status == 200
    assert said["confirm"] is None
    device = Device.objects.get().pk
    row = Standing.objects.get(subject=device)
    assert row.permitted >> in_force().bit("history") & 1
    assert tv.purpose("history")["permitted"]
    assert tv.purpose("marketing-email")["answer"] == "denied"
    assert not tv.get("choices")["ask"]
    answer = Answer.objects.get()
    assert (answer.via, answer.given_at.date()) == ("centre", timezone.now().date())
    assert "Privacy choices" in answer.shown.text


def test_p5_1_3b_an_app_honours_the_account_and_the_page_hears_the_app(television, window, member):
    tv = television("US-CA", token=connected_app(member))
    assert tv.get("choices")["scope"] == "account"
    assert tv.purpose(ADS)["permitted"], "opt-out: on until a no"
    browser = window("US-CA", user=member, at="/privacy/opt-out/")
    browser.press("Opt out")
    assert not tv.purpose(ADS)["permitted"]
    tv.save(recommend=False)
    browser.open("/privacy/choices/")
    assert dict(browser.form("Save").fields)["purpose-recommend"] == "no"
    assert not Device.objects.filter(pk=member.pk).exists()


def test_p5_2_2_2c_a_yes_after_a_signal_takes_the_second_step_here_too(television, member):
    tv = television("US-CA", token=connected_app(member))
    assert tv.post("signal", signal="gpc")["signals"] == ["gpc"]
    said = tv.save(targeted_ads=True)
    assert [each["id"] for each in said["confirm"]["purposes"]] == [ADS]
    assert not tv.purpose(ADS)["permitted"]
    said = tv.post("choices/confirm", shown=said["confirm"]["shown"], purposes=[ADS])
    assert tv.status == 200
    assert tv.purpose(ADS)["answer"] == "affirmed"
    assert tv.purpose(ADS)["permitted"]


def test_a_signal_of_a_device_without_account_stays_with_it(television):
    tv = television("US-CA")
    assert tv.purpose("partner-sharing")["permitted"], "opt-out: on until a no"
    assert tv.post("signal", signal="gpc")["device"]
    assert tv.get("choices")["signals"] == ["gpc"]
    assert not tv.purpose("partner-sharing")["permitted"]
    assert tv.get("choices")["ask"], "it was not asked anything by that"


@pytest.mark.parametrize("path", ["titles", "genres", "home"])
def test_p5_2_2_2b_a_signal_with_any_request_of_an_app_closes_for_the_account(
    television, member, path
):
    """P5.2.2.2b: what is asked for need not be a choice; the next request need not say it again."""
    token = connected_app(member)
    silent = television("US-CA", token=token)
    assert silent.purpose(ADS)["permitted"], "opt-out: on until a no"
    television("US-CA", token=token, gpc=True).get(path)
    assert not Standing.objects.get(subject=member.pk).permitted >> in_force().bit(ADS) & 1
    assert not silent.purpose(ADS)["permitted"]
    assert silent.get("choices")["signals"] == ["gpc"]


def test_p5_2_2_2b_a_signal_with_any_request_of_a_device_is_told_when_it_is_silent(television):
    """P5.2.2.2b: an app that got no new device to keep by that reads how it stands from the row."""
    tv = television("US-CA")
    tv.save(history=True)
    assert tv.purpose(ADS)["permitted"]
    tv.headers["sec-gpc"] = "1"
    answer = Client().get("/api/v1/titles", headers=tv.headers)
    assert "private" in answer["Cache-Control"], "no shared cache hands one's device to others"
    del tv.headers["sec-gpc"]
    assert tv.get("choices")["signals"] == ["gpc"]
    assert not tv.purpose(ADS)["permitted"]


def test_p5_2_2_4a_an_app_is_told_the_terms_of_a_reward_and_joins_none_by_two_lines(television):
    """P5.2.2.4a: what a reward asks, gives and is worth comes with the question about it."""
    tv = television("DE")
    asked = tv.get("choices/questions")
    told = {each["id"]: each["rewards"] for group in asked["whole"]["groups"]
            for each in group["purposes"]}  # fmt: skip
    assert "3.20 EUR" in told["newsletter-programme"][0]
    assert not told["marketing-email"]
    tv.post("choices", form="banner", shown=asked["short"]["shown"], answer="accept")
    assert tv.purpose("marketing-email")["answer"] == "granted"
    assert tv.purpose("newsletter-programme")["answer"] == "unset"


OLD = f"{0:064}.{0:016}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"form": "centre", "shown": OLD, "answer": "save", "purposes": {ADS: True}}, 409),
        ({"form": "centre", "answer": "save"}, 422),
        ({"form": "centre", "answer": "save", "purposes": {"security": False}}, 422),
        ({"form": "centre", "answer": "save", "purposes": {ADS: "perhaps"}}, 422),
        ({"form": "banner", "answer": "optout"}, 422),
        ({"form": "again", "answer": "yes"}, 422),
        ({"form": "centre", "answer": "accept", "invented": 1}, 422),
    ],
)
def test_what_is_no_answer_changes_nothing_and_says_so(television, body, status):
    tv = television("DE")
    shown = tv.get("choices/questions")["whole"]["shown"]
    said = tv.post("choices", **{"shown": shown, **body})
    assert tv.status == status
    assert said["title"]
    assert "perhaps" not in json.dumps(said), "what was sent is not repeated"
    assert not Answer.objects.exists()


def test_a_token_that_is_made_up_ended_or_of_somebody_suspended_opens_nothing(television, member):
    assert television(token="pv1_" + "k" * 32).get("choices")["status"] == 401
    token = connected_app(member)
    tv = television(token=token)
    assert tv.get("choices")["scope"] == "account"
    member.is_active = False
    member.save()
    tv.get("choices")
    assert tv.status == 401
    member.is_active = True
    member.save()
    response = Client().delete("/api/v1/connect", headers=tv.headers)
    assert response.status_code == 204
    tv.get("choices")
    assert tv.status == 401
    assert not App.objects.exists()


def test_a_token_counts_at_the_api_and_nowhere_else(window, member):
    browser = window("DE")
    browser.headers["authorization"] = f"Bearer {connected_app(member)}"
    browser.open("/privacy/")
    assert "the number of your browser" in browser.says or "no number" in browser.says


def test_a_code_works_once_and_for_ten_minutes(television, member, monkeypatch):
    code = connected.offer(member.pk)
    tv = television()
    assert tv.post("connect", code=code.upper().replace("-", " "), name="Television")["token"]
    assert tv.status == 201
    tv.post("connect", code=code, name="Somebody else's")
    assert tv.status == 404
    late = connected.offer(member.pk)
    App.objects.filter(token=None).update(code_until=timezone.now())
    tv.post("connect", code=late, name="Too late")
    assert tv.status == 404


def test_codes_cannot_be_guessed_through(television, settings):
    from django.core.cache import caches  # noqa: PLC0415

    caches["default"].clear()
    tv = television()
    for _ in range(20):
        tv.post("connect", code="aaaa-aaaa", name="x")
        assert tv.status == 404
    assert tv.post("connect", code="aaaa-aaaa", name="x")["status"] == 429


def test_what_a_television_was_asked_stands_in_ledger_and_count_as_that(television):
    tv = television("DE")
    shown = tv.get("choices/questions")["short"]["shown"]
    tv.post("choices", form="banner", shown=shown, answer="reject", surface="tv")
    tv.post("choices/opt-out", surface="tv")
    television("DE").post("choices/opt-out")
    assert set(Answer.objects.values_list("surface", "via")) == {
        ("tv", "banner"),
        ("tv", "opt-out"),
        ("api", "opt-out"),
    }
    counted = set(Tally.objects.values_list("surface", flat=True))
    assert counted == {"tv-banner", "tv-opt-out", "app-opt-out"}


def test_a_device_cannot_be_forged_or_carried_over_from_a_page(television, window):
    tv = television("DE")
    tv.save(history=True, recognition_storage=True)
    kept = tv.headers["plainview-device"]
    tv.headers["plainview-device"] = kept[:-2] + ("aa" if not kept.endswith("aa") else "bb")
    assert tv.purpose("history")["answer"] == "unset"
    browser = window("DE")
    browser.headers["plainview-device"] = kept
    browser.open("/privacy/choices/")
    assert "purpose-history" not in dict(browser.form("Save").fields), "a header is for the API"


def test_the_description_is_where_it_is_said_to_be(client):
    said = client.get("/api/openapi.json").json()
    assert said["openapi"].startswith("3.")
    assert set(said["paths"]) >= {
        "/api/v1/choices",
        "/api/v1/choices/questions",
        "/api/v1/choices/confirm",
        "/api/v1/choices/opt-out",
        "/api/v1/signal",
        "/api/v1/receipts",
        "/api/v1/receipts/{number}",
        "/api/v1/connect",
    }
    assert client.get("/api/v1/choices")["Cache-Control"].count("no-store")


@pytest.fixture
def unlike(television, window, member):
    """A television that answered by itself and was connected to an account that said otherwise."""
    tv = television("DE")
    tv.save(history=True, recognition_storage=True)
    owner = window("DE", user=member, at="/privacy/choices/")
    owner.press("Save", history="no", scope="account")
    tv.headers["authorization"] = f"Bearer {connected_app(member)}"
    assert tv.get("choices")["differs"]
    return tv


def settle(tv: Television, answer: str) -> Any:
    asked = tv.get("choices/questions")["difference"]
    assert {each["answer"] for each in asked["buttons"]} == {"follow", "adopt", "apart"}
    assert "stricter" in asked["text"]
    return tv.post("choices", form="difference", shown=asked["shown"], answer=answer)


@pytest.mark.parametrize(
    ("answer", "differs", "history"),
    [("follow", False, False), ("adopt", False, True), ("apart", True, False)],
)
def test_p5_1_3b_an_app_settles_what_differs_in_the_three_ways_of_the_page(
    unlike, answer, differs, history
):
    said = settle(unlike, answer)
    assert unlike.status == 200
    assert said["state"]["differs"] == differs
    assert unlike.purpose("history")["permitted"] == history
    assert bool(said["receipt"]) == (answer != "apart"), "nothing to record, so no receipt"
    if said["receipt"]:
        assert Answer.objects.get(key=said["receipt"]["number"]).via == "difference"
    asked = unlike.get("choices/questions")["difference"]
    assert (asked is not None) == differs


def test_where_nothing_differs_there_is_nothing_to_settle(television):
    tv = television("DE")
    tv.save(history=True)
    asked = tv.get("choices/questions")
    assert asked["difference"] is None
    shown = asked["whole"]["shown"]
    for answer in ("follow", "adopt", "apart"):
        tv.post("choices", form="difference", shown=shown, answer=answer)
        assert tv.status == 422


def test_words_of_before_settle_nothing(unlike):
    unlike.post("choices", form="difference", shown=OLD, answer="adopt")
    assert unlike.status == 409
    assert unlike.get("choices")["differs"]


def test_p5_2_3_1a_an_opt_out_of_an_app_holds_for_the_account_it_is_connected_to(
    television, member
):
    """P5.2.3.1a: once it is known whose it is (11 CCR 7025(c)(1)), on no other device either."""
    home = permissions.resident(permissions.newcomer("US-CA"), "US-CA")
    permissions.change(member.pk, lambda _: home)
    tv = television("US-CA")
    tv.post("choices/opt-out")
    assert tv.post("connect", code=connected.offer(member.pk), name="Television")["token"]
    said = permissions.read(member.pk)[0].choices or {}
    assert said[ADS] == "denied" and "history" not in said
    assert Answer.objects.get(subject=member.pk).via == "before"


@pytest.mark.parametrize("sent", ["before", "by connecting"])
def test_p5_2_2_2b_a_signal_of_an_app_is_heard_for_the_account_it_is_connected_to(
    television, member, sent
):
    """It says no more which device it was: the account opts out at once, on no other device too."""
    home = permissions.resident(permissions.newcomer("US-CA"), "US-CA")
    permissions.change(member.pk, lambda _: home)
    tv = television("US-CA", gpc=sent == "by connecting")
    if sent == "before":
        tv.post("signal", signal="gpc")
    token = tv.post("connect", code=connected.offer(member.pk), name="Television")["token"]
    assert permissions.read(member.pk)[0].signals == {"gpc"}
    later = television("US-CA", token=token)
    assert not later.purpose("targeted-ads")["permitted"]
