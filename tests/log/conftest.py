"""What the tests of the log share: a log that begins with nothing, answers, and the key of now."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from plainview import verify
from plainview.platform.identifiers import new_id
from plainview.privacy import log, permissions
from plainview.privacy.consent import services
from plainview.privacy.consent.layouts import Question
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import models, notes

QUESTION = Question("en", "eu", "May we?\nAccept all\nReject all")


@pytest.fixture(autouse=True)
def new_log(request: pytest.FixtureRequest, tmp_path, monkeypatch) -> None:
    """Begin with nothing: the migration is in the log, and a key and head are kept outside."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        tables = (models.Entry, models.Act, models.Deed, models.Leaf, models.Node, models.Head)
        with duty("migrate"):
            for table in (*tables, models.Key, models.Epoch):
                table._base_manager.all()._raw_delete("default")


def answer(said: str = "granted", **facts: object) -> int:
    """A first answer of a device; its number."""
    known = permissions.newcomer("eu", frozenset({"gpc"}))
    given = services.answer_for_device(None, {"history": said}, QUESTION, facts=known, via="banner")
    return given.device


def entries(count: int) -> list[models.Entry]:
    """So many entries, each about somebody else, in one transaction."""
    with transaction.atomic():
        return [log.append("other", {"n": number}, subject=new_id()) for number in range(count)]


def receipt(body: dict, notice: dict, entry: models.Entry, **principal: str) -> dict:
    """A receipt by docs/receipts.md, with its proof under the latest head."""
    whose = {"pv:principal": principal} if principal else {}
    return {
        **verify.FORM,
        "dpv:hasRecordOfActivity": body,
        "dpv:hasNotice": notice,
        "pv:proof": log.proof(entry).block(entry.salt),
        **whose,
    }


def public() -> notes.Public:
    """The key of now, read as an outsider reads it."""
    return notes.read_key(models.Key.objects.order_by("id").last().public)
