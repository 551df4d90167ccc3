"""The page of choices over HTTP: what it asks, what an answer opens, and that each stands once."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.utils import timezone
from tests.consent.conftest import ADS, CENTRE, latest, permitted

from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.consent import cookie, questions, services
from plainview.privacy.consent.models import Answer, Device, Link
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_p2_11a_every_purpose_is_asked_apart_and_nothing_is_ticked(window):
    browser = window("DE", at=CENTRE)
    form = browser.form("Save")
    asked = {name.removeprefix("purpose-") for name, _ in form.options if "purpose-" in name}
    assert asked == in_force().asks("DE") - set(in_force().messages.waiting)
    assert "security" not in asked
    assert {name for name, _ in form.fields} == {"via", "shown", "next"}
    assert list(form.buttons) == ["Save", "Reject all", "Accept all"], "Enter saves"


def test_p5_1_3c_each_choice_says_what_is_lost_without_it_and_on_which_ground(window):
    browser = window("DE", at=CENTRE)
    assert "You get no news by email." in browser.says
    assert "(GDPR Art. 6(1)(f))" in browser.says
    assert "which films you watched, and when" in browser.says
    california = window("US-CA", at=CENTRE)
    assert "done unless you say no (Civ. Code 1798.120, 1798.135)" in california.says
    nowhere = window(at=CENTRE)
    assert "the strictest law we know" in nowhere.says


def test_one_yes_opens_one_purpose_and_what_it_needs_is_said(window):
    browser = window("DE", at=CENTRE)
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
    browser = window("DE", at=CENTRE + "?next=/search/")
    browser.press("Save", history="no", measurement_storage="yes")
    assert browser.page.redirect_chain[-1] == ("/search/#saved", 302)
    browser.open(CENTRE)
    checked = dict(browser.form("Save").fields)
    assert (checked["purpose-history"], checked["purpose-measurement-storage"]) == ("no", "yes")
    assert "purpose-recommend" not in checked


def test_a_no_counts_after_the_yes_before_it_also_where_the_clock_was_put_back(window, monkeypatch):
    """The page would have shown the yes, and sent it once more with whatever is saved next."""
    browser = window("DE", at=CENTRE)
    browser.press("Save", history="yes", recognition_storage="yes")
    before = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: before)
    browser.press("Save", history="no")
    assert latest()["history"] == "denied"
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"


def test_what_was_recorded_is_on_the_page_word_for_word(window, member):
    browser = window("US-CA", gpc=True, user=member)
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
    browser = window("DE", at=CENTRE)
    form = browser.form("Save")
    for sent in NO_ANSWER:
        response = browser.post(form.action, {**dict(form.fields), **sent})
        assert response.status_code == 422, sent
        assert "nothing was changed" in response.content.decode(), sent
        assert not Answer.objects.exists(), sent
        assert not browser.cookies, sent


@pytest.mark.parametrize("via", ["centre", "banner", "why"])
def test_a_form_of_other_words_is_shown_anew_with_the_answers_as_given(window, via):
    browser = window("DE", at=CENTRE)
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


@pytest.mark.sample(1)
@pytest.mark.parametrize("step", [3, 1], ids=["some", "each"])
def test_p5_2_1_7a_every_yes_is_taken_back_by_one_press_as_it_was_given(window, step):
    browser = window("DE", at=CENTRE)
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
    browser = window("DE", at=CENTRE)
    browser.press("Save", history="no")
    services.link(member.pk, Device.objects.get().pk)
    browser.client.force_login(member)
    browser.open(CENTRE)
    assert "The stricter of the two holds" in browser.says
    browser.press("Use my account’s answers here")
    assert "The stricter of the two holds" not in browser.says
    assert permitted(member.pk, "history")
    Link.objects.update(reconciled_at=None)
    browser.open(CENTRE)
    browser.press("Use this device’s answers for my account")
    assert not permitted(member.pk, "history")
    assert "The stricter of the two holds" not in browser.says


def test_p5_2_1_6a_a_yes_after_all_was_set_aside_opens_that_and_nothing_else(window, member):
    """GDPR Art. 18(2): by consent that is given after it, until that is taken back."""
    browser = window("DE", user=member, at=CENTRE)
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


def test_what_breaks_half_way_leaves_no_trace(window, monkeypatch):
    browser = window("DE", at="/")

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
    browser = window("DE", at="/")
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
    browser = window("US-CA", at=CENTRE)
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
    browser.open("/")
    assert browser.page.wsgi_request.visitor.permits("targeted-ads", "kestrel")


def test_p5_2_2_4a_a_yes_to_two_lines_that_tell_no_terms_joins_no_reward(window):
    """P5.2.2.4a: the terms come first; a page that shows them may be accepted as a whole."""
    browser = window("DE", at="/")
    assert "3.20 EUR" not in browser.says
    browser.press("Accept all")
    assert latest()["marketing-email"] == "granted"
    assert "newsletter-programme" not in latest()
    browser.open(CENTRE)
    browser.press("Accept all")
    assert latest()["newsletter-programme"] == "granted"


def test_p5_2_2_4a_a_reward_is_told_before_it_is_joined_and_left_at_any_time(window):
    """P5.2.2.4a: what, which data, its worth and the method; then a yes, and a no that ends it."""
    browser = window("US-CA", at="/legal/privacy/")
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
