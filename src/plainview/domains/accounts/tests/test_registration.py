"""Registering: the least data, a certificate of age, one answer for known and unknown addresses."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client, RequestFactory
from tests.people import HERE, somebody

from plainview.domains.accounts.adapter import Adapter
from plainview.domains.accounts.models import Certification, User
from plainview.privacy import permissions, visitors
from plainview.privacy.counting import Count
from plainview.privacy.disclosures import connections
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db
PASSWORD = "the night train leaves at nine"
MIRA = "mira@lantern.example"


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    cache.clear()
    monkeypatch.setattr(visitors, "presence", lambda request: "DE")


def typed(**changes):
    said = {"email": MIRA, "password1": PASSWORD, "territory": "DE", "age": "18", "certified": "on"}
    return {name: value for name, value in (said | changes).items() if value is not None}


def register(client: Client, **changes):
    return client.post("/accounts/signup/", typed(**changes), headers=HERE)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- P10a, P10b: the certificate ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("territory", "age"),
    {
        "DE": 18,
        "US-AL": 19,
        "US-NE": 19,
        "KR": 19,
        "US-MS": 21,
        "SG": 21,
        "KP": 18,
        "GB-SCT": 18,
        "GB": 18,
        "US-CA": 18,
        "CA-BC": 19,
        "CA-ON": 18,
        "PR": 21,
        "TH": 20,
        "US": 21,
        "CA": 19,
        "KR-11": 19,
        "XX": 21,
        None: 21,
    }.items(),
)
def test_p10a_the_age_is_the_territorys_and_18_at_least_and_the_highest_where_unknown(
    territory, age
):
    assert in_force().age_of_majority(territory) == age


def test_p10b_the_page_names_the_age_of_the_place_one_is_in(client, monkeypatch):
    assert "at least 18 in Germany" in words(client.get("/accounts/signup/"))
    monkeypatch.setattr(visitors, "presence", lambda request: "US-AL")
    assert "at least 19 in Alabama" in words(client.get("/accounts/signup/"))
    monkeypatch.setattr(visitors, "presence", lambda request: None)
    page = client.get("/accounts/signup/")
    assert "I am 18 or older, and of age where I live." in words(page)
    assert '<option value="" selected>Choose a place' in page.content.decode()


def test_p5_2_1_5a_the_page_says_apart_that_one_may_object(client):
    """GDPR Art. 21(4): clearly, by itself, and before anything is given."""
    page = client.get("/accounts/signup/").content.decode()
    assert (
        "<p>You can object at any time to what rests on our interest, and to marketing. <a" in page
    )


def test_p10b_another_place_brings_its_own_sentence_back_unticked_without_script(client):
    """What was certified is the age that was read."""
    answer = register(client, territory="US-MS")
    assert "at least 21 in Mississippi" in words(answer)
    assert "In Mississippi the age is 21" in words(answer)
    assert b'name="certified"' in answer.content
    assert not re.search(rb'name="certified"[^>]*checked', answer.content)
    assert register(client, territory="US-MS", age=None).status_code == 200, "no sentence was read"
    assert not User.objects.exists()
    assert register(client, territory="US-MS", age="21").status_code == 302
    held = Certification.objects.get(account__email=MIRA)
    assert (held.territory, held.age) == ("US-MS", 21)


def test_p10b_the_certificate_and_the_place_are_kept_and_decide(client):
    register(client, territory="US-CA")
    account = User.objects.get(email=MIRA)
    facts, _ = permissions.read(account.pk)
    assert (facts.residence, facts.presence, facts.age) == ("us-ca", "eu", "certified-adult")
    assert Certification.objects.get(account=account).territory == "US-CA"


@pytest.mark.parametrize("said", [{}, {"territory": "DE"}, {"certified": True}])
def test_p10b_no_door_makes_an_account_without_a_certificate(rf: RequestFactory, said):
    """A provider, a group or an invitation would come through the same adapter."""

    class Form:
        cleaned_data = {"email": MIRA, "password1": PASSWORD, **said}

    with pytest.raises(PermissionDenied):
        Adapter().save_user(rf.post("/"), User(), Form())
    assert not User.objects.exists()


def test_p10c_a_refusal_keeps_nothing(client, caplog, tmp_path):
    """No row, no cookie, no session, no mail, no word in a log or file.

    That somebody tried is counted for a minute, under a keyed hash of where it came from.
    """
    models = [model for model in apps.get_models() if model is not Count]
    before = {model._meta.label: model._base_manager.count() for model in models}
    client.get("/accounts/signup/")
    answer = register(client, certified=None)
    assert "Nothing of what you typed has been kept" in words(answer)
    assert "Set-Cookie" not in str(answer.headers)
    assert not client.cookies
    assert not mail.outbox
    after = {model._meta.label: model._base_manager.count() for model in models}
    assert after == before
    assert not Count.objects.filter(until__gt=time.time() + 60).exists()
    assert MIRA not in caplog.text
    for path in django_settings.DATA.rglob("*"):
        if path.is_file():
            assert MIRA.encode() not in path.read_bytes(), path
    if connection.vendor == "postgresql":
        for model in apps.get_models():
            assert MIRA not in str(list(model._base_manager.values_list()))


# --- P3.1.1b, P2.1.1a, P8b: what is asked, and why ---------------------------------------------


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("email", "Without an address there is no account"),
        ("password1", "Without a password there is no account"),
        ("territory", "Without the place you live in there is no account"),
        ("certified", "Without this there is no account"),
    ],
)
def test_p3_1_1b_each_required_field_says_what_will_not_work_without_it(client, field, says):
    answer = register(client, **{field: None})
    assert says in words(answer)
    if field != "email":
        assert f'value="{MIRA}"' in answer.content.decode(), "the rest of the form is kept"
    if field != "territory":
        assert '<option value="DE" selected>' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "sent", "says"),
    [
        ("login/", {"login": MIRA}, ["nobody can be signed in"]),
        ("login/", {"password": PASSWORD}, ["nobody can be signed in"]),
        ("password/reset/", {}, ["nowhere to send the link"]),
        ("email/", {"action_add": ""}, ["Without a new address the old one stays"]),
        (
            "password/change/",
            {},
            ["it shows that it is you", "Without a new password the old one stays"],
        ),
        ("reauthenticate/", {}, ["it shows that it is you"]),
        ("email/lost/", {"old": ""}, ["find the account", "answer you", "the account is yours"]),
    ],
)
def test_p3_1_1b_each_form_of_the_account_says_what_fails_without_a_field(client, path, sent, says):
    if path in ("email/", "password/change/", "reauthenticate/"):
        somebody(MIRA, PASSWORD)
        client.post("/accounts/login/", {"login": MIRA, "password": PASSWORD}, headers=HERE)
    page = client.get(f"/accounts/{path}").content.decode()
    answer = client.post(f"/accounts/{path}", sent, headers=HERE)
    assert all(each in words(answer) for each in says)
    assert "This field is required" not in words(answer)
    assert " required" not in page.partition("<main")[2].partition("</main>")[0]
    assert "login" not in sent or f'value="{MIRA}"' in answer.content.decode()


def test_p2_1_1a_registering_asks_for_no_more_than_it_needs(client):
    page = client.get("/accounts/signup/").content.decode()
    form = page[page.index("data-certify") :]
    names = set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', form[: form.index("</form>")]))
    assert names == {"email", "password1", "territory", "certified", "age", "shared"}
    assert not re.search(r'name="shared"[^>]*(?:checked|required)', form)


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("password123", "lists that attackers try first"),
        ("short", "shorter than 10 characters"),
        ("mira@lantern.ex", "too much like your address"),
    ],
)
def test_p8b_a_weak_password_is_refused_with_its_reason(client, password, because):
    answer = register(client, password1=password)
    assert because in words(answer)
    assert not User.objects.exists()


def test_p8b_advice_stands_beside_the_field(client):
    assert "used nowhere else" in words(client.get("/accounts/signup/"))


# --- the first sign-in -------------------------------------------------------------------------


def test_p2_1_1a_from_the_form_through_the_mail_to_the_first_sign_in(client):
    assert register(client)["Location"] == "/accounts/confirm-email/"
    assert client.get("/settings/").status_code == 302, "not before the address is confirmed"
    (sent,) = mail.outbox
    assert sent.to == [MIRA]
    link = re.search(r"http://localhost:\d+(\S+)", sent.body)[1]
    assert "Is this yours?" in words(client.get(link))
    client.post(link)
    assert client.get("/settings/").status_code == 200
    assert EmailAddress.objects.get(email=MIRA).verified


def test_p5_1_3b_whoever_registers_at_a_shared_computer_leaves_nothing_on_it(client):
    taken, cookie = Client(), django_settings.SESSION_COOKIE_NAME
    register(client, shared="on")
    assert not client.cookies[cookie]["max-age"], "it ends with the browser, not in two weeks"
    link = re.search(r"http://localhost:\d+(\S+)", mail.outbox[0].body)[1]
    client.post(link)
    assert client.get("/settings/").status_code == 200
    assert client.session.get_expire_at_browser_close()
    assert "this computer is shared" in words(client.get("/privacy/devices/"))
    for page in ("/", "/search/?q=lighthouse", "/settings/"):
        assert "no-store" in client.get(page)["Cache-Control"]
    client.get("/accounts/logout/")
    left = client.post("/accounts/logout/")
    assert left["Clear-Site-Data"] == '"cache", "storage"', "the pages and films of before, too"
    register(taken, shared="on")
    assert not taken.cookies[cookie]["max-age"], "an address that is taken gets the same answer"


def test_a_link_confirms_in_another_browser_and_signs_nobody_in_there(client):
    register(client)
    link = re.search(r"http://localhost:\d+(\S+)", mail.outbox[0].body)[1]
    other = Client()
    other.post(link)
    assert EmailAddress.objects.get(email=MIRA).verified
    assert other.get("/settings/").status_code == 302


def test_the_form_is_taken_from_our_own_pages_only(client):
    theirs = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/accounts/signup/", typed(), headers=theirs).status_code == 403
    assert client.post("/accounts/signup/", typed()).status_code == 403
    assert not User.objects.exists()


# --- enumeration -------------------------------------------------------------------------------


@pytest.fixture
def known():
    return somebody(MIRA, PASSWORD)


def shape(answer, address: str) -> tuple:
    """What the outside sees: status, where it leads, the page but for its address and tokens."""
    page = answer.content.decode().replace(address, "…")
    page = re.sub(r'value="[A-Za-z0-9]{64}"|nonce="[^"]+"', "", page)
    page = re.sub(r'(name="asked" value|name="page" value|value)="[^"]{80,}"', "", page)
    return answer.status_code, answer.get("Location"), page, sorted(answer.cookies)


@pytest.mark.parametrize("act", ["register", "reset", "sign in"])
def test_known_and_unknown_addresses_get_the_same_answer(known, act, monkeypatch):
    """Same status, same page, same cookies, as many mails, as many hashes."""
    hashes: list[str] = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.Argon2PasswordHasher.encode",
        lambda self, password, salt: hashes.append("one") or f"argon2$argon2id$x${salt}",
    )
    monkeypatch.setattr(
        "django.contrib.auth.hashers.Argon2PasswordHasher.verify",
        lambda self, password, encoded: bool(hashes.append("one")),
    )
    monkeypatch.setattr(
        "django.contrib.auth.hashers.Argon2PasswordHasher.must_update", lambda self, encoded: False
    )
    seen = []
    for address in (MIRA, "nobody@lantern.example"):
        cache.clear()
        mail.outbox.clear()
        hashes.clear()
        client = Client()
        if act == "register":
            answer = register(client, email=address)
            page = client.get(answer["Location"])
        elif act == "reset":
            answer = client.post("/accounts/password/reset/", {"email": address})
            page = client.get(answer["Location"])
        else:
            answer = client.post("/accounts/login/", {"login": address, "password": "not it"})
            page = answer
        assert [sent.to for sent in mail.outbox] == ([] if act == "sign in" else [[address]])
        seen.append((shape(answer, address), shape(page, address), len(hashes)))
    assert seen[0] == seen[1]


def test_two_who_register_one_address_at_once_end_alike(client, known, monkeypatch):
    """The second finds the address taken only when it is written."""
    monkeypatch.setattr(
        "plainview.domains.accounts.forms.RegistrationForm.validate_unique_email",
        lambda self, value: value,
    )
    assert register(client)["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert "has one already" in mail.outbox[0].body


# --- moving ------------------------------------------------------------------------------------


def test_p10a_moving_asks_for_the_certificate_of_the_new_place(client, known):
    client.force_login(known)
    here = {"territory": "SG", "age": "18", "certified": "on"}
    answer = client.post("/settings/place/", here)
    assert "at least 21 in Singapore" in words(answer)
    assert not Certification.objects.exists()
    unticked = words(client.post("/settings/place/", {"territory": "SG", "age": "21"}))
    assert "Without this the place stays as it was." in unticked
    assert "there is no account" not in unticked
    client.post("/settings/place/", here | {"age": "21"})
    assert Certification.objects.get(account=known).age == 21
    assert permissions.read(known.pk)[0].residence == "sg"


def test_who_registers_where_no_letter_can_leave_reads_that_and_no_error(
    client, known, monkeypatch
):
    """The policy names nobody who carries mail: known and unknown addresses read the same."""
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "plainview.privacy.disclosures.post.Door")
    monkeypatch.setattr(django_settings, "MAIL_SERVER", "smtp://mail.lantern.example")
    monkeypatch.setattr(connections, "carrier", lambda: None)
    said = []
    for address in (MIRA, known.email):
        cache.clear()
        answer = register(client, email=address)
        assert answer.status_code == 503
        said.append(words(answer))
        cache.clear()
        forgotten = Client().post("/accounts/password/reset/", {"email": address}, headers=HERE)
        assert forgotten.status_code == 503
    assert said[0] == said[1]
    assert "No letter can go now" in said[0]


def test_a_change_stands_where_nobody_can_be_told_of_it(client, known, monkeypatch):
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "plainview.privacy.disclosures.post.Door")
    monkeypatch.setattr(django_settings, "MAIL_SERVER", "smtp://mail.lantern.example")
    monkeypatch.setattr(connections, "carrier", lambda: None)
    new = "another lantern, another street"
    said = {"oldpassword": PASSWORD, "password1": new}
    assert client.post("/accounts/password/change/", said).status_code == 302
    known.refresh_from_db()
    assert known.check_password(new)
