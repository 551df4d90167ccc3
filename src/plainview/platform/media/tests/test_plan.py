"""The arithmetic: sizes, rates, sounds, bandwidths, the clock of the seek bar."""

import io
from fractions import Fraction
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.platform.media.boxes import Layout, Segment, layout, top_level, walk
from plainview.platform.media.clocks import Clock
from plainview.platform.media.errors import VERDICTS, MediaError
from plainview.platform.media.facts import Audio, AudioTrack, Limits, Probe, Video
from plainview.platform.media.ladder import MOST_AUDIO, plan, steady_rate
from plainview.platform.media.languages import own_name, tag
from plainview.platform.media.playlists import average, master, peak
from plainview.platform.media.streams import in_pairs
from plainview.platform.media.thumbnails import cues


def facts(width: int, height: int, *, fps: Fraction = Fraction(25), audio=(), seconds=60) -> Probe:
    video = Video(
        index=0,
        codec="h264",
        coded_width=width,
        coded_height=height,
        width=width,
        height=height,
        rotation=0,
        fps=fps,
        steady=True,
        interlaced=False,
        hdr="",
        rgb=False,
    )
    return Probe(container="mov", duration_ms=seconds * 1000, video=video, audio=audio)


def heights(width: int, height: int, **limits: int) -> list[int]:
    return [step.height for step in plan(facts(width, height), Limits(**limits)).steps]


class TestSizes:
    @pytest.mark.parametrize(
        ("size", "expected"),
        [
            ((3840, 2160), [1080, 720, 480, 270]),
            ((1920, 1080), [1080, 720, 480, 270]),
            ((1280, 720), [720, 480, 270]),
            ((1024, 576), [576, 270]),
            ((640, 360), [360, 270]),
            ((320, 180), [180, 144]),
            ((160, 90), [90]),
            ((1080, 1920), [1920, 1280, 852, 480]),
            ((1920, 804), [804, 480, 270]),
        ],
    )
    def test_known_films(self, size: tuple[int, int], expected: list[int]) -> None:
        """The largest is the film's own, as far as is wanted; the others stand on rungs."""
        assert heights(*size) == expected

    def test_the_operator_may_want_more(self) -> None:
        assert heights(3840, 2160, tallest=2160) == [2160, 1080, 720, 480]

    @given(st.integers(1, 8192), st.integers(1, 4352))
    def test_any_film(self, width: int, height: int) -> None:
        """One to four even sizes, falling, of the film's shape, and never larger than it."""
        steps = plan(facts(width, height), Limits()).steps
        assert 1 <= len(steps) <= 4
        assert len({step.name for step in steps}) == len(steps)
        for step in steps:
            assert step.width % 2 == step.height % 2 == 0
            assert step.width <= max(2, width)
            assert step.height <= max(2, height)
        assert [s.width * s.height for s in steps] == sorted(
            {s.width * s.height for s in steps}, reverse=True
        )


