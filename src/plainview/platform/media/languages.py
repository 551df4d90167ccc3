"""Names languages the way the web does: BCP 47 tags, and each by its own name."""

import babel


def tag(declared: str) -> str:
    """The BCP 47 tag of a language as a film declares it (`ger`, `pt_BR`), "" when unknown."""
    import langcodes  # noqa: PLC0415 - a tenth of a second, only where a film is taken in

    try:
        standard = langcodes.standardize_tag(declared.replace("_", "-"))
    except ValueError:
        return ""
    return "" if standard in ("und", "mul", "zxx", "mis") else standard


def own_name(language: str) -> str:
    """What speakers of a language call it, with a capital where they have one; else the tag."""
    try:
        name = babel.Locale.parse(language, sep="-").display_name
    except (babel.UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else language
