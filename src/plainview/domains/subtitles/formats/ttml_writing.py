"""Cues as an IMSC 1.1 Text document (W3C ttml-imsc1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

from plainview.domains.subtitles.formats import boxes, colours, direction, markup, ttml_ruby
from plainview.domains.subtitles.formats.cues import Cue
from plainview.domains.subtitles.formats.markup import Layer
from plainview.domains.subtitles.formats.timing import format_time

_TT = "http://www.w3.org/ns/ttml"
_NAMES = {"tts": f"{_TT}#styling", "ttm": f"{_TT}#metadata", "ttp": f"{_TT}#parameter"}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PROFILE = f"{_TT}/profile/imsc1.1/text"
_MODES = {"rl": "tbrl", "lr": "tblr"}
_TURNED = {"start": "end", "end": "start"}
"""On which side lines from right to left begin and end, of sides that are named left and right."""
_STYLES = {
    "i": ("fontStyle", "italic"),
    "b": ("fontWeight", "bold"),
    "u": ("textDecoration", "underline"),
}


def write(cues: Sequence[Cue], language: str) -> str:
    """Cues, canonical and in the order of time, as an IMSC document."""
    for prefix, address in _NAMES.items():
        ElementTree.register_namespace(prefix, address)
    ElementTree.register_namespace("", _TT)
    root = _element("tt", {f"{_XML}lang": language, f"{_XML}space": "preserve"})
    root.set(_named("ttp", "contentProfiles"), _PROFILE)
    head = _add(root, "head")
    agents: dict[str, str] = {}
    metadata = _add(head, "metadata")
    styling = _add(head, "styling")
    initial = _add(styling, "initial")
    initial.set(_named("tts", "color"), "white")
    layout = _add(head, "layout")
    division = _add(_add(root, "body"), "div")
    regions: dict[str, str] = {}
    leftward = direction.is_right_to_left(language)
    way = {_named("tts", "direction"): "rtl"} if leftward else {}
    for cue in cues:
        region = regions.setdefault(cue.settings, f"r{len(regions) + 1}")
        times = {"begin": format_time(cue.start_ms), "end": format_time(cue.end_ms)}
        flows = {} if "vertical:" in cue.settings else way
        paragraph = _add(division, "p", {**times, **flows, "region": region})
        _words(paragraph, cue.text, agents)
        ttml_ruby.conform(paragraph)
    for settings, name in regions.items():
        box = boxes.box(settings)
        if leftward and not {"align:left", "align:right"}.isdisjoint(settings.split(" ")):
            box = replace(box, align=_TURNED[box.align])
        layout.append(_region(name, box))
    for speaker, name in agents.items():
        agent = ElementTree.SubElement(metadata, _named("ttm", "agent"))
        agent.set("type", "person")
        agent.set(f"{_XML}id", name)
        called = ElementTree.SubElement(agent, _named("ttm", "name"))
        called.set("type", "alias")
        called.text = speaker
    if not agents:
        head.remove(metadata)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _named(prefix: str, name: str) -> str:
    return f"{{{_NAMES[prefix]}}}{name}"


def _element(name: str, attributes: dict[str, str]) -> ElementTree.Element:
    return ElementTree.Element(f"{{{_TT}}}{name}", attributes)


def _add(
    parent: ElementTree.Element, name: str, attributes: dict[str, str] | None = None
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_TT}}}{name}", attributes or {})


def _region(name: str, box: boxes.Box) -> ElementTree.Element:
    region = _element("region", {f"{_XML}id": name})
    said = {
        "origin": f"{box.x:g}% {box.y:g}%",
        "extent": f"{box.width:g}% {box.height:g}%",
        "displayAlign": box.display,
        "textAlign": box.align,
    }
    if box.vertical:
        said["writingMode"] = _MODES[box.vertical]
    for style, value in said.items():
        region.set(_named("tts", style), value)
    return region


def _words(paragraph: ElementTree.Element, text: str, agents: dict[str, str]) -> None:
    """The words of a cue as nested spans, each for one tag around them."""
    now: tuple[Layer, ...] = ()
    open_spans = [paragraph]
    for layers, piece in markup.parse(text):
        if not piece:
            continue
        layers = _with_bases(layers)
        shared = 0
        while shared < min(len(now), len(layers)) and now[shared] == layers[shared]:
            shared += 1
        del open_spans[shared + 1 :]
        for layer in layers[shared:]:
            open_spans.append(_span(open_spans[-1], layer, agents))
        now = layers
        for number, line in enumerate(piece.split("\n")):
            if number:
                _add(open_spans[-1], "br")
            _append(open_spans[-1], line)


def _with_bases(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers of a run; words in a ruby that are no gloss are its base."""
    names = [name for name, _ in layers]
    if "ruby" not in names or "rt" in names:
        return layers
    at = names.index("ruby") + 1
    return (*layers[:at], ("base", ""), *layers[at:])


def _span(parent: ElementTree.Element, layer: Layer, agents: dict[str, str]) -> ElementTree.Element:
    name, says = layer
    span = _add(parent, "span")
    if name in _STYLES:
        style, value = _STYLES[name]
        span.set(_named("tts", style), value)
    elif name == "c" and (number := colours.number_of(says)):
        span.set(_named("tts", "color"), f"#{number}")
    elif name == "lang":
        span.set(f"{_XML}lang", says)
    elif name == "v":
        span.set(_named("ttm", "agent"), agents.setdefault(says, f"a{len(agents) + 1}"))
    elif name in ("ruby", "base", "rt"):
        span.set(_named("tts", "ruby"), {"ruby": "container", "base": "base", "rt": "text"}[name])
    return span


def _append(element: ElementTree.Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
