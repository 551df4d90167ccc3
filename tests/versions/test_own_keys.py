"""What our own pages keep in a browser is part of a version, and of what sets two apart (P11e)."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner
from django.conf import settings
from tests.versions.conftest import published, released

from plainview.domains.accounts.models import User
from plainview.engine import PolicyErrors
from plainview.privacy import policy_reload
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.consent import storage
from plainview.privacy.log import accounting
from plainview.privacy.log.models import Deed
from plainview.privacy.policies import in_force
from plainview.privacy.versions import archive, following, publishing, queries, services
from plainview.privacy.versions.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]

EVERYWHERE = storage.keys()
PUSH = next(each for each in EVERYWHERE if each.name == "plainview-push")


@pytest.fixture
def software(monkeypatch):
    """`software(key, …, without="plainview-captions")`: another release of it keeps these too."""

    def released_with(*keys: storage.Key, without: str = "") -> None:
        named = {each.name: each for each in (*EVERYWHERE, *keys) if each.name != without}
        monkeypatch.setattr(storage, "keys", lambda: tuple(named.values()))

    return released_with


def test_p11e_new_changed_and_gone_cookies_of_ours_stand_in_the_difference(
    begun, edit, client, software
):
    language = next(each for each in EVERYWHERE if each.name == "plainview-language")
    software(
        storage.Key("plainview-strip", "localStorage", "marketing-in-app", 30, "you look"),
        dataclasses.replace(language, days=200),
        without="plainview-captions",
    )
    version = published(edit()).version
    page = client.get(f"/legal/privacy/{version.name}/changes/").content.decode()
    assert "Lantern Street Pictures keeps “plainview-strip” on devices" in page
    assert "30 days long" in page and "200 days instead of" in page and "180 days" in page
    assert "no longer keeps “plainview-captions” on devices" in page
    told = CliRunner().invoke(command, ["diff", begun.name, version.name, "--json"])
    found = {each["of"]: each for each in json.loads(told.stdout)["differences"]}
    new = found["ours/plainview-strip"]
    assert new["material"] and new["triggers"] == "consent", "whoever said yes is asked"
    assert new["touches"] == ["marketing-in-app"]
    longer = found["ours/plainview-language"]
    assert (longer["kind"], longer["triggers"]) == ("key-longer", "notice"), "nobody can refuse it"
    assert not found["ours/plainview-captions"]["material"]


def test_p11b_the_archive_says_the_cookies_of_its_day_and_the_hash_is_over_them(begun, client):
    content = client.get(f"/legal/privacy/{begun.name}/policy.tar").content
    assert archive.digest(content) == begun.digest
    said = archive.policy(content).own_keys
    assert said.keys() == {each.name for each in EVERYWHERE}
    assert said[PUSH.name].purpose == PUSH.purpose


def test_p11b_a_version_from_before_opens_and_differs_by_no_cookie(begun, edit):
    files = dict(archive.unpack(queries.archive_of(begun)))
    del files["storage.toml"]
    old = archive.pack(files)
    Version.objects.filter(pk=begun.pk).update(
        digest=archive.digest(old),
        content=archive.kept(old),
        policy=archive.policy(old).fingerprint,
    )
    following.forget()
    following.follow()
    done = published(edit())
    assert queries.policy_of(begun).own_keys is None
    assert not [each for each in done.differences if each.kind.startswith("key")]
    assert in_force().own_keys.keys() == {each.name for each in EVERYWHERE}


def test_p11b_a_version_that_lacks_what_is_demanded_since_is_in_force_as_it_was(begun):
    """An update brings new duties; the policy of before is no fault, and is still answered for."""
    files = dict(archive.unpack(queries.archive_of(begun)))
    head, _, rest = files["policy.toml"].partition(b"[duty.correction]")
    files["policy.toml"] = head + b"[" + rest.partition(b"\n[")[2]
    old = archive.pack(files)
    with pytest.raises(PolicyErrors, match="duty `correction` is not declared"):
        archive.policy(old)
    held = archive.policy(old, passed=True).fingerprint
    Version.objects.filter(pk=begun.pk).update(
        digest=archive.digest(old), content=archive.kept(old), policy=held
    )
    following.forget()
    following.follow()
    assert in_force().fingerprint == held


def test_p1_2_6a_what_can_be_refused_is_not_kept_before_a_version_says_it(begun, software):
    wants = storage.Key("plainview-fan", "cookie", "marketing-in-app", 30, "you look")
    software(wants, storage.Key("plainview-care", "cookie", "authentication", 1, "you sign in"))
    everything = lambda purpose, recipient: True  # noqa: E731
    assert storage.unlawful(["plainview-fan"], everything) == ["plainview-fan"]
    assert storage.unlawful(["plainview-care"], everything) == []
    assert "cookie:plainview-fan" in storage.forgotten(everything, member=True)
    assert "plainview-fan" not in {each["name"] for each in storage.listed("en")}
    version = services.renew(begun)
    for staff in (1, 2):
        services.release(version, staff=staff)
    publishing.publish(version, patience=0)
    assert storage.unlawful(["plainview-fan"], everything) == []
    software(dataclasses.replace(wants, days=31))
    assert storage.unlawful(["plainview-fan"], everything) == ["plainview-fan"], "nor for longer"


def test_p11c_other_software_waits_for_two_people_where_two_released_what_is_in_force(
    begun, edit, software, tmp_path
):
    folder, data = edit(), tmp_path / "data"
    assert publishing.publish(released(folder), patience=0)
    software(storage.Key("plainview-fan", "cookie", "marketing-in-app", 30, "you look"))
    for _start in range(2):
        policy_reload.begin(folder, data)
    (draft,) = queries.waiting()
    assert (
        draft.state == Version.State.DRAFT and "plainview-fan" in queries.policy_of(draft).own_keys
    )
    assert queries.current().name == "2026-11-26"


def test_where_the_shell_rules_other_software_is_a_version_as_it_starts(begun, software, tmp_path):
    software(storage.Key("plainview-fan", "cookie", "marketing-in-app", 30, "you look"))
    policy_reload.begin(settings.POLICY_DIR, tmp_path / "data")
    assert queries.current().name == "2026-11-20.2"
    assert "plainview-fan" in in_force().own_keys


def test_p11b_a_version_goes_by_its_own_name_in_the_log_and_the_record(
    begun, software, tmp_path, at_desk
):
    """Its files still say the name of the one before it."""
    software(storage.Key("plainview-fan", "cookie", "marketing-in-app", 30, "you look"))
    policy_reload.begin(settings.POLICY_DIR, tmp_path / "data")
    accounting.policy_runs()
    named = [json.loads(each.body)["pv:version"] for each in Deed.objects.filter(what="policy")]
    assert named[0] == "2026-11-20.2"
    assert named.count("2026-11-20.2") == 1, "a start does not put it into force again"
    officer = at_desk(User.objects.create_user("officer@lantern.example", roles="privacy-officer"))
    assert "<bdi>2026-11-20.2</bdi>" in officer.get("/desk/privacy/record/").content.decode()
    taken = officer.get("/desk/privacy/record/record.csv")
    assert "record-2026-11-20.2.csv" in taken["Content-Disposition"]
