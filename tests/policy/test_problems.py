"""A broken policy says what is wrong, where, and what to do: all of it, at once.

The cases stand in `broken/`, by what of the policy they break.
"""

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.policy.conftest import FILES

from plainview.engine import PolicyErrors, load, overdue

pytestmark = pytest.mark.slow

RECOMMEND = "purposes/recommend.toml"


class Broken(NamedTuple):
    """What stands in a file, what is written instead, and what is said of it then."""

    file: str
    old: str
    new: str
    where: str
    line: str | None = None
    key: str | None = None
    problem: str | None = None
    help: str | None = None


BROKEN = {
    name: Broken(**({"where": case["file"]} | case))
    for topic in sorted(Path(__file__).with_name("broken").glob("*.toml"))
    for name, case in tomllib.loads(topic.read_text()).items()
}


def rounds() -> list[list[str]]:
    """The cases by what is broken at once: in each round no two in one table, or about one.

    What makes other things unknown stands apart: categories, and a table under another name.
    """
    found: list[tuple[set[object], list[str]]] = []
    for name, (file, old, _, where, _, key, problem, _) in BROKEN.items():
        above = re.findall(r"^\[+([^\]]+)", FILES[file].decode().partition(old)[0], re.MULTILINE)
        at: set[object] = {(file, "".join(above[-1:]).partition(".safeguard")[0])}
        at.add((where, ".".join((key or "").split(".")[:2])))
        if file == "categories.toml" or "categor" in (problem or ""):
            at.add("categories")
        renames = old.startswith("[")
        fit = (each for each in found if not renames and each[0].isdisjoint(at | {"alone"}))
        others, names = next(fit, ({"alone"} if renames else set(), []))
        if not names:
            found.append((others, names))
        others |= at
        names.append(name)
    return [names for _, names in found]


@pytest.mark.parametrize("names", rounds(), ids=lambda names: f"{names[0]} and {len(names) - 1}")
def test_a_broken_policy_names_place_problem_and_remedy(names):
    """P2.11d: a policy that does not hold together does not load, and says why."""
    files = dict(FILES)
    for file, old, new, *_ in map(BROKEN.get, names):
        text = files[file].decode()
        assert old in text
        files[file] = text.replace(old, new, 1).encode()
    with pytest.raises(PolicyErrors) as caught:
        load(files)
    everything = caught.value.problems
    for *_, where, line, key, problem, remedy in map(BROKEN.get, names):
        found = [one for one in everything if one.file == where]
        if problem is None:  # more than one thing follows; that it is refused there is enough
            assert found
            continue
        mine = [one for one in found if (one.key, one.problem) == (key, problem)]
        assert mine, "\n".join(map(str, (problem, *everything)))
        assert remedy is None or mine[0].remedy == remedy
        written = files[where].decode().splitlines()[mine[0].line - 1]
        assert line is None or line in written


def test_the_copy_is_whole_before_it_is_broken(problems):
    """What the table breaks was not broken before."""
    assert problems() == []


def test_all_problems_come_at_once_sorted_by_place(change, problems):
    """Whoever mends a policy reads one list, not one problem after the other."""
    change(RECOMMEND, "bit = 17", "bit = 16")
    change("recipients.toml", 'role = "advertiser"', 'role = "buyer"')
    change("jurisdictions/row.toml", 'marketing = "consent"\n', "")
    change("texts/en/rights.toml", "access = ", "acess = ")
    found = problems()
    assert {problem.file for problem in found} >= {
        RECOMMEND,
        "recipients.toml",
        "purposes/marketing-email.toml",
        "texts/en/rights.toml",
    }
    assert found == sorted(found)


def test_two_files_of_which_nothing_can_be_read_are_both_named(copy, problems):
    """A file that can't be parsed hides no other such file, and is not guessed about."""
    for file in ("categories.toml", RECOMMEND):
        (copy / file).write_text("name = \n")
    found = problems()
    assert [(problem.file, problem.line) for problem in found] == [
        ("categories.toml", 1),
        (RECOMMEND, 1),
    ]


def test_missing_files_are_named(copy, problems):
    """An empty folder says which files a policy needs."""
    for path in sorted(copy.rglob("*.toml")):
        path.unlink()
    named = {problem.file for problem in problems()}
    wanted = {"policy", "rules", "categories", "recipients", "rights", "retention"}
    assert named >= {f"{name}.toml" for name in wanted}


def test_more_purposes_than_one_integer_holds(copy, problems):
    """gate.md: at most 62 purposes, checked at load."""
    text = (copy / "purposes" / "browse.toml").read_text()
    for n in range(62 - 56 + 1):
        body = text.replace("purpose.browse", f"purpose.browse{n}").replace(
            "bit = 0", f"bit = {56 + n}"
        )
        (copy / "purposes" / f"browse{n}.toml").write_text(body)
    said = {problem.problem for problem in problems()}
    assert "63 purposes, and one integer holds 62" in said


def test_a_whole_policy_is_not_touched_by_a_failed_load(policy, change, copy):
    """A running service keeps what it had: loading returns a new policy or raises."""
    kept = load(copy)
    change(RECOMMEND, "bit = 17", "bit = 16")
    with pytest.raises(PolicyErrors):
        load(copy)
    assert kept.fingerprint == policy.fingerprint
    assert kept.bit("recommend") == 17


def test_the_fingerprint_follows_content_not_form(copy, change):
    """P11a: comments, order and spacing leave it; a word changes it; examples are no part of it."""
    before = load(copy).fingerprint
    file = copy / RECOMMEND
    file.write_text("# a comment\n\n" + file.read_text().replace(" = ", "   =  "))
    (copy / "cases" / "more.toml").write_text("case = []\n")
    assert load(copy).fingerprint == before
    change("texts/en/purposes.toml", "To put first what you may like", "To put what you may like")
    assert load(copy).fingerprint != before


def test_p3_1_3g_reviews_fall_due(folder):
    """P3.1.3g, P7b: an assessment or safeguard past its date is named, with its line."""
    assert overdue(folder, dt.date(2026, 11, 20)) == []
    due = overdue(folder, dt.date(2027, 10, 6))
    assert {problem.key for problem in due} >= {
        "purpose.recommend.assessment.review",
        "recipient.kestrel.safeguard[0].review",
    }
    text = (folder / RECOMMEND).read_text().splitlines()
    mine = next(problem for problem in due if problem.file == RECOMMEND)
    assert text[mine.line - 1].startswith("review = ")


def test_errors_are_written_in_the_house_style(problems, change):
    """Lower-case, no full stop, in problem and remedy alike."""
    for broken in BROKEN.values():
        for said in filter(None, (broken.problem, broken.help)):
            assert said[0] == "`" or said[0] == said[0].lower() or said[0].isdigit()
            assert not said.endswith(".")
    change(RECOMMEND, "bit = 17", "bit = 16")
    [first, *_] = problems()
    assert str(first).startswith(f"{RECOMMEND}:6: purpose.recommend.bit: bit `16` belongs to")
    assert "\n  help: " in str(first)
