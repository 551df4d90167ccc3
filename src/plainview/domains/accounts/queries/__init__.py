"""What can be asked about accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.domains.accounts.models import (
    APART,
    About,
    Audience,
    Certification,
    Gender,
    Language,
    Name,
    Picture,
    Profile,
    Role,
    User,
)
from plainview.platform import days
from plainview.platform.identifiers import number_in
from plainview.privacy.changes.ports import Reader
from plainview.privacy.consent import questions
from plainview.privacy.decisions.register import Made
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.scope import Door, Opened, entering
from plainview.privacy.models import Session
from plainview.privacy.permissions import Known
from plainview.privacy.places.territories import territory_name
from plainview.privacy.sessions import handle
from plainview.privacy.versions import then

COLLEAGUES = "who is staff is known to the staff, by address and role"
_PROVED = EmailAddress.objects.filter(primary=True, verified=True)
_HOME = Door("plainview.domains.accounts.home", "account")
WAYS = {
    "password": _("a password"),
    "webauthn": _("a passkey"),
    "totp": _("an authenticator app"),
    "recovery_codes": _("recovery codes"),
}


def staff_exists() -> bool:
    """Whether the service has been set up, that is, has a staff account."""
    return User.objects.exclude(roles="").exists()


def address_of(account: int) -> str:
    """The address that an account signs in with; empty if there is no such account."""
    return User.objects.filter(pk=account).values_list("email", flat=True).first() or ""


def with_address(after: int, most: int) -> list[int]:
    """The next accounts after a number that proved the address that they sign in with.

    As far as the open purpose may see.
    """
    found = _PROVED.filter(user_id__gt=after).order_by("user_id")
    return list(found.values_list("user_id", flat=True)[:most])


def proved_addresses(accounts: Iterable[int]) -> dict[int, str]:
    """The proved addresses of some accounts, as far as the open purpose may see."""
    return dict(_PROVED.filter(user_id__in=accounts).values_list("user_id", "email"))


def languages(accounts: Iterable[int]) -> dict[int, str]:
    """The language that each of some accounts reads, as far as known and seen."""
    return dict(Language.objects.filter(account__in=accounts).values_list("account", "value"))


def unconfirmed(
    last: date, *, among: Collection[int] | None = None, held: bool = False
) -> list[int]:
    """The accounts made by the day `last` of which nobody proved an address: a port of `retention`.

    Nobody has signed in to one, since that takes a proved address.
    """
    waiting = _open(last, among, held).filter(last_login=None)
    proved: dict[int, bool] = {}
    known = EmailAddress.objects.filter(user__in=[each.pk for each in waiting])
    known = known.select_for_update(of=("self",)) if held else known
    for owner, verified in known.values_list("user_id", "verified"):
        proved[owner] = proved.get(owner, False) or verified
    return [owner for owner, is_ in proved.items() if not is_]


def idle(
    last: date,
    *,
    after: int,
    most: int,
    among: Collection[int] | None = None,
    held: bool = False,
) -> list[int]:
    """The accounts made by the day `last` and not signed in to since (a port of `retention`)."""
    unused = Q(last_login=None) | Q(last_login__lte=days.end(last))
    rows = _open(last, among, held).filter(unused, pk__gt=after).order_by("pk")
    return [each.pk for each in rows[:most]]


def _open(last: date, among: Collection[int] | None, held: bool) -> QuerySet[User]:
    """The open accounts of people who are not on the staff, made by the day `last`."""
    rows = User.objects.filter(joined_at__lte=days.end(last), is_active=True, roles="").only("pk")
    if among is not None:
        rows = rows.filter(pk__in=among)
    return rows.select_for_update() if held else rows


def readers(accounts: Iterable[int]) -> dict[int, Reader]:
    """What is to be known of some accounts to write to them, as the open purpose may see."""
    wanted = list(accounts)
    proved, read = proved_addresses(wanted), languages(wanted)
    return {
        number: Reader(joined, proved.get(number, ""), read.get(number, ""))
        for number, joined in User.objects.filter(pk__in=wanted).values_list("pk", "joined_at")
    }


def language_of(account: int) -> str:
    """The language that an account reads; empty where nobody knows."""
    found = Language.objects.filter(account=account).values_list("value", flat=True)
    return found.first() or ""


def picked_language(account: int) -> str:
    """The language that a person picked on a page; empty if they never did."""
    picked = Language.objects.filter(account=account, picked=True).values_list("value", flat=True)
    return picked.first() or ""


def certified(account: int) -> Certification | None:
    """The last certificate of age of an account; None if there is no such account."""
    return Certification.objects.filter(account=account).order_by("-certified_at").first()


def explained(account: int) -> list[Made]:
    """That somebody may have an account, by what they certified of their age (P6c)."""
    said = certified(account)
    if said is None:
        return []
    place = territory_name(said.territory)
    inputs = ((str(_("Place")), place), (str(_("Age of majority there")), str(said.age)))
    return [Made("", str(_("You certified that you are of age where you live.")), inputs)]


def home_at(account: int, end: datetime) -> then.Home | None:
    """Where somebody lived and whether they were of age, by what they had certified before `end`.

    None for who never certified anything: a device, or an account from elsewhere.
    """
    with Opened(_HOME, lambda: account):
        rows = Certification.objects.filter(account=account).order_by("certified_at")
        said = list(rows.values_list("territory", "certified_at"))
    if not said:
        return None
    by_then = [territory for territory, at in said if at < end]
    return then.Home(by_then[-1], "certified-adult") if by_then else then.Home(None, "uncertified")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A browser in which an account is signed in. The handle ends it and opens nothing."""

    handle: str
    family: str
    began_at: datetime
    seen_at: datetime
    here: bool


