"""A new table with nothing but marks: in copy, correction, erasure, retention and scan at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from click.testing import CliRunner
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import enter, words, work
from tests.rights.conftest import archive, rows

from plainview.privacy import roles
from plainview.privacy.commands import privacy
from plainview.privacy.declarations import personal, subject
from plainview.privacy.disclosures import cutting, services
from plainview.privacy.gate import grants
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Erasure, Recall
from plainview.privacy.registry import read, registry
from plainview.privacy.retention import sweeping
from plainview.privacy.rights.planning import later
from plainview.privacy.rights.services import read as read_report

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER, OTHER = "ad-7f3a-ines-4410", "ad-91c2-tom-0027"


@subject("subject", row="device")
class Handset(models.Model):
    """A telephone of somebody's, of a kind that the product has not."""

    subject = models.BigIntegerField()
    number = personal(models.CharField(max_length=40, unique=True), "device.advertising-id")
    used_at = personal(models.DateTimeField(), "device.family", event="last-use")

    class Meta:
        app_label = "marks_alone"

    def __str__(self) -> str:
        return "a handset"


@pytest.fixture
def people(member, connect, platform, monkeypatch):
    """Ines and Tom with a handset each; a recipient has hers by her own yes."""
    name = Handset._meta.db_table
    monkeypatch.setitem(registry().tables, name, read([Handset], {}).tables[name])
    _read_anew()
    with connection.schema_editor() as editor:
        editor.create_model(Handset)
    roles.renew()  # as a migration does once it has made a table
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices={"audience-uploads": "granted"})
    tom = member("tom")
    for user, number in ((ines, NUMBER), (tom, OTHER)):
        Handset.objects.create(subject=user.pk, number=number, used_at=timezone.now())
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    work()
    yield ines, tom
    with connection.schema_editor() as editor:
        editor.delete_model(Handset)
    monkeypatch.undo()
    _read_anew()
    roles.renew()


def _read_anew() -> None:
    """What was worked out of the marks is, as after a start with the new table."""
    cutting._columns.cache_clear()
    grants._grant.cache_clear()


def scan(who: str) -> dict[str, str]:
    done = CliRunner().invoke(privacy, ["scan", who, "--json"], catch_exceptions=False)
    return {each["where"]: each["what"] for each in json.loads(done.output)["places"]}


def sent(platform) -> str:
    return hashlib.sha256(platform.encode()).hexdigest()


def test_p5_2_1_1a_marks_alone_put_it_everywhere(people, platform):
    ines, _tom = people
    client, table = enter(ines), Handset._meta.db_table

    (disclosed,) = platform.got[-1].json["members"]
    assert disclosed["device_sha256"] == [sent(NUMBER)], "the recipient has it by its marks"
    platform.got.clear()

    (row,) = rows(archive(client), table)
    assert row["number"] == NUMBER
    held = words(client.get("/privacy/held/device.advertising-id/"))
    assert NUMBER in held and OTHER not in held

    assert scan(str(ines.pk))[f"{table}.number"] == "held"

    with duty("migrate"):
        Handset.objects.filter(subject=ines.pk).update(number=f"{NUMBER}-new")
    assert Recall.objects.get().act == "correct", "whoever has the old is sent the new"
    work()
    (right,) = platform.got[-1].json["members"]
    assert right["device_sha256"] == [sent(f"{NUMBER}-new")]

    last = later(timezone.localdate(), "P13M")
    assert table in {each.table for each in sweeping.due(last)}
    assert table not in {each.table for each in sweeping.due(last - dt.timedelta(1))}

    address = client.post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    work()
    assert list(Handset.objects.values_list("number", flat=True)) == [OTHER]
    assert Erasure.objects.get().state == "done"
    assert "You have left" in words(Client().get(address))
    (line,) = {
        (each.outcome, each.state)
        for each in read_report(Erasure.objects.get()).lines
        if each.holding == table
    }
    assert line == ("removed", "done")
    assert f"{table}.number" not in scan(f"{NUMBER}-new")
    sweeping.sweep(last)
    assert not Handset.objects.exists()
