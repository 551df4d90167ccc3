"""Legal holds at the desk: put and released in a case, listed without a name (decision 73)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import viewed

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.domains.staff.models import Look
from plainview.platform.jobs import worker
from plainview.privacy.log.models import Act
from plainview.privacy.models import Erasure, LegalHold
from plainview.privacy.rights import services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LAW = {"kind": "law", "authority": "The court of Cork", "reference": "Az. 17/26", "reason": "x"}
WHY = "Order 17/26 of the court of Cork"


@pytest.fixture
def zora(db) -> User:
    return User.objects.create_user("zora@lantern.example")


@pytest.fixture
def desk(at_desk, officer) -> Client:
    return at_desk(officer)


@pytest.fixture
def page(desk, zora) -> str:
    """Her holds, in a case that the officer has opened."""
    address = f"/desk/people/{zora.pk}/holds/"
    assert desk.get(address)["Location"].startswith(f"/desk/people/{zora.pk}/reason/")
    assert desk.post(f"/desk/people/{zora.pk}/reason/", LAW).status_code == 302
    return address


def given(officer: User, days: int = 9, **more: object) -> dict[str, object]:
    until = timezone.localdate() + dt.timedelta(days)
    return {"act": "hold", "reason": WHY, "until": until, "owner": officer.pk, **more}


def test_one_is_put_and_read_in_a_case_and_the_list_names_nobody(desk, zora, officer, page):
    answer = desk.post(page, given(officer, categories=["viewing.history"]))
    assert answer.status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.subject, hold.owner, hold.categories) == (zora.pk, officer.pk, "viewing.history")
    shown = desk.get(page).content.decode()
    assert WHY in shown
    assert "Soon" in shown
    LegalHold.objects.create(subject=zora.pk, reason="later", since=timezone.now(),
                             until=timezone.localdate() + dt.timedelta(90))  # fmt: skip
    listed = desk.get("/desk/privacy/holds/").content.decode()
    assert "officer@lantern.example" in listed
    assert listed.count("Soon") == 1
    assert not any(each in listed for each in (WHY, zora.email, str(zora.pk)))
    assert Act.objects.filter(person=zora.pk, staff=officer.pk).exists()
    Look.objects.all().delete()
    for closed in (page, f"/desk/privacy/holds/{hold.pk}/"):
        assert WHY not in desk.get(closed, follow=True).content.decode()
    assert desk.post(page, {"act": "release", "hold": hold.pk})["Location"].endswith("/reason/")
    assert LegalHold.objects.filter(pk=hold.pk, ended_at=None).exists()


def test_kinds_open_by_family_so_that_the_form_is_short_for_keys(desk, officer, page):
    text = desk.get(page).content.decode()
    families = text.partition('class="kinds"')[2].partition("</fieldset>")[0]
    assert families.count("<details>") > 10 and "<details open" not in text
    again = desk.post(page, given(officer, days=-1, categories=["viewing.history"]))
    opened = again.content.decode().partition('class="kinds"')[2].partition("<details open>")[2]
    opened = opened.partition("</details>")[0]
    assert "<summary>Viewing</summary>" in opened and "checked" in opened


def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk, officer, page):
    answer = desk.post(page, given(officer, days=-1, reason="Half a sentence"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choose a day to come." in text
    assert "Half a sentence" in text
    assert desk.post(page, given(officer, reason=" ")).status_code == 422
    assert desk.post(page, given(officer, categories=["wishes"])).status_code == 422
    assert desk.post(page, {"act": "release", "hold": "7"}, follow=True).status_code == 200
    assert not LegalHold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_released_at_the_desk_the_erasure_that_it_met_goes_on(desk, zora, officer, page):
    viewed(zora.pk, add_film(name="Lights"), "s")
    desk.post(page, given(officer, categories=["viewing.history"]))
    services.leave(zora.pk)
    worker.run_all()
    assert Viewing.objects.filter(subject=zora.pk).exists()
    key = Erasure.objects.get().key
    report = Client().get(f"/privacy/left/{key}/").content.decode()
    assert "Some of it is kept until" in report
    assert desk.get(page).status_code == 302, "the case went with them"
    desk.post(f"/desk/people/{zora.pk}/reason/", LAW)
    assert "They have left" in desk.get(page).content.decode()
    desk.post(page, {"act": "release", "hold": LegalHold.objects.get().pk})
    worker.run_all()
    assert not Viewing.objects.filter(subject=zora.pk).exists()
    assert Erasure.objects.get().state == "done"
