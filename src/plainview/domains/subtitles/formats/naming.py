"""Languages by the name that they give themselves."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError


def own_name(tag: str) -> str:
    """The name of a language in that language, as players list it: `한국어`, `Español`.

    The tag itself for a language whose own name is not known.
    """
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    name = locale.get_display_name(locale) or tag
    return name[:1].upper() + name[1:]
