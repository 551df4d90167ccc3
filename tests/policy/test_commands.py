"""`plainview policy`: what a person who writes the policy sees."""

import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.policy.conftest import Run

from plainview.engine import load
from plainview.privacy.authoring.cli import policy as command

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
ANSWERED = "--name A --address B --email a@films.example --country IE --url https://films.example/"


def test_check_passes_and_counts(run, copy):
    """One whose reviews are to come is said to be whole, with version and fingerprint."""
    soon = f"review = {date.today() + timedelta(days=30)}"
    for file in copy.rglob("*.toml"):
        if "review = " in (text := file.read_text()):
            file.write_text(re.sub(r"\breview = [\d-]{10}", soon, text))
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 0, result.output
    assert "purposes: 56" in result.output
    assert "nothing to mend" in result.output


def test_check_names_keys_that_say_nothing_any_more(run, change, copy):
    """A folder written for an earlier version loads as before, and hears what to remove."""
    change("policy.toml", 'url = "https', 'help_url = "https://kept.example/"\nurl = "https')
    result = run("check", "--folder", str(copy))
    assert "policy.toml: `controller.help_url` says nothing any more" in result.output
    assert "unknown key" not in result.output


def test_check_asks_for_what_pages_say_whatever_is_declared(run, change, copy):
    """P0h: a folder begun with an earlier version gets each word it lacks, ready to be added."""
    change("texts/en/notice.toml", 'unfold = "', 'unfolds = "')
    for language in sorted(path.name for path in (copy / "texts").iterdir()):
        if language != "en":
            change(f"texts/{language}/notice.toml", "unfold =", "unfolds =")
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    assert "texts/en/notice.toml:1: page.unfold: pages say this" in result.output
    assert 'add `page.unfold = "Unfold everything"`' in result.output


def test_check_tells_all_problems_and_fails(run, change, copy):
    """P3.1a: every problem is printed with its place and remedy; the exit code says so."""
    change("purposes/recommend.toml", "bit = 17", "bit = 16")
    change("jurisdictions/row.toml", 'marketing = "consent"\n', "")
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    assert "purposes/recommend.toml:6: purpose.recommend.bit" in result.output
    assert "neither basis nor denial in `row`" in result.output
    assert result.output.count("help: ") >= 2


def test_check_fails_when_a_review_is_due(run, change, copy):
    """P3.1.3g: an assessment past its date is something to mend."""
    dates = "done = 2026-10-05\nreview = 2027-10-05"
    change("purposes/recommend.toml", dates, "done = 2024-10-05\nreview = 2025-10-05")
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    assert "the assessment was due for review on 2025-10-05" in result.output


def test_p3_1b_explain_decides_for_a_described_person(run):
    """A Californian in Germany is asked first, and the answer names basis, article and clause."""
    result = run("explain", "--presence", "de", "--residence", "US-CA", "targeted-ads")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("denied: You have not said yes: Choose advertisements for you.")
    for line in ("basis     consent", "article   GDPR Art. 6(1)(a)", "clause    4.1.3"):
        assert line in result.output
    allowed = run("explain", "--presence", "DE", "--allow", "targeted-ads", "targeted-ads")
    assert allowed.output.startswith("permitted: You said yes")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--presence US-CA --signal gpc --allow targeted-ads targeted-ads", "rule      signal"),
        ("--presence US-CA --signal gpc --affirm targeted-ads targeted-ads", "permitted"),
        ("--presence DE --object recommend recommend", "rule      objection"),
        ("--presence DE --deny recommend recommend", "rule      refused"),
        ("--presence DE --restrict viewing.history recommend", "rule      restricted"),
        ("--presence DE --age minor recommend", "rule      minor"),
        ("--presence DE --case legal-claims legal", "basis     legal-claims"),
        ("--presence US-CA --plan ad-free targeted-ads", "rule      ad-free-plan"),
        ("--presence DE --recipient kestrel recommend", "Kestrel Advertising gets nothing"),
        ("--presence DE --upheld security security", "rule      objection-upheld"),
        ("--presence DE --unanswered recommend recommend", "rule      unanswered-change"),
        ("--presence DE --unknown age recommend", "fact      age=unknown"),
        ("targeted-ads", "place     br (Brazil)"),
    ],
)
def test_explain_takes_every_fact(run, words, said):
    """Each option changes what decides."""
    assert said in run("explain", *words.split()).output


