"""What was changed of a title, in the words of the form that changes it, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import USES, Credit, Licence, taken_away
from plainview.domains.catalogue.models import Revision
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms import credited
from plainview.domains.staff.forms.editing import WORDS, TitleForm
from plainview.domains.staff.forms.naming import in_words
from plainview.domains.staff.views.catalogue import title_at
from plainview.platform import languages
from plainview.platform.identifiers import number_in
from plainview.platform.languages import dates
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves

PAGE = 40


class Said(NamedTuple):
    """A field by its label, and what stood there before and after.

    Where it is a `picture`, these are names of files, of which those in `gone` are there no more.
    """

    field: str
    before: str
    after: str
    picture: bool = False
    gone: frozenset[str] = frozenset()


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What was changed of a title, the latest first; takes one change back (posted)."""
    found = title_at(slug)
    if request.method == "POST":
        number = number_in(request.POST.get("revision", ""))
        wanted = found.revisions.filter(pk=number or 0).first()
        if wanted is None or wanted.before is None:
            raise Http404("no such change")
        try:
            services.undo(wanted)
        except services.Overtaken as error:
            said = _("Later changes touched the same: %(fields)s. Take those back first.")
            fields = questions.in_a_row(map(label_of, error.fields))
            messages.error(request, said % {"fields": fields})
        except services.Invalid as error:
            messages.error(request, languages.together(*(each.words for each in error.problems)))
        else:
            messages.success(request, _("That change is taken back."))
        return redirect("desk-title-history", found.slug)
    page = Paginator(found.revisions.all(), PAGE).get_page(request.GET.get("page"))
    rows = [(each, _changes(each)) for each in page.object_list]
    context = {"title": found, "page": page, "rows": rows}
    return render(request, "staff/title_history.html", context)


def _changes(revision: Revision) -> list[Said]:
    """What changed, field by field; of words and pictures by language only those that did."""
    found: list[Said] = []
    before = revision.before or {}
    for name in revision.changed:
        old, new = before.get(name), revision.after[name]
        if name not in ("texts", "artwork"):
            found.append(_field(name, "", _said(name, old), _said(name, new)))
            continue
        old = old or {}
        for tongue in sorted({*old, *new}):
            was, now = old.get(tongue, {}), new.get(tongue, {})
            found += [
                _field(field, tongue, was.get(field, ""), now.get(field, ""))
                for field in sorted({*was, *now})
                if was.get(field) != now.get(field)
            ]
    return found


def _field(name: str, tongue: str, before: str, after: str) -> Said:
    if name not in USES:
        return Said(label_of(name, tongue), before, after)
    gone = frozenset(each for each in (before, after) if each and taken_away(each))
    return Said(label_of(name, tongue), before, after, True, gone)


def label_of(name: str, tongue: str = "") -> str:
    """A field of a title as its form calls it, with the language of its words."""
    others = {
        "poster": _("Poster"),
        "backdrop": _("Backdrop"),
        "licences": _("Licences"),
        "accent": _("Colour"),
    }
    asked = TitleForm.base_fields.get(name)
    label = str(asked.label if asked else WORDS.get(name) or others.get(name, name))
    return label + languages.aside(languages.name(tongue)) if tongue else label


def _said(name: str, value: Any) -> str:
    """What the form shows of a value of a document, as JSON holds it."""
    if name == "licensed" and value is not None:
        return _("Yes") if value else _("No")
    if value in (None, "", [], {}):
        return ""
    if name.endswith("_at"):
        return _moment(datetime.fromisoformat(value))
    if name == "countries":
        return in_words(" ".join(value))
    if name == "credits":
        lines = (credited.line_of(each) for each in msgspec.convert(value, list[Credit]))
        return credited.in_words("\n".join(lines))
    if name == "licences":
        return "\n".join(_window(each) for each in msgspec.convert(value, list[Licence]))
    if name == "ratings":
        return questions.in_a_row(f"{system} {rating}" for system, rating in value.items())
    choices = dict(getattr(TitleForm.base_fields.get(name), "choices", ()))
    values = value if isinstance(value, list) else [value]
    return questions.in_a_row(choices.get(each, each) for each in values)


def _window(licence: Licence) -> str:
    ends = [_moment(each) if each else "…" for each in (licence.opens_at, licence.closes_at)]
    there, out = (in_words(" ".join(each)) for each in (licence.territories, licence.excluded))
    when = " – ".join(ends) if licence.opens_at or licence.closes_at else ""
    said = [there, out and f"− {out}", " ".join(licence.tiers), when]
    return " ".join(filter(None, said)) or _("Everywhere, without end")


def _moment(value: datetime) -> str:
    return dates.written(timezone.localtime(value), "DATETIME_FORMAT")
