"""What a *browser* is made to tell others: frames, scripts, pixels, preconnects and redirects.

The policy declares each (`[recipient.<id>.embeds.<name>]`), with recipient, purpose and origins.
Whatever is not declared is refused: loads by the Content-Security-Policy, which is widened only for
what a page places and its reader permits; redirects by the middleware; templates by the check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plainview.privacy.disclosures import deciding, services
from plainview.privacy.disclosures.fetching import foreign, origin
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import visitor_of

Handler = Callable[[HttpRequest], HttpResponseBase]
DIRECTIVES = {
    "frame": "frame-src",
    "script": "script-src",
    "style": "style-src",
    "font": "font-src",
    "image": "img-src",
    "media": "media-src",
    "fetch": "connect-src",
    "redirect": "form-action",
}
"""The directive of the Content-Security-Policy by kind; none governs a preconnect."""


class UnknownEmbed(LookupError):
    """The policy declares no embed of that name."""


@dataclass(frozen=True, slots=True)
class Embed:
    """What a browser fetches from a recipient, or is led to; `name` is `recipient.embed`.

    `discloses` are the categories that the browser tells thereby, and `referrer` is what the
    element says as `referrerpolicy`.
    """

    name: str
    recipient: str
    who: str
    purpose: str
    kinds: tuple[str, ...]
    origins: tuple[str, ...]
    discloses: tuple[str, ...]
    referrer: str
    country: str
    notice_url: str


def declared() -> tuple[Embed, ...]:
    """Every embed of the policy in force."""
    return tuple(
        Embed(
            f"{recipient.id}.{name}",
            recipient.id,
            recipient.name,
            each.purpose,
            each.kinds,
            each.origins,
            each.discloses,
            "strict-origin" if each.referrer == "site" else "no-referrer",
            recipient.country,
            recipient.notice_url,
        )
        for recipient in in_force().recipients.values()
        for name, each in recipient.embeds.items()
    )


def named(name: str) -> Embed:
    """The embed of that name. Raises UnknownEmbed."""
    for each in declared():
        if each.name == name:
            return each
    raise UnknownEmbed(
        f"no embed `{name}` in the policy; declare it in recipients.toml under its recipient"
    )


def allowed(request: HttpRequest) -> tuple[Embed, ...]:
    """The embeds that the person at the door permits now, for purpose and recipient alike."""
    visitor = visitor_of(request)
    return tuple(each for each in declared() if visitor.permits(each.purpose, each.recipient))


def place(request: HttpRequest, name: str) -> Embed | None:
    """The embed, if its reader permits it, for the page that is being made; else None.

    The page may then load from its origins, is kept by no shared cache, and the ledger says so of
    whoever is known. Raises UnknownEmbed.
    """
    embed = named(name)
    visitor = visitor_of(request)
    if not visitor.permits(embed.purpose, embed.recipient):
        return None
    placed: dict[str, Embed] = request.__dict__.setdefault("_embeds", {})
    if name not in placed and visitor.subject is not None:
        try:
            services.told_by_browser(
                visitor.subject, embed.recipient, embed.purpose, embed.discloses
            )
        except deciding.Denied:
            return None  # the row is the truth; the browser's cookie is behind it
    return placed.setdefault(name, embed)


def sources(embeds: Iterable[Embed]) -> dict[str, list[str]]:
    """What the Content-Security-Policy permits for these: directives to origins."""
    found: dict[str, list[str]] = {}
    for each in embeds:
        for kind in each.kinds:
            if kind in DIRECTIVES:
                origins = found.setdefault(DIRECTIVES[kind], [])
                origins += [origin for origin in each.origins if origin not in origins]
    return found


class Embedding:
    """Middleware: widens the content policy for what was placed, and lets nothing lead elsewhere.

    Stands within django-csp's. A redirect, a refresh or a hint to a foreign origin that the reader
    did not permit becomes a 403.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        placed: dict[str, Embed] = request.__dict__.get("_embeds", {})
        if placed:
            wider: dict[str, list[str]] = dict(getattr(response, "_csp_update", None) or {})
            for directive, origins in sources(placed.values()).items():
                wider[directive] = [*wider.get(directive, []), *origins]
            response._csp_update = wider  # type: ignore[attr-defined]
            del response["Cache-Control"]
            patch_cache_control(response, private=True, no_cache=True)
        for away in _led_to(response):
            if not _own(away, request) and not _may_lead(away, request):
                raise PermissionDenied("a redirect to an origin that nothing declares")
        return response


def _led_to(response: HttpResponseBase) -> Iterator[str]:
    """Where headers send a browser: a redirect, a refresh, hints to connect or fetch early."""
    if 300 <= response.status_code < 400 and response.has_header("Location"):
        yield response["Location"]
    yield from re.findall(r"(?i)url=\s*[\"']?([^\"'\s]+)", response.get("Refresh", ""))
    yield from re.findall(r"<([^>]+)>", response.get("Link", ""))


def _own(address: str, request: HttpRequest) -> bool:
    parts = urlsplit(address.replace("\\", "/"))
    own = parts.netloc in {"", settings.PUBLIC.netloc, request.get_host()}
    return own and parts.scheme in {"", "http", "https"}


def _may_lead(address: str, request: HttpRequest) -> bool:
    to, leading = origin(address), {"redirect", "preconnect"}
    return any(to in e.origins and leading.intersection(e.kinds) for e in allowed(request))


def undeclared(origins: Iterable[str]) -> list[str]:
    """Those of the origins that no embed of the policy declares."""
    known = {origin for each in declared() for origin in each.origins}
    return sorted(set(origins) - known)


def templates() -> Iterator[Path]:
    """The templates of the operator and of every installed app; letters are checked apart."""
    ours = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    own = [Path(settings.ENV.templates_dir)] if settings.ENV.templates_dir else []
    for folder in [*own, *ours]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".html", ".svg") and "mail" not in path.parts:
                yield path


def check(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """No template has a browser tell anybody anything that the policy does not declare."""
    return [
        Error(
            f"the template {path.parent.name}/{path.name} fetches from {each}, which no embed"
            " of the policy declares",
            hint="declare it under its recipient in policy/recipients.toml (`embeds`), or serve it"
            " from here",
            id="privacy.E045",
        )
        for path in templates()
        for each in undeclared(foreign(path.read_text(errors="replace")))
    ]
