"""The form that puts a film on: words, place, subtitles; or another film in the place of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback import queries as playback
from plainview.domains.staff.forms import Files, SubtitleFiles
from plainview.domains.staff.forms.shared import LanguageField
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.services import with_forms
from plainview.platform.languages import SILENT

GIGABYTE = 1_000_000_000


class UploadForm(forms.Form):
    """A film, what it is called and speaks, of which series it is, and its subtitles.

    One that `replaces` another has its words. What only `asks` comes before its film, to hear
    whether the words are right.
    """

    NEW = "+"
    WORDS = ("name", "series", "season", "number", "language", "draft")

    arrived = forms.CharField(required=False, widget=forms.HiddenInput, max_length=80)
    replaces = forms.CharField(required=False, widget=forms.HiddenInput, max_length=12)
    film = forms.FileField(
        label=gettext_lazy("The film"),
        help_text=gettext_lazy("Any kind of video file."),
        widget=forms.ClearableFileInput(attrs={"accept": "video/*,.mkv,.ts,.mxf,.mov"}),
        max_length=255,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Left empty, a film is called as its file, an episode by its number."
        ),
    )
    series = forms.ChoiceField(label=gettext_lazy("Episode of"), required=False)
    season = forms.IntegerField(
        label=gettext_lazy("Season"), required=False, min_value=1, max_value=999
    )
    number = forms.IntegerField(
        label=gettext_lazy("Episode"), required=False, min_value=1, max_value=9999
    )
    language = LanguageField(SILENT, label=gettext_lazy("Spoken language"), required=False)
    draft = forms.BooleanField(
        label=gettext_lazy("Keep it out of the programme for now"),
        required=False,
        help_text=gettext_lazy("Its own page publishes it, now or on a day."),
    )
    subtitles = SubtitleFiles(
        label=gettext_lazy("Subtitle files"),
        required=False,
        help_text=with_forms(
            gettext_lazy(
                "%(formats)s. Name the language in the file name, as in film.ko.srt."
                " Subtitles inside the film are taken along by themselves."
            )
        ),
        widget=Files(attrs={"accept": formats.CHOICE}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A film that came by pieces is named by its address instead.
        self.fields["film"].required = not (self.data.get("arrived") or "asks" in self.data)
        if self.data.get("replaces") or self.initial.get("replaces"):
            for name in self.WORDS:
                del self.fields[name]
            return
        series = catalogue.everything().filter(kind=Title.Kind.SERIES)
        self.fields["series"].choices = [  # type: ignore[attr-defined]
            ("", _("No series: a film by itself")),
            (self.NEW, _("A new series, called by the name above")),
            *((each.slug, each.name.text) for each in series),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuses an episode without its place, and one that is there or on its way."""
        values = super().clean() or self.cleaned_data
        series, season, number = (values.get(name) for name in ("series", "season", "number"))
        if not series:
            return values
        if season is None or number is None:
            self.add_error("number", _("Say which season and which episode it is."))
        elif series == self.NEW and not values.get("name"):
            self.add_error("name", _("A new series needs a name."))
        elif playback.has_episode(series, season, number):
            self.add_error("number", _("This episode is there already, or on its way."))
        return values

    def clean_replaces(self) -> Video | None:
        """The film of another that this one replaces."""
        if not (key := self.cleaned_data["replaces"]):
            return None
        found = Video.objects.select_related("title").filter(key=key).first()
        if found is None:
            self.add_error(None, _("The film that it was to replace is gone."))
        return found

    def clean_film(self) -> UploadedFile | None:
        """Refuses what is larger than the operator allows."""
        film: UploadedFile | None = self.cleaned_data["film"]
        if film is None:
            return None
        limit = settings.ENV.max_upload_gb
        if (film.size or 0) > limit * GIGABYTE:
            raise forms.ValidationError(
                _(
                    "The film is larger than %(limit)s GB, the most that this service takes."
                    " Export it at a lower bit rate, or ask for the limit to be raised."
                )
                % {"limit": limit}
            )
        return film
