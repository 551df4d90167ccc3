"""The places where one can live, by name: countries, and states or provinces where law differs."""

from __future__ import annotations

import functools
import re

from django.utils.translation import gettext_lazy as _

from plainview.platform import languages
from plainview.privacy.policies import in_force

Choices = tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...]
STATES = {
    "CA-AB": _("Alberta"),
    "CA-BC": _("British Columbia"),
    "CA-MB": _("Manitoba"),
    "CA-NB": _("New Brunswick"),
    "CA-NL": _("Newfoundland and Labrador"),
    "CA-NS": _("Nova Scotia"),
    "CA-NT": _("Northwest Territories"),
    "CA-NU": _("Nunavut"),
    "CA-ON": _("Ontario"),
    "CA-PE": _("Prince Edward Island"),
    "CA-QC": _("Québec"),
    "CA-SK": _("Saskatchewan"),
    "CA-YT": _("Yukon"),
    "US-AK": _("Alaska"),
    "US-AL": _("Alabama"),
    "US-AR": _("Arkansas"),
    "US-AZ": _("Arizona"),
    "US-CA": _("California"),
    "US-CO": _("Colorado"),
    "US-CT": _("Connecticut"),
    "US-DC": _("District of Columbia"),
    "US-DE": _("Delaware"),
    "US-FL": _("Florida"),
    "US-GA": _("Georgia (state)"),
    "US-HI": _("Hawaii"),
    "US-IA": _("Iowa"),
    "US-ID": _("Idaho"),
    "US-IL": _("Illinois"),
    "US-IN": _("Indiana"),
    "US-KS": _("Kansas"),
    "US-KY": _("Kentucky"),
    "US-LA": _("Louisiana"),
    "US-MA": _("Massachusetts"),
    "US-MD": _("Maryland"),
    "US-ME": _("Maine"),
    "US-MI": _("Michigan"),
    "US-MN": _("Minnesota"),
    "US-MO": _("Missouri"),
    "US-MS": _("Mississippi"),
    "US-MT": _("Montana"),
    "US-NC": _("North Carolina"),
    "US-ND": _("North Dakota"),
    "US-NE": _("Nebraska"),
    "US-NH": _("New Hampshire"),
    "US-NJ": _("New Jersey"),
    "US-NM": _("New Mexico"),
    "US-NV": _("Nevada"),
    "US-NY": _("New York"),
    "US-OH": _("Ohio"),
    "US-OK": _("Oklahoma"),
    "US-OR": _("Oregon"),
    "US-PA": _("Pennsylvania"),
    "US-RI": _("Rhode Island"),
    "US-SC": _("South Carolina"),
    "US-SD": _("South Dakota"),
    "US-TN": _("Tennessee"),
    "US-TX": _("Texas"),
    "US-UT": _("Utah"),
    "US-VA": _("Virginia"),
    "US-VT": _("Vermont"),
    "US-WA": _("Washington (state)"),
    "US-WI": _("Wisconsin"),
    "US-WV": _("West Virginia"),
    "US-WY": _("Wyoming"),
}

_THE = frozenset(
    {
        "AE", "AX", "BQ", "BS", "CA-NT", "CC", "CF", "CK", "DO", "FK", "FO", "GB", "GM", "GS", "HM",
        "IM", "IO", "KM", "KY", "MH", "MP", "MV", "NL", "PH", "PN", "PS", "SB", "SC", "TC", "TF",
        "UM", "US", "US-DC", "VG", "VI",
    }
)  # fmt: skip
"""Whose English names have an article."""
_BRACKETS = re.compile(r"\s*[(\uff08][^()]*[)\uff09]$")


def territory_name(code: str) -> str:
    """What a territory (`DE`, `US-AL`) is called in the language of the page.

    One that is in no list goes by the name of the law that is its alone, or whose id it is; else by
    its code.
    """
    if code in STATES:
        return str(STATES[code])
    return _countries(languages.current()).get(code) or _name_of_law(code) or code


def every_territory() -> dict[str, str]:
    """Code -> name in the language of the page, of every country, state and province with one."""
    return _countries(languages.current()) | {code: str(name) for code, name in STATES.items()}


def territory_in_a_sentence(code: str) -> str:
    """The same as a sentence says it: "in the United States", where English has an article.

    What CLDR puts in brackets behind a name is left out, unless another is called so without it.
    """
    name = territory_name(code)
    short = _BRACKETS.sub("", name)
    if (
        short != name
        and [_BRACKETS.sub("", each) for each in every_territory().values()].count(short) == 1
    ):
        name = short
    return with_article(name, code, languages.current())


def with_article(name: str, code: str, language: str) -> str:
    """The name of a territory with the article that it has in a language."""
    return f"the {name}" if code in _THE and language == "en" else name


def territory_of(code: str) -> str:
    """The territory that a law is named for (`DE` of `eu-de`), by which it counts; else `code`."""
    law = in_force().jurisdictions.get(code)
    if law is None or not law.places:
        return code
    first, *others = law.places
    return first if not others or law.id.upper().endswith(first) else code


def named_alike(territory: str) -> list[str]:
    """The codes under which a territory may stand in a row: its own, and that of its law."""
    laws = in_force().jurisdictions
    return [territory, *(id_ for id_ in laws if territory_of(id_) == territory)]


def territories() -> Choices:
    """Every territory of the policy for a list to choose from, in the order of their names.

    A country whose states or provinces have laws or ages of their own is a group of them.
    """
    return _territories(languages.current(), in_force().fingerprint)


@functools.lru_cache(maxsize=16)
def _territories(language: str, fingerprint: str) -> Choices:
    ruled = {code for law in in_force().jurisdictions.values() for code in law.places}
    parts = {code for code in ruled if code in STATES or ("-" in code and _name_of_law(code))}
    divided = {code.partition("-")[0] for code in parts}
    order = languages.alphabetical
    found: list[tuple[str, str | tuple[tuple[str, str], ...]]] = []
    for code, name in _countries(language).items():
        if code in divided:
            states = [(state, territory_name(state)) for state in parts]
            own = [each for each in states if each[0].startswith(f"{code}-")]
            found.append((name, tuple(sorted(own, key=lambda each: order(each[1])))))
        elif code in ruled:
            found.append((code, name))
    return tuple(sorted(found, key=lambda each: order(_shown(each))))


def _name_of_law(code: str) -> str:
    policy = in_force()
    own = [law.id for law in policy.jurisdictions.values() if law.places == (code,)]
    own += [code] if code in policy.jurisdictions else []
    return policy.text(f"jurisdictions.{own[0]}", languages.current()) if own else ""


@functools.lru_cache(maxsize=16)
def _countries(language: str) -> dict[str, str]:
    names = languages.locale(language).territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


def _shown(choice: tuple[str, str | tuple[tuple[str, str], ...]]) -> str:
    return choice[1] if isinstance(choice[1], str) else choice[0]
