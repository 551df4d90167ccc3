"""A process of its own that answers again and again, or gives places; run by `test_servers.py`.

    python -m tests.log.writing answers|places

Writes the number of each device once its answer was confirmed to it, a line each.
"""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainview.settings")


def main(what: str) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.db import Error, connection  # noqa: PLC0415
    from tests.log.conftest import answer  # noqa: PLC0415

    from plainview.privacy import log  # noqa: PLC0415

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        try:
            done = f"{answer()}\n" if what == "answers" else f"{log.sequence().size}\n"
        except (Error, OSError):  # the database is away, or the disk is full
            connection.close()
            time.sleep(0.05)
            continue
        sys.stdout.write(done)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
