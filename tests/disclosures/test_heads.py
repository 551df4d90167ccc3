"""Heads of the log are mailed to outsiders who keep them, by a real mail server (P2.11e)."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.disclosures.conftest import work
from tests.log.conftest import entries, public

from plainview import verify
from plainview.privacy import log
from plainview.privacy.disclosures import connections, heads, post, recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.commands import log as command
from plainview.privacy.log.models import Deed, Mailed
from plainview.privacy.models import Disclosure, Suppression
from plainview.privacy.policies import in_force

pytestmark = pytest.mark.django_db(transaction=True)


def keeps(folders, every: str = "P1D", to: str = "mailto:watch@archive.example", **others: str):
    """Let a declared recipient keep heads."""
    known = {"authorities": to, **others}
    (folders / "connections.toml").write_text(
        "".join(
            f'[connection.{name}]\nkind = "heads"\nurl = "{url}"\nevery = "{every}"\n'
            for name, url in known.items()
        )
    )


def letters(mailbox) -> list[tuple[list[str], EmailMessage]]:
    return [
        (to, message_from_bytes(raw, _class=EmailMessage, policy=policy.default))
        for to, raw in mailbox.letters
    ]


def kept(letter: EmailMessage) -> dict[str, str]:
    """What is attached, by name."""
    parts = letter.iter_attachments()
    return {str(each.get_filename()): each.get_payload(decode=True).decode() for each in parts}


@pytest.fixture
def later(monkeypatch):
    """`later(hours=25)`: so much time goes by."""
    real = timezone.now

    def go(**time: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + dt.timedelta(**time))

    return go


def test_p2_11e_a_head_that_is_held_back_from_its_keeper_goes_once_they_can_be_reached(
    folders, mailbox
):
    """P2.11e: what nobody got is not noted as got, so that their chain has no hole."""
    keeps(folders)
    entries(5)
    log.sequence()
    digest = post.address_digests("watch@archive.example")[0]
    with duty("fixture"):
        row = Suppression.objects.create(
            digest=digest, why=Suppression.Why.BOUNCE, since=timezone.now()
        )
    assert heads.mail_due() == []
    assert not Mailed.objects.exists()
    with duty("fixture"):
        row.delete()
    assert heads.mail_due() == ["authorities"]
    work()
    assert len(letters(mailbox)) == 1


def test_p2_11e_an_outsider_gets_a_head_a_day_and_can_check_that_the_log_only_grew(
    folders, mailbox, later, client, tmp_path
):
    keeps(folders)
    entries(5)
    first = log.sequence()
    assert heads.mail_due() == ["authorities"]
    assert heads.mail_due() == [], "once a day"
    work()
    (to, letter), = letters(mailbox)  # fmt: skip
    assert to == ["watch@archive.example"]
    text = letter.get_body(("plain",)).get_content()
    assert first.note.split("\n")[2] in text
    key = str(public())
    assert key in text, "the first letter brings the key"
    (name,) = (each for each in kept(letter) if each.endswith(".txt"))
    assert kept(letter)[name].replace("\r\n", "\n") == first.note

    entries(3)
    log.sequence()
    assert heads.mail_due() == []
    later(hours=25)
    second = log.sequence()
    assert heads.mail_due() == ["authorities"]
    work()
    _, (_, newer) = letters(mailbox)
    words = newer.get_body(("plain",)).get_content()
    assert key not in words, "which is not replaced in silence"
    (new,) = (each for each in kept(newer) if each.endswith(".txt"))
    assert f"appended {name} {new}" in words
    assert kept(newer)[new].replace("\r\n", "\n") == second.note
    (tmp_path / name).write_text(kept(letter)[name], newline="")  # as mail programs save it
    (tmp_path / new).write_text(kept(newer)[new], newline="")
    (tmp_path / "keys.json").write_text(kept(newer)["keys.json"])
    asked = f"/legal/log/consistency.json?first={first.size}&second={second.size}"
    (tmp_path / "proof").write_bytes(client.get(asked).content)
    files = [str(tmp_path / each) for each in (name, new, "proof")]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = verify.main(
            ["appended", *files, "--key", key, "--keys", str(tmp_path / "keys.json")]
        )
    assert code == 0, said.getvalue()
    assert "mailed to authorities" in client.get("/legal/log/").content.decode()


def test_p2_11e_a_letter_with_a_head_says_nothing_about_anybody(folders, mailbox, member):
    ines = member("ines")
    keeps(folders)
    entries(2)
    log.sequence()
    heads.mail_due()
    row = Disclosure.objects.get()
    assert (row.subject, row.recipient) == (None, "harrowgate")
    work()
    (_to, raw), = mailbox.letters  # fmt: skip
    whole = raw.decode()
    assert str(ines.pk) not in whole
    assert ines.email not in whole


def test_p2_11e_a_change_of_key_waits_for_no_day(folders, mailbox):
    keeps(folders, every="P1M")
    entries(2)
    log.sequence()
    assert heads.mail_due() == ["authorities"]
    assert CliRunner().invoke(command, ["rotate"]).exit_code == 0
    assert heads.mail_due() == ["authorities"]
    work()
    (_, _), (_, letter) = letters(mailbox)
    keys = json.loads(kept(letter)["keys.json"])["keys"]
    assert [bool(each["endorsed"]) for each in keys] == [False, True]


def test_heads_are_mailed_at_once_by_the_command_and_to_each_who_keeps_them(folders, mailbox):
    assert CliRunner().invoke(command, ["mail"]).exit_code == 2, "nobody keeps heads"
    keeps(folders, to="mailto:a@one.example,b@one.example", parlour="mailto:c@two.example")
    entries(2)
    done = CliRunner().invoke(command, ["mail"])
    assert done.exit_code == 0, done.output
    assert done.output == "queued for authorities\nqueued for parlour\n"
    assert CliRunner().invoke(command, ["mail"]).output == "everybody has it already\n"
    work()
    assert sorted(to for (to,), _letter in letters(mailbox)) == [
        "a@one.example", "b@one.example", "c@two.example",
    ]  # fmt: skip
    assert Mailed.objects.count() == 2


def test_p2_11e_a_mail_server_that_is_away_gets_the_letter_later(folders, mailbox):
    keeps(folders)
    entries(2)
    log.sequence()
    mailbox.answer = "451 not now"
    heads.mail_due()
    work()
    assert mailbox.letters == []
    mailbox.answer = "250 kept"
    work(times=2)
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("to", "every"),
    [("https://archive.example", "P1D"), ("mailto:nobody", "P1D"), ("mailto:a@b.example", "day")],
)
def test_an_address_or_a_time_that_is_none_stops_the_start(folders, to, every):
    keeps(folders, every=every, to=to)
    assert [each.id for each in connections.check()] == ["privacy.E047"]


def test_whoever_keeps_heads_is_declared(folders):
    keeps(folders, somebody="mailto:a@b.example")
    assert [each.id for each in connections.check()] == ["privacy.E041"]


def test_who_keeps_heads_is_asked_about_nobody(folders):
    """Else each change of anything about anybody would be looked up for them."""
    keeps(folders)
    policy = in_force()
    received = set().union(*policy.recipients["authorities"].receives.values())
    seen = frozenset({min(each for each in received if not policy.categories[each].edit)})
    assert not recalls.cares(seen)
    (folders / "connections.toml").write_text(
        '[connection.authorities]\nkind = "webhook"\nurl = "https://authority.example"\n'
    )
    assert recalls.cares(seen)


def test_what_opens_while_the_database_gets_its_shape_is_part_of_that():
    before = Deed.objects.count()
    with duty("migrate"), duty("audit"):
        assert Deed.objects.count() == before, "the log's tables may not be there yet"
