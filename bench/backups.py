"""Making a backup, against a bare copy of the same bytes through the same encryption, in one run.

    python tools/bench.py backups          (BENCH_MEGABYTES=2000)

The bare side is what an operator would write by hand: SQLite's online backup into a file, a tar of
it and the films through age (pyrage, as here), without hashes, list or label. Alternating, so that
what else the machine does weighs on both.
"""

from __future__ import annotations

import os
import resource
import statistics
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection

from plainview.privacy.backups import archive, making, shelf, verifying
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.sqlite3 import copying

MEGABYTES = int(os.environ.get("BENCH_MEGABYTES", "1000"))
TURNS = 3
duties.DUTIES |= {"fixture"}


def films(root: Path) -> int:
    """Films of ten megabytes each, of bytes that can't be pressed; how many bytes in all."""
    for number in range(MEGABYTES // 10):
        folder = root / "packages" / f"{number:012}"
        folder.mkdir(parents=True)
        (folder / "v180.mp4").write_bytes(os.urandom(10_000_000))
    return MEGABYTES // 10 * 10_000_000


def bare(root: Path, to: Path, key: object) -> float:
    """The same bytes by the shortest way; in seconds."""
    began = time.perf_counter()
    copy = to.with_suffix(".sqlite3")
    with duty("backup"):
        copying.copy(connection, copy)
    reader, writer = os.pipe()

    def encrypt() -> None:
        with os.fdopen(reader, "rb", buffering=1 << 20) as plain, to.open("wb") as sealed:
            pyrage.encrypt_io(plain, sealed, [key])
            sealed.flush()
            os.fsync(sealed.fileno())

    thread = threading.Thread(target=encrypt)
    thread.start()
    with (
        os.fdopen(writer, "wb", buffering=1 << 20) as plain,
        tarfile.TarFile.open(fileobj=plain, mode="w|", bufsize=1 << 20) as tar,
    ):
        tar.add(copy, "database")
        tar.add(root, "media")
    thread.join()
    took = time.perf_counter() - began
    copy.unlink()
    to.unlink()
    return took


def main() -> None:
    """Print the ratio of the medians, the rate, and how much memory it took."""
    secret = pyrage.x25519.Identity.generate()
    public = secret.to_public()
    with tempfile.TemporaryDirectory() as place:
        settings.DATA = Path(place)
        settings.MEDIA_ROOT = Path(place) / "media"
        settings.TRANSLATIONS = Path(place) / "translations"
        size = films(settings.MEDIA_ROOT)
        identity = Path(place) / "key.txt"
        identity.write_text(f"{secret}\n")
        ours: list[float] = []
        theirs: list[float] = []
        ours_cpu: list[float] = []
        theirs_cpu: list[float] = []
        for _ in range(TURNS):
            worked = time.process_time()
            theirs.append(bare(settings.MEDIA_ROOT, Path(place) / "bare.age", public))
            theirs_cpu.append(time.process_time() - worked)
            began, worked = time.perf_counter(), time.process_time()
            making.make([str(public)])
            ours.append(time.perf_counter() - began)
            ours_cpu.append(time.process_time() - worked)
            newest = shelf.archives()[0]
            began = time.perf_counter()
            verifying.verify(newest, identity)
            opened = time.perf_counter() - began
            newest.path.unlink()
        ratio = statistics.median(ours) / statistics.median(theirs)
        rate = size / 1e6 / statistics.median(ours)
        work = statistics.median(ours_cpu) / statistics.median(theirs_cpu)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"backup of {size / 1e6:.0f} MB: {rate:.0f} MB/s, {ratio:.2f} x a bare copy")
        print(f"work of the processor: {work:.2f} x a bare copy")
        print(f"opened and compared whole: {size / 1e6 / opened:.0f} MB/s")
        print(f"memory at most: {memory:.0f} MB, blocks of {archive.BLOCK >> 20} MB")


if __name__ == "__main__":
    main()
