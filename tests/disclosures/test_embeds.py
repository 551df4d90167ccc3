"""What a browser is made to tell others is declared, permitted and recorded (P1.3.2a, P4.1.1a)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import include, path
from tests.disclosures.conftest import change, enter, words

from plainview.privacy.disclosures import embeds
from plainview.privacy.disclosures.fetching import foreign
from plainview.privacy.gate.doors import serves
from plainview.privacy.models import Disclosure, Recall

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.disclosures.test_embeds")]
YES = {"comments-embed": "granted"}
BOX = "https://embed.roundtable.example"
FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


@serves("browse", may=["account"], source="use")
def talk(request: HttpRequest) -> HttpResponse:
    """A page with somebody else's comment box, if its reader permits it."""
    box = embeds.place(request, "roundtable.comments")
    if box is None:
        return HttpResponse("no box")
    frame = f'<iframe src="{box.origins[0]}/1" referrerpolicy="{box.referrer}"></iframe>'
    return HttpResponse(frame)


@serves("browse", source="use")
def away(request: HttpRequest) -> HttpResponse:
    """A redirect to wherever the address asks."""
    return HttpResponseRedirect(request.GET["to"])


@serves("browse", source="use")
def hinting(request: HttpRequest) -> HttpResponse:
    """A page whose header has the browser connect elsewhere."""
    return HttpResponse("hints", headers={"Link": "<https://cdn.example>; rel=preconnect"})


urlpatterns = [
    path("talk/", talk),
    path("away/", away),
    path("hinting/", hinting),
    path("", include("plainview.web.urls")),
]


def policy_of(page: HttpResponse) -> dict[str, str]:
    said = (part.strip().partition(" ") for part in page["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in said}


def test_p1_3_2a_nothing_of_others_loads_before_it_is_permitted(member):
    for client in (Client(), enter(member("ines"))):
        page = client.get("/talk/")
        assert page.content == b"no box"
        assert policy_of(page)["frame-src"] == "'self'"
        assert BOX not in page["Content-Security-Policy"]
    assert not Disclosure.objects.exists()


def test_p4_1_1a_a_permitted_embed_opens_its_own_origin_on_its_own_page(member):
    ines = member("ines", choices=YES)
    client = enter(ines)
    page = client.get("/talk/")
    assert policy_of(page)["frame-src"] == f"'self' {BOX}"
    assert policy_of(page)["script-src"] == "'self'"
    assert 'referrerpolicy="no-referrer"' in page.content.decode()
    assert "private" in page["Cache-Control"]
    assert policy_of(client.get("/help/"))["frame-src"] == "'self'", "no other page is wider"
    change(ines, choices={"comments-embed": "denied"})
    assert policy_of(client.get("/talk/"))["frame-src"] == "'self'", "a no counts at once"


def test_p5_2_1_1b_the_ledger_says_what_the_browser_told_once_a_day(member):
    ines = member("ines", choices=YES)
    client = enter(ines)
    client.get("/talk/")
    client.get("/talk/")
    row = Disclosure.objects.get()
    assert (row.subject, row.recipient, row.state) == (ines.pk, "roundtable", "browser")
    assert row.categories == "device.address device.agent device.storage"
    page = words(client.get("/privacy/disclosures/"))
    assert "Roundtable Comments" in page
    assert "Told by your browser" in page
    change(ines, choices={"comments-embed": "denied"})
    assert not Recall.objects.exists(), "they know no name of ours by which to be called back"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "https://embed.roundtable.example/",
    ],
)
def test_a_redirect_that_nobody_declares_leads_nowhere(to):
    answer = Client().get("/away/", {"to": to})
    assert answer.status_code == 403
    assert "Location" not in answer


def test_redirects_within_the_service_pass():
    assert Client().get("/away/", {"to": "/help/"}).status_code == 302
    assert Client().get("/away/", {"to": "http://testserver/help/"}).status_code == 302


def test_a_hint_to_connect_elsewhere_is_refused_too():
    assert Client().get("/hinting/").status_code == 403


FETCHES = {
    "image": '<img alt="" src="https://x.example/p.gif">',
    "pixel without quotes": "<img src=//x.example/p.gif>",
    "source set": '<source srcset="https://x.example/a 1x">',
    "frame": "<iframe title=a src='https://X.example/'></iframe>",
    "script": '<script\n async src="https://x.example/a.js"></script>',
    "style sheet": '<link rel="stylesheet" href="https://x.example/a.css">',
    "preconnect": '<link rel="preconnect" href="https://x.example">',
    "look-up": '<link href="//x.example" rel="dns-prefetch">',
    "form": '<form action="https://x.example/">',
    "button": '<button formaction="https://x.example/">',
    "ping": '<a href="/" ping="https://x.example/p">',
    "refresh": '<meta http-equiv="refresh" content="0; url=https://x.example/">',
    "style": "a { background: url( 'https://x.example/a.png') }",
    "import": '@import "https://x.example/a.css";',
    "drawing": '<svg><image xlink:href="https://x.example/a.png"/></svg>',
}


@pytest.mark.parametrize("markup", FETCHES.values(), ids=FETCHES)
def test_what_has_a_browser_fetch_elsewhere_is_found(markup):
    (origin,) = foreign(markup)
    assert origin in ("https://x.example", "http://x.example")
    assert embeds.undeclared({origin})


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://x.example/">away</a>',
        '<link rel="canonical" href="https://x.example/">',
        '<img src="/media/a.png"><script src="{% static \'a.js\' %}"></script>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_what_only_names_an_address_is_not(markup):
    assert not foreign(markup)


def test_a_template_that_fetches_from_elsewhere_stops_the_start(tmp_path, monkeypatch):
    assert embeds.check() == []
    page = tmp_path / "page.html"
    page.write_text('<img src="https://pixel.example/1.gif">')
    monkeypatch.setattr(embeds, "templates", lambda: [page])
    (problem,) = embeds.check()
    assert "https://pixel.example" in problem.msg
    page.write_text(f'<iframe src="{BOX}/1"></iframe>')
    assert embeds.check() == [], "a declared one passes"


def uncommented(code: str) -> str:
    """Code without its remarks, which may name a specification."""
    return re.sub(r"/\*.*?\*/|^\s*// .*?$", "", code, flags=re.DOTALL | re.MULTILINE)


VOCABULARIES = ("www.w3.org", "purl.org/dc/terms", "w3id.org/dpv", "schema.org")
"""Names that documents state and nobody fetches."""


def test_no_script_or_style_of_ours_names_an_address_elsewhere():
    found = {
        f"{source.name}: {address}"
        for kind in ("ts", "css")
        for source in FRONTEND.rglob(f"*.{kind}")
        if "node_modules" not in source.parts
        and "tests" not in source.parts
        and not source.name.endswith(".test.ts")
        for address in re.findall(
            r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"'`)]*", uncommented(source.read_text())
        )
        if not address.partition("//")[2].startswith(VOCABULARIES)
    }
    assert not found


def test_other_sites_learn_no_page_from_the_referrer():
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
    assert Client().get("/help/")["Referrer-Policy"] == "same-origin"
