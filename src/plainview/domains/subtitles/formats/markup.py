"""Cue text: the part of WebVTT's markup that Plainview keeps, made canonical.

Inside, a cue is a list of runs: a piece of text with the tags around it, outermost first. Every
format is read into runs, and only `compose` turns runs into text, so no tag, entity or control
character reaches a page that wasn't put there by this module.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from plainview.domains.subtitles.formats import colours

Layer = tuple[str, str]
"""A tag and what it says: ("v", "Ann"), ("lang", "fr"), ("c", "yellow"), ("b", "")."""
Run = tuple[tuple[Layer, ...], str]

MAX_CHARACTERS = 2000
"""Of one cue; more is no subtitle."""

DEEPEST = 64
"""Tags open at once; what opens within them is left out. People nest three or four."""

_ORDER = ("v", "lang", "c", "ruby", "rt", "b", "i", "u")
_TAG = re.compile(r"<(/?)([A-Za-z]{0,8})([^<>]{0,600})>")
_CLASS = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}")
_SAYS = frozenset({"v", "lang", "c"})
"""Tags that are nothing without what they say."""
_ONE = frozenset({"v", "lang"})
"""Tags of which only the innermost holds."""
_KNOWN_HTML = frozenset({"font", "span", "s", "strike", "em", "strong", "p", "div"})
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
# Control characters, embeddings and overrides of direction, noncharacters and surrogates.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BLANKS = " \t\n"
"""Those that canonical text has one of, and none at the ends of a line."""
_UNTIDY = re.compile(r"[ \t\n]{2}|\t")
_PIECE = re.compile(r"[ \t\n]+|[^ \t\n]+")


def clean(text: str) -> str:
    """The text without characters that have no business in a subtitle; line ends are \\n."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", _LINE_END.sub("\n", text)))


def parse(text: str, *, html_like: bool = False) -> list[Run]:
    """Runs of marked-up text.

    WebVTT leaves out the tags it doesn't know. SRT (`html_like`) has no rule: tags of known
    styling are left out, anything else between < and > is what somebody says, and kept as text.
    """
    runs: list[Run] = []
    open_layers: list[Layer] = []
    rubies = 0
    at = 0
    for tag in _TAG.finditer(text):
        closing, name, rest = tag[1] == "/", tag[2].lower(), tag[3]
        known = name in _ORDER or name in _KNOWN_HTML
        if html_like and (not known or (rest and rest[0] not in " \t./=\n")):
            continue
        if at < tag.start():
            runs.append((ordered(open_layers), _unescape(text[at : tag.start()])))
        at = tag.end()
        name = {"em": "i", "strong": "b", "font": "c" if html_like else name}.get(name, name)
        if name not in _ORDER:
            continue
        if closing:
            _close(open_layers, name)
        elif len(open_layers) >= DEEPEST:
            continue
        elif name == "v":
            _close(open_layers, "v")
            open_layers.append(("v", voice_name(rest)))
        elif name == "c":
            coloured = tag[2].lower() == "font"
            says = colours.class_of_font(rest) if coloured else class_names(rest[1:])
            open_layers.append(("c", says))
        elif name == "lang":
            open_layers.append(("lang", language_name(rest)))
        elif name == "ruby":
            rubies += 1
            _close(open_layers, "ruby")
            open_layers.append(("ruby", str(rubies)))
        elif name != "rt" or any(layer[0] == "ruby" for layer in open_layers):
            open_layers.append((name, ""))
    runs.append((ordered(open_layers), _unescape(text[at:])))
    return runs


def voice_name(annotation: str) -> str:
    """The speaker in a voice tag's annotation (`.loud Ann` names Ann), on one line, at most 100.

    It never ends in hyphens, which would make an arrow with the end of the tag.
    """
    if annotation.startswith("."):
        annotation = annotation.partition(" ")[2]
    name = _unescape(clean(annotation)).replace("\n", " ")
    return " ".join(clean(name).split())[:100].rstrip("- ")


def class_names(text: str) -> str:
    """The classes in `red.loud`, those of letters, digits and hyphens, at most four; else ""."""
    return ".".join([each for each in text.split(".") if _CLASS.fullmatch(each)][:4])


def language_name(text: str) -> str:
    """The language in a lang tag's annotation, if it looks like a BCP 47 tag; else ""."""
    found = _LANGUAGE.fullmatch(text.strip())
    return found[0] if found else ""


def compose(runs: Iterable[Run]) -> str:
    """Canonical cue text of runs: no blank lines, single spaces, tags closed in order.

    Empty if nothing is to be seen. `compose(parse(text)) == text` for all text it returns.
    """
    written: list[str] = []
    now: tuple[Layer, ...] = ()
    for layers, text in _tidy(runs):
        if layers != now:
            shared = 0
            while shared < min(len(now), len(layers)) and now[shared] == layers[shared]:
                shared += 1
            if shared < len(now):
                written += [f"</{name}>" for name, _ in reversed(now[shared:])]
            if shared < len(layers):
                written += [_opening(layer) for layer in layers[shared:]]
            now = layers
        written.append(escape(text))
    written += [f"</{name}>" for name, _ in reversed(now)]
    return "".join(written)


