"""Marks: read off the fields, keyed by (table, column), without a trace in migrations."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models.functions import Concat
from django.test.utils import isolate_apps
from tests.gate.cinema import models as cinema
from tests.gate.cinema.models import Member
from tests.gate.policy import CINEMA, SmallPolicy

from plainview.privacy import checks, datamap
from plainview.privacy.declarations import (
    SELF,
    about_nobody,
    impersonal,
    mark_table,
    marked_tables,
    personal,
    subject,
    table_mark,
)
from plainview.privacy.gate import purposes
from plainview.privacy.registry import Registry, read, registry


def reading(*models_: type[models.Model]) -> Registry:
    return read(models_, marked_tables())


def ids(found: Registry) -> list[str]:
    return [problem.id for problem in found.problems]


def test_the_cinema_is_marked():
    assert registry().problems == []
    assert checks.check_marks() == []


def test_keys_and_subjects_have_the_rows_category():
    viewing = registry().tables["cinema_viewing"]
    assert viewing.row == "viewing"
    assert viewing.columns["id"].mark.category == "viewing"
    assert viewing.columns["member_id"].mark.category == "viewing"
    assert viewing.columns["build"].mark.reason == "describes our software"


def test_links_of_a_many_to_many_field_follow_its_mark():
    friends = registry().tables["cinema_member_friends"]
    assert friends.row == "messages.text"
    assert [path.column for path in friends.subjects] == ["from_member_id"]


def test_a_childs_rows_are_about_whom_its_parents_are():
    path = registry().tables["cinema_longviewing"].subjects[0]
    assert (path.hops[0].table, path.column) == ("cinema_viewing", "member_id")


@isolate_apps("tests.gate.cinema")
def test_child_without_a_word_inherits_the_path():
    class Short(cinema.Viewing):
        class Meta:
            app_label = "cinema"

    found = read([cinema.Viewing, Short], {})
    assert found.problems == []
    assert found.tables["cinema_short"].subjects[0].hops[0].column == "viewing_ptr_id"


def test_paths_lead_through_foreign_keys():
    sender, recipient = registry().tables["cinema_attachment"].subjects
    assert sender.hops[0].column == "message_id"
    assert (sender.hops[0].table, sender.column) == ("cinema_message", "sender_id")
    assert recipient.column == "recipient_id"


@isolate_apps("tests.gate.cinema")
def test_what_is_missing_is_a_problem_with_a_remedy():
    class Bare(models.Model):
        word = models.TextField()

        class Meta:
            app_label = "cinema"

    @subject("member")
    class Half(models.Model):
        member = models.ForeignKey(cinema.Member, models.CASCADE)
        word = models.TextField()
        known = personal(models.TextField(), "viewing.history")

        class Meta:
            app_label = "cinema"

    class Headless(models.Model):
        known = personal(models.TextField(), "viewing.history")

        class Meta:
            app_label = "cinema"

    @subject("member__film")
    class Astray(models.Model):
        member = models.ForeignKey(cinema.Member, models.CASCADE)
        known = personal(models.TextField(), "viewing.history")

        class Meta:
            app_label = "cinema"

    assert ids(reading(Bare)) == ["privacy.E001", "privacy.E001"]
    assert ids(reading(Half)) == ["privacy.E001"]
    assert "cinema_half.word" in reading(Half).problems[0].message
    assert ids(reading(Headless)) == ["privacy.E003"]
    assert ids(reading(Astray)) == ["privacy.E005", "privacy.E001"]
    assert all(
        p.remedy for model in (Bare, Half, Headless, Astray) for p in reading(model).problems
    )


@isolate_apps("tests.gate.cinema")
def test_two_models_of_one_table_fail():
    @about_nobody("a test")
    class One(models.Model):
        class Meta:
            app_label = "cinema"
            db_table = "shared"

    @about_nobody("a test")
    class Two(models.Model):
        class Meta:
            app_label = "cinema"
            db_table = "shared"

    class Proxy(One):
        class Meta:
            app_label = "cinema"
            proxy = True

    assert ids(reading(One, Two)) == ["privacy.E002"]
    assert ids(reading(One, Proxy)) == []


@isolate_apps("tests.gate.cinema")
def test_several_families_need_a_word():
    @subject(SELF)
    class Mixed(models.Model):
        one = personal(models.TextField(), "viewing.history")
        two = personal(models.TextField(), "contact.email")

        class Meta:
            app_label = "cinema"

    assert ids(reading(Mixed)) == ["privacy.E004"]


@pytest.fixture
def in_the_registry(monkeypatch):
    """Let the checks look at these models only."""

    def only(*models_):
        monkeypatch.setattr(checks, "registry", lambda: reading(*models_))

    return only


@isolate_apps("tests.gate.cinema")
def test_a_category_that_the_policy_lacks(in_the_registry):
    @subject(SELF, row="account")
    class Odd(models.Model):
        shoe = personal(models.TextField(), "account.shoe-size")

        class Meta:
            app_label = "cinema"

    in_the_registry(Odd)
    assert [m.id for m in checks.check_marks()] == ["privacy.E011"]


@isolate_apps("tests.gate.cinema")
def test_a_sensitive_category_that_nobody_may_use(in_the_registry):
    @subject(SELF, row="account")
    class Odd(models.Model):
        faith = personal(models.TextField(), "account.faith")

        class Meta:
            app_label = "cinema"

    in_the_registry(Odd)
    purposes.enforce(
        SmallPolicy(
            CINEMA.table, extra=frozenset({"account.faith"}), sensitive={"account.faith": "faith"}
        )
    )
    try:
        assert [m.id for m in checks.check_marks()] == ["privacy.E012"]
    finally:
        purposes.enforce(CINEMA)


@isolate_apps("tests.gate.cinema")
def test_p0c_what_identifies_people_cannot_be_marked_impersonal(in_the_registry):
    """The id of a television's installation, a home address, a link to a person's row."""
    why = "a careless reason"

    class Careless(models.Model):
        id = impersonal(models.BigAutoField(primary_key=True), why)
        tv_install_id = impersonal(models.CharField(max_length=40), why)
        home_address = impersonal(models.TextField(), why)
        contact = impersonal(models.EmailField(), why)
        seen_from = impersonal(models.GenericIPAddressField(), why)
        who = impersonal(models.ForeignKey(Member, models.CASCADE), why)
        by_device = impersonal(models.BooleanField(), "whether it was a device, not which")
        player_build = impersonal(models.CharField(max_length=20), "describes our software")

        class Meta:
            app_label = "cinema"

    in_the_registry(Member, Careless)
    found = [m for m in checks.check_marks() if m.obj is Careless]
    assert {m.id for m in found} == {"privacy.E008"}
    named = {m.msg.split()[0].split(".")[-1] for m in found}
    assert named == {"tv_install_id", "home_address", "contact", "seen_from", "who"}


@isolate_apps("tests.gate.cinema")
def test_computed_columns_and_mixed_indexes(in_the_registry):
    @subject(SELF, row="account")
    class Computed(models.Model):
        email = personal(models.CharField(max_length=9), "contact.email")
        name = personal(models.CharField(max_length=9), "profile.name")
        copy = impersonal(
            models.GeneratedField(
                expression=models.F("email"), output_field=models.TextField(), db_persist=True
            ),
            "wrongly marked",
        )
        text = impersonal(
            models.GeneratedField(
                expression=models.Func(template="lower(name)"),
                output_field=models.TextField(),
                db_persist=True,
            ),
            "wrongly marked, and in words of its own",
        )
        fine = personal(
            models.GeneratedField(
                expression=models.F("email"), output_field=models.TextField(), db_persist=True
            ),
            "contact.email",
        )

        class Meta:
            app_label = "cinema"
            indexes = [models.Index(Concat("email", "name"), name="mixed")]

    in_the_registry(Computed)
    assert [m.id for m in checks.check_marks()] == ["privacy.E006", "privacy.E006", "privacy.E007"]


def test_marks_leave_no_trace_in_migrations():
    before, after = ProjectState(), ProjectState()
    for model in apps.get_app_config("cinema").get_models():
        after.add_model(ModelState.from_model(model))
    changes = MigrationAutodetector(before, after)._detect_changes()
    text = "".join(MigrationWriter(m).as_string() for m in changes["cinema"])
    assert "CreateModel" in text
    assert "privacy" not in text and "personal" not in text and "viewing.history" not in text


def test_a_third_partys_table_is_marked_by_name():
    assert "names our models" in str(table_mark("django_content_type"))
    assert registry().tables["django_content_type"].personal is False


@isolate_apps("tests.gate.cinema")
def test_marks_by_name_reach_a_path():
    class Foreign(models.Model):
        message = models.ForeignKey(cinema.Message, models.CASCADE)

        class Meta:
            app_label = "cinema"
            db_table = "foreign_thing"

    mark_table("foreign_thing", "message__sender", row="messages", personal={})
    found = reading(Foreign)
    assert found.problems == []
    assert found.tables["foreign_thing"].subjects[0].column == "sender_id"


def test_the_lock_has_a_line_for_each_personal_column():
    lines = list(datamap.lines(registry()))
    assert "cinema_viewing.minutes viewing.history member" in lines
    assert "cinema_message.read messages.text recipient" in lines
    assert lines == sorted(lines)
    assert not any("cinema_film" in line for line in lines)
    text = datamap.lock(registry())
    assert datamap.differences(registry(), text) == ([], [])
    new, gone = datamap.differences(registry(), text.replace(".minutes viewing", ".hours viewing"))
    assert (len(new), len(gone)) == (1, 1)


def test_the_map_in_words():
    words = datamap.in_words(registry())
    assert "cinema.Viewing (cinema_viewing): rows about member, viewing" in words
    assert "impersonal: describes our software" in words
