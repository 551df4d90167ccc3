"""Forms of the catalogue's editors: a title whole, many titles at once, a file, a collection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import TITLE_WORDS, Document, Licence
from plainview.domains.catalogue.models import REVEALS, Genre, Tag, Title
from plainview.domains.catalogue.models.ratings import SYSTEMS
from plainview.domains.staff.forms.credited import Credits, CreditsField, line_of
from plainview.domains.staff.forms.licensing import CODES, by_our_clock, local_field
from plainview.domains.staff.forms.naming import PlacesField
from plainview.domains.staff.forms.shared import LanguageField, SharedForm
from plainview.domains.staff.languages import language_groups
from plainview.platform.languages import SILENT
from plainview.platform.media.portraits import opens

WORDS = {
    "name": gettext_lazy("Name"),
    "tagline": gettext_lazy("In one line"),
    "synopsis": gettext_lazy("The story"),
}
SENSITIVE = {
    "health": gettext_lazy("Health"),
    "faith": gettext_lazy("Religion or belief"),
    "sexuality": gettext_lazy("Sexuality"),
    "politics": gettext_lazy("Politics"),
    "origin": gettext_lazy("Ethnic origin"),
    "gender-identity": gettext_lazy("Gender identity"),
}


class TitleForm(SharedForm):
    """A title's facts; its words are further fields, `name:en` and so on, by `tongues`."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a title", "Kind"),
        choices=[("film", gettext_lazy("Film")), ("series", gettext_lazy("Series"))],
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False)
    countries = PlacesField(
        label=gettext_lazy("Countries"),
        required=False,
        help_text=gettext_lazy("By name, with commas between, or by code (KR JP)."),
    )
    original_language = forms.ChoiceField(label=gettext_lazy("Original language"), required=False)
    genres = forms.MultipleChoiceField(
        label=gettext_lazy("Genres"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ratings = forms.CharField(
        label=gettext_lazy("Age ratings"),
        required=False,
        widget=forms.TextInput(attrs=CODES),
        help_text=gettext_lazy("System and rating, separated by commas, as in own 12+, fsk 12."),
    )
    reveals = forms.MultipleChoiceField(
        label=gettext_lazy("Watching it may say something of somebody’s"),
        required=False,
        choices=[(kind, SENSITIVE[kind]) for kind in REVEALS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Then nothing is inferred from watching it, and no ad stands by."),
    )
    credits = CreditsField(
        label=pgettext_lazy("of films", "People"),
        required=False,
        widget=Credits(attrs={"rows": 8, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, in their order: what they did, their name, and characters by language, as"
            " in Cast: Ruth Calloway; en=The keeper; ko=역지기."
        ),
    )
    featured = forms.IntegerField(
        label=gettext_lazy("Place in the opening of home"), required=False, min_value=0
    )
    announced_at = local_field(
        by_our_clock(gettext_lazy("Announced from")),
        gettext_lazy("From then on its page says when it comes."),
    )
    published_at = local_field(
        by_our_clock(gettext_lazy("In the programme from")),
        gettext_lazy("Empty: only staff see it."),
    )
    licensed = forms.BooleanField(
        label=gettext_lazy("Shown only within its licences"),
        required=False,
        help_text=gettext_lazy("Otherwise it is ours, everywhere and for good."),
    )

    def __init__(self, *args: Any, tongues: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.tongues = list(tongues)
        credited = (each.person for each in self.initial.get("credited", ()))
        self.fields["credits"].name_first(credited)  # type: ignore[attr-defined]
        spoken = language_groups(SILENT, self.initial.get("original_language", ""))
        self.fields["original_language"].choices = spoken  # type: ignore[attr-defined]
        for name, kind in (("genres", Genre), ("tags", Tag)):
            self.fields[name].choices = [(each.slug, each.name.text) for each in kind.objects.all()]  # type: ignore[attr-defined]
        for tongue in self.tongues:
            for field, most in TITLE_WORDS.items():
                widget = forms.Textarea(attrs={"rows": 6}) if field == "synopsis" else None
                self.fields[f"{field}:{tongue}"] = forms.CharField(
                    label=WORDS[field], max_length=most, required=False, widget=widget
                )
                self.fields[f"{field}:{tongue}"].widget.attrs |= {"lang": tongue, "dir": "auto"}

    def clean_ratings(self) -> dict[str, str]:
        """Raises ValidationError for what is not a system and a rating."""
        parts = [each.strip() for each in self.cleaned_data["ratings"].split(",") if each.strip()]
        if not all(" " in each for each in parts):
            raise forms.ValidationError(_("Write the system, a space and the rating: fsk 12."))
        called = {each.name.casefold(): id_ for id_, each in SYSTEMS.items() if each.name}
        pairs = (each.partition(" ") for each in parts)
        return {
            called.get(system.casefold(), system.casefold()): value.strip()
            for system, _s, value in pairs
        }

    def clean_published_at(self) -> datetime | None:
        """Says at the day of announcement if that comes after."""
        shown: datetime | None = self.cleaned_data["published_at"]
        announced = self.cleaned_data.get("announced_at")
        if shown and announced and announced > shown:
            self.add_error("announced_at", _("By then it is in the programme already."))
        return shown

    def document(self, before: Document, licences: list[Licence]) -> Document:
        """What was typed as a document; what the form doesn't ask or can't read stays as it was."""
        values = msgspec.structs.asdict(before) | self.cleaned_data
        texts = dict(before.texts)
        for tongue in self.tongues:
            stood = before.texts.get(tongue, {})
            texts[tongue] = {
                field: values.get(f"{field}:{tongue}", stood.get(field, ""))
                for field in TITLE_WORDS
            }
        return msgspec.structs.replace(
            before,
            texts=texts,
            original_language=values["original_language"] or "und",
            licences=licences,
            announced_at=self.moment("announced_at"),
            published_at=self.moment("published_at"),
            **{
                name: values[name]
                for name in (
                    "kind", "year", "countries", "genres", "tags", "ratings", "reveals", "credits",
                    "featured", "licensed",
                )
            },
        )  # fmt: skip


def initial_of(document: Document) -> dict[str, Any]:
    """A document as the fields of its form hold it."""
    words = {
        f"{field}:{tongue}": text
        for tongue, fields in document.texts.items()
        for field, text in fields.items()
    }
    return (
        msgspec.structs.asdict(document)
        | words
        | {
            "countries": " ".join(document.countries),
            "ratings": ", ".join(f"{system} {value}" for system, value in document.ratings.items()),
            "credited": document.credits,
            "credits": "\n".join(line_of(credit) for credit in document.credits),
        }
    )


def _acts() -> list[tuple[str, Any]]:
    """What can be done to many titles: each genre, tag and kind by its name, under what it adds."""
    added = (
        (
            "genre",
            _("Add the genre"),
            [(each.slug, each.name.text) for each in Genre.objects.all()],
        ),
        ("tag", _("Add the tag"), [(each.slug, each.name.text) for each in Tag.objects.all()]),
        ("reveals", _("Mark as revealing"), [(kind, SENSITIVE[kind]) for kind in REVEALS]),
    )
    return [
        ("publish", _("Put into the programme")),
        ("unpublish", _("Take out of the programme")),
        *(
            (group, [(f"{act}:{value}", name) for value, name in listed])
            for act, group, listed in added
            if listed
        ),
    ]


class BulkForm(forms.Form):
    """One change for all the titles that were ticked."""

    act = forms.ChoiceField(label=gettext_lazy("What to do"), choices=_acts)
    slugs = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={"required": gettext_lazy("Tick at least one title.")},
    )

    def change(self) -> int:
        """Do it; how many titles changed. Raises services.Invalid."""
        act, _between, value = self.cleaned_data["act"].partition(":")
        slugs = self.cleaned_data["slugs"]
        if act in ("publish", "unpublish"):
            found = Title.objects.filter(slug__in=slugs)
            return (services.publish if act == "publish" else services.unpublish)(*found)
        added = {"genre": "genres", "tag": "tags"}.get(act, act)
        return services.change_many(slugs, {added: [value]}, add=True)


_PICTURES = {
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    ".avif": re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
}
_HEAD = 16


class PictureForm(forms.Form):
    """A poster or a backdrop, and what matters in it."""

    use = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[("poster", gettext_lazy("Poster")), ("backdrop", gettext_lazy("Backdrop"))],
    )
    language = LanguageField(
        first=gettext_lazy("For everybody"),
        label=gettext_lazy("Language of the words in it"),
        required=False,
        help_text=gettext_lazy("Whoever reads another language sees the one for everybody."),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG, WebP or AVIF, at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.png,.webp,.avif"}),
    )
    focus_x = forms.IntegerField(
        label=gettext_lazy("What matters, from the left in per cent"),
        initial=50,
        min_value=0,
        max_value=100,
    )
    focus_y = forms.IntegerField(
        label=gettext_lazy("From the top in per cent"), initial=50, min_value=0, max_value=100
    )

    def clean_picture(self) -> Any:
        """Raises ValidationError for what its first bytes call no picture, or is too large."""
        file = self.cleaned_data["picture"]
        suffix = PurePath(str(file.name)).suffix.lower().replace(".jpeg", ".jpg")
        begins = _PICTURES.get(suffix)
        head = file.read(_HEAD)
        file.seek(0)
        if begins is None or not begins.match(head) or (file.size or 0) > 20 * 2**20:
            raise forms.ValidationError(_("This is no JPEG, PNG, WebP or AVIF of at most 20 MB."))
        if not opens(file):
            raise forms.ValidationError(
                _("This picture is broken, or larger than sixty million pixels.")
            )
        self.cleaned_data["suffix"] = suffix
        return file


class ImportForm(forms.Form):
    """A file of titles."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("JSON or CSV, as the export writes it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv"}),
    )
    only_check = forms.BooleanField(label=gettext_lazy("Only say what it would do"), required=False)


class CollectionForm(SharedForm):
    """A collection's words in each language, and whether home shows it."""

    on_home = forms.BooleanField(label=gettext_lazy("A row of the home page"), required=False)

    def __init__(self, *args: Any, tongues: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.tongues = list(tongues)
        for tongue in self.tongues:
            for field, label in (
                ("name", WORDS["name"]),
                ("description", gettext_lazy("Description")),
            ):
                self.fields[f"{field}:{tongue}"] = forms.CharField(
                    label=label, max_length=400, required=False
                )
                self.fields[f"{field}:{tongue}"].widget.attrs |= {"lang": tongue, "dir": "auto"}

    def texts(self) -> dict[str, dict[str, str]]:
        """The words that were typed, by language."""
        found: dict[str, dict[str, str]] = {}
        for tongue in self.tongues:
            fields = {
                name: self.cleaned_data[f"{name}:{tongue}"] for name in ("name", "description")
            }
            if any(fields.values()):
                found[tongue] = {name: text for name, text in fields.items() if text}
        return found
