"""What the staff may do: each permission, in a sentence, with the roles that have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from plainview.domains.accounts.models import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVERY = frozenset(Role)


class Permission(NamedTuple):
    """Something that can be done at the desk, in words that follow "may", and who may."""

    words: StrOrPromise
    roles: frozenset[Role]


PERMISSIONS: Mapping[str, Permission] = {
    "desk.open": Permission(_("see how the service stands"), EVERY),
    "catalogue.edit": Permission(
        _("put films on, name them, publish them and add subtitles"),
        frozenset({Role.ADMINISTRATOR, Role.EDITOR}),
    ),
    "pictures.remove": Permission(
        _("take a picture of a title away for good"),
        frozenset({Role.ADMINISTRATOR, Role.EDITOR, Role.MODERATOR}),
    ),
    "news.write": Permission(
        _("tell news on the home page, to those who want to hear it"),
        frozenset({Role.ADMINISTRATOR, Role.EDITOR}),
    ),
    "translations.write": Permission(
        _("translate what pages and policy say, and sign what they have read"),
        frozenset({Role.ADMINISTRATOR, Role.TRANSLATOR}),
    ),
    "people.open": Permission(
        _("open what is held about a person, in an open case that this person reads of"),
        frozenset({Role.ADMINISTRATOR, Role.MODERATOR, Role.OFFICER}),
    ),
    "people.help": Permission(
        _("open a case about a person to help, to protect, or since something was reported"),
        frozenset({Role.ADMINISTRATOR, Role.MODERATOR}),
    ),
    "people.delete": Permission(
        _("delete an account that nobody asked to delete, with somebody else"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "people.suspend": Permission(
        _("suspend an account and open it again"),
        frozenset({Role.ADMINISTRATOR, Role.MODERATOR}),
    ),
    "people.choices": Permission(
        _("enter choices that somebody told us by telephone or letter"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "people.manage-roles": Permission(
        _("give roles to people and take them"), frozenset({Role.ADMINISTRATOR})
    ),
    "copyright.settle": Permission(
        _("read copyright notices and decide them, for a reason that their sender reads"),
        frozenset({Role.ADMINISTRATOR, Role.MODERATOR}),
    ),
    "privacy.requests": Permission(
        _("read what people ask by their rights, act on it and answer them"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.breaches": Permission(
        _("enter breaches of personal data, and tell authorities and people of them"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.map": Permission(
        _("see what is held, where it comes from and who receives it"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.disclosures": Permission(
        _("see what could not be delivered or called back, and take it up again"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.notices": Permission(
        _("see how far people were told of a change, stop that and let it go on"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.letters": Permission(
        _("read letters to the privacy address, and say what each of them is"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.proofs": Permission(
        _("look up what somebody was asked and said, and hand the proof to an authority"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.answers": Permission(
        _("see how the questions are answered, in numbers that stand for nobody"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.record": Permission(
        _("read and print the record of processing and its assessments"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.versions": Permission(
        _("see what the next version of the policy changes, and release it with somebody else"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "privacy.log": Permission(
        _("see what staff and service did with personal data, and hand it out to be checked"),
        frozenset({Role.ADMINISTRATOR, Role.OFFICER}),
    ),
    "outbox.read": Permission(
        _("read the mail that was kept because no mail server is set"),
        frozenset({Role.ADMINISTRATOR}),
    ),
    "design.view": Permission(_("see every part of the design"), EVERY),
}


def permitted(roles: Iterable[Role]) -> frozenset[str]:
    """The permissions that somebody with these roles has."""
    held = frozenset(roles)
    return frozenset(name for name, each in PERMISSIONS.items() if each.roles & held)


def in_words(role: Role) -> list[StrOrPromise]:
    """What a role may do, a sentence each."""
    return [each.words for each in PERMISSIONS.values() if role in each.roles]
