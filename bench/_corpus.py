"""A made-up programme of any size for the search: titles, people, and lines in eleven languages.

Words are drawn by Zipf's law, the frequent ones short, from a vocabulary of each language; names of
people are said in lines too; scripts without spaces have words of one to four characters. The same
size gives the same programme. Lines are put straight into the tables of either engine, since five
millions through the service take a quarter of an hour; `agrees` has the service put some again.
"""

from __future__ import annotations

import random
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from plainview.domains.catalogue.models import Credit, Genre, Person, Tag, Title, Video
from plainview.domains.playback.models import Package
from plainview.domains.subtitles.models import Track
from plainview.platform.search import shelves, vocabulary
from plainview.platform.search.models import Passage, Word
from plainview.platform.search.terms import line_terms, unspaced

SET = Path(__file__).parent.parent / "src/plainview/domains/catalogue/tests/found.toml"
FIXED: dict[str, Any] = tomllib.loads(SET.read_text())
LINES_OF_A_TRACK = 1000
VOCABULARY = 120_000
SPOKEN = {
    "en": 30,
    "es": 12,
    "de": 8,
    "fr": 8,
    "ru": 7,
    "ar": 8,
    "ko": 7,
    "ja": 7,
    "zh": 7,
    "th": 6,
}
LATIN = (
    "b c d f g h j k l m n p r s t v w st tr pl sh th ch".split(),  # noqa: SIM905 - shorter
    "a e i o u ea ou".split(),  # noqa: SIM905
)
CYRILLIC = (
    "б в г д ж з к л м н п р с т ф х ч ш ст пр".split(),  # noqa: SIM905
    "а е и о у ы я".split(),  # noqa: SIM905
)
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
THAI = "กขคงจชซดตถทนบปผพฟมยรลวสหอ"
VOWELS = "ะาิีึืุูเแโไใ่้"


class Tongue:
    """A language: its words, the first ones often and the last ones seldom."""

    def __init__(self, tag: str) -> None:
        self._draw = random.Random(f"words of {tag}")  # noqa: S311 - the same each time
        self.gap = "" if tag in ("ja", "zh", "th") else " "
        made = dict.fromkeys(self._word(tag, n) for n in range(VOCABULARY))
        self.words = list(made)
        self._weights = list(accumulate(1 / (n + 2) for n in range(len(self.words))))

    def _word(self, tag: str, number: int) -> str:
        draw = self._draw
        long = 1 + (number > 40) + (number > 3000) + (draw.random() < 0.3)
        if tag in ("ja", "zh"):
            return "".join(chr(0x4E00 + int(2500 * draw.random() ** 2) * 7) for _ in range(long))
        if tag == "ko":
            return "".join(chr(0xAC00 + int(1200 * draw.random() ** 2) * 9) for _ in range(long))
        if tag == "th":
            return "".join(draw.choice(THAI) + draw.choice(VOWELS) for _ in range(long))
        if tag == "ar":
            root = "".join(draw.choices(ARABIC, k=1 + long))
            return draw.choice(("", "", "ال", "و")) + root
        first, second = CYRILLIC if tag == "ru" else LATIN
        end = draw.choice(("", "", "n", "s", "r"))
        return "".join(draw.choice(first) + draw.choice(second) for _ in range(long)) + end

    def some(self, draw: random.Random, count: int) -> list[str]:
        """So many words, each as often as it is used."""
        return draw.choices(self.words, cum_weights=self._weights, k=count)


