"""How much memory encoding a film takes: each rendition alone, and the whole ladder.

The peak of the encoder's resident memory, as the kernel tells it (`ru_maxrss`), against what a slot
reckons with (`slots.needs`): an estimate below the measured one would let too many run at once.

Films of 1080 and of 2160 lines.

    python bench/memory.py [--seconds 6]
"""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

import msgspec

from ingest import make_film
from plainview.platform.media import probe, recipe
from plainview.platform.media.decoders import opened
from plainview.platform.media.facts import DEFAULT_LIMITS, Probe
from plainview.platform.media.ladder import Plan, plan
from plainview.platform.media.machine import encoder
from plainview.platform.media.packaging import threads_for
from plainview.platform.media.slots import needs

MEBI = 2**20


def peak(film: Path, facts: Probe, planned: Plan) -> int:
    """Bytes of resident memory that the encoder of such a plan had at most."""
    with tempfile.TemporaryDirectory() as folder, opened(film) as source:
        threads = threads_for(DEFAULT_LIMITS)
        command = recipe.command(
            encoder(), source, facts, planned, DEFAULT_LIMITS, threads, gains={}
        )
        running = subprocess.Popen(
            command, cwd=folder, pass_fds=[source], stdout=subprocess.DEVNULL
        )
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit("the encoder failed")
    return used.ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=6)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        for height in (1080, 2160):
            film = Path(folder) / f"{height}.mp4"
            make_film(film, seconds, height)
            facts = probe(film)
            whole = plan(facts, DEFAULT_LIMITS)
            plans = [msgspec.structs.replace(whole, steps=(step,)) for step in whole.steps]
            for planned in [*plans, whole]:
                sides = "+".join(str(step.height) for step in planned.steps)
                measured, reckoned = peak(film, facts, planned), needs(facts, planned)
                print(
                    f"{height}p into {sides}: {measured / MEBI:.0f} MiB,"
                    f" reckoned {reckoned / MEBI:.0f} MiB ({reckoned / measured:.2f} x)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
