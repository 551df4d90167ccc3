"""Every page of the house, as its links lead there: queries and CPU of each, the slowest first.

    python tools/bench.py walk          (WALK_SHOWN=5)

A guest, a member who has watched, kept, rated and asked, and somebody with every role follow each
link from the pages they begin at, one address a route; forms are not sent. A page is asked for once
to warm, then three times: the fewest of its CPU counts; beginning and ending a transaction is no
query. Goals: no page over 30 queries or 150 ms of CPU; home and title under 40 ms.
"""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from casework import signed_in
from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.models import Video
from plainview.domains.library.models import Follow, Rating, Saved
from plainview.domains.playback.models import Progress, Viewing
from plainview.platform.identifiers import new_id
from plainview.privacy import permissions
from plainview.privacy.consent.questions import topics
from plainview.privacy.gate.duties import duty
from plainview.privacy.requests import services
from plainview.privacy.requests.models import Channel
from plainview.privacy.requests.services import Asked

SHOWN = int(os.environ.get("WALK_SHOWN", "5"))
QUERIES, MILLISECONDS, QUICK = 30, 150, 40
FILMS = 12
OWN = (
    "/my/",
    "/privacy/",
    "/settings/",
    "/studio/",
    "/titles/harbour-lights/",
    "/search?q=harbour",
)
QUICK_ROUTES = ("home", "title")
NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)', re.ASCII)


@dataclass(frozen=True)
class Cost:
    """What one page takes: CPU in milliseconds, statements, size in bytes."""

    who: str
    route: str
    address: str
    cpu: float
    queries: int
    size: int

    def over(self) -> bool:
        """Whether it misses a goal."""
        most = QUICK if self.route in QUICK_ROUTES else MILLISECONDS
        return self.cpu > most or self.queries > QUERIES


def cost(client: Client, who: str, route: str, address: str) -> tuple[Cost, str] | None:
    """Measure a page; None if it is no page (a file, a way on, a refusal)."""
    answer = client.get(address)
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200 or not kind.startswith("text/html") or answer.streaming:
        if answer.status_code >= 500:
            raise SystemExit(f"{address}: {answer.status_code}")
        return None
    taken, text = [], answer.content.decode()
    for _ in range(3):
        start = time.process_time()
        client.get(address)
        taken.append(1000 * (time.process_time() - start))
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    queries = sum(not each["sql"].startswith(NO_QUERY) for each in asked)
    return Cost(who, route, address, min(taken), queries, len(answer.content)), text


def walk(client: Client, who: str, first: list[str]) -> list[Cost]:
    """Follow the links of every page within the house, one address for each route."""
    seen: set[str] = set()
    found, ahead = [], list(first)
    while ahead:
        address = ahead.pop(0)
        parts = urlsplit(address)
        try:
            route = resolve(parts.path).view_name
        except Resolver404:
            continue
        if route in seen or parts.netloc:
            continue
        measured = cost(client, who, route, address)
        if measured is None:
            continue
        seen.add(route)
        found.append(measured[0])
        ahead += [
            urljoin(address, each.replace("&amp;", "&")) for each in LINK.findall(measured[1])
        ]
    return found


def member() -> Client:
    """A browser of somebody who said yes to everything, and used every part of the house."""
    client, now = Client(SERVER_NAME="localhost"), timezone.now()
    with duty("fixture"):
        mira = User.objects.create_user(f"{new_id()}@bench.example")
        EmailAddress.objects.create(user=mira, email=mira.email, verified=True, primary=True)
        facts, _epoch = permissions.read(mira.pk) or (permissions.Known(), 0)
        everything = {each.id: "granted" for each in topics(facts)}
        permissions.change(mira.pk, lambda now: permissions.answered(now, everything))
        for number, video in enumerate(Video.objects.select_related("title")[:FILMS]):
            mine: dict[str, Any] = {"subject": mira.pk, "video": video}
            Viewing.objects.create(**mine, sitting=f"{number}", began_at=now, watched_at=now)
            Progress.objects.create(**mine, position=60, stopped_at=now)
            of: dict[str, Any] = {"subject": mira.pk, "title": video.title}
            Saved.objects.get_or_create(**of, list="later")
            Rating.objects.get_or_create(**of, defaults={"stars": 5})
            Follow.objects.get_or_create(**of)
        client.force_login(mira)
        services.file(Asked(kind="correct", channel=Channel.ACCOUNT, language="en",
                            words="Not mine.", account=mira.pk, place="DE"))  # fmt: skip
    return client


def main() -> None:
    """Walk and print; exit with 1 when a page misses a goal."""
    pages = walk(Client(SERVER_NAME="localhost"), "guest", ["/"])
    pages += walk(member(), "member", ["/", *OWN])
    pages += walk(
        signed_in(" ".join(Role)),
        "staff",
        ["/", *OWN, "/desk/"],
    )
    pages.sort(key=lambda page: -page.cpu)
    late = [page for page in pages if page.over()]
    print(f"{len(pages)} pages of {len({page.route for page in pages})} routes")
    for page in [*pages[:SHOWN], *(page for page in late if page not in pages[:SHOWN])]:
        print(f"{page.cpu:6.0f} ms {page.queries:3} queries {page.size / 1024:5.0f} KB"
              f"  {page.who} {page.address} ({page.route})")  # fmt: skip
    most = max(pages, key=lambda page: page.queries)
    print(f"most queries: {most.queries}, {most.who} {most.address}")
    for route in QUICK_ROUTES:
        for page in pages:
            if page.route == route:
                print(f"{route}, {page.who}: {page.cpu:.0f} ms, {page.queries} queries")
    if late:
        sys.exit(f"{len(late)} pages miss a goal")
