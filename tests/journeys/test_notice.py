"""The notice as a browser shows it: folded, opened by its addresses, whole on paper."""

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
NOTICE = "/legal/privacy/"
SHOWN = "(all) => all.map((each) => each.checkVisibility())"


@pytest.fixture(params=[True, False], ids=["script", "bare"])
def page(browser, service, request):
    """The notice on a phone, with script and without."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    opened = context.new_page()
    opened.goto(service.url + NOTICE)
    yield opened
    context.close()


def test_p0h_an_address_opens_what_it_is_folded_in_and_on_paper_all_is_whole(page, service):
    folded = page.locator(".use-body, .law-body")
    assert not any(folded.evaluate_all(SHOWN))
    page.emulate_media(media="print")
    shown = folded.evaluate_all(SHOWN)
    assert len(shown) > 60 and all(shown)
    assert not page.locator(".button").filter(visible=True).count(), "nobody presses paper"
    page.emulate_media(media="screen")
    for address, words in (
        ("purpose-recommend", "To put first what you may like"),
        ("P5.1.3d", "The advertising trade has pages of its own"),
    ):
        found = page.get_by_text(words).first
        assert not found.is_visible()
        page.goto(f"{service.url}{NOTICE}#{address}")
        found.wait_for(state="visible")
        assert 0 < found.bounding_box()["y"] < 844
