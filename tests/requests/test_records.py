"""What notes what passed between people and service is put right beside it, and never rewritten."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.people import somebody
from tests.requests.conftest import QUEUE, act

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.models import Look
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HELP = {"kind": "help", "reason": "She wrote that her films are gone."}


@pytest.fixture
def mira(db) -> User:
    """A member."""
    return somebody("mira@lantern.example", "a lantern in the rain")


def said_of(user: User) -> list[object]:
    """What the account says, who looked at it, and what was asked before."""
    account = User.objects.filter(pk=user.pk).values_list("roles", "is_active", "last_login")
    looks = Look.objects.filter(person=user.pk, kind="help").values_list("pk", "reason")
    asked = Request.objects.filter(subject=user.pk, kind="complaint").values_list("pk", "state")
    return [list(account), list(looks), list(asked)]


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])
@pytest.mark.parametrize("kind", ["account.state", "access.looks", "requests.rights"])
def test_p5_2_1_3a_no_record_is_rewritten_and_no_account_goes_by_a_dispute(
    mira, at_home, desk, at_desk, kind, step
):
    """P5.2.1.3a, P2.1.6a: it gives nobody a role, ends no account, hides no look of a colleague."""
    moderator = User.objects.create_user("moderator@lantern.example", roles=Role.MODERATOR)
    at_desk(moderator, Client()).post(f"/desk/people/{mira.pk}/reason/", HELP)
    at_home.post("/privacy/requests/new/", {"kind": "complaint", "words": "Too many letters."})
    before = said_of(mira)
    assert all(before), "there is something of each"
    entries = at_home.get(f"/privacy/held/{kind}/").context["found"].entries
    disputable = [each for each in entries if each.wrong]
    assert disputable
    for entry in disputable[::step]:
        form = {"kind": kind, "fact": entry.wrong, "act": "send", "words": "It is not so."}
        at_home.post("/privacy/wrong/", form)
        row = Request.objects.filter(kind="correct").latest("received_at")
        fields = desk.get(f"{QUEUE}{row.number}/answer/").context["form"].fields
        assert "remove" not in fields and not [each for each in fields if each.startswith("fact-")]
        why = desk.get(f"{QUEUE}{row.number}/answer/").content.decode()
        assert "This entry is neither rewritten nor deleted here." in why
        assert "What is wrong in it, say in your answer" in why
        said = {"outcome": "granted", "said": "You are right.", "remove": "on"}
        said |= {"fact-roles": Role.ADMINISTRATOR, "fact-reason": "None.", "fact-state": "answered"}
        assert act(desk, row, "answer", **said).status_code == 409
        assert said_of(mira) == before, entry.values
        told = {"outcome": "partly", "ground": "unfounded", "said": "We noted that you say so."}
        assert act(desk, row, "answer", **told).status_code == 302
        assert said_of(mira) == before