def test_what_is_written_is_in_the_first_language_of_the_policy(run, change, copy):
    """A service in Brazil whose policy knew no English had to name its language each time."""
    languages = ", ".join(f'"{name}"' for name in load(copy).head.languages)
    change("policy.toml", f"languages = [{languages}]", 'languages = ["pt-BR"]')
    for command_, said in (
        ("explain --presence BR recommend", "permitted: "),
        ("render", "# Aviso de privacidade"),
        ("record --format csv", "Base legal"),
        (f"diff {copy}", "nothing is different"),
    ):
        result = run(*command_.split(), "--folder", str(copy))
        assert result.exit_code == 0, result.output
        assert said in result.output
    assert "não" in run("explain", "--deny", "recommend", "recommend", "--folder", str(copy)).output
    refused = run("diff", str(copy), "--folder", str(copy), "--language", "xx")
    assert refused.exit_code == 1 and "does not speak `xx`, only `pt-BR`" in refused.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("recomend", "no purpose `recomend` in the policy; did you mean `recommend`?"),
        ("--deny adds recommend", "no purpose `adds` in the policy"),
        ("--recipient kestrell recommend", "did you mean `kestrel`?"),
        ("--restrict viewings recommend", "neither purpose nor category: `viewings`"),
        ("--unknown mood recommend", "no fact `mood`; name one of `presence`"),
        ("--signal GPC targeted-ads", "no signal `GPC` in the policy; did you mean `gpc`?"),
        ("--signal dnt targeted-ads", "no signal `dnt` in the policy; the policy knows `gpc`"),
        ("--case court legal", "no case `court` in the policy; the policy knows"),
        ("--presence Germany recommend", "`GERMANY` is no code of a place; write two letters"),
        ("--language de recommend", "the policy does not speak `de`"),
    ],
)
def test_explain_refuses_unknown_names_with_a_remedy(run, words, said):
    """A slip of the pen is no newcomer: it is named, not decided upon."""
    result = run("explain", *words.split())
    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--presence XX recommend", "the policy names no place `XX`, so it counts as unknown"),
        ("--plan goldd recommend", "no rule speaks of the plan `goldd`, so it decides nothing"),
        ("--feature disco recommend", "no rule speaks of the feature `disco`"),
    ],
)
def test_explain_says_which_of_the_facts_decide_nothing(run, words, said):
    """A plan may well be one that no rule is about; whoever mistyped it learns so."""
    result = run("explain", *words.split())
    assert result.exit_code == 0
    assert said in result.stderr
    assert not run("explain", "--presence", "us-tx", "--plan", "plus", "partner-services").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check --folder nowhere", "Directory 'nowhere' does not exist."),
        ("render --place Germany", "the policy names no place `Germany`; a state is `US-CA`"),
        ("render --out nowhere/notice.html", "can't write nowhere/notice.html: No such file"),
        ("record --out nowhere/record.html", "can't write nowhere/record.html: No such file"),
        ("init pyproject.toml", "Directory 'pyproject.toml' is a file."),
        (f"init pyproject.toml/own {ANSWERED}", "can't write pyproject.toml/own: Not a directory"),
    ],
)
def test_a_folder_a_place_or_a_file_that_cannot_be_is_named(run, words, said):
    """A slip in a path is no fault of the policy, and none of ours to show in a traceback."""
    result = run(*words.split())
    assert isinstance(result.exception, SystemExit) and result.exit_code > 0
    assert said in result.output


def test_examples_run_and_a_wrong_one_fails(run, copy, change):
    """`policy test` decides the example people, and tells the sentence of one that fails."""
    good = run("test")
    assert good.exit_code == 0, good.output
    assert re.match(r"\d\d+ examples, all decided as they should be", good.output)
    change("cases/age.toml", 'reason = "minor"', 'reason = "signal"')
    bad = run("test", "--folder", str(copy))
    assert bad.exit_code == 1
    assert "A minor gets no tailored advertisements" in bad.output
    assert "expected the reason `signal`, is `minor`" in bad.output


OWN = {
    "name": 'Moth "and" Flame',
    "address": "1 Candle Row, Lyon",
    "email": "privacy@moth.example",
    "country": "fr",
    "url": "https://moth.example/",
}


