"""What a person tells of themselves, each with who may see it; all of it may be left empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.accounts.models import Audience
from plainview.platform.languages import colon
from plainview.platform.media.portraits import NotAPicture, portrait


class VisibleTo(forms.TypedChoiceField):
    """Who may see something; who says nothing of it shows it to nobody.

    The page says what it showed, so that one left open shows nothing anew that was hidden since.
    """

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Visible to"),
            choices=Audience.choices,
            coerce=int,
            show_hidden_initial=True,
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value or Audience.ONLY_YOU)


class Telling(forms.Form):
    """A form of things told, each with its audience, which is heard with the name of its thing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, VisibleTo):
                told = self.fields[name.removesuffix("_audience")].label
                field.widget.attrs["aria-label"] = f"{field.label}{colon()}{told}"

    def audience(self, field: str) -> int | None:
        """Who is to see what a field tells; None where the page was sent as it had shown that."""
        name = f"{field}_audience"
        untouched = self[name].html_initial_name in self.data and name not in self.changed_data
        return None if untouched else self.cleaned_data[name]


class ProfileForm(Telling):
    """Name and picture, each with who may see it (P1.1a). All of it may be left empty."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "dir": "auto"}),
    )
    name_audience = VisibleTo()
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, up to 10 MB. It is drawn anew: where and when it was taken,"
            " and with what, is not kept."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    picture_audience = VisibleTo()
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)

    def clean_picture(self) -> bytes | None:
        """The picture drawn anew; None if none was sent."""
        sent = self.cleaned_data["picture"]
        if not sent:
            return None
        try:
            return portrait(sent)
        except NotAPicture:
            raise forms.ValidationError(
                _("This could not be read as a picture, or is too large. Try another file.")
            ) from None


class AboutForm(Telling):
    """What a person tells of themselves, each with who may see it. All of it may be left empty.

    Gender is asked only where its purpose is open, `gender` (P1.1.3a).
    """

    about = forms.CharField(
        label=gettext_lazy("About me"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    about_audience = VisibleTo()
    gender = forms.CharField(
        label=gettext_lazy("Gender"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("In your own words. Nothing here depends on it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    gender_audience = VisibleTo()

    def __init__(self, *args: Any, gender: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gender:
            del self.fields["gender"], self.fields["gender_audience"]
