"""What a publication does to a million people, against bare statements that decide nothing.

They are counted, whom it touches begins to wait for an answer, and all are folded anew. The people
answered differently in every jurisdiction and at different moments, so that no two yeses lapse
together; for one in twenty something changes, a third is asked. The bare statements are of Django's
own ORM: an UPDATE of as many rows, writing as much, in one statement. On SQLite seconds are of the
processor, since all of it happens in this process; on PostgreSQL they are of the clock.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Concat

from plainview.engine import Difference, Policy, differences, load
from plainview.engine import Standing as Facts
from plainview.privacy import permissions
from plainview.privacy.changes.touching import touched
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.versions import people as counting

PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
BATCH = 20_000
clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
LAX = ('personalise = "consent"', 'personalise = "legitimate-interest"')
duties.DUTIES |= {"fixture"}


def people() -> int:
    """Write the standings; return how many differ in more than the moment."""
    policy = in_force()
    answers = [{}, *(dict.fromkeys(policy.asks("DE"), said) for said in ("granted", "denied"))]
    answers += [{"recommend": "granted"}, {"history": "denied"}, {"targeted-ads": "denied"}]
    signals = (frozenset(), frozenset({"gpc"}))
    laws = dict.fromkeys(map(policy.law_of, policy.jurisdictions))
    kinds = [
        Facts.newcomer(presence=law, choices=said, signals=heard, age="certified-adult")
        for law, said, heard in itertools.product(laws, answers, signals)
    ]
    stored = [kind.to_json().decode().removesuffix("}") for kind in kinds]
    permitted = [permissions.integer(kind, device=False) for kind in kinds]
    soon = int(time.time()) + 10**7
    for start in range(0, PEOPLE, BATCH):
        Standing.objects.bulk_create(
            Standing(
                subject=n,
                permitted=0 if n % 20 == 0 else permitted[n % len(kinds)],
                valid_until=soon + n,
                facts=f'{stored[n % len(kinds)]},"valid_until":{soon + n}.0}}',
                policy="an earlier one",
            )
            for n in range(start, min(start + BATCH, PEOPLE))
        )
    return len(kinds)


def counts() -> tuple[Policy, tuple[Difference, ...]]:
    """Count whom another law of India changes something for, against one bare GROUP BY."""
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(settings.POLICY_DIR, Path(place) / "policy")
        law = folder / "jurisdictions" / "in.toml"
        law.write_text(law.read_text().replace(*LAX))
        new = load(folder)
    start = clock()
    found = differences(in_force(), new)
    telling = clock() - start
    start = clock()
    counted = counting.counted(in_force(), new)
    ours = clock() - start
    with duty("fixture"):
        start = clock()
        len(Standing.objects.order_by().values_list("permitted").annotate(Count("subject")))
        bare = clock() - start
    gained = sum(each.gained for each in counted.effects)
    print(f"{len(found)} differences found: {telling:.1f} s")
    print(f"{counted.people} people of {counted.kinds} kinds counted, +{gained}: {ours:.1f} s")
    print(f"one GROUP BY of a number, nothing decided: {bare:.1f} s; ratio {ours / bare:.1f}")
    return new, tuple(found)


def waits(new: Policy, differences: tuple[Difference, ...]) -> None:
    """Let a recipient wait for whoever said yes to what it is for, against a bare UPDATE."""
    name = "recommend/northgate"

    def touches(facts: Facts) -> frozenset[str]:
        asked = frozenset({name} if (facts.choices or {}).get("recommend") == "granted" else ())
        return asked | touched(new, facts, differences)

    start = clock()
    count = sum(permissions.pend(touches))
    ours = clock() - start
    with duty("fixture"):  # it is written to the disk as well; a space more says nothing else
        waiting = Standing.objects.filter(policy="")
        start = clock()
        with transaction.atomic():
            waiting.update(facts=Concat(F("facts"), Value(" " * len(name))), policy="")
        bare = clock() - start
    print(f"something waits for {count}: {ours:.1f} s")
    print(f"one UPDATE of the same rows, nothing decided: {bare:.1f} s; ratio {ours / bare:.1f}")


def main() -> None:
    with duty("fixture"):
        kinds = people()
    waits(*counts())
    start = clock()
    count = permissions.refold()
    ours = clock() - start
    with duty("fixture"):
        start = clock()
        Standing.objects.update(permitted=1, policy="bare")
        bare = clock() - start
    print(f"{count} people of {kinds} kinds folded anew: {ours:.1f} s")
    print(f"one UPDATE of the same columns, nothing decided: {bare:.1f} s; ratio {ours / bare:.1f}")