def sittings(account: int, here: str) -> list[Sitting]:
    """Where an account is signed in, the latest first; `here` is the key of this very session."""
    live = Session.objects.filter(account=account, expire_date__gt=timezone.now())
    return [
        Sitting(handle(key), family, began, seen, key == here)
        for key, family, began, seen in live.order_by("-saved_at").values_list(
            "session_key", "family", "began_at", "saved_at"
        )
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What others see of a person; what was not put there is empty."""

    key: str
    name: str
    about: str
    gender: str
    picture: bool

    def __bool__(self) -> bool:
        return bool(self.name or self.about or self.gender or self.picture)


def told(account: int) -> dict[str, tuple[Any, int]]:
    """What a person told of themselves, and to whom, by the name of its field; for that person."""
    found: dict[str, tuple[Any, int]] = {}
    for field, model in (("name", Name), ("about", About)):
        row = model.objects.filter(account=account).values_list("value", "audience").first()
        found[field] = row or ("", Audience.ONLY_YOU)
    audience = Picture.objects.filter(account=account).values_list("audience", flat=True).first()
    found["picture"] = (audience is not None, audience or Audience.ONLY_YOU)
    return found


def told_apart(account: int) -> dict[str, tuple[Any, int]]:
    """What a person told that is asked by itself, as `told`; nothing of it where it is closed."""
    with entering(APART):
        row = Gender.objects.filter(account=account).values_list("value", "audience").first()
    return {"gender": row or ("", Audience.ONLY_YOU)}


def asks_apart(facts: Known) -> bool:
    """Whether gender is asked by itself where somebody is, so that a yes opens it (P1.1.3a)."""
    return any(each.id == APART for each in questions.topics(facts))


def profile_key(account: int) -> str:
    """The key of a person's page; empty as long as they told nothing."""
    keys = Profile.objects.filter(account=account).values_list("key", flat=True)
    return keys.first() or ""


def shown(key: str, *, to: int) -> Shown:
    """What an Audience sees under a key; nothing is falsy, whether or not there is a profile."""
    account = Profile.objects.filter(key=key).values_list("account_id", flat=True).first()
    values = {
        field: model.objects.filter(account=account, audience__gte=to)
        .values_list("value", flat=True)
        .first()
        or ""
        for field, model in (("name", Name), ("about", About))
    }
    with entering(APART):
        shown_ = Gender.objects.filter(account=account, audience__gte=to)
        values["gender"] = shown_.values_list("value", flat=True).first() or ""
    picture = Picture.objects.filter(account=account, audience__gte=to).exists()
    return Shown(key=key, picture=picture, **values)


def picture(key: str, *, to: int, account: int | None) -> bytes:
    """The portrait under a key (WebP) as an Audience sees it, or as its own `account` does."""
    owner = Profile.objects.filter(key=key).values_list("account_id", flat=True).first()
    least = Audience.ONLY_YOU if owner is not None and owner == account else to
    found = Picture.objects.filter(account=owner, audience__gte=least)
    return bytes(found.values_list("value", flat=True).first() or b"")


def shown_names(accounts: Iterable[int]) -> dict[int, str]:
    """What those of these accounts are called who show it to members, or to everyone."""
    found = Name.objects.filter(account__in=list(accounts), audience__gte=Audience.MEMBERS)
    return dict(found.values_list("account", "value"))


def account_at(address: str) -> int | None:
    """The account that signs in with exactly this address, without regard to case."""
    return User.objects.filter(email__iexact=address).values_list("pk", flat=True).first()


def account_known_as(typed: str) -> int | None:
    """The account of an exact address, or of a number, as somebody typed it."""
    if not typed.isdecimal():
        return account_at(typed)
    number = number_in(typed)
    return number if number and exists(number) else None


def exists(account: int) -> bool:
    """Whether there is such an account."""
    return User.objects.filter(pk=account).exists()


class Member(NamedTuple):
    """Somebody on the staff."""

    account: int
    email: str
    roles: list[Role]
    active: bool = True


@runs("account", source="staff", everyone=COLLEAGUES, lists=("account.state", "contact.email"))
def staff() -> list[Member]:
    """Everybody who has a role, by address; colleagues, so nobody needs a case to see them."""
    found = User.objects.exclude(roles="").order_by("email")
    return [
        Member(each.pk, each.email, [r for r in Role if r in each.held_roles], each.is_active)
        for each in found.only("pk", "email", "roles", "is_active")
    ]


def colleagues(accounts: Iterable[int]) -> dict[int, str]:
    """The addresses of those of some accounts who have a role."""
    wanted = set(accounts)
    return {each.account: each.email for each in staff() if each.account in wanted}


def addresses(accounts: Iterable[int]) -> dict[int, str]:
    """The addresses of accounts, as far as they are there."""
    return dict(User.objects.filter(pk__in=accounts).values_list("pk", "email"))


@runs("account", source="staff", everyone="whom the staff look at in cases, and themselves")
def addresses_in_case(*, accounts: Iterable[int]) -> dict[int, str]:
    """The addresses of accounts that are open in a case, the look being in the log."""
    return addresses(accounts)


class Account(NamedTuple):
    """How an account stands."""

    id: int
    email: str
    joined_at: datetime
    last_login: datetime | None
    is_active: bool
    roles: frozenset[Role]


def account(number: int) -> Account | None:
    """How an account stands; None if there is none."""
    fields = ("pk", "email", "joined_at", "last_login", "is_active", "roles")
    each = User.objects.filter(pk=number).only(*fields).first()
    if each is None:
        return None
    return Account(
        each.pk, each.email, each.joined_at, each.last_login, each.is_active, each.held_roles
    )


def ways_in(account: int) -> list[str]:
    """What an account signs in with, in words; never what lets one in."""
    kinds = Authenticator.objects.filter(user_id=account).values_list("type", flat=True)
    unusable = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    held = set(kinds)
    if User.objects.filter(~unusable, pk=account).exists():
        held.add("password")
    return [str(words) for kind, words in WAYS.items() if kind in held]
