"""The age of answers: when a yes lapses, and when the questions may come again (P2.11a)."""

from __future__ import annotations

import datetime as dt
import re
import time

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from tests.consent.conftest import CENTRE

from plainview.domains.accounts.models import User
from plainview.platform.days import start as begins
from plainview.privacy import permissions
from plainview.privacy.consent import cookie, renewing, services, tasks
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Device
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.requests import carrying
from plainview.privacy.retention import sweeping

pytestmark = pytest.mark.django_db
HOME = "/"
TODAY = timezone.localdate


class Clock:
    """Moves the service's clock; the test's own stays."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch, self.real, self.ahead = patch, time.time, 0.0
        patch.setattr("time.time", lambda: self.real() + self.ahead)
        patch.setattr(timezone, "localdate", self.today)
        patch.setattr(timezone, "now", self.now)

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.real() + self.ahead, dt.UTC)

    def today(self, *args: object, **kwargs: object) -> dt.date:
        return timezone.localtime(self.now()).date()

    def on(self, day: dt.date) -> None:
        midnight = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
        self.ahead = midnight.timestamp() - self.real()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def asked(browser) -> bool:
    browser.open(HOME)
    return 'id="consent"' in browser.page.content.decode()


def facts(place: str, home: str = ""):
    known = permissions.newcomer(permissions.coarse(place))
    return permissions.resident(known, home) if home else known


@pytest.mark.parametrize(
    ("place", "home", "months"),
    [
        ("DE", "", 12),
        ("FR", "", 6),
        ("IT", "", 12),
        ("GB", "", 12),
        ("BR", "", 12),
        ("KR", "", 24),
        ("US-CA", "", 0),
        ("US-CO", "", 0),
        ("US-CO", "DE", 0),
        ("FR", "KR", 24),
        (None, "", 0),
    ],
)
def test_the_law_of_each_place_says_when_to_ask_again(place, home, months):
    assert renewing.renewed_after(facts(place, home)) == months


@pytest.mark.parametrize(
    ("place", "home", "months"),
    [("DE", "", 24), ("FR", "", 24), ("US-CA", "", 0), ("US-CA", "DE", 24), ("DE", "US-CA", 24)],
)
def test_a_yes_lapses_from_its_day_by_the_law_that_lets_it(place, home, months):
    """P2.11a: a law that lets none lapse makes no other one's yes lapse at once."""
    given = TODAY() - dt.timedelta(days=40)  # as of a letter that was entered late
    lapses = renewing.lapses_at(facts(place, home), given)
    due = begins(renewing.months_after(given, months)).timestamp() if months else None
    assert lapses == due


def test_a_month_is_a_month_of_the_calendar():
    day = dt.date
    assert renewing.months_after(day(2027, 8, 31), 6) == day(2028, 2, 29)
    assert renewing.months_after(day(2026, 11, 26), 12) == day(2027, 11, 26)
    assert renewing.months_after(day(2026, 1, 31), 1) == day(2026, 2, 28)


def test_nobody_is_asked_in_opt_out_states_before_twelve_months():
    for id_, law in in_force().jurisdictions.items():
        if law.consent and (id_ == "us-other" or law.parent == "us-other"):
            assert law.consent.ask_again_months in (0, 12), id_
            assert not law.consent.renew_months, id_


@pytest.mark.parametrize("button", ["Accept all", "Reject all"])
def test_a_refusal_rests_as_long_as_an_acceptance_and_to_the_day(window, clock, button):
    browser = window("DE", at=HOME)
    browser.press(button)
    due = renewing.months_after(TODAY(), 12)
    clock.on(due - dt.timedelta(days=1))
    assert not asked(browser)
    clock.on(due)
    assert asked(browser)
    browser.press(button)
    assert not asked(browser)


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_is_in_france_is_asked_again_after_its_six_months(window, clock, member, signed_in):
    """P2.11a: as much is kept of where somebody is as the time to the next question needs."""
    browser = window("FR", at=HOME)
    if signed_in:
        browser.client.force_login(member)
    browser.open(CENTRE)
    browser.press("Reject all")
    due = renewing.months_after(TODAY(), 6)
    clock.on(due - dt.timedelta(days=1))
    if signed_in:
        browser.client.force_login(member)
    assert not asked(browser)
    clock.on(due)
    if signed_in:
        browser.client.force_login(member)
    assert asked(browser)


