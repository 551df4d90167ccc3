"""The judge of playlists finds what is wrong; that nothing is, the table of films shows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plainview.platform.media import package, probe, read_package
from plainview.platform.media.tests import hls
from plainview.platform.media.tests.making import film

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hls")
    film(seconds=5)(folder / "film.mp4")
    package(folder / "film.mp4", folder / "package", probe(folder / "film.mp4"))
    return folder / "package"


@pytest.fixture
def broken(made: Path, tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """What the judge says of the package with one text in one playlist changed."""

    def change(name: str, before: str, after: str) -> list[str]:
        copy = tmp_path / "copy"
        copy.mkdir()
        for path in made.iterdir():
            (copy / path.name).write_bytes(path.read_bytes())
        text = (copy / name).read_text()
        assert before in text
        (copy / name).write_text(text.replace(before, after, 1))
        return hls.faults(copy)

    return change


def test_nothing_is_wrong_with_a_plain_film(made: Path) -> None:
    assert hls.faults(made) == []
    (sound,) = read_package(made).audio
    assert (sound.loudness, sound.gain) == (None, 0.0), "without a target nothing is measured"
    assert (made / "master.m3u8").read_text().count("#EXT-X-I-FRAME-STREAM-INF") == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("v180.m3u8", "TARGETDURATION:4", "TARGETDURATION:3", "target of 3"),
        ("v180.m3u8", "#EXT-X-ENDLIST", "", "ENDLIST"),
        ("v180.m3u8", "#EXTINF:4.0", "#EXTINF:3.9", "begins at"),
        ("v180.m3u8", "#EXTINF", "#EXT-X-DISCONTINUITY\n#EXTINF", "discontinuity"),
        ("v180.m3u8", "VERSION:7", "VERSION:5", "version 5"),
        ("a1.m3u8", "#EXTINF:4", "#EXTINF:5", "target of 4"),
        ("a1.m3u8", "#EXTINF:1", "#EXTINF:0", "which players skip"),
        ("master.m3u8", 'CODECS="avc1.', 'CODECS="avc1.0', "CODECS"),
        ("master.m3u8", "BANDWIDTH=", "BANDWIDTH=1", "BANDWIDTH"),
        ("master.m3u8", "FRAME-RATE=25", "FRAME-RATE=24", "FRAME-RATE"),
        ("master.m3u8", "RESOLUTION=", "RESOLUTION=1", "RESOLUTION"),
        ("master.m3u8", 'AUDIO="audio"', 'AUDIO="other"', "group"),
        ("master.m3u8", "#EXT-X-INDEPENDENT-SEGMENTS", "", "independent"),
        ("master.m3u8", "DEFAULT=YES", "DEFAULT=NO", "0 default"),
        ("i180.m3u8", "#EXT-X-I-FRAMES-ONLY", "", "key frames only"),
    ],
)
def test_what_is_wrong_is_found(broken, name: str, before: str, after: str, said: str) -> None:
    assert any(said in fault for fault in broken(name, before, after))
