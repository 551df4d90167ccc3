"""Eight values from the door they came in by to their erasure: docs/data-journeys.md is true.

Its tables are drawn from what is found: `tools/journeys.py --write` runs this test to write them.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from tests.disclosures.doubles import Recipient
from tests.people import browser_of
from tests.rights.conftest import HERE, PASSWORD, confirm, work
from tests.rights.following import Left, everything, files, following, holds

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback.models import Package
from plainview.domains.subtitles.models import Cue, Track
from plainview.domains.subtitles.services import TERMS
from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.consent import storage
from plainview.privacy.disclosures import services as disclosing
from plainview.privacy.models import Erasure
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.retention import ending, sweeping
from plainview.privacy.rights import forms, services

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-journeys.md"
BLOCK = r"(<!-- found: {} -->\n).*?(<!-- end -->)"
HEAD = "| place | written by | for | kept | when its person leaves |\n|---|---|---|---|---|"
NOBODY = "**about nobody**"
ADDRESS, IP = "ines.harbour@lantern.example", "203.0.113.77"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) MoonfishBrowser/9.4"
SOUGHT, SAID, ASKED = (
    "plum moonfish",
    "The moonfish sings alone.",
    "It says Innes Moonfish-Harbour.",
)
SITTING = "5a" * 16
SENT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FILES = {
    "outbox/….log": ("where no mail server is set", "12 months", "gone"),
    "ledger/notes": (
        "keyed hashes: what no backup may undo",
        "as long as backups, and a month",
        "stays",
    ),
    "ledger/key": ("the key of these hashes", "always", "stays"),
    "ledger/lock": ("empty", "always", "stays"),
    "duties.log": ("which duty was opened, and nobody", "its last 20 MB", "stays"),
}
"""The files that there are to be found: what stands there, until when, what leaving does."""
WINDOWS = {"privacy_count": "its window: minutes, a day at most"}
"""What ends sooner than its schedule."""
AFTER = {
    "collection": "it came",
    "last-use": "the last use",
    "purpose-end": "the purpose ends",
    "account-closed": "leaving",
    "case-closed": "the case is closed",
}


class Story:
    """Ines at a browser; what each of her acts left."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.left: dict[str, Left] = {}
        self.cookies: dict[str, set[str]] = {}
        self.out: dict[str, list[str]] = {}
        self.client = Client(
            headers=HERE | {"X-Place": "DE", "X-Forwarded-For": IP, "User-Agent": AGENT}
        )
        self.film, self.unpacked = self._film("harbour-lights"), self._film("night-line")
        Package.objects.create(
            video=self.film, key=self.film.key, duration_ms=4_500_000, width=1280, height=720,
            contents={},
        )  # fmt: skip
        track = Track.objects.create(video=self.unpacked, language="en", label="English")
        Cue.objects.create(track=track, start_ms=1000, end_ms=3000, text="Good evening.")

    def _film(self, slug: str) -> Video:
        title = Title.objects.create(
            slug=slug,
            texts={"en": {"name": slug}},
            original_language="en",
            published_at=timezone.now(),
        )
        return Video.objects.create(title=title, language="en")

    @property
    def subject(self) -> int:
        return User.objects.values_list("pk", flat=True).filter(email=ADDRESS).first() or 0

    def step(self, name: str, act: Callable[[], Any], *values: str) -> None:
        known = set(self.client.cookies)
        with following(*values, subject=self.subject) as left:
            act()
            work()
        tom = str(User.objects.values_list("pk", flat=True).get(email="tom@lantern.example"))
        for table, rows in left.rows.items():
            left.rows[table] = {
                key: row for key, row in rows.items() if tom not in map(str, row.values())
            }
        self.left[name] = left
        self.cookies[name] = {
            key for key, each in self.client.cookies.items() if each.value
        } - known

    def address(self) -> None:
        form = {"email": ADDRESS, "password1": PASSWORD, "territory": "DE", "age": "18",
                "certified": "on"}  # fmt: skip
        assert self.client.post("/accounts/signup/", form).status_code == 302
        work()
        (letter,) = (self.data / "outbox").glob("*.log")
        text = letter.read_text().replace("=\n", "")
        found = re.search(r"http://[^/\s]+(/accounts/confirm-email/[^\s\"<]+)", text)
        assert found
        assert self.client.get(found[1]).status_code == 200
        assert self.client.post(found[1]).status_code == 302

    def consent(self) -> None:
        for answer in ("reject", "accept"):
            shown = self.client.get("/privacy/choices/").context["shown"]
            form = {"via": "centre", "answer": answer, "shown": shown}
            assert self.client.post("/privacy/choices/", form).status_code == 302

    def viewing(self) -> None:
        form = {"sitting": SITTING, "told": 1, "position": 700, "seconds": 60}
        assert self.client.post(f"/watch/{self.film.key}/signal/", form).status_code == 204
        for what in ("began", "stalled"):
            told = {"platform": "web", "what": what}
            assert self.client.post(f"/watch/{self.film.key}/report/", told).status_code == 204

    def search(self) -> None:
        answer = self.client.get("/search/", {"q": SOUGHT}, headers=SENT)
        assert "private" in answer["Cache-Control"]

    def cue(self) -> None:
        film = f"/studio/{self.unpacked.key}/"
        tom = browser_of(User.objects.get(email="tom@lantern.example"), headers=HERE)
        for who in (self.client, tom):
            assert who.post("/studio/terms/", {"version": TERMS}).status_code == 302
            assert who.post(film, {"listed": "ko"}).url == f"{film}ko/"
        tom.post(f"{film}ko/team/", {"do": "apply", "role": "subtitler"})  # who lets it pass
        page = self.client.get(f"{film}ko/").content.decode()
        (segment,) = re.findall(r'name="line-(\d+)"', page)
        words = {f"line-{segment}": SAID, f"version-{segment}": "0"}
        assert self.client.post(f"{film}ko/", words).status_code == 302
        self.client.post(f"{film}ko/pass/", {"to": "review"})
        tom.post(f"{film}ko/pass/", {"to": "released"})
        assert SAID in Client().get(f"/subtitles/{self.unpacked.key}/ko.vtt").content.decode()

    def request(self) -> None:
        form = {"kind": "correct", "words": ASKED}
        assert self.client.post("/privacy/requests/new/", form).status_code == 302

    def disclosure(self) -> None:
        disclosing.disclose(recipient="northgate", purpose="audience-uploads", subject=self.subject)

    def connection(self) -> None:
        stranger = Client(headers=HERE | {"X-Place": "DE", "X-Forwarded-For": IP})
        wrong = {"login": "nobody@lantern.example", "password": "not the word"}
        assert stranger.post("/accounts/login/", wrong).status_code == 200

    def leave(self) -> None:
        confirm(self.client, User.objects.get(email=ADDRESS))
        assert self.client.post("/privacy/leave/confirm/", {"sure": "yes"}).status_code == 302


