"""The components of the design: one function here, one template in `components/` each.

Views hand over finished values; nothing here asks the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, RadioSelect
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plainview.domains.catalogue.texts import Words
from plainview.platform import languages
from plainview.web import icons
from plainview.web.accents import accent_class
from plainview.web.pages.cards import Card, length
from plainview.web.pages.labels import player_labels

register = template.Library()
register.filter("accent", accent_class)
register.filter("minutes", lambda seconds: length(1000 * seconds))


def _tag_attributes(language: str) -> SafeString:
    """` lang=… dir=…` if `language` is not the page's own, else nothing."""
    if not language or language in ("und", languages.current()):
        return SafeString("")
    return format_html(' lang="{}" dir="{}"', language, languages.direction(language))


@register.simple_tag
def words(value: Words) -> str:
    """The text of `value`, marked with its language where that is not the page's."""
    attributes = _tag_attributes(value.language)
    return format_html("<bdi{}>{}</bdi>", attributes, value.text) if attributes else value.text


@register.simple_tag
def lang(language: str) -> SafeString:
    """The attributes that say that an element's words are in `language`."""
    return _tag_attributes(language)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign beside its word; assistive technology reads only the word."""
    classes, path = icons.drawing(name)
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        classes,
        path,
    )


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    *,
    href: str = "",
    kind: str = "",
    icon: str = "",
    name: str = "",
    value: str = "",
    size: str = "",
) -> dict[str, Any]:
    """A link that looks like a button, or a submit button. `kind`: quiet, danger; `size`: large."""
    classes = " ".join(["button", *(f"button-{word}" for word in (kind, size) if word)])
    return {
        "label": label,
        "href": href,
        "classes": classes,
        "icon": icon,
        "name": name,
        "value": value,
    }


@register.simple_tag
def after(loop: Mapping[str, Any], name: str = "at") -> str:
    """Where a form leads that takes its row out of a list of `at-0`, `at-1`…: to what follows it.

    A browser keeps it through the redirect, so that keys and readers go on from there.
    """
    return f"#{name}-{max(0, loop['counter0'] - loop['last'])}"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, without: str = "") -> dict[str, Any]:
    """A form field with label or legend, help and error; `without`: what won't work if left empty.

    A form says in `goes_with` which fields wait for an answer to another one: for the name of each,
    the chosen value, or the name of a field that is filled. The style sheet hides them till then,
    and without script.

    Promises: P3.1.1b, P5.1a.
    """
    widget = bound.field.widget
    if widget.attrs.get("autocomplete") == "one-time-code":
        widget.attrs.setdefault("inputmode", "numeric")  # a telephone shows the keys for digits
    choice = isinstance(widget, CheckboxInput) and not isinstance(widget, RadioSelect)
    several = bound.use_fieldset and not choice
    return {
        "field": bound,
        "choice": choice,
        "several": several,
        "without": without,
        "goes_with": getattr(bound.form, "goes_with", {}).get(bound.name, ""),
    }


@register.inclusion_tag("components/fields.html")
def fields(form: Any) -> dict[str, Any]:
    """Every field of a form in order, after the errors of the form as a whole."""
    return {"form": form}


@register.simple_tag(takes_context=True)
def card(context: Context, card: Card, *, eager: bool = False, level: int = 3) -> str:
    """A poster with name and facts; `eager` for those in the first view.

    Its button puts it on the list of what to watch later (`put_aside` of the shell), or off it. A
    page that shows one poster on several shelves gives a dict `drawn`, and it is drawn once.
    """
    page: Any = context
    drawn: dict[object, str] = page.get("drawn", {})
    which = (id(card), eager, level)
    if which not in drawn:
        aside = card.slug in page.get("put_aside", ()) if card.slug else False
        values = {"card": card, "eager": eager, "level": level, "aside": aside}
        poster: Any = get_template("components/card.html")
        drawn[which] = poster.template.render(page.new(values))
    return drawn[which]


@register.inclusion_tag("components/shelf.html", takes_context=True)
def shelf(
    context: Mapping[str, Any],
    name: str,
    cards: list[Card],
    *,
    key: str,
    more: str = "",
    list: str = "",
) -> dict[str, Any]:
    """A row of posters under a heading; `more` is the address of the whole, `list` the API's."""
    return {
        "name": name,
        "cards": cards,
        "key": key,
        "more": more,
        "list": list,
        "put_aside": context.get("put_aside", ()),
        "drawn": context.get("drawn", {}),
    }


@register.inclusion_tag("components/progress.html")
def progress(label: str, per_cent: int) -> dict[str, Any]:
    """A bar that says in words and per cent how far something is."""
    return {"label": label, "per_cent": per_cent}


@register.inclusion_tag("components/tag.html")
def tag(label: str, *, kind: str = "") -> dict[str, Any]:
    """A word in a frame. `kind`: good, bad, busy."""
    return {"label": label, "kind": kind}


@register.simple_block_tag
def notice(content: str, *, kind: str = "") -> SafeString:
    """A paragraph that stands out. `kind`: good, bad, problem; a bad one is read out at once.

    A problem is what was wrong with what somebody has just sent: the page that comes back begins
    there, with script or without.
    """
    sign = {"good": "check", "bad": "alert", "problem": "alert"}.get(kind, "info")
    return format_html(
        '<div class="notice{}"{}>{}<div class="stack">{}</div></div>',
        f" notice-{'bad' if kind == 'problem' else kind}" if kind else "",
        _ALERTS.get(kind, ""),
        icon(sign),
        content,
    )


@register.simple_block_tag
def disclosure(content: str, summary: str, *, open: bool = False) -> SafeString:
    """A heading that opens what is beneath it."""
    return format_html(
        '<details class="disclosure"{}><summary>{}</summary>'
        '<div class="disclosure-body">{}</div></details>',
        SafeString(" open") if open else "",
        summary,
        content,
    )


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str, *, href: str = "", action: str = "") -> dict[str, Any]:
    """An empty place: what will be here, and the one next act."""
    return {"title": title, "text": text, "href": href, "action": action}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps: str) -> dict[str, Any]:
    """The way here: address, name, address, name, …; the last step is the page itself."""
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True))}


@register.simple_tag
def json_for(attribute: str, value: Any) -> SafeString:
    """`value` as JSON for a script of ours to read, in an element marked with `attribute`."""
    text = json.dumps(value, ensure_ascii=False).translate(_HTML_IN_JSON)
    return format_html(
        '<script type="application/json" {}>{}</script>', attribute, SafeString(text)
    )


@register.simple_tag
def player_words() -> SafeString:
    """What a player shows and says, in the language of the page; it stands inside the player."""
    return json_for("data-labels", player_labels())


@register.simple_tag
def linked_data(value: Any) -> SafeString:
    """`value` as JSON-LD, which no browser runs."""
    text = json.dumps(value, ensure_ascii=False).translate(_HTML_IN_JSON)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


_ALERTS = {
    "bad": SafeString(' role="alert"'),
    "problem": SafeString(' role="alert" tabindex="-1" autofocus'),
}
_HTML_IN_JSON = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
