#!/usr/bin/env python3
"""plainview-verify: checks what a Plainview service says it can prove, without the service.

One file, however long, so that whoever trusts no service can take it elsewhere and read all that
it does: Python 3.11 or newer and the package `cryptography` (pip install cryptography). It opens no
connection unless told to by --from. What it checks, and how it is written: docs/proof.md and
docs/receipts.md of Plainview.

Exit codes: 0 it holds; 1 it does not, something was changed; 2 it can't be read; 3 it can't be told
from what you have (a key that you don't know, a log that says it began anew, or went back).
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import functools
import hashlib
import http.client
import json
import os
import struct
import sys
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HOLDS, BROKEN, UNREADABLE, UNTOLD = 0, 1, 2, 3
HASH, WHOLE, MOST = 32, 2**53, 50_000_000
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LENIENCE = dt.timedelta(minutes=10)
"""Clocks differ, and an answer takes a moment; a date that is further off is wrong."""
FORM = {
    "@context": {
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "pv": "urn:plainview:receipt:1:",
        "schema": "https://schema.org/",
    },
    "@type": "dpv:ConsentReceipt",
    "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#receipt",
}
"""What the words of every receipt stand for; with another context they would say something else."""
LEAST = {*FORM, "dpv:hasRecordOfActivity", "dpv:hasNotice", "pv:proof"}
OURS = {"pv:Act", "pv:Deed"}
BY_SERVICE = "dpv:DataController"
"""Who wrote an answer down that came by letter, say: its date is older than its place."""
PROOF = {"type", "salt", "index", "path", "head"}


class Verdict(Exception):
    """The end of a check that did not hold: an exit code, and why in words."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


def broken(why: str) -> NoReturn:
    """End the check: it does not hold, something was changed."""
    raise Verdict(BROKEN, why)


def unreadable(why: str) -> NoReturn:
    """End the check: it can't be read."""
    raise Verdict(UNREADABLE, why)


def untold(why: str) -> NoReturn:
    """End the check: it can't be told from what is there."""
    raise Verdict(UNTOLD, why)


def say(line: str) -> None:
    """Print one line, whatever a file has in it: no end of a line, nothing that hides others."""
    shown = "".join(each if each.isprintable() else "\ufffd" for each in line)
    code = getattr(sys.stdout, "encoding", None) or "utf-8"  # of an older terminal, it lacks some
    print(shown.encode(code, "replace").decode(code))


def holds(what: str) -> None:
    """Say that one more thing holds."""
    say(f"  yes  {what}")


# --- JSON, hashes, the tree -----------------------------------------------------------------------


