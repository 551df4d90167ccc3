"""Our banner against three that people install, in one run, on a throttled phone.

390 px, processor four times slower, 1.6 Mbit/s with 150 ms. vanilla-cookieconsent, Klaro and c15t
come from npm into a temporary folder, each with the fewest settings that ask for two purposes; c15t
brings React, so it is bundled by the Vite of the front end as its own users do. Each asks on one
and the same page: the home page as served, with our banner and its script taken out. Ours is
that page as it is.

Then: how many decisions a second one process takes from a signed cookie, against no more than the
check of its signature.
"""

from __future__ import annotations

import gzip
import http.server
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory
from playwright.sync_api import Browser, sync_playwright

from _service import free_port, serving
from plainview.privacy import permissions
from plainview.privacy.consent import cookie
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "src/plainview/web/static/build"
PORT, ROUNDS, CALLS = free_port(), 5, 3000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PACKAGES = ["vanilla-cookieconsent@3", "klaro@0.7", "@c15t/react@2", "react@19", "react-dom@19"]
SITE = re.compile(r'<script type="module" src="[^"]*site[^"]*"></script>')
ASKED = re.compile(r'<section class="consent".*?</section>', re.DOTALL)
OBSERVE = """
window.measured = {cls: 0, paint: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) measured.cls += e.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => {
  for (const e of l.getEntries())
    if (e.name === 'first-contentful-paint') measured.paint = e.startTime;
}).observe({type: 'paint', buffered: true});
"""
VANILLA = """<link rel="stylesheet" href="/vanilla.css"><script type="module">
import { run } from "/vanilla.js";
run({ hideFromBots: false, categories: { necessary: { readOnly: true }, analytics: {}, ads: {} },
  language: { default: "en", translations: { en: {
    consentModal: { title: "Cookies", description: "May we?", acceptAllBtn: "Accept all",
      acceptNecessaryBtn: "Reject all", showPreferencesBtn: "Choose" },
    preferencesModal: { acceptAllBtn: "Accept all", acceptNecessaryBtn: "Reject all",
      savePreferencesBtn: "Save", sections: [{ title: "Visits", linkedCategory: "analytics" },
      { title: "Ads", linkedCategory: "ads" }] } } } } });
</script>"""
KLARO = """<script>window.klaroConfig = { elementID: "klaro", lang: "en", acceptAll: true,
  services: [{ name: "visits", purposes: ["analytics"] }, { name: "ads", purposes: ["ads"] }],
  translations: { en: { purposes: { analytics: { title: "Visits" }, ads: { title: "Ads" } } } } };
</script><script defer src="/klaro.js"></script>"""
C15T = '<div id="c15t"></div><script type="module" src="/c15t.js"></script>'
C15T_ENTRY = """
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { ConsentBanner, ConsentDialog, ConsentManagerProvider } from "@c15t/react";
import "@c15t/react/styles.css";
createRoot(document.getElementById("c15t")).render(
  h(ConsentManagerProvider, { options: { mode: "offline",
    consentCategories: ["necessary", "measurement", "marketing"] } },
    h(ConsentBanner), h(ConsentDialog)));
"""
VITE = ROOT / "frontend/node_modules/vite/dist/node/index.js"
BUILDER = """
import path from "node:path";
const [vite, root] = process.argv.slice(2);
const { build } = await import(vite);
await build({ root, logLevel: "error", configFile: false,
  define: { "process.env.NODE_ENV": '"production"' },
  build: { outDir: "out", modulePreload: false, cssCodeSplit: false, rolldownOptions: {
    input: path.join(root, "entry.js"), output: { entryFileNames: "c15t.js",
    assetFileNames: "c15t[extname]", codeSplitting: false } } } });
"""


class Asker(NamedTuple):
    """A banner: what the page adds for it, its files by name, and the button that says no."""

    snippet: str
    files: dict[str, Path]
    no: str


