"""Files brought into the studio and taken out of it: nothing lost, nothing silently replaced."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from plainview.domains.playback.models import Package
from plainview.domains.subtitles import commands, formats, queries, services
from plainview.domains.subtitles.formats.confined import read_confined
from plainview.domains.subtitles.models import Claim, Revision, Track
from plainview.domains.subtitles.tests.test_conversion import ASS, VTT
from plainview.domains.subtitles.tests.test_studio_doors import act, first, main_of
from plainview.platform.identifiers import new_key

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow),
    pytest.mark.usefixtures("read_here"),
]
KOREAN = "1\n00:00:01,000 --> 00:00:02,900\n안녕하세요\n\n2\n00:00:20,000 --> 00:00:21,000\n끝\n"


def look(client, edition, data, name="film.ko.srt", **more):
    """How a file reads, before anything of it is saved."""
    file = SimpleUploadedFile(name, data)
    address = f"/studio/{edition.video.key}/{edition.language}/files/"
    return client.post(address, {"file": file, **more})


def posted(answer) -> dict[str, str]:
    """The fields that the page which shows a file holds until all of it is said."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main_of(answer))
    return {name: html.unescape(value) for name, value in fields}


def bring(client, edition, data, name="film.ko.srt", **more):
    answer = look(client, edition, data, name, **more)
    if answer.status_code != 200:
        return answer
    address = f"/studio/{edition.video.key}/{edition.language}/files/"
    return client.post(address, {**posted(answer), "do": "bring"})


def test_a_file_in_an_old_encoding_becomes_versions_of_whoever_brings_it(film, korean, mira):
    answer = main_of(bring(mira, korean, KOREAN.encode("cp949")))
    assert "EUC-KR" in answer or "cp949" in answer
    assert queries.rows(korean)[0].text == "안녕하세요"
    assert queries.rows(korean)[-1].text == "끝"
    assert {r.account_id for r in Revision.objects.filter(line__edition=korean)} == {mira.account}
    again = main_of(bring(mira, korean, KOREAN.encode("cp949")))
    assert "Already there" in again
    assert Revision.objects.filter(line__edition=korean).count() == 2


def test_a_history_says_from_which_file_in_the_words_of_its_reader(film, korean, mira, tom):
    mira.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    bring(mira, korean, KOREAN.encode(), "le film.srt")
    assert Revision.objects.last().reason == "from the file le film.srt"
    address = f"/studio/{film.key}/ko/{first(korean)}/"
    assert "from the file le film.srt" in main_of(tom.get(address))
    with translation.override("fr"):
        said = translation.gettext("from the file %(name)s") % {"name": "le film.srt"}
    assert said in main_of(mira.get(address))


def test_a_file_is_looked_at_first_and_read_otherwise_with_one_click(film, korean, mira):
    """A short Shift-JIS file in a Korean edition is anybody's guess: the choice is theirs."""
    said = "1\n00:00:01,000 --> 00:00:02,900\n灯台\n"
    address = f"/studio/{film.key}/ko/files/"
    page = look(mira, korean, said.encode("cp932"))
    assert "Nothing is saved yet." in main_of(page)
    assert "灯台" in main_of(page).split("read it as")[1]
    again = mira.post(address, {**posted(page), "encoding": "cp932"})
    assert "灯台" in main_of(again).split("read it as")[0]
    assert not Revision.objects.filter(line__edition=korean).exists()
    brought = mira.post(address, {**posted(again), "do": "bring"})
    assert "What became of the file" in main_of(brought)
    assert queries.rows(korean)[0].text == "灯台"
    # What it can't be in is said, and the file is still there.
    wrong = mira.post(address, {**posted(page), "encoding": "utf-8"})
    assert wrong.status_code == 422
    assert "The file is not in utf-8." in wrong.content.decode()
    assert posted(wrong)["kept"] == posted(page)["kept"]
    broken = mira.post(address, {"kept": "no file", "do": "bring"})
    assert "Choose the file again." in broken.content.decode()


@pytest.mark.parametrize(("door", "missing"), [("files", "Subtitle file"), ("find", "Find")])
def test_p3_1_1b_the_studio_says_what_can_not_be_left_empty(film, korean, mira, door, missing):
    answer = mira.post(f"/studio/{film.key}/ko/{door}/", {"words": " "})
    assert f"Without “{missing}” this can’t go on." in main_of(answer)


