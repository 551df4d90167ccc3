"""TTML and IMSC in: read by ttconv into its model, and from there into cues.

ttconv resolves times (frames, ticks, offsets), referenced styles and regions. Document types and
entities are refused before any XML is parsed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from ttconv import model
from ttconv.imsc import reader
from ttconv.style_properties import (
    DisplayAlignType,
    DisplayType,
    FontStyleType,
    FontWeightType,
    LengthType,
    StyleProperties,
    TextAlignType,
    WritingModeType,
)

from plainview.domains.subtitles.formats import boxes, colours, markup, ttml_ruby, ttml_times
from plainview.domains.subtitles.formats.cues import LAST_MS, MAX_MS, Cue, Draft, SubtitleError
from plainview.domains.subtitles.formats.markup import Layer, Run

_NAMESPACE = "http://www.w3.org/ns/ttml"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_VOICE = re.compile(r"-x-voice(\d+)\Z")
"""How an element's language says who speaks: of its attributes ttconv keeps that one."""
_METADATA = f"{{{_NAMESPACE}#metadata}}"
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:[A-Za-z]\w{1,31};)?"
)
_OLD = re.compile(r"http://www\.w3\.org/200[46]/(?:04|10)/ttaf1(#style\b(?!-))?")
_NAMELESS = re.compile(r"\A\s*<tt(?=[\s>])(?![^>]{0,4000}\bxmlns\s*=)")
_PICTURES = re.compile(r"(?:backgroundImage\s*=|<(?:[A-Za-z]{1,20}:)?image\b)")
_DEEPEST, _MOST = 40, 150_000
"""Elements within elements, and elements at all, that a document may have."""


def parse(text: str, draft: Draft) -> None:
    """Add the cues of a TTML document; raises SubtitleError for what is none or is hostile."""
    if _FORBIDDEN.search(text):
        raise SubtitleError(
            "forbidden-xml",
            "This file declares a document type or entities.",
            "Subtitles need neither: remove them, or convert the file to WebVTT.",
        )
    text = _ENTITY.sub(_character, _OLD.sub(_current, _DECLARATION.sub("", text)))
    text = _NAMELESS.sub(f'<tt xmlns="{_NAMESPACE}"', text, count=1)
    root = _tree(text, draft)
    ttml_ruby.resolve(root)
    ttml_ruby.conform(root)
    ttml_times.resolve(root, draft)
    speakers = _speakers(root)
    for name in ("body", "div"):
        for element in root.iter(f"{{{_NAMESPACE}}}{name}"):
            _stay_open(element)
    try:
        document = reader.to_model(ElementTree.ElementTree(root))
    except Exception as error:  # ttconv raises what it likes for what it can't make sense of
        raise SubtitleError(
            "bad-ttml",
            "This file is not TTML that can be read.",
            "Convert it to SRT or WebVTT.",
        ) from error
    add_all(document, draft, speakers)
    if not draft.cues and _PICTURES.search(text):
        raise SubtitleError(
            "pictures",
            "These subtitles are pictures of words, which can’t be read.",
            "Choose a file that has the words themselves, such as SRT or WebVTT.",
        )


def add_all(
    document: model.ContentDocument | None, draft: Draft, speakers: Sequence[str] = ()
) -> None:
    """Add the cues of a document as ttconv has it, whatever it was read from."""
    draft.counts = "subtitle"
    body = document.get_body() if document is not None else None
    if document is None or body is None:
        return
    draft.language = markup.language_name(_VOICE.sub("", document.get_lang() or "")) or None
    found = list(_paragraphs(body, 0, None, None))
    for number, (paragraph, begin, end, region) in enumerate(found, 1):
        following = found[number][1] if number < len(found) else 0
        _add(draft, paragraph, (begin, end, following), region, speakers, number)


def _current(old: re.Match[str]) -> str:
    """The namespace that took the place of one of the drafts'."""
    return f"{_NAMESPACE}#styling" if old[1] else _NAMESPACE


def _character(entity: re.Match[str]) -> str:
    """What HTML means by an entity that XML doesn't know; an ampersand of its own means itself."""
    said = html.unescape(entity[0])
    return markup.escape(said)


