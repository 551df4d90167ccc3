"""What a film is made of, for its player: chapters, and what can be skipped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from plainview.domains.catalogue.models import Video
from plainview.domains.playback import services
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.parts import PartsForm
from plainview.domains.staff.forms.shared import held, in_turn
from plainview.privacy.gate.doors import serves


@serves("browse", may=["account"], source="form")
@staff("catalogue.edit")
@in_turn
def parts(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The chapters of a film, and where its recap, opening, credits and preview are."""
    films = held(request, Video.objects.select_related("title", "season"))
    video = get_object_or_404(films, title__slug=slug, key=key)
    form = PartsForm(request.POST or None, video=video)
    if request.method == "POST" and form.is_valid():
        services.keep_marks(video, form.cleaned_data["chapters"], form.marks)
        messages.success(request, _("Chapters and marks are kept."))
        return redirect("desk-parts", slug, key)
    status = 422 if form.is_bound else 200
    return render(request, "staff/parts.html", {"video": video, "form": form}, status=status)
