"""Editors are told the truth: the schemas accept what the reader accepts, and refuse its slips."""

import datetime as dt
import json
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from plainview.engine.schemas import FILES, schema_of
from plainview.privacy.authoring.cli import policy as command

KINDS = {
    "string": (str, dt.date, dt.time),
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def wrong(value, schema, whole) -> list[str]:
    """Return what is wrong with a value by a schema: as much of JSON Schema as ours use."""
    if "$ref" in schema:
        return wrong(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        options = [wrong(value, each, whole) for each in schema["anyOf"]]
        return [] if [] in options else min(options, key=len)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{value!r} is none of the words"]
    known = {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "format",
        "uniqueItems",
    }
    known |= {"minItems", "maxItems"}
    told = {"title", "description", "$schema", "$id", "$defs", "default"}
    assert set(schema) <= known | told, set(schema) - known - told
    if not isinstance(value, KINDS[schema["type"]]) or (
        schema["type"] == "integer" and isinstance(value, bool)
    ):
        return [f"{value!r} is no {schema['type']}"]
    found = []
    if isinstance(value, list):
        items = schema["items"]
        forms = items if isinstance(items, list) else [items] * len(value)
        found += ["not so many"] * (len(value) > schema.get("maxItems", len(value)))
        for each, form in zip(value, forms, strict=False):
            found += wrong(each, form, whole)
    if isinstance(value, dict):
        found += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        rest = schema.get("additionalProperties", {})
        for key, inner in value.items():
            if key in schema.get("properties", ()):
                found += wrong(inner, schema["properties"][key], whole)
            elif rest is False:
                found.append(f"{key} is unknown")
            else:
                found += wrong(inner, rest, whole)
    return found


def files(folder: Path) -> list[str]:
    """Every file of the policy that holds declarations."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.toml"))
    return sorted(file for file in found if not file.startswith("texts/"))


@pytest.mark.slow
def test_every_file_has_a_schema_and_keeps_it(folder):
    """A file that is new needs a line in `engine.schemas.FILES`; here it would be named."""
    for file in files(folder):
        schema = schema_of(file)
        assert wrong(tomllib.loads((folder / file).read_text()), schema, schema) == [], file


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("purposes/recommend.toml", "clause =", "clauze =", "clauze is unknown"),
        ("purposes/recommend.toml", "bit = 17", 'bit = "17"', "'17' is no integer"),
        ("purposes/recommend.toml", 'kind = "personalise"\n', "", "kind is missing"),
        ("recipients.toml", '"advertiser"', '"buyer"', "'buyer' is none of the words"),
        ("jurisdictions/row.toml", 'advertising = "consent"', 'advertising = "yes"', "none of the"),
        ("rules.toml", "pending = true", 'pending = "yes"', "'yes' is no boolean"),
        ("invariants.toml", 'then = "denied"', 'then = "forbidden"', "'forbidden' is none of"),
        ("cases/age.toml", 'age = "minor"', 'age = "child"', "'child' is none of the words"),
    ],
)
def test_a_slip_is_underlined(folder, file, old, new, said):
    """What the reader would refuse, the schema refuses."""
    text = (folder / file).read_text()
    assert old in text
    schema = schema_of(file)
    found = wrong(tomllib.loads(text.replace(old, new, 1)), schema, schema)
    assert any(said in each for each in found), found


def test_a_key_says_what_it_means():
    """From the words beside the declaration."""
    purpose = schema_of("purposes/recommend.toml")["$defs"]["Purpose"]
    assert purpose["properties"]["bit"]["description"].startswith("`bit` is its place in")
    assert "id" not in purpose["properties"]
    assert purpose["additionalProperties"] is False


def run(folder: Path, *words: str):
    """`plainview policy schema` on a folder."""
    return CliRunner().invoke(command, ["schema", "--folder", str(folder), *words])


def test_schemas_are_written_once_and_checked(copy):
    """Written, they are fresh; what changes is named, and nothing else is written."""
    shutil.rmtree(copy / "schema", ignore_errors=True)
    file = copy / "purposes" / "recommend.toml"
    before = file.read_text().removeprefix("#:schema ../schema/purpose.json\n")
    file.write_text(before)
    stale = run(copy, "--check")
    assert stale.exit_code == 1
    assert "`schema/purpose.json`" in stale.output
    assert "`purposes/recommend.toml`" in stale.output
    assert run(copy, "--write").exit_code == 0
    assert file.read_text() == "#:schema ../schema/purpose.json\n" + before
    assert (copy / "policy.toml").read_text().startswith("#:schema ./schema/policy.json\n")
    assert json.loads((copy / "schema" / "purpose.json").read_text()) == schema_of(
        "purposes/recommend.toml"
    )
    assert run(copy, "--check").output == "fresh\n"
    assert run(copy, "--write").output == "0 files written\n"


def test_a_schema_is_printed_for_one_file(copy):
    """Or the list of them; a file that has none says which have."""
    assert json.loads(run(copy, "rules.toml").output)["title"] == "RuleBook"
    assert len(run(copy).output.splitlines()) == len(FILES)
    none = run(copy, "texts/en/because.toml")
    assert none.exit_code == 1
    assert "no schema for `texts/en/because.toml`; there are some for `policy.toml`" in none.output