def _tree(text: str, draft: Draft) -> ElementTree.Element:
    """The document's elements, within bounds. Raises SubtitleError."""
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    depth = count = 0
    root: ElementTree.Element | None = None
    try:
        for at in range(0, len(text), 1 << 16):
            parser.feed(text[at : at + (1 << 16)])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > _DEEPEST or count > _MOST:
                    raise SubtitleError(
                        "too-deep",
                        "This document has more elements than subtitles have.",
                        "Check that it is the right file.",
                    )
        parser.close()
    except ElementTree.ParseError as error:
        line = error.position[0]
        if root is None:
            raise SubtitleError(
                "bad-xml", "This file is not XML.", "Convert it to SRT or WebVTT.", line
            ) from error
        draft.note(f"line {line}: the document breaks off or is damaged; read as far as that")
    if root is None or root.tag != f"{{{_NAMESPACE}}}tt":
        raise SubtitleError(
            "bad-ttml", "This XML is not TTML.", "Convert it to SRT or WebVTT.", None
        )
    return root


def _stay_open(element: ElementTree.Element) -> None:
    """Give a container that begins later an end: ttconv takes it to be over before it begins."""
    if "begin" in element.attrib and not {"end", "dur"} & element.attrib.keys():
        element.set("end", f"{MAX_MS // 1000}s")


def _speakers(root: ElementTree.Element) -> list[str]:
    """Who speaks in the document, by number; the languages of elements are marked with it."""
    agents: dict[str, str] = {}
    for agent in root.iter(f"{_METADATA}agent"):
        name = agent.find(f"{_METADATA}name")
        agents[agent.get(f"{_XML}id", "")] = (name.text if name is not None else "") or ""
    found: list[str] = []
    if agents:
        _mark(root, "", agents, found)
    return found


def _mark(
    element: ElementTree.Element, language: str, agents: dict[str, str], found: list[str]
) -> None:
    language = _VOICE.sub("", element.get(f"{_XML}lang", language))
    said = [agents.get(each, "") for each in element.get(f"{_METADATA}agent", "").split()]
    if name := next((each for each in said if each), ""):
        element.set(f"{_XML}lang", f"{language or 'und'}-x-voice{len(found)}")
        found.append(name)
    for child in element:
        _mark(child, language, agents, found)


Placed = tuple[model.P, int, int | None, model.Region | None]


def _paragraphs(
    element: model.ContentElement, begin: int, end: int | None, region: model.Region | None
) -> Iterator[Placed]:
    """Each paragraph with its times in ms and its region; what it leaves open its parents say."""
    if _hidden(element):
        return
    own, until = element.get_begin(), element.get_end()
    start = begin + (round(own * 1000) if own is not None else 0)
    stop = begin + round(until * 1000) if until is not None else end
    own_region = element.get_region()  # a region without animation is empty, so not true
    region = region if own_region is None else own_region
    if isinstance(element, model.P):
        yield element, start, stop, region
        return
    for child in element:
        yield from _paragraphs(child, start, stop, region)


def _add(
    draft: Draft,
    paragraph: model.P,
    times: tuple[int, int | None, int],
    region: model.Region | None,
    speakers: Sequence[str],
    number: int,
) -> None:
    begin, end, following = times
    words = draft.words(_runs(paragraph, (), speakers, [0]), number)
    if not words:
        return
    spoken = [each for each in paragraph if any(w.strip() for _, w in _runs(each, (), [], [0]))]
    begins = [begin + round((each.get_begin() or 0) * 1000) for each in spoken]
    ends = [begin + round(each.get_end() * 1000) for each in spoken if each.get_end() is not None]
    if end is None and len(ends) == len(spoken):
        end = max(ends)
    if end is None or end >= MAX_MS:
        last = max(begins)
        end = following if following > last else last + LAST_MS
        draft.note(f"subtitle {number}: has no end; shown until the next, or for five seconds")
    settings = _settings(paragraph, region)
    if len({*begins}) > 1:
        draft.note(f"subtitle {number}: words that appear one after the other appear at once")
    draft.add(Cue(min(begins), end, words, settings), number)


