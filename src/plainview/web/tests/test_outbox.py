"""The outbox: open to who sits at the machine or is staff, and only where no mail server is set."""

import msgspec
import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from tests.people import browser_of

from plainview.domains.accounts.models import User

pytestmark = pytest.mark.django_db
AT = "/desk/outbox/"


@pytest.fixture(autouse=True)
def _kept(settings, tmp_path):
    settings.DATA = tmp_path
    keeping = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path / "outbox")
    )
    words = "Привет — follow http://testserver/accounts/confirm-email/abc:def/"
    EmailMessage("Confirm ü", words, to=["mira@lantern.example"], connection=keeping).send()


def test_a_mail_is_shown_with_its_link_to_who_sits_at_the_machine(client):
    page = client.get(AT).content.decode()
    assert "Confirm ü" in page
    assert "Привет" in page
    assert 'href="http://testserver/accounts/confirm-email/abc:def/"' in page


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_nobody_else_reads_it(client, more):
    assert client.get(AT, **more).status_code == 404


@pytest.mark.parametrize(
    "env",
    [{"public_url": "https://films.example"}, {"trusted_proxies": 1}, {"email_url": "smtp://x"}],
)
def test_it_is_closed_in_the_open_and_with_a_mail_server(client, settings, env):
    settings.ENV = msgspec.structs.replace(settings.ENV, **env)
    assert client.get(AT).status_code == 404


def test_administrators_read_it_from_elsewhere_and_members_do_not(at_desk):
    make = User.objects.create_user
    administrator = make("ada@lantern.example", roles="administrator")
    desk = at_desk(administrator, Client(REMOTE_ADDR="203.0.113.9"))
    assert desk.get(AT).status_code == 200
    member = browser_of(make("mira@lantern.example"), REMOTE_ADDR="203.0.113.9")
    assert member.get(AT).status_code == 404