def start(run: Run, folder: Path, **changed: str) -> Result:
    """Run `init` with good words, but for those changed."""
    words = [part for key, word in (OWN | changed).items() for part in (f"--{key}", word)]
    return run("init", str(folder), *words)


def test_init_starts_a_policy_that_passes_check(run, tmp_path):
    """One's own policy: the controller is oneself, nobody receives anything, check passes."""
    own = tmp_path / "own"
    result = start(run, own)
    assert result.exit_code == 0, result.output
    for command_ in ("check", "prove", "test"):
        assert command_ in result.output.partition("next:")[2]
        assert run(command_, "--folder", str(own)).exit_code == 0, command_
    policy = load(own)
    assert policy.controller.name == 'Moth "and" Flame'
    assert policy.controller.country == "FR"
    assert policy.controller.officer == "privacy@moth.example"
    assert policy.controller.group == ""
    assert not policy.recipients
    assert policy.messages.service, "what comes whatever one chooses is said there too"
    text = run("render", "--folder", str(own)).output
    assert 'Moth "and" Flame provides' in text
    for file in own.rglob("*.toml"):
        assert "Lantern" not in file.read_text(), file


def test_what_root_started_is_read_by_the_user_of_the_service(run, tmp_path):
    """The command lets nobody else read what it makes; of a policy nothing is secret."""
    before = os.umask(0o027)
    try:
        assert start(run, own := tmp_path / "etc" / "own").exit_code == 0
    finally:
        os.umask(before)
    assert {each.stat().st_mode & 0o777 for each in own.rglob("*.toml")} == {0o644}
    assert {each.stat().st_mode & 0o777 for each in (own.parent, own, *own.rglob("t*/"))} == {0o755}


def test_init_names_a_country_that_the_model_does_not_speak_of(run, tmp_path):
    """A code is no word: the notice says where one sits in each of its languages."""
    own = tmp_path / "own"
    assert start(run, own, country="PH").exit_code == 0
    words = load(own).words
    said = {language: words[language].sentences["countries.PH"] for language in ("en", "fr", "ko")}
    assert said == {"en": "the Philippines", "fr": "Philippines", "ko": "필리핀"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"country": "Frankreich"}, "no country code"),
        ({"country": "XX"}, "no country code"),
        ({"country": "us-ca"}, "no country code"),
        ({"email": "moth"}, "no mail address"),
        ({"url": "moth.example"}, "begin with https://"),
        ({"url": "https://"}, "begin with https://"),
        ({"name": " "}, "needs one line of text"),
        ({"name": "two\nlines"}, "needs one line of text"),
    ],
)
def test_init_refuses_words_that_cannot_be_right(run, tmp_path, changed, said):
    """Nothing is written before every word is right."""
    own = tmp_path / "own"
    result = start(run, own, **changed)
    assert result.exit_code == 2
    assert said in result.output
    assert not own.exists()


def test_init_asks_again_for_the_word_that_cannot_be_right(settings, folder, tmp_path):
    """Who types five answers keeps those that were right."""
    own = tmp_path / "own"
    typed = [*OWN.values()]
    typed[3:4] = ["France", "fr"]
    settings.POLICY_DIR = folder
    result = CliRunner().invoke(command, ["init", str(own)], input="\n".join([*typed, ""]))
    assert result.exit_code == 0, result.output
    assert result.output.count("Country (two letters") == 2
    assert result.output.count("Postal address") == 1
    assert load(own).controller.country == "FR"


