"""Roles: nobody is given one twice, and two hands cannot lock everybody out."""

import pytest
from tests.people import somebody

from plainview.domains.accounts import services
from plainview.domains.accounts.models import Role, User

pytestmark = pytest.mark.django_db


def test_a_role_given_twice_is_given_once():
    user = somebody("mira@lantern.example")
    assert services.give_role(user.pk, Role.EDITOR)
    assert not services.give_role(user.pk, Role.EDITOR)
    assert not services.take_role(user.pk, Role.MODERATOR)
    user.refresh_from_db()
    assert user.roles == "editor"


def test_an_administrator_who_is_suspended_is_not_counted():
    boss = User.objects.create_user("boss@lantern.example", roles="administrator")
    User.objects.create_user("gone@lantern.example", roles="administrator", is_active=False)
    with pytest.raises(services.LastAdministrator):
        services.take_role(boss.pk, Role.ADMINISTRATOR)


def test_nobody_has_no_role():
    with pytest.raises(services.NoSuchAccount):
        services.give_role(12345, Role.EDITOR)
