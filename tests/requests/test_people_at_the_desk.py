"""An officer opens a person for a case of theirs, and ends no account alone (P2.1.6a)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import browser_of
from tests.requests.conftest import filed, make

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff.models import Change, Look
from plainview.privacy.models import Erasure
from plainview.privacy.requests import services
from plainview.privacy.requests.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def seen(client: Client, where: str) -> dict[str, str]:
    """What the page of a proposal says of the one that it shows."""
    found = re.search(r'name="seen" value="(\d+)"', client.get(where).content.decode())
    return {"seen": found[1]} if found else {}


class TestTwoForDeleting:
    """An account that nobody asked to delete goes when two people say so."""

    @pytest.fixture
    def mira(self, db) -> User:
        return make("mira")

    @pytest.fixture
    def both(self, desk, second, mira) -> tuple[Client, Client]:
        for client in (desk, second):
            said = {
                "kind": "law",
                "authority": "The court",
                "reference": "Az. 17",
                "reason": "A court asks for it.",
            }
            client.post(f"/desk/people/{mira.pk}/reason/", said)
        return desk, second

    def test_one_proposes_another_agrees_and_she_can_read_both(self, both, mira):
        one, two = both
        where = f"/desk/people/{mira.pk}/delete/"
        assert one.post(where, {"act": "delete", "reason": "x"}).status_code == 422
        one.post(where, {"act": "propose", "reason": "The court of 3 May."})
        assert "The court of 3 May." in two.get(where).content.decode()
        alone = one.post(where, {"act": "delete", "reason": "Still."})
        assert "takes a second person" in alone.content.decode()
        mira.refresh_from_db()
        assert mira.is_active
        hers = browser_of(mira)
        assert "Proposed to delete the account" in hers.get("/settings/looks/").content.decode()
        assert str(mira.pk) in two.get("/desk/people/").content.decode()
        agreed = {"act": "delete", "reason": "I read it too."} | seen(two, where)
        assert two.post(where, agreed).status_code == 302
        mira.refresh_from_db()
        assert not mira.is_active
        assert Erasure.objects.count() == 1

    def test_a_proposal_can_be_turned_down_and_grows_old(self, both, mira):
        one, two = both
        where = f"/desk/people/{mira.pk}/delete/"
        one.post(where, {"act": "propose", "reason": "The court of 3 May."})
        two.post(where, {"act": "keep", "reason": "It means somebody else."})
        again = two.post(where, {"act": "delete", "reason": "x"})
        assert "settled already" in again.content.decode()
        one.post(where, {"act": "propose", "reason": "It means her."})
        late = {"act": "delete", "reason": "x"} | seen(two, where)
        Change.objects.update(changed_at=timezone.now() - dt.timedelta(days=15))
        late = two.post(where, late)
        assert late.status_code == 422
        assert not Erasure.objects.exists()

    def test_an_old_form_agrees_to_no_reason_that_it_does_not_show(self, both, mira):
        one, two = both
        where = f"/desk/people/{mira.pk}/delete/"
        one.post(where, {"act": "propose", "reason": "The court of 3 May."})
        old = {"act": "delete", "reason": "I read it too."} | seen(two, where)
        one.post(where, {"act": "keep", "reason": "It means somebody else."})
        one.post(where, {"act": "propose", "reason": "She did not write back."})
        refused = two.post(where, old)
        assert refused.status_code == 422
        assert "She did not write back." in refused.content.decode()
        assert not Erasure.objects.exists()

    def test_staff_are_not_deleted_so_and_a_moderator_can_not_propose(
        self, desk, at_desk, mira, officer
    ):
        other = make("editor", Role.EDITOR)
        said = {"kind": "law", "authority": "The court", "reference": "17", "reason": "x"}
        desk.post(f"/desk/people/{other.pk}/reason/", said)
        answer = desk.post(f"/desk/people/{other.pk}/delete/", {"act": "propose", "reason": "x"})
        assert "takes the role first" in answer.content.decode()
        moderator = at_desk(make("moderator", Role.MODERATOR), Client())
        moderator.post(f"/desk/people/{mira.pk}/reason/", said)
        assert moderator.get(f"/desk/people/{mira.pk}/delete/").status_code == 403


class TestGround:
    """P2.1.6a: an officer opens a person in a case about that person, and in no other."""

    def test_the_number_of_an_open_request_of_that_person_opens_them(self, desk):
        mira, tom = make("mira"), make("tom")
        hers, his = (filed(account=each.pk, contact="") for each in (mira, tom))
        where = f"/desk/people/{mira.pk}/reason/"
        said = {"act": "look"}
        for case in ("", his.number, "aaaa-aaaa-a"):
            desk.post(where, said | {"case": case})
            assert desk.get(f"/desk/people/{mira.pk}/").status_code == 302, case
        assert f'value="{hers.number}"' in desk.get(where).content.decode()
        desk.post(where, said | {"case": hers.number})
        assert Look.objects.get().case == hers.number
        assert desk.get(f"/desk/people/{mira.pk}/").status_code == 200
        services.move(hers.pk, "withdraw", by=Event.By.PERSON)
        assert desk.get(f"/desk/people/{mira.pk}/").status_code == 302, "it ends with the request"
        desk.post(where, said | {"case": hers.number})
        assert Look.objects.count() == 1

    @pytest.mark.parametrize("kind", ["help", "report", "security"])
    def test_an_officer_has_no_other_reason(self, desk, kind):
        mira = make("mira")
        where = f"/desk/people/{mira.pk}/reason/"
        assert desk.post(where, {"kind": kind, "reference": "1", "reason": "x"}).status_code == 422
        assert not Look.objects.exists()
