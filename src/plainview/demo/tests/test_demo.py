"""What the demo promises: it is complete, safe to show, legible, and can be made."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest

from plainview.demo import catalogue, lettering, paint, render, tune
from plainview.domains.subtitles.formats import plain_text, read

DEMO = catalogue.load()
VIDEOS = [video for title in DEMO.titles for video in title.videos]
PAINTED = [video for title in DEMO.titles if not title.scene for video in title.videos]
SCENES = [title.videos[0].film for title in DEMO.titles if title.scene]
TRACKS = [(video, language) for video in PAINTED for language in catalogue.LANGUAGES]
# Characters a second, characters a line, and whether characters of half width count half.
LIMITS = {"en": (20, 42), "es": (17, 42), "ko": (12, 16), "ja": (4, 13), "ar": (17, 42)}
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {
    "svg", "defs", "g", "path", "rect", "circle", "ellipse", "polygon", "use", "stop",
    "linearGradient", "radialGradient", "filter", "feTurbulence", "feColorMatrix",
    "feDisplacementMap", "feGaussianBlur", "feDropShadow",
}  # fmt: skip


def name_of(parameter: object) -> str | None:
    return parameter.key if isinstance(parameter, catalogue.Video) else None


class TestCatalogue:
    def test_there_are_films_and_a_series_of_two_episodes(self) -> None:
        assert sum(title.kind == "film" for title in DEMO.titles) >= 3
        (series,) = (title for title in DEMO.titles if title.kind == "series")
        assert [(video.season, video.number) for video in series.videos] == [(1, 1), (1, 2)]

    @pytest.mark.parametrize("title", DEMO.titles, ids=lambda title: title.slug)
    def test_every_text_is_there_in_every_language(self, title: catalogue.Title) -> None:
        for language in ("en", "ko", "ar") if title.scene else catalogue.LANGUAGES:
            assert set(title.texts[language]) == {"name", "tagline", "synopsis"}
            assert all(title.texts[language].values())
            for video in title.videos:
                if title.kind == "series":
                    assert set(video.texts[language]) == {"name", "synopsis"}
            for credit in title.credits:
                if credit.role == "cast" and not title.scene:
                    assert credit.texts[language]["character"]

    def test_everything_named_exists_and_everything_there_is_named(self) -> None:
        people = {credit.person for title in DEMO.titles for credit in title.credits}
        assert people == set(DEMO.people)
        assert {genre for title in DEMO.titles for genre in title.genres} == set(DEMO.genres)
        assert {video.film.replace("-", "_") for video in PAINTED} == set(render.FILMS)
        named = {slug for each in DEMO.collections.values() for slug in each.titles}
        assert named <= {title.slug for title in DEMO.titles}
        assert {tag for title in DEMO.titles for tag in title.tags} == set(DEMO.tags)
        files = {path for video in VIDEOS for path in video.subtitle_paths().values()}
        assert files == set((catalogue.HERE / "subtitles").glob("*/*"))
        for kind in ("posters", "backdrops"):
            found = {path.stem for path in (catalogue.HERE / kind).iterdir()}
            assert found == {title.slug for title in DEMO.titles if not title.scene}

    def test_slugs_keys_and_accents_are_well_formed(self) -> None:
        keys = [video.key for video in VIDEOS]
        assert len(set(keys)) == len(keys)
        for title in DEMO.titles:
            assert re.fullmatch(r"[a-z0-9-]+", title.slug)
            assert re.fullmatch(r"#[0-9a-f]{6}", title.accent)
            assert all(re.fullmatch(r"[A-Z]{2}", country) for country in title.countries)


class TestArtwork:
    @pytest.mark.sample(7)
    @pytest.mark.parametrize("title", DEMO.titles, ids=lambda title: title.slug)
    @pytest.mark.parametrize(("kind", "size"), [("poster", (800, 1200)), ("backdrop", (1600, 900))])
    def test_pictures_are_plain_small_and_lead_nowhere(
        self, title: catalogue.Title, kind: str, size: tuple[int, int]
    ) -> None:
        drawing: bytes = getattr(title, kind)
        assert len(drawing) < 40_000
        root = ElementTree.fromstring(drawing)  # noqa: S314
        assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in ELEMENTS
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert "href" not in name or value.startswith("#")
                for target in re.findall(r"url\((.*?)\)", value):
                    assert target.startswith("#")
                    assert root.find(f".//*[@id='{target[1:]}']") is not None


def width(text: str, language: str) -> float:
    """Characters as the reading speed of the language counts them."""
    if language == "ja":
        return sum(1 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
    if language == "ko":
        return sum(1 if "\uac00" <= c <= "\ud7a3" else 0.5 for c in text)
    return len(text)


class TestSubtitles:
    @pytest.mark.sample(6)
    @pytest.mark.parametrize(("video", "language"), TRACKS, ids=name_of)
    def test_a_track_is_read_without_a_complaint_and_stays_within_its_film(
        self, video: catalogue.Video, language: str
    ) -> None:
        path = video.subtitle_paths()[language]
        found = read(path.read_bytes(), filename=path.name, language=language)
        assert [note for note in found.notes if not note.startswith("encoding guessed")] == []
        assert found.language == language
        assert "\ufffd" not in "".join(cue.text for cue in found.cues)
        assert found.cues[-1].end_ms <= render.film(video.film).SECONDS * 1000

    @pytest.mark.parametrize(("video", "language"), TRACKS, ids=name_of)
    def test_a_track_can_be_read_in_comfort(self, video: catalogue.Video, language: str) -> None:
        speed, longest = LIMITS[language]
        found = read(video.subtitle_paths()[language].read_bytes(), language=language)
        for cue in found.cues:
            seconds = (cue.end_ms - cue.start_ms) / 1000
            lines = plain_text(cue.text).split("\n")
            assert len(lines) <= 2
            assert max(width(line, language) for line in lines) <= longest
            assert 0.833 <= seconds <= 7
            assert sum(width(line, language) for line in lines) / seconds <= speed
        for before, after in pairwise(found.cues):
            assert after.start_ms - before.end_ms >= 2000 / paint.FPS - 1

    @pytest.mark.parametrize("video", PAINTED, ids=name_of)
    def test_the_languages_of_a_film_tell_it_at_the_same_times(
        self, video: catalogue.Video
    ) -> None:
        times = {
            tuple((cue.start_ms, cue.end_ms) for cue in read(path.read_bytes()).cues)
            for path in video.subtitle_paths().values()
        }
        assert set(video.subtitles) == set(catalogue.LANGUAGES)
        assert len(times) == 1

    def test_formats_and_encodings_are_as_mixed_as_in_life(self) -> None:
        found = [
            read(path.read_bytes(), language=language)
            for video in VIDEOS
            for language, path in video.subtitle_paths().items()
        ]
        assert {track.format for track in found} == {"webvtt", "srt", "ass"}
        assert {track.encoding for track in found} >= {
            "utf-8", "utf-16-le", "cp1252", "cp949", "cp932", "cp1256",
        }  # fmt: skip


class TestFilms:
    @pytest.mark.sample(2)
    @pytest.mark.parametrize("name", [*render.FILMS, SCENES[0]])
    @pytest.mark.slow
    def test_a_film_has_full_frames_that_begin_dark_and_sound_that_is_not_clipped(
        self, name: str
    ) -> None:
        made = render.film(name)
        first = next(made.frames())
        assert first.shape == (paint.HEIGHT, paint.WIDTH, 3)
        assert first.dtype == np.uint8
        assert first.mean() < 2
        sound = made.sound(made.SECONDS)
        assert sound.shape == (round(made.SECONDS * tune.RATE), 2)
        assert 0.2 < np.abs(sound).max() < 1
        assert np.isfinite(sound).all()

    @pytest.mark.slow
    def test_a_film_is_made_whole_and_the_same_every_time(self, tmp_path: Path) -> None:
        told: list[float] = []
        path = render.render(SCENES[0], tmp_path / "a", progress=told.append, seconds=0.5)
        again = render.render(SCENES[0], tmp_path / "b", seconds=0.5)
        assert path.read_bytes() == again.read_bytes()
        assert told[0] == 0
        assert told[-1] == 1
        assert list((tmp_path / "a").iterdir()) == [path]
        with av.open(str(path)) as container:
            (picture,), (sound,) = container.streams.video, container.streams.audio
            assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
            assert (picture.width, picture.height) == (paint.WIDTH, paint.HEIGHT)
            frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
        assert len(frames) == paint.FPS / 2
        assert frames[0].mean() < frames[-1].mean()

    def test_an_unknown_film_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(render.RenderError, match="no film 'nosferatu'"):
            render.render("nosferatu", tmp_path / "films")
        assert not (tmp_path / "films").exists()


def test_titles_can_be_lettered_in_capitals() -> None:
    strokes, wide = lettering.strokes("AB C")
    assert wide > 2
    assert all(0 <= x <= wide + 0.01 for stroke in strokes for x, _ in stroke)
    with pytest.raises(KeyError):
        lettering.strokes("é")