def test_lines_under_one_that_stands_for_minutes_find_their_segments_again(film, korean, mira):
    """A watermark stands all the while; the file is brought again, then without it."""
    times = {n: f"00:{n // 60:02}:{n % 60:02}" for n in range(20, 245)}
    lines = [f"{at},000 --> {at},900\nLine {n}\n\n" for n, at in times.items()]
    mark = "00:00:19,000 --> 00:10:00,000\nlantern.example\n\n"
    bring(mira, korean, f"{mark}{''.join(lines)}".encode())
    cut = len(queries.rows(korean))
    for again in (f"{mark}{''.join(lines)}", "".join(lines)):
        assert "New segments" not in main_of(bring(mira, korean, again.encode()))
    assert len(queries.rows(korean)) == cut
    said = {row.start_ms: row.text for row in queries.rows(korean) if row.text}
    assert said == {19_000: "lantern.example"} | {n * 1000: f"Line {n}" for n in times}


def test_a_cue_that_is_cut_is_told(film, korean, mira):
    long = "1\n00:00:01,000 --> 00:00:02,900\n" + "가" * 2001 + "\n"
    page = main_of(look(mira, korean, long.encode()))
    assert "line 2: longer than 2,000 characters; the rest left out" in page
    whole = main_of(look(mira, korean, long.replace("가가", "가", 1).encode()))
    assert "longer than" not in whole
    scripts = {
        "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'a' * 2001}\n",
        "a.ass": f"[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,{'a' * 2001}\n",
        "a.ttml": f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">'
        f"{'a' * 2001}</p></div></body></tt>",
    }
    for name, text in scripts.items():
        notes = formats.read(text.encode(), filename=name).notes
        assert [note for note in notes if "longer than 2000 characters" in note], name


def test_what_stood_there_stays_in_the_history_and_what_others_hold_is_left_alone(
    film,
    korean,
    mira,
    tom,
):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    act(mira, korean, "save", segment=first(korean), version=0, text="좋은 저녁")
    bring(tom, korean, KOREAN.encode())
    texts = Revision.objects.filter(line__segment=first(korean), line__edition=korean)
    assert list(texts.values_list("text", flat=True)) == ["좋은 저녁", "안녕하세요"]
    act(mira, korean, "claim", **{"from": 0})
    assert Claim.objects.exists()
    answer = main_of(bring(tom, korean, KOREAN.replace("안녕하세요", "여보세요").encode()))
    assert "somebody works there" in answer
    assert queries.rows(korean)[0].text == "안녕하세요"


def test_an_ass_script_keeps_its_effects_until_a_line_is_rewritten(film, korean, mira):
    bring(mira, korean, ASS.encode(), name="film.ass")
    out = mira.get(f"/studio/{film.key}/ko/lines.ass")
    assert "attachment" in out["Content-Disposition"]
    assert r"{\k20\blur3}Hel{\k30}lo" in out.content.decode()
    assert "Style: Default,Gentium" in out.content.decode()
    row = queries.rows(korean)[0]
    act(mira, korean, "save", segment=row.segment, version=1, text="안녕")
    out = mira.get(f"/studio/{film.key}/ko/lines.ass").content.decode()
    assert "blur3" not in out
    assert "안녕" in out
    for ending, sign in (("vtt", "WEBVTT"), ("srt", "-->"), ("ttml", "imsc1.1")):
        assert sign in mira.get(f"/studio/{film.key}/ko/lines.{ending}").content.decode()
    assert mira.get(f"/studio/{film.key}/ko/lines.exe").status_code == 404


def test_a_place_on_the_picture_reaches_the_film(film, korean, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    bring(mira, korean, VTT.replace("region:top", "line:5% align:start").encode(), name="f.vtt")
    mira.post(f"/studio/{film.key}/ko/pass/", {"to": "review"})
    tom.post(f"/studio/{film.key}/ko/pass/", {"to": "released"})
    assert "line:5% align:start" in mira.get(f"/subtitles/{film.key}/ko.vtt").content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "not a text file"),
        (b"x" * 5_000_001, "too large"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><tt/>", "document type"),
        (b"00:01 --> 00:02\na\n\n" * 30_000, "more than 20,000"),
    ],
)
def test_hostile_files_are_refused_with_a_remedy(film, korean, mira, data, words):
    answer = bring(mira, korean, data)
    assert answer.status_code == 422
    assert words in main_of(answer)
    assert not Revision.objects.filter(line__edition=korean).exists()


def test_who_may_not_write_brings_nothing(film, korean, tom):
    assert "Bring a file in" not in main_of(tom.get(f"/studio/{film.key}/ko/files/"))
    assert bring(tom, korean, KOREAN.encode()).status_code == 422
    assert not Revision.objects.filter(line__edition=korean).exists()


def test_the_confined_reader_says_the_same_as_the_reader():
    evening = "".join(
        f"{n}\n{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},000 --> "
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},900\nOne of the lines of a long film\n\n"
        for n in range(1, 1000)
    )
    for data in (ASS.encode(), VTT.encode(), KOREAN.encode("utf-16-le"), evening.encode()):
        assert read_confined(data) == formats.read(data)
    with pytest.raises(formats.SubtitleError, match="larger"):
        read_confined(b"x" * 6_000_000)


