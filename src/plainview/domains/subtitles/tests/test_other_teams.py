"""Somebody of another language's team, with the numbers of this one: each act of the editor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.forms import packed
from plainview.domains.subtitles.models import Edition, Membership, Note, Proposal, Role
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.tests.test_files import main_of
from plainview.domains.subtitles.views.acts import ACTS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OF_ONESELF = {"here", "go", "let-go"}
"""Where one is, and the end of what one claimed: nothing of anybody else's."""


def rows() -> dict[str, list[str]]:
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values()))
        for model in apps.get_app_config("subtitles").get_models()
    }


@pytest.fixture
def team(korean, mira) -> Edition:
    """The Korean edition, whose team has chiefs: what is done there, they and theirs do."""
    Membership.objects.filter(account=mira.account).update(role=Role.MODERATOR)
    Membership.objects.create(
        title=korean.video.title, account_id=mira.account, role=Role.CHIEF_SEGMENTER,
        standing=Membership.Standing.MEMBER,
    )  # fmt: skip
    Proposal.objects.create(video=korean.video, start_ms=9000, end_ms=9900)
    return korean


def test_who_asks_is_met_where_the_language_is_worked_on(team, mira, tom):
    """A series has many videos, and its first may have no such language."""
    title = team.video.title
    second = Video.objects.create(title=title, language="en", number=2)
    tracks.put(second, "en", formats.read(SRT).cues, source="second.en.srt")
    mira.post(f"/studio/{second.key}/", {"listed": "ja"})
    Membership.objects.filter(language="ja").update(role=Role.MODERATOR)
    there = f"/studio/{second.key}/ja/team/"
    tom.post(there, {"do": "apply", "role": "subtitler"})
    [led] = re.findall(r'href="([^"]*)#asking"', main_of(mira.get("/studio/")))
    assert led == there
    assert "Tom" in main_of(mira.get(led))


def form(edition: Edition, act: str) -> dict[str, object]:
    """Everything that an act may ask for, with the numbers of this edition."""
    first, second = queries.rows(edition)[:2]
    proposal = Proposal.objects.get().pk
    changes = [[first.segment, 1100, 2900, first.timing]]
    return {
        "act": act, "segment": first.segment, "other": second.segment, "version": 0,
        "timing": first.timing, "start": 5100, "end": 5900, "at": 2000, "from": 0,
        "text": "안녕", "first": "안", "second": "녕", "source": "en", "as": "retime",
        "changes": json.dumps(changes), "proposals": json.dumps([proposal]),
    }  # fmt: skip


def undone(client: Client, path: str, form: dict[str, object]) -> tuple[int, bool]:
    """The status of a form that is sent, and whether it changed a row; it is taken back."""
    before = rows()
    with transaction.atomic():
        status = client.post(path, form).status_code
        changed = rows() != before
        transaction.set_rollback(True)
    return status, changed


def test_every_act_is_one_that_the_editor_asks_for():
    studio = Path(__file__).parents[5] / "frontend/studio"
    script = "".join(path.read_text() for path in studio.glob("*.ts"))
    assert {act for act in ACTS if f'"{act}"' not in script} == set()


def test_p2_1_6a_no_act_is_done_in_a_team_that_one_is_not_in(film, team, mira, tom):
    """Acts of tomorrow too; those of the team do them with the same form."""
    tom.post(f"/studio/{film.key}/", {"listed": "ar"})
    assert Membership.objects.filter(account=tom.account, language="ar").exists()
    path, stranger = (
        f"/studio/{film.key}/ko/act/",
        Client(headers={"Sec-Fetch-Site": "same-origin"}),
    )
    for act in sorted(set(ACTS) - OF_ONESELF):
        said = form(team, act)
        for client, status in ((tom, 403), (stranger, 401)):
            assert undone(client, path, said) == (status, False), act
        assert undone(mira, path, said)[0] in (200, 409, 410, 422), f"{act}: no matter of who"


SRT = b"1\n00:00:01,000 --> 00:00:03,000\nx\n"
SOUGHT = {"words": "안", "instead": "잘"}
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "write a line": ("ko/", {"line-{first}": "새 말", "version-{first}": "2"}),
    "claim a part": ("ko/", {"claim": "0"}),
    "settle a note": ("ko/{first}/settle/", {"note": "{note}"}),
    "bring a version back": ("ko/{first}/", {"version": "1"}),
    "choose limits": ("ko/report/", {"limits": "bbc@2"}),
    "hand on": ("ko/pass/", {"to": "review"}),
    "take somebody in": ("ko/team/", {"do": "accept", "member": "{asks}", "role": "subtitler"}),
    "turn somebody down": ("ko/team/", {"do": "decline", "member": "{asks}"}),
    "invite": ("ko/team/", {"do": "invite", "role": "editor"}),
    "invite for a title": ("team/", {"do": "invite", "role": "segmenter"}),
    "replace words": ("ko/find/", SOUGHT | {"do": "replace", "place": "{place}"}),
    "bring a file in": ("ko/files/", {"do": "bring", "kept": packed(SRT), "name": "x.srt"}),
}


def test_p2_1_6a_no_form_changes_a_team_that_one_is_not_in(film, team, mira, tom):
    """Whoever is of the team does it with the same form, so that a wrong form is no proof."""
    tom.post(f"/studio/{film.key}/", {"listed": "ar"})
    first = queries.rows(team)[0].segment
    written = {"act": "save", "segment": first}
    for version, text in ((0, "안녕"), (1, "안녕히")):
        said = {**written, "version": version, "text": text}
        assert mira.post(f"/studio/{film.key}/ko/act/", said).status_code == 200
    mira.post(f"/studio/{film.key}/ko/{first}/", {"note": "Formal?"})
    asks = Membership.objects.create(
        title=film.title, language="ko", role=Role.SUBTITLER, standing="applied",
        account=User.objects.create_user("su@lantern.example"),
    )  # fmt: skip
    looked = mira.post(f"/studio/{film.key}/ko/find/", SOUGHT).content.decode()
    place = "".join(re.findall(r'name="place" value="([^"]+)"', looked)[:1])
    known = {"first": first, "note": Note.objects.get().pk, "asks": asks.pk, "place": place}
    for name, (where, form) in FORMS.items():
        path = f"/studio/{film.key}/{where.format(**known)}"
        said = {field.format(**known): value.format(**known) for field, value in form.items()}
        status, changed = undone(tom, path, said)
        assert status < 500 and not changed, name
        assert undone(mira, path, said)[1], name


def test_by_ear_the_team_of_each_language_is_called_by_it(film, korean, mira):
    page = mira.get(f"/studio/{film.key}/").content.decode()
    assert re.search(
        r'>Team<span class="visually-hidden">: <bdi[^>]*>한국어</bdi></span></a>', page
    )
