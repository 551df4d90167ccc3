"""The page of choices, the small "why" and the one button, over HTTP."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.consent import cookie, questions, services, storage
from plainview.privacy.consent.models import Answer, Device, Link
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADS, CENTRE = "targeted-ads", "/privacy/choices/"


def permitted(subject: int, purpose: str) -> bool:
    row = Standing.objects.get(subject=subject)
    return bool(row.permitted >> in_force().bit(purpose) & 1)


def latest() -> dict[str, str]:
    return json.loads(Answer.objects.latest("given_at").answers)


def test_p2_11a_every_purpose_is_asked_apart_and_nothing_is_ticked(window):
    browser = window("DE")
    browser.open(CENTRE)
    form = browser.form("Save")
    asked = {name.removeprefix("purpose-") for name, _ in form.options if "purpose-" in name}
    assert asked == in_force().asks("DE") - set(in_force().messages.waiting)
    assert "security" not in asked
    assert {name for name, _ in form.fields} == {"via", "shown", "next"}
    assert list(form.buttons) == ["Save", "Reject all", "Accept all"], "Enter saves"


def test_p5_1_3c_each_choice_says_what_is_lost_without_it_and_on_which_ground(window):
    browser = window("DE")
    browser.open(CENTRE)
    assert "You get no news by email." in browser.says
    assert "(GDPR Art. 6(1)(f))" in browser.says
    assert "which films you watched, and when" in browser.says
    california = window("US-CA")
    california.open(CENTRE)
    assert "done unless you say no (Civ. Code 1798.120, 1798.135)" in california.says
    nowhere = window()
    nowhere.open(CENTRE)
    assert "the strictest law we know" in nowhere.says


def test_one_yes_opens_one_purpose_and_what_it_needs_is_said(window):
    browser = window("DE")
    browser.open(CENTRE)
    browser.press("Save", history="yes")
    device = Device.objects.get().pk
    assert latest() == {"history": "granted"}
    assert not permitted(device, "history"), "a browser not recognised keeps no history"
    assert "You have not said yes: Keep a cookie to recognise you." in browser.says
    assert "Not answered: off while this browser is not recognised" in browser.says
    browser.press("Save", history="yes", recognition_storage="yes")
    assert permitted(device, "history")
    assert not permitted(device, "marketing-email")


def test_answers_given_are_there_when_one_comes_back(window):
    browser = window("DE")
    browser.open(CENTRE + "?next=/search/")
    browser.press("Save", history="no", measurement_storage="yes")
    assert browser.page.redirect_chain[-1] == ("/search/#saved", 302)
    browser.open(CENTRE)
    checked = dict(browser.form("Save").fields)
    assert (checked["purpose-history"], checked["purpose-measurement-storage"]) == ("no", "yes")
    assert "purpose-recommend" not in checked


def test_what_was_recorded_is_on_the_page_word_for_word(window, member):
    browser = window("US-CA", gpc=True)
    browser.client.force_login(member)
    shown = "\n".join(browser.open(CENTRE) and browser.forms.words)
    browser.press("Save", history="no")
    text = Answer.objects.get().shown.text.split("\n")
    assert [line for line in text if line not in shown] == []
    assert {"Save", "Reject all", "Accept all"} <= set(text)


NO_ANSWER: list[dict[str, str | list[str]]] = [
    {"answer": "save"},
    {"answer": "save", "purpose-history": "perhaps"},
    {"answer": "save", "purpose-security": "no"},
    {"answer": "everything"},
    {"answer": ""},
    {"answer": "affirm", "affirm": [ADS]},
    {"answer": "affirm", "affirm": ["no-such-purpose"]},
    {"via": "elsewhere", "answer": "accept"},
    {"via": "why", "answer": "on", "purpose": "no-such-purpose"},
    {"via": "why", "answer": "on", "purpose": "playback"},
    {"via": "why", "answer": "perhaps", "purpose": "history"},
    {"via": "affirm", "affirm": [ADS]},
    {"via": "difference", "answer": "adopt"},
    {"via": "banner", "answer": "optout"},
]


def test_a_form_without_an_answer_changes_nothing_and_says_so(window):
    browser = window("DE")
    browser.open(CENTRE)
    form = browser.form("Save")
    for sent in NO_ANSWER:
        response = browser.post(form.action, {**dict(form.fields), **sent})
        assert response.status_code == 422, sent
        assert "nothing was changed" in response.content.decode(), sent
        assert not Answer.objects.exists(), sent
        assert not browser.cookies, sent


@pytest.mark.parametrize("via", ["centre", "banner", "why"])
def test_a_form_of_other_words_is_shown_anew_with_the_answers_as_given(window, via):
    browser = window("DE")
    browser.open(CENTRE)
    form = browser.form("Save")
    fields = {**dict(form.fields), "via": via, "shown": "0" * 64}
    fields |= {
        "centre": {"answer": "save", "purpose-history": "no"},
        "banner": {"answer": "reject"},
        "why": {"answer": "off", "purpose": "history"},
    }[via]
    response = browser.post(form.action, fields)
    assert response.status_code == 409
    assert not Answer.objects.exists()
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"
    browser.press("Save")
    assert latest()["history"] == "denied"


def test_p5_2_2_2c_after_a_signal_a_yes_takes_two_steps_and_a_no_one(window):
    browser = window("US-CA", gpc=True)
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="yes", history="no")
    assert "Allow it all the same?" in browser.says
    assert latest() == {"history": "denied"}, "what needs no second step is saved at once"
    browser.press("Allow it")
    device = Device.objects.get().pk
    assert latest() == {ADS: "affirmed"}
    assert permitted(device, ADS)
    assert not permitted(device, "partner-sharing")
    browser.open(CENTRE)
    assert "Allowed despite your browser's signal" in browser.says
    browser.press("Save")
    assert permitted(device, ADS), "saving other answers does not ask again"
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="no")
    assert not permitted(device, ADS)


def test_p2_11b_the_first_step_loaded_anew_or_sent_by_a_script_before_is_recorded_once(window):
    browser = window("US-CA", gpc=True)
    browser.open(CENTRE)
    form = browser.form("Save")
    sent = {**dict(form.fields), "answer": "save", f"purpose-{ADS}": "yes", "purpose-history": "no"}
    for _ in range(2):
        browser.post(form.action, sent)
        assert "Allow it all the same?" in browser.says
        assert Answer.objects.count() == 1
    shown = sent["shown"]
    said = {"form": "centre", "shown": shown, "answer": "save"}
    said = browser.asks("choices", {**said, "purposes": {ADS: True, "history": True}}).json()
    assert said["confirm"]
    assert Answer.objects.count() == 2
    browser.post(form.action, {**sent, "purpose-history": "yes"})
    assert "Allow it all the same?" in browser.says
    assert Answer.objects.count() == 2, "the page goes on where its script stopped"
    browser.post(form.action, sent)
    assert Answer.objects.count() == 3, "another answer is one"


def test_p5_2_2_2a_opting_out_is_one_post_and_opting_in_again_takes_two(window):
    browser = window("US-VA")
    browser.open("/privacy/opt-out/")
    browser.press("Opt out")
    assert "You have opted out." in browser.says
    device = Device.objects.get().pk
    assert not permitted(device, ADS)
    browser.open(CENTRE)
    browser.press("Accept all")
    assert "You opted out of this." in browser.says
    assert not permitted(device, ADS)
    browser.press("Allow it")
    assert permitted(device, ADS)


def test_p5_2_2_2a_the_page_says_of_the_way_back_how_many_steps_it_takes(window):
    """P5.2.2.2a: two where one opts out, one where the law asks first; the page names no other."""
    for place, said, steps in (
        ("US-VA", "takes two steps", 2),
        ("DE", "until you allow any of it", 1),
    ):
        browser = window(place)
        browser.open("/privacy/opt-out/")
        browser.press("Opt out")
        assert said in browser.says
        browser.open(CENTRE)
        browser.press("Save", audience_uploads="yes")
        assert (latest().get("audience-uploads") == "granted") is (steps == 1)


def test_p5_2_2_2a_who_lives_where_one_opts_out_takes_two_steps_abroad_too(window, member):
    """P5.2.2.2a: crossing a border does not shorten the way back (11 CCR 7028)."""
    permissions.change(member.pk, lambda facts: permissions.resident(facts, "US-CA"))
    browser = window("US-CA")
    browser.client.force_login(member)
    browser.open("/privacy/opt-out/")
    browser.press("Opt out")
    browser.headers["x-place"] = "DE"
    browser.open("/privacy/opt-out/")
    assert "takes two steps" in browser.says
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="yes")
    assert "You opted out of this." in browser.says
    assert not permitted(member.pk, ADS)
    browser.press("Allow it")
    assert permitted(member.pk, ADS)


STATES = [
    place
    for law in in_force().jurisdictions.values()
    if law.id.startswith("us-") and "optout-targeted-ads" in law.rights
    for place in law.places
]


@pytest.mark.slow
@pytest.mark.sample(5)
@pytest.mark.parametrize("state", STATES)
def test_p5_2_3_1a_one_button_stops_it_in_every_state_that_lets_one_stop_it(window, state):
    policy = in_force()
    assert len(STATES) > 15 and {"US-CO", "US-VA", "US-TX"} <= set(STATES)
    closed = [id_ for id_ in policy.purposes if "signal" in policy.closed_by(id_)]
    assert ADS in closed
    browser = window(state)
    browser.post("/privacy/opt-out/", {})
    device = Device.objects.get().pk
    assert not any(permitted(device, each) for each in closed)
    assert latest() and set(latest()) <= set(closed), "it refuses nothing else"
    assert "You have opted out." in browser.says


@pytest.mark.slow
@pytest.mark.sample(1)
@pytest.mark.parametrize("step", [3, 1], ids=["some", "each"])
def test_p5_2_1_7a_every_yes_is_taken_back_by_one_press_as_it_was_given(window, step):
    browser = window("DE")
    browser.open(CENTRE)
    browser.press("Accept all")
    device = Device.objects.get().pk
    given = [id_ for id_, said in latest().items() if said == "granted"]
    assert len(given) > 10
    browser.open(CENTRE)
    form = browser.form("Save")
    fields, said = dict(form.fields), dict([form.buttons["Save"]])
    for id_ in given[::step]:
        fields[f"purpose-{id_}"] = "no"
        browser.post(form.action, fields | said, follow=False)
        assert not permitted(device, id_), id_


def test_opting_out_needs_no_page_before_it(window):
    browser = window()
    browser.post("/privacy/opt-out/", {})
    assert browser.page.status_code == 200
    assert not permitted(Device.objects.get().pk, ADS)


def test_p5_1_3b_an_answer_is_for_the_account_or_for_this_device_as_one_says(window, member):
    here, there, stranger = window("DE"), window("DE"), window("DE")
    for browser in (here, there):
        browser.client.force_login(member)
    here.open(CENTRE)
    here.press("Save", history="no")
    assert not permitted(member.pk, "history")
    there.open(CENTRE)
    assert dict(there.form("Save").fields)["purpose-history"] == "no"
    there.press("Save", scope="device", recommend="no")
    assert permitted(member.pk, "recommend")
    stranger.open(CENTRE)
    assert "purpose-history" not in dict(stranger.form("Save").fields)


def test_p5_1_3b_while_account_and_device_differ_one_press_settles_it(window, member):
    browser = window("DE")
    browser.open(CENTRE)
    browser.press("Save", history="no")
    services.link(member.pk, Device.objects.get().pk)
    browser.client.force_login(member)
    browser.open(CENTRE)
    assert "The stricter of the two holds" in browser.says
    browser.press("Use my account's answers here")
    assert "The stricter of the two holds" not in browser.says
    assert permitted(member.pk, "history")
    Link.objects.update(reconciled_at=None)
    browser.open(CENTRE)
    browser.press("Use this device's answers for my account")
    assert not permitted(member.pk, "history")
    assert "The stricter of the two holds" not in browser.says


def why(browser, purpose: str, account: int | None = None) -> str:
    request = RequestFactory().get("/watch/x/?t=7", headers=browser.headers)
    request.COOKIES = {k: v.value for k, v in browser.client.cookies.items()}
    request.user = User(pk=account)
    request.visitor = Visitor(request)
    return Template("{% why purpose %}").render(Context({"request": request, "purpose": purpose}))


def test_why_says_what_is_used_for_what_on_which_ground_and_who_decided(window):
    html = why(window("DE"), "history")
    for words in (
        "which films you watched, and when",
        "To go on where you stopped",
        "our interest, weighed against yours; you may object (GDPR Art. 6(1)(f))",
        "You have not said yes: Keep a cookie to recognise you.",
        "Turn on",
        'value="/watch/x/?t=7"',
    ):
        assert words in html


def test_why_is_a_switch_that_does_what_it_says(window):
    browser = window("DE")
    form = type(browser.open("/") and browser.forms)(why(browser, "history")).found[0]
    assert "To know your device again" in why(browser, "history")
    answer = dict([form.buttons["Turn on"]])
    browser.post(form.action, {**dict(form.fields), "next": "/search/", **answer})
    assert browser.page.redirect_chain[-1] == ("/search/#saved", 302)
    device = Device.objects.get().pk
    assert permitted(device, "history")
    form = type(browser.forms)(why(browser, "history")).found[0]
    browser.post(
        form.action, {**dict(form.fields), "next": "/", **dict([form.buttons["Turn off"]])}
    )
    assert not permitted(device, "history")
    assert latest() == {"history": "denied"}


def test_why_of_what_nobody_can_refuse_has_no_switch(window):
    html = why(window("DE"), "playback")
    assert "This is part of what you asked for" in html
    assert "<form" not in html


def test_why_against_a_signal_leads_to_the_second_step(window):
    browser = window("BR", gpc=True)
    browser.open("/")
    form = type(browser.forms)(why(browser, ADS)).found[0]
    browser.post(form.action, {**dict(form.fields), **dict([form.buttons["Turn on"]])})
    assert "Allow it all the same?" in browser.says


def test_p5_2_1_6a_a_yes_after_all_was_set_aside_opens_that_and_nothing_else(window, member):
    """GDPR Art. 18(2): by consent that is given after it, until that is taken back."""
    browser = window("DE")
    browser.client.force_login(member)
    browser.open(CENTRE)
    browser.press("Accept all")
    browser.open(CENTRE)
    before = browser.form("Save")
    browser.post("/privacy/requests/new/", {"kind": "restrict", "words": "Leave it alone."})
    browser.post(CENTRE, {**dict(before.fields), "answer": "save"})
    assert browser.page.status_code == 409, "a page of before says yes to nothing that rests"
    assert not permitted(member.pk, "history")
    assert "What this needs is set aside at your request" in browser.says
    browser.press("Save", history="yes")
    assert permitted(member.pk, "history")
    assert not permitted(member.pk, "marketing-email")
    assert not permitted(member.pk, "recommend")
    browser.open(CENTRE)
    browser.press("Save", history="no")
    assert not permitted(member.pk, "history")
    browser.open(CENTRE)
    browser.press("Save", history="yes")
    browser.post("/privacy/requests/new/", {"kind": "restrict", "words": "That too, after all."})
    assert not permitted(member.pk, "history"), "set aside once more"
    day, yes = timezone.localdate() - timedelta(1), {"history": "granted"}
    permissions.change(member.pk, lambda facts: permissions.answered(facts, yes, day))
    assert not permitted(member.pk, "history"), "a letter of the day before is older than that"


def test_an_old_cookie_is_set_right_by_the_row(window):
    browser = window("DE")
    browser.open("/")
    browser.press("Accept all")
    old = browser.client.cookies[cookie.NAME].value
    browser.open(CENTRE)
    browser.press("Reject all")
    browser.client.cookies[cookie.NAME] = old
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"
    request = RequestFactory().get("/")
    request.COOKIES = {cookie.NAME: browser.client.cookies[cookie.NAME].value}
    assert set(cookie.read(request).choices.values()) == {"denied"}


def test_the_cookie_of_a_device_that_is_gone_is_taken_back(window):
    browser = window("DE")
    browser.open("/")
    browser.press("Accept all")
    Standing.objects.all().delete()
    Device.objects.all().delete()
    browser.open(CENTRE)
    assert not browser.cookies
    assert "purpose-history" not in dict(browser.form("Save").fields)


@pytest.mark.parametrize("forged", ["x", "WzEsMl0:1abc:forged", "é" * 300])
def test_a_forged_cookie_is_nobodys(window, forged):
    browser = window("DE")
    browser.client.cookies[cookie.NAME] = forged
    browser.open("/")
    assert "What may we remember?" in browser.says
    browser.press("Reject all")
    assert Device.objects.count() == 1


def test_p5_1_3a_a_cookie_of_a_purpose_withdrawn_is_not_read_and_is_removed(window, monkeypatch):
    declared = storage.keys()
    counting = storage.Key("counted", "cookie", "measurement-storage", 30, "you allow it")
    monkeypatch.setattr(storage, "keys", lambda: (*declared, counting))
    browser = window("DE")
    browser.client.cookies["counted"] = "7"
    browser.open("/")
    assert "counted" not in browser.page.wsgi_request.COOKIES
    assert browser.cookies == set()
    browser.press("Accept all")
    browser.client.cookies["counted"] = "7"
    browser.open("/")
    assert "counted" in browser.page.wsgi_request.COOKIES
    browser.open(CENTRE)
    browser.press("Save", measurement_storage="no")
    assert "counted" not in browser.cookies


def test_what_breaks_half_way_leaves_no_trace(window, monkeypatch):
    browser = window("DE")
    browser.open("/")

    def breaks(*arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(services, "_hear", breaks)
    with pytest.raises(OSError, match="the disk"):
        browser.press("Accept all")
    assert not Answer.objects.exists()
    assert not Device.objects.exists()
    assert not Standing.objects.exists()
    assert not browser.cookies


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_answer_at_once_leave_one_truth(window):
    browser = window("DE")
    browser.open("/")
    browser.press("Accept all")
    carried = browser.client.cookies[cookie.NAME].value
    start = threading.Barrier(2)
    failed: list[BaseException] = []

    def answer(purpose: str) -> None:
        try:
            other = window("DE")
            other.client.cookies[cookie.NAME] = carried
            other.open(CENTRE)
            start.wait(10)
            other.press("Save", follow=False, **{purpose: "no"})
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(each,)) for each in ("history", "recommend")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    device = Device.objects.get().pk
    facts, epoch = permissions.read(device)
    assert (epoch, Answer.objects.count()) == (2, 3)
    last = json.loads(Answer.objects.latest("given_at").answers)
    assert facts.choices == {**facts.choices, **last}


def test_a_later_no_does_not_make_an_earlier_yes_last():
    given = permissions.answered(permissions.newcomer("DE"), {ADS: "granted", "improve": "granted"})
    earlier = msgspec.structs.replace(given, valid_until=given.valid_until - 1000)
    later = permissions.answered(earlier, {"improve": "denied"})
    assert later.valid_until == earlier.valid_until
    more = permissions.answered(earlier, {"improve": "granted"})
    assert more.valid_until == earlier.valid_until, "the earliest yes counts for all"
    assert permissions.answered(earlier, dict.fromkeys(given.choices, "denied")).valid_until is None


def test_the_grounds_named_are_the_most_demanding_of_the_laws_that_bind():
    somewhere = permissions.newcomer()
    grounds = {each.id: each.basis for each in questions.topics(somewhere)}
    assert grounds[ADS] == "consent"
    american = {each.id: each.basis for each in questions.topics(permissions.newcomer("US"))}
    assert american[ADS] == "notice-and-opt-out"


def test_p4_1_2a_one_recipient_is_refused_by_itself_and_taken_back_in_two_steps(window):
    browser = window("US-CA")
    browser.open(CENTRE)
    assert "Kestrel Advertising" in browser.says
    assert "krl-device" in browser.says, "what is kept stands beneath, by its name"
    form = browser.form("Save")
    field = "recipient-targeted-ads/kestrel"
    assert field in dict(form.options), "it can be refused by itself"
    assert field not in dict(form.fields), "nobody answered, which is neither yes nor no"
    sent = {**dict(form.fields), "answer": "save", field: "no"}
    browser.post(form.action, sent)
    device = Device.objects.get().pk
    facts, _ = permissions.read(device)
    assert facts.choices == {"targeted-ads/kestrel": "denied"}
    assert decide(in_force(), facts, "targeted-ads"), "the purpose goes on with others"
    assert not decide(in_force(), facts, "targeted-ads", "kestrel")
    browser.open("/")
    visitor = browser.page.wsgi_request.visitor
    assert not visitor.explain("targeted-ads", "kestrel"), "the cookie says it too"
    browser.open(CENTRE)
    form = browser.form("Save")
    assert (field, "no") in form.fields
    browser.post(form.action, {**dict(form.fields), "answer": "save", field: ""})
    assert "Kestrel Advertising" in browser.says
    assert permissions.read(device)[0].choices, "one step is not enough"
    browser.press("Allow it")
    facts, _ = permissions.read(device)
    assert decide(in_force(), facts, "targeted-ads", "kestrel")


def test_p5_2_2_4a_a_yes_to_two_lines_that_tell_no_terms_joins_no_reward(window):
    """P5.2.2.4a: the terms come first; a page that shows them may be accepted as a whole."""
    browser = window("DE")
    browser.open("/")
    assert "3.20 EUR" not in browser.says
    browser.press("Accept all")
    assert latest()["marketing-email"] == "granted"
    assert "newsletter-programme" not in latest()
    browser.open(CENTRE)
    browser.press("Accept all")
    assert latest()["newsletter-programme"] == "granted"


def test_p5_2_2_4a_a_reward_is_told_before_it_is_joined_and_left_at_any_time(window):
    """P5.2.2.4a: what, which data, its worth and the method; then a yes, and a no that ends it."""
    browser = window("US-CA")
    browser.open("/legal/privacy/")
    told = browser.says[browser.says.index("A coupon each year") :].partition("stays good.")[0]
    for words in (
        "two euros a year",
        "your email address",
        "which news you got",
        "3.20 EUR",
        "less what it costs to keep the list",
        "Leaving ends the programme at once",
    ):
        assert words in told, words
    browser.open(CENTRE)
    assert "two euros a year" in browser.says and "3.20 EUR" in browser.says, "before one joins"
    browser.press("Save", newsletter_programme="yes", recognition_storage="yes")
    assert "3.20 EUR" in Answer.objects.latest("given_at").shown.text, "what was shown is kept"
    device = Device.objects.get().pk
    assert latest()["newsletter-programme"] == "granted" and permitted(
        device, "newsletter-programme"
    )
    browser.open(CENTRE)
    browser.press("Save", newsletter_programme="no")
    assert latest()["newsletter-programme"] == "denied"
    assert not permitted(device, "newsletter-programme")
