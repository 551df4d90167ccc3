"""What people bring, what proves something, what comes back: copies, receipts, backups."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from unittest import mock

import msgspec
import pyrage
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.fuzzing import Parser
from tests.house.parsers.inputs import ROOT, as_text, place

from plainview import verify
from plainview.privacy.backups import archive, shelf
from plainview.privacy.commands import check_copy
from plainview.privacy.log import notes
from plainview.privacy.rights.bringing import reading
from plainview.privacy.rights.copies import sealed
from plainview.privacy.versions import archive as versions

_SIGNER = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def _pem() -> bytes:
    return _SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _copy() -> bytes:
    about = {
        "format": "plainview-copy", "version": 1, "service": "Elsewhere", "made": "", "policy": "",
        "language": "en", "subject": "1", "categories": {}, "files": [],
        "tables": {"playback_viewing": {
            "json": "", "csv": "", "rows": 3, "columns": {}, "held_but_not_copied": [],
            "refers": {"video_id": "catalogue_video"},
        }},
        "programme": {"catalogue_video": {"1": {"key": ["harbour-lights", 1, 1], "name": ""}}},
    }  # fmt: skip
    rows = ",\n".join(json.dumps({"sitting": f"s{n}", "video_id": 1, "n": n}) for n in range(3))
    files = {"data.json": json.dumps(about).encode(),
             "data/playback_viewing.json": f"[\n{rows}\n]\n".encode()}  # fmt: skip
    lines = [f"{verify.sha256(content).hex()}  {name}\n" for name, content in files.items()]
    text = f"# plainview-copy 1 Elsewhere\n{''.join(lines)}".encode()
    files |= {"signed/manifest.txt": text, "signed/manifest.sig": _SIGNER.sign(text),
              "signed/key.pem": _pem()}  # fmt: skip
    return _zip(files)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def _brought(data: bytes) -> str:
    with reading.opened(io.BytesIO(data)) as copy:
        count = sum(1 for name in list(copy.about.tables)[:3] for _ in copy.rows(name, after=1))
        return f"{count} {copy.unaltered(copy.about.tables)}"


def _checked(data: bytes) -> str:
    file = place() / "copy.zip"
    file.write_bytes(data)
    (place() / "key.pem").write_bytes(_pem())
    ran = CliRunner().invoke(check_copy, [str(file), "--key", str(place() / "key.pem")])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return f"{ran.exit_code} {re.sub('[0-9].*', '', ran.output)}"


@functools.cache
def _vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (ROOT / "frontend/proof/tests/vectors.json").read_text()
    )
    return found


def _verified(what: str) -> Callable[[bytes], str]:
    key = next(each["key"] for each in _vectors() if each["end"] == "holds")

    def read(data: bytes) -> str:
        file = place() / "shown"
        file.write_bytes(data)
        words = [what, str(file), "--key", key]
        if what == "appended":
            words[1:2] = [str(file), str(file), str(file)]
        if what == "keys":
            words[:2] = ["head", str(place() / "head"), "--keys", str(file)]
            (place() / "head").write_text("a\n0\n\nat x\n\n— a b\n")
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = verify.main(words)
        last = said.getvalue().strip().rpartition("\n")[2]
        return f"{code} {re.sub('[0-9].*', '', last)}"

    return read


def _shown(what: str) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        if what == "keys":
            return [json.dumps(each["keys"]).encode() for each in _vectors() if "keys" in each]
        wanted = {"appended": "grown"}.get(what, what)
        texts = [each["texts"] for each in _vectors() if each["what"] == wanted]
        found = [text.encode() for each in texts for text in each]
        if what == "appended":
            found += [json.dumps({"path": ["00" * 32] * 3}).encode()]
        return found

    return seeds


def _bundles() -> list[bytes]:
    receipts = [
        each["texts"][0]
        for each in _vectors()
        if each["what"] == "receipt" and each["end"] == "holds"
    ]
    made = []
    for text in receipts[:2]:
        receipt = json.loads(text)
        files = {"receipts/1.json": text.encode(), "notes.txt": b"why"}
        proof = receipt["pv:proof"]
        about = {
            "type": "plainview-bundle-1", "kind": "sample", "head": proof["head"],
            "files": {name: verify.sha256(each).hex() for name, each in files.items()},
            "others": [], "missing": [{"index": 2}],
            "draw": {"seed": "s", "from": 0, "to": 3, "count": 2, "indices": [proof["index"]]},
        }  # fmt: skip
        made.append(_zip({"bundle.json": json.dumps(about).encode(), **files}))
        about["files"] = {}
        made.append(_zip({"bundle.json": json.dumps(about).encode()}))
    return made


def _note(data: bytes) -> str:
    text = as_text(data)
    if text.count("+") == 2 and "\n" not in text.strip():
        return f"key {len(notes.read_key(text).raw)}"
    head = notes.read(text)
    return f"{len(head.more)} {len(notes.opened(text)[1])}"


def _notes() -> list[bytes]:
    signer = notes.Signer("lantern.example/log/1", b"s" * 32)
    at = verify.dt.datetime(2026, 11, 26, 9, tzinfo=verify.dt.UTC)
    head = notes.TreeHead(signer.name, 1002, b"r" * 32, at, ("why: moved",))
    return [head.signed([signer]).encode(), str(signer.public).encode()]


_KEY = pyrage.x25519.Identity.generate()


def _archive(data: bytes) -> str:
    """Of a tar, what is made of it under our key; of what age sealed, as it is."""
    path = place() / "archive.age"
    whole = data.startswith(b"age-encryption")
    path.write_bytes(data if whole else pyrage.encrypt(data, [_KEY.to_public()]))
    with archive.opened(path, [_KEY]) as content:
        return f"{len([each.read() for _, each in content.members()])}"


def _archives() -> list[bytes]:
    path = place() / "made.age"
    about = archive.About("2026-11-26T09:00:00+00:00", "sqlite", "0.1")

    def fill(out: archive.Writer) -> dict[str, list[str]]:
        out.small("media/a", b"film" * 300)
        out.pieces("database", io.BytesIO(b"rows" * 2000))
        return {"session": ["ab"]}

    archive.write(path, [_KEY.to_public()], about, fill, lambda made: None)
    whole = path.read_bytes()
    return [whole, pyrage.decrypt(whole, [_KEY])]


def _label(data: bytes) -> str:
    folder = place() / "shelf"
    folder.mkdir(exist_ok=True)
    path = folder / "plainview-20261126T090000Z.age"
    path.write_bytes(b"")
    shelf.beside(path).write_bytes(data)
    with mock.patch.object(shelf, "folder", lambda: folder):
        found = shelf.archives()
        return f"{[(each.made.year, each.ends.year) for each in found]}"


def _labels() -> list[bytes]:
    label = shelf.Label(
        made_at="2026-11-26T09:00:00+00:00", engine="sqlite", product="0.1", size=3, sha256="ab",
        files=2, gone=1, to=["age1"], print="x", read="2026-11-26T09:00:00+00:00",
    )  # fmt: skip
    return [msgspec.json.encode(label)]


def _keys_of_age(data: bytes) -> str:
    path = place() / "identity"
    path.write_bytes(data)
    with contextlib.suppress(archive.Broken):
        archive.recipients([as_text(data)])
    return f"{len(archive.identities(path))}"


def _sealed(data: bytes) -> str:
    number, _, rest = data.partition(b"\n")
    begins = int(number) if re.fullmatch(rb"\d{1,9}", number) else 0
    file = sealed.Sealed(io.BytesIO(rest), b"k" * 32, "copy")
    return f"{len(file.note(min(begins, len(rest)))[0])}"


def _seals() -> list[bytes]:
    out = io.BytesIO()
    box = sealed.Sealed(out, b"k" * 32, "copy")
    box.append_note(b"one" * 100)
    second = box.append_note(b"two")
    return [b"0\n" + out.getvalue(), b"%d\n" % second + out.getvalue()]


def _version(data: bytes) -> str:
    return f"{len(versions.unpack(data))}"


PARSERS = (
    Parser("check-copy", _checked, lambda: [_copy()]),
    Parser("copy", _brought, lambda: [_copy()], (reading.NotACopy, reading.TooMuch)),
    *(
        Parser(f"verify-{what}", _verified(what), _shown(what))
        for what in ("receipt", "head", "appended", "keys")
    ),
    Parser("verify-bundle", _verified("bundle"), _bundles),
    Parser("note", _note, _notes, (notes.NotANote,)),
    Parser("backup", _archive, _archives, (archive.Broken,)),
    Parser("backup-label", _label, _labels),
    Parser(
        "backup-key",
        _keys_of_age,
        lambda: [f"# k\n{_KEY}\n".encode(), str(_KEY.to_public()).encode()],
        (archive.Broken,),
    ),
    Parser("sealed", _sealed, _seals, (sealed.Broken,)),
    Parser(
        "version",
        _version,
        lambda: [versions.pack({"a.toml": b"a = 1\n", "b/c.csv": b"x"})],
        (versions.NotAnArchive,),
    ),
)
