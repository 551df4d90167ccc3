"""An evening of the service: guests, members, contributors, an officer; each says what they do.

Everybody has a browser without script and a network address of their own, as a proxy states it, so
that the limits against guessing count each alone. Whatever comes back is looked at: its status, and
something that only the right page has.
"""

from __future__ import annotations

import io
import json
import random
import re
import secrets
import threading
import time
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tools.second_factor import SECRET, code_of

from .conftest import Film, Service
from .reading import Answer, Browser, Fields
from .walking import LINK, PASSWORD, mails_to

NAME, LINE = "Harbour Walk", "Hola desde el puerto"
PLACES = ["DE", "US-CA", "BR", ""]
STREAM = re.compile(r"/stream/[^/\"]+-[^/\"]+/([a-z0-9]+)/")
SIGNAL = re.compile(r'data-signal="([^"]+)"')
PAUSE = 0.4
"""Seconds that somebody looks at a page, on the average."""
PATIENCE = 120
"""Seconds that one waits for what a worker does: a mail, a copy, an erasure."""
OFFICER = "noor@desk.example"


@dataclass
class Night:
    """What they share: where they are, until when, and what came of it."""

    service: Service
    film: Film
    until: float
    answers: Counter[int] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    def lasts(self) -> bool:
        """Whether it goes on; ten faults are enough to learn from."""
        return time.monotonic() < self.until and len(self.faults) < 10


class Person(threading.Thread):
    """Somebody who comes again and again, until the night is over."""

    def __init__(self, night: Night, number: int) -> None:
        super().__init__(name=f"{type(self).__name__} {number}", daemon=True)
        self.night, self.number, self.came = night, number, 0
        self.chance = random.Random(f"{type(self).__name__} {number}")

    def run(self) -> None:
        while self.night.lasts():
            try:
                self.evening()
                self.night.did[type(self).__name__] += 1
            except Exception:
                self.night.faults.append(f"{self.name}: {traceback.format_exc(limit=-3)}")

    def evening(self) -> None:
        raise NotImplementedError

    def arrives(self, place: str = "DE", **headers: str) -> None:
        """Opens a browser that was never here, at an address where nobody was this evening."""
        self.came += 1
        kind = {"Guest": 1, "Member": 2, "Contributor": 3, "Officer": 4}[type(self).__name__]
        # RFC 3849's own addresses; the limits count a network of 64 bits.
        address = f"2001:db8:{kind:x}{self.number:02x}:{self.came:x}::1"
        self.browser = Browser(self.night.service.url, address, place, **headers)

    def saw(self, came: Answer, *marks: str, status: int = 200) -> str:
        """What came, if it is the right thing."""
        self.night.answers[came.status] += 1
        text = came.text
        main = text.partition("<main")[2].partition("</main>")[0] or text
        words = " ".join(re.sub("<[^>]+>", " ", main).split())
        said = f"{came.status} at {came.address}: {words[-900:]}"
        assert came.status == status, said
        for mark in marks:
            assert mark in text, f"no {mark!r} in {said}"
        time.sleep(self.chance.expovariate(1 / PAUSE))
        return text

    def opens(self, path: str, *marks: str) -> str:
        return self.saw(self.browser.open(path), *marks)

    def presses(self, button: str, *marks: str, **typed: str) -> str:
        return self.saw(self.browser.press(button, **typed), *marks)

    def tells(self, path: str, status: int = 204, **form: object) -> str:
        """What a script of the page posts beside it."""
        fields: Fields = [(name, str(value)) for name, value in form.items()]
        return self.saw(self.browser.send(path, fields), status=status)

    def answers_the_banner(self, button: str = "") -> None:
        """Presses one of its buttons, whatever language they speak."""
        banner = next(f for f in self.browser.forms() if ("via", "banner") in f.fields)
        self.presses(button or self.chance.choice(list(banner.buttons)))
        assert not [f for f in self.browser.forms() if ("via", "banner") in f.fields]
        self.night.did["answers"] += 1

    def watches(self) -> None:
        """The player's part: pieces of the film, signs that it goes on, and how it began."""
        page = self.opens(self.night.film.path, "data-player", NAME)
        found = STREAM.search(page)
        assert found, page
        folder = self.night.service.data / "media" / "packages" / found[1]
        signal, sitting = SIGNAL.search(page), secrets.token_hex(16)
        self.tells(f"{self.night.film.path}report/", platform="web", what="began")
        for beat in range(1, self.chance.randrange(3, 7)):
            self.streams(found[0], self.chance.choice(sorted(folder.glob("v*.mp4"))))
            if signal:
                at = 2 * beat
                self.tells(signal[1], sitting=sitting, told=beat, position=at, seconds=at)
                self.night.did["signals"] += 1

    def streams(self, address: str, file: Path) -> None:
        first = self.chance.randrange(file.stat().st_size - 1)
        asked = f"bytes={first}-{first + 200_000}"
        came = self.browser.send(address + file.name, Range=asked)
        self.saw(came, status=206)
        assert came.content == file.read_bytes()[first : first + 200_001]

    def awaits(self, path: str, mark: str) -> str:
        """Comes back to a page until it says that the work is done."""
        until = time.monotonic() + PATIENCE
        while mark not in (text := self.opens(path)):
            assert time.monotonic() < until, (
                f"no {mark!r} at {path} in {PATIENCE} s: {text[-3000:]}"
            )
        return text

    def gives_the_password(self) -> None:
        if "/reauthenticate/" in self.browser.path:
            self.presses("Go on", password=PASSWORD)

    def signs_up(self, address: str) -> None:
        """From the form through the mail to a member."""
        self.opens("/accounts/signup/")
        said = {"email": address, "password1": PASSWORD, "territory": "DE", "age": "18"}
        self.presses("Make the account", "Look into your mail", **said, certified="on")
        until = time.monotonic() + PATIENCE
        while not (mails := mails_to(self.night.service, address)):
            assert time.monotonic() < until, f"no mail to {address}"
            time.sleep(0.5)
        self.opens(LINK.findall(mails[-1])[-1])
        self.presses("Yes, it is mine", "Sign out")
        self.night.did["joined"] += 1

    def signs_in(self, address: str, *marks: str) -> None:
        self.opens("/accounts/login/")
        self.presses("Sign in", *marks, login=address, password=PASSWORD)


