"""Sounds are brought to one loudness by a single gain, and no peak passes its limit (EBU R 128)."""

from pathlib import Path

import msgspec
import pytest

from plainview.platform.media import Package, package, probe
from plainview.platform.media.facts import DEFAULT_LIMITS
from plainview.platform.media.loudness import HIGHEST_PEAK, gain_to, measure
from plainview.platform.media.tests import hls
from plainview.platform.media.tests.making import BEEP, MOVING, QUICK, ffmpeg, film

TARGET = -16.0
QUIET = f"{BEEP},volume=-20dB"
SPIKY = "aevalsrc=if(lt(mod(t\\,1)\\,0.002)\\,0.9\\,0.01*sin(2*PI*440*t)):sample_rate=48000"


def made(tmp_path: Path, audio: str) -> tuple[Package, float, float]:
    """A package of such a sound, and how loud it came out by a second measuring."""
    source, into = tmp_path / "film.mkv", tmp_path / "package"
    film("-c:a", "pcm_s16le", audio=audio, seconds=3, format="matroska")(source)
    facts = probe(source)
    result = package(source, into, facts, loudness=TARGET)
    sounds = [msgspec.structs.replace(facts.audio[0], index=0)]
    said = measure(into / "a1.mp4", tmp_path, facts, sounds, TARGET, DEFAULT_LIMITS)
    return result, said[0].integrated, said[0].peak


@pytest.mark.slow
def test_a_quiet_film_is_raised_to_the_target(tmp_path: Path) -> None:
    result, loudness, peak = made(tmp_path, QUIET)
    (track,) = result.audio
    assert track.loudness == pytest.approx(-38.5, abs=1.5)
    assert track.gain == pytest.approx(min(20.0, TARGET - (track.loudness or 0)), abs=0.5)
    assert loudness == pytest.approx((track.loudness or 0) + track.gain, abs=0.5)
    assert peak <= HIGHEST_PEAK + 0.5


@pytest.mark.slow
def test_a_film_with_high_peaks_is_raised_no_further_than_they_allow(tmp_path: Path) -> None:
    result, loudness, peak = made(tmp_path, SPIKY)
    (track,) = result.audio
    assert 0 <= track.gain < 2
    assert loudness < TARGET - 3
    assert peak <= 0.5


@pytest.mark.slow
@pytest.mark.parametrize("named", [False, True])
def test_a_nameless_sound_that_is_silence_is_left_out(named: bool, tmp_path: Path) -> None:
    source, into = tmp_path / "film.mkv", tmp_path / "package"
    silence = ("-f", "lavfi", "-i", "anullsrc=cl=stereo:r=48000")
    beep = ("-f", "lavfi", "-i", BEEP)
    name = ("-metadata:s:a:0", "language=ko", "-metadata:s:a:2", "title=Signs") if named else ()
    maps = (each for number in ("0", "1", "2", "3") for each in ("-map", number))
    ffmpeg(*("-f", "lavfi", "-i", MOVING), *silence, *beep, *silence, "-t", "3", *maps, *name,
           *QUICK, "-c:a", "pcm_s16le", "-f", "matroska", source)  # fmt: skip
    result = package(source, into, probe(source), loudness=TARGET)
    assert len(result.audio) == (3 if named else 1)
    assert any((track.loudness or -99) > -60 for track in result.audio)
    assert result.audio[0].default
    assert ("silence-dropped" in result.remarks) is not named
    assert hls.faults(into) == []
    assert {each.name for each in into.glob("a*.mp4")} == {f"{t.name}.mp4" for t in result.audio}


@pytest.mark.parametrize(
    ("integrated", "peak", "gain"),
    [
        (-23.0, -10.0, 7.0),
        (-23.0, -3.0, 2.0),
        (-23.0, 0.0, 0.0),
        (-10.0, 0.0, -6.0),
        (-70.0, -70.0, 0.0),
        (-50.0, -40.0, 20.0),
    ],
)
def test_the_gain_goes_to_the_target_and_stops_at_the_peak(
    integrated: float, peak: float, gain: float
) -> None:
    assert gain_to(TARGET, integrated, peak) == gain