@pytest.fixture
def story(data_folder, settings, placed) -> Story:
    caches["default"].clear()
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.MAIL_SERVER = ""
    settings.CONNECTIONS = data_folder / "connections.toml"
    User.objects.create_user("tom@lantern.example")
    return Story(data_folder)


def test_p9c_each_place_that_a_value_touches_is_drawn_and_what_becomes_of_it(story):
    """P9c, P5.2.1.4a, P1.2.1a: eight values by the public door, leaving, and the years after."""
    with Recipient() as northgate:
        story.data.joinpath("connections.toml").write_text(
            f'[connection.northgate]\nkind = "audience"\nurl = "{northgate.url}"\n'
            'key = "a key that both know"\nprivate = true\n'
        )
        story.step("address", story.address, ADDRESS)
        story.step("consent", story.consent)
        story.step("viewing", story.viewing, SITTING)
        story.step("search", story.search, SOUGHT)
        story.step("cue", story.cue, SAID, "moonfish")
        story.step("request", story.request, ASKED)
        story.step("disclosure", story.disclosure, ADDRESS)
        story.step("connection", story.connection, IP)
        (told,) = northgate.got
        assert ADDRESS not in told.body.decode() and str(story.subject) not in told.body.decode()
        subject, before = story.subject, everything()
        here = repr((before, files())).encode()
        assert not holds(here, {IP.encode(), b"MoonfishBrowser"}), "P1.2.1a: kept nowhere as it is"
        facts = permissions.read(subject)[0]
        story.step("leaving", story.leave, ADDRESS)
        assert not any(each.value for each in story.client.cookies.values()), "taken back"
        assert northgate.got[-1].path.endswith("/members/remove")
    after, report = everything(), services.read(Erasure.objects.get())
    for name, left in story.left.items():
        asked = [key for key, n in left.asked.items() if n > 3 and key[1].startswith("SELECT")]
        assert not asked, f"{name} asks the same over and over"
        assert not [line for line in left.lines if "duty" not in line], name
        assert not left.shelves
    whole = repr((after, files(), [left.lines for left in story.left.values()])).encode()
    gone = forms.needles([ADDRESS, IP, SITTING, SOUGHT, ASKED])
    assert not holds(whole, {form for form in gone if b"\\" not in form})
    sweeping.sweep(timezone.localdate() + dt.timedelta(days=366 * 11))
    assert not holds(repr(everything()), {str(subject).encode()}), "the last proof has gone too"
    drawn = {}
    for name, left in story.left.items():
        becomes = {} if name == "leaving" else {
            table: _becomes(table, rows, before, after, report) for table, rows in left.rows.items()
        }  # fmt: skip
        drawn[name] = _drawn(left, story.cookies[name], becomes, facts)
    _compare(drawn)


