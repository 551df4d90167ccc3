"""Forms of the desk."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.accounts.models import Role
from plainview.domains.staff import services
from plainview.domains.staff.forms.shared import LanguageField
from plainview.domains.staff.models import Change, Look
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.formats.confined import read_confined
from plainview.domains.subtitles.services import refused, with_forms
from plainview.privacy.consent.by_hand import OLDEST

SHORTEST = 3
"""Letters of an authority's name, at least."""


class Files(forms.ClearableFileInput):
    """A control for several files."""

    allow_multiple_selected = True


class SubtitleFiles(forms.FileField):
    """Any number of subtitle files; cleans to a list.

    Each is read, so that faults show at once, unless that happens before the answer anyway.
    """

    widget = Files

    def __init__(self, *, read: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self._read = read

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Raises ValidationError naming the file that can't be read, and why."""
        files = data if isinstance(data, list | tuple) else [data]
        return [
            self._readable(super(SubtitleFiles, self).clean(f, initial)) for f in files if f
        ] or (super().clean(None, initial) or [])

    def _readable(self, file: UploadedFile) -> UploadedFile:
        name = file.name or ""
        if (file.size or 0) > formats.MAX_BYTES:
            raise forms.ValidationError(
                _("%(file)s is too large for a subtitle file (%(limit)s MB is the most).")
                % {"file": name, "limit": formats.MAX_BYTES // 1_000_000}
            )
        if not self._read:
            return file
        try:
            read_confined(file.read(), filename=name)
        except formats.SubtitleError as error:
            raise forms.ValidationError(refused(error, name)) from error
        file.seek(0)
        return file


class SubtitleForm(forms.Form):
    """One subtitle file for a film that is there."""

    file = SubtitleFiles(
        read=False,
        label=gettext_lazy("Subtitle file"),
        help_text=with_forms(
            gettext_lazy("%(formats)s. One in a language that is there takes its place.")
        ),
        widget=forms.FileInput(attrs={"accept": formats.CHOICE}),
    )
    language = LanguageField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Needed only if neither the file nor its name says it."),
    )


class FindForm(forms.Form):
    """Whom to open."""

    who = forms.CharField(
        label=gettext_lazy("Email address or account number"),
        help_text=gettext_lazy("The whole of it; there is no list to look through."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class Day(forms.DateField):
    """A day, in a browser's own calendar, which takes it in one form whatever the language."""

    def __init__(self, **options: Any) -> None:
        calendar = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=calendar, **options)


class Words(forms.CharField):
    """A reason in somebody's own words, which the person it is about reads."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("In your words"),
            max_length=400,
            widget=forms.Textarea(attrs={"rows": 3}),
            **options,
        )


class CaseForm(forms.Form):
    """A new case about a person: on which ground, and in one line why.

    `only` are the grounds on which this member of the staff opens cases. That of a law names the
    authority and the number by which it calls its case.
    """

    goes_with: ClassVar = dict.fromkeys(
        ("authority", "untold_until", "untold_law"), Look.Kind.LAW.value
    )
    kind = forms.ChoiceField(label=gettext_lazy("On which ground"))
    reason = Words(
        help_text=gettext_lazy(
            "They read it under Your privacy. Name nobody else, and nothing that is not theirs."
        )
    )
    reference = forms.CharField(
        label=gettext_lazy("The number that others gave it"),
        help_text=gettext_lazy(
            "Of the letter for help or of the notice, if there is one. Where a law asks for it, the"
            " number by which the authority calls its case."
        ),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    authority = forms.CharField(
        label=gettext_lazy("Which authority asks"),
        help_text=gettext_lazy("Only where a law asks for it."),
        required=False,
        max_length=120,
    )
    untold_until = Day(
        label=gettext_lazy("Until which day a law forbids to tell them"),
        help_text=gettext_lazy("Only where it does. On that day they are told, by itself."),
        required=False,
    )
    untold_law = forms.CharField(
        label=gettext_lazy("Which law or order forbids it"), required=False, max_length=200
    )

    def __init__(self, *args: Any, only: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [each for each in Look.Kind.choices if each[0] in only]
        self.fields["kind"].choices = [("", _("Choose one")), *grounds]  # type: ignore[attr-defined]
        if Look.Kind.LAW not in only:
            for name in ("authority", "untold_until", "untold_law"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A law needs its authority, and the number of the case as authorities write them."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("kind") == Look.Kind.LAW:
            named_by(self, values)
            silent_by(self, values)
        else:
            values |= {"untold_until": None, "untold_law": ""}
        return values


def silent_by(form: forms.Form, values: dict[str, Any]) -> None:
    """Put errors at a form that keeps a case from its person for longer or by less than a law."""
    until = values.get("untold_until")
    if until and not services.may_be_silent(until):
        words = _("Choose a day to come, at most %(days)s days from now.")
        form.add_error("untold_until", words % {"days": services.LONGEST_SILENCE.days})
    if until and not values.get("untold_law"):
        form.add_error("untold_law", _("Name the law or the order that forbids to tell them."))
    if values.get("untold_law") and not until and "untold_until" not in form.errors:
        form.add_error("untold_until", _("Say until which day it forbids that."))


def named_by(form: forms.Form, values: dict[str, Any]) -> None:
    """Put errors at a form whose authority is not named, or whose number can be none of a case."""
    if len(values.get("authority", "")) < SHORTEST and "authority" not in form.errors:
        form.add_error("authority", _("Name the authority that asks."))
    if not re.search(r"\d", values.get("reference", "")) and "reference" not in form.errors:
        form.add_error("reference", _("Say by which number the authority calls its case."))


class StateForm(forms.Form):
    """Why an account is suspended or opened again."""

    reason = Words(
        help_text=gettext_lazy("They read it where they sign in, and under Your privacy.")
    )


class ChoicesForm(forms.Form):
    """What somebody told us of their choices: by which way, on which day, what exactly.

    `offered` are the purposes that they can refuse, in words; a field for each. `entered` is what
    the staff entered for them before, by receipt.
    """

    channel = forms.ChoiceField(
        label=gettext_lazy("How it reached us"),
        choices=[("", gettext_lazy("Choose one")), *Change.Channel.choices],
    )
    said_on = Day(
        label=gettext_lazy("The day they said it"),
        help_text=gettext_lazy(
            "Of a letter the date it bears, or its postmark. What they answered later stands."
        ),
    )
    reason = Words(
        help_text=gettext_lazy(
            "Who spoke or wrote, how you knew it was them, what they said. They read it."
        )
    )
    all_no = forms.BooleanField(
        required=False,
        label=gettext_lazy("They refuse everything that can be refused"),
    )

    def __init__(
        self,
        *args: Any,
        offered: list[tuple[str, str]],
        entered: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if entered:
            self.fields["corrects"] = forms.ChoiceField(
                label=gettext_lazy("Does it put an earlier entry right?"),
                required=False,
                choices=[("", gettext_lazy("No, it is new")), *entered],
                help_text=gettext_lazy(
                    "The earlier one stays; what you enter counts in its place."
                ),
            )
        self.offered = [id_ for id_, _name in offered]
        for id_, name in offered:
            self.fields[f"purpose-{id_}"] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[
                    ("", gettext_lazy("Not spoken of")),
                    ("no", gettext_lazy("No")),
                    ("yes", gettext_lazy("Yes")),
                ],
            )

    def clean_said_on(self) -> date:
        """A day that has come, and is not older than answers are kept."""
        day: date = self.cleaned_data["said_on"]
        today = timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("That day has not come yet."))
        if day < today - OLDEST:
            raise forms.ValidationError(
                _("That is more than three years ago: it says nothing any more.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Something must have been said."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.said():
            self.add_error(None, _("Say what they refuse or allow: at least one line."))
        return values

    def said(self) -> dict[str, bool]:
        """What was said, by purpose; refusing everything is a no wherever no yes was said."""
        values = self.cleaned_data
        answers = {id_: values.get(f"purpose-{id_}", "") for id_ in self.offered}
        said = {id_: answer == "yes" for id_, answer in answers.items() if answer}
        if values.get("all_no"):
            said = {id_: said.get(id_, False) for id_ in self.offered}
        return said


class RoleForm(forms.Form):
    """A role for somebody."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("The one they sign in with."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", gettext_lazy("Choose one")), *Role.choices]
    )
