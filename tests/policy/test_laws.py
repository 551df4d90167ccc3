"""Laws inherit: every fact has its place, every day its law, and a new law is one file."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from tests.policy.conftest import FOLDER, POLICY
from tests.policy.people import person

from plainview.engine import Calendar, Policy, Standing, dates, decide, fold, load
from plainview.engine.clocks import terms

FACTS = list(csv.DictReader(Path(__file__).with_name("facts.csv").open(encoding="utf-8")))
DAY = dt.date(2026, 11, 26)
HOME = Calendar("Europe/Dublin", "IE")
# Codes that name no place: what the policy's model says of itself, and facts about a company group.
NOWHERE = {"REFERENCE", "group fact", "unknown"}


def places(code: str) -> list[str]:
    """The ids of the jurisdictions that a code of the tables means."""
    found = []
    for one in code.split(","):
        if one in ("all", "ROW"):
            found.append("row")
        elif one == "EU":
            found.append("eu")
        elif one in ("US-VA..", "US-*"):
            found += [id_ for id_ in POLICY.jurisdictions if id_.startswith("us-")]
        elif one in ("CA", "CA-*"):
            found.append("ca-other")
        elif one == "US":
            found.append("us-other")
        else:
            found.append(POLICY.jurisdiction(one.removeprefix("EU-")).id)
    return found


@pytest.mark.parametrize("table", sorted({row["table"] for row in FACTS}))
def test_every_table_of_facts_joins_the_files_on_the_code(table):
    rows = [row for row in FACTS if row["table"] == table and row["code"] not in NOWHERE]
    assert rows
    for row in rows:
        for id_ in places(row["code"]):
            assert id_ != "unknown", row
            assert holds(table, row, POLICY.on(dt.date(2028, 6, 1)).jurisdictions[id_]), (row, id_)


def holds(table: str, row: dict[str, str], law) -> bool:
    item, value = row["item"], row["value"]
    if table == "rights" and item == "from":
        return str(law.from_) == value
    if table == "rights":
        there = law.rights.get(item)
        return (there.by if there else "no") == value or (value == "no" and there.by == "choice")
    if table == "answers":
        return value in terms(law, item, "answer") or item == "shine-the-light"
    if table == "authorities":
        own = {each.url for each in law.authority}
        return value in own or row["code"] in ("CA", "US", "EU") or not own
    if table == "ages" and item == "majority":
        code = row["code"]
        return POLICY.age_of_majority(None if code == "ROW" else code) >= int(value)
    if table == "ages":
        return law.ages.consent >= int(value)
    if table == "signals":
        since = str(law.signals.from_ or "")
        return law.signals.required == (item == "yes") and (
            not law.signals.required or since <= (value or since)
        )
    if table == "regimes":
        return law.kinds[item] == value
    return law.strictest_of != () or (law.consent is not None and law.transfers is not None)


def test_a_law_of_a_country_is_short():
    """A lawyer reads a state on one page."""
    for path in sorted((FOLDER / "jurisdictions").glob("us-??.toml")):
        if path.stem != "us-ca":
            assert len(path.read_text().splitlines()) <= 90, path


MADE_UP = """
parent = "us-other"
name = "Ruritania"
places = ["US-RU"]
zone = "America/New_York"
law = "Ruritania Privacy Act"
from = 2027-01-01
provenance = "sourced"
source = "statute book"
as_of = 2026-11-01
review_by = 2027-11-01

[clocks]
answer = "20 days"
extend = "none"
appeal = "60 days"

[[gives]]
article = "Rur. Code 12-3"
rights = ["access", "delete"]