def _becomes(name: str, rows: Any, before: Any, after: Any, report: Any) -> str:
    """What leaving did to rows."""
    mine = {key: row for key, row in before.get(name, {}).items() if key in rows}
    kept = {key: after.get(name, {}).get(key) for key in mine if key in after.get(name, {})}
    why = sorted({line.because for line in report.lines if line.holding == name and line.because})
    if not kept:
        return "gone"
    said = "stays" if all(mine[key] == row for key, row in kept.items()) else "stays, cut"
    return f"{said}: {', '.join(why)}" if why else said


def _drawn(left: Left, cookies: set[str], becomes: dict[str, str], facts: Any) -> str:
    """The table of one way; what is about nobody and does not hold the value is only named."""
    lines, nobody = [HEAD], []
    for name, rows in sorted(left.rows.items()):
        table = registry().tables[name]
        if name == "jobs_job" or not rows:
            continue
        if not table.personal and not left.holding[name]:
            nobody.append(f"`{name}`")
            continue
        columns = ", ".join(f"`{each}`" for each in sorted(left.holding[name]))
        purposes = ", ".join(_footing(each, facts) for each in sorted(left.purposes[name]))
        writers = ", ".join(f"`{each}`" for each in sorted(left.writers[name]))
        lines.append(
            f"| `{name}`{': ' if columns else ''}{columns} | {writers} | {purposes}"
            f" | {_kept(table, left.holding[name])} | {becomes.get(name, '')} |"
        )
    known = {key.name: key for key in storage.keys()}  # noqa: SIM118 - a function of ours
    lines += [
        f"| job `{job}` | ids alone | | an hour after it is done | gone |"
        for job in sorted(left.jobs)
    ]
    for place, found in sorted(left.files.items()):
        what, kept, leaving = FILES[place]
        held = ": the value" if found else ""
        lines.append(f"| file `{place}`{held} | {what} | | {kept} | {leaving} |")
    for name in sorted(cookies):
        key = known[name]
        kept = f"{key.days} days" if key.days else "the sitting"
        lines.append(f"| cookie `{name}` | {key.when} | {key.purpose} | {kept} | taken back |")
    if nobody:
        lines.append(f"| {', '.join(nobody)} | | | {NOBODY} | stays |")
    return "\n".join(lines)


def _footing(purpose: str, facts: Any) -> str:
    if purpose not in in_force().purposes:
        return f"duty {purpose}"
    decision = decide(in_force(), facts, purpose)
    return f"{purpose} ({decision.article})" if decision.article else purpose


def _kept(table: Table, holding: set[str]) -> str:
    """Until when, by the schedules of what is held."""
    if not table.personal:
        return NOBODY
    if table.name in WINDOWS:
        return WINDOWS[table.name]
    said = {table.columns[each].mark.category for each in holding if each in table.columns} - {""}
    held = (
        said or {c.mark.category for c in table.columns.values()} - {"", table.row} or {table.row}
    )
    schedules = [s for s in in_force().retention.schedule.values() if held & {*s.categories}]
    if not said and any(column.mark.event for column in table.columns.values()):
        ends = [each for each in schedules if each.then == "delete"]
        soonest = min(ends, key=lambda each: ending.days(each.keep), default=None)  # takes the row
        schedules = [each for each in schedules if each.then == "cut" or each is soonest]
    words = (
        f"{_length(each.keep)} after {AFTER[each.after]}{' (cut)' if each.then == 'cut' else ''}"
        for each in schedules
    )
    return "; ".join(dict.fromkeys(words))


def _length(keep: str) -> str:
    """An ISO 8601 duration of one part in words."""
    number, unit = int(keep[1:-1]), {"D": "day", "M": "month", "Y": "year"}[keep[-1]]
    return f"{number} {unit}{'s' if number > 1 else ''}"


def _compare(drawn: dict[str, str]) -> None:
    text = PAGE.read_text()
    fresh = text
    for name, table in drawn.items():
        block = re.compile(BLOCK.format(name), re.DOTALL)
        assert block.search(fresh), f"docs/data-journeys.md has no way of the {name}"
        fresh = block.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", fresh)
    if "WRITE_JOURNEYS" in os.environ:
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "run tools/journeys.py --write and look at what changed"
