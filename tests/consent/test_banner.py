"""The first choice, over HTTP: in Germany, in California with a signal, in Brazil, nowhere."""

import re

import msgspec
import pytest
from tests.consent.conftest import ADS, latest, permitted

from plainview.privacy.consent.models import Answer, Device, Heard

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ASKED_FIRST = ["DE", "GB", "BR", ""]
NO_SALE = "Do Not Sell or Share My Personal Information"


@pytest.mark.parametrize("place", ASKED_FIRST)
def test_p3_1_2a_before_any_answer_nothing_is_kept_and_nobody_is_known(window, place):
    browser = window(place)
    for address in ("/", "/search/", "/privacy/choices/", "/legal/cookies/"):
        browser.open(address)
        assert not browser.cookies
    assert "What may we remember?" in browser.says
    assert not Device.objects.exists()


@pytest.mark.parametrize("place", ASKED_FIRST)
def test_p2_11a_where_consent_is_asked_a_no_is_one_press_as_a_yes_is(window, place):
    browser = window(place, at="/")
    assert list(browser.form("Accept all").buttons) == ["Reject all", "Accept all"]
    browser.press("Reject all")
    assert browser.page.redirect_chain[-1] == ("/#saved", 302)
    assert "What may we remember?" not in browser.says
    device = Device.objects.get().pk
    assert set(latest().values()) == {"denied"}
    assert not permitted(device, ADS)
    assert permitted(device, "playback")
    assert permitted(device, "security"), "what is compelling is not up for refusal"
    assert "security" not in latest()


@pytest.mark.parametrize("place", ASKED_FIRST)
def test_p3_1_2e_whoever_is_asked_reads_first_that_a_yes_can_be_taken_back(window, place):
    """GDPR Art. 7(3): it is said before the consent is given."""
    assert "you can always take it back" in window(place, at="/").says


@pytest.mark.parametrize("place", ASKED_FIRST)
def test_accepting_opens_what_was_asked_and_the_browser_holds_one_cookie(window, place):
    browser = window(place, at="/")
    browser.press("Accept all")
    assert browser.cookies == {"plainview-choices"}
    device = Device.objects.get().pk
    assert permitted(device, ADS)
    assert permitted(device, "history")


def test_p5_1_3a_elsewhere_a_notice_has_a_no_beside_it(window):
    browser = window("US-CA", at="/")
    assert list(browser.form("OK").buttons) == ["Reject all", "OK"]
    browser.press("Reject all")
    device = Device.objects.get().pk
    assert not permitted(device, ADS)
    assert not permitted(device, "history")


@pytest.mark.parametrize("place", ["US-CA", "US-VA", "US-TX", "US"])
def test_p5_2_2_2a_one_press_at_the_foot_of_any_page_opts_out_in_the_laws_own_words(window, place):
    words = {"US-CA": NO_SALE, "US": NO_SALE}.get(place, "Opt out of targeted advertising and sale")
    browser = window(place, at="/search/")
    browser.press(words)
    assert "You have opted out. This is off:" in browser.says, "the status is shown"
    device = Device.objects.get().pk
    assert not permitted(device, ADS)
    assert not permitted(device, "partner-sharing")
    assert not permitted(device, "ad-measurement")
    assert permitted(device, "history"), "what was not opted out of goes on"
    assert ADS in latest()
    assert Answer.objects.get().shown.text == words
    for address in ("/", "/nothing-here/", "/settings/"):
        browser.open(address)
        assert "You have opted out" in browser.says
        assert words not in browser.forms.words, "no button asks twice"


def test_a_notice_that_was_read_is_gone_and_answers_nothing(window):
    browser = window("US-VA", at="/")
    browser.press("OK")
    assert latest() == {}
    assert "How we use your data" not in browser.says
    assert permitted(Device.objects.get().pk, ADS)


def test_p5_2_2_2b_the_first_page_of_a_first_visit_has_heard_the_signal(window):
    browser = window("US-CA", gpc=True, at="/")
    assert "Your browser asks us not to sell or share your data, so we don’t." in browser.says
    assert list(browser.form("OK").buttons) == ["Reject all", "OK"]
    assert not browser.cookies
    browser.press("OK")
    device = Device.objects.get().pk
    assert not permitted(device, ADS)
    assert Heard.objects.filter(subject=device, signal="gpc").exists()
    assert "so we don’t." in browser.says, "the state stays in sight (11 CCR 7025(c)(6))"


def test_accepting_all_is_no_yes_to_what_a_signal_closes(window):
    browser = window("DE", gpc=True, at="/")
    browser.press("Accept all")
    assert ADS not in latest()
    assert not permitted(Device.objects.get().pk, ADS)


def test_p5_2_2_2c_a_signal_heard_once_from_a_device_outlives_its_silence(window):
    browser = window("US-VA", at="/")
    browser.press("OK")
    browser.headers["sec-gpc"] = "1"
    browser.open("/search/")
    del browser.headers["sec-gpc"]
    browser.open("/privacy/opt-out/")
    assert "Your browser’s signal has opted you out." in browser.says
    assert not permitted(Device.objects.get().pk, ADS)


