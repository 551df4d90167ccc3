"""What the gate costs, as ratios of one run: a query, and scans and aggregates of a million rows.

    python bench/gate.py [sqlite|postgresql] [ROWS]

Both sides run the same statements over the same rows; Django's own engine exists only here. The
hand-written join is what one would write without a gate: rows joined with their standings. SQLite
is measured twice, before ANALYZE and after it: its planner joins in another order then.
PostgreSQL is reached through GATE_PG_HOST (the folder of its socket) and GATE_PG_USER.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
ENGINE = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
PEOPLE = 50_000
QUERY_GOAL, BULK_GOAL = 1.06, 1.1
HAND = (
    "SELECT {} FROM cinema_viewing v JOIN privacy_standing s ON s.subject = v.member_id"
    " WHERE (s.permitted & {}) <> 0 AND (s.valid_until IS NULL OR s.valid_until > {})"
)


def databases(folder: str) -> dict[str, object]:
    """The same database twice: behind the gate, and on Django's own engine."""
    common: dict[str, object] = {"NAME": f"{folder}/bench.sqlite3"}
    engine = "sqlite3"
    if ENGINE == "postgresql":
        engine = ENGINE
        common = {
            "NAME": "gate_bench",
            "USER": os.environ.get("GATE_PG_USER", "postgres"),
            "HOST": os.environ.get("GATE_PG_HOST", "/tmp/gate-pg"),
        }
    return {
        "default": {"ENGINE": f"plainview.privacy.gate.{engine}", **common},
        "stock": {"ENGINE": f"django.db.backends.{engine}", **common},
        "server": {"ENGINE": f"django.db.backends.{engine}", **common, "NAME": "postgres"},
    }