class Guest(Person):
    """Reads, searches, answers the banner or not, and watches a little."""

    def evening(self) -> None:
        language = self.chance.choice(["en", "ar", "ko"])
        signal = {"Sec-GPC": "1"} if self.chance.random() < 0.2 else {}
        self.arrives(self.chance.choice(PLACES), **{"Accept-Language": language}, **signal)
        self.opens("/", NAME)
        if self.chance.random() < 0.7:
            self.answers_the_banner()
        for _ in range(self.chance.randrange(2, 6)):
            self.chance.choice([self.watches, self.searches, self.reads])()

    def searches(self) -> None:
        self.opens("/search/?q=harbour", NAME)
        self.opens("/search/?q=puerto&in=lines", "puerto")
        self.saw(self.browser.send("/search/suggestions/?q=har"), NAME)

    def reads(self) -> None:
        path, mark = self.chance.choice(
            [
                ("/titles/harbour-walk/", NAME),
                (f"{self.night.film.path}transcript/", LINE),
                (f"/subtitles/{self.night.film.key}/es.vtt", "WEBVTT"),
                ("/legal/privacy/", "Lantern Street Pictures"),
                ("/privacy/choices/", 'name="purpose-history"'),
                ("/privacy/", "/legal/privacy/"),
                ("/legal/log/checkpoint", "localhost"),
                ("/api/v1/home", NAME),
                ("/feed.rss", NAME),
            ]
        )
        self.opens(path, mark)


class Member(Person):
    """Joins, watches, keeps, writes, asks for their rights; every third evening is the last."""

    address, listed, stars = "", False, 0

    def evening(self) -> None:
        self.arrives()
        self.opens("/", NAME)
        self.answers_the_banner("Accept all")
        if self.address:
            self.signs_in(self.address, "Sign out")
        else:
            self.address, self.listed, self.stars = (
                f"m{secrets.token_hex(6)}@evening.example",
                False,
                0,
            )
            self.signs_up(self.address)
            self.opens("/privacy/choices/")
            self.presses("Use this device’s answers for my account")
        self.watches()
        acts = [self.keeps, self.rates, self.writes, self.looks_back, self.asks, self.takes_a_copy]
        for act in self.chance.sample(acts, 4):
            act()
        if self.chance.random() < 1 / 3:
            self.leaves()
        else:
            self.opens("/accounts/logout/")
            self.presses("Sign out")

    def keeps(self) -> None:
        self.opens("/titles/harbour-walk/", NAME)
        self.presses("Watch laterOn your list", NAME)
        self.listed = not self.listed
        assert ("Take off this list" in self.opens("/my/list/")) == self.listed

    def rates(self) -> None:
        self.opens("/titles/harbour-walk/", NAME)
        self.presses("Change" if self.stars else "Give stars", NAME, stars="4")
        self.stars = 4
        self.opens("/my/ratings/", NAME)

    def writes(self) -> None:
        words = f"I like ferries, and the number {self.chance.randrange(10**9)}."
        self.opens("/settings/about/")
        self.presses("Save", about=words)
        self.opens("/settings/about/", words)

    def looks_back(self) -> None:
        self.opens("/my/history/", NAME, 'name="viewing"')
        self.opens("/privacy/", "Which films you watched")

    def asks(self) -> None:
        """Files a complaint, which waits for the officer, and reads how it stands."""
        self.opens("/privacy/requests/new/")
        words = f"It is cold here, for the {self.chance.randrange(10**9)}th time."
        self.presses("Send the request", words, kind="complaint", words=words)
        self.night.did["requests"] += 1

    def takes_a_copy(self) -> None:
        self.opens("/privacy/copy/")
        self.gives_the_password()
        buttons = {label for form in self.browser.forms() for label in form.buttons}
        self.presses("Make a new one" if "Make a new one" in buttons else "Make the copy")
        page = self.awaits("/privacy/copy/", "Save it")
        found = re.search(r'"(/privacy/copy/[^/"]+/)"', page)
        assert found, page
        came = self.browser.send(found[1])
        self.night.answers[came.status] += 1
        with zipfile.ZipFile(io.BytesIO(came.content)) as zipped:
            told = json.loads(zipped.read("data/accounts_user.json"))
            assert [row["email"] for row in told] == [self.address]
            assert "index.html" in zipped.namelist()
        self.night.did["copies"] += 1

    def leaves(self) -> None:
        self.opens("/privacy/leave/", "Will be removed")
        self.opens("/privacy/leave/confirm/")
        self.gives_the_password()
        self.presses("Delete my account", sure="yes")
        report = self.awaits(f"{self.browser.path}report.json", '"state": "done"')
        assert json.loads(report)["lines"]
        self.night.left.add(self.address)
        self.address = ""


