"""The door: what leaves is declared, cut, recorded as it is queued, and delivered (P4.1.1a)."""

import hashlib

import msgspec
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import transaction
from tests.disclosures.conftest import AUDIENCE, KEY, YES, change, work
from tests.killing import dies, kill

from plainview.engine import Restriction
from plainview.engine.folder import read_folder
from plainview.engine.loading import assembled
from plainview.engine.reading import Reader
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.commands import privacy
from plainview.privacy.disclosures import connections, cutting, services, signing, transports
from plainview.privacy.disclosures.deciding import Denied, UnknownRecipient
from plainview.privacy.gate import purposes
from plainview.privacy.models import Disclosure
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def northgate(connect, platform):
    connect(northgate=("audience", platform.url))
    return platform


def test_p4_1_2b_what_the_policy_lets_them_have_is_sent_once_and_recorded(member, northgate):
    ines = member("ines", choices=YES)
    row = services.disclose(**AUDIENCE, subject=ines.pk)
    job = Job.objects.get(task="disclosures.hand-over")
    assert job.arguments == {"disclosure": row.pk}, "the job holds ids alone"
    assert not northgate.got, "nothing is sent within the request"
    work()
    (got,) = northgate.got
    (said,) = got.json["members"]
    assert said["email_sha256"] == [hashlib.sha256(b"ines@lantern.example").hexdigest()]
    assert set(said) == {"external_id", "email_sha256"}
    assert str(ines.pk) not in got.body.decode(), "they never learn our number"
    assert got.headers["idempotency-key"] == row.key
    row.refresh_from_db()
    assert (row.state, row.basis) == ("sent", "consent")
    assert (row.country, row.safeguard) == ("US", "clauses")
    assert row.categories == "contact.email"
    work(times=2)
    assert len(northgate.got) == 1


def test_what_is_signed_can_be_checked_by_the_recipient(member, northgate):
    services.disclose(**AUDIENCE, subject=member("ines", choices=YES).pk)
    work()
    (got,) = northgate.got
    moment = float(got.headers["webhook-timestamp"])
    signing.verified(KEY, got.headers, got.body, moment + 299)  # clocks that differ by minutes
    for wrong in (
        lambda: signing.verified("another key", got.headers, got.body, moment),
        lambda: signing.verified(KEY, got.headers, got.body + b" ", moment),
        lambda: signing.verified(KEY, got.headers, got.body, moment + 301),
        lambda: signing.verified(KEY, got.headers, got.body, moment - 301),
    ):
        with pytest.raises(signing.Unsigned):
            wrong()


@pytest.mark.parametrize(
    "facts", [{"choices": {}}, {"choices": YES, "signals": frozenset({"gpc"})}]
)
def test_whoever_does_not_permit_it_is_not_queued(member, northgate, facts):
    ines = member("ines", **facts)
    with pytest.raises(Denied):
        services.disclose(**AUDIENCE, subject=ines.pk)
    assert not Disclosure.objects.exists()
    assert not Job.objects.exists()


def test_rolled_back_nothing_was_asked_for(member, northgate):
    ines = member("ines", choices=YES)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.disclose(**AUDIENCE, subject=ines.pk)
        raise ZeroDivisionError
    work()
    assert not northgate.got
    assert not Disclosure.objects.exists()


def test_a_yes_withdrawn_before_its_turn_stops_it(member, northgate):
    ines = member("ines", choices=YES)
    row = services.disclose(**AUDIENCE, subject=ines.pk)
    change(ines, choices={"audience-uploads": "denied"})
    work()
    row.refresh_from_db()
    assert (row.state, northgate.got) == ("stopped", [])


def test_p4_1_1a_one_column_more_is_refused_before_it_leaves(member, northgate):
    """Not dropped silently: the officer sees that somebody tried."""
    ines = member("ines", choices=YES)
    cutting.compose(
        "northgate",
        "audience-uploads",
        lambda subject: {
            "email": cutting.of(ines, "email"),
            "joined": cutting.of(ines, "joined_at"),
        },
    )
    row = services.disclose(**AUDIENCE, subject=ines.pk)
    work()
    row.refresh_from_db()
    assert northgate.got == []
    assert (row.state, row.trouble, row.tried_at) == ("failed", "too-much", None)


def test_p3_2a_what_a_case_is_about_is_all_that_goes_whoever_composes(member):
    """P3.2a: kinds and days of a case are read off the marks, which a composer knows nothing of."""
    ines = member("ines", choices=YES)
    where = "northgate", "audience-uploads"
    cutting.compose(*where, lambda subject: {"email": cutting.of(ines, "email")})
    assert cutting.read(ines.pk, *where)
    assert not cutting.read(ines.pk, *where, during=cutting.During(frozenset()))


