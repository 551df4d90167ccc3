"""What California wants told of the last twelve months, kind by kind (11 CCR 7011(e)(1)).

Promises: P5.2.2.1a, P5.2.2.2b.
"""

import pytest

from plainview.engine import load
from plainview.privacy.notice import blocks_of, compose
from plainview.privacy.notice.blocks import Paragraph, Table

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]


def table(policy) -> dict[str, tuple[str, str]]:
    """Kinds of data, with whom each is sold to or shared with, and who gets it otherwise."""
    blocks = blocks_of(compose(policy))
    [found] = [it for it in blocks if isinstance(it, Table) and it.head[0] == "Kind of data"]
    return {kind.partition(" (")[0]: (sold, way) for kind, sold, way in found.rows}


def said(policy) -> list[str]:
    return [it.text for it in blocks_of(compose(policy)) if isinstance(it, Paragraph)]


def test_p5_2_2_1a_each_kind_says_to_whom_it_is_sold_and_to_whom_it_goes_otherwise(policy):
    rows = table(policy)
    sold, otherwise = rows["Who you are and what points to you"]
    assert sold.startswith("Advertiser: ")
    assert "Business partner: " in sold
    assert "Works for us, on our instruction: " in otherwise
    assert "Works for us" not in sold
    assert rows["What you bought and watched"][0] == "To nobody"
    assert "What you sign in with" not in rows
    [rest] = [each for each in said(policy) if each.startswith("All other kinds go to nobody")]
    assert "What you sign in with" in rest


def test_p5_2_2_1a_kinds_are_called_what_californias_law_calls_them(policy):
    words = str(list(blocks_of(compose(policy, presence="US-CA"))))
    assert "What you bought and watched (D, commercial information)" in words
    assert "commercial information" not in str(list(blocks_of(compose(policy, presence="US-VA"))))


def test_p5_2_2_1a_who_loses_the_last_advertiser_says_that_nothing_is_sold_to_any(
    run, copy, policy
):
    for recipient in ("kestrel", "northgate", "harbour-books"):
        gone = run("remove", "recipient", recipient, "--folder", str(copy))
        assert gone.exit_code == 0, gone.output
    assert "Advertiser" in table(policy)["Cookies and the like"][0]
    assert {sold for sold, _ in table(load(copy)).values()} == {"To nobody"}


def test_p5_2_2_2b_what_becomes_of_do_not_track_is_said_unless_it_is_heard(policy, copy, change):
    """California's Business and Professions Code 22575(b)(5)."""
    assert "Do Not Track" in " ".join(said(policy))
    change("rules.toml", 'headers = ["Sec-GPC"]', 'headers = ["Sec-GPC", "DNT"]')
    assert "Do Not Track" not in " ".join(said(load(copy)))
