"""Ruby in TTML: what styles say of it, and containers of the shapes that readers know.

Files from studios name it in a style (`style="base"`), and put several pairs in one container,
which TTML does not have; ttconv drops the words of whatever it can't place. So pairs get a
container each, and of what is no ruby at all the words stay, glosses in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

_NAMESPACE = "http://www.w3.org/ns/ttml"
_SPAN, _STYLE = f"{{{_NAMESPACE}}}span", f"{{{_NAMESPACE}}}style"
_BREAK = f"{{{_NAMESPACE}}}br"
_RUBY = f"{{{_NAMESPACE}#styling}}ruby"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_SHAPES = (
    ["base", "text"],
    ["base", "delimiter", "text", "delimiter"],
    ["baseContainer", "textContainer"],
    ["baseContainer", "textContainer", "textContainer"],
)
_WITHIN = frozenset({"container", "baseContainer", "textContainer"})


def resolve(root: ElementTree.Element) -> None:
    """Give each span of a document the kind of ruby that its styles say."""
    styles = {style.get(_ID, ""): style for style in root.iter(_STYLE)}
    known: dict[str, str] = {}

    def kind(element: ElementTree.Element, name: str = "") -> str:
        said = element.get(_RUBY, "")
        if name:
            known[name] = said  # a circle of styles ends here
        for other in reversed(element.get("style", "").split()):
            if said or other not in styles:
                continue
            said = known[other] if other in known else kind(styles[other], other)
        if name:
            known[name] = said
        return said

    for span in root.iter(_SPAN):
        if said := kind(span):
            span.set(_RUBY, said)


def conform(root: ElementTree.Element) -> None:
    """Make each ruby within `root` of a shape that readers know, or none; its words stay."""
    for parent in root.iter():
        children = list(parent)
        if not any(_RUBY in child.attrib for child in children):
            continue
        if parent.get(_RUBY) not in _WITHIN:
            parent[:] = [part for child in children for part in _parts(child)]


def _parts(span: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """A container as it is, or cut up into pairs, or as a span of its own words."""
    if span.get(_RUBY) != "container":
        span.attrib.pop(_RUBY, "")
        yield span
        return
    kinds = [each.get(_RUBY) for each in span]
    blank = not "".join([span.text or "", *(each.tail or "" for each in span)]).strip()
    broken = next(span.iter(_BREAK), None) is not None  # no reader breaks lines within a ruby
    if (
        broken
        or not blank
        or (kinds not in _SHAPES and kinds != ["base", "text"] * (len(kinds) // 2))
    ):
        _make_plain(span)
        yield span
        return
    span.text, children, tail = None, list(span), span.tail
    for each in children:
        each.tail = None
    size = 2 if kinds not in _SHAPES else len(kinds)
    for at in range(0, len(children), size):
        part = ElementTree.Element(_SPAN, dict(span.attrib))
        part.extend(children[at : at + size])
        part.tail = tail if at + size >= len(children) else None
        yield part


def _make_plain(container: ElementTree.Element) -> None:
    for span in container.iter():
        kind = span.attrib.pop(_RUBY, "")
        if kind == "delimiter":
            span.text = None
            span[:] = []
        elif kind == "text" and "".join(span.itertext()).strip():
            span.text = f"({span.text or ''}"
            if len(span):
                span[-1].tail = f"{span[-1].tail or ''})"
            else:
                span.text += ")"