def test_init_overwrites_nothing(run, tmp_path):
    """A folder with something in it is left alone."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine").write_text("kept")
    result = start(run, own)
    assert result.exit_code == 1
    assert "is not empty" in result.output
    assert [path.name for path in own.iterdir()] == ["mine"]


def test_explain_speaks_to_the_officer_too(run):
    """The same decision with rule, basis, article, fact and clause, in one sentence."""
    said = run("explain", "--officer", "--presence", "DE", "targeted-ads").output.splitlines()[0]
    assert said == (
        "denied: Rule `consent` would permit `targeted-ads` on `consent`, GDPR Art. 6(1)(a), in "
        "the European Union and the EEA, but `choice=unset` does not meet it (clause 4.1.3)."
    )
    unnamed = run("explain", "--officer", "--presence", "KR", "recommend").output
    assert "on `legitimate-interest`, for which the law names no article, in" in unnamed


def test_prove_holds_and_counts(run):
    """Every invariant of the demonstration policy holds; combinations, folds and time are said."""
    result = run("prove")
    assert result.exit_code == 0, result.output
    assert result.output.count("holds   ") == len(result.output.split("\n\n")[0].splitlines())
    assert re.search(r"\d+ of \d+ hold, for [\d,]+ combinations .* by \d+ folds in", result.output)


def test_prove_shows_who_breaks_an_invariant(run, copy, change):
    """P3.1.2c: the sentence, the person, the rule, the other purposes and the source; exit 1.

    The command that it prints decides as the proof says.
    """
    change("jurisdictions/eu.toml", "[bases]", '[kinds]\nadvertising = "contract"\n\n[bases]')
    result = run("prove", "--folder", str(copy))
    assert result.exit_code == 1
    assert (
        "BROKEN  Where the law is opt-in, news, research, advertising, cookies and feeds wait for a"
        " yes.\n        `targeted-ads` (Choose advertisements for you) is permitted for somebody in"
        " the European Union and the EEA who has said nothing: `eu` lets it rest on contract\n"
        "        so are `ad-measurement`, `cross-context-ads`"
    ) in result.output
    asked = re.findall(r"plainview policy explain (.*)", result.output)
    assert "--presence AT --deny targeted-ads targeted-ads" in asked
    assert len(asked) >= 5
    lines = re.findall(r"BROKEN .*\n +(.*)", result.output)
    for words, line in zip(asked, lines, strict=True):
        said = run("explain", "--folder", str(copy), *words.split()).output
        denied = ", and denied" in line or ("denied to" in line and ", and permitted" not in line)
        assert said.startswith("denied" if denied else "permitted"), line


def test_prove_tells_machines_who_breaks_an_invariant(run, copy, change):
    """P3.1.2c: the same as data; of the sentences, the first two."""
    change("jurisdictions/eu.toml", "[bases]", '[kinds]\nadvertising = "contract"\n\n[bases]')
    sentences = copy / "invariants.toml"
    sentences.write_text("[[invariant]]".join(sentences.read_text().split("[[invariant]]")[:3]))
    record = json.loads(run("prove", "--folder", str(copy), "--json").output)
    mine = next(each for each in record["invariants"] if each["id"] == "opt-in-asks-first")
    assert record["holds"] is mine["holds"] is False
    assert mine["since"] is None, "today already"
    assert mine["person"] == {
        "purpose": "targeted-ads",
        "standing": {
            "presence": "eu",
            "choices": {"targeted-ads": "unset"},
            "objections": {},
            "restrictions": [],
            "signals": [],
            "age": "uncertified",
            "pending": [],
            "plan": "none",
            "features": [],
            "cases": [],
        },
    }


def test_prove_works_on_any_folder_and_by_another_s_invariants(run, tmp_path, folder):
    """One's own policy is proved by one's own sentences, or by those of the model."""
    own = tmp_path / "own"
    start(run, own)
    (own / "invariants.toml").unlink()
    missing = run("prove", "--folder", str(own))
    assert missing.exit_code == 1
    assert "invariants.toml:1: the file is missing" in missing.output
    assert run("prove", "--folder", str(own), "--by", str(folder)).exit_code == 0


def test_check_reads_examples_and_invariants_too(run, copy, change):
    """What only `test` or `prove` would read is mended in the same round."""
    change("cases/age.toml", 'expect = "denied"', 'expect = "no"')
    change("invariants.toml", 'then = "only-with"', 'then = "maybe"')
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    assert "cases/age.toml" in result.output
    assert "`maybe` is not one of the words allowed here" in result.output


def test_check_says_of_a_file_in_another_encoding_that_and_no_more(run, copy):
    """An editor that calls UTF-16 "Unicode" writes it so."""
    (copy / "policy.toml").write_text((copy / "policy.toml").read_text(), encoding="utf-16")
    said = run("check", "--folder", str(copy)).output
    assert "1 to mend" in said
    assert "policy.toml:1: the file is UTF-16" in said


@pytest.mark.parametrize(
    "name", ["check", "explain", "prove", "promises", "render", "test", "init"]
)
def test_every_command_teaches(run, name):
    """Each help has a summary and a paragraph that says what to do with it."""
    text = run(name, "--help").output
    assert len(text.split("Options:")[0].split("\n\n")) >= 3, text
