"""A place of a policy where nothing optional is done, so that there is nothing to refuse."""

from __future__ import annotations

from pathlib import Path

PLACE, LAW = "SG", "sg"
RULE = """
[[rule]]
id = "nothing-optional"
for = { kinds = ["personalise", "understand", "internal", "marketing", "research", "advertising", "storage", "feeds"] }
deny = true
when = { place = ["sg"] }
"""  # noqa: E501


def without_choices(folder: Path) -> Path:
    """The policy in `folder`, changed so that an operator does nothing optional in one place."""
    with (folder / "rules.toml").open("a") as file:
        file.write(RULE)
    for words in folder.glob("texts/*/because.toml"):
        text = words.read_text()
        reason = 'nothing-optional = "Nobody does this where you are: {purpose}."\n'
        words.write_text(text.replace("[denied]\n", f"[denied]\n{reason}", 1))
    return folder