BACKWARDS = b"1\n00:00:05,000 --> 00:00:02,900\na\n\n2\n00:00:06,000 --> 00:00:07,900\nb\n"
BROKEN = {
    b"1\n00:00:01.000 --> 00:00:02.000\nOne\n": "Kevin.srt",
    b"00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:0x,000 --> 00:00:04,000\nTwo\n": "a.srt",
    b"WEBVTT\n\n00:03,000 --> 00:04,000\nOne\n\nSTYLE\n\nstray\n": "a.vtt",
    "1\n00:00:01,000 --> 00:00:02,900\n안녕하세요\n".encode("cp949"): "a.srt",
    BACKWARDS: "a.srt",
    VTT.encode()[:60] + b"\xff\xfe\xff": "a.vtt",
    b"": "a.srt",
    b"\x00\x01\x02\x03" * 99: "a.srt",
    b"{1}{2}MicroDVD": "a.sub",
    b"<SAMI><SYNC Start=1><P Class=KRCC>a<P Class=ENCC>b</SAMI>": "a.smi",
    b"00:00:01.00,00:00:0x.50\nHi\n00:00:01.00,00:00:02.50\nHi\n": "a.sbv",
    b"[ti:a song]\n[00:01.00]Hello\n": "a.lrc",
    b'<?xml version="1.0"?><!DOCTYPE tt><tt/>': "a.ttml",
    b"<!DOCTYPE html><html><body>404</body></html>": "a.srt",
    "1\n00:00:01,000 --> 00:00:02,900\nété là\n".encode().decode("cp1252").encode(): "a.srt",
}


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_what_was_mended_or_refused_is_said_in_the_readers_language(data):
    with translation.override("ko"):
        try:
            said = formats.read(data, filename=BROKEN[data]).notes
        except formats.SubtitleError as error:
            said = (error.message, error.remedy)
        assert said
        assert [each for each in said if services.told(each) == each] == []
        assert services.told("something never said") == "something never said"
        kept = "line 2: the times can't be read; left out"  # as it was said before
        assert services.told(kept) != kept


def test_every_sentence_of_a_file_has_its_translation():
    """Each sentence that `formats` can say, as its source holds it, is one of `telling`."""
    for sentence in _sentences(Path(formats.__file__).parent):
        with translation.override("ko"):
            assert services.told(sentence) != sentence, sentence


def _sentences(folder: Path) -> Iterator[str]:
    told = {"note", "_note_at", "SubtitleError", "Decoded"}
    for path in folder.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in told:
                said = list(map(_words, call.args))
                if ast.unparse(call.func).endswith("_note_at"):
                    said = [f"{counts} 7: {said[1]}" for counts in ("line", "subtitle")]
                # What SRT mends is put together of two; each such whole is read above.
                whole = (text for text in said if " " in text and not re.search("7 ?7", text))
                yield from whole


def _words(argument: ast.expr) -> str:
    """A sentence as it would be said; what is put into it is a 7."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if not isinstance(argument, ast.JoinedStr):
        return ""
    parts = [part.value if isinstance(part, ast.Constant) else "7" for part in argument.values]
    return "".join(map(str, parts))


def test_lines_after_the_end_of_the_film_are_said_before_anything_is_saved(film, korean, mira):
    """As of a broadcast, whose clock begins at ten o'clock: nobody would ever see them."""
    Package.objects.create(
        video=film, key=new_key(), duration_ms=60_000, width=2, height=2, contents={}
    )
    smpte = 'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:timeBase="smpte"'
    line = '<p begin="10:00:01:00" end="10:00:02:00">늦은 줄</p><p begin="1s" end="2s">제때</p>'
    text = f'<tt xmlns="http://www.w3.org/ns/ttml" {smpte}><body><div>{line}</div></body></tt>'
    page = look(mira, korean, text.encode(), name="film.ko.ttml")
    assert "lines that begin after the film has ended: 1" in main_of(page)
    assert "after the film has ended" not in main_of(look(mira, korean, KOREAN.encode()))


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("film.ko.srt", "ko"),
        ("film.ko.sdh.srt", "ko"),
        ("a.film.pt-BR.hi.srt", "pt-BR"),
        ("film.hi.srt", "hi"),
        ("film.sdh.srt", "sdh"),
        ("film.srt", ""),
        ("it.srt", ""),
    ],
)
def test_the_language_in_a_name_is_told_from_the_kind_of_text(film, tmp_path, name, language):
    """By the command: names as other media servers have them."""
    Track.objects.all().delete()
    (tmp_path / name).write_text(KOREAN)
    said = CliRunner().invoke(commands.subtitles, [film.key, str(tmp_path / name)])
    assert [each.language for each in Track.objects.all()] == ([language] if language else [])
    assert said.exit_code == (0 if language else 1)
