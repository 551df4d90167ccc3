"""Forms of the studio."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from langcodes import standardize_tag, tag_is_valid

from plainview.domains.subtitles.formats import (
    CHOICE,
    ENCODINGS,
    MAX_BYTES,
    public_name,
)
from plainview.domains.subtitles.models import LANGUAGE_ROLES, TITLE_ROLES, Role
from plainview.domains.subtitles.services import with_forms
from plainview.platform.languages import alphabetical, own_name

OFFERED = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id",
    "it", "ja", "ko", "ms", "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sv", "th", "tr", "uk",
    "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip

_MOST_KEPT = 2_000_000
"""Characters of a hidden field; a post of more is refused before anybody sees it."""
_ATTACHED = re.compile(
    rb"(^\[(?:Fonts|Graphics)\][^\n]*\n)(?:(?!\[[A-Za-z0-9+ ]+\])[^\n]*(?:\n|\Z))+", re.MULTILINE
)


class LanguageForm(forms.Form):
    """Which language to begin: one of the list, or any other by its tag.

    The list leaves out those `begun`; who comes second to one is led to it all the same.
    """

    use_required_attribute = False  # whoever types a tag leaves the list alone

    listed = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [("", "—"), *_named()],
        error_messages={"required": _("Choose a language first.")},
    )
    other = forms.CharField(
        label=_("Another language"),
        required=False,
        max_length=35,
        help_text=_("Its tag, such as cy for Welsh or sr-Latn."),
    )

    def __init__(self, *args: Any, begun: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = self.fields["listed"]
        listed.required = not str(self.data.get("other", "")).strip()
        listed.widget.choices = [each for each in listed.choices if each[0] not in begun]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """One language, as a standard tag, under `language`."""
        data = super().clean() or {}
        tag = str(data.get("other") or data.get("listed") or "").strip()
        if tag and not tag_is_valid(tag):
            self.add_error("other", _("No language has this tag. Welsh has cy, for example."))
        elif tag:
            data["language"] = standardize_tag(tag)
        return data


class FileForm(forms.Form):
    """A subtitle file to bring in."""

    file = forms.FileField(
        label=_("Subtitle file"),
        help_text=with_forms(_("%(formats)s, at most 5 MB.")),
        widget=forms.ClearableFileInput(attrs={"accept": CHOICE}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=lambda: [("", _("Recognise it")), *((e, public_name(e)) for e in ENCODINGS)],
        help_text=_("Only if the letters come out wrong."),
    )

    def clean_file(self) -> UploadedFile:
        """A file that is not too large to be subtitles; it is not read before."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is too large to be subtitles."))
        return file

    def clean(self) -> dict[str, object]:
        """The file's bytes under `data`, and under `kept` as a page holds them until all is said.

        Nobody else keeps a file that was only looked at: it comes again with the next post.
        """
        data = super().clean() or {}
        if "file" in data:
            data["name"] = (data["file"].name or "")[-255:]
            data["data"] = data["file"].read(MAX_BYTES + 1)
            data["kept"] = packed(data["data"])
            if len(data["kept"]) > _MOST_KEPT:
                self.add_error("file", _("This file is too large to be subtitles."))
        return data


class KeptFileForm(forms.Form):
    """A file that was looked at, as the page before held it, and the encoding it is read in."""

    kept = forms.CharField(max_length=2_000_000)
    name = forms.CharField(max_length=255, required=False)
    encoding = forms.ChoiceField(required=False, choices=[("", ""), *((e, e) for e in ENCODINGS)])

    def clean(self) -> dict[str, object]:
        """The file's bytes under `data`."""
        data = super().clean() or {}
        try:
            data["data"] = unpacked(str(data.get("kept", "")))
        except ValueError:
            raise forms.ValidationError(_("Choose the file again.")) from None
        return data


def packed(data: bytes) -> str:
    """Bytes as a hidden field holds them; fonts in a script, which nobody reads, stay behind."""
    return base64.urlsafe_b64encode(zlib.compress(_ATTACHED.sub(rb"\1", data))).decode()


def unpacked(text: str) -> bytes:
    """The bytes of a hidden field, up to one more than a file may have. Raises ValueError."""
    try:
        return zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), MAX_BYTES + 1)
    except zlib.error as error:
        raise ValueError("not a kept file") from error


class JoinForm(forms.Form):
    """Asking to be taken into a team."""

    role = forms.ChoiceField(
        label=_("As"),
        choices=[(role.value, role.label) for role in LANGUAGE_ROLES[1:]],
        initial=Role.SUBTITLER,  # for which no chief is needed where there is none
    )
    words = forms.CharField(
        label=_("A few words to those who decide"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SearchForm(forms.Form):
    """What to look for in the lines of a title, and what to put in its place."""

    words = forms.CharField(
        label=_("Find"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    instead = forms.CharField(label=_("Replace with"), max_length=200, required=False, strip=False)
    match_case = forms.BooleanField(label=_("Tell capitals from small letters"), required=False)
    whole_words = forms.BooleanField(label=_("Whole words only"), required=False)


class TitleJoinForm(JoinForm):
    """Asking to be taken into the team of a title as a whole."""

    role = forms.ChoiceField(
        label=_("As"), choices=[(role.value, role.label) for role in reversed(TITLE_ROLES)]
    )


def _named() -> list[tuple[str, str]]:
    return sorted(((tag, own_name(tag)) for tag in OFFERED), key=lambda each: alphabetical(each[1]))
