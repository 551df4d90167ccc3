"""P4.1.5a, P2.9a: an authority's case is opened and ended by command, nothing handed over."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from plainview.domains.accounts.models import Role
from plainview.domains.staff.commands import case
from plainview.domains.staff.models import Case, Look
from plainview.domains.staff.tests.test_handing import person
from plainview.privacy.log.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ASKED = ("--authority", "The court of Cork", "--reference", "Az. 17/26", "--reason", "An order")


def run(*said: str) -> Result:
    return CliRunner().invoke(case, said)


def test_p4_1_5a_a_case_is_opened_and_ended_by_command_and_in_the_log():
    zora, officer = person("zora"), person("officer", Role.OFFICER)
    for owner in (zora.email, "nobody@lantern.example"):
        assert run("open", zora.email, *ASKED, "--owner", owner).exit_code == 2
    mine = ("open", zora.email, *ASKED, "--owner", officer.email)
    day = str(timezone.localdate() + dt.timedelta(9))
    assert run(*mine, "--untold-until", day).exit_code == 2, "no law is named"
    assert run(*mine, "--untold-until", "2020-01-01", "--untold-law", "x").exit_code == 2
    assert not Case.objects.exists()
    done = run(*mine, "--untold-until", day, "--untold-law", "Section 17")
    assert done.exit_code == 0, done.output
    row = Case.objects.get()
    assert (row.person, row.staff, row.kind, str(row.untold_until)) == (
        zora.pk, officer.pk, "law", day)  # fmt: skip
    assert not Look.objects.exists(), "nobody has looked yet"
    assert str(Act.objects.get(person=zora.pk).untold_until) == day
    assert run("close", zora.email, row.number).exit_code == 0
    assert run("close", zora.email, row.number).exit_code == 2
    assert Act.objects.filter(person=zora.pk, untold_until=day).count() == 2
    row.refresh_from_db()
    assert row.closed_at is not None
