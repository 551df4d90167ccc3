"""Search: how long a page of answers takes, and how often it holds what is meant.

- p95 of the page as somebody is sent it (titles, people, genres, lines, facets), of the two
  questions it asks, and of what is suggested while one types
- p95 of the bare index beside each: the same words as they stand, handed to FTS5 or to the GIN
  index, for the numbers of the newest rows that hold them all
- recall@10 over the fixed set of the tests, among all the other titles

`--scale` says how much there is (1 is 50 000 titles and 5 000 000 lines; without it a hundredth),
`--keep FOLDER` where the database stays, to be measured again. Warm, one client, in this process.
Ends with the figures as one JSON object; exits with 1 when a goal is missed.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from _corpus import FIXED, Corpus, agrees
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.search import search
from plainview.domains.subtitles.search import said
from plainview.platform.search import asking
from plainview.platform.search.terms import index_terms, line_terms
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty

duties.DUTIES |= {"fixture"}
SCALE = float(os.environ.get("BENCH_SCALE", "0.01"))
TITLES, LINES = round(50_000 * SCALE), round(5_000_000 * SCALE)
ASKED, GOAL_MS, GOAL_RECALL = int(os.environ.get("SEARCH_ASKED", "150")), 50, 0.95


def slip(word: str, draw: random.Random) -> str:
    """`word` with two neighbours swapped, or a letter left out."""
    at = draw.randrange(1, max(2, len(word) - 1))
    if draw.random() < 0.5:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def questions(texts: list[str], draw: random.Random) -> Iterator[str]:
    """A few words of a text that is there; some cut short as one types, some with a slip."""
    for number, text in enumerate(texts):
        parts = text.split()
        start = draw.randrange(len(parts))
        some = parts[start : start + draw.randint(1, 4)]
        if len(some) == 1 and len(some[0]) > 12:
            at = draw.randrange(len(some[0]) - 8)
            some = [some[0][at : at + draw.randint(2, 8)]]
        if number % 4 == 1:
            some[-1] = slip(some[-1], draw)
        elif number % 4 == 2 and len(some[-1]) > 4:
            some[-1] = some[-1][: draw.randint(3, len(some[-1]) - 1)]
        elif number % 4 == 3 and len(some) > 2:
            some[1] = draw.choice(draw.choice(texts).split())[:20]
        yield " ".join(some)


def asked(corpus: Corpus) -> tuple[list[str], list[str]]:
    """Questions after names, the fixed set among them, and after what was said."""
    draw = random.Random(5)  # noqa: S311 - the same each time
    keys = list(Title.objects.order_by("pk").values_list("pk", flat=True))
    rows = Title.objects.in_bulk(draw.sample(keys, ASKED // 2))
    names = [draw.choice([*title.texts.values()])["name"] for title in rows.values()]
    names += draw.sample(corpus.people, ASKED // 4)
    fixed = [query for each in FIXED["queries"].values() for query in each]
    lines = [draw.choice(corpus.said(draw.randrange(corpus.tracks))) for _ in range(ASKED)]
    return [*fixed, *questions(names, draw)], list(questions(lines, draw))


def bare(table: str, terms: Callable[[str], list[str]], most: int) -> Callable[[str], object]:
    """The words as they stand, handed to the index alone."""

    def ask(query: str) -> object:
        words = asking.All(tuple(asking.Term(term) for term in dict.fromkeys(terms(query))))
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s"  # noqa: S608
                    f" ORDER BY rowid DESC LIMIT {most}",
                    [asking.fts5(words)],
                )
            else:
                cursor.execute(
                    f"SELECT id FROM {table} WHERE terms @@ %s::tsquery"  # noqa: S608
                    f" ORDER BY id DESC LIMIT {most}",
                    [asking.tsquery(words)],
                )
            return cursor.fetchall()

    return ask


def page(address: str) -> Callable[[str], object]:
    """The whole service but for the server: what a stranger is sent."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")

    def ask(query: str) -> object:
        environ = factory.get(address + quote(query), headers={"Accept-Language": "en"}).environ
        status = []
        body = handler(dict(environ), lambda line, *_: status.append(line))
        sent = b"".join(body)
        body.close()
        if status != ["200 OK"]:
            sys.exit(f"{query!r}: {status}")
        return sent

    return ask


def p95(name: str, ask: Callable[[str], object], queries: list[str]) -> float:
    """The 95th percentile in ms, each question once, after all were asked once to warm up."""
    for query in queries:
        ask(query)
    times = []
    spent = time.process_time()
    for query in queries:
        started = time.perf_counter()
        ask(query)
        times.append(((time.perf_counter() - started) * 1000, query))
    spent = (time.process_time() - spent) * 1000 / len(queries)
    alone = [each for each, _ in times]
    slow = ", ".join(f"{query!r} {each:.0f}" for each, query in sorted(times)[:-6:-1])
    found = statistics.quantiles(alone, n=20)[-1]
    middle = statistics.median(alone)
    print(f"{name}: p95 {found:.1f}, median {middle:.1f} ms, mean of our CPU {spent:.1f}; {slow}")
    return found


def recall() -> float:
    """How many of the fixed questions find what is meant among the first ten."""
    slugs = dict(Title.objects.filter(slug__in=FIXED["titles"]).values_list("pk", "slug"))
    hits = {
        (slug, query): slug in [slugs.get(key) for key in search(query).titles[:10]]
        for slug, each in FIXED["queries"].items()
        for query in each
    }
    print("not found:", [query for (_, query), hit in hits.items() if not hit])
    return sum(hits.values()) / len(hits)


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    corpus = Corpus(TITLES, LINES)
    figures: dict[str, float] = {}
    with duty("migrate"):
        if not Title.objects.exists():
            corpus.fill()
        if Title.objects.count() != corpus.titles or not agrees(corpus, [0, corpus.tracks // 2]):
            sys.exit("what is kept there is another size, or the service indexes it otherwise")
        names, lines = asked(corpus)
    both = [*names, *lines]
    figures["p95 ms, page"] = p95("page", page("/search/?q="), both)
    figures["p95 ms, suggestions"] = p95("suggestions", page("/search/suggestions/?q="), names)
    with duty("migrate"):
        entries = bare("search_entry", index_terms, 200)
        passages = bare("search_passage", line_terms, 200)
        figures["p95 ms, titles people genres"] = p95("titles", search, names)
        figures["p95 ms, bare index of them"] = p95("bare titles", entries, names)
        figures["p95 ms, lines"] = p95("lines", said, lines)
        figures["p95 ms, bare index of lines"] = p95("bare lines", passages, lines)
        figures["recall@10"] = recall()
    print(f"{connection.vendor}: {TITLES} titles, {LINES} lines, {len(both)} questions")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1))
    missed = [n for n in figures if "bare" not in n and "ms" in n and figures[n] > GOAL_MS]
    if figures["recall@10"] < GOAL_RECALL:
        missed.append("recall@10")
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")