def test_p4_1_1a_no_letter_is_asked_for_that_carries_what_its_reader_withholds(member):
    """Where news can do without the address, who withholds it is not written to all the same."""
    before, parts = in_force(), read_folder(Reader(settings.POLICY_DIR))
    news = msgspec.structs.replace(parts.purposes["marketing-email"], needs=("viewing.list",))
    bag = parts.purposes | {"marketing-email": news}
    ines = member("ines", choices={"marketing-email": "granted"})
    letter = {"recipient": "harrowgate", "purpose": "marketing-email", "subject": ines.pk,
              "letter": "Hello.", "categories": ["contact.email"]}  # fmt: skip
    try:
        purposes.enforce(assembled(msgspec.structs.replace(parts, purposes=bag), "without"))
        assert services.disclose(**letter).state == "queued"
        rests = Restriction(ground="unlawful", categories=frozenset({"contact.email"}))
        change(ines, choices={"marketing-email": "granted"}, restrictions=(rests,))
        with pytest.raises(Denied):
            services.disclose(**letter)
    finally:
        purposes.enforce(before)


def test_p3_1_3e_p4_1_4a_the_group_gets_the_columns_named_and_no_others(member, connect, platform):
    connect(holdings=("webhook", platform.url))
    ines = member("ines")
    cutting.compose(
        "holdings",
        "group-administration",
        lambda subject: {"plan": cutting.derived("commercial.plan", "plus")},
    )
    services.disclose(recipient="holdings", purpose="group-administration", subject=ines.pk)
    work()
    (got,) = platform.got
    (person,) = got.json["people"]
    assert person["data"] == {"commercial.plan": [{"plan": "plus"}]}
    row = Disclosure.objects.get()
    assert (row.state, row.basis, row.country) == ("sent", "legitimate-interest", "JP")


def test_a_category_withheld_by_a_person_is_cut_from_theirs(member, connect, platform):
    connect(holdings=("webhook", platform.url))
    ines = member("ines")
    found = cutting.read(ines.pk, "harbour-books", "marketing-partners", frozenset())
    assert set(found) <= {"contact.email"}
    assert not cutting.read(
        ines.pk, "harbour-books", "marketing-partners", frozenset({"contact.email"})
    )


def test_p4_1_2a_each_condition_alone_blocks(member, connect, platform):
    connect(parlour=("webhook", platform.url))
    all_of_it = {
        "choices": {"partner-services": "granted"},
        "plan": "plus",
        "features": frozenset({"partner-services", "watch-along"}),
    }
    to_parlour = {"recipient": "parlour", "purpose": "partner-services"}
    services.disclose(**to_parlour, subject=member("ines", **all_of_it).pk)
    for number, lacking in enumerate(
        ({"plan": "none"}, {"features": frozenset({"partner-services"})}, {"choices": {}})
    ):
        with pytest.raises(Denied):
            services.disclose(
                **to_parlour, subject=member(f"tom{number}", **{**all_of_it, **lacking}).pk
            )


def test_p2_3d_a_partner_gets_the_address_of_who_named_that_partner_and_no_other(
    member, connect, platform
):
    """P2.3d: of three, one permits this partner; a yes to partners in general names nobody."""
    connect(**{"harbour-books": ("webhook", platform.url)})
    general, named = "marketing-partners", "marketing-partners/harbour-books"
    yes = member("ines", choices={general: "granted", named: "granted"})
    member("tom", choices={general: "granted"})
    member("olu", choices={general: "granted", named: "denied"})
    said = CliRunner().invoke(privacy, ["send", "harbour-books", general]).output
    assert said == "queued for harbour-books: 1 people\n"
    work()
    (got,) = platform.got
    (person,) = got.json["people"]
    ((kind, (address,)),) = person["data"].items()
    assert (kind, address["email"]) == ("contact.email", yes.email)
    assert [row.subject for row in Disclosure.objects.all()] == [yes.pk]