[[authority]]
name = "The Chancellor"
url = "https://chancellor.example"
"""


@pytest.fixture
def ruritania(copy: Path) -> Policy:
    (copy / "jurisdictions" / "us-ru.toml").write_text(MADE_UP)
    return load(copy)


def test_a_made_up_state_is_one_file(ruritania):
    """Decision, name, clock and authority follow from it, and the strictest takes it in."""
    asked = Standing.newcomer(presence="US-RU", choices={"targeted-ads": "denied"})
    assert decide(ruritania, Standing.newcomer(presence="US-RU"), "targeted-ads")
    assert not decide(ruritania, asked, "targeted-ads")
    assert ruritania.text("jurisdictions.us-ru", "ko") == "Ruritania"
    assert ruritania.text("local.optout.us-ru", "ko") == ruritania.text(
        "local.optout.us-other", "ko"
    )
    assert ruritania.jurisdiction("US-RU").authority[0].name == "The Chancellor"
    assert "us-ru" in {law.id for law in ruritania.laws("US", None)}
    assert "us-ru" in {law.id for law in ruritania.laws(None, None)}


def test_the_rule_of_the_day_decides(ruritania):
    """Before its day a law is as its parent; from that day on it counts, and its rights are law."""
    found = {}
    for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1)):
        law = ruritania.on(day).jurisdiction("US-RU")
        moment = dt.datetime(day.year, day.month, day.day, 18, tzinfo=dt.UTC)
        due = dates([law], "access", moment, controller=HOME).due
        found[day.year] = ((due - day).days, law.by_law("access", day), law.by_law("correct", day))
    assert found == {2026: (45, False, False), 2027: (20, True, False)}


def test_an_amendment_holds_from_its_day_until_its_last(copy):
    amendment = "from = 2028-01-01\nuntil = 2028-06-30\nkinds = { marketing = 'consent' }\n"
    text = f"{MADE_UP}\n[[amendment]]\n{amendment}"
    (copy / "jurisdictions" / "us-ru.toml").write_text(text)
    policy = load(copy)
    someone = Standing.newcomer(presence="US-RU")

    def mail(day: dt.date) -> bool:
        at = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC).timestamp()
        return bool(decide(policy, someone, "marketing-email", at=at))

    assert [mail(dt.date(2027, 12, 31)), mail(dt.date(2028, 1, 1))] == [True, False]
    assert [mail(dt.date(2028, 6, 30)), mail(dt.date(2028, 7, 1))] == [False, True]
    assert policy.on(dt.date(2028, 1, 1)).fingerprint != policy.fingerprint
    assert policy.on(dt.date(2028, 7, 1)).fingerprint == policy.fingerprint


def test_a_law_followed_early_says_when_it_begins():
    law = POLICY.jurisdiction("IN")
    assert law.kinds["personalise"] == "consent" and not law.in_force(DAY)
    assert law.in_force(dt.date(2027, 5, 13))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('parent = "rwo"', "unknown parent `rwo`"),
        ('parent = "us-ru"', "it inherits from itself"),
    ],
)
def test_a_wrong_parent_is_named_with_its_line_and_remedy(copy, problems, lines, says):
    text = MADE_UP.replace('parent = "us-other"', lines)
    (copy / "jurisdictions" / "us-ru.toml").write_text(text)
    found = [each for each in problems() if says in each.problem]
    assert [(each.file, each.line, each.key) for each in found] == [
        ("jurisdictions/us-ru.toml", 2, "parent")
    ]
    assert found[0].remedy


def test_what_is_in_doubt_stands_beside_the_stricter():
    texas = POLICY.jurisdiction("US-TX")
    assert terms(texas, "appeal", "answer") == ("60 days", "45 days")
    assert terms(POLICY.jurisdiction("US-VA"), "appeal", "answer") == ("60 days",)
    assert POLICY.jurisdiction("LI").ages.consent == 16, "of 14 and 16 the higher"


def test_rights_by_choice_are_nobodys_law_and_have_no_article():
    for law in POLICY.jurisdictions.values():
        for there in law.rights.values():
            assert there.by == "law" or not there.article
        if not law.strictest_of:
            assert {"access", "delete", "object", "appeal"} <= law.rights.keys()


def test_p3_1b_for_every_pair_of_laws_both_must_permit():
    """Of every presence and residence the result is never more permissive than either alone."""
    purposes = list(POLICY.purposes)
    ids = list(POLICY.jurisdictions)
    for choice, signals in (("unset", frozenset()), ("granted", frozenset({"gpc"}))):
        alone = {
            id_: person(purposes, id_, choice, "none", "uncertified", signals, False, False)
            for id_ in ids
        }
        folded = {id_: fold(POLICY, standing) for id_, standing in alone.items()}
        for one in ids:
            for two in ids:
                both = Standing.newcomer(
                    presence=one, residence=two, choices=alone[one].choices, signals=signals
                )
                assert fold(POLICY, both) == folded[one] & folded[two], (one, two)


def test_jurisdictions_with_the_same_rules_share_them():
    assert POLICY.books["eu-de"] is POLICY.books["eu-nl"] is POLICY.books["eu"]
    assert POLICY.books["eu-fr"].allows is POLICY.books["eu"].allows  # asks again by its own time
    assert POLICY.books["us-tx"].allows is POLICY.books["us-va"].allows
    assert len({id(book.allows) for book in POLICY.books.values()}) < 8
    assert POLICY.joint("DE", "US-TX").merged is POLICY.joint("FR", "US-VA").merged
