"""A second tab and an old form: nothing that somebody typed is lost, and nothing is done."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.rights.conftest import HERE, PASSWORD, enter, ines, member  # noqa: F401

from plainview.domains.accounts.models import About
from plainview.platform.storage.bodies import MOST
from plainview.privacy.models import Request

pytestmark = pytest.mark.django_db
LETTER = 'Please say what you hold of me.\nIt is </textarea><script>alert("x")</script> long.'
SHOWN = "It is &lt;/textarea&gt;&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; long."


def two_tabs(user) -> tuple[Client, Client]:
    one = enter(user)
    other = Client(headers=HERE)
    other.cookies = one.cookies
    return one, other


def test_p5_2a_a_letter_sent_after_signing_out_in_another_tab_is_given_back(ines):  # noqa: F811
    one, other = two_tabs(ines)
    assert one.get("/privacy/requests/new/").status_code == 200
    other.post("/accounts/logout/")
    answer = one.post("/privacy/requests/new/", {"kind": "access", "words": LETTER})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "no-store"
    assert SHOWN in page
    assert "/accounts/login/?next=/privacy/requests/new/" in page
    assert not Request.objects.exists()


def test_a_form_whose_token_is_old_gives_back_what_was_typed_but_no_password(ines):  # noqa: F811
    client = enter(ines)
    strict = Client(enforce_csrf_checks=True, headers=HERE)
    strict.cookies = client.cookies
    said = {"about": LETTER, "about_audience": "0", "oldpassword": PASSWORD}
    answer = strict.post("/settings/about/", said)
    assert answer.status_code == 403
    assert SHOWN in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not About.objects.exists()


def test_what_another_site_sends_is_not_shown_here(ines):  # noqa: F811
    """Else its words would stand on a page of ours."""
    client = enter(ines)
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "https://elsewhere.example"})
    strict.cookies = client.cookies
    for path in ("/settings/about/", "/privacy/requests/new/"):
        answer = strict.post(path, {"about": LETTER, "words": LETTER})
        assert answer.status_code == 403
        assert "alert" not in answer.content.decode()


def test_two_tabs_that_save_the_same_form_leave_what_was_saved_last(ines):  # noqa: F811
    one, other = two_tabs(ines)
    form = {"about_audience": "0", "gender": "", "gender_audience": "0"}
    for client, words in ((one, "the first"), (other, "the second")):
        answer = client.post("/settings/about/", form | {"about": words})
        assert answer.status_code == 302
    assert About.objects.get(account=ines.pk).value == "the second"


class Film:
    """A body that notes how much of it was read."""

    HEAD = (
        b'--x\r\nContent-Disposition: form-data; name="film"; filename="a.mp4"\r\n'
        b"Content-Type: video/mp4\r\n\r\n"
    )

    def __init__(self) -> None:
        self.read_of_it = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.HEAD if not self.read_of_it else b""
        self.read_of_it += max(size, 1)
        return piece

    readline = read


def test_a_stranger_fills_no_disk_by_the_door_of_films(client):
    """It takes gigabytes of whoever has a way in; of others not a byte is read."""
    for path in ("/desk/upload/", "/privacy/bring/"):
        film = Film()
        kind = {"CONTENT_TYPE": "multipart/form-data; boundary=x"}
        sent = {"CONTENT_LENGTH": str(MOST + 1), "wsgi.input": film}
        answer = client.post(path, headers=HERE, **kind, **sent)
        assert (answer.status_code, film.read_of_it) == (302, 0), path
        assert "/accounts/login/" in answer["Location"]


def test_what_is_wrong_with_a_form_as_a_whole_has_the_focus(db):
    said = {"login": "ines@lantern.example", "password": PASSWORD}
    page = Client(headers=HERE).post("/accounts/login/", said).content.decode()
    assert re.search(r"<div[^>]*notice-bad[^>]* autofocus>", page)
    assert 'value="ines@lantern.example"' in page
