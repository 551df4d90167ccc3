"""The product behind its gate: the violation is refused first, then the right way is shown.

P0c: a column is personal unless somebody wrote down why not. P2a: each use names a purpose that the
policy has. P2.11d: the gate is the only way to personal data.
"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.views.decorators.cache import cache_page
from tests.people import somebody

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts import services
from plainview.domains.accounts.models import Language, User
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Ingest, Upload
from plainview.domains.playback.services import begin_ingest
from plainview.domains.staff import services as staffing
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.commands import privacy as privacy_group
from plainview.privacy.counting import Count
from plainview.privacy.gate.doors import runs, touches_nobody
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import (
    NoPurpose,
    NotListed,
    NotOurs,
    NotPermitted,
    PersonRefuses,
    Unsourced,
)
from plainview.privacy.gate.scope import Door, Opened, entering
from plainview.privacy.models import Session, Standing
from plainview.privacy.people import small
from plainview.privacy.policies import in_force
from plainview.privacy.used import used_by

pytestmark = [pytest.mark.django_db, pytest.mark.doors_only]
WHY = "a test looks at everyone"


@pytest.fixture
def ines(db) -> int:
    with duty("fixture"):
        return int(User.objects.create_user("ines@lantern.example", roles="administrator").pk)


@pytest.fixture
def tom(db) -> int:
    with duty("fixture"):
        return int(User.objects.create_user("tom@lantern.example").pk)


# --- P2a: no personal data without a purpose ----------------------------------------------------


def test_an_account_is_not_read_outside_a_door_and_is_inside(ines, refused):
    with refused("accounts_user", NoPurpose):
        accounts.staff_exists()
    with refused("accounts_user", NoPurpose):
        User.objects.count()
    asks = runs("authentication", source="form", everyone=WHY)(accounts.staff_exists)
    assert asks() is True


def test_what_is_about_nobody_needs_no_purpose(db):
    """The queue and the programme are nobody's: their statements run outside every door."""
    assert Title.objects.count() == 0
    assert Job.objects.filter(state=Job.State.WAITING).update(error="") == 0
    assert worker.run_one() is False


def test_showing_pages_may_not_read_addresses_and_keeping_the_account_may(ines, refused):
    def address():
        return accounts.address_of(ines)

    with refused("browse may not use", NotPermitted):
        runs("browse", source="form", everyone=WHY)(address)()
    assert runs("account", source="form", everyone=WHY)(address)() == "ines@lantern.example"


def test_the_account_purpose_may_not_read_passwords(ines, refused):
    @runs("account", source="form", everyone=WHY)
    def hashes():
        return list(User.objects.values_list("password", flat=True))

    with refused("credentials.password", NotPermitted):
        hashes()


def test_raw_statements_on_the_products_tables_are_refused(ines, refused):
    @runs("account", source="form", everyone=WHY)
    def reach():
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM accounts_user")

    with refused("did not make runs only under a duty", NotOurs):
        reach()


def test_p2_11d_raw_sql_and_third_party_code_are_refused_and_the_door_is_the_way(ines, refused):
    """The same address: by a text, by allauth's own table, and through a door that may have it."""

    @runs("browse", source="form", everyone=WHY)
    def by_text():
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM account_emailaddress")

    @runs("browse", source="form", everyone=WHY)
    def by_a_third_party():
        return list(EmailAddress.objects.values_list("email", flat=True))

    @runs("account", source="form", about="account")
    def through_the_door(*, account):
        return list(EmailAddress.objects.values_list("email", flat=True))

    with duty("fixture"):
        EmailAddress.objects.create(user_id=ines, email="ines@lantern.example")
    with refused("that the ORM's compiler did not make", NotOurs):
        by_text()
    with refused("account_emailaddress.*browse may not use", NotPermitted):
        by_a_third_party()
    assert through_the_door(account=ines) == ["ines@lantern.example"]


def test_a_door_narrowed_to_one_person_sees_no_other(ines, tom):
    @runs("account", source="form", about="account")
    def addresses(*, account):
        return list(User.objects.values_list("email", flat=True))

    assert addresses(account=tom) == ["tom@lantern.example"]


# --- P2a: one purpose a door, others only as listed ---------------------------------------------


def test_a_piece_of_a_page_is_not_kept_for_whoever_asks_next(ines, refused):
    """Django's `{% cache %}` showed one person's name to the next, and kept it in a table."""
    piece = Template("{% load cache %}{% cache 500 greeting %}{{ name }}{% endcache %}")
    with Opened(Door("tests.door", "account"), lambda: ines):
        with refused("to whoever asks next", NotPermitted):
            piece.render(Context({"name": "Ines"}))
        whole = cache_page(60)(lambda request: HttpResponse("Ines"))
        with refused("to whoever asks next", NotPermitted):
            whole(RequestFactory().get("/"))
    with duty("audit"):
        assert not Count.objects.exists()


