"""What the demonstration operator's own policy says: the facts of the notice that are data."""

from urllib.parse import urlsplit

import msgspec
import pytest
from tests.policy.conftest import FOLDER

from plainview.engine.checks.interests import SWITCHES
from plainview.engine.folder import read_folder
from plainview.engine.reading import Reader

DESTINATIONS = {"US", "JP", "SG", "KR", "BR", "NL", "IN"}


def test_p7a_data_goes_to_the_countries_that_the_notice_names(policy):
    """P7a: seven countries beside the operator's own, read off the recipients."""
    found = {country for each in policy.recipients.values() for country in each.countries}
    assert found - {policy.controller.country} == DESTINATIONS


@pytest.mark.parametrize(
    "purpose",
    [
        "security",
        "playback",
        "business-analytics",
        "marketing-email",
        "marketing-push",
        "survey-invitations",
        "promotions",
        "service-messages",
    ],
)
def test_p4_1_1a_who_works_for_us_is_named_for_what(policy, purpose):
    """P4.1.1a: a processor under contract, which gets less than we use ourselves.

    But for the push services of browsers, which whoever picked the browser picked with it.
    """
    known = [each for each in policy.recipients.values() if purpose in each.receives]
    found = [each for each in known if each.carries != "push"]
    assert found
    for each in found:
        assert each.role == "processor"
        assert each.contract is not None
        assert set(each.receives[purpose]) < set(policy.purposes[purpose].uses)


def test_p1_3_1b_several_providers_and_one_of_the_group_sign_people_in(policy):
    """P1.3.1b, P4.1.4b: each with a notice of its own, and none gets more than an address."""
    found = [each for each in policy.recipients.values() if "connect-identity" in each.receives]
    assert len(found) >= 3
    assert [each.id for each in found if each.role == "group"] == ["lantern-key"]
    for each in found:
        assert urlsplit(each.notice_url).scheme == "https"
        assert each.receives == {"connect-identity": ("contact.email",)}


def test_p4_2a_seven_headings_may_leave_and_nothing_under_another(policy):
    """P4.2a, P4.1.3c: the seven of the notice, and for advertisers a list within them."""
    assert set(policy.closed.shareable) == {
        "identifiers",
        "commercial",
        "location",
        "device",
        "activity",
        "cookies",
        "inferences",
    }
    leaving = {
        category
        for each in policy.recipients.values()
        if each.role != "authority"
        for received in each.receives.values()
        for category in received
    }
    assert {policy.categories[it].heading for it in leaving} <= set(policy.closed.shareable)
    assert set(policy.closed.advertisers) <= {
        it for it, each in policy.categories.items() if each.shareable
    }
    assert not any(it.startswith(("viewing.", "inference.")) for it in policy.closed.advertisers)


BY_A_PERSON = {
    "challenge", "available", "uploads", "pace", "begun", "age", "dormancy", "unconfirmed",
}  # fmt: skip


def test_p6a_the_register_names_every_kind_of_input_that_the_notice_does(policy):
    """P6a: orders, browsing, preferences, place, device and the way of paying, each declared."""
    inputs = {it for each in policy.decisions.values() for it in each.inputs}
    assert inputs >= {
        "commercial.plan",
        "activity.searches",
        "viewing.list",
        "location.city",
        "device.id",
        "payment.kind",
    }
    assert "payment.method" not in inputs
    for id_, decision in policy.decisions.items():
        assert decision.undone_by == ("person" if id_ in BY_A_PERSON else "switch"), id_
        assert decision.undone_by == "person" or policy.refusable(decision.purpose)


def test_p1_2_6c_three_kinds_of_cookies_are_answered_apart(policy):
    """P1.2.6c: recognising, measuring and advertising are three purposes, none implies another."""
    found = {it for it, each in policy.purposes.items() if each.kind == "storage"}
    assert found == {
        "recognition-storage",
        "measurement-storage",
        "advertising-storage",
        "comments-embed",
    }
    for presence in ("DE", "US-CA"):
        assert found <= policy.asks(presence)


def test_p5_1_3d_readers_learn_where_the_industry_takes_a_no(policy):
    """P5.1.3d: pages of the United States, of Europe and of Canada, as facts of a clause."""
    [clause] = [each for each in policy.documents["privacy"].clauses if "P5.1.3d" in each.promises]
    regions = {link.region for link in clause.link}
    assert {"US", "CA"} < regions
    assert all(urlsplit(link.url).scheme == "https" for link in clause.link)


def test_p12d_every_law_names_whom_to_complain_to(policy):
    """P12d, P5.2.1.10a: an authority for each law, and in the Union one of each country's own."""
    for place in policy.jurisdictions.values():
        assert place.strictest_of or place.authority, place.id
    assert "edpb.europa.eu" in policy.jurisdictions["eu"].authority[0].complain
    members = [each for each in policy.jurisdictions.values() if each.parent == "eu"]
    assert len(members) >= 27
    assert len({each.authority[0].url for each in members}) == len(members)


def test_p7b_who_names_no_safeguard_gets_nothing_under_any_law_that_asks_for_one(copy, problems):
    """Unknown is not protected: each law that governs transfers refuses the policy by itself."""
    file = copy / "recipients.toml"
    head, table = file.read_text().split("[[recipient.meridian.safeguard]]\n")
    file.write_text(head + table.partition("\n\n")[2])
    refused = {each.problem for each in problems()}
    asking = ("eu", "gb", "br", "ch", "jp", "kr")
    assert refused == {f"data from `{law}` would reach `SG` without a safeguard" for law in asking}


def test_p4_2a_what_is_sensitive_goes_to_nobody_though_it_were_marked_to(change, problems):
    table = '[category."credentials.password"]\n'
    change("categories.toml", table, f"{table}shareable = true\n")
    received = "receives.playback = "
    more = f'receives.authentication = ["credentials.password"]\n{received}'
    change("recipients.toml", received, more)
    found = {each.problem for each in problems() if each.file == "recipients.toml"}
    assert "`credentials.password` may go to nobody" in found


def test_p3_1_3g_every_safeguard_is_a_switch_that_can_be_found_on_and_off():
    """P3.1.3g: none is on whatever the policy says, and none can never be put on."""
    parts = read_folder(Reader(FOLDER))
    unheard = [rule for rule in parts.rules.rule if "upheld" not in rule.when.objection]
    rules = msgspec.structs.replace(parts.rules, rule=tuple(unheard))
    for guard, (is_on, _remedy) in SWITCHES.items():
        found = {is_on(parts, purpose) for purpose in parts.purposes.values()}
        if guard == "objection-weighed":
            bare = msgspec.structs.replace(parts, rules=rules)
            found.add(is_on(bare, bare.purposes["security"]))
        assert found == {True, False}, guard


GROUP = 'kind = "binding-rules"\nreference = "LSP-BCR-1"\nsince = 2026-01-01\nreview = 2027-01-01\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (f"{GROUP}authority", f"{GROUP}#", "binding rules name who approved them and where"),
        ('role = "group"\ncountry = "JP"\ncontract = { reference = "LSP-GROUP-2"',
         'role = "processor"\ncountry = "JP"\ncontract = { reference = "LSP-GROUP-2"',
         "binding rules bind only the group"),
    ],
)  # fmt: skip
def test_p7c_binding_rules_are_the_groups_and_readable_wherever_it_is(
    change, problems, old, new, says
):
    """P7c: also in a country that is found adequate, where nothing else is asked."""
    change("recipients.toml", old, new)
    assert says in {each.problem for each in problems()}