def test_the_page_says_how_old_each_answer_is_and_until_when_it_rests(window):
    browser = window("DE", at=CENTRE)
    assert "You answered on" not in browser.says
    browser.press("Save", history="no", marketing_email="yes")
    assert f"no since {date_format(TODAY())}" in browser.says
    assert f"yes since {date_format(TODAY())}" in browser.says
    again, lapses = (date_format(renewing.months_after(TODAY(), n)) for n in (12, 24))
    assert f"Until {again} we don’t ask again. What you allowed lapses on {lapses}" in browser.says
    californian = window("US-CA", at="/privacy/opt-out/")
    californian.press("Opt out")
    californian.open(CENTRE)
    assert "We don’t ask again by ourselves." in californian.says


def test_an_account_is_asked_by_its_own_answer_wherever_it_gave_it(window, clock, member):
    permissions.change(member.pk, lambda f: permissions.resident(f, "DE"))
    browser, other = window("DE"), window("DE")
    for each in (browser, other):
        each.client.force_login(member)
    browser.open(CENTRE)
    browser.press("Reject all")
    assert not asked(other)
    clock.on(TODAY() + dt.timedelta(days=200))
    for each in (browser, other):
        each.client.force_login(member)
    other.open(CENTRE)
    other.press("Save", history="no")
    clock.on(TODAY() + dt.timedelta(days=200))
    browser.client.force_login(member)
    assert not asked(browser), "the last answer counts: nobody is nagged"


def test_p5_2_1_6a_what_a_yes_opened_of_what_is_set_aside_rests_again_once_it_lapses(member):
    permissions.change(member.pk, lambda f: permissions.resident(permissions.newcomer("DE"), "DE"))
    carrying.restrict(member.pk, ["recommend"])
    yes = {"recommend": "granted"}
    facts, _ = permissions.change(member.pk, lambda f: permissions.answered(f, yes))
    bit = in_force().bit("recommend")
    assert permissions.integer(facts, device=False) >> bit & 1
    lapsed = permissions.live(msgspec.structs.replace(facts, valid_until=time.time() - 1))
    assert not permissions.integer(lapsed, device=False) >> bit & 1


def test_a_yes_lapses_and_is_then_unset_never_quietly_kept(window, clock):
    browser = window("DE", at=CENTRE)
    browser.press("Save", history="yes", recognition_storage="yes", marketing_email="yes")
    browser.press("Save", marketing_in_app="no")
    device = Device.objects.get().pk
    until = permissions.read(device)[0].valid_until
    assert until == Standing.objects.get(subject=device).valid_until
    day = dt.datetime.fromtimestamp(until).astimezone().date()
    assert day == renewing.months_after(TODAY(), 24)
    carried = cookie.opened(browser.client.cookies[cookie.NAME].value)
    assert carried.until == until
    for ahead, said in ((-1, "granted"), (1, "unset")):
        clock.on(day + dt.timedelta(days=ahead))
        browser.client.cookies[cookie.NAME] = cookie.sealed(carried)  # a browser that kept it
        browser.open(CENTRE)
        fields = dict(browser.form("Save").fields)
        assert fields.get("purpose-marketing-email", "") == ("yes" if said == "granted" else "")
        assert fields["purpose-marketing-in-app"] == "no", "a no stays"
    row = Standing.objects.get(subject=device)
    assert row.valid_until == until, "not written down yet, and denied all the same"
    assert time.time() >= row.valid_until
    tasks.lapse()
    row.refresh_from_db()
    assert row.valid_until is None
    assert permissions.read(device)[0].choices == {"marketing-in-app": "denied"}