class Contributor(Person):
    """Holds a stream of the studio open, and saves a line of their own again and again."""

    address = ""

    @property
    def language(self) -> str:
        return ("fa", "he", "ur")[self.number]

    def evening(self) -> None:
        self.arrives()
        if not self.address:
            self.address = f"c{self.number}@evening.example"
            self.signs_up(self.address)
            self.opens("/studio/terms/")
            self.presses("Accept the terms")
        else:
            self.signs_in(self.address, "Sign out")
        self.opens(f"/studio/{self.night.film.key}/")
        if self.room not in self.browser.page.text:
            self.presses("Begin", listed=self.language)
        self.opens(self.room, LINE)
        came = self.saw(self.browser.send(f"{self.room}lines.json"), LINE)
        (row,) = json.loads(came)["rows"]
        self.works(row["id"], row["version"])

    @property
    def room(self) -> str:
        return f"/studio/{self.night.film.key}/{self.language}/"

    def works(self, segment: int, version: int) -> None:
        """Some saves; each is heard on the stream by who sits before it, within a few seconds."""
        heard: set[str] = set()
        over = threading.Event()

        def listens() -> None:
            with self.browser.listening(f"{self.room}live/?since=0") as stream:
                self.night.answers[stream.status] += 1
                while not over.is_set() and (line := stream.readline()):
                    if line.startswith(b"data: "):
                        heard.update(row["text"] for row in json.loads(line[6:]).get("rows", []))

        threading.Thread(target=listens, daemon=True).start()
        for _ in range(10):
            words = f"درود {self.number} {time.time_ns()}"
            told = {"act": "save", "segment": segment, "text": words}
            came = self.tells(f"{self.room}act/", 200, **told, version=version)
            version = json.loads(came)["version"]
            self.night.did["saves"] += 1
            until = time.monotonic() + 30
            while words not in heard:
                assert time.monotonic() < until, "the room did not hear of a save"
                time.sleep(0.1)
        over.set()
        self.opens(f"{self.room}lines.vtt", words)
        self.opens(f"{self.room}{segment}/", "Bring back")


class Officer(Person):
    """Opens the queue, then a case of it, and answers it."""

    signed_in = False

    def evening(self) -> None:
        if not self.signed_in:
            self.arrives()
            self.signs_in(OFFICER)
            self.presses("Sign in", code=code_of(SECRET))
            self.signed_in = True
        queue = self.opens("/desk/privacy/requests/", "Requests in figures")
        self.opens("/desk/privacy/requests/figures/")
        if number := re.search(r'href="/desk/privacy/requests/([0-9a-z-]+-[a-z])/"', queue):
            case = f"/desk/privacy/requests/{number[1]}/"
            self.opens(case, number[1])
            self.opens(f"{case}answer/", "What they read")
            sent = self.browser.press("Send it", outcome="granted", said="It is warm now.")
            while sent.status == 409:  # whoever asks wrote meanwhile: what was typed is there still
                self.saw(sent, "It is warm now.", status=409)
                sent = self.browser.press("Send it")
            self.saw(sent, "Answered")
            self.night.did["answered"] += 1
