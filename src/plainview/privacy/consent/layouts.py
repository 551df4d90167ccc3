"""A question as it was put, and what it looked like: drawn once for each wording, and kept.

A page is drawn by the very templates that show it, with nothing of how somebody had answered
before, and kept beside its style sheet, so that it can be looked at years later as it was, whatever
became of the templates (P1.1.5g).
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, ExtendsNode

from plainview.privacy.policies import in_force

TEMPLATES = (
    "privacy/affirm.html",
    "privacy/banner.html",
    "privacy/choice.html",
    "privacy/choices.html",
    "privacy/difference.html",
    "privacy/foot_opt_out.html",
    "privacy/mail/stop.html",
    "privacy/news.html",
    "privacy/opt_out.html",
    "privacy/service_messages.html",
    "privacy/why.html",
)
"""All that questions are shown by; a change of one is another layout."""
STYLE = "build/site.css"
UNKNOWN = "0" * 16
"""A layout that is no longer ours and that nobody answered: its looks are not kept."""
_STAMP = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person had before their eyes: words as rendered, in a language, under a law.

    `purposes` are those that it asks about, and `draw` makes the HTML that showed it; without, its
    words are all that is kept. `layout` is the version of how it looked, `wording` which of several
    fair wordings it was, where some are compared, and `surface` where it stood, if not where our
    form of its name does.
    """

    language: str
    jurisdiction: str
    text: str
    purposes: tuple[str, ...] = ()
    layout: str = ""
    wording: str = ""
    surface: str = ""
    draw: Callable[[], str] | None = field(default=None, compare=False)

    @property
    def words(self) -> str:
        """SHA-256 of the words and of the policy behind them."""
        parts = (in_force().fingerprint, self.language, self.jurisdiction, self.text)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

    @property
    def key(self) -> str:
        """What goes out with the form and comes back with the answer: the words and the layout."""
        return f"{self.words}.{self.layout or version()}"

    def as_answered(self, key: str | None) -> Question | None:
        """This question as a form showed it; None if the words are others.

        A page that was loaded before the layout changed was seen in that one.
        """
        stamp = _STAMP.fullmatch(key or "")
        if stamp is None or stamp[1] != self.words:
            return None
        return self if stamp[2] == version() else replace(self, layout=stamp[2], draw=None)


def about(answered: Iterable[str]) -> tuple[str, ...]:
    """The purposes that answers are about; one may be about a recipient or a topic beneath one."""
    known = in_force().purposes
    purposes = (id_.partition("/")[0] for id_ in answered)
    return tuple(dict.fromkeys(id_ for id_ in purposes if id_ in known))


@functools.cache
def style_sheet() -> str:
    """The style sheet of the pages of now; empty where none was built."""
    found = finders.find(STYLE)
    return Path(found).read_text() if found else ""


@functools.cache
def version() -> str:
    """The layout of now: a digest of the templates of questions and of the style sheet."""
    parts = [style_sheet()]
    for name in TEMPLATES:
        template: Any = get_template(name)
        parts.append(template.template.source)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[: len(UNKNOWN)]


def drawn(name: str, context: Mapping[str, Any]) -> str:
    """The HTML of a template by itself, of a page what stands inside its frame."""
    loaded: Any = get_template(name)
    template, made = loaded.template, Context(dict(context))
    with made.render_context.push_state(template), made.bind_template(template):
        framed = template.nodelist.get_nodes_by_type(ExtendsNode)
        if not framed:
            return str(template._render(made))
        blocks = BlockContext()
        blocks.add_blocks(framed[0].blocks)
        made.render_context[BLOCK_CONTEXT_KEY] = blocks
        return str(framed[0].blocks["content"].render(made))
