"""What the desk writes: beginnings of answers in the requester's language, as the policy has them.

A text is found by the step that it goes with and the right that was asked for. `{details}` stays
for the officer, who says there what no template knows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from plainview.platform import languages
from plainview.privacy.policies import in_force
from plainview.privacy.requests import carrying

_BLANK = re.compile(r"\{\w+\}")
_LOOKS = ("know-confirm", "list-specific-third-parties", "list-third-party-categories",
          "shine-the-light", "financial-incentive-notice")  # fmt: skip
_COPIES = ("access", "portability")
_STOPS = ("object", "object-direct-marketing", "restrict", "withdraw-consent", "limit-sensitive")


class Template(NamedTuple):
    """A text of `answers.toml` by its key, its steps, and the rights it is for; none means all."""

    key: str
    steps: tuple[str, ...]
    rights: tuple[str, ...] = ()

    def fits(self, right: str) -> bool:
        """Whether it answers somebody who asked for `right`."""
        stops = right.startswith("optout-") and self.key == "stop"
        return not self.rights or right in self.rights or stops

    @property
    def name(self) -> str:
        """How the desk calls it, in the language of the page."""
        return in_force().text(f"answers.{self.key}.name", languages.current())


TEMPLATES = (
    Template("identity", ("ask-identity",)),
    Template("question", ("ask",)),
    Template("fee", ("ask",)),
    Template("longer", ("extend",)),
    Template("know", ("answer",), _LOOKS),
    Template("copy", ("answer",), _COPIES),
    Template("transmit", ("ask", "answer"), ("portability",)),
    Template("correct", ("answer",), ("correct",)),
    Template("delete", ("answer",), ("delete",)),
    Template("stop", ("answer",), _STOPS),
    Template("done", ("answer",)),
    Template("partly", ("answer",)),
    Template("nothing", ("answer", "refuse")),
    Template("refused", ("refuse",)),
    Template("upheld", ("settle",)),
    Template("stands", ("settle",)),
)
_BY_KEY = {each.key: each for each in TEMPLATES}


def fitting(step: str, right: str) -> list[Template]:
    """The templates for a step of a request for `right` (empty while nobody knows which)."""
    return [each for each in TEMPLATES if step in each.steps and (not right or each.fits(right))]


def begun(key: str, language: str, **facts: str) -> str:
    """The text of a template in a language (the policy's first where it has none).

    What `facts` do not fill in stands as `{name}`. Raises KeyError for a key of no template.
    """
    known = {name: value for name, value in facts.items() if value}
    known["address"] = carrying.straight()
    return in_force().text(f"answers.{_BY_KEY[key].key}.text", language, **known)


def unfilled(text: str) -> list[str]:
    """What still stands in a text to be filled in, as `{details}`."""
    return list(dict.fromkeys(_BLANK.findall(text)))
