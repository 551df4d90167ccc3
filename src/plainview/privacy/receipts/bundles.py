"""What leaves for an authority: receipts, what was shown, keys and a list of it, in one zip.

It verifies without us (docs/receipts.md); `index.html` is the same for reading.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.privacy import log
from plainview.privacy.consent.models import Shown
from plainview.privacy.log import queries as ours
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.models import Head
from plainview.privacy.policies import in_force
from plainview.privacy.receipts import documents, queries
from plainview.privacy.receipts.inspecting import Picture, moment
from plainview.privacy.receipts.queries import Receipt
from plainview.privacy.receipts.sampling import Sample

TYPE = "plainview-bundle-1"


def of_person(subject: int, picture: Picture, head: Head, reason: str) -> IO[bytes]:
    """Everything that was asked and said until a day, who was told, and which signals were heard.

    Within a door about the person.
    """
    keys = [line.key for line in picture.lines if line.receipt]
    receipts = list(queries.every(subject, keys, head=head))
    said = {
        "kind": "person",
        "missing": [],
        "unproved": len(picture.lines) - len(receipts),
        "told": [each.document() for each in picture.told],
        "signals": [each.document() for each in picture.signals],
    }
    return _zipped(receipts, head, reason, said)


def of_sample(sample: Sample, reason: str) -> IO[bytes]:
    """A sample in which nobody is named. Within a door that may see everyone."""
    bodies = [documents.body_of(entry) for entry in sample.entries]
    shown = documents.shown_by(bodies)
    receipts = []
    for entry, body in zip(sample.entries, bodies, strict=True):
        row = shown[documents.notice_of(body)]
        document = documents.write(entry, row, named=False, head=sample.head)
        receipts.append(Receipt(queries.line_of(body, row), document, row))
    draw = sample.draw
    said = {
        "kind": "sample",
        "draw": {
            "seed": draw.seed,
            "from": draw.start,
            "to": draw.end,
            "count": draw.count,
            "indices": sorted(each.document["pv:proof"]["index"] for each in receipts),
        },
        "missing": [{"index": index, "why": "erased"} for index in sorted(sample.erased)],
        "others": [
            {
                "said": json.loads(other.body),
                "proof": log.proof(other.pk, head=sample.head).block(bytes(other.salt)),
            }
            for other in sample.others
        ],
    }
    return _zipped(receipts, sample.head, reason, said)


def _zipped(receipts: list[Receipt], head: Head, reason: str, said: Mapping[str, Any]) -> IO[bytes]:
    """The zip, open at its beginning, in a file that no folder names."""
    files = {f"receipts/{each.line.key}.json": each.file for each in receipts}
    files |= dict(_pages({each.shown.pk: each.shown for each in receipts}.values()))
    files["keys.json"] = canonical({"keys": ours.keys()}) + b"\n"
    about = {
        "type": TYPE,
        "service": in_force().controller.name,
        "made": moment(timezone.now()),
        "reason": reason,
        "head": head.note,
        **said,
    }
    files["index.html"] = _readable(receipts, about)
    about["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    made: IO[bytes] = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("bundle.json", canonical(about) + b"\n")
        for name, data in files.items():
            zipped.writestr(name, data)
    made.seek(0)
    return made


def _pages(shown: Iterable[Shown]) -> Iterable[tuple[str, bytes]]:
    """What was shown: the HTML and style sheet by their hashes, and a page that joins the two."""
    for row in shown:
        layout = json.loads(row.document)["pv:layout"]
        if not layout["page"] or row.style is None:
            continue
        yield f"shown/{layout['page']}.html", row.page.encode()
        yield f"shown/{layout['style']}.css", row.style.text.encode()
        with languages.speaking(row.language):
            direction = languages.direction(languages.current())
            style = f"../shown/{layout['style']}.css"
            context = {"shown": row, "style": style, "direction": direction}
            text = render_to_string("privacy/receipts/shown.html", context)
        yield f"pages/{row.digest}.html", text.encode()


def _readable(receipts: list[Receipt], about: Mapping[str, Any]) -> bytes:
    context = {
        "receipts": receipts,
        "about": about,
        "log": link("log"),
        "language": languages.current(),
        "direction": languages.direction(languages.current()),
    }
    return render_to_string("privacy/receipts/bundle.html", context).encode()
