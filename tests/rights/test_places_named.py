"""Every place that the policy names is a page of the service, for the person whose data it is."""

from __future__ import annotations

import pytest
from tests.rights.conftest import enter
from tests.rights.planting import plant

from plainview.privacy import checks
from plainview.privacy.consent import storage
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def named() -> dict[str, str]:
    """Each place, and one entry of the policy that names it."""
    policy = in_force()
    return {
        **{each.edit: each.id for each in policy.categories.values() if each.edit},
        **{each.remove: each.id for each in policy.categories.values() if each.remove},
        **{right.door: right.id for right in policy.rights.values() if right.door},
    }


def test_p5_2_1_3b_every_place_to_change_and_delete_is_a_page_a_member_opens(ines):
    """P5.2.1.3b, P5.2c: no entry sends people to a page that is not there or can't be opened."""
    client = enter(ines)
    places = named()
    assert {"/settings/profile/", "/privacy/leave/", "/privacy/opt-out/"} <= places.keys()
    for place, entry in places.items():
        answer = client.get(place)
        led = answer.headers.get("Location", "")
        assert answer.status_code == 200 or led.startswith("/"), (entry, place)


def test_p5_2_1_3b_your_privacy_says_where_or_why_nowhere(ines, tom):
    """Each kind held leads to its place, or says in words why there is none to change or delete."""
    plant(ines.pk, "ines", tom.pk)
    page = enter(ines).get("/privacy/").content.decode()
    assert 'href="/accounts/email/"' in page
    assert 'href="/accounts/sessions/"' in page
    policy = in_force()
    for reason in ("observed", "needed", "safety"):
        assert policy.text(f"reasons.{reason}") in page.replace("&#x27;", "'")


def test_p1_2_6c_every_key_has_one_purpose_an_owner_and_an_end(db):
    """P1.2.6c: ours and those of recipients stand in one table, each once."""
    rows = storage.listed("en")
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    assert {row["owner"] for row in rows} == {
        "Lantern Street Pictures",
        "Kestrel Advertising",
        "Roundtable Comments",
    }
    assert all(row["purpose"] in in_force().purposes for row in rows)
    assert all(
        row["hosts"] and not row["necessary"] for row in rows if "Lantern" not in row["owner"]
    )
    assert checks.check_storage() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"purpose": "curiosity"}, "serves `curiosity`, which the policy does not declare"),
        ({"days": 4000}, "lives 4000 days; nothing on a device may beyond 390"),
        ({"name": "krl-device"}, "`krl-device` is declared twice"),
    ],
)
def test_p1_2_6b_a_key_that_the_policy_does_not_carry_stops_the_start(monkeypatch, change, said):
    """P1.2.6b: whoever adds a cookie names a purpose of the policy and keeps to its times."""
    fields = {"name": "odd", "kind": "cookie", "purpose": "interface", "days": 1, "when": "never"}
    odd = storage.Key(**fields | change)
    kept = storage.keys()
    monkeypatch.setattr(storage, "keys", lambda: (*kept, odd))
    [error] = checks.check_storage()
    assert said in error.msg
    assert error.id == "privacy.E032"