def packages(folder: Path) -> dict[str, Asker]:
    """The three, from npm. Raises CalledProcessError where npm can't be had."""
    npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    subprocess.run(npm, check=True, capture_output=True, timeout=300)
    here = folder / "node_modules"
    entry = folder / "entry.js"
    entry.write_text(C15T_ENTRY)
    (folder / "build.mjs").write_text(BUILDER)
    command = ["node", str(folder / "build.mjs"), str(VITE), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    vanilla = here / "vanilla-cookieconsent/dist"
    built = {path.name: path for path in (folder / "out").glob("c15t*")}
    style = next((name for name in built if name.endswith(".css")), "")
    link = f'<link rel="stylesheet" href="/{style}">' if style else ""
    return {
        "vanilla-cookieconsent": Asker(
            VANILLA,
            {
                "vanilla.js": vanilla / "cookieconsent.esm.js",
                "vanilla.css": vanilla / "cookieconsent.css",
            },
            "#cc-main button[data-role=necessary]",
        ),
        "klaro": Asker(KLARO, {"klaro.js": here / "klaro/dist/klaro.js"}, "#klaro .cn-decline"),
        "c15t": Asker(link + C15T, built, "button:has-text('Reject All')"),
    }


def weight(files: dict[str, Path]) -> int:
    """Bytes as they travel."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files.values())


def ours() -> int:
    """The bytes of our script and of the banner's markup; its styles are in the site's sheet."""
    page = urllib.request.urlopen(f"http://localhost:{PORT}/").read().decode()
    markup = ASKED.search(page)
    assert markup is not None
    sheet = (ROOT / "frontend/design/choices.css").read_bytes()
    script = (BUILD / "site.js").read_bytes()
    return sum(len(gzip.compress(each, 9)) for each in (script, markup[0].encode(), sheet))


def served(body: str, files: dict[str, Path]) -> type[http.server.BaseHTTPRequestHandler]:
    """A handler that serves a page with the files of its banner, and the site's own."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = files.get(self.path.lstrip("/"))
            if self.path == "/":
                self.answer(body.encode(), "text/html; charset=utf-8")
            elif path is not None:
                kind = "text/css" if path.suffix == ".css" else "text/javascript"
                self.answer(path.read_bytes(), kind)
            else:
                try:
                    theirs = urllib.request.urlopen(f"http://localhost:{PORT}{self.path}")
                except urllib.error.HTTPError:
                    self.send_error(404)
                    return
                self.answer(theirs.read(), theirs.headers["Content-Type"])

        def answer(self, content: bytes, kind: str) -> None:
            small = kind.startswith(("text/", "image/svg"))
            content = gzip.compress(content) if small else content
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if small:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


class Seen(NamedTuple):
    """A first visit: milliseconds to the first paint, to a no that can be given, busy; shift."""

    paint: float
    ready: float
    busy: float
    shift: float


def visit(browser: Browser, name: str, url: str, no: str) -> Seen:
    """One first visit of a slow phone on a slow line, until the no is there and can be pressed."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        locale="en-GB",
        extra_http_headers={"X-Place": "DE"},
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Performance.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 200_000,
            "uploadThroughput": 93_750,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(OBSERVE)
    page.goto(url, wait_until="commit")
    page.locator(no).first.wait_for(state="visible")
    ready = page.evaluate("performance.now()")
    page.wait_for_load_state("load")
    page.wait_for_timeout(1200)
    found = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    measured = page.evaluate("measured")
    if folder := os.environ.get("BANNER_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
    context.close()
    return Seen(measured["paint"], ready, found["TaskDuration"] * 1000, measured["cls"])


def median(seen: list[Seen]) -> Seen:
    return Seen(*(statistics.median(column) for column in zip(*seen, strict=True)))


def decisions() -> None:
    """A request with the signed cookie of a device: is this purpose permitted?"""
    answers = dict.fromkeys(in_force().asks("DE"), "granted")
    facts = permissions.answered(permissions.newcomer("eu"), answers)
    response = HttpResponse()
    cookie.hand(response, cookie.remember(1, 0, facts))
    carried = response.cookies[cookie.NAME].value
    factory = RequestFactory(headers={"X-Place": "DE"})
    factory.cookies[cookie.NAME] = carried
    request = factory.get("/")
    request.user = None  # type: ignore[assignment]

    def whole() -> None:
        assert Visitor(request).permits("history")

    def signature() -> None:
        signing.loads(carried, salt=cookie.SALT, max_age=cookie.LIFE)

    rates = {}
    for name, call in (("decision", whole), ("signature alone", signature)):
        call()
        best = 0.0
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(CALLS):
                call()
            best = max(best, CALLS / (time.process_time() - start))
        rates[name] = best
    print(f"decisions from a signed cookie: {rates['decision']:.0f} a second, one process")
    print(f"  the signature alone: {rates['signature alone']:.0f} a second;", end=" ")
    print(f"decision / signature: {rates['signature alone'] / rates['decision']:.2f} of its time")


def main() -> None:
    decisions()
    said = {
        "PLAINVIEW_JOB_WORKERS": "0",
        "PLAINVIEW_TRUSTED_PROXIES": "1",
        "PLAINVIEW_PLACE_HEADER": "X-Place",
    }
    with serving(PORT, **said), tempfile.TemporaryDirectory() as folder:
        try:
            others = packages(Path(folder))
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"!!! LEFT OUT: the three others can't be fetched from npm: {error}")
            others = {}
        compare(others)


def compare(others: dict[str, Asker]) -> None:
    ask = urllib.request.Request(
        f"http://localhost:{PORT}/", headers={"X-Place": "DE", "Accept-Language": "en"}
    )
    with urllib.request.urlopen(ask) as answer:  # noqa: S310
        page = answer.read().decode()
    bare, mine = Asker("", {}, "main"), Asker("", {}, ".consent button[value=reject]")
    without = SITE.sub("", ASKED.sub("", page))
    places, servers = {}, []
    for name, asker in {"ours": mine, "no banner": bare, **others}.items():
        body = page if asker is mine else without.replace("</body>", f"{asker.snippet}</body>")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), served(body, asker.files))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        places[name] = (f"http://localhost:{server.server_address[1]}/", asker.no)
    with sync_playwright() as running:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        seen: dict[str, list[Seen]] = {name: [] for name in places}
        for _ in range(ROUNDS):
            for name, (url, no) in places.items():
                seen[name].append(visit(browser, name, url, no))
        browser.close()
    for server in servers:
        server.shutdown()
    weights = {"ours": ours(), "no banner": 0} | {n: weight(a.files) for n, a in others.items()}
    own = median(seen["ours"])
    print("name                     KB gz   ratio   paint   ready   ratio    busy    shift")
    for name, visits in seen.items():
        each = median(visits)
        print(
            f"{name:22} {weights[name] / 1000:7.1f} {weights[name] / weights['ours']:7.2f}"
            f" {each.paint:7.0f} {each.ready:7.0f} {each.ready / own.ready:7.2f}"
            f" {each.busy:7.0f} {each.shift:8.4f}"
        )
