"""How forms are drawn: long lists without a template for each entry; what is missing, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import BoundField, Field
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Select
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_STOCK = Field.default_error_messages["required"]


class Named(BoundField):
    """A field that says by its label what is missing, where its form has no words (P3.1.1b)."""

    def __init__(self, form: Any, field: Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages["required"] is _STOCK:
            words = _("Without “%(label)s” this can’t go on.") % {"label": self.label}
            field.error_messages["required"] = words


class Renderer(DjangoTemplates):
    """Django's own, with the same markup but for empty lines; lists took half of a page's time."""

    bound_field_class = Named

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The markup of a template of Django's in this context."""
        if template_name == Select.template_name:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> SafeString:
    listed = "".join(_groups(widget["optgroups"]))
    name = conditional_escape(widget["name"])
    return mark_safe(f'<select name="{name}"{_attributes(widget)}>{listed}\n</select>')  # noqa: S308


def _groups(groups: list[tuple[Any, list[Mapping[str, Any]], int]]) -> Iterator[str]:
    for name, options, _index in groups:
        yield f'\n  <optgroup label="{_text(name)}">' if name else ""
        for each in options:
            value = conditional_escape(each["value"])
            yield f'\n  <option value="{value}"{_attributes(each)}>{_text(each["label"])}</option>'
        yield "\n  </optgroup>" if name else ""


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(said: Any) -> str:
    return conditional_escape(localize(said))
