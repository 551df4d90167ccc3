"""The notice states every promise, in words that people read, made from the policy's own data."""

import csv
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from plainview.engine import Policy, load
from plainview.privacy.notice import blocks_of, cards, compose, reader
from plainview.privacy.notice.blocks import Composed, Heading, Items, Link, Paragraph, Table
from plainview.privacy.notice.speaking import Speaker

PROMISES = Path(__file__).parents[2] / "policy" / "promises.csv"
LONGEST_SENTENCE = 25
HIGHEST_GRADE = 9.0
STATUTE = re.compile(
    r"§|\bArt(icle|\.)|\b[IVX]+, \d|\d+\(\w\)|\bCode \d|U\.S\.C|\bCCR\b|\bAct \d{4}"
)
DOCUMENTS = ("privacy", "terms", "copyright", "accessibility", "imprint", "help", "cookies")


def promised() -> list[str]:
    """The ids of every promise, in their order."""
    with PROMISES.open(newline="", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def unstated(policy: Policy) -> list[str]:
    """The promises that no clause of the notice states in words."""
    stated = {
        promise
        for part in compose(policy).parts
        for clause in part.clauses
        for promise in clause.promises
        if any(isinstance(block, Paragraph) and block.text.strip() for block in clause.blocks)
    }
    return [promise for promise in promised() if promise not in stated]


def paragraphs(composed: Composed) -> list[str]:
    """The running text of a document."""
    return [block.text for block in blocks_of(composed) if isinstance(block, Paragraph)]


def sentences(text: str) -> list[str]:
    """The sentences of a text; an address or a number holds no end of one."""
    return [each for each in re.split(r"(?<=[.!?])\s+(?=[A-Z“\"])", text) if each]


def syllables(word: str) -> int:
    """The sounded groups of vowels of an English word; a silent ending counts for none."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    if re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscgzx]es$", letters):
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """The school year that a text asks for (Flesch and Kincaid, 1975)."""
    said = sentences(text)
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    sounded = sum(map(syllables, words))
    return 0.39 * len(words) / len(said) + 11.8 * sounded / len(words) - 15.59


def test_the_notice_states_every_promise(policy):
    """P0h: whoever reads it to the end has read all that is promised."""
    assert len(promised()) == len(set(promised())) > 150
    assert unstated(policy) == []


def test_p5_2_2_4b_of_two_rewards_the_notice_says_the_worth_of_each_and_of_both(copy, change):
    """One costs more than it brings: its data is worth nothing, and both together less than one."""
    text = (copy / "programmes.toml").read_text()
    second = text[text.index("[programme") :].replace("newsletter-coupon", "readers-gift")
    second = second.replace('"newsletter-programme"', '"marketing-email"')
    second = second.replace("sales = 940", "sales = 500")
    (copy / "programmes.toml").write_text(f"{text}\n{second}")
    for words in copy.glob("texts/*/programmes.toml"):
        said = words.read_text()
        coupon = said[said.index("[newsletter-coupon]") :]
        words.write_text(f"{said}\n{coupon.replace('newsletter-coupon', 'readers-gift')}")
    told = [
        line
        for block in blocks_of(compose(load(copy)))
        if isinstance(block, Items)
        for line in block.items
        if "worth to us" in str(line).casefold()
    ]
    assert [re.search(r"about (\d+\.\d\d) EUR", str(line))[1] for line in told] == [
        "3.20",
        "0.00",
        "2.00",
    ]


def test_a_promise_that_no_clause_states_is_found(copy, change):
    """Taking a clause away takes its promise from people, and the test says which."""
    change("documents/privacy.toml", '\nid = "cards"\npromises = ["P0e"]', '\nid = "cards"')
    assert unstated(load(copy)) == ["P0e"]


def test_every_promise_and_clause_has_one_address(policy):
    """P11a: an address once given leads to the same clause; none leads to two."""
    clauses = [clause for part in compose(policy).parts for clause in part.clauses]
    addresses = [clause.anchor for clause in clauses] + [p for c in clauses for p in c.leads]
    assert len(addresses) == len(set(addresses))
    assert set(promised()) <= set(addresses)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_sentences_are_short_and_plain(policy, document):
    """At most 25 words a sentence, and no more than nine years at school to read it."""
    own = [
        text
        for part in compose(policy, document=document).parts
        for clause in part.clauses
        for text in [block.text for block in clause.blocks if isinstance(block, Paragraph)][:1]
    ]
    long = [s for text in own for s in sentences(text) if len(s.split()) > LONGEST_SENTENCE]
    assert not long
    assert grade(" ".join(own)) <= HIGHEST_GRADE
    assert not [text for text in own if STATUTE.search(text)]


def test_the_formula_tells_hard_words_from_easy_ones():
    """The grade is high for what lawyers write and low for what children read."""
    hard = (
        "The processing of personal information is undertaken pursuant to the legitimate interests"
        " of the controller, notwithstanding any objection communicated by the individual."
    )
    assert grade(hard) > 15
    assert grade("The cat sat on the mat. It saw a dog and ran away.") < 3


@pytest.mark.parametrize("place", ["eu", "gb", "br", "us-ca", "us-co", "ca-qc", "in", "row", None])
def test_cards_say_it_without_a_statute(policy, place):
    """Each card in words alone, no sentence longer than 25, all of it within nine school years."""
    said = []
    for card in [card for shelf in cards(policy, presence=place) for card in shelf.cards]:
        words = [card.name, card.why, card.state_words, card.footing, card.without]
        assert not STATUTE.search(" ".join(words))
        said += [f"{text.rstrip('.')}." for text in (card.why, card.footing, card.without) if text]
        assert all(len(s.split()) <= LONGEST_SENTENCE for t in words for s in sentences(t))
        assert card.who or all(
            card.id not in recipient.receives for recipient in policy.recipients.values()
        )
    assert grade(" ".join(said)) <= HIGHEST_GRADE


def card_of(policy: Policy, purpose: str, **where: str | None):
    shelves = cards(policy, **where)
    return next(card for shelf in shelves for card in shelf.cards if card.id == purpose)


@pytest.mark.parametrize(
    ("place", "state", "footing"),
    [
        ("eu", "off", "Done only if you say yes"),
        ("us-ca", "on", "Done unless you say no"),
        (None, "off", "Done only if you say yes"),
    ],
)
def test_p3_1a_a_card_stands_on_the_footing_of_the_readers_place(policy, place, state, footing):
    """The same use is off in Germany until a yes and on in California until a no."""
    card = card_of(policy, "targeted-ads", presence=place)
    assert (card.state, card.footing) == (state, footing)
    assert card.changeable
    assert any("Kestrel Advertising" in who for who in card.who)


def test_p3_1b_of_two_places_the_stricter_is_shown_and_the_rights_of_both(policy):
    """A Californian in Germany: off until a yes, and the opt-out link all the same."""
    where = {"presence": "DE", "residence": "US-CA"}
    assert card_of(policy, "targeted-ads", **where).state == "off"
    here = reader(policy, **where)
    assert here.places == ("the European Union and the EEA", "California")
    assert here.opt_out == "Do Not Sell or Share My Personal Information"
    both = set(reader(policy, presence="DE").rights) | set(reader(policy, presence="US-CA").rights)
    assert set(here.rights) == both


def test_p3_1_1a_what_one_came_for_is_always_on_and_offers_no_switch(policy):
    """Films play whatever is refused, and a feature of a partner waits to be asked for."""
    assert card_of(policy, "playback", presence="DE").state == "always"
    assert not card_of(policy, "playback", presence="DE").changeable
    assert card_of(policy, "legal", presence="DE").state == "case"
    assert card_of(policy, "connect-identity", presence="DE").state == "asked"
    assert card_of(policy, "partner-services", presence="US-CA").state == "asked"


def test_p9c_a_card_says_how_long_each_kind_is_kept(policy):
    """Whatever a purpose uses stands under its card once, with its time."""
    shown = {card.id: card for shelf in cards(policy) for card in shelf.cards}
    for purpose in policy.purposes.values():
        kept = shown[purpose.id].kept
        said = "; ".join(each.what for each in kept).lower()
        for category in purpose.uses:
            assert policy.text(f"categories.{category}").lower() in said
        assert all(each.how_long for each in kept)


def rows(policy: Policy, clause: str, **where: str | None) -> list[tuple]:
    """The rows of the table that a clause shows."""
    found = compose(policy, **where)
    [mine] = [c for part in found.parts for c in part.clauses if c.anchor == f"clause-{clause}"]
    return [row for block in mine.blocks if isinstance(block, Table) for row in block.rows]


def test_p7d_each_country_stands_as_the_readers_law_sees_it(policy):
    """The Netherlands is at home for a German and found safe by nobody's law in Brazil's list."""
    german = {row[0]: row[2] for row in rows(policy, "countries", presence="DE")}
    assert german["The Netherlands"] == "Under the same law as you"
    assert german["Japan"].startswith("Found to protect data")
    assert german["Singapore"].startswith("By clauses")
    american = "To companies with a certificate that your law accepts; By clauses that bind"
    assert german["The United States"].startswith(american)
    british = {row[0]: row[2] for row in rows(policy, "countries", presence="GB")}
    assert british != german
    assert "GDPR" not in " ".join(german.values())


@pytest.mark.parametrize("place", ["JP", "KR", "CH"])
def test_p7d_the_laws_of_japan_korea_and_switzerland_have_their_own_view(policy, place):
    told = {row[0]: row[2] for row in rows(policy, "countries", presence=place)}
    assert told["The Netherlands"].startswith("Found to protect data")
    assert told["Singapore"].startswith("By clauses")
    assert told["The United States"] == told["Singapore"], "no certificate counts there"
    ours = {"JP": "Japan", "KR": "South Korea"}.get(place)
    inside = [country for country, how in told.items() if how == "Under the same law as you"]
    assert inside == ([ours] if ours else [])


@pytest.mark.parametrize("place", ["CA-QC", "IN", "US-CA"])
def test_p7d_nobody_is_told_that_their_law_has_no_rule_where_the_policy_has_none(policy, place):
    """P7d: Québec's and others' have one that is not in the policy; home is home anyhow."""
    told = {row[0]: row[2] for row in rows(policy, "countries", presence=place)}
    ours = {"IN": "India"}.get(place)
    inside = [country for country, how in told.items() if how == "Under the same law as you"]
    assert inside == ([ours] if ours else [])
    others = {how for country, how in told.items() if country != ours}
    assert others == {
        "By the contract with them; we rely on no finding of your law about this country."
    }


def test_p7d_two_laws_of_one_reader_are_told_apart(policy):
    """P7d: at home in Japan, seen there, and living in Germany, whose law has its own view."""
    told = {row[0]: row[2] for row in rows(policy, "countries", presence="JP", residence="DE")}
    assert told["Japan"].startswith("Under the same law as you (Japan); Found to protect")


def test_p7a_a_recipient_in_a_new_country_changes_the_notice(copy, change):
    """The list of countries is made from where the recipients are."""
    change("recipients.toml", 'country = "SG"', 'country = "BR"')
    assert "Brazil" in [row[0] for row in rows(load(copy), "countries", presence="DE")]
    assert "Singapore" not in " ".join(paragraphs(compose(load(copy))))


def test_p2_1_5b_those_who_act_on_their_own_account_are_linked(policy):
    """Payment, stores, sign-in and comments: each with the address of its own notice."""
    links = [
        item
        for block in blocks_of(compose(policy))
        if isinstance(block, Items)
        for item in block.items
        if isinstance(item, Link)
    ]
    own = {r.name for r in policy.recipients.values() if r.role == "independent"}
    assert own <= {link.text for link in links if link.url}
    assert any("aboutads" in link.url for link in links), "P5.1.3d"


def test_p10a_where_one_is_of_age_later_is_said(policy):
    """Nineteen in South Korea, Alabama and Nebraska; twenty-one in Singapore and Mississippi."""
    said = " ".join(
        str(item)
        for block in blocks_of(compose(policy))
        if isinstance(block, Items)
        for item in block.items
    )
    for code, name in (("US-AL", "Alabama"), ("US-MS", "Mississippi")):
        ages = [
            place.ages.exceptions[code]
            for place in policy.jurisdictions.values()
            if place.ages and code in place.ages.exceptions
        ]
        if ages:
            assert re.search(rf"{ages[0]} years: .*{name}", said)


@pytest.fixture(scope="module")
def waiting(folder, tmp_path_factory) -> Policy:
    """The policy as it was while its documents had no more than their titles in Arabic."""
    copy = Path(shutil.copytree(folder, tmp_path_factory.mktemp("waiting") / "policy"))
    parts = [f"{each}.{part}" for each in DOCUMENTS for part in ("lead", "sections", "clauses")]
    head = copy / "policy.toml"
    head.write_text(
        head.read_text().replace("covers = [", f"first_language_only = {parts}\ncovers = [", 1)
    )
    for document in DOCUMENTS:
        words = copy / "texts" / "ar" / f"{document}.toml"
        words.write_text(words.read_text().partition("lead = ")[0])
    return load(copy)


@pytest.mark.sample(2)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_untranslated_sentence_says_which_language_it_is_in(policy, waiting, document):
    """An Arabic page shows English where it must, and marks each such sentence."""
    assert not compose(policy, "ar", document).foreign
    arabic = compose(waiting, "ar", document)
    assert arabic.foreign == "en"
    assert re.search("[\u0600-\u06ff]", arabic.title.text)
    for block in blocks_of(arabic):
        if isinstance(block, Paragraph | Heading) and block.text.isascii():
            assert block.language == "en", block.text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_have_headings_in_order_and_nothing_left_to_fill_in(policy, document):
    """No `{fact}` is left, no level is skipped."""
    blocks = list(blocks_of(compose(policy, document=document)))
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    assert levels[0] == 1
    assert all(later <= earlier + 2 for earlier, later in pairwise(levels))
    assert not re.search(r"\{\w+\}", " ".join(paragraphs(compose(policy, document=document))))


def test_p6a_the_register_of_decisions_stands_in_the_notice(policy):
    """Each decision of a program with the data it takes, its logic and its effect."""
    found = {row[0]: row for row in rows(policy, "automated")}
    assert len(found) == len(policy.decisions) > 3
    for id_, decision in policy.decisions.items():
        row = found[policy.text(f"decisions.{id_}.name")]
        for category in decision.inputs:
            assert policy.text(f"categories.{category}").lower() in row[1].lower()
        assert Speaker(policy, "en").decision(id_).logic in row[2]


def test_p4_2a_the_list_of_what_may_leave_has_that_and_nothing_else(policy):
    may = {id_ for id_, category in policy.categories.items() if category.shareable}
    names = {policy.text(f"categories.{id_}", "en").lower() for id_ in may}
    lists = [block.items for block in blocks_of(compose(policy)) if isinstance(block, Items)]
    assert names in [{str(item).lower() for item in items} for items in lists]
    assert len(names) < len(policy.categories)


def test_the_notice_says_what_california_and_connecticut_want_said_of_all_data(policy):
    """11 CCR 7011(e)(1): twelve months, under 16; Conn. Gen. Stat. 42-520(c): language models."""
    said = " ".join(paragraphs(compose(policy)))
    assert "show the last twelve months" in said
    assert "no sale or sharing of data about anybody under 16" in said
    assert "no personal data to train large language models" in said


def test_p12d_where_an_authority_has_a_page_for_complaints_the_notice_names_that(policy):
    """So the laws of American states want the way to their attorney general after an appeal."""
    words = str(list(blocks_of(compose(policy))))
    assert "https://coag.gov/file-complaint/" in words
    assert "https://www.bfdi.bund.de" in words
    assert "https://ico.org.uk/make-a-complaint/" in words
