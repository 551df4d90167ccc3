"""Teams: who may do what, and how people come in and leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue.models import Title
from plainview.domains.subtitles.models import (
    LANGUAGE_ROLES,
    TITLE_ROLES,
    Claim,
    Edition,
    Invitation,
    Membership,
    Role,
    State,
)
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.privacy.rights import services as rights

INVITED = timedelta(days=14)
_WRITES = frozenset({Role.SUBTITLER, Role.EDITOR, Role.MODERATOR, Role.MANAGER})
_EDITS = frozenset({Role.EDITOR, Role.MODERATOR, Role.MANAGER})
CHIEFS = frozenset({Role.MODERATOR, Role.MANAGER})
LEADERS = CHIEFS | {Role.CHIEF_SEGMENTER}
_TIMES = frozenset({Role.MANAGER, Role.CHIEF_SEGMENTER, Role.SEGMENTER})
_PASSES: dict[tuple[str, str], frozenset[Role]] = {
    (State.DRAFT, State.REVIEW): _WRITES,
    (State.REVIEW, State.DRAFT): _EDITS,
    (State.REVIEW, State.RELEASED): CHIEFS,
    (State.RELEASED, State.REVIEW): CHIEFS,
    (State.RELEASED, State.LOCKED): CHIEFS,
    (State.LOCKED, State.RELEASED): CHIEFS,
}
_PEERS = frozenset(
    {
        (State.REVIEW, State.DRAFT),
        (State.REVIEW, State.RELEASED),
        (State.RELEASED, State.REVIEW),
    }
)
"""What two peers may do in a language that has no moderator."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is on a title and in one language of it.

    `peers` is true for a language without a moderator, where subtitlers review each other;
    `untimed` for a title without segmenters, where those who write may set times.
    """

    roles: frozenset[Role]
    peers: bool
    untimed: bool

    def writes(self, state: str) -> bool:
        """Whether lines may be written while the edition is in `state`."""
        if state == State.DRAFT:
            return bool(self.roles & _WRITES)
        return state == State.REVIEW and bool(self.roles & (_WRITES if self.peers else _EDITS))

    def times(self, state: str) -> bool:
        """Whether segments may be cut and timed."""
        return bool(self.roles & _TIMES) or (self.untimed and self.writes(state))

    def passes(self, before: str, after: str) -> bool:
        """Whether the edition may be handed on from one state to another."""
        needed = _PASSES.get((before, after), frozenset())
        if self.peers and (before, after) in _PEERS:
            needed = _WRITES
        return bool(self.roles & needed)

    @property
    def leads(self) -> bool:
        """Whether they take people in."""
        return bool(self.roles & LEADERS)

    def takes_in(self, role: str) -> bool:
        """Whether they may give somebody this role."""
        if Role.MANAGER in self.roles:
            return True
        if role in LANGUAGE_ROLES:
            return Role.MODERATOR in self.roles and role != Role.MODERATOR
        return Role.CHIEF_SEGMENTER in self.roles and role == Role.SEGMENTER


def standing(title: int, language: str, account: int | None, *, manages: bool = False) -> Standing:
    """What an account is in the team of a title and language; `manages` is said of the staff."""
    held = Membership.objects.filter(
        title=title, language__in=["", language], standing=Membership.Standing.MEMBER
    ).values_list("account_id", "role", "language")
    everybody = list(held.order_by())
    roles = {Role(role) for member, role, _tongue in everybody if member == account}
    if manages:
        roles.add(Role.MANAGER)
    return Standing(
        roles=frozenset(roles),
        peers=not any(role == Role.MODERATOR for _member, role, _tongue in everybody),
        untimed=not any(
            role in (Role.CHIEF_SEGMENTER, Role.SEGMENTER) for _member, role, _tongue in everybody
        ),
    )


def asking(account: int) -> Counter[tuple[int, str]]:
    """How many ask to join each team that an account takes people into: by title and language.

    The language is empty for a title's own team.
    """
    teams = Q(pk=None)
    held = Membership.objects.filter(account=account, standing=Membership.Standing.MEMBER)
    for title, language, role in held.values_list("title", "language", "role"):
        if role == Role.MANAGER:
            teams |= Q(title=title)
        elif role in LEADERS:
            teams |= Q(title=title, language=language)
    asked = Membership.objects.filter(teams, standing=Membership.Standing.APPLIED)
    return Counter(asked.order_by().values_list("title", "language"))


def of_edition(edition: Edition, account: int | None, *, manages: bool) -> Standing:
    """The same for an edition, whose video is loaded."""
    return standing(edition.video.title_id, edition.language, account, manages=manages)


def apply_for(title: Title, language: str, *, account: int, role: str, words: str) -> Membership:
    """Ask to be taken in; a language without a moderator takes subtitlers in at once.

    Who is in stays what they are. Raises Refusal (invalid) for a role that a language, or a title
    as a whole, does not have.
    """
    if role not in (LANGUAGE_ROLES if language else TITLE_ROLES):
        raise Refusal("invalid", _("There is no such role here."))
    with transaction.atomic():
        peers = standing(title.pk, language, account).peers
        at_once = peers and role in (Role.SUBTITLER, Role.VIEWER)
        member, fresh = Membership.objects.get_or_create(
            title=title,
            language=language,
            account_id=account,
            defaults={
                "role": role,
                "words": words[:500],
                "standing": Membership.Standing.MEMBER if at_once else Membership.Standing.APPLIED,
            },
        )
        if not fresh and member.standing == Membership.Standing.APPLIED:
            member.role, member.words = role, words[:500]
            if at_once:  # whoever was to decide left meanwhile
                member.standing = Membership.Standing.MEMBER
            member.save(update_fields=["role", "words", "standing"])
    return member


def accept(membership: int, *, by: Standing, role: str = "") -> Membership:
    """Take somebody in, as what they asked for or as `role`; who is in may become something else.

    Of who is in, only by whoever could let them go. Raises Refusal.
    """
    with transaction.atomic():
        member = Membership.objects.select_for_update().filter(pk=membership).first()
        if member is None:
            raise Refusal("gone", _("They took their application back."))
        wanted = role or member.role
        if wanted not in (LANGUAGE_ROLES if member.language else TITLE_ROLES):
            raise Refusal("invalid", _("There is no such role here."))
        if not by.takes_in(wanted):
            raise Refusal("not-yours", _("Only somebody above can give this role."))
        if member.standing == Membership.Standing.MEMBER and not by.takes_in(member.role):
            raise Refusal("not-yours", _("Only somebody above can do this."))
        if _above(member.role, wanted):
            _end_what_was_theirs(member)
        member.role, member.standing = wanted, Membership.Standing.MEMBER
        member.save(update_fields=["role", "standing"])
    return member


def decline(membership: int, *, by: Standing) -> None:
    """Turn an application down, or let somebody go whom one could have taken in. Raises Refusal."""
    member = Membership.objects.filter(pk=membership).first()
    if member is None:
        return
    if not by.takes_in(member.role):
        raise Refusal("not-yours", _("Only somebody above can do this."))
    with transaction.atomic():
        _end_what_was_theirs(member)
        rights.let_go(member.account_id, Membership.objects.filter(pk=member.pk))


def _end_what_was_theirs(member: Membership) -> None:
    """End what somebody holds by a role that they have no more: claims, and ways back into it."""
    if member.standing == Membership.Standing.MEMBER:
        _end_claims(member.title_id, member.language, member.account_id)
        if member.role in LEADERS:
            _end_invitations(member)


def _end_claims(title: int, language: str, account: int) -> None:
    """Let nobody wait for who writes here no more."""
    theirs = Claim.objects.filter(edition__video__title=title, edition__language=language)
    theirs.filter(account=account).delete()


def _end_invitations(chief: Membership) -> None:
    """With a chief who is let go ends what they could be back by: who made which is unknown."""
    open_ = Invitation.objects.filter(title=chief.title_id)
    if chief.role != Role.MANAGER:  # who gave roles in this team alone
        open_ = open_.filter(language=chief.language)
    open_.delete()


def invite(title: Title, language: str, role: str, *, by: Standing) -> Invitation:
    """An address that takes one person in, for two weeks. Raises Refusal."""
    if role not in (LANGUAGE_ROLES if language else TITLE_ROLES):
        raise Refusal("invalid", _("There is no such role here."))
    if not by.takes_in(role):
        raise Refusal("not-yours", _("Only somebody above can give this role."))
    return Invitation.objects.create(
        title=title, language=language, role=role, expires_at=timezone.now() + INVITED
    )


def accept_invitation(key: str, *, account: int) -> Membership:
    """Take up an invitation; it opens once. Who is more already stays that.

    Raises Refusal (gone).
    """
    with transaction.atomic():
        found = Invitation.objects.select_for_update().filter(key=key).first()
        if found is None or found.expires_at < timezone.now():
            raise Refusal("gone", _("This invitation was used or is over. Ask for another."))
        given = {"role": found.role, "standing": Membership.Standing.MEMBER}
        member, fresh = Membership.objects.get_or_create(
            title_id=found.title_id, language=found.language, account_id=account, defaults=given
        )
        more = member.standing == Membership.Standing.MEMBER and _above(member.role, found.role)
        if not fresh and not more:
            member.role, member.standing = found.role, Membership.Standing.MEMBER
            member.save(update_fields=["role", "standing"])
        found.delete()
    return member


def _above(role: str, other: str) -> bool:
    """Whether a role is more than another of the same team."""
    order = [*TITLE_ROLES, *LANGUAGE_ROLES]  # each from the highest on
    return order.index(Role(role)) < order.index(Role(other))


def leave_team(title: Title, language: str, *, account: int) -> None:
    """Leave a team; what one did stays with one's name."""
    mine = Membership.objects.filter(title=title, language=language, account=account)
    with transaction.atomic():
        _end_claims(title.pk, language, account)
        rights.let_go(account, mine)
