"""A list to choose from is drawn as Django draws it."""

import pytest
from django.forms import Select, SelectMultiple
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe

from plainview.web.choosing import Renderer

CHOICES = [
    ("", "Not known"),
    ("<&>'\"", "<b>bold</b> & 'more'"),
    (mark_safe("&amp;"), mark_safe("<i>ours</i>")),
    (1000, 1000),
    (True, None),
    ("A <group>", [("in", "Within"), ("out", "Without")]),
    ("Empty", []),
]


@pytest.mark.parametrize("kind", [Select, SelectMultiple])
@pytest.mark.parametrize("value", [None, "", ["in"], [1000, True], "<&>'\""])
@pytest.mark.parametrize(
    "attrs", [{}, {"id": "a", "required": True, "disabled": False, "data-x": "<'\"", "size": 3000}]
)
def test_a_list_is_drawn_as_django_draws_it(kind, value, attrs):
    widget = kind(choices=CHOICES)
    ours, theirs = (
        widget.render("na<me", value, attrs, renderer=each())
        for each in (Renderer, DjangoTemplates)
    )
    assert ours == theirs.replace("</option>\n", "</option>")
    assert isinstance(ours, type(theirs))


def test_the_forms_of_the_product_draw_with_it():
    assert isinstance(get_default_renderer(), Renderer)
