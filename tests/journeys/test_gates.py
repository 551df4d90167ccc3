"""P1.2.6a, P5.1.3a: something of others on a page loads after a yes, in its frame, until a no."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from tests.journeys.conftest import Service, copy_of, launched
from tests.journeys.thirdparty import Visits, third_party

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
HOST = "embed.roundtable.example"
POLICY = Path(__file__).parents[2] / "policy"
DECLARED = """
[recipient.roundtable.embeds.widget]
purpose = "comments-embed"
kinds = ["script"]
origins = ["https://embed.roundtable.example"]

[recipient.kestrel.embeds.pixel]
purpose = "ad-measurement"
kinds = ["image"]
origins = ["https://embed.roundtable.example"]

"""
SNIPPETS = """
{% consent_gate "roundtable.comments" title="Comments" %}
<iframe src="https://embed.roundtable.example/box?of={{ request.path }}"></iframe>
{% endconsent_gate %}
{% consent_gate "roundtable.widget" title="A widget" size="small" %}
<script>window.begun = true</script><script src="https://embed.roundtable.example/widget.js"></script>
{% endconsent_gate %}
{% consent_gate "kestrel.pixel" title="Counting" quiet=True %}
<img src="https://embed.roundtable.example/pixel.gif" alt="">
{% endconsent_gate %}
"""


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    with third_party(HOST, tmp_path_factory.mktemp("others")) as visits:
        yield visits


@pytest.fixture(scope="module")
def operated(tmp_path_factory: pytest.TempPathFactory, laid: Service) -> Iterator[Service]:
    """A service whose operator declared two more embeds and put them on every page."""
    folder = tmp_path_factory.mktemp("operated")
    shutil.copytree(POLICY, folder / "law")
    recipients = folder / "law/recipients.toml"
    recipients.write_text(recipients.read_text() + DECLARED)
    (folder / "templates/operator").mkdir(parents=True)
    (folder / "templates/operator/page_end.html").write_text(SNIPPETS)
    service = copy_of(laid, folder)
    service.environment["PLAINVIEW_POLICY_DIR"] = str(folder / "law")
    service.environment["PLAINVIEW_TEMPLATES_DIR"] = str(folder / "templates")
    service.environment["PLAINVIEW_JOB_WORKERS"] = "0"  # nothing here waits for one
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def finding(playwright: Playwright, others: Visits) -> Iterator[Browser]:
    """A browser that finds the third party on this machine and keeps no cookie of it."""
    found = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{others.port}"
    running = launched(playwright, found, "--test-third-party-cookie-phaseout")
    yield running
    running.close()


@pytest.fixture
def context(finding: Browser, others: Visits, request) -> Iterator[BrowserContext]:
    """A fresh visitor in it. Parameters go to the context."""
    wanted = {"locale": "en-GB", "ignore_https_errors": True, **getattr(request, "param", {})}
    others.seen.clear()
    others.told.clear()
    made = finding.new_context(**wanted)
    yield made
    made.close()


def load(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Load it {title}").click()


def boxed(page: Page) -> None:
    """Wait until the comments have come, not only the frame for them."""
    frame = page.frame_locator("iframe[title='Comments']").frame_locator("iframe")
    frame.locator("#box").wait_for()


def test_nothing_is_fetched_before_a_yes_and_one_yes_fetches_one_thing(context, operated, others):
    context.set_extra_http_headers({"X-Place": "DE"})
    page = context.new_page()
    page.goto(f"{operated.url}/help/")
    page.wait_for_load_state("networkidle")
    assert others.seen == []
    asked = page.locator("consent-gate").first.inner_text()
    assert "Roundtable Comments (the Netherlands)" in asked, "who"
    assert "Loading it tells them: your network address" in asked
    assert not Axe().run(page).response["violations"]
    lies = "() => [...document.querySelectorAll('.gate')].map(e => [e.offsetTop, e.offsetHeight])"
    before = page.evaluate(lies)
    load(page, "Comments")
    boxed(page)
    assert page.evaluate(lies)[0] == before[0], "nothing moves"
    assert "/box?of=/help/" in others.seen
    assert "/pixel.gif" not in others.seen, "what was not allowed is not fetched"
    sent = others.told[others.seen.index("/box?of=/help/")]
    assert "/help/" not in sent.get("referer", "")


def test_a_script_of_others_runs_without_our_origin(context, operated, others):
    context.set_extra_http_headers({"X-Place": "DE"})
    page = context.new_page()
    page.goto(f"{operated.url}/help/")
    load(page, "A widget")
    inside = page.frame_locator("iframe[title='A widget']")
    seen = json.loads(inside.locator("#widget").inner_text())
    assert seen == {"parent": "refused", "local": "refused", "cookie": "refused"}
    scripted = next(each for each in page.frames if each.query_selector("#widget"))
    assert scripted.evaluate("window.begun") is True, "an inline script of the snippet runs"
    assert (
        scripted.evaluate(
            "fetch('https://embed.roundtable.example/x').then(() => 'sent', () => 'refused')"
        )
        == "refused"
    ), "what was not declared is refused"
    top = context.new_page()
    top.goto(scripted.url)
    assert top.evaluate("self.origin") == "null", "opened by itself it has no origin of ours either"


def test_p5_1_3a_a_no_in_one_tab_ends_it_in_the_other_at_once(context, operated, others):
    context.set_extra_http_headers({"X-Place": "DE"})
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{operated.url}/help/")
    load(first, "Comments")
    boxed(first)
    boxed(second)  # the yes was heard there too
    others.seen.clear()
    first.goto(f"{operated.url}/privacy/choices/")
    first.get_by_role("button", name="Reject all").click()
    first.wait_for_load_state()
    second.locator("iframe[title='Comments']").wait_for(state="detached")
    expect(second.get_by_role("button", name="Load it")).to_have_count(2)
    snippet = second.request.get(f"{operated.url}/privacy/snippet/?of=forged")
    assert snippet.status == 404
    assert "/box?of=/help/" not in others.seen


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_script_a_yes_loads_the_page_anew_with_it(context, operated, others):
    context.set_extra_http_headers({"X-Place": "DE"})
    page = context.new_page()
    page.goto(f"{operated.url}/help/")
    assert others.seen == []
    load(page, "Comments")
    boxed(page)
    assert page.url.removesuffix("#saved") == f"{operated.url}/help/"


def test_what_nobody_declared_is_refused_by_the_content_policy(context, operated, others):
    page = context.new_page()
    refused: list[str] = []
    context.expose_function("refused", lambda what: refused.append(what))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => refused(e.effectiveDirective))"
    )
    page.goto(f"{operated.url}/help/")
    page.evaluate(
        """async () => {
          for (const [tag, of] of [["script", "src"], ["img", "src"], ["iframe", "src"]]) {
            const each = document.createElement(tag);
            each[of] = `https://embed.roundtable.example/planted-${tag}`;
            document.body.append(each);
          }
          const gate = document.createElement("consent-gate");
          gate.innerHTML = '<iframe src="https://embed.roundtable.example/planted-gate"></iframe>';
          document.body.append(gate);
          await fetch("https://embed.roundtable.example/planted-fetch").catch(() => {});
          await new Promise((done) => setTimeout(done, 200));
        }"""
    )
    assert others.seen == []
    assert {"script-src-elem", "img-src", "frame-src", "connect-src"} <= set(refused)
    assert page.evaluate("document.querySelector('consent-gate:last-of-type iframe')") is None
