"""Forms of words in languages: people, genres, tags, episodes; and of a title's credits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue.document import Credit, Texts
from plainview.domains.catalogue.models import REVEALS, Person
from plainview.domains.catalogue.models import Credit as CreditRow
from plainview.domains.catalogue.search import named
from plainview.domains.staff.forms.editing import SENSITIVE
from plainview.domains.staff.forms.shared import SharedForm, offered
from plainview.platform import languages

NAME, STORY = 200, 4000
LABELS = {
    "name": gettext_lazy("Name"),
    "about": gettext_lazy("About"),
    "description": gettext_lazy("Description"),
    "synopsis": gettext_lazy("The story"),
    "character": gettext_lazy("Character"),
}


@dataclass
class Tongue:
    """The fields of a form in one language, by the name that the page gives it."""

    tag: str
    name: str
    fields: list[forms.BoundField]
    said: str
    """The first words that stand in them, by which one knows them while they are folded."""
    open: bool
    """Whether they are unfolded at first."""


def tongues_of(form: Any, added: Collection[str] = ()) -> list[Tongue]:
    """The words of a form by language: that of the page first, then those that have words.

    Eight languages are long, so all are folded but that of the page, those just typed into or
    `added`, and what is wrong. Where the page's own says nothing yet, the next that does is open.
    """
    touched = {clash.name for clash in getattr(form, "clashes", ())}
    touched.update(form.changed_data if form.is_bound else ())
    found = []
    for tag in form.tongues:
        fields = [each for each in form if each.name.endswith(f":{tag}")]
        said = next((str(each.value()) for each in fields if each.value()), "")
        at_work = tag in added or any(each.errors or each.name in touched for each in fields)
        own = tag == languages.current()
        rank = 0 if own else 1 if said or at_work else 2
        found.append((rank, Tongue(tag, languages.name(tag), fields, said, own or at_work)))
    tongues = [tongue for _rank, tongue in sorted(found, key=lambda pair: pair[0])]
    if not any(each.said for each in tongues if each.open):
        for each in [each for each in tongues if each.said][:1]:
            each.open = True
    return tongues


class WordsForm(SharedForm):
    """The `words` of something in each of `tongues`: fields `name:en` and so on."""

    def __init__(
        self, *args: Any, tongues: Iterable[str], words: Iterable[str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.tongues, self.words = list(tongues), list(words)
        for tongue in self.tongues:
            for field in self.words:
                short = field in ("name", "character")
                widget = None if short else forms.Textarea(attrs={"rows": 4})
                self.fields[f"{field}:{tongue}"] = forms.CharField(
                    label=LABELS[field],
                    max_length=NAME if short else STORY,
                    required=False,
                    widget=widget,
                )
                self.fields[f"{field}:{tongue}"].widget.attrs |= {"lang": tongue, "dir": "auto"}

    def texts(self) -> Texts:
        """What was typed, by language; languages without a word are left out."""
        found: Texts = {}
        for tongue in self.tongues:
            typed = {name: self.cleaned_data[f"{name}:{tongue}"] for name in self.words}
            if any(typed.values()):
                found[tongue] = {name: text for name, text in typed.items() if text}
        return found


class LabelForm(WordsForm):
    """The same of a genre or tag, with what it says of those who are drawn to it."""

    reveals = forms.MultipleChoiceField(
        label=gettext_lazy("Being drawn to it may say something of somebody’s"),
        required=False,
        choices=[(kind, SENSITIVE[kind]) for kind in REVEALS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Then nothing is inferred from its titles, and no ad stands by."),
    )


def initial_words(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Words as the fields of their form hold them."""
    return {f"{name}:{tag}": text for tag, said in texts.items() for name, text in said.items()}


class CreditForm(WordsForm):
    """One more credit: somebody who is there, what they did, whom they played.

    Offered are the latest whose name has the words of `query`; `more` says how many if there are
    others.
    """

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    role = forms.ChoiceField(label=gettext_lazy("What they did"), choices=CreditRow.Role.choices)

    def __init__(self, *args: Any, tongues: Iterable[str], query: str = "", **options: Any) -> None:
        super().__init__(*args, tongues=tongues, words=["character"], **options)
        found, self.more = offered(named(Person.objects.order_by("-pk"), query))
        chosen = Person.objects.filter(slug=self.data.get("person", ""))
        people = sorted({(each.name.text, each.slug) for each in [*found, *chosen]})
        self.fields["person"].choices = [(slug, name) for name, slug in people]  # type: ignore[attr-defined]

    def credit(self) -> Credit:
        """What was chosen."""
        values = self.cleaned_data
        return Credit(person=values["person"], role=values["role"], texts=self.texts())
