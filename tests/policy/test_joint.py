"""Who answers together with us is named, with the essence of what was agreed.

GDPR and UK GDPR Art. 26; Art. 13(1)(a) for the notice, 30(1)(a) for the record. Promise P0a.
"""

import csv

import pytest
from tests.policy.conftest import said

from plainview.engine import load

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
WHERE = "privacy@roundtable.example"


@pytest.mark.parametrize("language", ["en", "ar", "ko"])
def test_p0a_the_notice_says_who_answers_together_with_us_and_what_was_agreed(policy, language):
    words = said(policy, language=language)
    assert policy.text("privacy.clauses.joint", language) in words
    assert policy.text("joint.roundtable", language) in words
    assert WHERE in words
    assert "https://roundtable.example/privacy" in words


def test_p0a_the_record_names_them_with_the_controller_on_the_page_and_in_the_table(run):
    page = run("record").output
    assert "<dt>Joint controllers</dt>" in page
    agreed = "Roundtable Comments, privacy@roundtable.example, LSP-2026-20 since July 15, 2026"
    assert agreed in page
    rows = list(csv.DictReader(run("record", "--format", "csv").output.splitlines()))
    assert {row["Joint controllers"] for row in rows} == {agreed}
    assert all(row["Controller"].startswith("Lantern Street Pictures") for row in rows)
    assert all("Quay Street" in row["Representative"] for row in rows)
    assert all("officer@lanternstreet.example" in row["Data protection officer"] for row in rows)


def test_the_record_says_under_which_contract_and_since_when_a_processor_works(run):
    assert "LSP-2026-01 since Jan. 15, 2026" in run("record").output


def test_check_asks_for_the_agreement_its_essence_and_a_way_to_reach_them(copy, change, problems):
    change("recipients.toml", 'contact = "privacy@roundtable.example"\n', "")
    change("recipients.toml", 'contract = { reference = "LSP-2026-20", since = 2026-07-15 }\n', "")
    change("texts/fr/joint.toml", "roundtable = ", "# ")
    asked = {each.problem for each in problems()}
    assert "nobody learns how to reach `roundtable`" in asked
    assert "recipient `roundtable` is bound by no contract" in asked
    assert "no words for `roundtable`" in asked


def test_p0a_a_policy_without_any_says_nothing_of_them(run, copy):
    gone = run("remove", "recipient", "roundtable", "--folder", str(copy))
    assert gone.exit_code == 0, gone.output
    assert "roundtable" not in (copy / "texts/en/joint.toml").read_text()
    assert "answer together" not in said(load(copy))
    assert "Joint controllers" not in run("record", "--folder", str(copy)).output


def test_a_policy_begun_has_none_and_no_words_of_any(run, tmp_path):
    own = tmp_path / "own"
    begun = run(
        *("init", str(own), "--name", "Bay Films", "--address", "1 Bay Street, Oakland"),
        *("--email", "privacy@bay.example", "--country", "US", "--url", "https://bay.example/"),
    )
    assert begun.exit_code == 0, begun.output
    assert not list(own.glob("texts/*/joint.toml"))
