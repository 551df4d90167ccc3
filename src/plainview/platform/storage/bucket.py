"""Folders of files in a bucket that speaks S3: put once, read by ranges, removed whole.

Every request ends: connecting takes three seconds at most, an answer to a reader fifteen, and for
a moment after the bucket was found away no reader asks it again, so that pages do not wait for it.
What went wrong is a word (`Unreachable`): the library's own messages name addresses.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from cryptography.x509 import load_pem_x509_certificates
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from plainview.platform.storage.kept import Facts, Unreachable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

PIECE: Final = 16 * 2**20
"""A larger file goes up in pieces of so many bytes: of 10,000, which S3 allows, 160 GB."""
PIECES_AT_ONCE: Final = 4
READING_RETRIES, WRITING_RETRIES = 1, 3
READING_SECONDS, WRITING_SECONDS = 15, 300
"""One answer takes this long at most: 8 MiB to a reader, a piece from a worker (half a Mbit/s)."""
RESTS_SECONDS: Final = 5.0
"""So long no reader asks a bucket that was away."""
REMEMBERED: Final = 1000
"""Of so many folders it is remembered which files are in them: they do not change."""
_NO_BUCKET: Final = "NoSuchBucket"
_UNTRUSTED: Final = "InvalidCertificate"


class Stored:
    """A file in a bucket, as `ranges` sends it."""

    at_once = 4 * 2**20

    def __init__(self, bucket: Bucket, folder: str, name: str) -> None:
        self._bucket, self._folder, self._name = bucket, folder, name
        self.size, self.modified, self.etag = bucket.facts(folder, name)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not with, `end`."""
        return self._bucket.read(self._folder, self._name, start, end)

    def close(self) -> None:
        """Nothing is held."""


