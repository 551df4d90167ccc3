"""The form of a film's chapters and marks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue.models import Video
from plainview.domains.playback import services
from plainview.domains.playback.models import Mark, Package
from plainview.domains.staff.forms.shared import SharedForm

WORDS = {
    Mark.Kind.RECAP: (gettext_lazy("Recap from"), gettext_lazy("Recap until")),
    Mark.Kind.INTRO: (gettext_lazy("Opening from"), gettext_lazy("Opening until")),
    Mark.Kind.CREDITS: (gettext_lazy("Credits from"), gettext_lazy("Credits until")),
    Mark.Kind.PREVIEW: (gettext_lazy("Preview from"), gettext_lazy("Preview until")),
}


class PartsForm(SharedForm):
    """Chapters a line each, and for each kind of mark its two ends; empty means there is none."""

    chapters = forms.CharField(
        label=gettext_lazy("Chapters"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line each: when it begins, then its name, as in 0:12:30 The storm."
        ),
    )

    def __init__(self, data: Any = None, *, video: Video) -> None:
        package = Package.objects.filter(video=video).first()
        self.length = package.duration_ms if package else None
        there = services.marks_within(video, self.length)
        chapters = services.chapters_within(video, self.length)
        lines = [f"{services.to_clock(at)} {title}" for at, title in chapters]
        super().__init__(data, initial={"chapters": "\n".join(lines)})
        self.marks: dict[str, tuple[int, int]] = {}
        for kind, words in WORDS.items():
            for end, (label, at) in enumerate(zip(words, there.get(kind, ("", "")), strict=True)):
                self.fields[f"{kind}_{end}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=14,
                    initial=services.to_clock(at) if isinstance(at, int) else "",
                    widget=forms.TextInput(
                        attrs={"placeholder": "0:00:00", "dir": "ltr", "autocomplete": "off"}
                    ),
                )

    def ends(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two ends of each kind of mark, side by side."""
        return [(self[f"{kind}_0"], self[f"{kind}_1"]) for kind in WORDS]

    def clean_chapters(self) -> list[services.Entry]:
        """Raises ValidationError that names each line at fault."""
        found: dict[int, str] = {}
        faults = []
        for number, line in enumerate(self.cleaned_data["chapters"].splitlines(), start=1):
            if not line.strip():
                continue
            clock, _space, title = line.strip().partition(" ")
            try:
                at = self._within(services.from_clock(clock))
            except ValueError:
                faults.append(
                    _("Line %(number)s does not begin with a time within the film.")
                    % {"number": number}
                )
                continue
            if not title.strip() or len(title) > 200:
                faults.append(
                    _("Line %(number)s has no name, or too long a one.") % {"number": number}
                )
            elif at in found:
                faults.append(
                    _("Line %(number)s begins when another chapter does.") % {"number": number}
                )
            found[at] = title.strip()
        if len(found) > services.MOST_CHAPTERS:
            faults.append(
                _("There are more than %(most)s chapters.") % {"most": services.MOST_CHAPTERS}
            )
        if faults:
            raise forms.ValidationError(faults)
        return [services.Entry(at, title) for at, title in sorted(found.items())]

    def clean(self) -> dict[str, Any]:
        """Reads the ends of each mark into `marks`."""
        values = super().clean() or {}
        for kind in WORDS:
            names = [f"{kind}_0", f"{kind}_1"]
            texts = [values.get(name, "").strip() for name in names]
            if not any(texts):
                continue
            ends = []
            for name, text in zip(names, texts, strict=True):
                try:
                    ends.append(self._within(services.from_clock(text)))
                except ValueError:
                    self.add_error(name, _("This is no time within the film, such as 0:01:30."))
            if len(ends) == len(names):
                if ends[0] >= ends[1]:
                    self.add_error(names[1], _("It ends before it begins."))
                self.marks[kind] = (ends[0], ends[1])
        return values

    def _within(self, milliseconds: int) -> int:
        if self.length is not None and milliseconds > self.length:
            raise ValueError(milliseconds)
        return milliseconds