def test_p2_11a_one_that_can_not_be_folded_keeps_no_other_yes(db, clock, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    question = Question("en", "eu-de", "words")
    due = sorted(User.objects.create_user(f"{name}@example.org").pk for name in ("a", "b", "c"))
    for each in due:
        permissions.change(each, lambda f: permissions.resident(facts("DE"), "DE"))
        services.answer_for_account(each, None, {"targeted-ads": "granted"}, question, via="why")
    clock.on(TODAY() + dt.timedelta(days=800))
    change = permissions.change

    def broken(subject: int, how: object) -> object:
        if subject == due[0]:
            raise ValueError("facts that nobody can read")
        return change(subject, how)

    monkeypatch.setattr(permissions, "change", broken)
    with pytest.raises(ExceptionGroup):
        tasks.lapse()
    left = Standing.objects.filter(subject__in=due).exclude(valid_until=None)
    assert list(left.values_list("subject", flat=True)) == [due[0]]


def test_a_lapsed_yes_of_an_account_opens_nothing_at_the_gate(member, clock):
    permissions.change(member.pk, lambda f: permissions.resident(facts("DE"), "DE"))
    question = Question("en", "eu-de", "words")
    services.answer_for_account(member.pk, None, {"targeted-ads": "granted"}, question, via="why")
    row = Standing.objects.get(subject=member.pk)
    day = dt.datetime.fromtimestamp(row.valid_until).astimezone().date()
    clock.on(day + dt.timedelta(days=1))
    recalled = []
    permissions.watch(recalled.append)
    try:
        tasks.lapse()
    finally:
        permissions._watchers.remove(recalled.append)
    assert recalled == [member.pk], "whoever got anything by it is told"
    row.refresh_from_db()
    assert not row.permitted >> in_force().bit("targeted-ads") & 1


def test_an_answer_to_an_older_policy_keeps_its_words_and_its_day(window, clock, monkeypatch):
    browser = window("DE", at=HOME)
    html = browser.page.content.decode()
    shown = re.search(r'name="shown" value="([\w.]{81})"', html)[1]
    later = in_force()
    import msgspec  # noqa: PLC0415

    newer = msgspec.structs.replace(later, fingerprint="f" * 64)
    monkeypatch.setattr("plainview.privacy.consent.layouts.in_force", lambda: newer)
    sent = {"via": "banner", "shown": shown, "answer": "accept"}
    assert browser.post(CENTRE, sent).status_code == 409
    assert not Device.objects.exists()
    assert "The questions have changed since this page was opened." in browser.says


def test_clocks_that_differ_by_a_day_make_nothing_due(window, clock):
    browser = window("FR", at=HOME)
    clock.on(TODAY() + dt.timedelta(days=1))
    browser.press("Reject all")
    clock.ahead = 0
    assert not asked(browser)
    assert cookie.opened(browser.client.cookies[cookie.NAME].value).answered_on > TODAY()


def comes_back(browser, clock, days: int) -> None:
    """Visits now and again for so long, by a browser that keeps no cookie beyond its day."""
    start, until = TODAY(), {}
    for ahead in range(25, days, 50):
        clock.on(start + dt.timedelta(days=ahead))
        kept = browser.client.cookies
        for name in [name for name, day in until.items() if day <= TODAY()]:
            kept.pop(name, None)
        browser.open(HOME)
        for name, morsel in browser.page.cookies.items():
            if morsel["max-age"]:
                until[name] = TODAY() + dt.timedelta(seconds=int(morsel["max-age"]))


def test_p5_2_3_1a_an_opt_out_holds_as_long_as_its_browser_comes_back(window, clock):
    """No cookie outlives thirteen months unused; used, it is handed anew, and the row stays."""
    browser = window("US-CA", at="/privacy/opt-out/")
    browser.press("Opt out")
    device = Device.objects.get()
    comes_back(browser, clock, 1000)
    sweeping.sweep(TODAY())
    assert Device.objects.get().pk == device.pk
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-targeted-ads"] == "no"
    assert cookie.opened(browser.client.cookies[cookie.NAME].value).answered_on == device.made_on


def test_p2_11a_to_come_back_puts_off_no_question_and_no_end_of_a_yes(window, clock):
    browser = window("KR", at=HOME)
    browser.press("Reject all")
    given = TODAY()
    comes_back(browser, clock, 720)
    assert not asked(browser), "not before its own day: nobody is nagged"
    clock.on(renewing.months_after(given, 24))
    assert asked(browser)


def test_a_browser_that_comes_back_after_thirteen_months_is_nobodys(window, clock):
    browser = window("US-CA", at="/privacy/opt-out/")
    browser.press("Opt out")
    clock.on(TODAY() + dt.timedelta(seconds=cookie.LIFE) + dt.timedelta(1))
    browser.open(HOME)
    assert cookie.NAME not in browser.page.cookies


def test_p5_2_3_1a_what_an_app_keeps_is_handed_anew_though_nothing_has_changed(window, clock):
    """An opt-out holds as long as the app asks; 304 would let what it keeps grow too old."""
    path, start, place = "/api/v1/choices", TODAY(), {"x-place": "US-CA"}
    said = Client().post(f"{path}/opt-out", {}, "application/json", headers=place).json()
    app = {**place, "plainview-device": said["state"]["device"]}
    app["if-none-match"] = Client().get(path, headers=app)["ETag"]
    for days in range(40, 600, 40):
        clock.on(start + dt.timedelta(days=days))
        app["plainview-device"] = Client().get(path, headers=app).json()["device"]
        assert Client().get(path, headers=app).status_code == 304
    del app["if-none-match"]
    purposes = Client().get(path, headers=app).json()["purposes"]
    assert next(each for each in purposes if each["id"] == "targeted-ads")["answer"] == "denied"
