"""Two wordings may be compared only where both are equally fair (P2.11a)."""

from __future__ import annotations

import datetime as dt

import pytest

from plainview.engine import load

COMPARISON = """
[comparison.shorter]
wordings = ["today", "plain"]
from = 2026-11-01
until = 2027-01-31
"""


@pytest.fixture
def compared(copy):
    """A policy that compares two wordings, read by a lawyer in each language."""
    return compare(copy)


def compare(folder):
    with (folder / "wordings.toml").open("a") as file:
        file.write(COMPARISON)
    for language in sorted(path.name for path in (folder / "texts").iterdir()):
        texts = folder / "texts" / language
        words = (texts / "choices.toml").read_text()
        parts = [part.partition("]") for part in words.split("\n[")]
        banner = {
            name: body for name, _, body in parts if name in ("banner.optin", "banner.optout")
        }
        lines = [
            f"[plain.{name.partition('.')[2]}]{body.rstrip()}\n" for name, body in banner.items()
        ]
        read = 'reviewed_by = { name = "A. Lawyer", on = 2026-11-20 }\n\n'
        (texts / "wordings.toml").write_text(read + "\n".join(lines))
        (texts / "choices.toml").write_text(read + words)
    return folder


def reworded(folder, language: str, old: str, new: str) -> None:
    path = folder / "texts" / language / "wordings.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_fair_comparison_loads_and_runs_from_its_first_day_to_its_last(compared):
    (comparison,) = load(compared).wordings.comparison.values()
    assert comparison.id == "shorter"
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2027, 1, 31), dt.date(2027, 2, 1)]
    assert [comparison.runs(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("What may we remember?", "Say yes now!", "urges"),
        ("What may we remember?", "ACCEPT what we remember?", "urges"),
        ("What may we remember?", "?", "letters, today"),
        ("What may we remember?", "What may we remember? " * 4, "letters, today"),
        ('title = "What may we remember?"\n', "", "no words for `plain.optin.title`"),
        ("[plain.optin]", '[plain.optin]\naccept = "Yes please"', "declared nowhere"),
        ("[plain.optout]", '[plain.optout]\nreject = "Maybe later"', "declared nowhere"),
    ],
)
def test_an_unfair_wording_is_refused_with_what_is_wrong(compared, problems, old, new, problem):
    reworded(compared, "en", old, new)
    assert any(problem in str(each) for each in problems()), problems()


def test_a_wording_that_no_lawyer_read_as_it_stands_is_refused(compared, problems):
    assert not problems()
    reworded(compared, "ko", 'reviewed_by = { name = "A. Lawyer", on = 2026-11-20 }\n', "")
    found = problems()
    assert [each.file for each in found] == ["wordings.toml"]
    assert "no lawyer has reviewed `wordings` in `ko` as it stands" in str(found[0])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('["today", "plain"]', '["plain"]', "does not name two or more"),
        ('["today", "plain"]', '["plain", "plain"]', "nothing to be compared with"),
        ("until = 2027-01-31", "until = 2026-10-31", "ends before it begins"),
        ("least = 10", "least = 1", "may speak of somebody"),
    ],
)
def test_a_comparison_that_says_nothing_is_refused(compared, change, problems, old, new, problem):
    change("wordings.toml", old, new)
    assert any(problem in str(each) for each in problems())


def test_two_at_once_would_say_nothing_about_either(compared, problems):
    with (compared / "wordings.toml").open("a") as file:
        file.write(COMPARISON.replace("shorter", "longer"))
    assert any("before another has ended" in str(each) for each in problems())


def test_the_policy_as_shipped_compares_nothing_as_no_lawyer_has_read_it(policy):
    assert not policy.wordings.comparison
    assert policy.wordings.least >= 5
