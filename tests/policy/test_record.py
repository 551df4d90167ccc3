"""The record of processing and its assessments: whole, in each language, from the data alone."""

import csv
import io
import re
from html import escape

import pytest

from plainview.domains.accounts.models import User
from plainview.privacy import record
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a sheet by their heads."""
    return list(csv.DictReader(io.StringIO(text)))


def test_p2_11e_the_record_says_of_each_purpose_all_that_article_30_asks(run, policy):
    """P2.11e: why, whom, what, who receives it, where it goes, how long, on which footing."""
    found = {row["id"]: row for row in rows(run("record", "--format", "csv").output)}
    assert found.keys() == policy.purposes.keys()
    for id_, purpose in policy.purposes.items():
        row = found[id_]
        assert row["Why"] == policy.text(f"purposes.{id_}.why")
        assert row["Legal basis"]
        if purpose.uses:
            for column in ("People concerned", "Kinds of data", "Where it comes from", "Kept for"):
                assert row[column], (id_, column)
        for recipient in policy.recipients.values():
            assert (recipient.name in row["Recipients"]) == (id_ in recipient.receives)
    analytics = found["business-analytics"]
    assert "Meridian Counts (works for us, on our instruction; Singapore" in analytics["Recipients"]
    assert "LSP-SCC-07" in analytics["Transfers"]
    assert "GDPR Art. 6(1)(f)" in analytics["Legal basis"]
    assert "dpv:LegitimateInterest" in analytics["Legal basis"]
    assert "dpv:OptimisationForController" in analytics["Kind"]
    assert "playback.Viewing" in found["history"]["Held in"]
    assert "TCA 1997 s886 (Ireland): 6 years" in found["record-keeping"]["Kept for"]


def test_the_record_as_a_page_names_controller_officer_and_measures(run, policy, whole):
    """GDPR Art. 30(1)(a) and (g), on a page that needs no other file and loads none."""
    page = run("record").output
    assert page.startswith("<!doctype html>")
    assert not re.search(r"\((dpv|pd|eu-gdpr|risk|tech):", page), "terms are for programs"
    assert "uk-gdpr" not in page, "a law is said by its place"
    assert "@media print" in page
    assert not re.search(r"(src|href)=", page)
    for words in (
        policy.controller.name,
        policy.controller.officer,
        whole.fingerprint,
        policy.text("measures.purpose-gate"),
    ):
        assert words in page


def test_the_record_follows_the_data(run, copy, change):
    """P7a: a recipient moves, a footing changes, a kind of data joins: so does the record."""
    change("recipients.toml", 'country = "SG"', 'country = "JP"')
    change("policy.toml", "Lantern Street Pictures", "<b>Moth</b> & Sons")
    page = run("record", "--folder", str(copy)).output
    assert "Meridian Counts (works for us, on our instruction; Japan" in page
    assert "&lt;b&gt;Moth&lt;/b&gt; &amp; Sons" in page


def test_p3_1_3g_each_interest_is_weighed_in_three_steps_with_its_safeguards(run, policy):
    """P3.1.3g: what for, why not with less, why it does not weigh more, and what protects."""
    sheet = rows(run("record", "--what", "interests", "--format", "csv").output)
    weighed = {id_ for id_, each in policy.purposes.items() if each.assessment}
    assert {row["id"] for row in sheet} == weighed
    improve = next(row for row in sheet if row["id"] == "improve")
    for column, word in (
        ("1. The interest", "interest"),
        ("2. Why not with less", "necessity"),
        ("3. Why people’s own interests do not outweigh it", "balance"),
    ):
        assert improve[column] == policy.text(f"purposes.improve.{word}")
    assert "No figure speaks of fewer than 10 people." in improve["Safeguards, each found on"]
    assert improve["Decided by, and what they decided"] == "to be written"


@pytest.mark.parametrize("tongue", ["ar", "ko"])
def test_p3_1_3g_why_an_interest_holds_is_said_in_the_language_of_the_page(run, policy, tongue):
    """P3.1.3g: what was weighed is words of the policy, and nothing of it stays in English."""
    page = run("record", "--what", "interests", "--language", tongue).output
    for id_ in (id_ for id_, each in policy.purposes.items() if each.assessment):
        for word in ("interest", "necessity", "balance"):
            assert escape(policy.text(f"purposes.{id_}.{word}", tongue)) in page, (id_, word)
            assert escape(policy.text(f"purposes.{id_}.{word}", "en")) not in page, (id_, word)


def test_p11a_an_older_version_still_says_why_its_interests_hold(run, copy, change):
    """P11a: one that gives the reasons with the purpose itself is read and shown as it was."""
    said = 'interest = "So it was weighed then."\n'
    change("purposes/improve.toml", "safeguards = [", said + "safeguards = [")
    for texts in copy.glob("texts/*/purposes.toml"):
        before, improve, after = texts.read_text("utf-8").partition("[improve]")
        texts.write_text(before + improve + re.sub(r"interest = .*\n", "", after, count=1), "utf-8")
    page = run("record", "--folder", str(copy), "--what", "interests").output
    assert "So it was weighed then." in page


def test_the_screening_counts_what_the_policy_itself_shows(run):
    """Suggestions sort people and watch them, by no model; what three programs decide of an account
    sorts people once."""
    sheet = rows(run("record", "--what", "impact", "--format", "csv").output)
    found = {row["id"]: row for row in sheet}
    assert found["account"]["Result"] == "1: none is due by these alone"
    assert "Whether you may have an account by your age" in found["account"]["Criteria met"]
    assert found["security"]["Result"] == "3: an assessment is due"
    assert "playback" not in found
    assert found["recommend"]["Result"] == "2: an assessment is due"
    assert "Which films are suggested" in found["recommend"]["Criteria met"]
    assert "data of different origins" in found["targeted-ads"]["Criteria met"]
    assert found["personalise-place"]["Result"] == "1: none is due by these alone"


def test_the_screening_has_room_for_all_that_an_assessment_must_hold(run):
    """GDPR Art. 35(7) and (11), and 36: what, to whom, how long, whether needed, what stays."""
    sheet = rows(run("record", "--what", "impact", "--format", "csv").output)
    found = {row["id"]: row for row in sheet}
    assert "Brightwater Risk" in found["security"]["Recipients"]
    assert "Six months." in found["security"]["Kept for"]
    weighed = {
        row["id"]: row
        for row in rows(run("record", "--what", "interests", "--format", "csv").output)
    }
    assert found["recommend"]["Why not with less"] == weighed["recommend"]["2. Why not with less"]
    assert found["targeted-ads"]["Why not with less"] == "to be written"
    assert {
        row["Whether a high risk stays, and what the authority said of it"] for row in sheet
    } == {"to be written"}
    assert {row["Weigh again by"] for row in sheet} == {"to be written"}


def test_p7b_each_transfer_on_clauses_is_asked_about(run, policy):
    """P7b: clauses towards a country are assessed, law by law."""
    sheet = rows(run("record", "--what", "transfers", "--format", "csv").output)
    on_clauses = [
        f"{id_}/{each.reference}"
        for id_, recipient in policy.recipients.items()
        for each in recipient.safeguard
        if each.kind == "clauses"
    ]
    assert [row["id"] for row in sheet] == on_clauses
    brightwater = next(row for row in sheet if row["id"].startswith("brightwater/"))
    assert brightwater["name"] == "Brightwater Risk, India"
    assert "decision (EU) 2021/914" in brightwater["Clauses"]


@pytest.mark.sample(3)
@pytest.mark.parametrize("what", record.NAMES)
@pytest.mark.parametrize("language", ["ar", "ko"])
def test_each_sheet_speaks_each_language(policy, what, language):
    """Labels and words are translated; names, references and terms stay."""
    sheet, english = record.sheet(policy, what, language), record.sheet(policy, what)
    assert sheet.title != english.title
    labels = {label for entry in sheet.entries for label, _ in entry.fields}
    assert not labels & {label for entry in english.entries for label, _ in entry.fields}
    assert 'dir="rtl"' in record.to_html(sheet, "ar")


def test_no_words_become_a_formula(policy):
    """What a spreadsheet would take for a formula is told as words."""
    entry = record.Entry("x", "=HYPERLINK(1)", (("Label", ("@sum", "b")),))
    sheet = record.Sheet("record", "", "", (), (entry,))
    [row] = rows(record.to_csv(sheet))
    assert (row["name"], row["Label"]) == ("'=HYPERLINK(1)", "'@sum\nb")


@pytest.mark.django_db
def test_the_officer_reads_prints_and_takes_the_record_with_them(at_desk):
    """The desk shows each sheet, leads to its CSV, and says what no lawyer has read."""
    officer = at_desk(User.objects.create_user("officer@lantern.example", roles="privacy-officer"))
    for name in record.NAMES:
        page = officer.get(f"/desk/privacy/record/{name}/").content.decode()
        assert record.sheet(in_force(), name).title in page
        taken = officer.get(f"/desk/privacy/record/{name}.csv")
        assert taken["Content-Type"] == "text/csv; charset=utf-8"
        assert len(rows(taken.content.decode())) == len(record.sheet(in_force(), name).entries)
        assert f'href="/desk/privacy/record/{name}.csv"' in page
    assert "No lawyer has reviewed some texts" in page
    assert officer.get("/desk/privacy/record/gossip/").status_code == 404
    assert officer.get("/desk/privacy/record/gossip.csv").status_code == 404
    editor = at_desk(User.objects.create_user("editor@lantern.example", roles="editor"))
    assert editor.get("/desk/privacy/record/").status_code == 403