def is_overlong(runs: Iterable[Run]) -> bool:
    """Whether `compose` cuts these runs, since they say more than MAX_CHARACTERS."""
    pieces = [text for _layers, text in runs]
    if sum(map(len, pieces)) <= MAX_CHARACTERS:
        return False
    return sum(len(re.sub(r"[ \t\n]", "", clean(text))) for text in pieces) > MAX_CHARACTERS


def plain_text(text: str) -> str:
    """Cue text as people read it: without tags, entities as characters, ruby glosses left out."""
    return "".join(piece for layers, piece in parse(text) if ("rt", "") not in layers)


def canonical(text: str) -> str:
    """Cue text made canonical and safe, whatever it was."""
    return compose(parse(clean(text)))


def editable(text: str) -> str:
    """Canonical cue text as one types it: `&`, `<` and `>` as themselves wherever that is safe.

    `canonical(editable(text)) == text` for canonical text.
    """
    text = re.sub(r"&lt;(?![A-Za-z/])", "<", text.replace("&gt;", ">"))
    return re.sub(r"&amp;(?![A-Za-z#])", "&", text)


def escape(text: str) -> str:
    """Text that means itself in cue text (so that `-->` can't appear)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def voiced(runs: Iterable[Run], speaker: str) -> list[Run]:
    """Runs spoken by `speaker`, where they don't say who speaks."""
    if not speaker:
        return list(runs)
    name = voice_name(escape(speaker))
    return [
        (
            layers if not name or (layers[:1] and layers[0][0] == "v") else (("v", name), *layers),
            text,
        )
        for layers, text in runs
    ]


def bracketed(runs: Iterable[Run]) -> list[Run]:
    """Runs for a format without ruby: glosses in brackets behind their words."""
    return [
        (
            tuple(layer for layer in layers if layer[0] not in ("ruby", "rt")),
            f"({piece})" if ("rt", "") in layers and piece.strip() else piece,
        )
        for layers, piece in runs
    ]


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """Runs with blanks collapsed, lines stripped, blank lines gone."""
    spoken = [(_saying(layers) if layers else layers, clean(text)) for layers, text in runs]
    whole = "".join([text for _layers, text in spoken])
    if not whole or whole.isspace():
        return []
    tidy = whole[0] not in BLANKS and whole[-1] not in BLANKS and not _UNTIDY.search(whole)
    if tidy and len(whole) < MAX_CHARACTERS:
        return [run for run in spoken if run[1]]
    return _tidied(spoken)


def _tidied(runs: list[Run]) -> list[Run]:
    tidy: list[tuple[tuple[Layer, ...], list[str]]] = []

    def put(style: tuple[Layer, ...], piece: str) -> None:
        if tidy and tidy[-1][0] == style:
            tidy[-1][1].append(piece)
        else:
            tidy.append((style, [piece]))

    waiting: Run | None = None
    left = MAX_CHARACTERS
    for layers, text in runs:
        for piece in _pieces(text, left):
            if piece[0] in BLANKS:
                end = "\n" if "\n" in piece else " "
                if tidy and (waiting is None or (end == "\n" and waiting[1] == " ")):
                    waiting = (layers, end)
                continue
            if waiting:
                put(*waiting)
                waiting = None
            piece = piece[:left]
            put(layers, piece)
            left -= len(piece) - piece.count(" ") - piece.count("\n")
            if not left:
                break
        if not left:
            break
    return [(layers, "".join(pieces)) for layers, pieces in tidy]


def _saying(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple([layer for layer in layers if layer[1] or layer[0] not in _SAYS])


def _pieces(text: str, most: int) -> list[str]:
    """Blanks and what stands between them; as one piece what needs no tidying and is short."""
    words = text.strip(BLANKS)
    if not words or len(words) >= most or _UNTIDY.search(words):
        return _PIECE.findall(text)
    at = text.index(words[0])
    return [each for each in (text[:at], words, text[at + len(words) :]) if each]


def _opening(layer: Layer) -> str:
    name, says = layer
    if name == "c":
        return f"<c.{says}>"
    return f"<{name} {escape(says)}>" if name in ("v", "lang") else f"<{name}>"


def _close(layers: list[Layer], name: str) -> None:
    """Close the innermost `name`; closing a ruby closes its gloss."""
    for at in range(len(layers) - 1, -1, -1):
        if layers[at][0] == name:
            del layers[at]
            break
    if name == "ruby":
        layers[:] = [layer for layer in layers if layer[0] != "rt"]


def ordered(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Layers from the outermost to the innermost, each once: as tags are written.

    Who speaks and in which language, the innermost tag says alone; of classes, what was opened last
    stays within, since its colour is the one that shows.
    """
    layers = tuple(layers)
    if len(layers) < 2:
        return layers
    inner: dict[Layer | str, Layer] = {}
    for layer in layers:
        key = layer[0] if layer[0] in _ONE else layer
        inner.pop(key, None)
        inner[key] = layer
    return tuple(sorted(inner.values(), key=lambda layer: _ORDER.index(layer[0])))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