class TestRates:
    @pytest.mark.parametrize(
        ("average", "steady", "expected"),
        [
            (Fraction(24000, 1001), True, Fraction(24000, 1001)),
            (Fraction(2997, 100), True, Fraction(30000, 1001)),
            (Fraction(25), True, Fraction(25)),
            (Fraction(18), True, Fraction(18)),
            (Fraction(120), True, Fraction(60)),
            (Fraction(120000, 1001), True, Fraction(60000, 1001)),
            (Fraction(100), True, Fraction(50)),
            (Fraction(90000), True, Fraction(60)),
            (Fraction(1, 10), True, Fraction(1)),
            (Fraction(1733, 100), False, Fraction(24000, 1001)),
            (Fraction(2995, 100), False, Fraction(30000, 1001)),
            (Fraction(299, 10), False, Fraction(30000, 1001)),
        ],
    )
    def test_known_rates(self, average: Fraction, steady: bool, expected: Fraction) -> None:
        """A steady rate stays up to 60; another becomes one that televisions know."""
        assert steady_rate(average, steady=steady) == expected

    def test_a_film_that_stands_still_for_a_while_moves_at_its_own_rate(self) -> None:
        """And one of fields, which have twice the rate of its pictures, at that of the pictures."""
        film, fields = Fraction(27, 2), Fraction(17)
        assert steady_rate(film, steady=False, finest=Fraction(25)) == 25
        assert steady_rate(film, steady=False, finest=Fraction(90_000)) == 15
        assert steady_rate(fields, steady=False, finest=fields * 2) == Fraction(24000, 1001)
        assert steady_rate(Fraction(25), steady=False, finest=Fraction(50)) == 25

    def test_a_length_that_its_sound_gives_a_film_slows_no_picture(self) -> None:
        assert steady_rate(Fraction(960_000, 38_537), steady=True, finest=Fraction(25)) == 25
        assert steady_rate(Fraction(25_100, 1000), steady=True, finest=Fraction(25)) == 25

    def test_a_recording_of_a_browser_goes_as_fast_as_its_pictures_come(self) -> None:
        """FFmpeg takes its clock for its rate, a thousand pictures a second."""
        clock, thousandth = Clock(), Fraction(1, 1000)
        for pts in (0, 43, 98, 145, 194, 244, 293, 343, 392, 443, 492, 543, 593, 643, 696, 743):
            clock.hear(SimpleNamespace(pts=pts, dts=pts, duration=0, time_base=thousandth))
        assert clock.seconds == pytest.approx(0.743)
        assert float(clock.rate) == pytest.approx(15 / 0.743, rel=1e-4)
        rate = steady_rate(clock.rate, steady=False, finest=Fraction(0))
        assert rate == Fraction(24000, 1001)

    @given(
        st.fractions(Fraction(1, 100), 100_000), st.booleans(), st.fractions(0, max_value=100_000)
    )
    def test_any_rate(self, average: Fraction, steady: bool, finest: Fraction) -> None:
        """Whatever a header says: 1 to 60 pictures a second, in a fraction that players take."""
        rate = steady_rate(average, steady=steady, finest=finest)
        assert 1 <= rate <= 60
        assert rate.denominator <= 1001


def voice(index: int, language: str, *, channels: int = 2, default: bool = False) -> Audio:
    return Audio(
        index=index,
        codec="aac",
        channels=channels,
        layout="stereo",
        language=language,
        title="",
        default=default,
    )


def halves(*layouts: str, languages: str = "") -> tuple[Audio, ...]:
    tongues = languages.split() or [""] * len(layouts)
    return tuple(
        msgspec.structs.replace(voice(index, tongue, channels=1), layout=layout)
        for index, (layout, tongue) in enumerate(zip(layouts, tongues, strict=True), start=1)
    )


class TestSounds:
    @pytest.mark.parametrize(
        ("container", "sounds", "pairs"),
        [
            ("mxf", halves("1 channels", "1 channels"), [(1, 2)]),
            ("mxf", halves(*["1 channels"] * 4), [(1, 2), (3, 4)]),
            ("mxf", halves(*["1 channels"] * 3), [(1, -1), (2, -1), (3, -1)]),
            ("mxf", halves("1 channels", "stereo"), [(1, -1), (2, -1)]),
            ("mxf", halves(*["1 channels"] * 2, languages="eng fre"), [(1, -1), (2, -1)]),
            ("mov", halves("1 channels", "1 channels"), [(1, -1), (2, -1)]),
            ("mov", halves("1 channels (FL)", "1 channels (FR)", "stereo"), [(1, 2), (3, -1)]),
            ("mov", halves("1 channels (FR)", "1 channels (FL)"), [(1, -1), (2, -1)]),
            ("mov", halves("1 channels (FL)"), [(1, -1)]),
            ("mxf", (), []),
        ],
    )
    def test_left_and_right_in_streams_of_their_own_are_one(self, container, sounds, pairs) -> None:
        assert [(each.index, each.beside) for each in in_pairs(sounds, container)] == pairs

    def test_the_default_comes_first_and_the_richest_of_a_language_wins(self) -> None:
        streams = (
            voice(1, "eng"),
            voice(2, "eng", channels=6),
            voice(3, "fre", default=True),
        )
        kept = plan(facts(320, 180, audio=streams), Limits()).audio
        assert [stream.index for stream in kept] == [3, 2]

    def test_what_nothing_tells_apart_is_kept_apart(self) -> None:
        """Microphone and game, or two languages of an old disc, come without a word."""
        streams = voice(1, ""), voice(2, ""), voice(3, "und", channels=6)
        kept = plan(facts(320, 180, audio=streams), Limits()).audio
        assert [stream.index for stream in kept] == [3, 1, 2]

    def test_no_more_than_four(self) -> None:
        streams = tuple(voice(n, name) for n, name in enumerate("abcdef", start=1))
        assert len(plan(facts(320, 180, audio=streams), Limits()).audio) == MOST_AUDIO

    @pytest.mark.parametrize(
        ("declared", "language", "name"),
        [
            ("ger", "de", "Deutsch"),
            ("deu", "de", "Deutsch"),
            ("pt_BR", "pt-BR", "Português (Brasil)"),
            ("ara", "ar", "العربية"),
            ("kor", "ko", "한국어"),
            ("", "", ""),
            ("und", "", ""),
            ("not a language", "", ""),
        ],
    )
    def test_languages_by_their_own_names(self, declared: str, language: str, name: str) -> None:
        assert tag(declared) == language
        assert own_name(language) == name


