"""A fault in a file hides no other: what can be read is read, and lines keep their numbers."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FOLDER

from plainview.engine.parsing import parse

TEXT = '''\
a = 1
b = "open
c = [1,
  2,
d = 3
long = """
x = 1
y = 2
"""
only words
e = 4
[t]
k = 1
k = 2
[[r]]
id = 1
[[r]]
id = 2
z = nope
[r.inner]
q = 1
q = [
 1, 2
]
[t]
w = 1
[u
lost = 1
[v]
ok = 1
'''


def test_everything_that_can_be_read_is_read():
    """The first of two stands; what belongs to a header that can't be read is left out."""
    assert parse(TEXT).value == {
        "a": 1,
        "d": 3,
        "long": "x = 1\ny = 2\n",
        "e": 4,
        "t": {"k": 1},
        "r": [{"id": 1}, {"id": 2, "inner": {"q": 1}}],
        "v": {"ok": 1},
    }


def test_every_fault_is_named_on_its_line():
    """With the table it stands in."""
    said = [(fault.line, fault.table, fault.problem) for fault in parse(TEXT).faults]
    assert said == [
        (2, (), "a text is not closed on its line"),
        (3, (), "a list is not closed"),
        (10, (), "a key without `=`"),
        (14, ("t",), "`k` is written twice"),
        (19, ("r", 1), "a value that is none"),
        (22, ("r", 1, "inner"), "`q` is written twice"),
        (25, ("t",), "`[t]` stands twice"),
        (27, (), "a header is not closed"),
    ]


def test_lines_that_end_as_windows_ends_them_are_told_apart_likewise():
    """A carriage return at the end of each line changes neither what is read nor what is said."""
    windows = parse(TEXT.replace("\n", "\r\n"))
    assert (windows.value, windows.faults) == (parse(TEXT).value, parse(TEXT).faults)


@pytest.mark.parametrize(
    ("value", "problem"),
    [("1" * 5000, "a number longer than any"), ("[" * 5000, "a list or table is nested too deep")],
    ids=["digits", "brackets"],
)
def test_a_value_beyond_measure_is_a_fault_like_others(value, problem):
    parsed = parse(f"a = 1\nb = {value}\nc = 2\n")
    assert parsed.value == {"a": 1, "c": 2}
    assert [(fault.line, fault.problem) for fault in parsed.faults] == [(2, problem)]


def test_a_whole_file_is_as_the_parser_has_it(folder):
    """No file of the policy goes through the mender."""
    for file in folder.rglob("*.toml"):
        text = file.read_text()
        assert parse(text) == (tomllib.loads(text), text, [])


def test_of_many_names_that_stand_twice_fifty_are_told_and_the_rest_is_left():
    parsed = parse("first = 1\n" + "same = 2\n" * 60 + "last = 3\n")
    assert parsed.value == {"first": 1, "same": 2}
    *told, more = parsed.faults
    assert {(each.problem, each.lost) for each in told} == {("`same` is written twice", False)}
    assert [each.line for each in told] == list(range(3, 53))
    assert (more.line, more.table, more.lost) == (53, (), True)
    assert more.problem == "more names stand twice, and nothing from here on was read"


FILES = sorted((FOLDER / "purposes").glob("*.toml"))


@settings(max_examples=many(60), deadline=None)
@given(
    file=st.sampled_from(FILES),
    at=st.integers(0, 2000),
    put=st.text(st.sampled_from("\"'[]{}=,.\n\r #\\aé\0"), max_size=4),
    cut=st.integers(0, 12),
)
def test_no_text_is_too_broken(file, at, put, cut):
    """Cut a file and put anything in: the mender ends, and says something unless it is TOML."""
    text = file.read_text()
    at %= len(text)
    broken = text[:at] + put + text[at + cut :]
    parsed = parse(broken)
    assert tomllib.loads(parsed.text) == parsed.value
    assert parsed.text.count("\n") == broken.count("\n")
    try:
        assert parsed.value == tomllib.loads(broken)
    except tomllib.TOMLDecodeError:
        assert parsed.faults
        assert all(1 <= fault.line <= broken.count("\n") + 1 for fault in parsed.faults)