def test_the_question_is_recorded_in_the_words_that_were_shown(window):
    browser = window("BR", language="en", at="/")
    shown = browser.says
    browser.press("Reject all")
    question = Answer.objects.get().shown
    assert (question.language, question.jurisdiction) == ("en", "br")
    assert all(line in shown for line in question.text.split("\n"))
    window("BR").open("/")
    other = window("BR", at="/")
    other.press("Accept all")
    assert Answer.objects.latest("given_at").shown == question, "the same words are one row"


def test_a_page_in_another_language_asks_and_records_in_it(window):
    browser = window("DE", language="en", at="/?lang=ko")
    form = browser.forms.found[0]
    browser.post(form.action, {**dict(form.fields), "answer": "reject"})
    assert browser.page.redirect_chain[-1] == ("/?lang=ko#saved", 302)
    assert Answer.objects.get().shown.language == "ko"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site"},
        {"referer": "https://elsewhere.example/http://testserver/"},
        {"referer": "http://testserver.elsewhere.example/"},
        {"referer": "https://testserver/"},
        {"referer": "http://[testserver/"},
        {"referer": "http://testserver/", "origin": "null"},
        {"referer": "http://testserver/", "sec-fetch-site": "cross-site"},
        {},
    ],
)
def test_an_answer_that_another_site_sends_is_refused(window, headers):
    browser = window("DE", at="/")
    form = browser.form("Accept all")
    sent = {**dict(form.fields), "answer": "accept"}
    refused = browser.client.post(form.action, sent, headers={**browser.headers, **headers})
    assert refused.status_code == 403
    assert browser.client.post("/privacy/opt-out/", headers=headers).status_code == 403
    assert not Answer.objects.exists()


def test_a_browser_of_text_that_names_only_the_page_it_was_on_is_heard(window):
    """w3m and Lynx send neither Origin nor Sec-Fetch-Site: their readers can say no as well."""
    browser = window("DE", at="/")
    form = browser.form("Reject all")
    sent = {**dict(form.fields), "answer": "reject"}
    there = {**browser.headers, "referer": "http://testserver/"}
    assert browser.client.post(form.action, sent, headers=there).status_code == 302
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "x\r\ny"])
def test_an_answer_leads_back_to_pages_of_this_service_only(window, target):
    browser = window("DE", at="/")
    form = browser.form("Accept all")
    browser.post(form.action, {**dict(form.fields), "answer": "reject", "next": target})
    assert "elsewhere" not in str(browser.page.redirect_chain)
    assert browser.page.status_code == 200


def test_every_page_reopens_the_question_at_its_foot(window):
    for place, words in (("DE", "Privacy choices"), ("US-CA", NO_SALE)):
        browser = window(place)
        for address in ("/", "/search/", "/accounts/login/", "/nothing-here/"):
            browser.open(address)
            assert words in browser.says, address


def test_no_page_waits_for_an_answer_and_errors_of_ours_ask_nothing(window):
    browser = window("DE")
    assert browser.open("/search/").status_code == 200
    browser.headers["host"] = "elsewhere.example"
    assert browser.open("/").status_code == 400
    assert "Accept all" not in browser.says


def test_a_stranger_and_a_device_cost_no_query(window, django_assert_num_queries):
    window("DE").open("/legal/cookies/")  # the name of the version hangs on a board since
    browser = window("DE")
    with django_assert_num_queries(0):
        browser.open("/legal/cookies/")
    browser.press("Accept all")
    with django_assert_num_queries(0):
        browser.open("/legal/cookies/")


def test_first_visits_of_a_place_can_share_a_page_and_nobody_elses_can(window, member):
    stranger = window("DE")
    first = stranger.open("/")
    assert "public" in first["Cache-Control"]
    vary = {each.strip() for each in first["Vary"].split(",")}
    assert {"Accept-Language", "Cookie", "X-Place", "Sec-GPC"} <= vary
    assert "private" in window().open("/")["Cache-Control"], "no proxy said where this is"
    stranger.press("Reject all")
    assert "private" in stranger.open("/")["Cache-Control"]
    signed_in = window("DE", user=member)
    assert "private" in signed_in.open("/")["Cache-Control"]


def test_a_header_that_no_proxy_of_ours_set_makes_nothing_public(window, settings):
    browser = window("US-CA")
    settings.ENV = msgspec.structs.replace(settings.ENV, trusted_proxies=0)
    assert "private" in browser.open("/legal/cookies/")["Cache-Control"]
    assert NO_SALE not in browser.says


SAVED = 'id="saved"'


@pytest.mark.parametrize("place", ["DE", "US-CA", "GB"])
def test_p2_11b_without_script_the_page_says_that_the_answer_is_saved(window, place):
    """By the fragment alone, so that the page is the same for whoever keeps it."""
    browser = window(place)
    page = browser.open("/help/").content.decode()
    assert SAVED not in page, "to nobody who answered nothing, whatever leads there"
    led = browser.press("Reject all", follow=False)["Location"]
    led = browser.client.get(led, headers=browser.headers)["Location"]
    assert led == "/help/#saved"
    page = browser.open("/help/").content.decode()
    assert SAVED in page
    assert "Saved. It holds from now on." in browser.says
    receipts = re.search(r'id="saved".*?href="([^"]+)"', page, re.DOTALL)[1]
    assert browser.open(receipts).status_code == 200