class TestPlaylists:
    LAYOUT = Layout(
        "avc1.64001E",
        1000,
        800,
        (Segment(800, 1000, 4000), Segment(1800, 3000, 4000), Segment(4800, 2000, 500)),
    )

    def test_the_peak_ignores_a_short_end_by_itself(self) -> None:
        # The last half second alone would make 32,000; with the segment before it, 8,889.
        assert peak(self.LAYOUT) == 5000 * 8 * 1000 // 4500 + 1

    def test_the_average_counts_all(self) -> None:
        assert average(self.LAYOUT) == 6000 * 8 * 1000 // 8500 + 1

    def test_a_title_cannot_leave_its_quotes(self) -> None:
        evil = 'x",URI="http://elsewhere/\n#EXT-X-STREAM-INF'
        track = AudioTrack("a1", evil, "en", True, 1, "mp4a.40.2")
        lines = master([], [track]).splitlines()
        assert len([line for line in lines if line.startswith("#EXT-X-MEDIA")]) == 1
        assert lines[-1].count('"') == 10
        assert not any(line.startswith("#EXT-X-STREAM-INF") for line in lines)


class TestSeekBar:
    def test_cues_follow_the_sheets(self) -> None:
        stills = plan(facts(1920, 1080), Limits()).stills
        text, described = cues(stills, Fraction(25), 25 * 60 + 10)
        assert described.sheets == tuple(f"thumbnails-{n}.jpg" for n in (1, 2, 3))
        assert "00:00:26.000 --> 00:00:27.000\nthumbnails-2.jpg#xywh=160,0,160,90\n" in text
        assert "00:01:00.000 --> 00:01:00.400\nthumbnails-3.jpg#xywh=0,180,160,90\n" in text

    @pytest.mark.parametrize("seconds", [1, 90, 5400, 43_200])
    def test_a_film_of_any_length_has_a_bearable_number(self, seconds: int) -> None:
        stills = plan(facts(1920, 1080, seconds=seconds), Limits()).stills
        assert stills.every * 120 <= max(seconds, 120) * 25 + 25 * 120
        assert stills.poster_candidates <= 41


class TestBoxes:
    @given(st.binary(max_size=400))
    def test_any_bytes_end_the_walk(self, data: bytes) -> None:
        boxes = list(walk(data))
        assert all(box.start < box.end <= len(data) for box in boxes)
        assert all(box.end <= len(data) for box in top_level(io.BytesIO(data), len(data)))

    def test_a_file_without_pictures_has_no_layout(self) -> None:
        assert layout(io.BytesIO(b""), 0) is None


def test_every_verdict_says_what_happened_and_what_to_do() -> None:
    for code, (message, remedy) in VERDICTS.items():
        assert message.endswith(".")
        assert remedy.endswith(".")
        assert str(MediaError(code, "/srv/secret")) == f"{message} {remedy}"
