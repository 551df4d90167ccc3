"""The second wall of PostgreSQL: each role holds what its purpose may use, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection

from plainview.privacy import roles
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql.roles import role

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no roles"),
]


def may(name: str, table: str, act: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_any_column_privilege(%s, %s, %s)", [name, table, act])
        return bool(cursor.fetchone()[0])


def test_what_a_hand_gave_or_took_is_put_right_with_the_next_migration():
    """A role with a right too many or too few is made anew; the others stay as they are."""
    name, other = (role(connection.settings_dict["NAME"], each) for each in ("browse", "account"))
    with duty("migrate"), connection.cursor() as cursor:
        before = [may(name, "catalogue_title", "SELECT"), may(other, "accounts_user", "UPDATE")]
        assert before == [True, True]
        assert not may(name, "privacy_answer", "UPDATE")
        cursor.execute(f'GRANT UPDATE (answers) ON privacy_answer TO "{name}"')
        cursor.execute(f'REVOKE ALL ON catalogue_title FROM "{name}"')
        assert may(name, "privacy_answer", "UPDATE")
        roles.renew()
        assert not may(name, "privacy_answer", "UPDATE")
        assert may(name, "catalogue_title", "SELECT")
        assert may(other, "accounts_user", "UPDATE")