def test_a_door_enters_only_what_it_lists(ines, refused):
    def read():
        with entering("account"):
            return accounts.address_of(ines)

    with refused("may enter", NotListed):
        runs("browse", source="form", everyone=WHY)(read)()
    assert (
        runs("browse", may=["account"], source="form", everyone=WHY)(read)()
        == "ines@lantern.example"
    )


def test_a_page_shows_who_is_signed_in_under_the_purpose_of_the_account(client, ines):
    with duty("fixture"):
        client.force_login(User.objects.get(pk=ines))
    client.get("/")  # the first visit puts down the place, which may call things back
    answer = client.get("/")
    assert b"ines@lantern.example" in answer.content
    used = {(each.purpose, each.category) for each in used_by(answer.wsgi_request)}
    assert {("account", "account"), ("account", "contact.email")} <= used
    own = {"account", "authentication", "privacy-choices", "lists"}  # what is put aside shows
    assert {purpose for purpose, _ in used} == own


def test_a_stranger_uses_no_personal_data_at_all(client, db):
    with duty("fixture"):
        add_film(name="Harbour Lights")
    for path in ("/", "/search/?q=harbour", "/titles/harbour-lights/", "/people/nobody/"):
        used = {each.purpose for each in used_by(client.get(path).wsgi_request)}
        # the average of what its members let count names nobody
        assert used == ({"community"} if path.startswith("/titles/") else set()), path


def test_the_visitor_is_a_small_person(ines, refused):
    with duty("fixture"):
        person = small(User.objects.get(pk=ines))
    assert person.is_staff
    with refused("accounts_user", NoPurpose):
        str(person.password)


def test_signing_in_and_out_goes_through_its_doors(client, db):
    with duty("fixture"):
        somebody("ines@lantern.example", "a lantern in the rain")
    form = {"login": "ines@lantern.example", "password": "a lantern in the rain"}
    assert client.post("/accounts/login/", {**form, "password": "x" * 12}).status_code == 200
    assert client.post("/accounts/login/", form).status_code == 302
    assert b"ines@lantern.example" in client.get("/").content
    for page in ("/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/"):
        assert client.get(page).status_code in (200, 302), page
    change = {
        "oldpassword": "a lantern in the rain",
        "password1": "a lantern in the snow",
        "password2": "a lantern in the snow",
    }
    assert client.post("/accounts/password/change/", change).status_code == 302
    assert client.post("/accounts/logout/").status_code == 302
    assert b"ines@lantern.example" not in client.get("/").content


def test_a_forgotten_password_is_set_anew_through_the_mailed_link(client, db, mailoutbox):
    with duty("fixture"):
        somebody("ines@lantern.example", "a lantern in the rain")
    asked = client.post("/accounts/password/reset/", {"email": "ines@lantern.example"})
    assert asked.status_code == 302
    link = next(word for word in mailoutbox[0].body.split() if "/accounts/password/" in word)
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    fresh = {"password1": "a lantern in the snow", "password2": "a lantern in the snow"}
    assert client.post(form, fresh).status_code == 302
    with duty("audit"):
        assert User.objects.get().check_password("a lantern in the snow")


# --- rows about people, written for a purpose ---------------------------------------------------


def test_a_new_account_has_a_standing_that_permits_what_nobody_can_refuse(db):
    make = runs("authentication", may=["account"], source="form", everyone=WHY)(
        services.create_first_staff
    )
    user = make(email="ines@lantern.example", password="a lantern in the rain", territory="DE")
    with duty("audit"):
        standing = Standing.objects.get(subject=user.pk)
    policy = in_force()
    for purpose in policy.purposes:
        if not policy.refusable(purpose):
            assert standing.permitted >> policy.bit(purpose) & 1, purpose
    assert not standing.permitted >> policy.bit("targeted-ads") & 1


def test_who_put_a_film_on_is_written_for_contribute_alone(ines, tom, tmp_path, refused):
    """P2a: the film is everyone's; who brought it is a row of its own, for one purpose."""
    with duty("fixture"):
        person = small(User.objects.get(pk=ines))
    film = tmp_path / "walk.mp4"
    film.write_bytes(b"film")

    def bring(purpose, about):
        door = runs(purpose, source="form", about="account")
        return door(lambda *, account: begin_ingest(film, source_name="a", uploaded_by=person))(
            account=about
        )

    with refused("contributions", NotPermitted):
        bring("playback", ines)
    with refused("somebody other", PersonRefuses):
        bring("contribute", tom)
    row = bring("contribute", ines)
    with duty("audit"):
        assert Ingest.objects.get() == row
        assert Upload.objects.get().account_id == ines


