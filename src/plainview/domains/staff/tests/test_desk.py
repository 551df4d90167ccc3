"""The desk: closed to strangers, keeps what was typed, tells how a film fares."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback import services as playing
from plainview.domains.playback.models import Ingest
from plainview.domains.staff.languages import language_choices
from plainview.domains.subtitles import formats
from plainview.platform.media import apart

SRT = "1\n00:00:01,000 --> 00:00:03,000\n항구에서 전하는 인사\n".encode()
NO_TEXT = "This is not a text file."
CLIP = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 500


def film(name: str = "my_film.mp4", data: bytes = CLIP) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="video/mp4")


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    """The folder that uploads pass through."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


@pytest.fixture
def doors(a_film) -> list[str]:
    ingest = Ingest.objects.create(source_name="a.mov", name="A", video=a_film, title=a_film.title)
    return [
        "/desk/",
        "/desk/upload/",
        "/desk/ingests/",
        f"/desk/ingests/{ingest.key}/",
        "/desk/titles/",
        f"/desk/titles/{a_film.title.slug}/",
        "/desk/design/",
    ]


def test_nothing_is_asked_at_the_desk_and_languages_have_their_names(desk, doors, a_film):
    """The question of what may be remembered lay over the desk's forms on a phone."""
    words = a_film.title.texts | {"ko": {"name": "항구의 불빛"}}
    Title.objects.filter(pk=a_film.title.pk).update(texts=words)
    for door in doors:
        assert 'id="consent"' not in desk.get(door).content.decode(), door
    assert 'id="consent"' in desk.get("/").content.decode()
    assert "한국어</bdi>" in desk.get("/desk/titles/").content.decode()
    for page in ("/desk/?lang=ko", "/desk/ingests/?lang=ko"):
        assert "항구의 불빛" in desk.get(page).content.decode(), page


def test_strangers_are_asked_to_sign_in(client, doors):
    for door in doors:
        response = client.get(door)
        assert response.status_code == 302, door
        assert response["Location"] == f"/accounts/login/?next={door}"
        assert client.post(door).status_code in (302, 403)


def test_members_find_nothing_there(client, doors):
    client.force_login(User.objects.create_user("member@example.org"))
    assert {client.get(door).status_code for door in doors} == {404}


def test_staff_are_let_in_and_nothing_is_kept_by_caches(desk, doors):
    for door in doors:
        response = desk.get(door)
        assert response.status_code == 200, door
        assert "no-store" in response["Cache-Control"], door


def test_an_upload_starts_an_ingest_and_leaves_no_copy(desk, uploads):
    response = desk.post(
        "/desk/upload/",
        {
            "film": film(),
            "name": "",
            "language": "ko",
            "subtitles": [SimpleUploadedFile("my_film.ko.srt", SRT)],
        },
    )
    ingest = Ingest.objects.get()
    assert response["Location"] == f"/desk/ingests/{ingest.key}/"
    assert (ingest.name, ingest.language) == ("My film", "ko")
    assert ingest.upload.account.email == "desk@example.org"
    assert (ingest.incoming / "source").read_bytes() == CLIP
    assert list(uploads.iterdir()) == []


def test_a_series_comes_episode_by_episode(desk, client):
    said = {"name": "Low Water", "language": "en", "series": "+", "season": "1", "number": "1"}
    desk.post("/desk/upload/", {"film": film()} | said)
    title = Title.objects.get()
    assert (title.kind, str(title.name.text), title.published_at) == ("series", "Low Water", None)
    taken = desk.post("/desk/upload/", {"film": film()} | said | {"series": title.slug})
    assert taken.status_code == 422
    assert "This episode is there already, or on its way." in taken.content.decode()
    placeless = desk.post("/desk/upload/", {"film": film(), "series": title.slug, "name": "Ebb"})
    assert "Say which season and which episode it is." in placeless.content.decode()
    assert 'value="Ebb"' in placeless.content.decode()
    nameless = desk.post("/desk/upload/", {"film": film()} | said | {"name": ""})
    assert "A new series needs a name." in nameless.content.decode()
    second = {"name": "Flood", "series": title.slug, "season": "1", "number": "2"}
    desk.post("/desk/upload/", {"film": film()} | second)
    first, other = title.videos.order_by("number")
    assert [each.video for each in Ingest.objects.order_by("pk")] == [first, other]
    desk.post(f"/desk/titles/{title.slug}/publishing/", {"act": "publish"})
    page = client.get(f"/titles/{title.slug}/").content.decode()
    assert page.index("Flood") > page.index("Low Water")
    # A film that could not be taken leaves its place to the next.
    failed = Ingest.objects.get(video=other)
    Ingest.objects.filter(pk=failed.pk).update(state=Ingest.State.FAILED)
    again = desk.get(f"/desk/upload/?again={failed.key}").content.decode()
    assert f'<option value="{title.slug}" selected>' in again
    assert desk.post("/desk/upload/", {"film": film()} | second).status_code == 302
    assert title.videos.count() == 2


