"""Numbers in templates: by CLDR in every translated sentence, and wherever `number` asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, TokenType
from django.templatetags.i18n import BlockTranslateNode, do_block_translate
from django.utils import timezone

from plainview.platform.languages import numbers

register = template.Library()


@register.filter
def number(value: Any) -> str:
    """A number as the language being spoken writes it; what is none as it stands."""
    return numbers.written(value) if _counts(value) else str(value)


@register.filter
def left(end: datetime, now: datetime | None = None) -> str:
    """How long it is until a moment, from now or another one: `1 day, 13 hours`."""
    return numbers.between(now or timezone.now(), end)


@register.filter
def percent(value: Any) -> str:
    """A whole number of hundredths: `25%`."""
    return numbers.percent(value)


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> Node:
    """Django's, with whole numbers grouped.

    What names something (a year, a season) comes through `stringformat:"d"` and stays as it is.
    """
    return _Grouping(do_block_translate(parser, token))


class _Grouping(Node):
    child_nodelists = ()

    def __init__(self, inner: BlockTranslateNode) -> None:
        self.inner = inner
        tokens = [*inner.singular, *(inner.plural or ())]
        self.names = {each.contents for each in tokens if each.token_type == TokenType.VAR}
        shown: dict[str, Any] = {name: _Shown(it) for name, it in inner.extra_context.items()}
        inner.extra_context = shown
        if inner.counter is not None:
            inner.counter = _Shown(inner.counter)  # type: ignore[assignment]

    def render(self, context: template.Context) -> str:
        found = {name: context[name] for name in self.names if name in context}
        with context.push(**{name: _shown(value) for name, value in found.items()}):
            said = str(self.inner.render(context))
            kept = context[self.inner.asvar] if self.inner.asvar else ""
        if self.inner.asvar:
            context[self.inner.asvar] = kept
        return said


class _Shown:
    """An expression whose whole number is shown grouped."""

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: template.Context) -> Any:
        return _shown(self.expression.resolve(context))


class _Number(int):
    """A whole number that still chooses the plural form, and reads as its language writes it."""

    def __str__(self) -> str:
        return numbers.written(int(self))


def _shown(value: Any) -> Any:
    return _Number(value) if _counts(value) and isinstance(value, int) else value


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
