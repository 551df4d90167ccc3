"""The pictures of the README, and the sign of the site for systems that draw no SVG.

`python tools/pictures.py`, or `--url` for a service that runs. Writes `icon-180.png` and
`icon-512.png` beside `icon.svg`, without round corners: a telephone cuts its own. Goes through a
first evening as a stranger would, in a real browser: the home page with its banner, a film that
plays, Your privacy, and what that page used. Writes `docs/pictures/home.jpg` and
`docs/pictures/evening.jpg`, each some 100 KB.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from contextlib import nullcontext
from pathlib import Path

import browsers
from gallery import Service, own_service
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PHONE, DESKTOP = (390, 844), (1440, 900)
GAP, GROUND = 18, "#efe7da"
SIGN = Path(__file__).resolve().parent.parent / "src/plainview/web/static/icon.svg"
SIGN_SIZES = (180, 512)
HEIGHT = {"home": 620, "evening": 560}
PLAYED_SECONDS = 5
SETTLED_MS = 800


def evening(page: Page, url: str, folder: Path) -> list[Path]:
    """A picture of each stop of the evening, on a phone."""
    shots: list[Path] = []

    def shoot() -> None:
        shots.append(folder / f"evening-{len(shots)}.png")
        page.screenshot(path=shots[-1])

    page.goto(url)
    page.wait_for_timeout(300)
    shoot()
    page.get_by_role("button", name="Accept all").click()
    page.wait_for_selector("[data-consent][data-answered]", state="attached")
    watch = page.locator('a[href^="/watch/"]').first.get_attribute("href")
    page.goto(f"{url}{watch}")
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate("document.querySelector('video').play()")
    while page.evaluate("document.querySelector('video').currentTime") < PLAYED_SECONDS:
        page.wait_for_timeout(100)
    shoot()
    page.goto(url)
    page.wait_for_timeout(SETTLED_MS)
    page.goto(f"{url}/privacy/")
    page.wait_for_timeout(SETTLED_MS)
    shoot()
    page.goto(url)
    page.locator("form[action$='/privacy/used/'] button").click()
    page.wait_for_url("**/privacy/used/")
    page.wait_for_timeout(SETTLED_MS)
    shoot()
    return shots


def home(browser: Browser, url: str, folder: Path) -> list[Path]:
    """The home page on a phone and at a desk."""
    shots = []
    for name, (width, height) in (("phone", PHONE), ("desktop", DESKTOP)):
        page = browser.new_page(viewport={"width": width, "height": height}, locale="en")
        page.goto(url)
        page.wait_for_timeout(300)
        shots.append(folder / f"home-{name}.png")
        page.screenshot(path=shots[-1])
        page.close()
    return shots


def signs(browser: Browser) -> None:
    """The sign as a picture, in the sizes that telephones ask for."""
    drawn = re.sub(r' rx="\d+"', "", SIGN.read_text("utf-8"))
    for size in SIGN_SIZES:
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawn}")
        target = SIGN.with_name(f"icon-{size}.png")
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            picture.convert("RGB").quantize(64).save(target, optimize=True)
        page.close()


def beside(shots: list[Path], height: int, target: Path) -> None:
    """The pictures side by side on one ground, as a JPEG."""
    drawn = []
    for path in shots:
        with Image.open(path) as picture:
            size = (round(picture.width * height / picture.height), height)
            drawn.append(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))
    width = sum(each.width for each in drawn) + GAP * (len(drawn) + 1)
    whole = Image.new("RGB", (width, height + 2 * GAP), GROUND)
    x = GAP
    for each in drawn:
        whole.paste(each, (x, GAP))
        x += each.width + GAP
    whole.save(target, quality=80, optimize=True, progressive=True)
    print(f"{target}: {target.stat().st_size // 1024} KB")


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--url", help="a service that already runs")
    url = arguments.parse_args().url
    path = browsers.chromium()
    if not path:
        print("No Chromium can be had here, so there are no pictures. Install one and try again.")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    start = nullcontext(Service(url.rstrip("/"))) if url else own_service()
    with start as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=None if path == "playwright" else path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        signs(browser)
        page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="en")
        shots = {
            "home": home(browser, service.url, OUT),
            "evening": evening(page, service.url, OUT),
        }
        browser.close()
    for name, some in shots.items():
        beside(some, HEIGHT[name], OUT / f"{name}.jpg")
        for each in some:
            each.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
