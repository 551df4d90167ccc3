"""What becomes of a row is read off its marks and the policy: removed, anonymised, kept until."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import models

from plainview.privacy.declarations import about_nobody, impersonal, personal, subject
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, read
from plainview.privacy.rights import planning
from plainview.privacy.rights.person import Person

TODAY = dt.date(2026, 11, 24)


class Made:
    """Models that no app installs: only their marks are read."""

    @subject("subject", row="payment")
    class Payment(models.Model):
        subject = models.BigIntegerField()
        amount = personal(models.IntegerField(), "payment.history")
        question = personal(models.TextField(), "support.tickets")
        seen_from = personal(models.CharField(max_length=40, null=True), "device.address")

        class Meta:
            app_label = "rights_made"

    @subject("author", row="contributions")
    class Line(models.Model):
        author = models.BigIntegerField(null=True)
        text = personal(models.TextField(), "contributions.subtitles")
        from_address = personal(models.CharField(max_length=40), "device.address")
        build = impersonal(models.CharField(max_length=9), "describes our software")

        class Meta:
            app_label = "rights_made"

    @subject("sender", "receiver", row="community")
    class Letter(models.Model):
        sender = models.BigIntegerField(null=True)
        receiver = models.BigIntegerField()
        text = personal(models.TextField(), "community.messages", of="sender")
        read_at = personal(models.DateTimeField(null=True), "community.messages", of="receiver")

        class Meta:
            app_label = "rights_made"

    @about_nobody("a film")
    class Film(models.Model):
        name = models.TextField()

        class Meta:
            app_label = "rights_made"


TABLES = read([Made.Payment, Made.Line, Made.Letter, Made.Film], {}).tables


def fate(name: str, *places: str, path: int = 0) -> planning.Fate:
    table: Table = TABLES[f"rights_made_{name}"]
    person = Person(subject=1, member=True, day=TODAY, places=places or ("row",))
    return planning._fate(table, table.subjects[path], person)


def test_a_law_of_where_the_controller_sits_keeps_the_row_and_says_until_when():
    found = fate("payment")
    assert found.outcome == "kept"
    assert found.kept["amount"] == ("tax-ie", "2032-11-24")
    assert found.cut == {"question": "", "seen_from": None}


def test_a_law_of_where_the_person_lives_keeps_what_it_names_and_no_other_law_does():
    assert fate("payment", "br").kept["seen_from"] == ("connection-logs-br", "2027-05-24")
    assert "seen_from" not in fate("payment", "eu").kept
    assert fate("payment", "gb").kept["amount"] == ("tax-ie", "2032-11-24")
    german = planning.grounds("payment.history", [in_force().jurisdiction("DE")])
    assert [ground.id for ground in german] == ["tax-ie", "tax-de"]
    european = planning.grounds("payment.history", [in_force().jurisdiction("eu")])
    assert [ground.id for ground in european] == ["tax-ie"], "no member is meant"


def test_what_others_build_on_stays_without_its_author():
    found = fate("line")
    assert found.outcome == "anonymised"
    assert found.cut == {"author": None, "from_address": ""}


def test_of_a_row_about_two_only_what_is_theirs_goes_if_it_can_stand_without_them():
    sender = fate("letter")
    assert sender.outcome == "anonymised"
    assert sender.cut == {"sender": None, "text": ""}
    assert fate("letter", path=1).outcome == "removed"


@pytest.mark.parametrize(
    ("day", "length", "then"),
    [
        ("2026-11-24", "P3Y", "2029-11-24"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2026-12-31", "P2M", "2027-02-28"),
        ("2026-08-31", "P1M", "2026-09-30"),
        ("2026-11-24", "P30D", "2026-12-24"),
        ("2026-11-24", "P1Y2M1W3D", "2028-02-03"),
    ],
)
def test_a_length_of_time_is_counted_by_the_calendar(day, length, then):
    assert planning.later(dt.date.fromisoformat(day), length).isoformat() == then


def test_a_field_is_emptied_as_far_as_its_table_lets_it_be():
    """An erasure that set what may not be empty would fail, and one that left it would tell."""
    kinds = {
        "null": models.IntegerField(null=True),
        "null, once": models.CharField(max_length=9, null=True, unique=True),
        "words": models.TextField(),
        "words, once": models.CharField(max_length=9, unique=True),
        "number, once": models.IntegerField(unique=True),
        "key": models.CharField(max_length=9, primary_key=True),
    }
    for field in kinds.values():
        field.attname = "it"
    emptied = {name: planning.emptied(field) for name, field in kinds.items()}
    nothing = {key: {} for key in ("words, once", "number, once", "key")}
    nulls = {key: {"it": None} for key in ("null", "null, once")}
    assert emptied == {**nulls, "words": {"it": ""}, **nothing}
