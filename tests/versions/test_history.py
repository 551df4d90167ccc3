"""Each version at its address for ever, with its hash, and what set any two apart (P11b)."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from tests.versions.conftest import LAX, published

from plainview.privacy import policy_reload
from plainview.privacy.log.models import Deed
from plainview.privacy.versions import archive, queries, services
from plainview.privacy.versions.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


def test_p11b_an_old_version_stays_at_its_address_as_it_was(begun, edit, client):
    before = client.get("/legal/privacy/").content.decode()
    published(edit(("policy.toml", ("Lantern Street Pictures", "Harbour Row Pictures"))))
    now = client.get("/legal/privacy/").content.decode()
    then = client.get("/legal/privacy/2026-11-20/").content.decode()
    assert "2026-11-26" in now and "2026-11-26" not in before
    assert "This version was in force until" in then and "This version was in force" not in now
    assert "Harbour Row Pictures" in now and "Harbour Row Pictures" not in before
    body = then.partition("<main")[2]
    assert "Lantern Street Pictures" in body
    assert "This version" not in client.get("/legal/privacy/2026-11-26/").content.decode()
    assert client.get("/legal/privacy/2026-11-27/").status_code == 404


def test_p11a_a_document_with_a_version_of_its_own_stays_at_its_address(begun, edit, client):
    def terms(version: str) -> tuple[str, tuple[str, str]]:
        return "documents/terms.toml", ('version = "2026-11-20"', f'version = "{version}"')

    published(edit(terms("2026-11-25")))
    assert "was in force" not in client.get("/legal/terms/2026-11-25/").content.decode()
    published(edit(terms("2026-11-27"), version="2026-11-27", day="2026-11-27"))
    then = client.get("/legal/terms/2026-11-25/").content.decode()
    assert "This version was in force until" in then and "2026-11-25" in then
    assert "was in force" not in client.get("/legal/terms/2026-11-27/").content.decode()
    assert client.get("/legal/terms/2026-11-24/").status_code == 404
    assert queries.until(begun) == queries.named("2026-11-26").published_at, "not of the last one"


def test_p11b_what_is_downloaded_has_the_hash_in_the_log_and_loads(begun, edit, client):
    done = published(edit())
    for name in ("2026-11-20", "2026-11-26"):
        content = client.get(f"/legal/privacy/{name}/policy.tar").content
        digest = hashlib.sha256(content).hexdigest()
        assert digest in {
            json.loads(each.body).get("pv:archive") for each in Deed.objects.filter(what="policy")
        }
        listed = client.get("/legal/privacy/versions/").content.decode()
        assert digest in listed
        assert re.search(r"In force from [^<]+ \(UTC\) on\.", listed), "a moment has its zone"
        assert archive.policy(content).version == name
    assert done.version.digest == digest
    draft = services.propose(edit(version="2026-11-28", day="2026-11-28"))
    assert client.get(f"/legal/privacy/{draft.name}/policy.tar").status_code == 404


def test_p11b_anybody_reads_what_set_two_versions_apart(begun, edit, client):
    published(edit(("jurisdictions/in.toml", LAX)))
    page = client.get("/legal/privacy/2026-11-26/changes/").content.decode()
    assert "“Suggest films” is now permitted where it was not." in page and "In: India." in page
    back = client.get("/legal/privacy/2026-11-20/changes/", {"from": "2026-11-26"})
    assert "“Suggest films” is no longer permitted where it was." in back.content.decode()
    assert client.get("/legal/privacy/2026-11-20/changes/").status_code == 404


def test_p11b_a_day_leads_to_the_version_that_held(begun, edit, client):
    today = timezone.localdate()
    Version.objects.filter(pk=begun.pk).update(published_at=timezone.now() - timedelta(9))
    published(edit())
    for day, name in ((today, "2026-11-26"), (today - timedelta(1), "2026-11-20")):
        found = client.get("/legal/privacy/versions/", {"on": f"{day}"})
        assert found["Location"].endswith(f"/legal/privacy/{name}/")
    page = client.get("/legal/privacy/versions/", {"on": "2001-05-03"}).content.decode()
    assert "No version was in force then." in page and 'value="2001-05-03"' in page
    page = client.get("/legal/privacy/versions/", {"on": "yesterday"}).content.decode()
    assert "No version was in force then." in page


def test_p11a_what_the_shell_puts_into_force_has_its_own_name_and_day_on_top(
    begun, edit, client, tmp_path
):
    """P11a: the folder was edited, and says the version and day of the one before."""
    changed = "policy.toml", ("Lantern Street Pictures", "Harbour Row Pictures")
    folder = edit(changed, version=begun.name, day="2026-11-27")
    assert policy_reload.reload(folder, tmp_path / "data", patience=0)
    name = queries.current().name
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    for page in ("privacy", "cookies"):
        top = client.get(f"/legal/{page}/").text
        assert name != begun.name and f"Last updated {today}. Version {name}." in top
    assert f"Version {name}." in client.get(f"/legal/privacy/{name}/").text
    before = client.get(f"/legal/privacy/{begun.name}/").text
    assert "Last updated Nov. 27, 2026. Version 2026-11-20." in before
    assert "Version 2026-11-20." in client.get("/legal/terms/").text, "these have their own"
