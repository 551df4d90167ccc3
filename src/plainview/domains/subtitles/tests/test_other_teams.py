"""Somebody of another language's team, with the numbers of this one: each act of the editor."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.test import Client

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import Edition, Membership, Note, Proposal, Role
from plainview.domains.subtitles.views.acts import ACTS

pytestmark = pytest.mark.django_db
OF_ONESELF = {"here", "go", "let-go"}
"""Where one is, and the end of what one claimed: nothing of anybody else's."""
FOR_ALL = {"note"}
"""Whoever reads along may ask something."""


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


def form(edition: Edition, act: str) -> dict[str, object]:
    """Everything that an act may ask for, with the numbers of this edition."""
    first, second = queries.rows(edition)[:2]
    proposal = Proposal.objects.get().pk
    changes = [[first.segment, 1100, 2900, first.timing]]
    return {
        "act": act, "segment": first.segment, "other": second.segment, "version": 0,
        "timing": first.timing, "start": 5100, "end": 5900, "at": 2000, "from": 0, "by": 1,
        "text": "안녕", "first": "안", "second": "녕", "source": "en", "as": "retime",
        "changes": json.dumps(changes), "proposals": json.dumps([proposal]),
    }  # fmt: skip


def post(client: Client, edition: Edition, act: str):
    address = f"/studio/{edition.video.key}/{edition.language}/act/"
    return client.post(address, form(edition, act))


@pytest.mark.parametrize("act", sorted(set(ACTS) - OF_ONESELF - FOR_ALL))
def test_p2_1_6a_no_act_is_done_in_a_team_that_one_is_not_in(film, team, mira, tom, act):
    """Acts of tomorrow too; those of the team do them with the same form."""
    tom.post(f"/studio/{film.key}/", {"listed": "ar"})
    assert Membership.objects.filter(account=tom.account, language="ar").exists()
    before = rows()
    for client, status in ((tom, 403), (Client(headers={"Sec-Fetch-Site": "same-origin"}), 401)):
        assert post(client, team, act).status_code == status
        assert rows() == before
    assert post(mira, team, act).status_code in (200, 410, 422), "no matter of who they are"


def test_p2_1_6a_neither_forms_nor_files_change_another_team(film, team, mira, tom):
    tom.post(f"/studio/{film.key}/", {"listed": "ar"})
    base = f"/studio/{film.key}/ko/"
    first = queries.rows(team)[0].segment
    mira.post(f"{base}{first}/", {"note": "Formal?"})
    membership = Membership.objects.get(account=mira.account, language="ko").pk
    before = rows()
    sent = [
        (base, {f"line-{first}": "안녕", f"version-{first}": "0", "claim": "0"}),
        (f"{base}{first}/settle/", {"note": Note.objects.get().pk}),
        (f"{base}{first}/", {"version": "1"}),
        (f"{base}report/", {"limits": "house"}),
        (f"{base}pass/", {"to": "review", "reason": "x"}),
        (f"{base}team/", {"do": "accept", "member": membership, "role": "moderator"}),
        (f"{base}team/", {"do": "decline", "member": membership}),
        (f"{base}team/", {"do": "invite", "role": "editor"}),
        (f"/studio/{film.key}/team/", {"do": "invite", "role": "segmenter"}),
        (f"{base}find/", {"do": "replace", "find": "e", "with": "x", "place": f"{first}"}),
        (f"{base}files/", {"do": "bring", "kept": "1\n00:00:01,000 --> 00:00:02,000\nx\n"}),
    ]  # fmt: skip
    for path, said in sent:
        answer = tom.post(path, said)
        assert answer.status_code < 500, path
        assert rows() == before, (path, said)
