"""How people answer, counted without anybody, and two fair wordings compared (P2.11a)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.consent.conftest import CENTRE
from tests.policy.test_wordings import compare

from plainview.domains.accounts.models import Role, User
from plainview.engine import load
from plainview.privacy.consent import tallying, wordings
from plainview.privacy.consent.models import Answer, Tally
from plainview.privacy.consent.tallying import Cell
from plainview.privacy.gate import purposes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOME, PAGE = "/", "/desk/privacy/answers/"
TODAY = date(2027, 3, 15)


def tallies() -> dict[tuple[str, str, str, str], int]:
    found: dict[tuple[str, str, str, str], int] = {}
    for row in Tally.objects.all():
        key = (row.regime, row.surface, row.wording, row.outcome)
        found[key] = found.get(key, 0) + row.count
    return found


def put(count: int, outcome: str, *, regime="gdpr", surface="banner", wording="today", month=2):
    for shard, share in enumerate((count // 2, count - count // 2)):
        Tally.objects.create(
            month=date(2026, month, 1),
            regime=regime,
            surface=surface,
            wording=wording,
            outcome=outcome,
            shard=shard,
            count=share,
        )


def test_each_answer_is_counted_by_regime_surface_and_outcome_and_by_nobody(window):
    german, californian = window("DE"), window("US-CA")
    german.open(CENTRE)
    german.press("Save", history="no")
    german.press("Save", history="no", recommend="yes")
    other = window("DE", at=HOME)
    other.press("Accept all")
    californian.open(HOME)
    californian.press("OK")
    californian.open("/privacy/opt-out/")
    californian.press("Opt out")
    assert tallies() == {
        ("gdpr", "banner", "today", "yes"): 1,
        ("gdpr", "centre", "today", "no"): 1,
        ("gdpr", "centre", "today", "some"): 1,
        ("ccpa", "banner", "today", "read"): 1,
        ("ccpa", "opt-out", "today", "no"): 1,
    }
    columns = {field.name for field in Tally._meta.get_fields()}
    assert columns == {
        "id", "month", "regime", "surface", "wording", "outcome", "shard", "count",
    }  # fmt: skip


def test_what_is_not_recorded_is_not_counted(window):
    browser = window("DE", at=HOME)
    browser.post(CENTRE, {"via": "banner", "shown": "0" * 64, "answer": "accept"})
    browser.post(CENTRE, {"via": "centre", "answer": "save"})
    assert not Answer.objects.exists()
    assert not tallies()


cells = st.lists(
    st.builds(
        Cell,
        st.sampled_from([date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]),
        st.sampled_from(["gdpr", "ccpa"]),
        st.sampled_from(["banner", "centre"]),
        st.just("today"),
        st.sampled_from(["yes", "no", "some"]),
        st.integers(0, 60),
    ),
    unique_by=lambda cell: cell[:5],
)


@given(cells, st.sampled_from([5, 10, 20]))
def test_nothing_below_the_threshold_shows_nor_can_be_worked_out(counted, least):
    lines = tallying.told(counted, TODAY, least)
    blind = [cell._replace(number=0) if cell.number < least else cell for cell in counted]
    assert lines == tallying.told(blind, TODAY, least), "a small figure changes nothing told"
    assert all(line.month < date(2027, 3, 1) for line in lines), "only months that are over"
    for line in [*lines, *tallying.summed(lines)]:
        assert all(number >= least and number % least == 0 for number in line.told.values())
        assert line.total == sum(line.told.values())
    told = sum(line.total for line in lines)
    assert told == sum(line.total for line in tallying.summed(lines))


@pytest.fixture
def officer(at_desk, db):
    return at_desk(User.objects.create_user("officer@lantern.example", roles=Role.OFFICER))


def test_the_officer_reads_chart_table_and_csv_and_no_small_figure(officer):
    put(43, "yes")
    put(31, "no")
    put(7, "some")
    put(4, "yes", regime="lgpd")
    page = officer.get(PAGE).content.decode()
    assert re.search(r">\w[^<]*: 40 · \w[^<]*: 30 \(57 % said yes to all\)<", page)
    assert 'class="answers-bar"' in page
    assert "The European Union and the EEA" in page
    assert "lgpd" not in page and "Brazil" not in page and "gdpr" not in page
    assert not re.search(r">\s*(7|43|31|81|74)\s*<", page)
    assert "A dash stands for fewer than 10, or none." in page
    sheet = officer.get("/desk/privacy/answers.csv")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode())))
    assert rows == [
        {
            "month": "2026-02-01", "regime": "gdpr", "surface": "banner", "device": "browser",
            "wording": "today", "yes": "40", "some": "", "no": "30", "read": "",
        }
    ]  # fmt: skip


def test_without_figures_the_page_says_so_and_is_the_officers(officer, client, at_desk):
    assert "Nothing to tell yet" in officer.get(PAGE).content.decode()
    editor = at_desk(User.objects.create_user("editor@lantern.example", roles=Role.EDITOR))
    assert editor.get(PAGE).status_code == 403


@pytest.fixture
def comparing(copied: Path, monkeypatch):
    """The policy in force compares two wordings, `plain` told apart by its title."""
    folder, today = compare(copied), date.today()
    said = (folder / "wordings.toml").read_text()
    for day, moved in (("2026-11-01", -30), ("2027-01-31", 30)):
        said = said.replace(day, f"{today + timedelta(days=moved)}")
    (folder / "wordings.toml").write_text(said)
    words = folder / "texts" / "en" / "wordings.toml"
    words.write_text(words.read_text().replace("What may we remember?", "May we remember things?"))
    before = purposes.policy()
    purposes.enforce(load(folder))
    yield
    purposes.enforce(before)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    import shutil  # noqa: PLC0415

    from tests.policy.conftest import FOLDER  # noqa: PLC0415

    return Path(shutil.copytree(FOLDER, tmp_path / "policy"))


def hours() -> dict[str, int]:
    """An hour of each wording."""
    found: dict[str, int] = {}
    comparison = wordings.running()
    for hour in range(500_000, 500_100):
        import hashlib  # noqa: PLC0415

        drawn = hashlib.sha256(f"{comparison.id}:{hour}".encode()).digest()
        found[comparison.wordings[int.from_bytes(drawn[:4], "big") % 2]] = hour
    return found


def test_who_sees_which_wording_goes_by_the_hour_and_is_kept_nowhere(
    comparing, window, monkeypatch
):
    known = hours()
    assert set(known) == {"today", "plain"}
    said = {}
    for wording, hour in known.items():
        monkeypatch.setattr("plainview.privacy.consent.wordings.time.time", lambda h=hour: h * 3600)
        pages = {window("DE").open(HOME).content for _ in range(2)}
        assert len(pages) == 1, "everybody of an hour sees the same"
        browser = window("DE", at=HOME)
        assert not browser.cookies
        said[wording] = browser.says
        buttons = [label for form in browser.forms.found for label in form.buttons]
        assert "Reject all" in buttons
        assert "Accept all" in buttons
    assert "What may we remember?" in said["today"]
    assert "May we remember things?" in said["plain"]


def test_an_answer_counts_for_the_wording_that_was_seen_even_in_the_next_hour(
    comparing, window, monkeypatch
):
    known = hours()
    clock = "plainview.privacy.consent.wordings.time.time"
    browser = window("DE")
    monkeypatch.setattr(clock, lambda: known["plain"] * 3600)
    browser.open(HOME)
    monkeypatch.setattr(clock, lambda: known["today"] * 3600)
    browser.press("Reject all")
    assert tallies() == {("gdpr", "banner", "plain", "no"): 1}
    assert "May we remember things?" in Answer.objects.get().shown.text
    signalling = window("DE", gpc=True)
    monkeypatch.setattr(clock, lambda: known["plain"] * 3600)
    signalling.open(HOME)
    assert "May we remember things?" not in signalling.says, "after a signal the words are one"
    signalling.press("Reject all")
    assert tallies()["gdpr", "banner", "today", "no"] == 1
