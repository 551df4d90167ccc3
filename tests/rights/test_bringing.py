"""What is brought goes on whatever dies, each row once, within the memory that a few rows take."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.killing import dies, dying, kill, moments, some
from tests.rights.conftest import enter, work

from plainview.domains.catalogue.models import Video
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.models import Bringing
from plainview.privacy.retention import sweeping
from plainview.privacy.rights.bringing import reading, services, writing
from plainview.privacy.rights.copies import sealed

pytestmark = pytest.mark.django_db(transaction=True)
BRING = "/privacy/bring/"
DAY = "2026-03-01T20:00:00+00:00"


def zipped(count: int, name: str = "harbour-lights") -> bytes:
    """A copy with so many sittings with one film, as another service wrote it."""
    about = {
        "format": "plainview-copy", "version": 1, "service": "Elsewhere", "made": "", "policy": "",
        "language": "en", "subject": "1", "categories": {}, "files": [],
        "tables": {"playback_viewing": {
            "json": "", "csv": "", "rows": count, "columns": {}, "held_but_not_copied": [],
            "refers": {"video_id": "catalogue_video"},
        }},
        "programme": {"catalogue_video": {"1": {"key": key(name), "name": ""}}},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("data.json", json.dumps(about))
        with target.open("data/playback_viewing.json", "w") as lines:
            lines.write(b"[\n")
            for n in range(count):
                row = {"sitting": f"s-{n}", "video_id": 1, "seconds": n % 60, "began_at": DAY,
                       "watched_at": DAY}  # fmt: skip
                end = ",\n" if n < count - 1 else "\n"
                lines.write((json.dumps(row) + end).encode())
            lines.write(b"]\n")
    return out.getvalue()


def key(slug: str) -> list[object]:
    return list(Video.objects.get(title__slug=slug).natural_key())


@pytest.fixture
def watching(ines):
    """Somebody at a service that has the film, who lets their history be kept."""
    add_film(name="Harbour Lights")
    permissions.change(ines.pk, lambda old: permissions.answered(old, {"history": "granted"}))
    return ines


def brought(subject: int, content: bytes) -> int:
    """A copy that was sent and is not read yet; its job is not asked for."""
    row = services.take(io.BytesIO(content), len(content), subject)
    Job.objects.filter(task=services.TASK).delete()
    return row.pk


def test_p5_2_1_8a_killed_while_it_was_sent_it_is_asked_for_once_more(watching, monkeypatch):
    """P5.2.1.8a: who sent a file is not told to look for it at another service, for days."""
    content = zipped(3)
    with monkeypatch.context() as patched:
        patched.setattr(sealed.Sealed, "append", kill)
        dies(lambda: services.take(io.BytesIO(content), len(content), watching.pk))
    client = enter(watching)
    page = client.get(BRING).content.decode()
    assert "Please send it once more" in page
    assert "coming from the other service" not in page
    assert 'http-equiv="refresh"' not in page
    client.post(BRING, {"act": "take", "copy": io.BytesIO(content)})
    work()
    assert Viewing.objects.filter(subject=watching.pk).count() == 3


@pytest.mark.parametrize(
    "sampled", [pytest.param(some, id="some"),
                pytest.param(lambda n: range(1, n + 1), id="all", marks=pytest.mark.soak)],
)  # fmt: skip
@pytest.mark.slow
def test_p5_2_1_8a_killed_at_any_moment_it_goes_on_and_each_row_is_there_once(
    watching, sampled, monkeypatch
):
    """P5.2.1.8a: before each statement and on both sides of each commit, then taken up again."""
    monkeypatch.setattr(writing, "BATCH", 3)
    content, subject = zipped(10), watching.pk
    counted = brought(subject, content)
    total = moments(lambda: services.carry_on(counted))
    assert services.of(subject).state == "done"
    went_on = 0
    moments_: Iterable[int] = {*sampled(total), total * 2 // 3, total * 5 // 6}
    for moment in moments_:
        Viewing.objects.filter(subject=subject).delete()
        row = brought(subject, content)
        assert dying(lambda row=row: services.carry_on(row), moment)
        held = Bringing.objects.get(pk=row)
        there = Viewing.objects.filter(subject=subject).count()
        assert there == (0 if not held.checked else held.line if held.table == 0 else 10), moment
        went_on += 0 < there < 10
        services.carry_on(row)
        found = services.of(subject)
        assert found.state == "done"
        rows = Viewing.objects.filter(subject=subject).values_list("sitting", flat=True)
        assert sorted(rows) == sorted(f"s-{n}" for n in range(10)), moment
        (outcome,) = services.outcomes(found)
        assert (outcome.written, outcome.there) == (10, 0), moment
        assert not Path(found.file.path).exists()
    assert went_on, "at some of them a part was written, and not written again"


def test_p5_2_1_8a_a_stretch_ends_with_the_next_one_asked_for(watching, monkeypatch):
    """P5.2.1.8a: no single job has to live through all of it."""
    monkeypatch.setattr(writing, "BATCH", 3)
    monkeypatch.setattr(services, "STRETCH", 2)
    client = enter(watching)
    content = io.BytesIO(zipped(10))
    content.name = "copy.zip"
    client.post(BRING, {"act": "take", "copy": content})
    page = client.get(BRING)
    assert '<meta http-equiv="refresh"' in page.content.decode()
    work()
    assert Job.objects.filter(task=services.TASK).count() > 3
    page = client.get(BRING).content.decode()
    assert "Entries taken over: 10." in page
    assert "From Elsewhere, taken over on" in page


def test_p5_2_1_8a_no_other_field_chooses_what_is_done(watching):
    """A button says it under one name: what else a form carries neither takes back nor goes on."""
    client, copy = enter(watching), io.BytesIO(zipped(3))
    copy.name = "copy.zip"
    more = dict.fromkeys(("on", "drop", "invite", "again", "yes"), "1")
    assert client.post(BRING, more | {"act": "take", "copy": copy}).status_code == 302
    row = services.of(watching.pk)
    client.post(BRING, more | {"act": "something else"})
    client.post(BRING, more)
    work()
    assert services.of(watching.pk).pk == row.pk
    assert "Entries taken over: 3." in client.get(BRING).content.decode()


def test_p5_2_1_8a_what_failed_stays_and_goes_on_by_a_button(watching, monkeypatch):
    client = enter(watching)
    content = zipped(4)
    row = brought(watching.pk, content)

    def trouble(*args: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(writing.Step, "write", trouble)
        with pytest.raises(OSError):
            services.carry_on(row)
    services.give_up(row)
    assert "Go on" in client.get(BRING).content.decode()
    assert client.post(BRING, {"act": "on"}).status_code == 302
    work()
    assert "Entries taken over: 4." in client.get(BRING).content.decode()


def test_p5_2_1_8a_what_waits_is_sealed_and_is_what_was_sent(watching):
    content = zipped(20_000)  # more than a frame, and no whole number of them
    big = content + b"\0" * (2 << 20)
    row = Bringing.objects.get(pk=brought(watching.pk, big))
    stored = Path(row.file.path).read_bytes()
    assert b"playback_viewing" not in stored
    with services.sealed(row) as store:
        whole = io.BufferedReader(sealed.Opened(store, row.size))
        assert whole.read() == big
        whole.seek(sealed.FRAME - 3)
        assert whole.read(6) == big[sealed.FRAME - 3 : sealed.FRAME + 3]


def test_p5_2_1_8a_a_file_that_breaks_off_in_its_end_is_no_copy(watching):
    client = enter(watching)
    torn = zipped(1)[:-10]
    services.take(io.BytesIO(torn), len(torn), watching.pk)
    work()
    assert "This is not a copy that we can read" in client.get(BRING).content.decode()


def test_p5_2_1_8a_a_list_of_contents_that_would_fill_the_memory_is_not_read(watching):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for n in range(reading.MOST_ENTRIES + 1):
            target.writestr(str(n), b"")
    client = enter(watching)
    services.take(io.BytesIO(out.getvalue()), len(out.getvalue()), watching.pk)
    work()
    assert "This copy holds more than we take at once" in client.get(BRING).content.decode()


def test_p9c_what_was_brought_is_forgotten_by_its_day(watching):
    """P9c: the file as soon as it is read, or with the row that names it."""
    row = Bringing.objects.get(pk=brought(watching.pk, zipped(4)))
    Bringing.objects.update(came_at=timezone.now() - timedelta(days=9), state="failed")
    assert services.of(watching.pk) is None
    sweeping.sweep()
    assert not Bringing.objects.exists()
    assert not Path(row.file.path).exists()


@pytest.mark.parametrize(
    "count", [500, pytest.param(500_000, marks=pytest.mark.soak)], ids=["sample", "soak"]
)
@pytest.mark.slow
def test_p5_2_1_8a_memory_does_not_grow_with_the_rows(watching, count):
    """P5.2.1.8a: half a million rows go through within the memory that a few take."""
    row = brought(watching.pk, zipped(count))
    tracemalloc.start()
    try:
        while services.of(watching.pk).state == "reading":
            services.carry_on(row)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 32 << 20, f"{most >> 20} MiB"
    assert Viewing.objects.filter(subject=watching.pk).count() == count
