"""Requests for rights: filing one, against the same rows bare; the officer's queue at 10 000 open.

    python tools/bench.py casework           (BENCH_REQUESTS=10000; --sqlite, --postgresql)

A request is filed by the service, with its timeline and its letter's number, and weighed against a
transaction that writes the same rows by the driver. The queue's pages are asked for as a browser
does, second factor included: the first, one by filter, and one far down. Last, filing and searching
by the address of somebody without an account, whom nothing but an index finds among all.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from second_factor import SECRET, code_of

from plainview.domains.accounts.models import Role, User
from plainview.platform.identifiers import new_id
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.requests import numbers, services
from plainview.privacy.requests.models import Channel, Event, Request
from plainview.privacy.requests.services import Asked

duties.DUTIES |= {"fixture"}
OPEN = int(os.environ.get("BENCH_REQUESTS", "10000"))
FILED, PAGES = 200, 100
QUEUE = "/desk/privacy/requests/"
PLACES = ("DE", "FR", "US-CA", "GB", "KR", "BR", "JP", "US-TX")
KINDS = ("access", "delete", "correct", "know-confirm", "complaint")


def asked(number: int) -> Asked:
    """A request by letter, so that no mail is part of what is measured."""
    return Asked(
        kind=KINDS[number % len(KINDS)],
        channel=Channel.LETTER,
        language="en",
        words="What do you hold about me? " * 4,
        contact=f"{number} Quay Road, Cork",
        place=PLACES[number % len(PLACES)],
    )


def copied(model: type[Request] | type[Event], row: Request | Event) -> Callable[[int, int], None]:
    """Writes the row once more by the driver, with numbers of its own."""
    fields = list(model._meta.concrete_fields)
    columns = ", ".join(f'"{each.column}"' for each in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
    values = {
        each.column: each.get_db_prep_save(getattr(row, each.attname), connection)
        for each in fields
    }

    def write(key: int, request: int) -> None:
        own = {"id": key} | ({"request_id": request} if model is Event else {})
        if model is Request:
            own |= {"number": numbers.new_number(), "subject": new_id()}
        with connection.cursor() as cursor:
            cursor.execute(statement, list((values | own).values()))

    return write


def filing() -> None:
    """The service against the bare rows, in turns."""
    first = services.file(asked(0))
    with duty("fixture"):
        write = copied(Request, Request.objects.get(pk=first.pk))
        rows = [copied(Event, each) for each in Event.objects.filter(request=first)]
    ours: list[float] = []
    bare: list[float] = []
    for number in range(FILED):
        start = time.perf_counter()
        services.file(asked(number))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        with duty("fixture"), transaction.atomic():
            key = new_id()
            write(key, key)
            for each in rows:
                each(new_id(), key)
        bare.append(time.perf_counter() - start)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    print(f"filing: p50 {1000 * mine:.2f} ms, {FILED / sum(ours):.0f} a second", flush=True)
    print(f"the same {1 + len(rows)} rows bare: p50 {1000 * theirs:.2f} ms, {FILED / sum(bare):.0f}"
          f" a second; ratio {mine / theirs:.1f}", flush=True)  # fmt: skip


def by_address(client: Client) -> None:
    """Those who have no account are known by their address: at filing, and when one is searched."""
    filed, found = [], []
    for number in range(PAGES):
        start = time.perf_counter()
        services.file(asked(number)._replace(contact=f"new{number}@bench.example"))
        filed.append(time.perf_counter() - start)
        start = time.perf_counter()
        answer = client.post(f"{QUEUE}find/", {"what": f"{number % OPEN}@Bench.example"})
        found.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"searching by address: {answer.status_code}")
    for name, taken in (("filing with an address and its letter", filed),
                        ("searching by an address", found)):  # fmt: skip
        cuts = statistics.quantiles(taken, n=100)
        print(f"{name}: p50 {1000 * statistics.median(taken):.1f} ms,"
              f" p95 {1000 * cuts[94]:.1f} ms", flush=True)  # fmt: skip


def fill() -> None:
    """So many open requests, due over the next two months; copies of one that was filed."""
    today = timezone.localdate()
    sample = services.file(asked(1))
    with duty("fixture"), transaction.atomic():
        one = Request.objects.get(pk=sample.pk)
        officer = User.objects.filter(roles__contains=Role.OFFICER.value).values_list(
            "pk", flat=True
        )[0]
        made = []
        for number in range(OPEN):
            made.append(
                Request(
                    **{
                        each.attname: getattr(one, each.attname)
                        for each in Request._meta.concrete_fields
                        if each.attname not in ("id", "number", "subject")
                    },
                    number=numbers.new_number(),
                    subject=new_id(),
                )
            )
            made[-1].next_on = made[-1].due_on = today + dt.timedelta(days=number % 60)
            made[-1].place = PLACES[number % len(PLACES)]
            made[-1].kind = KINDS[number % len(KINDS)]
            made[-1].contact = f"{number}@bench.example"
            made[-1].officer = officer if number % 3 == 0 else None
            made[-1].escalated_at = timezone.now() if number % 60 < 7 else None
        Request.objects.bulk_create(made, batch_size=500)
    if connection.vendor == "postgresql":  # no service looks at SQLite's tables
        with duty("migrate"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def signed_in(roles: str = Role.OFFICER.value) -> Client:
    """A browser of the staff, the second factor given."""
    client = Client(SERVER_NAME="localhost")
    with duty("fixture"):
        user = User.objects.create_user(f"{new_id()}@bench.example", roles=roles)
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, SECRET)
        client.force_login(user)
    client.post("/accounts/security/reauthenticate/", {"code": code_of(SECRET)})
    return client


def queue(client: Client) -> None:
    """The pages of the queue, each many times."""
    far = QUEUE
    for _ in range(60):
        text = client.get(far).content.decode()
        onward = text.partition('href="?after=')[2].partition('"')[0]
        if not onward:
            break
        far = f"{QUEUE}?after={onward}"
    kinds = {
        "first page": QUEUE,
        "far down": far,
        "by place": f"{QUEUE}?place=DE",
        "mine": f"{QUEUE}?whose=mine",
    }
    for name, address in kinds.items():
        taken = []
        for _ in range(PAGES):
            start = time.perf_counter()
            answer = client.get(address)
            taken.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        cuts = statistics.quantiles(taken, n=100)
        print(f"queue, {name}: p50 {1000 * statistics.median(taken):.0f} ms,"
              f" p95 {1000 * cuts[94]:.0f} ms (goal 150)", flush=True)  # fmt: skip


def main() -> None:
    """Fill, then measure all of it in one run."""
    print(f"{connection.vendor}, {OPEN} open requests", flush=True)
    client = signed_in()
    fill()
    filing()
    queue(client)
    by_address(client)


if __name__ == "__main__":
    main()