def test_who_is_not_declared_or_not_connected_gets_nothing(member, folders):
    ines = member("ines", choices=YES)
    with pytest.raises(UnknownRecipient):
        services.disclose(recipient="nobody", purpose="audience-uploads", subject=ines.pk)
    with pytest.raises(connections.NotConnected):
        services.disclose(**AUDIENCE, subject=ines.pk)
    (folders / "connections.toml").write_text(
        '[connection.nobody]\nkind = "webhook"\nurl = "https://x.example"\nkey = "k"\n'
    )
    (problem,) = connections.check()
    assert "which the policy does not declare" in str(problem.msg)


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "[connection": ", line 1: a header is not closed: close it with `]` on the same line",
        "\xff": " is not all UTF-8 text",
        "\na = " + "1" * 5000: ", line 2: a number longer than any: write fewer digits",
        "a = " + "[" * 5000: ", line 1: a list or table is nested too deep: nest it less",
        "a = 1": ": Object contains unknown field `a`",
    }.items(),
)
def test_a_file_of_connections_that_nobody_can_read_is_an_error_in_words(folders, text, said):
    (folders / "connections.toml").write_text(text, "latin-1")
    (problem,) = connections.check()
    assert str(problem.msg).endswith(f"connections.toml{said}")


def test_a_recipient_that_is_away_for_a_week_loses_nothing(member, northgate):
    row = services.disclose(**AUDIENCE, subject=member("ines", choices=YES).pk)
    northgate.status = 503
    work(times=5)
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("queued", "http-503")
    northgate.status = 200
    work()
    row.refresh_from_db()
    assert row.state == "sent"
    assert len({got.headers["idempotency-key"] for got in northgate.got}) == 1
    pauses = [min(6 * 3600, 2**attempt) for attempt in range(1, 42)]
    assert sum(pauses) > 7 * 24 * 3600


def test_a_refusal_for_good_is_a_dead_letter_that_can_be_taken_up(member, northgate):
    row = services.disclose(**AUDIENCE, subject=member("ines", choices=YES).pk)
    northgate.status = 410
    work()
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("failed", "http-410")
    northgate.status = 200
    assert services.try_again(row.key)
    work()
    row.refresh_from_db()
    assert row.state == "sent"
    assert not services.try_again(row.key)


def test_many_go_in_one_piece_and_whoever_refuses_is_not_in_it(member, northgate):
    yes = [member(f"yes{n}", choices=YES) for n in range(3)]
    no = member("no")
    count = services.disclose_each(**AUDIENCE, subjects=[*(each.pk for each in yes), no.pk])
    assert count == 3
    change(yes[0], choices={})
    work()
    (got,) = northgate.got
    assert len(got.json["members"]) == 2
    states = Disclosure.objects.values_list("subject", "state")
    assert dict(states) == {yes[0].pk: "stopped", yes[1].pk: "sent", yes[2].pk: "sent"}


def test_a_bucket_gets_an_object_a_person(member, connect, platform):
    connect(northgate=("bucket", f"{platform.url}/lantern"))
    services.disclose(**AUDIENCE, subject=member("ines", choices=YES).pk)
    work()
    (got,) = platform.got
    (name,) = services.pairwise("northgate", Disclosure.objects.get().subject)
    assert (got.method, got.path) == ("PUT", f"/lantern/audience-uploads/{name}.json")
    assert got.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert got.json["data"]["contact.email"]


def test_requests_to_a_bucket_are_signed_as_aws_publishes():
    """AWS Signature Version 4 test suite, `get-vanilla`, with the payload's hash signed too."""
    from urllib.parse import urlsplit  # noqa: PLC0415

    given = signing.aws(
        "GET",
        urlsplit("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J"),
        b"",
        access="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        now=1369353600,
    )
    assert given["Authorization"].endswith(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )


# --- kill -9 ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before-sending", "before-recording"])
def test_a_worker_killed_at_any_moment_loses_nothing(member, northgate, monkeypatch, moment):
    """Between commit and send nothing went; between send and record it goes twice, by one key."""
    row = services.disclose(**AUDIENCE, subject=member("ines", choices=YES).pk)
    sends = transports.Audience.send

    def dying(self, *args):
        if moment == "before-recording":
            sends(self, *args)
        kill()

    with monkeypatch.context() as patched:
        patched.setattr(transports.Audience, "send", dying)
        dies(worker.run_one)
    row.refresh_from_db()
    assert row.state == "queued"
    assert row.tried_at is not None, "it may have arrived, and the ledger says so"
    assert len(northgate.got) == (moment == "before-recording")
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    work()
    row.refresh_from_db()
    assert row.state == "sent"
    assert {got.headers["idempotency-key"] for got in northgate.got} == {row.key}


def test_every_recipient_of_the_policy_has_a_manner_it_can_be_reached_by():
    assert set(transports.TRANSPORTS) == {"webhook", "audience", "bucket"}
    assert connections.carrier() in in_force().recipients