def _runs(
    element: model.ContentElement,
    layers: tuple[Layer, ...],
    speakers: Sequence[str],
    rubies: list[int],
) -> Iterator[Run]:
    if isinstance(element, model.Text):
        yield layers, re.sub(r"[ \t\r\n]+", " ", element.get_text())
        return
    if isinstance(element, model.Br):
        yield layers, "\n"
        return
    if isinstance(element, model.Rp) or _hidden(element):
        return
    layers = (*layers, *_layers(element, speakers, rubies))
    for child in element:
        yield from _runs(child, markup.ordered(layers), speakers, rubies)


def _hidden(element: model.ContentElement) -> bool:
    """Whether a document shows an element at no time."""
    shown = StyleProperties.Display
    if element.get_style(shown) is not DisplayType.none:
        return False
    return not any(step.style_property is shown for step in element.iter_animation_steps())


def _layers(
    element: model.ContentElement, speakers: Sequence[str], rubies: list[int]
) -> Iterator[Layer]:
    style = element.get_style
    if style(StyleProperties.FontStyle) in (FontStyleType.italic, FontStyleType.oblique):
        yield "i", ""
    if style(StyleProperties.FontWeight) == FontWeightType.bold:
        yield "b", ""
    decoration = style(StyleProperties.TextDecoration)
    if decoration is not None and decoration.underline is True:
        yield "u", ""
    colour = style(StyleProperties.Color)
    if colour is not None and tuple(colour.components[:3]) != (255, 255, 255):
        yield "c", colours.class_of("".join(f"{part:02x}" for part in colour.components[:3]))
    said = element.get_lang() or ""
    if (voice := _VOICE.search(said)) and int(voice[1]) < len(speakers):
        yield "v", markup.voice_name(markup.escape(speakers[int(voice[1])]))
    if isinstance(element, model.Ruby):
        rubies[0] += 1
        yield "ruby", str(rubies[0])
    elif isinstance(element, model.Rt):
        yield "rt", ""
    elif (parent := element.parent()) is not None and not isinstance(element, model.P):
        lang = markup.language_name(_VOICE.sub("", said))
        if lang not in ("", "und") and lang != _VOICE.sub("", parent.get_lang() or ""):
            yield "lang", lang


_ALIGNED = {
    TextAlignType.start: "start",
    TextAlignType.center: "center",
    TextAlignType.end: "end",
}
_VERTICAL = {WritingModeType.tbrl: "rl", WritingModeType.tblr: "lr"}
_DISPLAYED = {
    DisplayAlignType.before: "before",
    DisplayAlignType.center: "center",
    DisplayAlignType.after: "after",
}


def _settings(paragraph: model.P, region: model.Region | None) -> str:
    if region is None:
        return ""

    def of(kind: type) -> object:
        around: model.ContentElement | None = paragraph
        while around is not None:
            if (own := around.get_style(kind)) is not None:
                return own
            around = around.parent()
        return region.get_style(kind)

    origin = region.get_style(StyleProperties.Origin)
    extent = region.get_style(StyleProperties.Extent)
    x, y = (_share(origin.x), _share(origin.y)) if origin is not None else (0.0, 0.0)
    width, height = (
        (_share(extent.width), _share(extent.height)) if extent is not None else (100.0, 100.0)
    )
    if None in (x, y, width, height):
        return ""
    return boxes.settings(
        boxes.Box(
            x=x or 0,
            y=y or 0,
            width=width or 0,
            height=height or 0,
            display=_DISPLAYED.get(region.get_style(StyleProperties.DisplayAlign), "before"),
            align=_ALIGNED.get(of(StyleProperties.TextAlign), "start"),
            vertical=_VERTICAL.get(region.get_style(StyleProperties.WritingMode), ""),
        )
    )


def _share(length: LengthType) -> float | None:
    units = (LengthType.Units.pct, LengthType.Units.rh, LengthType.Units.rw)
    return float(length.value) if length.units in units else None
