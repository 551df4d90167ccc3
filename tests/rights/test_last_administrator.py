"""The last administrator can't go, by whichever door, and says so with the way to hand over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.rights.conftest import enter

from plainview.domains.accounts import services as accounts
from plainview.domains.accounts.models import Role, User
from plainview.privacy.gate.doors import runs
from plainview.privacy.models import Erasure
from plainview.privacy.rights import services

pytestmark = pytest.mark.django_db(transaction=True)


def promote(*users: User) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(roles="administrator")


def test_leaving_is_refused_with_the_way_to_hand_over(ines):
    promote(ines)
    client = enter(ines)
    page = client.get("/privacy/leave/").content.decode()
    assert "Make somebody else an administrator first" in page
    assert 'href="/desk/people/roles/"' in page
    assert "/privacy/leave/confirm/" not in page
    answer = client.post("/privacy/leave/confirm/", {"sure": "yes"})
    assert answer["Location"] == "/privacy/leave/"
    assert User.objects.get().is_active
    assert not Erasure.objects.exists()


def test_one_of_two_may_leave_and_then_the_other_may_not(ines, tom):
    promote(ines, tom)
    services.leave(ines.pk)
    with pytest.raises(services.Hindered):
        services.leave(tom.pk)


demote = runs("account", source="form", everyone="it keeps the list of everybody who is staff")(
    accounts.take_role
)


def leaves(user: User) -> None:
    services.leave(user.pk)


def is_demoted(user: User) -> None:
    demote(user.pk, Role.ADMINISTRATOR)


@pytest.mark.parametrize("first", [leaves, is_demoted])
@pytest.mark.parametrize("second", [leaves, is_demoted])
def test_two_at_once_leave_one_administrator(ines, tom, first, second):
    promote(ines, tom)
    start, refused = threading.Barrier(2), []

    def act(how: Callable[[User], None], user: User) -> None:
        start.wait(10)
        try:
            how(user)
        except (services.Hindered, accounts.LastAdministrator):
            refused.append(user.pk)
        finally:
            connection.close()

    both = [threading.Thread(target=act, args=each) for each in ((first, ines), (second, tom))]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    left = User.objects.filter(roles__contains="administrator", is_active=True)
    assert left.values_list("pk", flat=True)[::1] == refused
