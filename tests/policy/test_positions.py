"""Lines of keys are found in whatever TOML allows."""

import tomllib

from plainview.engine.positions import locate

TEXT = '''\
# comment = 1
title = "a # no comment"  # one
"quoted.key" = 1
dotted.inner = [
    "one",  # two
    { three = 3, four = [4,
        5] },
]
long = """
[not.a.table]
x = 1
"""
raw = \'\'\'
y = "
\'\'\'
when = 1979-05-27 07:32:00

[table."with.dot"]
a = \'b "c" \\\'
[[list]]
id = 1
[[list]]
id = 2
[[list.inner]]
deep = true
[list.tail]
end = { }
'''


def test_every_key_of_a_rich_text_is_found_on_its_line():
    """Comments, strings over lines, dotted and quoted keys, lists of tables."""
    tomllib.loads(TEXT)  # it is TOML
    lines = locate(TEXT)
    rows = TEXT.splitlines()
    expected = {
        ("title",): "title",
        ("quoted.key",): '"quoted.key"',
        ("dotted",): "dotted",
        ("dotted", "inner"): "dotted",
        ("dotted", "inner", 0): '    "one"',
        ("dotted", "inner", 1, "three"): "    { three",
        ("dotted", "inner", 1, "four", 1): "        5]",
        ("long",): "long",
        ("raw",): "raw",
        ("when",): "when",
        ("table", "with.dot", "a"): "a = ",
        ("list", 0, "id"): "id = 1",
        ("list", 1, "id"): "id = 2",
        ("list", 1, "inner", 0, "deep"): "deep",
        ("list", 1, "tail", "end"): "end",
    }
    for path, beginning in expected.items():
        assert rows[lines[path] - 1].startswith(beginning), path
    assert ("not",) not in lines
    assert ("x",) not in lines


def test_every_key_of_the_policy_is_found(folder):
    """No key of the real folder is without a line, and each line holds its key."""
    checked = 0
    for file in sorted(folder.rglob("*.toml")):
        text = file.read_text()
        lines = locate(text)
        rows = text.splitlines()
        for path in _paths((), tomllib.loads(text)):
            assert path in lines, (file, path)
            if isinstance(path[-1], str):
                assert path[-1] in rows[lines[path] - 1], (file, path)
                checked += 1
    assert checked > 1000


def _paths(path, value):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _paths((*path, key), inner)
