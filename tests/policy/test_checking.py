"""What `plainview policy check` says of a folder from which an operator took something out."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]


def test_check_names_what_the_software_does_and_the_folder_lacks(run, copy):
    """P2a: who takes a purpose out hears of the pages that name it before the service refuses."""
    before, after = copy / "purposes/error-reports.toml", copy / "purposes/fault-notes.toml"
    before.rename(after)
    for file in copy.rglob("*.toml"):
        file.write_text(file.read_text().replace("error-reports", "fault-notes"))
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    said = "purposes/:1: door plainview.domains.playback.views.report names purpose error-reports"
    assert said in result.output
    assert "give it a rule with `deny = true`" in result.output


def test_check_refuses_a_schedule_of_nothing(run, change, copy):
    """P9c: the notice would say how long nothing is kept, in a row without a name."""
    change("retention.toml", '"payment.kind", "payment.method"', "")
    change(
        "retention.toml",
        '"payment", "payment',
        '"payment.kind", "payment.method", "payment", "payment',
    )
    result = run("check", "--folder", str(copy))
    assert result.exit_code == 1
    assert "schedule.means: schedule `means` is for no category" in result.output


def test_check_notes_whom_the_folder_leaves_out(run, copy):
    """P0b: a language that pages do not speak, and countries whose file was taken out."""
    (copy / "jurisdictions/sg.toml").unlink()
    (copy / "texts/ko").rename(copy / "texts/is")
    head = (copy / "policy.toml").read_text()
    (copy / "policy.toml").write_text(head.replace('"ko"', '"is"'))
    for file in copy.glob("texts/*/*.toml"):
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith("sg = ")))
    said = run("check", "--folder", str(copy)).output
    assert "note: pages do not speak `is`" in said
    assert "note: no law has SG: whoever lives there can't have an account" in said


def test_check_notes_the_clauses_that_nothing_carries_any_more(run, copy):
    """P0h: a notice that speaks of rewards where there are none is to be reworded."""
    said = "documents/privacy.toml: nothing but words carries what `rewards` says (P5.2.2.4b"
    assert said not in run("check", "--folder", str(copy)).output
    for file in (copy / "programmes.toml", *copy.glob("texts/*/programmes.toml")):
        file.unlink()
    assert said in run("check", "--folder", str(copy)).output
