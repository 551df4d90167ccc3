"""Who lives in Brazil or Korea learns of each recipient abroad what the law there wants.

PIPA Art. 28-8(2); Res. CD/ANPD 19/2024 Art. 17 §2.

Promises: P7a, P7d, P9a.
"""

import pytest

from plainview.engine import load
from plainview.privacy.notice import blocks_of, compose
from plainview.privacy.notice.blocks import Table

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]


def table(policy, language="en", **where) -> list[tuple]:
    """The rows of the list of recipients abroad, as the notice has them there."""
    head = tuple(policy.text("notice.abroad_head", language).split(" | "))
    blocks = blocks_of(compose(policy, language, **where))
    return [row for it in blocks if isinstance(it, Table) and it.head == head for row in it.rows]


def test_p7a_whoever_lives_in_korea_reads_of_each_recipient_how_when_and_for_how_long(policy):
    rows = {row[0]: row[1:] for row in table(policy, presence="IE", residence="KR")}
    country, what, how, kept = rows["Meridian Counts, privacy@meridian.example"]
    assert country == "Singapore"
    assert "the kind of browser" in what
    assert how == "Whenever the use calls for it, over the network"
    assert "told to delete" in kept
    mail = rows["Harrowgate Mail, privacy@harrowgate.example"]
    assert mail[2:] == ("With each message, over the network", "30 days, by contract")
    assert "from your browser" in rows["Roundtable Comments, privacy@roundtable.example"][2].lower()
    assert not [who for who in rows if "Posthorn" in who]  # it is in Korea
    assert not [who for who in rows if "authorities" in who]
    words = "\n".join(map(str, blocks_of(compose(policy))))
    assert (
        "Brazil and South Korea: the law there wants you to know of each recipient abroad." in words
    )


def test_p7a_in_korean_too_and_nowhere_where_no_law_asks(policy):
    assert len(table(policy, "ko", presence="KR")) > len(policy.recipients) / 2
    assert "Posthorn Push, privacy@posthorn.example" in {
        row[0] for row in table(policy, presence="BR")
    }
    assert table(policy, presence="IE") == []


def test_check_asks_how_a_recipient_abroad_is_reached(run, copy, change):
    assert "nobody learns" not in run("check").output
    change("recipients.toml", 'contact = "privacy@meridian.example"\n', "")
    told = run("check", "--folder", str(copy)).output
    articles = "Res. CD/ANPD 19/2024 Art. 17 §2; PIPA Art. 28-8(2)"
    assert f"nobody learns how to reach `meridian` ({articles})" in told
    for law, article in (("kr", "PIPA Art. 28-8(2)"), ("br", "Res. CD/ANPD 19/2024 Art. 17 §2")):
        change(f"jurisdictions/{law}.toml", f'told = "{article}"\n', "")
    assert "nobody learns" not in run("check", "--folder", str(copy)).output
    assert table(load(copy), presence="KR") == []


@pytest.mark.parametrize("language", ["en", "ar", "ko"])
def test_p9a_the_notice_says_how_data_is_destroyed(policy, language):
    words = "\n".join(map(str, blocks_of(compose(policy, language))))
    assert policy.text("privacy.clauses.destroyed", language) in words
