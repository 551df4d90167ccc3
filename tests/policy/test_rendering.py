"""`plainview policy render`: the notice lists all that is declared, and follows it as mere text."""

import re
from html.parser import HTMLParser

import pytest

from plainview.engine import load
from plainview.privacy.notice import blocks_of, cards, compose
from plainview.privacy.notice.blocks import Table
from plainview.privacy.notice.speaking import Speaker

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]


def test_p0a_p0h_p7a_the_notice_lists_everything_declared(run, policy, whole):
    """Each category, source, purpose, recipient, right, schedule and place stands in the notice."""
    text = run("render").output
    say = policy.text
    declared = [
        *(say(f"categories.{id_}") for id_, c in policy.categories.items() if c.parent),
        *(say(f"sources.{id_}") for id_ in policy.sources),
        *(say(f"purposes.{id_}.{word}") for id_ in policy.purposes for word in ("name", "why")),
        *(f"{r.name}: {say(f'recipients.{id_}')}" for id_, r in policy.recipients.items()),
        *(say(f"rights.{id_}") for id_ in policy.rights),
        *(say(f"retention.{id_}") for id_ in policy.retention.schedule),
        *(say(f"jurisdictions.{id_}") for id_ in policy.jurisdictions),
        *(say(f"countries.{r.country}") for r in policy.recipients.values()),
        *(law.law for law in policy.retention.must_keep.values()),
        policy.controller.name,
        policy.controller.group,
        whole.fingerprint,
    ]
    flat = text.replace("\\", "").lower()
    missing = [words for words in declared if words.lower() not in flat]
    assert not missing


def test_the_notice_follows_the_data(run, copy, change):
    """P0a, P7a: change the controller, a recipient's country, a category; the notice changes."""
    change("policy.toml", "Lantern Street Pictures", "Moth & Flame <Films>")
    change("recipients.toml", 'country = "SG"', 'country = "JP"')
    change("categories.toml", 'sources = ["partner", "derived"]', 'sources = ["partner", "store"]')
    markdown = run("render", "--folder", str(copy)).output
    assert "Moth \\& Flame \\<Films\\> provides" in markdown
    who = markdown.partition("Who gets")[2].partition("\n## ")[0]
    assert "Singapore" not in who
    row = next(line for line in markdown.splitlines() if line.startswith("| What a partner told"))
    assert "A business partner and the store of your phone" in row


def test_p7a_every_country_a_recipient_reaches_data_from_is_listed(copy, change):
    """Not only its seat: in the list, on the card, and in the sentence on other countries."""
    change(
        "recipients.toml",
        'clause = "2.1.5"\nrole = "independent"\ncountry = "NL"\n',
        'clause = "2.1.5"\nrole = "independent"\ncountry = "NL"\nalso = ["DE"]\n',
    )
    policy = load(copy)
    rows = [
        row for each in blocks_of(compose(policy)) if isinstance(each, Table) for row in each.rows
    ]
    [listed] = [row for row in rows if getattr(row[0], "text", "") == "Copperline Payments"]
    assert listed[1].endswith("the Netherlands and Germany")
    [card] = [card for shelf in cards(policy) for card in shelf.cards if card.id == "billing"]
    assert any(who.endswith("the Netherlands and Germany") for who in card.who)
    assert "Germany" in Speaker(policy, "en").facts()["countries"]


def test_html_is_escaped_and_well_formed(run, copy, change, tmp_path):
    """Nothing written in the policy becomes markup."""
    change("policy.toml", "Lantern Street Pictures", "<script>alert(1)</script> & Sons")
    change("texts/en/sources.toml", 'form = "', "form = \"<img src=x onerror='a'>")
    out = tmp_path / "notice.html"
    result = run("render", "--folder", str(copy), "--format", "html", "--out", str(out))
    assert result.exit_code == 0, result.output
    text = out.read_text()
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in text
    parser = _Balanced()
    parser.feed(text)
    parser.close()
    assert text.count("<h1") == 1
    assert len(re.findall(r'id="([^"]+)"', text)) == len(set(re.findall(r'id="([^"]+)"', text)))


def test_a_language_the_policy_does_not_speak(run):
    """Asked for a language that is not there, the command says which are."""
    result = run("render", "--language", "tlh")
    assert result.exit_code == 1
    assert "only `en`" in result.output


class _Balanced(HTMLParser):
    """Fails on a tag that is closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def close(self) -> None:
        assert not self.open
