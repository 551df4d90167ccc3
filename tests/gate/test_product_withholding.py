"""A restriction of one category, behind the product's own gate (P5.2.1.6a)."""

from __future__ import annotations

import msgspec
import pytest
from django.conf import settings
from django.utils import timezone
from tests.people import viewed

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Video
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Progress, Viewing
from plainview.engine import Restriction
from plainview.engine.folder import read_folder
from plainview.engine.loading import assembled
from plainview.engine.reading import Reader
from plainview.privacy import permissions, withholding
from plainview.privacy.gate import purposes
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.gate.refusals import PersonRefuses
from plainview.privacy.models import Standing, Withheld
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.doors_only]
HISTORY = "viewing.history"


def loosened(**needs):
    """The policy in which some purposes can do without a part of what they use."""
    parts = read_folder(Reader(settings.POLICY_DIR))
    changed = {k: msgspec.structs.replace(parts.purposes[k], needs=v) for k, v in needs.items()}
    return assembled(msgspec.structs.replace(parts, purposes=parts.purposes | changed), "loosened")


@pytest.fixture
def loose():
    """History may go on without the list of what was watched."""
    before = in_force()
    purposes.enforce(loosened(history=("viewing.progress",)))
    yield
    purposes.enforce(before)


@pytest.fixture
def nora(db) -> int:
    """Somebody in Virginia who watched half a film."""
    with duty("fixture"):
        key = int(User.objects.create_user("nora@lantern.example").pk)
        video, now = add_film(name="Walk"), timezone.now()
        permissions.change(key, lambda facts: permissions.newcomer("US-VA"))
        viewed(key, video, "a", seconds=9)
        Progress.objects.create(subject=key, video=video, position=9, stopped_at=now)
    return key


def set_aside(person: int, *categories: str, reopened: frozenset[str] = frozenset()) -> None:
    """Restrict the use of these categories, as the rights desk does; of none: lift it."""
    one = Restriction(
        ground="accuracy-disputed", categories=frozenset(categories), reopened=reopened
    )
    made = (one,) if categories else ()
    permissions.change(person, lambda facts: msgspec.structs.replace(facts, restrictions=made))


@runs("history", source="form", about="account")
def watched(*, account: int) -> list[int]:
    return list(Viewing.objects.values_list("seconds", flat=True))


@runs("history", source="form", about="account")
def halfway(*, account: int) -> list[int]:
    return list(Progress.objects.values_list("position", flat=True))


@runs("history", source="form", about="account")
def sittings(*, account: int) -> int:
    return Viewing.objects.count()


@runs("history", source="form", about="account")
def watch_more(*, account: int) -> int:
    return Viewing.objects.update(seconds=99)


@runs("history", source="form", about="account")
def forget_all(*, account: int) -> int:
    return Viewing.objects.all().delete()[0]


@runs("history", source="form", about="account")
def remember(*, account: int, video) -> None:
    now = timezone.now()
    Viewing.objects.create(
        subject=account, sitting="b", video_id=video, began_at=now, watched_at=now
    )


def test_what_is_withheld_is_neither_seen_nor_written_while_the_purpose_goes_on(
    loose, nora, refused
):
    assert watched(account=nora) == [9]
    set_aside(nora, HISTORY)
    assert watched(account=nora) == []
    assert watch_more(account=nora) == 0
    assert forget_all(account=nora) == 0
    with duty("audit"):
        video = Video.objects.get().pk
    with refused("does not permit it", PersonRefuses):
        remember(account=nora, video=video)
    assert halfway(account=nora) == [9]  # another category of the same family
    assert sittings(account=nora) == 1  # which reads nothing of what is withheld
    set_aside(nora)
    assert watched(account=nora) == [9]


def test_a_family_withholds_its_children_too_and_what_needs_them_closes(loose, nora):
    set_aside(nora, "viewing")
    assert watched(account=nora) == []
    assert sittings(account=nora) == 0
    assert halfway(account=nora) == []


def test_a_purpose_allowed_after_the_restriction_goes_on(loose, nora):
    set_aside(nora, HISTORY, reopened=frozenset({"history"}))
    assert watched(account=nora) == [9]


def test_others_are_none_the_poorer(loose, nora, tmp_path):
    with duty("fixture"):
        other = int(User.objects.create_user("owen@lantern.example").pk)
    set_aside(other, HISTORY)
    assert watched(account=nora) == [9]


def test_standing_and_rows_agree_after_every_change(loose, nora):
    bit = 1 << in_force().bit("history")

    def kept() -> tuple[bool, dict[str, int]]:
        with duty("audit"):
            folded = Standing.objects.get(subject=nora).permitted
            rows = Withheld.objects.filter(subject=nora).values_list("category", "purposes")
            return bool(folded & WITHHOLDS), dict(rows)

    assert kept() == (False, {})
    set_aside(nora, HISTORY, "device")
    assert kept() == (True, {HISTORY: bit})
    permissions.change(nora, lambda facts: facts)
    assert kept() == (True, {HISTORY: bit})
    purposes.enforce(loosened(history=("viewing.progress",), recommend=()))
    with duty("fixture"):
        Standing.objects.filter(subject=nora).update(policy="an older one")
    assert permissions.refold() == 1
    assert kept() == (True, {HISTORY: bit | 1 << in_force().bit("recommend")})
    set_aside(nora)
    assert kept() == (False, {})


def test_where_a_purpose_needs_all_it_uses_the_standing_says_it_alone(nora):
    set_aside(nora, HISTORY)
    assert watched(account=nora) == []
    with duty("audit"):
        assert not Withheld.objects.exists()
        assert not withholding.flag(permissions.newcomer("US-VA"))