def parsed(text: str) -> Any:
    """JSON of the canonical part (docs/receipts.md), whatever its white space."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) or not all(key.isascii() for key in found):
            unreadable("an object has a key twice, or one that is not ASCII")
        return found

    def refuse(word: str) -> NoReturn:
        unreadable(f"{word} has no one form in JSON")

    def whole(word: str) -> int:
        return int(word) if len(word) < 18 and abs(int(word)) < WHOLE else refuse("a long number")

    try:
        value = json.loads(
            text, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse, parse_int=whole
        )
    except (json.JSONDecodeError, RecursionError):
        unreadable("this is no JSON")
    return value


def canonical(value: Any) -> bytes:
    """The bytes that are hashed (RFC 8785)."""
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()
    except UnicodeEncodeError:
        unreadable("a string holds half a character")


def sha256(*parts: bytes) -> bytes:
    """32 bytes: the hash of the parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def from_hex(text: Any, what: str) -> bytes:
    """32 bytes, written as 64 hexadecimal digits."""
    try:
        found = bytes.fromhex(text)
    except (TypeError, ValueError):
        unreadable(f"{what} is not written in hexadecimal digits")
    if len(found) != HASH:
        unreadable(f"{what} is not 32 bytes long")
    return found


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which a leaf leads (RFC 9162 section 2.1.3.2)."""
    here, last, found = index, size - 1, leaf
    if not 0 <= index < size:
        return None
    for step in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = sha256(b"\x01", step, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = sha256(b"\x01", found, step)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def continues(first: Head, second: Head, path: list[bytes]) -> bool:
    """Whether the second tree only adds to the first (RFC 9162 section 2.1.4.2)."""
    if first.size == second.size or first.size == 0:
        return not path and (first.size == 0 or first.root == second.root)
    steps = [first.root, *path] if first.size & (first.size - 1) == 0 else list(path)
    if not steps:
        return False
    here, last = first.size - 1, second.size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = sha256(b"\x01", step, old), sha256(b"\x01", step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = sha256(b"\x01", new, step)
        here, last = here >> 1, last >> 1
    return last == 0 and (old, new) == (first.root, second.root)


# --- signed heads and keys ------------------------------------------------------------------------


Signer = tuple[str, bytes]
"""The name of a key and its id."""


class Key(NamedTuple):
    """A public key of a log (https://c2sp.org/signed-note)."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode(), b"\n\x01", self.raw)[:4]


class Head(NamedTuple):
    """A signed tree head (https://c2sp.org/tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes
    at: dt.datetime
    more: list[str]
    text: str
    signatures: dict[Signer, bytes]

    def __str__(self) -> str:
        return f"the head of {self.size} entries, {self.at:%d %B %Y %H:%M:%S} UTC"


Proof = Callable[[Head, Head], list[bytes]]
"""The hashes that lead from one head to a later one, wherever they come from."""


def read_key(text: str) -> Key:
    """A key as `name+id+base64`."""
    name, _, rest = text.strip().partition("+")
    known, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    key = Key(name, raw[1:])
    if raw[:1] != b"\x01" or len(raw) != HASH + 1 or key.id.hex() != known:
        unreadable("this is no key of a log; it looks like name+1234abcd+AB…")
    return key


def opened(note: str) -> tuple[str, dict[Signer, bytes]]:
    """The signed lines of a note, and its signatures by the name and id of their key."""
    text, gap, below = note.replace("\r\n", "\n").strip("\n").rpartition("\n\n")
    found = {}
    for line in below.split("\n"):
        dash, _, rest = line.partition(" ")
        try:
            name, _, encoded = rest.rpartition(" ")
            both = base64.b64decode(encoded, validate=True)
        except ValueError:
            both = b""
        if dash != "\u2014" or len(both) != 4 + 64 or not gap:
            unreadable("this is no signed head: it ends in an empty line and signatures")
        found[name, both[:4]] = both[4:]
    return text + "\n", found


def read_head(note: Any) -> Head:
    """A head, its signatures unchecked."""
    if not isinstance(note, str):
        unreadable("a head is text")
    text, signatures = opened(note)
    try:
        origin, size, root, at, *more = text.split("\n")[:-1]
        moment = dt.datetime.strptime(at, "at %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
        raw = base64.b64decode(root, validate=True)
        count = int(size)
    except ValueError:
        unreadable("this is no head of a log: name, size, root, time")
    if len(raw) != HASH or count < 0:
        unreadable("this head's root is no SHA-256, or its size is no number")
    return Head(origin, count, raw, moment, more, text, signatures)


def signed(text: str, signatures: dict[Signer, bytes], key: Key) -> bool:
    """Whether there is a signature of `key`; a false one is said at once."""
    signature = signatures.get((key.name, key.id))
    if signature is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, text.encode())
    except InvalidSignature:
        broken("the signature is false: this text is not what the log signed")
    return True


def check_signature(head: Head, keys: list[Key]) -> None:
    """A head is signed by one of the keys, which carry the log's own name."""
    if any(key.name == head.origin and signed(head.text, head.signatures, key) for key in keys):
        holds(f"{head} is signed by {head.origin}")
        return
    untold(f"{head} is signed by none of the keys you gave; is it of another log?")


def trusted(given: list[str], published: str) -> list[Key]:
    """The keys that were given, and those of the published list to which they lead.

    A key leads to the next by a signature. Raises Verdict where a signature is false.
    """
    keys: list[Key] = []
    for text in given:
        content = content_of(text) if "+" not in text or os.path.isfile(text) else text
        if content.lstrip().startswith("{"):
            keys += [read_key(each["key"]) for each in listed(content)]
        else:
            lines = content.split("\n")  # below a key `log keys` says since when, further in
            keys += [read_key(line) for line in lines if line.strip() and not line[:1].isspace()]
    if published:
        for each in listed(content_of(published)):
            key = read_key(each["key"])
            if key in keys or not each.get("endorsed"):
                continue
            text, signatures = opened(each["endorsed"])
            says = f"\nkey {each['key']}\n" in text
            if says and any(signed(text, signatures, known) for known in keys):
                keys.append(key)
                holds(f"a key that you knew endorsed {key.name} {key.id.hex()}")
    if not keys:
        untold("no key: give --key, with a key or the file of the log's keys that you kept")
    return keys


def listed(content: str) -> list[dict[str, str]]:
    """The keys of a list as a service publishes it (`keys.json`)."""
    found = parsed(content)
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        unreadable("this is no list of keys")
    return [each for each in found["keys"] if isinstance(each, dict) and "key" in each]


# --- what can be asked ----------------------------------------------------------------------------


def check_leaf(proof: Any, body: bytes, keys: list[Key]) -> Head:
    """An entry is in the log: salt and body lead by the path to the root of a signed head."""
    if not isinstance(proof, dict) or not PROOF <= set(proof) <= PROOF | {"before"}:
        unreadable("the proof has to have: type, salt, index, path, head")
    if proof["type"] != "sha256-salt-rfc9162":
        untold(f"the proof is of a kind that this file does not know: {proof['type']}")
    path = proof["path"]
    if not isinstance(path, list) or type(proof["index"]) is not int:
        unreadable("the proof's path is a list of hashes, its index a number")
    head = read_head(proof["head"])
    check_signature(head, keys)
    leaf = sha256(b"\x00", sha256(from_hex(proof["salt"], "the salt"), body))
    steps = [from_hex(step, "a step of the path") for step in path]
    if root_of(leaf, proof["index"], head.size, steps) != head.root:
        broken("this entry is not in the log: its text, its place or its proof was changed")
    holds(f"it is entry {proof['index']} of the log, under that head")
    return head


def check_time(times: list[str], proof: dict[str, Any], head: Head, keys: list[Key]) -> None:
    """A date lies between the head before the entry and the first that has it."""
    moments = []
    for each in times:
        try:
            moment = dt.datetime.strptime(each, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
        except (TypeError, ValueError):
            unreadable("a time is written as 2026-05-03T18:00:00Z")
        moments.append(moment)
    if "before" in proof:
        before = read_head(proof["before"])
        check_signature(before, keys)
        if before.size > proof["index"]:
            unreadable("the head `before` is not one from before the entry")
        if any(moment < before.at - LENIENCE for moment in moments):
            broken(f"it is back-dated: it was not in the log yet on {before.at:%d %B %Y %H:%M} UTC")
        holds("its date is not before the head from before it")
    else:
        say("  !    no head from before it is named, as where a log began: its date is their word")
    if any(moment > head.at + LENIENCE for moment in moments):
        broken("its date is after the head that has it")


def check_receipt(text: str, keys: list[Key]) -> None:
    """A receipt, by the six steps of docs/receipts.md."""
    receipt = parsed(text)
    if not isinstance(receipt, dict) or not LEAST <= set(receipt) <= LEAST | {"pv:principal"}:
        unreadable("this is no receipt: members are missing, or there are some that none has")
    if any(receipt[name] != said for name, said in FORM.items()):
        unreadable("this is no receipt: its words stand for something else than in every receipt")
    record, notice = receipt["dpv:hasRecordOfActivity"], receipt["dpv:hasNotice"]
    if not isinstance(record, dict):
        unreadable("the record is no object")
    if record.get("dpv:hasNotice") != f"urn:sha256:{sha256(canonical(notice)).hex()}":
        broken("what the receipt says was shown is not what the record names")
    holds("what was shown is what the record names")
    if "pv:principal" in receipt:
        whose = receipt["pv:principal"]
        salt = from_hex(whose.get("salt"), "the salt of the number")
        number = str(whose.get("number")).encode()
        if record.get("dpv:hasDataSubject") != f"urn:sha256:{sha256(salt, number).hex()}":
            broken("the record is not about the person whom the receipt names")
        holds(f"the record is about number {whose.get('number')}")
    proof = receipt["pv:proof"]
    head = check_leaf(proof, canonical(record), keys)
    states = record.get("dpv:hasConsentStatus")
    states = states if isinstance(states, list) else []
    own = [each for each in states if each.get("dpv:isIndicatedBy") != BY_SERVICE]
    check_time([each["dpv:isIndicatedAtTime"] for each in own], proof, head, keys)
    if len(own) < len(states):
        say("  !    the service wrote this down for somebody; the day they said it is its word")
    if "pv:corrects" in record:
        say(f"  !    it puts the entry {record['pv:corrects']} right, which stays in the log")
    for each in states:
        purposes = ", ".join(each.get("dpv:hasPurpose", [])) or "nothing"
        say(f"       {each['dpv:isIndicatedAtTime']}  {each.get('pv:answer')}: {purposes}")


def check_acts(text: str, keys: list[Key]) -> None:
    """The accountability log, as the desk hands it out: each act is in the log, rightly dated."""
    found = parsed(text)
    acts = found.get("acts") if isinstance(found, dict) else None
    if not isinstance(acts, list):
        unreadable("this is no list of acts")
    for each in acts:
        if not isinstance(each, dict) or not {"said", "proof"} <= set(each):
            unreadable("an act has what was said of it, and its proof")
        head = check_leaf(each["proof"], canonical(each["said"]), keys)
        check_time([each["said"].get("pv:at")], each["proof"], head, keys)
    holds(f"all {len(acts)} acts are in the log")
    say("  !    whether the list leaves some out can't be told from it")


def check_bundle(place: str, keys: list[Key]) -> None:
    """A bundle: every file is as listed, every receipt holds under one head, nobody picked them."""
    try:
        with zipfile.ZipFile(place) as zipped:
            entries = [each for each in zipped.infolist() if not each.is_dir()]
            names = {each.filename for each in entries}
            if sum(each.file_size for each in entries) > MOST or len(names) < len(entries):
                unreadable("this bundle is too large, or has a file twice")
            if not {each.compress_type for each in entries} <= PACKED:
                unreadable("this bundle is packed as none of ours is")
            files = {each.filename: unpacked(zipped, each) for each in entries}
        about = parsed(files.pop("bundle.json").decode())
    except (
        zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, KeyError, ValueError,
        OverflowError, RuntimeError,
    ):  # fmt: skip
        unreadable(f"{place} is no bundle: a zip with a bundle.json")
    if about.get("type") != "plainview-bundle-1" or about["kind"] not in {"person", "sample"}:
        untold("this bundle is of a kind that this file does not know")
    if about["files"] != {name: sha256(data).hex() for name, data in files.items()}:
        broken("the files of the bundle are not those that it lists")
    holds(f"all {len(files)} files are as the bundle lists them")
    head = read_head(about["head"])
    check_signature(head, keys)
    places = set()
    for name in sorted(name for name in files if name.startswith("receipts/")):
        say(f"     {name}")
        text = files[name].decode()
        check_receipt(text, keys)
        proof = parsed(text)["pv:proof"]
        if proof["head"] != about["head"]:
            broken("a receipt of the bundle leads to another head than the bundle's")
        places.add(proof["index"])
        check_pages(parsed(text)["dpv:hasNotice"], files)
    if about["kind"] == "sample":
        check_draw(about, head, places, keys)


def unpacked(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A file of a zip, and no more of it than the list of contents says there is."""
    with zipped.open(entry) as file:
        return file.read(entry.file_size)


def check_pages(notice: dict[str, Any], files: dict[str, bytes]) -> None:
    """What was shown is in the bundle as the notice names it, where it is kept."""
    layout = notice["pv:layout"]
    for ending, digest in (("html", layout["page"]), ("css", layout["style"])):
        data = files.get(f"shown/{digest}.{ending}")
        if digest and (data is None or sha256(data).hex() != digest):
            broken("a page that was shown is not the one that the receipt names")


def check_draw(about: dict[str, Any], head: Head, places: set[int], keys: list[Key]) -> None:
    """The sample is the one that seed and head draw: nothing was picked, nothing left out."""
    draw, others = about["draw"], set()
    for each in about["others"]:
        check_leaf(each["proof"], canonical(each["said"]), keys)
        if each["proof"]["head"] != about["head"] or each["said"].get("@type") not in OURS:
            broken("what is said to be an act of the service is none, or under another head")
        others.add(each["proof"]["index"])
    missing = {each["index"] for each in about["missing"]}
    if sorted(places) != draw["indices"] or places & missing:
        broken("the receipts of the sample are not those that it lists")
    seed, start, length = draw["seed"].encode(), draw["from"], draw["to"] - draw["from"]
    if not 0 <= start <= start + length <= head.size:
        broken("the sample is from a stretch that the log has not")
    said = places | missing | others
    drawn: set[int] = set()
    n = found = 0
    while len(drawn) < length and found < draw["count"]:
        number = int.from_bytes(sha256(seed, head.root, n.to_bytes(8, "big")), "big")
        place, n = start + number % length, n + 1
        found += place not in drawn and place not in others
        drawn.add(place)
        if place not in said:  # however long the draw says it is, nothing more can come of it
            break
    if drawn != said:
        broken("the sample is not the one that its seed and head draw")
    holds(f"seed and head draw these {len(places)} entries and no others")
    if missing:
        say(f"  !    {len(missing)} more were drawn whose people have left since, says the service")


def check_appended(first: Head, second: Head, proof: Proof, keys: list[Key]) -> None:
    """Between two heads the log was only appended to; a proof is asked for where it is needed."""
    check_signature(first, keys)
    check_signature(second, keys)
    removed = second.origin == first.origin and second.size < first.size
    at_once = removed and second.at == first.at
    if second.at < first.at or (at_once and continues(second, first, proof(second, first))):
        untold(
            f"{second}, was given as the later one. Give the two the other way round; but if it is"
            " the newest that the log shows, the log went back"
        )
    if removed:
        broken(f"entries were removed: {first.size} became {second.size}")
    path = proof(first, second)
    if first.origin != second.origin:
        say_what_it_says(first, second, path)
    if not continues(first, second, path):
        broken(
            f"history was rewritten: the {first.size} entries of the first head are not the"
            f" first {first.size} of the second"
        )
    holds(f"the first {first.size} entries are as they were; {second.size - first.size} were added")


def say_what_it_says(first: Head, second: Head, path: list[bytes]) -> None:
    """The log began anew between two heads and says why: what was lost of the first of them?"""
    say(f"  !    the log began anew after that head ({first.origin}), and says of it:")
    for line in second.more or ["nothing"]:
        say(f"         {line}")
    if second.size < first.size or not continues(first, second, path):
        untold(
            f"of the {first.size} entries of the first head some are lost. Ask the service which:"
            " a receipt of one of them still proves it, with the first head"
        )


def content_of(place: str) -> str:
    """The text of a file, or of standard input for `-`."""
    try:
        raw = sys.stdin.buffer.read(MOST) if place == "-" else Path(place).read_bytes()
        return raw.decode("utf-8-sig")  # a mark that some editors put first says nothing
    except OSError as error:
        unreadable(f"{place}: {error.strerror}")
    except UnicodeDecodeError:
        unreadable(f"{place} is no text")


def path_of(arguments: argparse.Namespace, first: Head, second: Head) -> list[bytes]:
    """The consistency proof, if they need one: from a file, or asked of the log itself."""
    if first.size == 0 or first.size >= second.size:
        return []
    if arguments.proof:
        text = content_of(arguments.proof)
    elif arguments.site:
        sizes = f"first={first.size}&second={second.size}"
        where = f"{arguments.site.rstrip('/')}/consistency.json?{sizes}"
        here = (f"http://{name}{end}" for name in ("127.0.0.1", "localhost") for end in ":/")
        if not where.startswith(("https://", *here)):
            unreadable("--from needs an https address")
        try:
            with urllib.request.urlopen(where, timeout=30) as answer:  # noqa: S310
                text = answer.read(MOST).decode()
        except (OSError, ValueError, http.client.HTTPException) as error:
            untold(f"the log did not answer: {error}")
    else:
        untold("no proof: name its file after the heads, or give --from with the log's address")
    found = parsed(text)
    path = found.get("path") if isinstance(found, dict) else None
    if not isinstance(path, list):
        unreadable("this is no proof: it has no path")
    return [from_hex(step, "a step of the proof") for step in path]


def run(arguments: argparse.Namespace) -> None:
    """Check what the command line asks for. Raises Verdict where it does not hold."""
    keys = trusted(arguments.key, arguments.keys)
    if arguments.what == "receipt":
        check_receipt(content_of(arguments.file), keys)
    elif arguments.what == "acts":
        check_acts(content_of(arguments.file), keys)
    elif arguments.what == "bundle":
        check_bundle(arguments.file, keys)
    elif arguments.what == "head":
        check_signature(read_head(content_of(arguments.file)), keys)
    else:
        first, second = (read_head(content_of(each)) for each in (arguments.old, arguments.new))
        check_appended(first, second, functools.partial(path_of, arguments), keys)


def main(words: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--key", action="append", default=[], help="a key you trust, or its file")
    shared.add_argument("--keys", default="", help="the published list of keys, to follow changes")
    parser = argparse.ArgumentParser(
        prog="plainview-verify", description="Check what a Plainview service says it can prove."
    )
    what = parser.add_subparsers(dest="what", required=True)
    for name, words_ in (
        ("receipt", "a receipt: what was shown, what was answered, and that it is in the log"),
        ("acts", "the accountability log, as the desk hands it out"),
        ("bundle", "what an authority was handed: receipts, pages, and how a sample was drawn"),
        ("head", "the signature of a head"),
    ):
        command = what.add_parser(name, parents=[shared], help=words_)
        command.add_argument("file", help="the file, or - for standard input")
    grown = what.add_parser(
        "appended", parents=[shared], help="that a log was only appended to between two heads"
    )
    grown.add_argument("old", help="a head that you kept")
    grown.add_argument("new", help="a later one")
    grown.add_argument("proof", nargs="?", default="", help="the proof, as a file")
    grown.add_argument("--from", dest="site", default="", help="ask the log at this address for it")
    arguments = parser.parse_args(words)
    try:
        run(arguments)
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError):
        say("  ?    this is not of the form that docs/receipts.md describes")
        return UNREADABLE
    except Verdict as verdict:
        words_ = {BROKEN: "  NO  ", UNREADABLE: "  ?   ", UNTOLD: "  ?   "}[verdict.code]
        say(f"{words_} {verdict.why}")
        return verdict.code
    say("It holds.")
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
