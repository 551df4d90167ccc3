"""What staff and service did is in the log too, names nobody, and is checked by the same file."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from tests.log.conftest import public

from plainview import verify
from plainview.domains.accounts.models import User
from plainview.privacy import log, policy_reload
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import accounting, inspecting, queries
from plainview.privacy.log.models import Act, Deed, Leaf
from plainview.privacy.log.services import deed, named
from plainview.privacy.policies import in_force
from plainview.privacy.retention import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def officer(db) -> User:
    return User.objects.create_user("officer@lantern.example", roles="privacy-officer")


@pytest.fixture
def ines(db) -> User:
    return User.objects.create_user("ines@lantern.example")


def opens(desk: Client, person: int) -> None:
    """A member of the staff gives a reason and looks at what is held about somebody."""
    reason = {
        "kind": "law",
        "authority": "The court",
        "reference": "17",
        "reason": "asked by letter",
    }
    assert desk.post(f"/desk/people/{person}/reason/", reason).status_code == 302
    assert desk.get(f"/desk/people/{person}/").status_code == 200


def test_p2_1_6a_an_access_of_the_staff_is_recorded_at_the_gate_and_names_nobody(
    at_desk, officer, ines
):
    desk = at_desk(officer)
    opens(desk, ines.pk)
    access = Act.objects.get(what="access")
    assert (access.staff, access.person) == (officer.pk, ines.pk)
    said = json.loads(access.body)
    assert said["pv:door"] == "plainview.domains.staff.views.people.person"
    assert said["pv:person"] == named(bytes(access.person_salt), ines.pk)
    assert said["pv:staff"] == named(bytes(access.staff_salt), officer.pk)
    for name in (str(ines.pk), str(officer.pk), ines.email, "letter"):
        assert name not in access.body
    form = Act.objects.filter(what="desk").first()
    assert json.loads(form.body)["pv:method"] == "POST"


def test_p2_11e_duties_are_recorded_before_they_do_anything_but_not_what_is_ones_own(
    ines, client, monkeypatch
):
    sweeping.sweep()
    said = [json.loads(each.body) for each in Deed.objects.filter(what="duty")]
    assert said[-1] | {"pv:at": ""} == {
        "@type": "pv:Deed",
        "pv:what": "duty",
        "pv:at": "",
        "pv:duty": "erasure",
        "pv:place": "plainview.privacy.retention.sweeping.sweep",
    }
    before = Deed.objects.count()
    client.force_login(ines)
    assert client.get("/privacy/").status_code == 200
    assert Deed.objects.count() == before, "one's own page is nobody else's affair"
    monkeypatch.setattr(accounting, "deed", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sweeping.sweep()  # what can't be recorded is not done


def test_p11b_a_policy_that_comes_into_force_is_in_the_log_once(tmp_path):
    kept = policy_reload.copied(settings.POLICY_DIR, tmp_path)
    assert policy_reload.reload(kept, tmp_path)
    assert policy_reload.reload(kept, tmp_path)
    accounting.policy_runs()
    told = [json.loads(each.body) for each in Deed.objects.filter(what="policy")]
    assert len(told) == 1
    assert told[0]["pv:fingerprint"] == in_force().fingerprint


def test_p11b_the_page_of_the_log_names_every_policy_it_ran_on(client):
    accounting.policy_runs()
    page = client.get("/legal/log/").content.decode()
    assert in_force().version in page
    assert in_force().fingerprint in page


def test_a_change_of_the_database_is_recorded_and_looking_whether_there_is_one_is_not(db):
    call_command("migrate", verbosity=0)
    assert not Deed.objects.exists()


def test_p2_11e_what_the_desk_hands_out_is_checked_by_the_same_file(
    at_desk, officer, ines, tmp_path
):
    desk = at_desk(officer)
    opens(desk, ines.pk)
    sweeping.sweep()
    page = desk.get("/desk/privacy/log/").content.decode()
    for word in ("Opened what is held about a person", "officer@lantern.example", "erasure"):
        assert word in page
    assert str(ines.pk) not in page
    file = tmp_path / "acts.json"
    file.write_bytes(desk.get("/desk/privacy/log.json").content)
    assert str(ines.pk) not in file.read_text()
    assert checked(file) == (0, True)
    forged = json.loads(file.read_text())
    forged["acts"][0]["said"]["pv:what"] = "nothing"
    file.write_text(json.dumps(forged))
    assert checked(file) == (1, False)


def test_p2_11e_a_deed_of_many_places_is_folded_and_the_page_goes_on(at_desk, officer):
    """What was done in thirty places at once takes a line; all of them are one click away."""
    places = [f"films.{n:04}_step" for n in range(30)]
    deed("duty", **{"pv:duty": "migrate", "pv:place": " ".join(places)})
    desk = at_desk(officer)
    page = desk.get("/desk/privacy/log/").content.decode()
    folded = page.partition("<details><summary>")[2].partition("</details>")[0]
    assert folded.count(places[0]) == 2 and " ".join(places) in folded and "30" in folded
    assert page.count("<details><summary>") == 1, "what was in one place is told at once"
    for _ in range(queries.PAGE):
        desk.get("/desk/privacy/requests/")
    page = desk.get("/desk/privacy/log/").content.decode()
    assert places[0] not in page and 'rel="next"' in page
    assert ">/desk/privacy/requests/</code>" in page, "a page goes by its address"
    assert "plainview.domains.staff" not in page
    older = page.partition('href="?before=')[2].partition('"')[0]
    assert places[0] in desk.get(f"/desk/privacy/log/?before={older}").content.decode()


def checked(file) -> tuple[int, bool]:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = verify.main(["acts", str(file), "--key", str(public())])
    return code, "acts are in the log" in said.getvalue()


def test_only_officers_and_administrators_see_it(at_desk, db):
    desk = at_desk(User.objects.create_user("ed@lantern.example", roles="editor"))
    assert desk.get("/desk/privacy/log/").status_code == 403
    assert desk.get("/desk/privacy/log.json").status_code == 403


def test_p2_11e_with_the_person_the_name_goes_and_the_act_still_verifies(at_desk, officer, ines):
    opens(at_desk(officer), ines.pk)
    access = Act.objects.get(what="access")
    hashes = list(Leaf.objects.order_by("pk").values_list("hash", flat=True))
    with duty("erasure"):
        Act.objects.filter(person=ines.pk).update(person=None, person_salt=None)
    log.sequence()
    assert [bytes(each) for each in hashes] == [
        bytes(each) for each in Leaf.objects.order_by("pk").values_list("hash", flat=True)
    ][: len(hashes)]
    assert inspecting.inspect().damage == []
    again = Act.objects.get(pk=access.pk)
    assert again.person_salt is None
    for done in queries.done():
        assert str(ines.pk) not in json.dumps(done.said)


def test_p11b_the_address_of_a_version_answers_with_the_fingerprint_that_the_log_has(client):
    accounting.policy_runs()
    logged = json.loads(Deed.objects.get(what="policy").body)
    page = client.get(f"/legal/privacy/{logged['pv:version']}/").content.decode()
    assert logged["pv:fingerprint"] in page
    assert client.get("/legal/privacy/1999-01-01/").status_code == 404
