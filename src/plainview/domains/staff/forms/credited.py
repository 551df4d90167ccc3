"""The control for who worked on a title: one a line, by what they did and their name.

What is kept and compared are lines of codes, as in `cast ruth-calloway en=The keeper`; a line may
be written so too. A name may be in any language, as a role may be that the service speaks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.domains.catalogue.document import Credit
from plainview.domains.catalogue.models import Credit as CreditRow
from plainview.domains.catalogue.models import Person
from plainview.domains.catalogue.search import named
from plainview.domains.staff.forms.naming import key_of
from plainview.platform import languages

_PARTS = re.compile(r"(?:\\;|[^;])+")
_CODES = re.compile(r"(?P<role>[a-z]+)\s+(?P<person>[\w-]+)\s*(?P<rest>.*)")
_NAMED = re.compile(r"(?P<role>[^:：]+)[:：](?P<rest>.+)")


class Unread(ValueError):
    """A line that is no credit; the words say why, for a form."""


class Credits(forms.Textarea):
    """A control for credits; its value are their lines of codes. `there` are whom it may name.

    Those are asked first, so that two people of one name are told apart by who is credited.
    """

    there: Iterable[Person] = ()

    def format_value(self, value: Any) -> str | None:
        """The codes of what was typed; a line that can't be read stays as it is."""
        return "\n".join(_coded(line, self.there) for line in str(value or "").splitlines()).strip()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["value"] = in_words(context["widget"]["value"] or "", self.there)
        return context


class CreditsField(forms.CharField):
    """Who worked on a title, one a line; cleaned they are credits of a document."""

    widget = Credits

    def name_first(self, slugs: Iterable[str]) -> None:
        """Take the names of these people for theirs, whoever else has them."""
        self.widget.there = list(Person.objects.filter(slug__in=set(slugs)))

    def clean(self, value: Any) -> Any:
        """Raises ValidationError naming the line that can't be read, and why."""
        found = []
        for number, line in enumerate(str(super().clean(value) or "").splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.append(_read(line.strip(), self.widget.there))
            except Unread as why:
                said = _("Line %(number)s can’t be read: %(line)s") % {
                    "number": number,
                    "line": line.strip(),
                }
                raise forms.ValidationError(f"{said} {why}".strip()) from None
        return found


def line_of(credit: Credit) -> str:
    """A credit as a line of codes: a semicolon of a name stands behind a backslash."""
    return f"{credit.role} {credit.person} {_played(credit)}".strip()


def in_words(lines: str, there: Iterable[Person] = ()) -> str:
    """Lines of codes by name, in the language of the page; any other line as it is.

    Whose name another one of them has stays a code.
    """
    read = [_by_codes(line) for line in lines.splitlines()]
    slugs = {each.person for each in read if each is not None}
    missing = slugs - {each.slug for each in there}
    people = [*there, *(Person.objects.filter(slug__in=missing) if missing else ())]
    names = {each.slug: each.name.text for each in people}
    return "\n".join(
        line if each is None else _said(each, names.get(each.person, ""), people)
        for line, each in zip(lines.splitlines(), read, strict=True)
    )


def _said(credit: Credit, name: str, people: Iterable[Person]) -> str:
    alone = bool(name) and _called(name, people) == [credit.person]
    who = name.replace(";", "\\;") if alone else credit.person
    parts = [f"{CreditRow.Role(credit.role).label}: {who}", _played(credit)]
    return "; ".join(filter(None, parts))


def _played(credit: Credit) -> str:
    return "; ".join(
        f"{tongue}={fields['character']}".replace(";", "\\;")
        for tongue, fields in credit.texts.items()
    )


def _coded(line: str, there: Iterable[Person]) -> str:
    try:
        return line_of(_read(line.strip(), there))
    except Unread:
        return line


def _read(line: str, there: Iterable[Person]) -> Credit:
    match = _NAMED.fullmatch(line)
    role = _roles().get(key_of(match["role"])) if match else None
    if match is None or role is None:
        found = _by_codes(line)
        if found is None:
            raise Unread
        return found
    first, *parts = [each.strip() for each in _PARTS.findall(match["rest"])] or [""]
    return _made(role, _person(first.replace("\\;", ";"), there), parts)


def _by_codes(line: str) -> Credit | None:
    match = _CODES.fullmatch(line.strip())
    if match is None:
        return None
    try:
        return _made(match["role"], match["person"], _PARTS.findall(match["rest"]))
    except Unread:
        return None


def _made(role: str, person: str, parts: Iterable[str]) -> Credit:
    texts = {}
    for part in filter(None, map(str.strip, parts)):
        tongue, between, name = part.partition("=")
        if not between:
            raise Unread
        texts[tongue.strip()] = {"character": name.strip().replace("\\;", ";")}
    try:
        return msgspec.convert({"person": person, "role": role, "texts": texts}, Credit)
    except msgspec.ValidationError:
        raise Unread from None


def _person(typed: str, there: Iterable[Person]) -> str:
    """The code of whom a name or a code means. Raises Unread for nobody, and for several."""
    found = _called(typed, there)
    if len(found) != 1:
        if Person.objects.filter(slug=typed).exists():
            return typed
        found = found or _called(typed, named(Person.objects.order_by("pk"), typed))
    if not found:
        raise Unread(_("Nobody here is called so."))
    if len(found) > 1:
        several = _("Several are called so. Write one of these instead of the name: %(codes)s.")
        raise Unread(several % {"codes": ", ".join(found)})
    return found[0]


def _called(name: str, people: Iterable[Person]) -> list[str]:
    wanted = key_of(name)
    return [each.slug for each in people if wanted in set(_names(each))]


def _names(person: Person) -> Iterator[str]:
    return (key_of(each["name"]) for each in person.texts.values() if each.get("name"))


def _roles() -> Mapping[str, str]:
    """What may be typed for a role -> its code."""
    return _roles_in(tuple(dict.fromkeys([languages.current(), *languages.offered()])))


@functools.lru_cache(maxsize=64)
def _roles_in(tags: tuple[str, ...]) -> Mapping[str, str]:
    """The same in some languages, of which the first one's word counts; of a form, once."""
    found = {key_of(each): str(each) for each in CreditRow.Role.values}
    for tag in tags:
        with override(tag):
            for each in CreditRow.Role:
                found.setdefault(key_of(str(each.label)), str(each))
    return found