def configure(folder: str) -> None:
    """The cinema of the gate's tests, on a real file or server."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    settings.configure(
        DATABASES=databases(folder),
        INSTALLED_APPS=["plainview.privacy.apps.Privacy", "tests.gate.cinema.apps.Cinema"],
        MIGRATION_MODULES={"privacy": None, "cinema": None},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY="bench",  # noqa: S106
    )
    django.setup()


def pairs(left: Callable[[], object], right: Callable[[], object], rounds: int) -> float:
    """The median of left's time over right's, taken in turns so that noise meets both.

    SQLite works within the process, whose own time other processes do not disturb.
    """
    clock = time.process_time if ENGINE == "sqlite" else time.perf_counter
    ratios = []
    left()
    right()
    gc.disable()
    for number in range(rounds):
        spent = {}
        for function in (left, right) if number % 2 else (right, left):
            begun = clock()
            function()
            spent[function] = clock() - begun
        ratios.append(spent[left] / spent[right])
        gc.collect()
    gc.enable()
    return statistics.median(ratios)


def fill() -> None:
    """Half of the people permit; each row is about one of them."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, connections  # noqa: PLC0415

    from plainview.privacy.gate import duties  # noqa: PLC0415
    from plainview.privacy.gate.duties import duty  # noqa: PLC0415

    if ENGINE == "postgresql":
        with connections["server"].cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS gate_bench")
            cursor.execute("CREATE DATABASE gate_bench")
        connections["server"].close()
    call_command("migrate", run_syncdb=True, verbosity=0)
    series = {
        "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {})"
        " SELECT n FROM s)",
        "postgresql": "generate_series(1, {}) s(n)",
    }[ENGINE]
    people, rows = series.format(PEOPLE), series.format(ROWS)
    facts = {"sqlite": "hex(zeroblob(200))", "postgresql": "repeat('0', 400)"}[ENGINE]
    duties.DUTIES |= {"fixture"}
    with duty("fixture"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO cinema_film (id, title, minutes, note) VALUES (1, 'x', 9, '')")
        cursor.execute(
            "INSERT INTO cinema_member (id, email, name, state, settings, theme)"
            f" SELECT n, '', '', '', '{{}}', '' FROM {people}"
        )
        cursor.execute(
            "INSERT INTO privacy_standing (subject, permitted, facts, device, policy, epoch)"
            f" SELECT n, CASE WHEN n % 2 = 0 THEN 255 ELSE 1 END, {facts}, false, '', 0"
            f" FROM {people}"
        )
        cursor.execute(
            "INSERT INTO cinema_viewing (member_id, film_id, minutes, build)"
            f" SELECT 1 + (n * 7919::bigint) % {PEOPLE}, 1, n % 100, '' FROM {rows}".replace(
                "::bigint", "::bigint" if ENGINE == "postgresql" else ""
            )
        )
        if ENGINE == "postgresql":  # it looks at its tables by itself, a minute later
            cursor.execute("ANALYZE")


def analyse() -> None:
    """Let SQLite look at its tables; new connections plan by what it found."""
    from django.db import connection, connections  # noqa: PLC0415

    from plainview.privacy.gate import duties  # noqa: PLC0415
    from plainview.privacy.gate.duties import duty  # noqa: PLC0415

    duties.DUTIES |= {"fixture"}
    with duty("fixture"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()


def bulk() -> dict[str, float]:
    """The gate's filtered scan and aggregates against the hand-written join."""
    from django.db import connections  # noqa: PLC0415
    from django.db.models import Count, Sum  # noqa: PLC0415
    from tests.gate.cinema.models import Viewing  # noqa: PLC0415
    from tests.gate.policy import CINEMA  # noqa: PLC0415

    from plainview.privacy.gate.scope import Door, Opened  # noqa: PLC0415

    bit, now = 1 << CINEMA.bit("recommend"), int(time.time())

    def hand(columns: str, tail: str = "") -> list[tuple[object, ...]]:
        with connections["stock"].cursor() as cursor:
            cursor.execute(HAND.format(columns, bit, now) + tail)
            return cursor.fetchall()

    def scan() -> int:
        rows = Viewing.objects.values_list("member_id", "minutes").iterator(chunk_size=5000)
        return sum(1 for _ in rows)

    def hand_scan() -> int:
        query = Viewing.objects.using("stock").extra(
            tables=["privacy_standing"],
            where=[
                "privacy_standing.subject = cinema_viewing.member_id",
                f"(privacy_standing.permitted & {bit}) <> 0",
                f"(privacy_standing.valid_until IS NULL OR privacy_standing.valid_until > {now})",
            ],
        )
        return sum(1 for _ in query.values_list("member_id", "minutes").iterator(chunk_size=5000))

    def total() -> dict[str, int]:
        return Viewing.objects.aggregate(n=Count("*"), s=Sum("minutes"))

    def grouped() -> list[dict[str, int]]:
        return list(Viewing.objects.values("minutes").annotate(n=Count("*")))

    with Opened(Door("bench", "recommend", everyone="a measurement")):
        assert scan() == hand_scan() > ROWS / 3
        assert tuple(total().values()) == hand("COUNT(*), SUM(v.minutes)")[0]
        return {
            "filtered aggregate / hand-written join": pairs(
                total, lambda: hand("COUNT(*), SUM(v.minutes)"), 9
            ),
            "filtered grouping / hand-written join": pairs(
                grouped, lambda: hand("v.minutes, COUNT(*)", " GROUP BY v.minutes"), 9
            ),
            "filtered scan / hand-written join": pairs(scan, hand_scan, 7),
        }


def single() -> dict[str, float]:
    """One ordinary query, many times: behind both walls, and on Django's own engine."""
    from django.db import connections  # noqa: PLC0415
    from tests.gate.cinema.models import Film, Viewing  # noqa: PLC0415

    from plainview.privacy.gate.scope import Door, Opened  # noqa: PLC0415

    queries: dict[str, Callable[[str, int], object]] = {
        "one row, joined": lambda alias, n: (
            Viewing.objects.using(alias).select_related("film").get(pk=n + 1)
        ),
        "a list": lambda alias, n: list(Viewing.objects.using(alias).filter(member=n)[:20]),
        "about nobody": lambda alias, n: Film.objects.using(alias).get(pk=1),
        "a count": lambda alias, n: Viewing.objects.using(alias).filter(member=n).count(),
    }

    def many(query: Callable[[str, int], object], alias: str) -> Callable[[], object]:
        def pages() -> None:
            for page in range(20):  # ten queries behind each door, as a page has
                with Opened(Door("bench", "playback", everyone="a measurement")):
                    for number in range(page, page + 10):
                        query(alias, number)

        return pages

    def ratio(query: Callable[[str, int], object]) -> float:
        """Over connections opened anew: where their memory lies makes a percent or two."""
        ratios = []
        for _ in range(5):
            connections["default"].close()
            connections["stock"].close()
            ratios.append(pairs(many(query, "default"), many(query, "stock"), 21))
        return statistics.median(ratios)

    return {f"query ({name}) / stock engine": ratio(query) for name, query in queries.items()}


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        configure(folder)
        fill()
        result = {"engine": ENGINE, "rows": ROWS, **single(), **bulk()}
        if ENGINE == "sqlite":
            analyse()
            result |= {f"{name}, analysed": ratio for name, ratio in bulk().items()}
        rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in result.items()}
        print(json.dumps(rounded, indent=1))
    missed = [
        name
        for name, value in result.items()
        if isinstance(value, float)
        and value > (QUERY_GOAL if name.startswith("query") else BULK_GOAL)
    ]
    if missed:
        sys.exit(f"over the goal: {', '.join(missed)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    from plainview.platform.frames import roomy

    roomy(main)()  # as the site's requests are
