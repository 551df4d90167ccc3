"""What films are called: names of files, as rows, logs and people can hold them."""

from __future__ import annotations

from pathlib import Path

from plainview.platform.media import one_line


def readable(name: str) -> str:
    """A file's name as a row and a log can hold it: in one line, and in the order it was written.

    Bytes that are no UTF-8 stand as �; marks that turn what follows round are left out.
    """
    return one_line(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def name_of_file(filename: str) -> str:
    """A readable name for a film that came without one: `my_film-2.mp4` is `My film 2`."""
    stem = readable(Path(filename).stem.replace("_", " ").replace("-", " "))
    return (stem[:1].upper() + stem[1:])[:200] or "Untitled"
