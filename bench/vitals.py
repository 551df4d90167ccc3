"""On a throttled phone: largest paint and layout shift of each page kind, and the first frame.

390 px, processor four times slower, 1.6 Mbit/s with 150 ms. The first frame of our player is
compared with a bare `<video>` that plays the smallest rendition as a file, in the same run.
"""

from __future__ import annotations

import os
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from _service import free_port, serving
from plainview.domains.playback.models import Package

PORT = free_port()
BASE = f"http://localhost:{PORT}"
ROUNDS = 3
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLAGS += ["--autoplay-policy=no-user-gesture-required"]
OBSERVE = """
window.measured = {lcp: 0, cls: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) measured.lcp = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => {
  for (const e of l.getEntries()) if (!e.hadRecentInput) measured.cls += e.value;
}).observe({type: 'layout-shift', buffered: true});
"""
FIRST_FRAME = """() => new Promise(done => {
  const video = document.querySelector('video');
  const start = performance.now();
  video.muted = true;
  video.requestVideoFrameCallback(() => done(performance.now() - start));
  video.play();
})"""


def phone(browser: Browser) -> Page:
    """A fresh page of a slow phone on a slow line."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 1_600_000 / 8,
            "uploadThroughput": 750_000 / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(OBSERVE)
    return page


def vitals(browser: Browser, path: str) -> tuple[float, float]:
    """(largest contentful paint in seconds, cumulative layout shift) of a first visit."""
    page = phone(browser)
    page.goto(BASE + path, wait_until="load")
    page.wait_for_timeout(1500)
    lcp, cls = page.evaluate("() => [measured.lcp, measured.cls]")
    page.context.close()
    return lcp / 1000, cls


def first_frame(browser: Browser, path: str, html: str = "") -> float:
    """Seconds from asking to play, once the page is loaded, to the first picture."""
    page = phone(browser)
    if html:
        page.route("**/bare", lambda r: r.fulfill(body=html, content_type="text/html"))
    page.goto(BASE + path, wait_until="load")
    if not html:
        page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    taken = page.evaluate(FIRST_FRAME) / 1000
    page.context.close()
    return float(taken)


def main() -> None:
    found = Package.objects.select_related("video__title").order_by("pk").first()
    if found is None:
        raise SystemExit("no film is there: run it with `make bench`")
    with serving(PORT, PLAINVIEW_JOB_WORKERS="0"), sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        report(browser, found)
        browser.close()


def report(browser: Browser, found: Package) -> None:
    watch = found.video.get_absolute_url()
    for path in ("/", found.video.title.get_absolute_url(), watch, "/search/?q=a"):
        measured = [vitals(browser, path) for _ in range(ROUNDS)]
        kind = "/".join(path.split("/")[:2]) or "/"
        lcp = statistics.median(m[0] for m in measured)
        cls = max(m[1] for m in measured)
        print(f"{kind:10} LCP {lcp:.2f} s (goal < 1.5)   CLS {cls:.3f} (goal < 0.05)")
    smallest = min(found.folder.glob("v*.mp4"), key=lambda p: p.stat().st_size)
    bare = f"<video src='{found.url(Path(smallest).name)}' muted></video>"
    ours = statistics.median(first_frame(browser, watch) for _ in range(ROUNDS))
    plain = statistics.median(first_frame(browser, "/bare", bare) for _ in range(ROUNDS))
    print(f"first frame: ours {ours:.2f} s, bare <video> {plain:.2f} s, ratio {ours / plain:.2f}")
