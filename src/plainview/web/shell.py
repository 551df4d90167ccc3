"""What every page's frame needs: the operator, the languages, the page's own stable addresses."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes, urlencode

from plainview.domains.accounts import queries
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.platform.identifiers import number_in
from plainview.privacy.breaches import showing
from plainview.privacy.consent import banner, opting_out, questions, storage
from plainview.privacy.gate.scope import current, entering
from plainview.privacy.policies import controller
from plainview.privacy.visitors import Visitor
from plainview.web.language import named, offered
from plainview.web.pages.keeping import put_aside
from plainview.web.pages.outbox import is_open

ACCOUNT = "account"


class Tongue(NamedTuple):
    """A language the site speaks, and this page's address in it."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


def context(request: HttpRequest) -> dict[str, object]:
    """Names for every template. Touches neither session nor account: pages stay cacheable."""
    return {
        "operator": SimpleLazyObject(controller),
        "signed_in_as": SimpleLazyObject(lambda: _signed_in_as(request)),
        **_choices(request),
        "LANGUAGE_CODE": languages.current(),
        "direction": languages.direction(languages.current()),
        "outbox": SimpleLazyObject(lambda: is_open(request)),
        "tongues": SimpleLazyObject(lambda: tongues(request)),
        "here": address(request),
        "sign_in_url": sign_in_url(request),
        "put_aside": SimpleLazyObject(lambda: put_aside(request)),
        "breaches_told": SimpleLazyObject(showing.tells),
        "canonical": SimpleLazyObject(lambda: canonical(request)),
        "alternates": SimpleLazyObject(lambda: alternates(request)),
        "og_locale": SimpleLazyObject(lambda: languages.with_country(languages.current())),
        "og_others": SimpleLazyObject(og_others),
    }


def _signed_in_as(request: HttpRequest) -> str:
    """The visitor's own address, for a page whose door lists `account`; else nothing."""
    scope = current()
    person = request.user
    if scope is None or person.pk is None:
        return ""
    door = scope.life.door
    if ACCOUNT not in {door.purpose, *door.may}:
        return ""
    with entering(ACCOUNT, oneself=True):
        return queries.address_of(person.pk)


def _choices(request: HttpRequest) -> dict[str, object]:
    """The banner, for whoever has not answered it, and the links by which it is reopened.

    Where a page fails before anybody looked who is there, the foot follows the strictest law.
    """
    choices = reverse("privacy-choices")
    visitor: Visitor | None = getattr(request, "visitor", None)
    if visitor is None:
        return {"choices_url": choices, "opt_out_words": opting_out.strictest_words()}
    return {
        "choices_url": choices_url(request),
        "choice_state": SimpleLazyObject(lambda: banner.state(visitor)),
        "to_forget": SimpleLazyObject(
            lambda: storage.forgotten(
                visitor.permits, member=visitor.account is not None and not visitor.shared
            )
        ),
        "banner": SimpleLazyObject(lambda: banner.banner(visitor)),
        "answered": SimpleLazyObject(lambda: visitor.answered),
        "opt_out_words": SimpleLazyObject(lambda: opting_out.opt_out_words(visitor)),
        "opt_out_state": SimpleLazyObject(lambda: opting_out.opt_out_state(visitor)),
        "difference": SimpleLazyObject(lambda: _difference(visitor)),
        "left_apart": SimpleLazyObject(lambda: visitor.differs and visitor.apart),
        "signal_heard": SimpleLazyObject(lambda: _signal(visitor)),
    }


def choices_url(request: HttpRequest) -> str:
    """The page of choices, to come back to this one; from the page itself, to where one was.

    A page that leads on to the choices already (signing in, by their link) gives that very address:
    each would put the other's into its own, and no crawler came to an end of them.
    """
    choices, going = reverse("privacy-choices"), request.GET.get("next", "")
    if going.partition("?")[0] == choices != request.path:
        return going
    back = going if request.path == choices else request.get_full_path()
    return f"{choices}?{urlencode({'next': back})}" if back else choices


def _signal(visitor: Visitor) -> str:
    """What the foot of a page says of a signal that was heard: that it is honoured, or where not.

    Nothing where none was. Promises: P5.2.2.2d.
    """
    if not questions.hears_signal(visitor):
        return ""
    if opting_out.opted_out(visitor) or opting_out.opt_out_state(visitor) == "nothing":
        return opting_out.by_law(visitor, "banner.signal.text")
    closed = (each.id for each in opting_out.closable(visitor.facts))
    names = (questions.say(f"purposes.{id_}.name") for id_ in closed if visitor.permits(id_))
    said = f"{questions.say('choices.centre.affirmed')}{questions.say('notice.colon')}"
    return f"{said}{languages.listed(names)}"


def _difference(visitor: Visitor) -> str:
    """The key of the line that says that account and device differ; empty if it need not be said.

    At a shared computer the device's answers are somebody else's, so nobody is asked about them.
    """
    if visitor.shared or not visitor.differs or visitor.apart:
        return ""
    return questions.of_difference(visitor).key


def address(request: HttpRequest, **changes: str) -> str:
    """The page's path and query without `lang`, with `changes` to the query."""
    query = request.GET.copy()
    query.pop("lang", None)
    for key, value in changes.items():
        query[key] = value
    path = _path(request)
    return f"{path}?{query.urlencode()}" if query else path


def _path(request: HttpRequest) -> str:
    """The page's path, which leads to no other host where somebody wrote `//elsewhere/`."""
    return escape_leading_slashes(request.path)


def canonical(request: HttpRequest) -> str:
    """The page's one address for search engines: without its query, but in the language it names.

    A page in a language that pointed at the one without would be left out as a copy of it, and so
    would a later page of a list that pointed at the first.
    """
    return _in_tongue(request, named(request.GET.get("lang", "")))


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """Each language and the canonical address of the page in it; `x-default` leaves it open."""
    found = [(tag, _in_tongue(request, tag)) for tag in offered()]
    return [*found, ("x-default", _in_tongue(request, ""))]


def og_others() -> list[str]:
    """The other languages of the page, as Open Graph names them."""
    here = languages.current()
    return [languages.with_country(tag) for tag in offered() if tag != here]


def _in_tongue(request: HttpRequest, tag: str) -> str:
    number = number_in(request.GET.get("page", "")) or 0
    lists = number > 1 and request.GET.keys() <= {"page", "lang"}
    said = urlencode(({"page": number} if lists else {}) | ({"lang": tag} if tag else {}))
    return absolute(f"{_path(request)}{'?' if said else ''}{said}")


def sign_in_url(request: HttpRequest) -> str:
    """Where one signs in, to come back to this page; from those of signing in, to where one was."""
    login, there = reverse("account_login"), request.get_full_path()
    if request.path == "/" or request.path.startswith("/accounts/"):
        there = request.POST.get("next") or request.GET.get("next", "")
    return f"{login}?{urlencode({'next': there})}" if there else login


def tongues(request: HttpRequest) -> list[Tongue]:
    """The languages of the site, each by its own name, in the order of the settings."""
    here = languages.current()
    return [
        Tongue(
            code=tag,
            name=languages.own_name(tag),
            direction=languages.direction(tag),
            url=request.build_absolute_uri(address(request, lang=tag)),
            current=tag == here,
        )
        for tag in offered()
    ]
