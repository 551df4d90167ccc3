"""A new country that data goes to is material, whatever the author of a version thinks (P7a)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.conftest import POLICY

from plainview.engine import Policy, differences, reached, unadmitted
from plainview.engine.differing.differences import weighed
from plainview.engine.differing.recipients import of_recipients
from plainview.privacy.authoring.cli import policy as command

COUNTRIES = ["NL", "US", "JP", "SG", "KR", "BR", "IN", "IE", "FR", "CH", "ZA"]
NEXT = 'name = "Copperline Payments"\nclause = "2.1.5"\nrole = "independent"\ncountry = "NL"'


def moved(places: dict[str, str]) -> Policy:
    """The policy with its recipients in these countries; one in none is not there."""
    found = {
        id_: msgspec.structs.replace(each, country=places[id_], also=())
        for id_, each in POLICY.recipients.items()
        if places.get(id_)
    }
    return msgspec.structs.replace(POLICY, recipients=found)


def somewhere() -> st.SearchStrategy[dict[str, str]]:
    place = st.sampled_from(["", *COUNTRIES])
    return st.fixed_dictionaries(dict.fromkeys(POLICY.recipients, place))


def countries(old: Policy, new: Policy):
    """The differences that are new countries."""
    found = [each for each in of_recipients(old, new) if each.kind == "country"]
    return [weighed(each, None, old, new) for each in found]


@given(somewhere(), somewhere())
def test_p7a_material_exactly_where_data_did_not_go_before(before, after):
    old, new = moved(before), moved(after)
    found = countries(old, new)
    assert {each.of for each in found} == set(reached(new)) - set(reached(old))
    assert all(each.material for each in found)
    for each in found:
        whom = {touched.partition("/")[2] for touched in each.touches}
        assert whom == set(each.recipients)
        assert unadmitted(each, new) == list(each.touches)
    assert not differences(new, new)


def test_neither_version_can_rule_out_that_it_is_material():
    old, new = moved({"copperline": "NL"}), moved({"copperline": "FR"})
    mute = msgspec.structs.replace(new, material={})
    (found,) = countries(old, mute)
    assert found.material
    older = msgspec.structs.replace(old, material={})
    (found,) = countries(older, mute)
    assert not found.material
    assert unadmitted(found, mute) == []


@pytest.mark.parametrize(
    "what",
    [
        ("purposes", "purpose-gone"),
        ("categories", "data-gone"),
        ("decisions", "decision-gone"),
        ("measures", "measure-gone"),
        ("programmes", "programme-gone"),
        ("recipients", "recipient-gone"),
    ],
)
def test_p11e_what_a_version_has_no_longer_is_said(what):
    table, kind = what
    gone, *_others = declared = getattr(POLICY, table)
    left = {id_: each for id_, each in declared.items() if id_ != gone}
    new = msgspec.structs.replace(POLICY, **{table: left, "fingerprint": "of another"})
    found = differences(POLICY, new)
    assert (kind, gone) in {(each.kind, each.of) for each in found}


def run(old: Path, new: Path):
    return CliRunner().invoke(command, ["diff", str(old), "--folder", str(new)])


@pytest.mark.slow
def test_p7a_the_command_asks_the_new_version_to_say_so(copy, change, folder):
    change("recipients.toml", NEXT, NEXT.replace("NL", "FR"))
    done = run(folder, copy)
    assert done.exit_code == 1
    assert "! Data goes to a country that it did not go to: France, by Copperline" in done.output
    assert "material, by the rule `country`: Data goes to a new country" in done.output
    assert 'touches = ["billing/copperline"]' in done.output
    change(
        "policy.toml",
        "[[change]]",
        '[[change]]\nsummary = "Payments in France."\nmaterial = true\n'
        'touches = ["billing/copperline"]\n\n[[change]]',
    )
    done = run(folder, copy)
    assert done.exit_code == 0, done.output
    assert run(folder, folder).output.startswith("nothing is different")


def test_p11d_a_name_that_ends_in_a_full_stop_ends_the_sentence(copy, change, folder):
    name = NEXT.replace("Payments", "Payments, Inc.")
    change("recipients.toml", NEXT, name.replace("NL", "FR"))
    said = run(folder, copy).output
    assert "by Copperline Payments, Inc.\n" in said and ".." not in said


def test_p11b_data_goes_by_its_words_and_not_by_the_name_in_the_files(copy, change, folder):
    watched = 'promises = ["P1.2.2b"]\nsources = ["use", "import"]'
    change("categories.toml", watched, watched.replace('"import"', '"import", "store"'))
    words = POLICY.text("categories.viewing.history")
    said = run(folder, copy).output
    assert words[0].upper() + words[1:] in said and "viewing.history" not in said
