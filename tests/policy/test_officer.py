"""Who looks after data protection is named, as the laws of Brazil, Korea and Québec want. P12a."""

import pytest

from plainview.engine import load
from plainview.privacy.notice import blocks_of, compose
from plainview.web import doctor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
KEYS = ("officer_name", "officer_title", "officer_phone", "leader")
WHO = "Niamh Quill, Data Protection Officer, +353 20 910 0142"


def test_p12a_the_notice_and_the_record_say_who_the_officer_is_and_their_telephone(policy, run):
    words = "\n".join(map(str, blocks_of(compose(policy))))
    assert WHO in words
    assert "Legal representative: Aoife Tarn." in words
    assert WHO in run("record").output


@pytest.mark.django_db
def test_where_a_law_wants_more_than_is_said_check_and_doctor_ask(run, copy, change, monkeypatch):
    assert "published" not in run("check").output
    for key in KEYS:
        change("policy.toml", f"\n{key} = ", f"\n# {key} = ")
    told = run("check", "--folder", str(copy)).output
    wanted = "`officer_name` and `officer_phone` of the controller published"
    assert f"`pipa` wants {wanted} (PIPA Art. 30(1) 6)" in told
    assert "`lgpd` wants `officer_name` of the controller published (LGPD Art. 41 §1;" in told
    assert "`law25` wants `officer_title` of the controller published" in told
    assert "`appi` wants `leader` of the controller published (APPI Art. 32(1))" in told
    monkeypatch.setattr(doctor, "in_force", lambda: load(copy))
    asked = [each.what for each in doctor.examine()]
    assert f"policy: `pipa` wants {wanted} (PIPA Art. 30(1) 6)" in asked


def test_without_them_the_notice_has_the_address_alone_and_a_policy_begun_has_nobodys_name(
    run, copy, change, tmp_path
):
    for key in KEYS:
        change("policy.toml", f"\n{key} = ", f"\n# {key} = ")
    words = "\n".join(map(str, blocks_of(compose(load(copy)))))
    assert "officer@lanternstreet.example" in words
    assert "Niamh" not in words
    assert "Legal representative" not in words
    own = tmp_path / "own"
    begun = run(
        *("init", str(own), "--name", "Bay Films", "--address", "1 Bay Street, Oakland"),
        *("--email", "privacy@bay.example", "--country", "US", "--url", "https://bay.example/"),
    )
    assert begun.exit_code == 0, begun.output
    assert not {"Niamh", "Aoife"} & {*(own / "policy.toml").read_text().replace('"', " ").split()}


def test_another_officer_is_a_difference_of_the_notice(run, copy, change, folder):
    change("policy.toml", "Niamh Quill", "Orla Reed")
    told = run("diff", str(folder), str(copy)).output
    assert "Orla Reed" in told
    assert "Somebody else answers" not in told


def test_what_laws_want_said_and_how_others_are_reached_are_differences_too(
    run, copy, change, folder
):
    change("jurisdictions/br.toml", 'court = "LGPD Art. 22"', 'court = "LGPD Art. 42"')
    change("recipients.toml", "privacy@meridian.example", "people@meridian.example")
    told = run("diff", str(folder), str(copy)).output
    assert "people@meridian.example" in told
    assert "privacy@harbour-books.example" not in told
    assert "Brazil reads differently" in told
