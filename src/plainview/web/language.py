"""The language of a page: which are offered, which one somebody asks for, and remembering it.

What is remembered serves only what the person just asked for (P2.1.3b).
"""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_POST
from langcodes import tag_distance

from plainview.domains.accounts import services as accounts
from plainview.platform import languages
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force

# CLDR's distances: a region makes 5 (pt-PT and pt-BR), a near relative 20 (gl and es), another
# script of one's own language 54 (zh-CN and zh-Hant), a stranger 84 and more.
_OWN, _READABLE = 19, 60
_MOST = 60
"""So many languages of one header are looked at."""


def offered() -> list[str]:
    """The tags of the languages in which pages and the policy in force can both be read (P0h).

    All of the pages' if the policy speaks none of them: its words then stand in its own.
    """
    spoken = in_force().head.languages
    both = [tag for tag in languages.offered() if languages.PSEUDO.get(tag, tag) in spoken]
    return both or languages.offered()


def named(language: str) -> str:
    """The offered language that an address or a cookie names (`pt-br`, `ko-KR`), or nothing."""
    tag = languages.tag(language) if 0 < len(language) <= 35 else ""
    tags = offered()
    return tag if not tag or tag in tags else _nearest(tag, _own(tags), _OWN)


def asked_for(header: str) -> str:
    """The offered language that suits an `Accept-Language` best (RFC 9110, 12.5.4).

    First come languages that somebody reads as their own, in their order; then what they can make
    out, as traditional characters for somebody who knows only simplified ones. Whom none suits
    gets the first that the policy names, which leads the others. What can't be read as a language
    and its weight says nothing, and takes nothing from those beside it.
    """
    tags = offered()
    leading = (tag for tag in in_force().head.languages if tag in tags)
    return _best(header, _own(tags)) or next(leading, tags[0])


@lru_cache(maxsize=512)
def _best(header: str, tags: tuple[str, ...]) -> str:
    items = header.split(",", _MOST)[:_MOST]
    asked = [found for each in items for found in parse_accept_lang_header(each.strip())]
    asked.sort(key=lambda found: -found[1])
    wanted = [tag for tag, quality in asked if quality and tag != "*"]  # 0 is a no
    found = (_nearest(tag, tags, limit) for limit in (_OWN, _READABLE) for tag in wanted)
    return next(filter(None, found), "")


def _nearest(wanted: str, tags: tuple[str, ...], limit: int) -> str:
    try:
        near = [(tag_distance(wanted, tag), at, tag) for at, tag in enumerate(tags)]
    except ValueError:  # it only looks like a tag
        return ""
    distance, _at, tag = min(near)
    return tag if distance <= limit else ""


def _own(tags: list[str]) -> tuple[str, ...]:
    """Without the invented ones, which nobody asks for by chance."""
    return tuple(tag for tag in tags if tag not in languages.PSEUDO)


@serves("interface", source="form")
@same_origin_post
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the posted `language` in a cookie and go back to `next`.

    Whoever is signed in is written to in it from now on.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    language = named(request.POST.get("language", ""))
    if language:
        if request.user.pk is not None:
            accounts.speak(request.user.pk, language)
        languages.remember(response, language)
    return response
