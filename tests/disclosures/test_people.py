"""Who got what, by name (P5.2.1.1b); the officer's page; transfers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace
from tests.disclosures.conftest import change, enter, later, words, work
from tests.rights.conftest import archive, confirm, rows

from plainview.domains.accounts.models import Role, User
from plainview.engine import reached
from plainview.platform.jobs.models import Job
from plainview.privacy.disclosures import deciding, queries, services, transfers
from plainview.privacy.models import Disclosure, Recall
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YES = {"audience-uploads": "granted", "marketing-partners": "granted",
       "marketing-partners/harbour-books": "granted"}  # fmt: skip


def left(subject: int, recipient: str, purpose: str, **more) -> Disclosure:
    policy = in_force()
    return Disclosure.objects.create(
        subject=subject, recipient=recipient, purpose=purpose, categories="contact.email",
        basis="consent", country=policy.recipients[recipient].country, policy=policy.fingerprint,
        reference="r", queued_at="2026-11-03T10:00Z", sent_at="2026-11-03T10:00Z", state="sent",
        **more,
    )  # fmt: skip


def everywhere(user: User) -> None:
    """Three third parties and one who works for us."""
    left(user.pk, "northgate", "audience-uploads", safeguard="clauses")
    left(user.pk, "harbour-books", "marketing-partners")
    left(user.pk, "holdings", "group-administration")
    left(user.pk, "harrowgate", "service-messages")


NAMES = ["Northgate Social", "Harbour Books", "Lantern Street Holdings"]


@pytest.mark.parametrize(("place", "count"), [("US-OR", 3), ("DE", 4)])
def test_p5_2_1_1b_third_parties_by_name_and_processors_where_recipients_count(
    member, place, count
):
    ines, tom = member("ines", place), member("tom", place)
    everywhere(ines)
    page = words(enter(ines).get("/privacy/disclosures/"))
    found = [name for name in [*NAMES, "Harrowgate Mail"] if name in page]
    assert len(found) == count
    assert set(NAMES) <= set(found)
    assert "Your email address" in page
    assert "Find you on other platforms" in page
    assert "The United States" in page
    assert "signed the clauses" in page
    nobody = words(enter(tom).get("/privacy/disclosures/"))
    assert "Nothing has left" in nobody
    assert "Northgate" not in nobody


def test_it_can_be_searched_and_is_in_the_copy(member):
    ines = member("ines")
    everywhere(ines)
    client = enter(ines)
    page = words(client.post("/privacy/disclosures/", {"q": "books"}))
    assert "Harbour Books" in page
    assert "Northgate" not in page
    none = client.post("/privacy/disclosures/", {"q": "zzz"}).content.decode()
    assert "zzz" in none
    overview = client.get("/privacy/").content.decode()
    assert "/privacy/disclosures/" in overview
    assert rows(archive(confirm(client, ines)), "privacy_disclosure")


def test_each_state_is_said_in_words(member):
    ines = member("ines")
    for state, tried, said in (
        ("queued", None, "Waits to be sent"),
        ("stopped", None, "Stopped before it left"),
        ("kept", None, "Stayed on our machine"),
        ("failed", None, "Did not leave"),
        ("failed", "2026-11-03T10:00Z", "May have arrived"),
    ):
        row = left(ines.pk, "northgate", "audience-uploads")
        Disclosure.objects.filter(pk=row.pk).update(state=state, tried_at=tried)
        assert said in words(enter(ines).get("/privacy/disclosures/"))
        row.delete()


# --- the officer --------------------------------------------------------------------------------


def test_the_officer_takes_up_dead_letters_and_confirms_by_hand(
    member, connect, platform, at_desk, folders
):
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    platform.status = 410
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    work()
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))
    page = officer.get("/desk/privacy/disclosures/")
    said = words(page)
    assert "Northgate Social Find you on other platforms They did not take it (http-410)" in said
    assert "It was tried, so it may have arrived." in said
    assert str(ines.pk) not in page.content.decode()
    assert "ines" not in said
    platform.status = 200
    act = {"key": Disclosure.objects.get().key, "act": "again"}
    officer.post("/desk/privacy/disclosures/", act)
    work()
    assert Disclosure.objects.get().state == "sent"
    again = officer.post("/desk/privacy/disclosures/", act, follow=True)
    assert "That could not be done" in words(again)

    (folders / "connections.toml").unlink()
    change(ines, choices={})
    page = words(officer.get("/desk/privacy/disclosures/"))
    assert "Asked to stop using it" in page
    assert Disclosure.objects.get().reference in page
    act = {"key": Recall.objects.get().key, "act": "confirmed"}
    officer.post("/desk/privacy/disclosures/", act)
    assert Recall.objects.get().state == "confirmed"


def test_p2_11c_the_officer_has_a_failed_recall_told_at_once(
    member, connect, platform, at_desk, folders
):
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    work()
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))
    platform.status = 503
    change(ines, choices={})
    work()
    act = {"key": Recall.objects.get().key, "act": "tell"}
    Job.objects.filter(task="disclosures.tell").update(run_at=timezone.now() + dt.timedelta(1))
    platform.status = 202
    assert 'value="tell"' in officer.get("/desk/privacy/disclosures/").content.decode()
    officer.post("/desk/privacy/disclosures/", act)
    work()
    assert Recall.objects.get().state == "told"
    assert Job.objects.filter(task="disclosures.tell", state="waiting").count() == 0, "told once"

    Recall.objects.update(state="by-hand")
    connected = (folders / "connections.toml").read_text()
    (folders / "connections.toml").unlink()
    page = officer.get("/desk/privacy/disclosures/").content.decode()
    assert 'value="confirmed"' in page and 'value="tell"' not in page, "nothing leads there"
    assert "could not be done" in words(
        officer.post("/desk/privacy/disclosures/", act, follow=True)
    )
    (folders / "connections.toml").write_text(connected)
    platform.status = 200
    officer.post("/desk/privacy/disclosures/", act)
    work()
    assert Recall.objects.get().state == "confirmed", "the connection is there again"


def test_the_officer_is_told_how_many_dead_letters_come_after_those_shown(
    member, at_desk, monkeypatch
):
    monkeypatch.setattr(queries, "MOST", 3)
    ines = member("ines", choices=YES)
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))

    def shown() -> tuple[int, str]:
        page = officer.get("/desk/privacy/disclosures/")
        return page.content.decode().count('value="let-go"'), words(page)

    for _ in range(3):
        left(ines.pk, "northgate", "audience-uploads")
    Disclosure.objects.update(state="failed")
    count, said = shown()
    assert (count, "once they are dealt with" in said) == (3, False)
    for _ in range(2):
        left(ines.pk, "northgate", "audience-uploads")
    Disclosure.objects.update(state="failed")
    count, said = shown()
    assert (count, "2 more come after these, once they are dealt with." in said) == (3, True)
    key = Disclosure.objects.latest("queued_at").key
    officer.post("/desk/privacy/disclosures/", {"key": key, "act": "let-go"})
    count, said = shown()
    assert (count, "One more comes after these" in said) == (3, True)


def test_the_map_is_narrowed_to_what_flows_through_one_recipient(at_desk):
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles=Role.OFFICER.value))
    whole = officer.get("/desk/privacy/map/").context["picture"]
    one = officer.get("/desk/privacy/map/?only=recipient:harrowgate").context["picture"]
    assert "Harrowgate Mail" in one
    assert "Contact" in one
    assert "The Netherlands".lower() in one.lower()
    for elsewhere in ("Northgate Social", "Viewing"):
        assert elsewhere in whole
        assert elsewhere not in one
    assert officer.get("/desk/privacy/map/?only=recipient:zzz").context["picture"] == whole


def test_nobody_else_sees_it(member, client, at_desk):
    assert client.get("/desk/privacy/disclosures/").status_code == 302
    assert enter(member("tom")).get("/desk/privacy/disclosures/").status_code == 404
    editor = at_desk(User.objects.create_user("ed@lantern.example", roles=Role.EDITOR.value))
    assert editor.get("/desk/privacy/disclosures/").status_code == 403


# --- transfers ----------------------------------------------------------------------------------


def test_p7d_each_destination_is_seen_from_the_readers_home():
    policy = in_force()
    german = {e.country: e for e in transfers.destinations(policy, policy.laws("DE", "DE"))}
    british = {e.country: e for e in transfers.destinations(policy, policy.laws("GB", "GB"))}
    assert set(german["NL"].seen) == {"inside"}
    assert set(german["JP"].seen) == {"adequate"}
    assert set(german["SG"].seen) == {"safeguarded"}
    assert list(german["US"].seen) == ["certified", "safeguarded"], "some have no certificate"
    assert set(german["BR"].seen) == {"adequate"}
    assert set(british["BR"].seen) == {"safeguarded"}
    for home, adequate in (("CH", {"NL"}), ("JP", {"NL"}), ("KR", {"NL"})):
        found = transfers.destinations(policy, policy.laws(home, home))
        seen = {each.country: set(each.seen) for each in found}
        assert {country for country, how in seen.items() if how == {"adequate"}} >= adequate, home
        assert seen["US"] == seen["SG"] == {"safeguarded"}, "no certificate is taken for one"
        assert seen.get(home, {"inside"}) == {"inside"}


def test_p7d_what_protects_there_is_called_what_it_is():
    """A certificate counts where there are some, clauses in their countries; a yes is no more."""
    policy = in_force()
    (law,) = policy.laws("DE", "DE")
    northgate = policy.recipients["northgate"]

    def seen(country: str, **kinds: tuple[str, ...]) -> str:
        given = [
            replace(northgate.safeguard[0], kind=kind, regimes=(law.regime,), countries=countries)
            for kind, countries in kinds.items()
        ]
        return transfers.how(replace(northgate, safeguard=given), country, law)

    assert seen("US", adequacy=()) == "certified"
    assert seen("SG", adequacy=()) == "derogation", "no scheme of certificates is known there"
    assert seen("SG", **{"binding-rules": ()}) == "safeguarded"
    assert seen("SG") == "derogation", "what names no safeguard has none"
    brazilian = replace(northgate.safeguard[0], kind="clauses", regimes=("lgpd",))
    of_others = replace(northgate, safeguard=(brazilian,))
    assert transfers.how(of_others, "SG", law) == "derogation", "what binds under another law"
    assert seen("SG", consent=()) == "derogation"
    assert seen("SG", consent=(), clauses=("SG",)) == "safeguarded"
    assert seen("SG", consent=(), clauses=("IN",)) == "derogation"


def test_p7a_a_country_that_a_recipient_reaches_data_from_is_in_the_notice():
    policy = in_force()
    listed = str(Client().get("/legal/privacy/").content.decode())
    for country in reached(policy):
        assert policy.text(f"countries.{country}", "en").lower() in listed.lower()


def test_p7b_the_ledger_says_what_protects_where_something_went(member):
    policy = in_force()
    northgate, copperline = policy.recipients["northgate"], policy.recipients["copperline"]
    assert transfers.protected_by(northgate, policy.laws("DE", "DE")) == "clauses"
    assert transfers.protected_by(copperline, policy.laws("DE", "DE")) == ""
    assert transfers.protected_by(northgate, policy.laws("US-OR", "US-OR")) == ""


def test_p4_1_3c_an_advertiser_may_have_for_one_purpose_what_that_purpose_lists_alone(member):
    ines = member("ines", choices={"ad-measurement": "granted", "targeted-ads": "granted"})
    facts, received = deciding.facts_of(ines.pk), in_force().recipients["kestrel"].receives
    measured = deciding.ruled(facts, ines.pk, "ad-measurement", "kestrel").kinds
    assert measured == set(received["ad-measurement"])
    assert "activity.genres" not in measured
    targeted = deciding.ruled(facts, ines.pk, "targeted-ads", "kestrel").kinds
    assert targeted == set(received["targeted-ads"])


def test_p5_2_1_1a_who_got_it_is_told_by_kind_as_they_were_whatever_the_policy_makes_of_them(
    another, member, connect, platform, folders
):
    """P5.2.1.1a: the kinds of recipients of what is held, a third party of before among them."""
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices={"audience-uploads": "granted"})
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    work()
    client, northgate = enter(ines), in_force().recipients["northgate"]

    def told():
        held = client.get("/privacy/statement/?as=json").json()["held"]
        got = [r for kind in held.values() for r in kind["recipients"] if r["id"] == "northgate"]
        return {(r["name"], r["role"], r["country"]) for r in got if r["last_received"]}

    before = told()
    assert [each[0] for each in before] == ["Northgate Social"]
    another(later(northgate=replace(northgate, role="processor")))
    assert told() == before
    another(later(northgate=None))
    (folders / "connections.toml").unlink()
    assert told() == before
