"""Nothing is written by a version that is no longer in force.

A process learns of a publication within a second, and a request that began before it ends under the
version it began with. What such a one would write by the old version - a person's permissions, an
answer, a disclosure - asks here first, in its own transaction: the row of `Force` is the truth, and
stays as it is until that transaction ends, since a publication waits for it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from plainview.privacy.gate import purposes
from plainview.privacy.gate.compiling import Statement
from plainview.privacy.gate.grants import nobody
from plainview.privacy.versions import following
from plainview.privacy.versions.models import Force

_ROW, _SHARED = "SELECT version_id FROM privacy_force WHERE id = 1", " FOR SHARE"
_READ = frozenset({("privacy_force", name) for name in ("", "id", "version_id")})


class Superseded(Exception):
    """Another version came into force meanwhile: nothing was written, and it can be done again."""


def held() -> Any:
    """The policy that is in force in the database; no other comes until the transaction ends.

    Where no version was ever published it is the process's own. Belongs into a transaction.
    """
    number = _number()
    return purposes.policy() if number is None else following.policy_of(number)


def refuse_superseded() -> None:
    """Raise Superseded if what this request or job goes by is in force no longer.

    Once it is raised the process has the new version, so that trying again succeeds.
    """
    if held().fingerprint != purposes.policy().fingerprint:
        following.follow()
        raise Superseded("another version of the policy came into force meanwhile")


def _number() -> int | None:
    """The version in force, its row held; where writers queue up anyway there is no need to."""
    statement = Statement(_ROW + (_SHARED if connection.vendor == "postgresql" else ""))
    statement.columns, statement.scope, statement.grant = _READ, None, nobody()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def alone() -> int | None:
    """The version in force, by its number; nobody else writes by one until the transaction ends."""
    row = Force.objects.select_for_update().values_list("version_id", flat=True)
    return row.first()