class Corpus:
    """The programme: `titles` and `lines` say how many."""

    def __init__(self, titles: int, lines: int) -> None:
        self.titles, self.tracks = titles, max(1, lines // LINES_OF_A_TRACK)
        self.tongues = {tag: Tongue(tag) for tag in SPOKEN}
        draw = random.Random("people")  # noqa: S311
        english = self.tongues["en"].words
        self.people = [
            f"{draw.choice(english[300:4000])} {draw.choice(english[4000:60_000])}".title()
            for _ in range(max(200, titles // 3))
        ]

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.tracks * LINES_OF_A_TRACK

    def language(self, track: int) -> str:
        """What is spoken in a track."""
        return random.Random(track).choices([*SPOKEN], weights=[*SPOKEN.values()])[0]  # noqa: S311

    def said(self, track: int) -> list[str]:
        """The lines of a track."""
        draw = random.Random(f"lines of {track}")  # noqa: S311
        tongue = self.tongues[self.language(track)]
        cast = draw.sample(self.people, 6)
        lengths = draw.choices(
            (1, 2, 3, 4, 5, 6, 8, 10, 12), (5, 8, 10, 12, 15, 15, 15, 12, 8), k=LINES_OF_A_TRACK
        )
        every = iter(tongue.some(draw, sum(lengths)))
        lines = []
        for length in lengths:
            words = list(islice(every, length))
            if draw.random() < 0.05:
                words.append(draw.choice(cast).split()[0])
            lines.append(tongue.gap.join(words))
        return lines

    def fill(self) -> None:
        """Put everything into an empty database, and the index over it."""
        started = time.perf_counter()
        _timed("titles", started, self._titles)
        _timed("index of titles", started, _index_titles)
        words = _timed("lines", started, self._lines)
        _timed("words", started, lambda: _words(words))
        _timed("full-text index", started, _settle)

    def _titles(self) -> None:
        draw = random.Random("titles")  # noqa: S311
        genres = [_labelled(Genre, f"g{n}", self.tongues["en"].words[500 + n]) for n in range(24)]
        tags = [_labelled(Tag, f"t{n}", self.tongues["en"].words[900 + n]) for n in range(300)]
        people = Person.objects.bulk_create(
            (
                Person(slug=f"p{n}", texts={"en": {"name": name}})
                for n, name in enumerate(self.people)
            ),
            batch_size=2000,
        )
        now = timezone.now()
        titles = Title.objects.bulk_create(
            (
                Title(
                    slug=slug,
                    texts=texts,
                    kind="series" if n % 5 == 4 else "film",
                    year=1950 + n % 76,
                    countries=[("KR", "US", "FR", "EG", "TH", "JP", "BR")[n % 7]],
                    ratings={"own": ("0+", "6+", "12+", "16+", "18+")[n % 5]},
                    published_at=now,
                )
                for n, (slug, texts) in enumerate(self._named(draw))
            ),
            batch_size=2000,
        )
        videos = Video.objects.bulk_create(
            (Video(title=title, language=self.language(n)) for n, title in enumerate(titles)),
            batch_size=2000,
        )
        Package.objects.bulk_create(
            (
                Package(
                    video=video,
                    key=video.key,
                    duration_ms=5_400_000,
                    width=1920,
                    height=1080,
                    contents={},
                )
                for video in videos
            ),
            batch_size=2000,
        )
        for made in (
            (
                Credit(title=t, person=p, role="cast")
                for t in titles
                for p in draw.sample(people, draw.randint(2, 6))
            ),
            (
                Title.genres.through(title=t, genre=g)
                for t in titles
                for g in draw.sample(genres, 2)
            ),
            (Title.tags.through(title=t, tag=g) for t in titles for g in draw.sample(tags, 3)),
        ):
            while part := list(islice(made, 20_000)):
                type(part[0])._default_manager.bulk_create(part, batch_size=2000)
        # each film that is spoken in has two tracks: in its language, and in another
        Track.objects.bulk_create(
            (
                Track(
                    pk=n + 1,
                    video=videos[n // 2],
                    language=f"{self.language(n)}-{n % 2}",
                    label=self.language(n),
                )
                for n in range(self.tracks)
            ),
            batch_size=2000,
        )

    def _named(self, draw: random.Random) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
        for slug, each in FIXED["titles"].items():
            yield slug, {tag: {"name": name} for tag, name in each.items()}
        for number in range(self.titles - len(FIXED["titles"])):
            tags = ["en", draw.choice([*SPOKEN])]
            yield (
                f"film-{number}",
                {
                    tag: {
                        "name": self.tongues[tag]
                        .gap.join(self.tongues[tag].some(draw, draw.randint(1, 5)))
                        .title()
                    }
                    for tag in tags
                },
            )

    def _lines(self) -> Counter[str]:
        """Cues and passages; returns in how many passages each word stands."""
        words: Counter[str] = Counter()
        tables = _Tables()
        for track in range(self.tracks):
            cues, passages = [], []
            language = self.language(track)
            for n, text in enumerate(self.said(track)):
                key = track * LINES_OF_A_TRACK + n + 1
                cues.append((key, n * 4000, n * 4000 + 3000, text, "", track + 1))
                terms = list(dict.fromkeys(line_terms(text)))
                words.update(terms)
                passages.append(
                    (key, track + 1, f"{language}-{track % 2}", len(text), " ".join(terms))
                )
            tables.put(cues, passages)
            if track % 200 == 199:
                print(f"  {track + 1} of {self.tracks} tracks", flush=True)
        tables.done()
        return words


class _Tables:
    """Cues and passages put by the driver alone, without triggers and full-text indexes."""

    CUES = '"subtitles_cue" (id, start_ms, end_ms, text, settings, track_id)'
    PASSAGES = '"search_passage" (id, scope, language, size, terms)'

    def __init__(self) -> None:
        self.driver = _driver()
        if connection.vendor == "sqlite":
            self.driver.execute("DROP TRIGGER search_passage_fts_insert")
        else:
            self.driver.execute("DROP INDEX search_passage_terms")

    def put(self, cues: list[tuple[Any, ...]], passages: list[tuple[Any, ...]]) -> None:
        """Put the rows of one track."""
        if connection.vendor == "sqlite":
            for table, rows in ((self.CUES, cues), (self.PASSAGES, passages)):
                places = ",".join("?" * len(rows[0]))
                self.driver.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
            return
        prepare = Passage._meta.get_field("terms").get_db_prep_value
        passages = [(*row[:-1], prepare(row[-1], connection)) for row in passages]
        with self.driver.cursor() as cursor:
            for table, rows in ((self.CUES, cues), (self.PASSAGES, passages)):
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

    def done(self) -> None:
        """Write it down."""
        self.driver.commit()
        self.driver.close()


def _driver() -> Any:
    """A connection of the engine's own driver to the same database."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        import sqlite3  # noqa: PLC0415

        driver = sqlite3.connect(connection.settings_dict["NAME"])
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("PRAGMA cache_size=-200000")
        return driver
    import psycopg  # noqa: PLC0415

    driver = psycopg.connect(connection.connection.info.dsn)
    driver.execute("SET maintenance_work_mem = '1GB'")
    return driver


def _labelled(model: Any, slug: str, name: str) -> Any:
    return model._default_manager.create(slug=slug, texts={"en": {"name": name.title()}})


def _index_titles() -> None:
    for kind, put in shelves.rebuild():
        print(f"  {put} of kind {kind}", flush=True)
        if kind == "tag":
            return


def _words(words: Counter[str]) -> None:
    rows = (
        Word(
            shelf=vocabulary.SAID,
            word=w,
            count=n,
            terms=" ".join(vocabulary._keys(vocabulary.SAID, w)),
        )
        for w, n in sorted(words.items())
        if len(w) >= vocabulary.SHORTEST and not unspaced(w)
    )
    while part := list(islice(rows, 20_000)):
        Word.objects.bulk_create(part, batch_size=5000)


def _settle() -> None:
    driver = _driver()
    if connection.vendor == "sqlite":
        driver.execute("INSERT INTO search_passage_fts(search_passage_fts) VALUES ('rebuild')")
        driver.execute(
            "CREATE TRIGGER search_passage_fts_insert AFTER INSERT ON search_passage BEGIN"
            " INSERT INTO search_passage_fts(rowid, terms) VALUES (new.id, new.terms); END"
        )
    else:
        driver.execute("CREATE INDEX search_passage_terms ON search_passage USING gin (terms)")
        cues = "pg_get_serial_sequence('subtitles_cue', 'id'), max(id)) FROM subtitles_cue"
        driver.execute(f"SELECT setval({cues}")
        tracks = "pg_get_serial_sequence('subtitles_track', 'id'), max(id)) FROM subtitles_track"
        driver.execute(f"SELECT setval({tracks}")
    driver.commit()
    if connection.vendor == "postgresql":
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE")
    driver.close()


def _timed(name: str, started: float, work: Any) -> Any:
    spent = time.process_time()
    done = work()
    spent, passed = time.process_time() - spent, time.perf_counter() - started
    print(f"{name}: {spent:.0f} s of CPU, {passed:.0f} s since the start", flush=True)
    return done


def agrees(corpus: Corpus, tracks: Iterable[int]) -> bool:
    """Whether the service puts the same passages for these tracks as are there."""
    scopes = [track + 1 for track in tracks]
    rows = Passage.objects.filter(scope__in=scopes).order_by("id").values_list()
    before = list(rows)
    shelves.changed(*Track.objects.filter(pk__in=scopes))
    return before == list(rows) and bool(before)
