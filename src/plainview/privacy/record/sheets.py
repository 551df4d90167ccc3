"""Which sheets there are, and how each is made."""

from collections.abc import Callable

from plainview.engine import Policy
from plainview.platform.languages import speaking
from plainview.privacy.notice.speaking import Speaker
from plainview.privacy.record.assessing import impact, interests, transfers
from plainview.privacy.record.blocks import TITLES, Entry, Sheet
from plainview.privacy.record.processing import record

__all__ = ["NAMES", "Entry", "Sheet", "UnknownSheet", "sheet", "titles"]

_MAKERS: dict[str, Callable[[Speaker, str], Sheet]] = {
    "record": record,
    "interests": interests,
    "impact": impact,
    "transfers": transfers,
}
NAMES = tuple(_MAKERS)


class UnknownSheet(KeyError):
    """A sheet that there is not."""


def titles(language: str) -> list[tuple[str, str]]:
    """Return every sheet by name with its title, in a language."""
    with speaking(language):
        return [(name, str(TITLES[name])) for name in NAMES]


def sheet(
    policy: Policy,
    name: str = "record",
    language: str = "en",
    *,
    version: str = "",
    terms: bool = False,
) -> Sheet:
    """Return the record or an assessment of a policy, in a language. Raises UnknownSheet.

    `version` is the name under which the policy stands here, where its files say another. With
    `terms` each kind, basis and measure has its term of the Data Privacy Vocabulary beside it.
    """
    if name not in _MAKERS:
        raise UnknownSheet(name)
    with speaking(language):
        return _MAKERS[name](Speaker(policy, language, terms=terms), version or policy.version)
