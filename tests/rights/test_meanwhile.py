"""Who sends a form is who is at the door once all of it is here: it may come in slowly."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.rights.conftest import HERE, Late, arrive, enter, slowly, work
from tests.rights.following import everything
from tests.rights.test_forgeries import EVERYTHING, SOME, doors

from plainview.domains.accounts.models import Profile, Role, User
from plainview.domains.library.models import Pause
from plainview.domains.subtitles.services import TERMS
from plainview.privacy.consent import connected
from plainview.privacy.gate import warrants
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.models import Act
from plainview.privacy.models import Erasure, Session
from plainview.privacy.permissions import read
from plainview.privacy.requests.models import Request
from plainview.privacy.rights import services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ALL = " ".join(Role.values)


def named(account: int) -> dict[str, Any]:
    """Every row that has the number of an account in it, but for its sessions."""
    return {
        f"{name} {key}": row
        for name, rows in everything().items()
        for key, row in rows.items()
        if name != "privacy_session" and account in row.values()
    }


def ended() -> None:
    """Every session ends, as by *Sign out everywhere*."""
    with duty("fixture"):
        Session.objects.all().delete()


def sends(client: Client, path: str, meanwhile: Any, form: dict[str, Any]) -> tuple[Any, bool]:
    """What is answered to a form during which something happens; whether any of it was read."""
    body = encode_multipart(BOUNDARY, form)
    late = Late(body, meanwhile)
    sent = {"wsgi.input": late, "CONTENT_TYPE": MULTIPART_CONTENT, "CONTENT_LENGTH": str(len(body))}
    return client.generic("POST", path, **sent), late.meanwhile is not meanwhile


@SOME
def test_p2_1_2a_at_no_door_a_session_goes_on_that_was_ended_while_it_sent(ines, at_desk, every):
    """P2.1.2a: each address of the service, those of tomorrow too, for staff who may do anything.

    Their recovery codes were made anew and shown, and their second factor taken off.
    """
    User.objects.filter(pk=ines.pk).update(roles=ALL)
    ines.refresh_from_db()
    client = at_desk(ines, enter(ines))
    client.post("/privacy/choices/", {"answer": "reject", "via": "centre"})
    sitting, cookies = list(Session.objects.values()), deepcopy(client.cookies)
    found = sorted(path for path, _view in doors())
    some = [each for each in found if each.startswith(("/accounts/security/", "/desk/words/"))]
    reading = set()
    for path in found if every else some:
        ended()
        Session.objects.bulk_create([Session(**each) for each in sitting])
        client.cookies = deepcopy(cookies)
        before = named(ines.pk)
        answer, was_read = sends(client, path, ended, EVERYTHING)
        assert answer.status_code < 500, path
        if was_read:
            reading.add(path)
            assert not answer.wsgi_request.user.is_authenticated, path
            assert "recovery" not in answer.content.decode() or answer.status_code == 403, path
            if path != "/desk/upload/":  # that a member of the staff began to send is in the log
                assert named(ines.pk) == before, path
    assert "/accounts/security/totp/deactivate/" in reading


@pytest.mark.parametrize(
    ("path", "form"),
    [("/settings/profile/", {"name": "Ines of the Harbour", "name_audience": "2"}),
     ("/settings/about/", {"about": "A keeper of lights.", "about_audience": "2"}),
     ("/studio/terms/", {"version": TERMS}),
     ("/my/pause/", {"act": "pause"})],
)  # fmt: skip
def test_p5_2_1_4a_whoever_left_while_they_sent_is_told_as_somebody_not_signed_in(ines, path, form):
    """P5.2.1.4a: what broke off where it found no standing any more was called our fault."""

    def leaves() -> None:
        with duty("fixture"):
            services.leave(ines.pk)
            work()

    assert slowly(enter(ines), path, form, leaves) in (302, 403, 404)
    assert not Profile.objects.exists()
    assert read(ines.pk) is None


def test_p5_2_1_4a_a_look_at_somebody_who_leaves_meanwhile_leads_to_them_no_more(
    ines, at_desk, monkeypatch
):
    """P5.2.1.4a: found by a night of load: the record of a look came behind the erasure."""
    officer = User.objects.create_user("officer@lantern.example", roles="privacy-officer")
    enter(ines).post("/privacy/requests/new/", {"kind": "complaint", "words": "It is cold here."})
    number, untold = Request.objects.get().number, warrants.untold

    def slow(case: str, person: int) -> Any:
        """What a look asks last, before it is recorded."""
        monkeypatch.undo()
        with duty("fixture"):
            services.leave(ines.pk)
            work()
        return untold(case, person)

    monkeypatch.setattr(warrants, "untold", slow)
    at_desk(officer).get(f"/desk/privacy/requests/{number}/")
    assert Erasure.objects.get().state == Erasure.State.DONE
    assert not Act.objects.filter(person=ines.pk).exists()
    assert Act.objects.filter(what="access", staff=officer.pk, person=None).exists()


def test_a_role_that_is_taken_while_a_form_comes_in_does_nothing_more(ines, at_desk):
    User.objects.filter(pk=ines.pk).update(roles=ALL)
    ines.refresh_from_db()
    client = at_desk(ines, enter(ines))

    def taken() -> None:
        with duty("fixture"):
            User.objects.filter(pk=ines.pk).update(roles="")

    assert slowly(client, "/desk/words/genres/", {"name_en": "Lights"}, taken) == 404
    User.objects.filter(pk=ines.pk).update(roles=ALL)
    assert slowly(client, "/desk/upload/", {"name": "A film of lights"}, taken) == 403


def test_an_app_that_is_disconnected_while_it_sends_says_nothing_for_its_member(ines):
    token = connected.connect(connected.offer(ines.pk), "A television")
    before = read(ines.pk)
    body = b'{"surface": "tv"}'
    late = {"wsgi.input": Late(body, lambda: connected.end_all(ines.pk))}
    late |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    app = Client(headers={"Authorization": f"Bearer {token}"})
    assert app.generic("POST", "/api/v1/choices/opt-out", **late).status_code == 401
    assert read(ines.pk) == before


def test_a_device_that_is_forgotten_while_it_sends_is_no_fault_of_ours():
    """Its cookie still said that it permits a history."""
    device, number = arrive(choice="accept")
    tab = Client(headers=HERE)
    tab.cookies = deepcopy(device.cookies)

    def forgotten() -> None:
        with duty("fixture"):
            tab.post("/privacy/device/leave/confirm/", {"sure": "yes"})
            work()

    assert sends(device, "/my/pause/", forgotten, {"act": "pause"})[0].status_code == 302
    assert read(number) is None
    assert not Pause.objects.exists()
