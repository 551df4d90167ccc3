"""Paints a film, plays its sound and joins both into a video file."""

from __future__ import annotations

import os
import subprocess
import tempfile
import wave
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import imageio_ffmpeg
import numpy as np

from plainview.demo import catalogue, paint, scenes, tune

FILMS = (
    "harbour_lights",
    "paper_kite",
    "first_snow",
    "window_seat",
    "last_stop",
    "lantern_street",
)


class RenderError(Exception):
    """The film could not be made; the message says why, in FFmpeg's words if they are its."""


def film(slug: str) -> ModuleType | scenes.Scene:
    """What makes a film: its module, or its title's scene. Raises RenderError if there is none."""
    for title in catalogue.load().titles:
        if title.scene and slug in {video.film for video in title.videos}:
            return title.scene
    name = slug.replace("-", "_")
    if name not in FILMS:
        raise RenderError(f"there is no film {slug!r}; there are {', '.join(FILMS)}")
    return import_module(f"plainview.demo.films.{name}")


def render(
    slug: str,
    into: Path,
    *,
    progress: Callable[[float], None] = lambda share: None,
    seconds: float | None = None,
) -> Path:
    """Make a film as `into`/<slug>.mp4 (H.264, AAC) and return its path.

    `progress` is told the share done, 0 to 1, about once a second of film; `seconds` cuts the film
    short. The file appears whole or not at all, and is the same on every run. Raises RenderError.
    """
    made = film(slug)
    length = min(made.SECONDS, seconds or made.SECONDS)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=f".{slug}-") as scratch:
        sound = Path(scratch) / "sound.wav"
        picture = Path(scratch) / "film.mp4"
        _write_wave(sound, made.sound(made.SECONDS)[: round(length * tune.RATE)])
        _encode(made, sound, picture, length, progress)
        finished = into / f"{slug}.mp4"
        os.replace(picture, finished)
    return finished


def _encode(
    made: ModuleType | scenes.Scene,
    sound: Path,
    into: Path,
    length: float,
    progress: Callable[[float], None],
) -> None:
    count = round(length * paint.FPS)
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{paint.WIDTH}x{paint.HEIGHT}",
        "-r", str(paint.FPS), "-i", "pipe:0", "-i", str(sound),
        "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-c:v", "libx264", "-preset", "superfast", "-crf", "19", "-threads", "2", "-g", "48",
        "-c:a", "aac", "-b:a", "128k", "-fflags", "+bitexact", "-flags:v", "+bitexact",
        "-flags:a", "+bitexact", "-movflags", "+faststart", str(into),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as complaints:
        encoder = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints
        )
        try:
            assert encoder.stdin is not None  # noqa: S101
            for number, frame in zip(range(count), made.frames(), strict=False):
                encoder.stdin.write(np.ascontiguousarray(frame).data)
                if number % paint.FPS == 0:
                    progress(number / count)
            encoder.stdin.close()
        except BrokenPipeError:
            pass
        except BaseException:
            encoder.kill()
            raise
        finally:
            code = encoder.wait()
        if code:
            complaints.seek(0)
            raise RenderError(complaints.read(2000).decode("utf-8", "replace").strip())
    progress(1.0)


def _write_wave(path: Path, sound: tune.Sound) -> None:
    samples = (np.clip(sound, -1, 1) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(tune.RATE)
        out.writeframes(samples.tobytes())
