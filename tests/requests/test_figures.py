"""Figures of requests on known rows, the reading hint, redaction and the templates of answers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import random
import statistics
from collections import Counter

import pytest
from django.utils import timezone

from plainview.domains.accounts.models import Role, User
from plainview.platform.languages import FINISHED, reading
from plainview.privacy.policies import in_force
from plainview.privacy.requests import answers, figures, machine
from plainview.privacy.requests.figures import Case
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request
from plainview.privacy.requests.redaction import BAR, redact

FIGURES = "/desk/privacy/requests/figures"


def case(kind: str, days: int | None, outcome: str = "", ground: str = "", **more) -> Case:
    said = {"place": "DE", "channel": "mail"} | more
    late = days is not None and days > 30
    return Case(kind, said["place"], said["channel"], "2026", outcome, ground, days, late)


KNOWN = [
    *(case("access", days, "granted") for days in range(1, 21)),
    case("delete", 31, "partly", "law"),
    case("delete", 4, "refused", "unproved", place="US-CA"),
    case("delete", None, "withdrawn"),
    case("delete", None, channel="letter"),
]


class TestFigures:
    def test_days_are_told_as_median_and_as_what_95_of_100_stay_within(self):
        access, delete = figures.lines(KNOWN, "kind")
        assert (access.name, access.received, access.granted) == ("access", 20, 20)
        assert (access.median, access.p95) == (10.5, 19)
        assert (delete.median, delete.p95) == (17.5, 31)

    def test_each_request_ends_once_and_what_came_after_its_day_is_late(self):
        line = figures.line("", [*KNOWN, case("access", 3, "nothing")])
        ended = line.granted + line.partly + line.refused + line.withdrawn + line.open
        assert (line.received, ended + line.nothing) == (25, 25)
        assert (line.partly, line.refused, line.withdrawn, line.open) == (1, 1, 1, 1)
        assert line.nothing == 1, "looked for and not found is not done as asked"
        assert line.late == 1

    def test_denials_are_told_by_ground_and_lines_by_place_and_channel(self):
        assert figures.denials(KNOWN) == [("law", 1), ("unproved", 1)]
        assert [(each.name, each.received) for each in figures.lines(KNOWN, "place")] == [
            ("DE", 23), ("US-CA", 1),
        ]  # fmt: skip
        assert {each.name for each in figures.lines(KNOWN, "channel")} == {"mail", "letter"}
        assert figures.line("", []).median is None

    @pytest.mark.django_db
    def test_the_page_and_the_file_say_the_same_of_one_year(self, at_desk):
        def row(**columns) -> Request:
            number = Request.objects.count()
            said = {"subject": 7 + number, "kind": "access", "channel": "mail", "place": "FR"}
            return Request.objects.create(
                language="en", proof="mail", came_from=State.WORKING, **(said | columns)
            )

        now = timezone.now()
        then = now.replace(year=now.year - 2)
        answered = {"state": State.ANSWERED, "outcome": "granted"}
        row(received_at=now - dt.timedelta(days=6), decided_at=now, **answered)
        # Of an account the law is kept, of a form the country: they are one place.
        row(received_at=then - dt.timedelta(days=9), decided_at=then, place="eu-fr", **answered)
        row(received_at=now, state=State.JOINED, closed_at=now)
        desk = at_desk(User.objects.create_user("o@lantern.example", roles=Role.OFFICER))
        year = (now - dt.timedelta(days=6)).year
        rows = csv.reader(io.StringIO(desk.get(f"{FIGURES}.csv?year={year}").content.decode()))
        found = {(by, name): dict(zip(FIELDS, rest, strict=False)) for by, name, *rest in rows}
        assert found["all", ""]["received"] == "1"
        assert found["place", "FR"] | {"x": ""} == found["all", ""] | {"x": ""}
        assert found["all", ""]["median"] in ("6", "6.0")
        text = desk.get(f"{FIGURES}/?year={year}").content.decode()
        assert 'class="case-granted"' in text and "France" in text
        both = desk.get(f"{FIGURES}.csv").content.decode()
        assert "all,,2,2," in both
        assert "place,FR,2,2," in both

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "many", [300, pytest.param(10_000, marks=pytest.mark.soak)], ids=["sample", "soak"]
    )
    def test_what_the_database_counts_is_what_counting_by_hand_gives(self, many):
        """Random requests on both sides of midnight, late ones and extended ones among them."""
        chance = random.Random(20_26)
        start = timezone.now().replace(month=6, day=15) - dt.timedelta(days=500)
        rows = []
        for number in range(many):
            at = start + dt.timedelta(minutes=chance.randrange(300 * 24 * 60))
            end = at + dt.timedelta(minutes=chance.randrange(90 * 24 * 60))
            ended = chance.choice([None, "granted", "partly", "refused"])
            due = at.date() + dt.timedelta(days=30)
            rows.append(
                Request(
                    subject=7 + number,
                    kind=chance.choice(["access", "delete", ""]),
                    channel=chance.choice(["mail", "form"]),
                    place=chance.choice(["FR", "DE"]),
                    residence=chance.choice(["", "US-CA"]),
                    language="en",
                    proof="mail",
                    came_from=State.WORKING if ended else State.RECEIVED,
                    state=State.REFUSED
                    if ended == "refused"
                    else State.ANSWERED
                    if ended
                    else State.WORKING,
                    outcome=ended or "",
                    ground="law" if ended in ("refused", "partly") else "",
                    received_at=at,
                    decided_at=end if ended else None,
                    due_on=due,
                    next_on=due,
                    extend_to=due + dt.timedelta(days=60),
                    extended_at=at if chance.random() < 0.2 else None,
                )
            )
        Request.objects.bulk_create(rows)
        found = figures.counted()
        for by, name in (("kind", "kind"), ("channel", "channel")):
            for line in figures.lines(found, by):
                mine = [row for row in rows if getattr(row, name) == line.name]
                days = sorted(
                    (local(row.decided_at) - local(row.received_at)).days
                    for row in mine
                    if row.decided_at
                )
                late = [
                    row
                    for row in mine
                    if row.decided_at
                    and local(row.decided_at) > (row.extend_to if row.extended_at else row.due_on)
                ]
                assert (line.received, line.late) == (len(mine), len(late))
                assert line.median == statistics.median(days)
                assert line.p95 == days[math.ceil(len(days) * 0.95) - 1]
                assert line.open == sum(not row.outcome for row in mine)
        grounds = Counter(row.ground for row in rows if row.ground)
        assert dict(figures.denials(found)) == grounds
        assert {each.name for each in figures.lines(found, "place")} == {"FR", "DE", "US-CA"}


local = timezone.localdate
FIELDS = (
    "received", "granted", "partly", "nothing", "refused", "withdrawn", "open", "late", "median",
    "p95",
)  # fmt: skip


class TestReading:
    def test_a_school_year_is_told_for_english_alone(self):
        easy = reading.read("We deleted your account. Nothing of it is left.", "en")
        hard = reading.read(
            "Notwithstanding limitations hereinafter enumerated, information concerning"
            " processing operations shall be communicated. " * 5,
            "en",
        )
        assert easy.year < 7 < hard.year and hard.hard and not easy.hard
        for language in ("es", "fr", "pt-BR"):
            found = reading.read("Hemos suprimido tus datos. No queda nada.", language)
            assert found.lix is not None and found.year is None
        for language in ("ar", "ko", "ja", "zh-Hant"):
            found = reading.read("요청하신 대로 했어요. 다 됐어요.", language)
            assert found.lix is None and found.year is None

    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("See Art. 15 of the law. It holds.", 2),
            ("It costs 3.5 euros.", 1),
            ("終わりました。何も残っていません。", 2),
            ("هل وصلك؟ نعم.", 2),
            ("One line\n\nand another", 2),
        ],
    )
    def test_where_a_sentence_ends(self, text, sentences):
        language = "ja" if "。" in text else "ar" if "؟" in text else "en"
        assert reading.read(text, language).sentences == sentences

    def test_our_own_templates_read_well(self):
        for language in FINISHED:
            for each in answers.TEMPLATES:
                text = in_force().text(f"answers.{each.key}.text", language)
                assert not reading.read(text, language).hard, (language, each.key)


class TestRedaction:
    @pytest.mark.parametrize(
        "gone",
        [
            "ann.lee@example.org", "+44 20 7946 0018", "+1 (555) 123-4567", "10.0.0.1",
            "DE89 3704 0044 0532 0130 00", "https://example.org/a?b=c",
        ],
    )  # fmt: skip
    def test_addresses_numbers_and_links_go(self, gone):
        found = redact(f"Before {gone} after.")
        assert (found.text, found.places) == (f"Before {BAR} after.", 1)

    def test_names_go_as_they_are_listed_and_nothing_that_only_holds_them(self):
        found = redact("ANN  LEE met Annabel and 田中さん.", ["Ann Lee", "田中", " "])
        assert found.text == f"{BAR} met Annabel and {BAR}さん."

    def test_days_and_numbers_of_requests_stay(self):
        text = "Request k7m2-x9q4-r of 2026-11-26, order 12345."
        assert redact(text) == (text, 0)


class TestTemplates:
    def test_each_is_for_a_step_that_the_officer_takes(self):
        for each in answers.TEMPLATES:
            for step in each.steps:
                assert "officer" in machine.STEPS[step].by, each.key

    @pytest.mark.parametrize("right", sorted(in_force().rights))
    def test_every_right_has_an_answer_to_begin_with(self, right):
        keys = [each.key for each in answers.fitting("answer", right)]
        assert "done" in keys and "partly" in keys

    def test_p5_2_1_8a_whoever_names_a_service_is_told_how_it_proves_itself(self):
        for language in FINISHED:
            text = answers.begun("transmit", language)
            assert "/privacy/send/" in text
            assert answers.unfilled(text) == ["{details}"]
        assert "transmit" in [each.key for each in answers.fitting("answer", "portability")]

    def test_what_is_not_known_stays_to_be_filled_in(self):
        for language in FINISHED:
            text = answers.begun("longer", language, number="k7m2-x9q4-r", until="3 May")
            assert answers.unfilled(text) == ["{details}"]
            assert "k7m2-x9q4-r" in text and "3 May" in text
