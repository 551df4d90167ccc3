"""Who is established elsewhere has a representative, and every paper of theirs says so.

GDPR and UK GDPR Art. 27; Art. 13(1)(a) for the notice, 30(1)(a) for the record. Promise P0a.
"""

import pytest
from tests.policy.conftest import said

from plainview.engine import load
from plainview.web import doctor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
IN_BELFAST = "Quay Street Representatives"


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hant"])
def test_p0a_the_notice_names_who_represents_the_controller_under_which_law(policy, language):
    words = said(policy, language=language)
    assert IN_BELFAST in words
    assert policy.text("privacy.clauses.representatives", language) in words


def test_p0a_the_record_names_them_beside_the_controller(run):
    page = run("record").output
    assert "<dt>Representative</dt>" in page
    assert IN_BELFAST in page


def test_p0a_a_policy_without_any_says_nothing_of_them(run, copy, change):
    text = (copy / "policy.toml").read_text()
    table = text[text.index("[[representative]]") : text.index("# Nobody younger")]
    change("policy.toml", table, "")
    assert run("check", "--folder", str(copy)).exit_code == 0
    assert "represents us there" not in said(load(copy))
    assert "Representative" not in run("record", "--folder", str(copy)).output


@pytest.mark.django_db
def test_where_none_is_named_check_and_doctor_ask_for_one(run, copy, change, policy, monkeypatch):
    """An Irish service needs none for the GDPR; an American one needs one in each."""
    assert "nobody represents" not in run("check").output
    change("policy.toml", 'country = "IE"', 'country = "US"')
    told = run("check", "--folder", str(copy)).output
    assert "nobody represents the controller under `gdpr` (GDPR Art. 27)" in told
    assert "`uk-gdpr`" not in told
    asked = "policy: nobody represents the controller under `gdpr` (GDPR Art. 27)"
    assert asked not in [each.what for each in doctor.examine()]
    monkeypatch.setattr(doctor, "in_force", lambda: load(copy))
    assert asked in [each.what for each in doctor.examine()]
    change("policy.toml", 'regimes = ["uk-gdpr"]', 'regimes = ["uk-gdpr", "gdpr"]')
    assert "nobody represents" not in run("check", "--folder", str(copy)).output


def test_one_under_a_law_that_the_policy_has_not_is_refused(run, copy, change):
    change("policy.toml", 'regimes = ["uk-gdpr"]', 'regimes = ["uk-gpdr"]')
    told = run("check", "--folder", str(copy))
    assert told.exit_code == 1
    assert "unknown regime `uk-gpdr`" in told.output
    assert "did you mean `uk-gdpr`?" in told.output


def test_with_the_law_its_representative_goes_and_a_policy_begun_has_none(run, copy, tmp_path):
    assert run("remove", "law", "gb", "--folder", str(copy)).exit_code == 0
    assert "[[representative]]" not in (copy / "policy.toml").read_text()
    own = tmp_path / "own"
    begun = run(
        *("init", str(own), "--name", "Bay Films", "--address", "1 Bay Street, Oakland"),
        *("--email", "privacy@bay.example", "--country", "US", "--url", "https://bay.example/"),
    )
    assert begun.exit_code == 0
    assert IN_BELFAST not in (own / "policy.toml").read_text()


def test_another_representative_is_a_difference_of_the_notice(run, copy, change, folder):
    change("policy.toml", IN_BELFAST, "Lagan Representatives")
    told = run("diff", str(folder), str(copy)).output
    assert "Lagan Representatives" in told
    assert "Somebody else answers" not in told
