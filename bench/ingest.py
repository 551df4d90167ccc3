"""How much dearer a whole ingest is than the bare FFmpeg command for the same ladder.

The whole: probing, confinement, loudness, renditions, sound, poster, seek-bar pictures, playlists;
in one run, and of a film that is long enough in
parts that are joined, as the service cuts it. The bare
command: the same decoding, sizes, encoder settings and segments, and nothing else. Runs take turns,
so that a busy machine slows both; the figure is the ratio of the medians. Goal: below 1.15. The
ratio of processor time is told too, since a machine that is busy with other work disturbs it less.

    python bench/ingest.py [--seconds 30] [--height 720] [--long-height 360] [--runs 3]
"""

import argparse
import math
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from plainview.platform.media import (
    Limits,
    encode_part,
    encode_sounds,
    join,
    package,
    probe,
    stretches,
)
from plainview.platform.media.ladder import SEGMENT_SECONDS, plan
from plainview.platform.media.machine import encoder
from plainview.platform.media.parts import FROM_SECONDS

GOAL = 1.15
LOUDNESS = -16.0


def make_film(path: Path, seconds: int, height: int) -> None:
    """A moving, grainy film with sound, as a camera would save it."""
    picture = f"testsrc2=size={height * 16 // 9}x{height}:rate=25,noise=alls=8:allf=t"
    command = [encoder(), "-v", "error", "-y", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", str(seconds)]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True)


def whole(film: Path, into: Path) -> None:
    """Everything the service does with an upload."""
    package(film, into, probe(film), loudness=LOUDNESS)


def parted(film: Path, into: Path) -> None:
    """The same in parts, one after the other on this machine: what cutting and joining cost."""
    facts = probe(film)
    cut = stretches(facts)
    into.mkdir()
    places = [into / f"part-{number}" for number, _ in enumerate(cut)]
    sounds, package_ = into / "sounds", into / "package"
    for place in (*places, sounds, package_):
        place.mkdir()
    encode_sounds(film, sounds, facts, loudness=LOUDNESS)
    for place, stretch in zip(places, cut, strict=True):
        encode_part(film, place, facts, stretch)
    join(places, sounds, package_, facts)


def bare(film: Path, into: Path) -> None:
    """The ladder alone, by FFmpeg's own HLS muxer."""
    planned = plan(probe(film), Limits())
    into.mkdir()
    count = len(planned.steps)
    ways = "".join(f"[w{n}]" for n in range(count))
    chains = [f"[0:v]split={count}{ways}"]
    maps: list[str] = []
    streams = []
    for number, step in enumerate(planned.steps):
        chains.append(f"[w{number}]scale={step.width}:{step.height}[v{number}]")
        maps += ["-map", f"[v{number}]", f"-maxrate:v:{number}", str(step.most_bits)]
        maps += [f"-bufsize:v:{number}", str(step.most_bits)]
        streams.append(f"v:{number},agroup:sound")
    group = str(planned.group)
    command = [encoder(), "-v", "error", "-y", "-i", str(film)]
    command += ["-filter_complex", ";".join(chains), *maps, "-map", "0:a"]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23"]
    command += ["-g", group, "-keyint_min", group, "-sc_threshold", "0"]
    command += ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
    command += ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"]
    command += ["-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"]
    command += ["-var_stream_map", " ".join([*streams, "a:0,agroup:sound"])]
    command += ["-master_pl_name", "master.m3u8", str(into / "v%v.m3u8")]
    subprocess.run(command, check=True)


class Cost(NamedTuple):
    """Seconds by the clock, and of all processors together."""

    clock: float
    processor: float


def measured(work: Callable[[Path, Path], None], film: Path, folder: Path) -> Cost:
    """What `work` costs in a fresh folder, its child processes included."""
    into = folder / "made"
    began, before = time.perf_counter(), _processor()
    work(film, into)
    cost = Cost(time.perf_counter() - began, _processor() - before)
    shutil.rmtree(into)
    return cost


def _processor() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def compared(label: str, work: Callable[[Path, Path], None], film: Path, runs: int) -> float:
    """A way's median over the bare command's, each run printed."""
    costs: dict[str, list[Cost]] = {"bare": [], label: []}
    for run in range(1, runs + 1):
        for name, way in (("bare", bare), (label, work)):
            costs[name].append(measured(way, film, film.parent))
        last = (f"{way} {made[-1].clock:.2f} s" for way, made in costs.items())
        print(f"run {run}: " + ", ".join(last))
    clock, processor = (
        statistics.median(each[number] for each in costs[label])
        / statistics.median(each[number] for each in costs["bare"])
        for number in range(len(Cost._fields))
    )
    print(f"ingest ({label}) / bare FFmpeg, processor time: {processor:.3f}")
    print(f"ingest ({label}) / bare FFmpeg: {clock:.3f} (goal < {GOAL})")
    return clock


def main() -> None:
    """Run, print each time and the ratio; end with status 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30, help="length of the film")
    parser.add_argument("--height", type=int, default=720, help="height of the film")
    parser.add_argument("--long-height", type=int, default=360, help="height of the long film")
    parser.add_argument("--runs", type=int, default=3, help="runs of each")
    options = parser.parse_args()
    films = (
        ("whole", whole, options.seconds, options.height),
        ("parted", parted, math.ceil(FROM_SECONDS), options.long_height),
    )
    missed = False
    with tempfile.TemporaryDirectory(prefix="plainview-bench-") as name:
        for label, work, seconds, height in films:
            film = Path(name) / f"{label}.mp4"
            make_film(film, seconds, height)
            missed = compared(label, work, film, options.runs) >= GOAL or missed
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
