"""`make gallery`: every page in phone and desktop size, light and dark, in three scripts.

Serves the demonstration from a data folder of its own, goes through the first run for a staff
account, and writes `gallery/sheet.png` with one row a page and `gallery/pages/` with each picture.
`--url` shows a service that already runs instead, without the desk. A page that scrolls sideways,
cuts words off, fails to load, is called as another is, breaks the content policy or hinders people
(axe) is named, and the command fails. `--languages en-XA ar-XB` draws invented languages
(`tools/pseudo.py`).
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import acts
import browsers
import pseudo
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "gallery"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
LANGUAGES = ("en", "ar", "ko")
SCHEMES = ("light", "dark")
CELL_HEIGHT = 340
GAP, LABEL = 12, 30
READY_SECONDS = 240
CUT = (ROOT / "tools" / "cut.js").read_text("utf-8")


@dataclass
class Service:
    """Where the service is, and the token of its first run if it is ours."""

    url: str
    token: str = ""


@dataclass
class Findings:
    """What was wrong, each once."""

    seen: dict[str, None] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, where: str, what: str) -> None:
        self.seen[f"{where}: {what}"] = None

    def titled(self, page: Page, where: str) -> None:
        """Each address has a title of its own in each language, and one heading of the page."""
        language, path = page.evaluate("[document.documentElement.lang, location.pathname]")
        other = self.titles.setdefault((language, page.title()), path)
        if other != path:
            self.add(where, f"called as {other} is: {page.title()}")
        if (many := page.locator("h1").count()) != 1:
            self.add(where, f"has {many} headings of the page")


@contextmanager
def own_service(*, invented: bool = False) -> Iterator[Service]:
    """The demonstration on a free port; ends when every film that will play does."""
    kept = tempfile.TemporaryDirectory
    with kept(prefix="plainview-gallery-") as data, kept(prefix="plainview-policy-") as aside:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "PLAINVIEW_DATA_DIR": data, "PLAINVIEW_PORT": str(port)}
        if invented:
            policy = Path(aside) / "policy"
            pseudo.write_strings(Path(data))
            pseudo.write_policy(policy)
            environment["PLAINVIEW_POLICY_DIR"] = str(policy)
        log = (Path(data) / "serve.log").open("wb")
        serving = subprocess.Popen(
            [sys.executable, "-m", "plainview", "serve", "--demo"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://localhost:{port}"
            _wait_until(lambda: b"" if _read(f"{url}/healthz") else None, serving, data)
            print("Waiting for the demonstration's films …", flush=True)
            _wait_until(lambda: _played(url), serving, data)
            yield Service(url, (Path(data) / "setup-token").read_text().strip())
        finally:
            serving.terminate()
            serving.wait(30)


def _wait_until(done, serving: subprocess.Popen[bytes], data: str) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + READY_SECONDS
    while done() is None:
        if serving.poll() is not None:
            raise SystemExit((Path(data) / "serve.log").read_text()[-3000:])
        if time.monotonic() > deadline:
            print("Some films are still being prepared; going on without them.", flush=True)
            return
        time.sleep(1)


def _read(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return bytes(answer.read())
    except (urllib.error.URLError, OSError):
        return None


def _played(url: str) -> bytes | None:
    """The home page once no film on it is being made; what comes by its date is no such film."""
    page = _read(url + "/") or b""
    return page if b"/watch/" in page and b'<div class="card-state">' not in page else None


def doors(service: Service) -> list[tuple[str, str]]:
    """(name, path) of every public page, found as a visitor finds them."""
    home = (_read(service.url + "/") or b"").decode()
    titles = list(dict.fromkeys(re.findall(r'href="(/titles/[^"#?]+/)"', home)))
    found = [("home", "/")]
    read, series = home, ""
    for path in titles:
        page = (_read(service.url + path) or b"").decode()
        read += page
        series = series or (path if 'class="episodes"' in page else "")
    found += [("title", titles[0])] if titles else []
    found += [("series", series)] if series else []
    watch = re.search(r'href="(/watch/[^"/]+/)["#]', home)
    if watch:
        found += [("watch", watch[1]), ("transcript", watch[1] + "transcript/")]
        found += [("frame elsewhere", watch[1].replace("/watch/", "/embed/"))]
    kinds = {"person": "people", "collection": "collections", "genre": "genres", "tag": "tags"}
    for name, folder in kinds.items():
        named = re.search(rf'href="(/{folder}/[^"]+/)"', read)
        found += [(name, named[1])] if named else []
    return [
        *found,
        ("browse", "/search/"),
        ("search", "/search/?q=li"),
        ("nothing found", "/search/?q=zzz"),
        ("not there", "/nothing-here/"),
        ("privacy of a stranger", "/privacy/"),
        ("sign in", "/accounts/login/"),
        ("make an account", "/accounts/signup/"),
        ("reset password", "/accounts/password/reset/"),
        ("asking for rights", "/privacy/request/"),
        ("choices", "/privacy/choices/"),
        ("opt out", "/privacy/opt-out/"),
        ("notice", "/legal/privacy/"),
        ("notice of another place", "/legal/privacy/?place=us-ca#cards"),
        ("all versions", "/legal/privacy/versions/"),
        ("what applies", "/legal/place/"),
        ("what applies elsewhere", "/legal/place/?place=US-CA"),
        ("cookies", "/legal/cookies/"),
        ("terms", "/legal/terms/"),
        ("copyright", "/legal/copyright/"),
        ("accessibility", "/legal/accessibility/"),
        ("imprint", "/legal/imprint/"),
        ("help", "/help/"),
        ("the log", "/legal/log/"),
        ("check a receipt", "/legal/log/check/"),
    ]


def shoot(
    browser: Browser,
    service: Service,
    pages: list[tuple[str, str]],
    cookies: list[dict[str, object]],
    findings: Findings,
    languages: Sequence[str],
) -> dict[tuple[str, str, str, str], Path]:
    """One picture of each page in each size, scheme and language."""
    pictures = {}
    folder = OUT / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            for language in languages:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale=language,
                )
                if cookies:
                    context.add_cookies(cookies)  # type: ignore[arg-type]
                page = _listening(context, findings)
                for name, path in pages:
                    slug = name.replace(" ", "-")
                    target = folder / f"{slug}-{size}-{scheme}-{language}.png"
                    address = f"{service.url}{path}{'&' if '?' in path else '?'}lang={language}"
                    _visit(page, address, f"{name} ({size}, {language})", findings)
                    findings.titled(page, f"{name} ({size}, {language})")
                    page.screenshot(path=target)
                    if language != "ko":  # one page for each direction of writing
                        _judge(page, f"{name} ({size}, {scheme}, {language})", findings)
                    pictures[name, size, scheme, language] = target
                context.close()
    return pictures


def _listening(context: BrowserContext, findings: Findings) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: findings.add(page.url, str(error)))
    page.on(
        "console",
        lambda message: (
            findings.add(page.url, message.text)
            if message.type == "error" and "nothing-here" not in page.url
            else None
        ),
    )
    return page


def _visit(page: Page, address: str, where: str, findings: Findings) -> None:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(250)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        findings.add(where, f"scrolls sideways by {over} px")
    for cut in page.evaluate(CUT):
        findings.add(where, f"cut off: {cut}")


def _judge(page: Page, where: str, findings: Findings) -> None:
    """What axe says."""
    for violation in Axe().run(page).response["violations"]:
        nodes = "; ".join(str(node["target"][0]) for node in violation["nodes"][:3])
        findings.add(where, f"{violation['id']}: {violation['help']} ({nodes})")


def sheet(names: list[str], pictures: dict[tuple[str, str, str, str], Path]) -> Image.Image:
    """All pictures on one sheet: a row for each page, its name above."""
    languages = list(dict.fromkeys(language for _, _, _, language in pictures))
    columns = [(s, c, lang) for s in SIZES for c in SCHEMES for lang in languages]
    widths = [round(SIZES[size][0] * CELL_HEIGHT / SIZES[size][1]) for size, _, _ in columns]
    row = LABEL + CELL_HEIGHT + GAP
    whole = Image.new("RGB", (GAP + sum(widths) + GAP * len(widths), row * len(names)), "#6f675f")
    draw = ImageDraw.Draw(whole)
    font = ImageFont.load_default(18)
    for line, name in enumerate(names):
        x, y = GAP, line * row
        for (size, scheme, language), width in zip(columns, widths, strict=True):
            label = f"{name} · {language}" if size == "desktop" else language
            draw.text((x, y + 6), label, "white", font)
            with Image.open(pictures[name, size, scheme, language]) as picture:
                whole.paste(
                    picture.resize((width, CELL_HEIGHT), Image.Resampling.LANCZOS), (x, y + LABEL)
                )
            x += width + GAP
    return whole


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--url", help="a service that already runs")
    arguments.add_argument("--only", nargs="*", default=[], help="pages whose name has this in it")
    arguments.add_argument("--languages", nargs="+", default=LANGUAGES, metavar="TAG")
    given = arguments.parse_args()
    if given.url:
        return draw_all(Service(given.url.rstrip("/")), given.only, given.languages)
    invented = any(tag in pseudo.MADE for tag in given.languages)
    with own_service(invented=invented) as service:
        return draw_all(service, given.only, given.languages)


def asked_for(pages: list[tuple[str, str]], only: list[str]) -> list[tuple[str, str]]:
    """Those of `pages` whose name has one of the words of `only`; without words, all."""
    return [(name, path) for name, path in pages if not only or any(w in name for w in only)]


def draw_all(service: Service, only: list[str], languages: Sequence[str] = LANGUAGES) -> int:
    """Draw every page of `service`, or those asked for; 1 if something was wrong with one."""
    path = browsers.shell() or browsers.chromium()
    if not path:
        print("No Chromium can be had here, so there is no gallery. Install one and try again.")
        return 1
    findings = Findings()
    for language in languages:
        if language not in pseudo.MADE and not browsers.letters(language):
            findings.add(language, "this machine has no font for it, and draws boxes")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=None if path == "playwright" else path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        pages = doors(service)
        if service.token:
            pages.append(("first run", f"/setup/?token={service.token}"))
        pages = asked_for(pages, only)
        pictures = shoot(browser, service, pages, [], findings, languages)
        if service.token:
            cookies = acts.first_run(browser, service.url, service.token)
            for opened in acts.doors(browser, service.url, cookies):
                desk = asked_for(opened, only)
                pictures |= shoot(browser, service, desk, cookies, findings, languages)
                pages += desk
        browser.close()
    sheet([name for name, _ in pages], pictures).save(OUT / "sheet.png", optimize=True)
    print(f"{len(pictures)} pictures of {len(pages)} pages: {OUT / 'sheet.png'}")
    for finding in findings.seen:
        print(f"  wrong: {finding}")
    return 1 if findings.seen else 0


if __name__ == "__main__":
    sys.exit(main())
