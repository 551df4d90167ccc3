"""A long stretch of a history goes at once, with all that came of it and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.people import HERE, viewed

from plainview.domains.playback.models import Progress, Viewing
from plainview.privacy.backups import ledger
from plainview.web.tests.test_watching import tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_p1_2_2b_a_long_stretch_is_noted_once_for_all_of_it(member, programme):
    """Each sitting was written through to the disk by itself, while nobody else could write."""
    film, seen_since, seen_before = programme.feature, *programme.episodes[:2]
    for each in (film, seen_since, seen_before):
        tell(member, each, sitting=f"{each.pk:032}")
    subject, now = Viewing.objects.first().subject, timezone.now()
    Viewing.objects.filter(video=seen_since).update(began_at=now + timedelta(days=2))
    Viewing.objects.filter(video=seen_since).update(watched_at=now + timedelta(days=2))
    viewed(subject, seen_before, "before", now - timedelta(days=9))
    for number in range(40):
        for each in (film, seen_since):
            viewed(subject, each, f"{each.pk}-{number}", now - timedelta(minutes=number))
    noted = len(ledger.notes())
    said = member.post("/my/forget/", {"hours": "24"}, headers=HERE, follow=True)
    assert "82 sittings were deleted" in said.content.decode()
    left = dict(Viewing.objects.values_list("video", "sitting"))
    assert left == {seen_since.pk: f"{seen_since.pk:032}", seen_before.pk: "before"}
    assert Progress.objects.get().video == seen_since, "of the others no later sitting is left"
    assert len(ledger.notes()) - noted == 2, "the sittings, and the places in films"
