"""`plainview policy remove`: an operator takes out what they do not do, and the rest stays."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.policy.conftest import POLICY

from plainview.engine import load, load_cases, load_invariants
from plainview.privacy.authoring.cutting import cut
from plainview.privacy.consent import storage
from plainview.privacy.notice import blocks_of, compose, reader, to_markdown

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
DECLARED = {
    "law": POLICY.jurisdictions,
    "purpose": POLICY.purposes,
    "recipient": POLICY.recipients,
    "category": POLICY.categories,
    "decision": POLICY.decisions,
    "programme": POLICY.programmes,
    "measure": POLICY.measures,
    "right": POLICY.rights,
    "language": POLICY.head.languages,
    "clause": [
        f"{each.id}/{clause.id}" for each in POLICY.documents.values() for clause in each.clauses
    ],
}
WORDS_OF = {"law": "jurisdictions", "purpose": "purposes", "recipient": "recipients",
    "category": "categories", "decision": "decisions", "programme": "programmes",
    "measure": "measures", "right": "rights"}  # fmt: skip
OUTSIDE = [id_ for id_ in POLICY.jurisdictions if not id_.startswith(("eu", "row", "unknown"))]
ADVERTISING = [
    *(id_ for id_, each in POLICY.purposes.items() if each.kind == "advertising"),
    "advertising-storage",
]


@pytest.mark.sample(6)
@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in DECLARED.items() for name in names]
)
def test_p0h_what_is_removed_leaves_a_policy_or_is_refused(run, copy, kind, name):
    """P0h: a folder without it loads, says no word of it, and composes; or nothing is written."""
    before = contents(copy)
    result = run("remove", kind, name, "--folder", str(copy))
    after = contents(copy)
    if result.exit_code:
        assert "Error: " in result.output
        assert isinstance(result.exception, SystemExit)
        assert after == before
        return
    policy = load(copy, storage.declared())
    load_cases(copy, policy)
    load_invariants(copy, policy)
    assert after.keys() <= before.keys()
    for file in after:
        if file.endswith(".toml"):
            old, new = (tomllib.loads(each[file].decode()) for each in (before, after))
            assert is_less(new, old), file
            assert is_ordered(after[file].decode().splitlines(), before[file].decode()), file
    if kind in WORDS_OF:
        gone = f"{WORDS_OF[kind]}.{name}"
        for words in policy.words.values():
            assert not [key for key in words.places if key == gone or key.startswith(f"{gone}.")]
    for language in policy.head.languages[:2]:
        assert to_markdown(blocks_of(compose(policy, language)))


def test_p0h_a_festival_in_the_union_takes_out_what_it_does_not_do(run, copy):
    """P0h: the laws outside the Union and all advertising go in two commands, and `prove` holds."""
    for kind, names in (("law", OUTSIDE), ("purpose", ADVERTISING)):
        result = run("remove", kind, *names, "--folder", str(copy))
        assert result.exit_code == 0, result.output
    policy = load(copy, storage.declared())
    assert all(id_.startswith(("eu", "row", "unknown")) for id_ in policy.jurisdictions)
    assert not [each for each in policy.purposes.values() if each.kind == "advertising"]
    assert "kestrel" not in policy.recipients
    assert "California" not in (copy / "texts/en/jurisdictions.toml").read_text()
    assert "uk-gdpr" not in (copy / "recipients.toml").read_text()
    assert run("prove", "--folder", str(copy)).exit_code == 0
    over = next(line for line in result.output.splitlines() if "may speak of" in line)
    assert "texts/*/privacy.toml" in over
    assert "clauses.cookie-choice" in over, "prose about advertising is listed"
    for language, word in (("en", "advertis"), ("ja", "広告")):
        assert word not in reader(policy, language, presence="DE").asked.lower()
        cookies = to_markdown(blocks_of(compose(policy, language, "cookies")))
        assert word not in cookies.lower()


def test_p1_2_6c_the_notice_lists_what_cookies_may_be_for(run, copy):
    """P1.2.6c: a purpose less is a line less, and what is asked is headed by what is left."""
    kept = [id_ for id_, each in POLICY.purposes.items() if each.kind == "storage"]
    names = [POLICY.text(f"purposes.{id_}.name", "en") for id_ in kept]
    before = to_markdown(blocks_of(compose(POLICY, "en")))
    assert "\n".join(f"- {name}" for name in names) in before
    assert "| Place | Mail, advertising, and cookies | Authority |" in before
    advertising = [id_ for id_, each in POLICY.purposes.items() if each.kind == "advertising"]
    result = run("remove", "purpose", *kept[1:], *advertising, "--folder", str(copy))
    assert result.exit_code == 0, result.output
    after = to_markdown(blocks_of(compose(load(copy, storage.declared()), "en")))
    assert f"- {names[0]}" in after
    assert not [name for name in names[1:] if name in after]
    assert "| Place | Mail and cookies | Authority |" in after


def test_p0h_what_people_must_read_over_is_named(run, copy):
    """P0h: sentences that still speak of a law, and countries that have none, are listed."""
    result = run("remove", "law", "br", "--folder", str(copy))
    assert "texts/*/privacy.toml: clauses.case-grounds-br speaks of “Brazil”" in result.output
    assert "no law has BR: whoever lives there can't have an account" in result.output
    assert "retention.toml: must_keep.connection-logs-br, must_keep.tax-br" in result.output


def test_p0h_the_last_of_a_kind_leaves_no_words(run, copy):
    """P0h: where no programme is left, the words of the last go too."""
    programmes = list(POLICY.programmes)
    result = run("remove", "programme", *programmes, "--folder", str(copy))
    assert result.exit_code == 0, result.output
    for words in load(copy, storage.declared()).words.values():
        assert not [key for key in words.places if key.startswith("programmes.")]


def test_a_dry_run_says_the_same_and_writes_nothing(run, copy):
    """What would go is listed, and every file stays."""
    before = contents(copy)
    said = run("remove", "language", "fr", "--folder", str(copy), "--dry-run")
    assert contents(copy) == before
    done = run("remove", "language", "fr", "--folder", str(copy))
    assert said.output.splitlines()[:2] == done.output.splitlines()[:2]
    assert not (copy / "texts/fr").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("law us-zz", "no law `us-zz`"),
        ("law eu", "law `eu` is the parent of eu-at, eu-be"),
        ("law unknown", "law `unknown` says what holds where nobody knows the place"),
        ("language en", "language `en` leads"),
        ("recipient {mail}", "carries the mail; let another do so first"),
        ("purpose browse", "names purpose browse, which the policy does not have"),
        ("purpose recognition-storage", "the software names purpose recognition-storage"),
        ("purpose legal", "the software names purpose legal"),
        ("category contact.email", "contact.email"),
    ],
)
def test_what_others_stand_on_is_refused(run, copy, words, said):
    """It says what stands in the way, and no file is written."""
    before = contents(copy)
    mail = next(id_ for id_, each in POLICY.recipients.items() if each.carries == "mail")
    result = run("remove", *words.format(mail=mail).split(), "--folder", str(copy))
    assert result.exit_code == 1
    assert said in result.output
    assert contents(copy) == before


def test_only_what_stands_in_the_way_is_named(run, copy):
    """A list that may not be empty is named alone, not with all that would have gone by itself."""
    result = run("remove", "purpose", "verification", "--folder", str(copy))
    assert result.exit_code == 1
    assert "Error: 1 to mend" in result.output
    assert "sensitive.identity-evidence.only[0]" in result.output


def test_a_folder_with_faults_is_mended_first(run, change, copy):
    """What is not sound before is not edited."""
    change("purposes/recommend.toml", "bit = 17", "bit = 16")
    before = contents(copy)
    result = run("remove", "language", "fr", "--folder", str(copy))
    assert result.exit_code == 1
    assert "purposes/recommend.toml:6: purpose.recommend.bit" in result.output
    assert contents(copy) == before


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        ('a = ["x", "y", "z"] # why\n', ("a", 1), 'a = ["x", "z"] # why\n'),
        ('a = ["x", "y"]\n', ("a", 1), 'a = ["x"]\n'),
        ('a = ["x"]\n', ("a", 0), "a = []\n"),
        ('a = [\n    "x", "y",\n    "z",\n]\n', ("a", 2), 'a = [\n    "x", "y",\n]\n'),
        ('a = [\n    "x",\n    "z",\n]\n', ("a", 0), 'a = [\n    "z",\n]\n'),
        ("a = { b = 1, c = 2 }\n", ("a", "c"), "a = { b = 1 }\n"),
        ("a = { b = 1, c = 2 }\n", ("a", "b"), "a = { c = 2 }\n"),
        ("# both\na = 1\nb = 2\n", ("a",), "# both\nb = 2\n"),
        ("# head\n\n# of a\na = 1\n\n# of b\nb = 2\n", ("a",), "# head\n\n# of b\nb = 2\n"),
        ("#:schema x\n[a]\nb = 1\n\n[c]\n", ("a",), "#:schema x\n[c]\n"),
        ("[a]\nb = 1\n\n[a.c]\nd = 1\n\n# e's\n[e]\n", ("a",), "# e's\n[e]\n"),
        ("[a]\nb = 1\n\n[c]\n[a.d]\nx = 1\n", ("a",), "[c]\n"),
        ('[[a]]\nx = """\n[[a]]\n"""\n\n[[a]]\ny = 1\n', ("a", 0), "[[a]]\ny = 1\n"),
        ('[a]\n"b.c" = 1\nd.e = 2\nd.f = 3\n', ("a", "d", "e"), '[a]\n"b.c" = 1\nd.f = 3\n'),
        ("a = 1\n", ("b",), "a = 1\n"),
    ],
)
def test_only_what_is_named_is_cut(text, path, left):
    """Remarks, order and spacing of the rest stay as somebody wrote them."""
    assert cut(text, [path]) == left
    tomllib.loads(left)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by name."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def is_less(new: Any, old: Any) -> bool:
    """Whether a value is another of which something was left out."""
    if isinstance(new, dict) and isinstance(old, dict):
        return all(key in old and is_less(new[key], old[key]) for key in new)
    if isinstance(new, list) and isinstance(old, list):
        rest = iter(old)
        return all(any(is_less(each, other) for other in rest) for each in new)
    return bool(new == old)


def is_ordered(lines: list[str], before: str) -> bool:
    """Whether remarks of a text stand in the order they stood in."""
    rest = iter(before.splitlines())
    return all(line in rest for line in lines if line.startswith("#"))
