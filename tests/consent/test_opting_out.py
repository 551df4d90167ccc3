"""A no takes one step, and where a no or a signal stands a yes takes two."""

import pytest
from tests.consent.conftest import ADS, CENTRE, latest, permitted

from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer, Device
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_p5_2_2_2c_after_a_signal_a_yes_takes_two_steps_and_a_no_one(window):
    browser = window("US-CA", gpc=True, at=CENTRE)
    browser.press("Save", targeted_ads="yes", history="no")
    assert "Allow it all the same?" in browser.says
    assert latest() == {"history": "denied"}, "what needs no second step is saved at once"
    browser.press("Allow it")
    device = Device.objects.get().pk
    assert latest() == {ADS: "affirmed"}
    assert permitted(device, ADS)
    assert not permitted(device, "partner-sharing")
    browser.open(CENTRE)
    assert "Allowed despite your browser’s signal" in browser.says
    browser.press("Save")
    assert permitted(device, ADS), "saving other answers does not ask again"
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="no")
    assert not permitted(device, ADS)


def test_p5_2_2_2d_the_foot_says_that_a_signal_is_honoured_and_what_is_allowed_despite_it(window):
    """P5.2.2.2d: never that nothing is shared, where it is by the person's own second yes."""
    browser, honoured = window("US-CA", gpc=True), "Your browser asks us not to sell or share"
    browser.open("/")
    assert honoured in browser.says
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="yes")
    browser.press("Allow it")
    browser.open("/search/")
    name = in_force().words["en"].sentences[f"purposes.{ADS}.name"]
    assert f"Allowed despite your browser’s signal: {name}" in browser.says
    assert honoured not in browser.says
    browser.open(CENTRE)
    browser.press("Save", targeted_ads="no")
    browser.open("/search/")
    assert honoured in browser.says


def test_p2_11b_the_first_step_loaded_anew_or_sent_by_a_script_before_is_recorded_once(window):
    browser = window("US-CA", gpc=True, at=CENTRE)
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
    browser = window("US-VA", at="/privacy/opt-out/")
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
        browser = window(place, at="/privacy/opt-out/")
        browser.press("Opt out")
        assert said in browser.says
        browser.open(CENTRE)
        browser.press("Save", audience_uploads="yes")
        assert (latest().get("audience-uploads") == "granted") is (steps == 1)


def test_p5_2_2_2a_who_lives_where_one_opts_out_takes_two_steps_abroad_too(window, member):
    """P5.2.2.2a: crossing a border does not shorten the way back (11 CCR 7028)."""
    permissions.change(member.pk, lambda facts: permissions.resident(facts, "US-CA"))
    browser = window("US-CA", user=member, at="/privacy/opt-out/")
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


def test_opting_out_needs_no_page_before_it(window):
    browser = window()
    browser.post("/privacy/opt-out/", {})
    assert browser.page.status_code == 200
    assert not permitted(Device.objects.get().pk, ADS)


@pytest.mark.parametrize("place", ["DE", "BR", ""])
@pytest.mark.parametrize("gpc", [False, True])
def test_p4_1_3b_where_the_law_asks_first_the_page_speaks_of_no_sale(window, place, gpc):
    """Nothing is sold there before a yes: the page says what stops, and whose no it was."""
    browser = window(place, gpc=gpc, at="/privacy/opt-out/")
    assert "Advertising with your consent" in browser.says
    assert "Share with business partners" in browser.says
    if not gpc:
        browser.press("Opt out")
    assert ("Your browser’s signal says no for you." if gpc else "You said no.") in browser.says
    assert "sale" not in browser.says.lower()
    assert Answer.objects.count() == (0 if gpc else 1)


@pytest.mark.parametrize(("place", "said"), [("DE", "not to share"), ("", "not to share"),
                                             ("US-CA", "not to sell or share")])  # fmt: skip
def test_p4_1_3b_a_signal_is_said_in_the_words_of_the_law_there(window, place, said):
    """In the question, at the foot of each page, and where it closes what had been allowed."""
    browser = window(place, gpc=True)
    for times in (2, 1):
        browser.open("/")
        assert browser.says.count(f"Your browser asks us {said} your data") == times
        if times == 2:
            browser.press("Reject all")
    assert "sell" not in browser.says or place == "US-CA"


@pytest.mark.parametrize(("place", "sale"), [("DE", False), ("", False), ("US-CO", True)])
@pytest.mark.parametrize(
    ("address", "button"), [("/", "Reject all"), ("/privacy/opt-out/", "Opt out")]
)
def test_p4_1_3b_a_lost_answer_is_told_in_the_words_of_the_law_there(
    window, place, sale, address, button
):
    browser = window(place, at=address)
    at = browser.press(button, follow=False)["Location"]
    browser.client.cookies.clear()
    browser.open(at)
    said = "say no to sale and sharing" if sale else "say no to sharing and tailored advertising"
    assert said in browser.says


@pytest.mark.parametrize(("place", "said"), [("DE", "not to share"),
                                             ("US-CA", "not to sell or share")])  # fmt: skip
def test_p4_1_3b_so_is_one_that_closes_what_was_allowed(window, place, said):
    browser = window(place, at=CENTRE)
    browser.press("Save", targeted_ads="yes")
    browser.headers["sec-gpc"] = "1"
    browser.open("/")
    assert f"A browser of yours asks us {said} your data" in browser.says