@pytest.mark.parametrize("source", ["", "carrier-pigeon"])
def test_p0b_nothing_about_people_comes_in_by_a_way_that_the_notice_does_not_name(
    tom, refused, source
):
    """P0b: whoever writes says from where, by a source that the policy declares."""

    def told(source):
        door = runs("account", source=source, about="account")
        return door(lambda *, account: Language.objects.update_or_create(account_id=account))

    said = source or "is not said"
    with refused(said, Unsourced):
        told(source)(account=tom)
    with duty("audit"):
        assert not Language.objects.filter(account=tom).exists()
    told("form")(account=tom)
    rename = runs("account", source=source, about="account")(
        lambda *, account: Language.objects.filter(account=account).update(value="ko")
    )
    with refused(said, Unsourced):
        rename(account=tom)


@pytest.mark.parametrize("source", ["staff", "partner", "derived"])
def test_p1a_a_kind_of_data_comes_in_only_by_the_ways_that_are_told_of_it(tom, refused, source):
    """P1a: a source that the policy has is none of a kind of data that does not name it."""

    def through(source):
        door = runs("account", source=source, about="account")
        return door(lambda *, account: Language.objects.update_or_create(account_id=account))

    with refused("interface.language", Unsourced):
        through(source)(account=tom)
    with duty("audit"):
        assert not Language.objects.filter(account=tom).exists()
    rename = runs("account", source=source, about="account")(
        lambda *, account: Language.objects.filter(account=account).update(value="ko")
    )
    through("use")(account=tom)
    with refused("interface.language", Unsourced):
        rename(account=tom)
    through("form")(account=tom)


def test_p1a_whoever_fills_in_a_form_uses_the_service_and_our_own_work_is_done_anywhere():
    """P1a: no kind of data has to name the forms at which something else is noted besides."""
    policy = in_force()
    assert policy.comes_from("device.id", "form") and not policy.comes_from("device.id", "staff")
    assert policy.comes_from("inference.tastes", "form")
    assert not policy.comes_from("partner.feed", "form"), "what is our own of it is not all of it"


def test_a_person_who_does_not_permit_it_is_not_named(ines, tmp_path):
    with duty("fixture"):
        Standing.objects.filter(subject=ines).update(permitted=in_force().permitted_by_default)
        person = small(User.objects.get(pk=ines))
    film = tmp_path / "walk.mp4"
    film.write_bytes(b"film")
    bring = runs("contribute", source="form", about="account")(
        lambda *, account: begin_ingest(film, source_name="a", uploaded_by=person)
    )
    bring(account=ines)
    with duty("audit"):
        assert Ingest.objects.count() == 1
        assert Upload.objects.count() == 0


def test_a_command_that_touches_nobody_is_refused_what_is_personal(ines, refused):
    """P2a."""

    @touches_nobody("a test")
    def looking() -> int:
        return User.objects.count()

    with refused("no purpose is open", NoPurpose):
        looking()
    with duty("fixture"), refused("no purpose is open", NoPurpose):
        looking()


@pytest.mark.parametrize(
    ("url", "door"),
    [
        ("http://testserver/legal/place/?place=DE", "place.place"),
        ("https://films.example:8443/legal/place/#rights", "place.place"),
        ("https://films.example", "home.home"),
        ("https://films.example?lang=ko", "home.home"),
        ("/search/?q=https://films.example/", "search.search"),
    ],
)
def test_a_trace_takes_the_address_as_a_browser_shows_it(ines, url, door):
    found = CliRunner().invoke(privacy_group, ["trace", url])
    assert found.exit_code == 0, found.output
    assert f"{door} serves browse" in found.output


def test_a_trace_is_not_sent_from_plain_http_to_https(ines, settings):
    """A service that is known under https is seen as its readers see it."""
    settings.SECURE_SSL_REDIRECT = True
    assert "(status 200)" in CliRunner().invoke(privacy_group, ["trace", "/"]).output


def test_a_trace_signs_the_person_in_and_leaves_nothing(ines):
    """`plainview privacy trace URL --as ID` sees the page as that person would, in a case."""
    asked = ["trace", "/my/", "--as", str(ines)]
    assert "open a case" in CliRunner().invoke(privacy_group, asked).output
    with duty("fixture"):
        look = staffing.open_case(staff=ines, person=ines, kind="help", reason="The tests.")
    found = CliRunner().invoke(privacy_group, [*asked, "--case", look.case])
    assert "serves browse (status 200)" in found.output
    assert "in a step for account" in found.output
    assert 'it could say: @serves("browse", may=["account"], source="…")' in found.output
    with duty("audit"):
        assert Session.objects.count() == 0
        assert User.objects.get(pk=ines).last_login is None