def test_a_large_upload_is_moved_not_read(desk, settings, uploads):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    desk.post("/desk/upload/", {"film": film()})
    assert (Ingest.objects.get().incoming / "source").read_bytes() == CLIP
    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Without “The film” this can’t go on."),
        ({"film": film(data=b"")}, "empty"),
        ({"film": film(), "subtitles": [SimpleUploadedFile("x.srt", b"no subtitles")]}, "x.srt"),
        ({"film": film(), "language": "xx-nowhere"}, "Select a valid choice"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_what_was_typed(desk, fields, said):
    response = desk.post("/desk/upload/", {"name": "Nachtfähre", **fields})
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert 'value="Nachtfähre"' in html
    assert not Ingest.objects.exists()


def test_a_film_beyond_the_limit_is_refused(desk, monkeypatch):
    monkeypatch.setattr("plainview.domains.staff.forms.uploading.GIGABYTE", 10)
    response = desk.post("/desk/upload/", {"film": film()})
    assert response.status_code == 422
    assert "larger than 20 GB" in response.content.decode()


def test_a_full_disk_is_told_in_the_form_and_leaves_nothing(desk, monkeypatch, uploads):
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("plainview.domains.playback.services.begin_ingest", full)
    response = desk.post("/desk/upload/", {"film": film(), "name": "Kept"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "No space left on device" in html
    assert list(uploads.iterdir()) == []
    assert 'value="Kept"' in html


def test_a_series_whose_first_episode_can_t_be_kept_is_not_begun(desk, monkeypatch):
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    said = {"name": "Low Water", "series": "+", "season": "2", "number": "3"}
    with monkeypatch.context() as patch:
        patch.setattr("shutil.move", full)
        response = desk.post("/desk/upload/", {"film": film()} | said)
    assert response.status_code == 422
    assert "No space left on device" in response.content.decode()
    assert not Title.objects.exists()
    desk.post("/desk/upload/", {"film": film()} | said)
    failed = Ingest.objects.get()
    playing.give_up(failed.pk)
    assert not Title.objects.exists()
    again = desk.get(f"/desk/upload/?again={failed.key}").content.decode()
    for value in ('value="Low Water"', 'value="+" selected', 'value="2"', 'value="3"'):
        assert value in again


def test_progress_is_asked_for_until_it_ends(desk):
    ingest = Ingest.objects.create(
        source_name="a.mov", name="A", state=Ingest.State.WORKING, progress=41
    )
    address = f"/desk/ingests/{ingest.key}/"
    part = desk.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert "41 %" in part
    assert "data-hx-get" in part
    assert "Being prepared, 41 %" in desk.get("/desk/ingests/").content.decode()
    ingest.state, ingest.problem, ingest.remedy = "failed", "It ends early.", "Copy it again."
    ingest.save()
    part = desk.get(address, headers={"hx-request": "true"}).content.decode()
    assert "It ends early." in part
    assert "Copy it again." in part
    assert "data-hx-get" not in part
    again = desk.get(f"/desk/upload/?again={ingest.key}").content.decode()
    assert 'value="A"' in again


def test_a_film_that_waits_for_its_place_is_not_said_to_be_prepared(desk):
    ingest = Ingest.objects.create(
        source_name="a.mov", name="A", state=Ingest.State.WORKING, problem_code="bucket"
    )
    page = desk.get(f"/desk/ingests/{ingest.key}/").content.decode()
    assert "The film is prepared, but the place where films are kept" in page
    assert "Being prepared" not in page
    assert "data-hx-get" in page, "and it is looked after"
    assert "Waiting" in desk.get("/desk/ingests/").content.decode()


def test_why_a_film_was_refused_is_said_in_the_readers_language(desk, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n")
    ingest = playing.begin_ingest(path, source_name="film.mp4", draft=True)
    playing.run_ingest(ingest.pk)
    arabic = desk.get(f"/desk/ingests/{ingest.key}/?lang=ar").content.decode()
    assert "الملف قائمة تشغيل" in arabic
    assert "ارفع الفيلم الذي يشير إليه، في ملف واحد." in arabic
    assert "playlist" not in arabic
    assert (
        "Upload the film it points to"
        in desk.get(f"/desk/ingests/{ingest.key}/?lang=en").content.decode()
    )


def test_what_an_uploader_should_know_is_said_in_the_readers_language(desk):
    ingest = Ingest.objects.create(
        source_name="a.mov",
        name="A",
        state=Ingest.State.READY,
        notes=[
            {"code": "subtitles-are-pictures", "facts": {"language": "ko"}},
            {"code": "subtitles-unreadable", "facts": {"file": "a.srt", "why": NO_TEXT}},
            {"code": "levelled", "facts": {"name": "Deutsch", "before": -27.25, "after": -16.0}},
            {"code": "sound-dropped", "facts": {}},
        ],
    )
    arabic = desk.get(f"/desk/ingests/{ingest.key}/?lang=ar").content.decode()
    assert "استُبعدت ترجمات هي صور لا نصوص: \u2068الكورية\u2069." in arabic
    assert "\u2068a.srt\u2069. \u2068هذا ليس ملفًا نصيًّا.\u2069" in arabic
    assert "Deutsch" in arabic
    assert "27.2" in arabic
    assert "تعذّرت قراءة أحد المسارات الصوتية فاستُبعد." in arabic
    assert NO_TEXT not in arabic


def test_what_an_earlier_version_said_is_still_shown_and_marked_as_english(desk):
    said = {"problem": "It was odd.", "remedy": "Try a rounder one.", "problem_code": "odd"}
    refused = Ingest.objects.create(source_name="a.mov", name="A", state="failed", **said)
    page = desk.get(f"/desk/ingests/{refused.key}/?lang=ar").content.decode()
    assert '<p lang="en" dir="ltr">It was odd.</p>' in page
    assert '<p lang="en" dir="ltr"><strong>Try a rounder one.</strong></p>' in page
    noted = Ingest.objects.create(
        source_name="b.mov", name="B", state="ready", notes=["The last of it was kept."]
    )
    page = desk.get(f"/desk/ingests/{noted.key}/?lang=ar").content.decode()
    assert '<bdi lang="en" dir="ltr">The last of it was kept.</bdi>' in page


def test_subtitles_are_added_to_a_film(desk, a_film):
    address = f"/desk/titles/{a_film.title.slug}/"
    fields = {"video": a_film.key, f"{a_film.key}-file": SimpleUploadedFile("x.ko.srt", SRT)}
    assert desk.post(address, fields)["Location"] == address
    assert [track.language for track in a_film.tracks.all()] == ["ko"]
    assert "한국어" in desk.get(address).content.decode()


def test_a_file_that_is_added_to_a_film_is_read_once(desk, a_film, monkeypatch):
    """Each reading starts a process, and may take half a minute."""
    asked = []
    ask = apart.ask
    monkeypatch.setattr(apart, "ask", lambda *given: asked.append(given[0]) or ask(*given))
    fields = {"video": a_film.key, f"{a_film.key}-file": SimpleUploadedFile("x.ko.srt", SRT)}
    assert desk.post(f"/desk/titles/{a_film.title.slug}/", fields).status_code == 302
    assert len(asked) == 1


def test_an_uploaded_file_is_read_in_a_process_of_its_own(desk, a_film, monkeypatch):
    def read(*_given, **_named):
        raise AssertionError("a file of strangers is read among the pages")

    monkeypatch.setattr(formats, "read", read)
    fields = {"video": a_film.key, f"{a_film.key}-file": SimpleUploadedFile("x.ko.srt", SRT)}
    assert desk.post(f"/desk/titles/{a_film.title.slug}/", fields).status_code == 302


def test_subtitles_that_cannot_be_read_change_nothing(desk, a_film):
    address = f"/desk/titles/{a_film.title.slug}/"
    fields = {"video": a_film.key, f"{a_film.key}-file": SimpleUploadedFile("x.srt", b"\x00\x01")}
    response = desk.post(address, fields)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert "x.srt: " in response.content.decode()
    assert not a_film.tracks.exists()


def test_languages_are_named_in_the_reader_s_own_and_sorted():
    with translation.override("ko"):
        assert {("ko", "한국어"), ("yue", "광둥어")} <= {*language_choices()}
    with translation.override("fr"):
        tags = [tag for tag, _name in language_choices()]
    assert tags[0] == ""
    assert tags.index("de") < tags.index("ar") < tags.index("et") < tags.index("ja"), "é as e"
    with translation.override("es"):
        tags = [tag for tag, _name in language_choices("zxx", "nap", "de")]
    assert tags[:3] == ["", "zxx", "nap"] and tags.index("ar") < tags.index("zu"), "á as a"


def test_the_languages_in_use_here_come_before_all_others(desk, a_film):
    Title.objects.update(original_language="wo")
    a_film.tracks.create(language="mi", label="Māori")
    for door in ("/desk/upload/", "/desk/titles/harbour-lights/edit/"):
        used = desk.get(door).content.decode().partition('label="In use here"')[2]
        first = re.findall(r'<option value="([\w-]+)"', used.partition("</optgroup>")[0])
        assert {"en", "ko", "wo", "mi"} <= {*first} and len(first) < 15


@pytest.mark.parametrize("spoken", ["zxx", "nap", "yue", "und"])
def test_the_language_of_a_title_stays_when_the_rest_is_edited(desk, a_film, spoken):
    """A silent film, one in Neapolitan, which is in no list, and one of which nobody knows."""
    Title.objects.filter(pk=a_film.title.pk).update(original_language=spoken)
    address = f"/desk/titles/{a_film.title.slug}/edit/"
    page = desk.get(address).content.decode()
    (choice,) = re.findall(r'<select name="original_language".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'<option value="([a-z]*)" selected', choice)
    assert chosen == ([spoken] if spoken != "und" else [])
    said = {"kind": "film", "name:en": "Ships", "original_language": "".join(chosen)}
    windows = {"licence-TOTAL_FORMS": 0, "licence-INITIAL_FORMS": 0}
    assert desk.post(address, said | windows).status_code == 302
    assert Title.objects.get(pk=a_film.title.pk).original_language == spoken


def test_the_officer_sees_the_map_on_one_page_and_strangers_sign_in_first(at_desk, db):
    officer = at_desk(User.objects.create_user("officer@example.org", roles="privacy-officer"))
    page = officer.get("/desk/privacy/map/").content.decode()
    assert "<svg" in page
    assert "Remember what you watched" in page
    assert "accounts_user.email" in page
    assert '<th scope="row" lang="en">Email address</th>' in page, "the policy's own name for it"
    assert Client().get("/desk/privacy/map/").status_code == 302


def test_a_title_goes_out_of_the_programme_and_comes_back(desk, a_film):
    address = f"/desk/titles/{a_film.title.slug}/"
    page = a_film.title.get_absolute_url()
    assert Client().get(page).status_code == 200
    desk.get(f"{address}publishing/")
    assert Client().get(page).status_code == 200, "a link changes nothing"
    desk.post(f"{address}publishing/", {"act": "unpublish"})
    assert Client().get(page).status_code == 404
    assert desk.get(page).status_code == 200, "staff still see it"
    desk.post(f"{address}publishing/", {"act": "publish"})
    assert Client().get(page).status_code == 200


def test_sami_is_taken_and_what_is_refused_is_said_in_the_readers_language(desk):
    video = add_film(name="Harbour Lights")
    page = f"/desk/titles/{video.title.slug}/"
    assert ".smi" in desk.get(page).content.decode()
    moments = "<SYNC Start=100><P Class=KRCC>안녕<P Class=ENCC>Hi<SYNC Start=900><P>&nbsp;"
    for name, data, language in (
        ("film.smi", moments.encode("cp949"), "ko"),
        ("film.en.smi", moments.encode("utf-16"), "en"),
    ):
        file = SimpleUploadedFile(name, data)
        desk.post(page, {"video": video.key, f"{video.key}-file": file})
        assert video.tracks.filter(language=language).exists()
    bad = SimpleUploadedFile("film.sub", b"\x00\x00\x01\xba" + bytes(99))
    said = desk.post(
        page,
        {"video": video.key, f"{video.key}-file": bad},
        headers={"Accept-Language": "ko"},
    )
    assert said.status_code == 422
    assert "film.sub 파일은 VobSub 형식이라 읽을 수 없어요." in said.content.decode()
