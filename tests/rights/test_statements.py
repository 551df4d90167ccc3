"""Statements of what is held and of what was disclosed, sold or shared, against the rows."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone
from tests.rights.conftest import arrive, enter

from plainview.privacy.consent.questions import say
from plainview.privacy.models import Disclosure
from plainview.privacy.policies import in_force
from plainview.privacy.rights import queries, statements

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STATEMENT = "/privacy/statement/"
NOW = timezone.now()


def left(subject: int, recipient: str, purpose: str, days: int = 1, **more: Any) -> Disclosure:
    """A row of the ledger: something went to a recipient so many days ago."""
    at = NOW - dt.timedelta(days=days)
    categories = " ".join(in_force().recipients[recipient].receives[purpose])
    values = {"state": Disclosure.State.SENT, "categories": categories, "basis": "consent",
              "country": "US", "queued_at": at, "sent_at": at, **more}  # fmt: skip
    return Disclosure.objects.create(
        subject=subject, recipient=recipient, purpose=purpose, **values
    )


def told(client: Any, query: str = "") -> dict[str, Any]:
    return client.get(f"{STATEMENT}?as=json{query}").json()


def test_p5_2_1_1a_whoever_has_a_few_kinds_is_told_of_just_those(db):
    """P5.2.1.1a: from the rows actually held; a device has few."""
    client, number = arrive()
    answer = client.get("/privacy/device/statement/?as=json").json()
    assert set(answer["held"]) == set(queries.held(number))
    assert set(answer["held"]) == {
        "device.id",
        "consent.choices",
        "consent.proof",
        "consent.signals",
    }
    for id_, kind in answer["held"].items():
        assert list(kind["sources"]) == list(in_force().categories[id_].sources)
        assert {each["id"] for each in kind["purposes"]} == set(in_force().purposes_of(id_))


def test_p5_2_2_1a_what_was_sold_or_shared_is_told_apart_and_totals_are_those_of_the_ledger(
    ines, tom
):
    """P5.2.2.1a: by kind, with kinds of third parties and why; each ledger row counts once."""
    left(ines.pk, "harrowgate", "service-messages")
    left(ines.pk, "harrowgate", "service-messages", 30)
    left(ines.pk, "kestrel", "targeted-ads", 3)
    left(ines.pk, "copperline", "billing", 100)
    left(ines.pk, "kestrel", "targeted-ads", 700)
    left(ines.pk, "kestrel", "ad-measurement", 2, state="stopped", sent_at=None)
    left(tom.pk, "northgate", "audience-uploads")
    client = enter(ines)
    found = told(client)
    assert found["times"] == 4
    sold = found["sold_or_shared"]
    assert {part["category"] for part in sold} == set(
        in_force().recipients["kestrel"].receives["targeted-ads"]
    )
    assert {(part["role"], part["times"]) for part in sold} == {("advertiser", 1)}
    disclosed = {(p["category"], p["role"]): p["times"] for p in found["disclosed"]}
    assert disclosed["contact.email", "works for us, on our instruction"] == 2
    assert disclosed["payment.history", "on its own account"] == 1
    whole = told(client, "&since=all")
    assert whole["times"] == 5
    assert {part["times"] for part in whole["sold_or_shared"]} == {2}
    page = client.get(STATEMENT).content.decode()
    assert "Kestrel Advertising" in page
    assert "Northgate" not in page
    assert all(name not in page for name in ("kestrel-ads", str(tom.pk)))


@pytest.mark.parametrize(
    "tongue, head",
    [("en", "Times"), ("es", "Veces"), ("fr", "Fois"), ("pt-BR", "Vezes"), ("ja", "回数"),
     ("ko", "횟수"), ("zh-Hant", "次數"), ("ar", "عدد المرات")],
)  # fmt: skip
def test_p5_2_2_1a_how_often_something_left_is_not_told_as_hours_of_the_day(ines, tongue, head):
    """P5.2.2.1a: the column counts; it once had the word by which the studio times subtitles."""
    left(ines.pk, "harrowgate", "service-messages")
    page = enter(ines).get(f"{STATEMENT}?lang={tongue}").content.decode()
    assert f'<th scope="col">{head}</th>' in page


def test_p5_2_2_3a_what_went_to_others_for_their_marketing_is_that_of_the_last_year(ines):
    """P5.2.2.3a, Cal. Civ. Code 1798.83: by name, of the calendar year before this one."""
    year = timezone.localdate().year - 1
    days = (timezone.localdate() - dt.date(year, 6, 1)).days
    left(ines.pk, "harbour-books", "marketing-partners", days)
    left(ines.pk, "harbour-books", "marketing-partners", days + 366)
    left(ines.pk, "harrowgate", "marketing-email", days)
    found = told(enter(ines))
    assert found["marketing_year"] == year
    (part,) = found["marketing"]
    assert (part["category"], part["recipients"], part["times"]) == (
        "contact.email", ["Harbour Books"], 1
    )  # fmt: skip


def test_p5_2_2_3a_whoever_only_brings_our_news_markets_nothing_of_their_own_by_it(ines):
    """P5.2.2.3a: a push service carries what it can't read; no third party marketed with that."""
    days = (timezone.localdate() - dt.date(timezone.localdate().year - 1, 6, 1)).days
    left(ines.pk, "mozilla-push", "marketing-push", days)
    left(ines.pk, "posthorn", "marketing-push", days)
    assert told(enter(ines))["marketing"] == []


def test_who_had_nothing_disclosed_reads_so(ines):
    page = enter(ines).get(STATEMENT).content.decode()
    assert page.count("Nothing, by our records.") == 3


def test_p5_2_2_1a_each_line_counts_its_ledger_rows_and_no_other(ines):
    """P5.2.2.1a: whatever went to whom, counted apart from us by the rows themselves."""
    chosen, wanted = random.Random(7), Counter()
    flows = [(r.id, p) for r in in_force().recipients.values() for p in r.receives]
    since = statements._year_before(timezone.localdate())
    rows = 0
    for _ in range(60):
        recipient, purpose = chosen.choice(flows)
        days = chosen.choice([1, 40, 300, 380, 900])
        state = chosen.choice(["sent", "sent", "browser", "stopped", "queued", "kept"])
        row = left(ines.pk, recipient, purpose, days, state=state)
        recent = timezone.localdate(row.sent_at) >= since
        if state in ("sent", "browser") and recent and row.categories:
            rows += 1
            role = say(f"notice.roles.{in_force().recipients[recipient].role}")
            wanted.update((each, role) for each in row.categories.split())
    client = enter(ines)
    found = told(client)
    counted = Counter()
    for part in found["disclosed"] + found["sold_or_shared"]:
        counted[part["category"], part["role"]] += part["times"]
    assert counted == wanted
    assert found["times"] == rows
    page = client.get(STATEMENT).content.decode()
    assert f"counted in these two tables: {rows}." in page
