"""How each recipient is reached: the operator's own file of addresses and keys, beside the policy.

The policy says who may get what; this file (`PLAINVIEW_CONNECTIONS`) says where they listen.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import msgspec
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from plainview.engine import WHOLE_DAYS, parse
from plainview.platform import outbound
from plainview.privacy.policies import in_force

Kind = Literal["webhook", "audience", "bucket", "timestamp", "heads", "push"]
HEADS, PUSH, MAIL = "heads", "push", "mail"
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


class Connection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a recipient listens. `key` signs what is sent; `access` names us to a bucket.

    `sends` has purposes for which everybody who permits it is handed over, every ISO 8601 time.
    Who keeps `heads` of the log has a `mailto:` address (RFC 6068) and gets one `every` such time.
    A push service of one's own, beside the hosts of the policy, is named by its origin.
    `private` lets the address lie in the operator's own network, and go without TLS; `authorities`
    is a file of certificates to trust instead of the usual ones.
    """

    kind: Kind
    url: str
    key: str = ""
    access: str = ""
    region: str = "us-east-1"
    private: bool = False
    authorities: str | None = None
    sends: dict[str, str] = {}
    every: str = "P1D"

    @property
    def keeps(self) -> bool:
        """Whether what goes there about people is kept: not heads of the log, nor mere carriage."""
        return self.kind not in ("timestamp", HEADS, PUSH)

    @property
    def addresses(self) -> list[str]:
        """Of a `mailto:` url, to whom; none of another, or where one is no address."""
        scheme, _, listed = self.url.partition(":")
        found = [unquote(each) for each in listed.split(",")]
        fit = scheme == "mailto" and all(_ADDRESS.fullmatch(each) for each in found)
        return found if fit else []

    @property
    def leads(self) -> bool:
        """Whether something can be sent by it: its url is one, and its authorities can be read."""
        try:
            outbound.trusting(self.authorities)
            return self.kind == HEADS or bool(outbound.address(self.url, private=self.private))
        except (outbound.Forbidden, OSError):
            return False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    connection: dict[str, Connection] = {}


class NotConnected(LookupError):
    """Nothing says how this recipient is reached."""


def configured() -> dict[str, Connection]:
    """The connections by recipient. Raises ImproperlyConfigured for a file that can't be read."""
    path = Path(settings.CONNECTIONS)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _read(path, changed)


def to(recipient: str) -> Connection:
    """The connection to a recipient. Raises NotConnected."""
    try:
        return configured()[recipient]
    except KeyError:
        raise NotConnected(f"{settings.CONNECTIONS} has no [connection.{recipient}]") from None


def may_reach(recipient: str) -> bool:
    """Whether a connection reaches a recipient; while nobody can read the file, one may.

    A no that somebody says must not fail with the operator's file: telling it is tried until it is
    mended.
    """
    try:
        return recipient in configured()
    except ImproperlyConfigured:
        return True


def may_keep() -> frozenset[str]:
    """Whose connections take what is kept; all of the policy while nobody can read the file."""
    try:
        return frozenset(id_ for id_, each in configured().items() if each.keeps)
    except ImproperlyConfigured:
        return frozenset(in_force().recipients)


def kind_of(recipient: str) -> str:
    """By which manner a recipient is reached; empty if by none."""
    known = configured().get(recipient)
    return known.kind if known else ""


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, Connection]:
    try:
        parsed = parse(path.read_text("utf-8"))
        if parsed.faults:
            first = parsed.faults[0]
            told = f"{path}, line {first.line}: {first.problem}: {first.remedy}"
            raise ImproperlyConfigured(told)
        return msgspec.convert(parsed.value, _File).connection
    except msgspec.ValidationError as error:
        raise ImproperlyConfigured(f"{path}: {error}") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path} is not all UTF-8 text") from None


def check(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """Whoever is connected is declared, and mail that leaves is carried by somebody declared."""
    policy = in_force()
    try:
        known = configured()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="docs/disclosures.md shows the form", id="privacy.E040")]
    found: list[CheckMessage] = [
        Error(
            f"{settings.CONNECTIONS} connects {recipient}, which the policy does not declare",
            hint="declare it in policy/recipients.toml; undeclared it gets nothing",
            id="privacy.E041",
        )
        for recipient in sorted(set(known) - set(policy.recipients))
    ]
    found += [
        Error(
            f"{settings.CONNECTIONS} sends {recipient} something for {purpose} every `{length}`",
            hint="name a purpose that its `receives` lists, and a time such as `P1D`",
            id="privacy.E046",
        )
        for recipient, connection in known.items()
        for purpose, length in connection.sends.items()
        if not WHOLE_DAYS.fullmatch(length)
        or (recipient in policy.recipients and purpose not in policy.recipients[recipient].receives)
    ]
    found += [
        Error(
            f"{settings.CONNECTIONS} mails heads of the log to {recipient} in a way that can't be",
            hint='write url = "mailto:archive@example.org" and every = "P1D", or another such time',
            id="privacy.E047",
        )
        for recipient, connection in known.items()
        if connection.kind == HEADS
        and not (connection.addresses and WHOLE_DAYS.fullmatch(connection.every))
    ]
    found += [
        Error(
            f"{settings.CONNECTIONS} takes {recipient} for a push service, and the policy does not",
            hint='`kind = "push"` is for a recipient that has `carries = "push"`, and for it alone',
            id="privacy.E048",
        )
        for recipient, connection in known.items()
        if recipient in policy.recipients
        and (connection.kind == PUSH) != (policy.recipients[recipient].carries == PUSH)
    ]
    found += [
        Error(
            f"{settings.CONNECTIONS} connects {recipient} by what leads nowhere",
            hint="`url` is an https:// address, with `private` an http:// one too; `authorities` is"
            " a file of certificates that can be read",
            id="privacy.E049",
        )
        for recipient, connection in known.items()
        if not connection.leads
    ]
    if settings.MAIL_SERVER and carrier() is None:
        found.append(
            Error(
                "mail leaves this machine, and no recipient of the policy carries it",
                hint='give the one who does `carries = "mail"` in policy/recipients.toml',
                id="privacy.E042",
            )
        )
    return found


def carries(recipient: str) -> str:
    """What a recipient carries, `mail` or `push`; empty if nothing, or if the policy has it not."""
    known = in_force().recipients.get(recipient)
    return known.carries if known else ""


def carrier() -> str | None:
    """The recipient that carries the mail, by the policy."""
    recipients = in_force().recipients.items()
    return next((id_ for id_, each in recipients if each.carries == MAIL), None)
