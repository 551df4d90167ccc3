"""Reading a letter in a process of its own, which may open nothing and has limits.

As subtitle files are read: it loads the reader, gives up every right, and only then looks at the
first byte. A letter that takes more than it may is one for a person, with nothing read of it.
"""

from __future__ import annotations

import os
import site
import sys
import tempfile
from pathlib import Path

import msgspec

from plainview.platform.media import sandbox
from plainview.platform.media.decoders import Allowance, failure, run_child
from plainview.platform.media.errors import MediaError
from plainview.privacy.post.letters import LONGEST, Letter, read

SECONDS, MEMORY = 20, 1 << 30
_LONGEST_REPLY, _LINE = 4 << 20, 1 << 15
_LIBRARIES = (Path(os.__file__).parent, *map(Path, site.getsitepackages()))


def read_confined(raw: bytes) -> Letter:
    """As `letters.read`, for what strangers send. Never raises; a flaw `costly` says it gave up."""
    said = bytearray()

    def hear(line: bytes) -> bool:
        said.extend(line)
        return len(said) <= _LONGEST_REPLY

    with tempfile.TemporaryFile() as file:
        file.write(raw[: LONGEST + 1])
        file.flush()
        command = [sys.executable, "-I", "-m", __name__, str(os.getpid()), str(file.fileno())]
        allowance = Allowance(
            wall_seconds=SECONDS, still_seconds=SECONDS, cpu_seconds=SECONDS, memory_bytes=MEMORY
        )
        try:
            ended = run_child(command, source=file.fileno(), allowance=allowance, hear=hear)
            problem: MediaError | None = failure(ended)
        except MediaError as error:
            problem = error
    if problem is None:
        try:
            return msgspec.json.decode(bytes(said), type=Letter)
        except msgspec.DecodeError:
            pass
    return Letter(flaws=("costly",))


def main() -> None:
    """Confine this process, answer, and leave."""
    parent, source = int(sys.argv[1]), int(sys.argv[2])
    try:
        sandbox.die_with(parent)
        sandbox.set_limits(cpu_seconds=SECONDS, memory_bytes=MEMORY, file_bytes=0)
        sandbox.close_the_world(readable=_LIBRARIES)
    except sandbox.ConfinementFailed as problem:
        sys.stderr.write(f"confinement: {problem}\n")
        sys.exit(sandbox.UNCONFINED)
    with os.fdopen(os.dup(source), "rb") as file:
        raw = file.read(LONGEST + 1)
    reply = msgspec.json.encode(read(raw))
    for at in range(0, len(reply), _LINE):  # whoever hears it takes lines
        sys.stdout.buffer.write(reply[at : at + _LINE] + b"\n")
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