class Bucket:
    """The folders below `top` in a bucket, at `s3://KEY:SECRET@HOST:PORT/BUCKET?region=…`.

    Percent-encoded; `s3+http://…` is not encrypted; `authorities=FILE` names certificates to trust
    beside the usual ones; without key and secret those of AWS_… in the environment hold. Methods
    raise Unreachable, and FileNotFoundError for a file not there.
    """

    def __init__(self, url: str, top: str) -> None:
        self._top, self._mark = top, f"{top}-of.txt"
        self._reading = _store(url, READING_SECONDS, READING_RETRIES)
        self._writing = _store(url, WRITING_SECONDS, WRITING_RETRIES)
        self._away_until = 0.0
        self._remembered: dict[str, dict[str, Facts]] = {}

    def files(self, folder: str) -> Mapping[str, Facts]:
        """The files of a folder by name, as they are now; none if there is no such folder."""
        found = dict(self._listed(self._reading, f"{self._top}/{folder}/"))
        return {name.rpartition("/")[2]: facts for name, facts in found.items()}

    def folders(self) -> Mapping[str, Mapping[str, Facts]]:
        """The files of every folder: one question for each thousand of them."""
        found: dict[str, dict[str, Facts]] = {}
        for path, facts in self._listed(self._writing, f"{self._top}/"):
            folder, _, name = path.removeprefix(f"{self._top}/").partition("/")
            found.setdefault(folder, {})[name] = facts
        return found

    def facts(self, folder: str, name: str) -> Facts:
        """What is known of a file, from memory where its folder was looked into before."""
        seen = self._remembered.get(folder, {})
        if name not in seen:
            with self._readers():
                seen = dict(self.files(folder))
            if name not in seen:
                raise FileNotFoundError(name)
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[folder] = seen
        return seen[name]

    def content(self, folder: str, name: str) -> Stored:
        """A file, to be sent."""
        return Stored(self, folder, name)

    def read(self, folder: str, name: str, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not with, `end`."""
        with self._readers(), _words():
            path = f"{self._top}/{folder}/{name}"
            return bytes(obstore.get_range(self._reading, path, start=start, end=end))

    def fetch(self, folder: str, name: str, into: Path) -> None:
        """Copy a file into the folder `into`, piece by piece."""
        size = self.facts(folder, name).size
        path = f"{self._top}/{folder}/{name}"
        with (into / name).open("wb") as file, _words():
            for start in range(0, size, PIECE):
                end = min(size, start + PIECE)
                file.write(obstore.get_range(self._writing, path, start=start, end=end))

    def put(self, folder: str, source: Path) -> None:
        """Put the file at `source` into a folder under its own name; it appears whole."""
        with _words():
            obstore.put(
                self._writing,
                f"{self._top}/{folder}/{source.name}",
                source,
                chunk_size=PIECE,
                max_concurrency=PIECES_AT_ONCE,
            )

    def remove(self, folder: str) -> None:
        """Remove a folder's files, if there are any."""
        self._remembered.pop(folder, None)
        paths = [f"{self._top}/{folder}/{name}" for name in self.files(folder)]
        if paths:
            with _words():
                obstore.delete(self._writing, paths)

    def keeper(self) -> str:
        """For whom the bucket is kept, as `keep_for` left it; empty while that is nobody."""
        try:
            with _words():
                return bytes(obstore.get(self._writing, self._mark).bytes()).decode()
        except FileNotFoundError:
            return ""

    def keep_for(self, whom: str) -> None:
        """Leave word in the bucket for whom it is kept."""
        with _words():
            obstore.put(self._writing, self._mark, whom.encode())

    def trouble(self) -> str:
        """Why a file can't be written, read and removed again; nothing if it can."""
        folder, content = secrets.token_hex(6), os.urandom(16)
        path = f"{self._top}/{folder}/looked-at"
        try:
            with _words():
                obstore.put(self._reading, path, content)
                same = bytes(obstore.get_range(self._reading, path, start=0, end=16)) == content
                obstore.delete(self._reading, path)
            return "" if same and not self.files(folder) else "forgets"
        except Unreachable as problem:
            return problem.why
        except FileNotFoundError:
            return "forgets"

    def _listed(self, store: S3Store, prefix: str) -> Iterator[tuple[str, Facts]]:
        with _words():
            for page in obstore.list(store, prefix=prefix):
                for each in page:
                    modified = int(each["last_modified"].timestamp())
                    yield each["path"], Facts(each["size"], modified, each["e_tag"] or "")

    @contextmanager
    def _readers(self) -> Iterator[None]:
        """Turns readers away for a moment after the bucket was."""
        if time.monotonic() < self._away_until:
            raise Unreachable("away")
        try:
            yield
        except Unreachable:
            self._away_until = time.monotonic() + RESTS_SECONDS
            raise


def _store(url: str, seconds: int, retries: int) -> S3Store:
    place = urlsplit(url)
    plain = place.scheme == "s3+http"
    host = place.netloc.rpartition("@")[2]
    asked = dict(parse_qsl(place.query))
    given: S3Config = {}
    if place.username:
        given["access_key_id"] = unquote(place.username)
        given["secret_access_key"] = unquote(place.password or "")
    wire: ClientConfig = {
        "allow_http": plain,
        "connect_timeout": timedelta(seconds=3),
        "timeout": timedelta(seconds=seconds),
    }
    with suppress(KeyError, OSError, ValueError):  # what can't be read is not trusted
        believed = Path(asked["authorities"]).read_bytes()
        load_pem_x509_certificates(believed)
        wire["root_certificate"] = believed
    return S3Store(
        place.path.strip("/"),
        config=given,
        endpoint=f"{'http' if plain else 'https'}://{host}",
        region=asked.get("region", "us-east-1"),
        virtual_hosted_style_request=False,
        client_options=wire,
        retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=seconds)},
    )


@contextmanager
def _words() -> Iterator[None]:
    """Says what the library raises in the words of `Unreachable`."""
    try:
        yield
    except FileNotFoundError as problem:
        if _NO_BUCKET in str(problem):
            raise Unreachable("no-bucket") from None
        raise FileNotFoundError from None
    except (PermissionDeniedError, UnauthenticatedError):
        raise Unreachable("refused") from None
    except BaseError as problem:  # what a listing meets has no class of its own
        raise Unreachable(_why(str(problem))) from None


def _why(text: str) -> str:
    """The word for what the library tells of an error."""
    if _NO_BUCKET in text:
        return "no-bucket"
    if "status code: 403" in text or "status code: 401" in text:
        return "refused"
    return "untrusted" if _UNTRUSTED in text else "away"
