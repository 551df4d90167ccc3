"""A table that is new is in the page, the copy and the way out by its marks alone, files too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection, models
from django.test import Client
from tests.rights.conftest import archive, enter, work

from plainview.privacy.declarations import personal, subject
from plainview.privacy.models import Erasure
from plainview.privacy.registry import read, registry

pytestmark = pytest.mark.django_db(transaction=True)
STORAGE = FileSystemStorage()
"""In the media folder, of each test its own."""


@subject("subject", row="profile")
class Picture(models.Model):
    """A picture of somebody, of a kind that the product has not."""

    subject = models.BigIntegerField()
    file = personal(models.FileField(storage=STORAGE, upload_to="pictures"), "profile.picture")
    caption = personal(models.CharField(max_length=100), "profile.picture")

    class Meta:
        app_label = "rights_new"

    def __str__(self) -> str:
        return "a picture"


@pytest.fixture
def pictures(ines, tom, monkeypatch):
    """The table in the database and in the registry, with a picture each."""
    for cached in ("base_location", "location"):
        STORAGE.__dict__.pop(cached, None)
    name = Picture._meta.db_table
    monkeypatch.setitem(registry().tables, name, read([Picture], {}).tables[name])
    with connection.schema_editor() as editor:
        editor.create_model(Picture)
    for person, caption in ((ines, "Ines by the sea"), (tom, "Tom on a ladder")):
        picture = Picture(subject=person.pk, caption=caption)
        picture.file.save(f"{caption}.txt", ContentFile(f"picture of {caption}".encode()))
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Picture)


def test_it_is_on_the_page_and_in_the_copy_with_its_file(ines, pictures):
    client = enter(ines)
    assert "Your picture" in client.get("/privacy/").content.decode()
    entries = client.get("/privacy/held/profile.picture/").content.decode()
    assert "Ines by the sea" in entries
    zipped = archive(client)
    files = [name for name in zipped.namelist() if name.startswith("files/")]
    assert [zipped.read(name) for name in files] == [b"picture of Ines by the sea"]
    everything = b"\n".join(zipped.read(name) for name in zipped.namelist())
    assert b"Ines by the sea" in everything
    assert b"ladder" not in everything


def test_leaving_takes_the_row_and_the_file_and_leaves_others(ines, pictures):
    answer = enter(ines).post("/privacy/leave/confirm/", {"sure": "yes"})
    work()
    assert Erasure.objects.get().state == "done"
    assert list(Picture.objects.values_list("caption", flat=True)) == ["Tom on a ladder"]
    kept = [path.name for path in Path(settings.MEDIA_ROOT, "pictures").iterdir()]
    assert kept == ["Tom_on_a_ladder.txt"]
    lines = Client().get(f"{answer['Location']}report.json").json()["lines"]
    (line,) = [each for each in lines if each["what"] == "Your picture"]
    assert line["outcome"] == "Removed"


def test_a_file_that_cannot_be_deleted_is_reported_and_its_row_is_not_forgotten(
    ines, pictures, monkeypatch
):
    def refuse(name):
        raise PermissionError

    monkeypatch.setattr(STORAGE, "delete", refuse)
    address = enter(ines).post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    work()
    page = Client().get(address).content.decode()
    assert "Not removed yet" in page
    assert Picture.objects.filter(subject=ines.pk).exists(), "without the row nobody finds the file"
