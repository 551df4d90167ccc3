"""Of whoever left no byte stays in the database's file and log, or their report says so."""

import random

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.rights.conftest import enter, work
from tests.rights.planting import plant
from tests.rights.test_leaving import go, report, staying

from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.domains.support.models import CopyrightNotice, CounterNotice
from plainview.privacy.decisions.models import Overruled
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Answer, Erasure, LegalHold, Preserved, Request, Told
from plainview.privacy.rights import forms, scanning, searching

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL says so in the report")
def test_the_bytes_are_gone_from_the_database_file_and_its_log(ines, tom):
    client = enter(ines)
    mine = plant(ines.pk, "ines", tom.pk)
    with duty("erasure"):
        Told.objects.filter(account=ines.pk).delete()
        proofs = Answer, Request, Overruled, LegalHold, Preserved, CounterNotice, CopyrightNotice
        for proof in proofs:
            proof.objects.filter(subject=ines.pk).delete()

    def needles(values):
        found = {}
        for value in {*values, str(ines.pk)}:
            found |= forms.as_stored(value)
        return {form: of for form, of in found.items() if not form.startswith(b"file of")}

    everything = needles(mine.canaries())
    sieve = searching.sieve(everything)
    assert sum(len(searching.in_bytes(path, sieve)) for path in scanning.database_files()) > 10
    address = go(client)
    work()
    told = report(address)
    assert told.notes == []
    gone = needles(mine.canaries(but=staying(told)))
    for path in scanning.database_files():
        assert not searching.in_bytes(path, searching.sieve(gone)), path.name


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL says so in the report")
def test_copies_that_parted_pages_left_behind_are_gone_from_the_file_too(member, monkeypatch):
    """SQLite moves entries between pages and zeroes only what is deleted, not where it stood.

    Where a page parts depends on people's numbers, so one after another leaves until it happened.
    """
    video, now, chance = add_film(name="Harbour Lights"), timezone.now(), random.Random(5)
    rebuild, left, needles = scanning.Database.rebuild, [], {}

    def counted(database):
        sieve = searching.sieve(needles)
        left.extend(searching.in_bytes(path, sieve) for path in scanning.database_files())
        rebuild(database)

    monkeypatch.setattr(scanning.Database, "rebuild", counted)
    for turn in range(6):
        ines, tom = member(f"ines{turn}"), member(f"tom{turn}")
        Viewing.objects.bulk_create(
            Viewing(
                pk=chance.getrandbits(62),
                subject=chance.choice([ines.pk, tom.pk]),
                video=video,
                sitting=f"sitting-{turn}-{number}",
                began_at=now,
                watched_at=now,
            )
            for number in range(3000)
        )
        needles.clear()
        needles.update(forms.as_stored(str(ines.pk)))
        address = go(enter(ines))
        work()
        assert Erasure.objects.get(key=address.split("/")[-2]).state == "done"
        assert not any(
            searching.in_bytes(path, searching.sieve(needles)) for path in scanning.database_files()
        )
        if any(left):
            break
    assert Viewing.objects.filter(subject=tom.pk).exists()
    if not any(left):
        pytest.skip("no page left a copy behind, so this proved nothing this time")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite zeroes what it frees")
def test_on_postgresql_the_report_says_what_stays_in_the_log(ines):
    address = go(enter(ines))
    work()
    assert "dead-rows" in report(address).notes
    assert "overwritten as it goes on" in Client().get(address).content.decode()
