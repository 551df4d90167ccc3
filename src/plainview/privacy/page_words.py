"""The words that pages say whatever a policy declares, held against those of an operator's folder.

`load` asks for the words of declarations. Headings, buttons and the heads of tables belong to the
pages: the folder that comes with the product has each of them. A folder begun with an earlier
version, and a policy that was in force under one, may lack some; there the product's own stand in.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from plainview.engine import Policy, Problem, sentences_of

FILES = ("choices", "notice")
STANDING = (
    *FILES, "answers", "because", "changes", "guards", "headings", "held", "officer", "reasons",
    "safeguards",
)  # fmt: skip
"""Files whose words are the product's: those of pages, and of what it decides and explains."""
_DECLARED = ("choices.kind.", "notice.covers.", "notice.kinds.", "notice.means.")


@cache
def standing(language: str) -> Mapping[str, str]:
    """The product's own words in a language, by key; none in one that it does not speak."""
    said = sentences_of(Path(settings.SHIPPED_POLICY), language, STANDING)
    return {key: words for key, words in said.items() if not key.startswith(_DECLARED)}


def missing(policy: Policy) -> list[Problem]:
    """Return a problem for each word that pages say and a policy lacks.

    Asked for in the policy's first language, which stands in for the others.
    """
    first = policy.head.languages[0]
    words = policy.words[first]
    found = []
    for key, said in (standing(first) or standing("en")).items():
        file, _, rest = key.partition(".")
        said_by_them = "" if key in words.ours else words.sentences.get(key, "")
        if file in FILES and not said_by_them.strip():
            remedy = f"add `{rest} = {json.dumps(said, ensure_ascii=False)}`, in your own words"
            found.append(Problem(f"texts/{first}/{file}.toml", 1, rest, "pages say this", remedy))
    return found
