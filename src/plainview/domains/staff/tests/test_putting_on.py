"""An editor puts films on: one after the other, kept back for its day, in the place of another."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plainview.domains.catalogue.models import Title
from plainview.domains.playback import services as playing
from plainview.domains.playback.models import Ingest, Package
from plainview.web.tests.markup import Markup

pytestmark = pytest.mark.django_db


def film() -> SimpleUploadedFile:
    clip = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 500
    return SimpleUploadedFile("my_film.mp4", clip, content_type="video/mp4")


def test_the_next_episode_is_one_press_away(desk):
    said = {"name": "Low Water", "language": "en", "series": "+", "season": "2", "number": "3"}
    desk.post("/desk/upload/", {"film": film()} | said)
    ingest = Ingest.objects.get()
    address = f"/desk/upload/?after={ingest.key}"
    assert address in desk.get(f"/desk/ingests/{ingest.key}/").content.decode()
    page = Markup(desk.get(address).content.decode())
    values = {each["name"]: each.get("value", "") for each in page.all("input") if "name" in each}
    assert (values["name"], values["season"], values["number"]) == ("", "2", "4")
    chosen = {each["value"] for each in page.all("option") if "selected" in each}
    assert chosen == {"low-water", "en"}
    assert "Episode 3" in desk.get("/titles/low-water/").content.decode(), "not the series again"
    assert "Low Water · Episode 3" in desk.get("/desk/ingests/").content.decode()


def test_words_are_judged_before_the_film_is_sent(desk):
    said = {"asks": "", "name": "Low Water", "series": "+", "season": "1"}
    refused = desk.post("/desk/upload/", said)
    assert refused.status_code == 422
    assert "Say which season and which episode it is." in refused.content.decode()
    assert "can’t go on" not in refused.content.decode()
    assert desk.post("/desk/upload/", said | {"number": "1"}).status_code == 204
    assert not Ingest.objects.exists()
    assert not Title.objects.exists()


def test_a_film_is_kept_out_of_the_programme_until_its_day(desk):
    desk.post("/desk/upload/", {"film": film(), "name": "Low Water", "draft": "on"})
    assert Ingest.objects.get().draft


def test_another_film_takes_the_place_of_one(desk, a_film):
    """It keeps its address, its words and what hangs on it."""
    assert "Not ready to watch yet." in desk.get("/desk/titles/harbour-lights/").content.decode()
    Package.objects.create(
        video=a_film, key="before", duration_ms=9, width=9, height=9, contents={}
    )
    address = f"/desk/upload/?replaces={a_film.key}"
    assert address in desk.get(f"/desk/titles/{a_film.title.slug}/").content.decode()
    page = desk.get(address).content.decode()
    assert f"Another film for {a_film.title.name.text}" in page
    assert 'name="series"' not in page
    desk.post("/desk/upload/", {"film": film(), "replaces": a_film.key})
    ingest = Ingest.objects.get()
    assert (ingest.video, ingest.title, ingest.place) == (a_film, a_film.title, [])
    assert (ingest.name, ingest.language) == (str(a_film.name.text), a_film.language)
    # One that is not taken leaves what is there, and comes again to the same place.
    playing.give_up(ingest.pk)
    assert Package.objects.get(video=a_film).key == "before"
    assert f'value="{a_film.key}"' in desk.get(f"/desk/upload/?again={ingest.key}").content.decode()
    gone = desk.post("/desk/upload/", {"film": film(), "replaces": "nothing"})
    assert "The film that it was to replace is gone." in gone.content.decode()
