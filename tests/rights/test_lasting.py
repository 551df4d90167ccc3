"""How long accounts last: nobody uses one, or nobody confirmed its address (P9a)."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.rights.conftest import HERE, Clock, enter, sign_in, work

from plainview.domains.accounts.models import Language, Role, User
from plainview.engine import Dormancy
from plainview.privacy import permissions, visitors
from plainview.privacy.commands import privacy
from plainview.privacy.consent import connected
from plainview.privacy.decisions.register import overrule
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import App, Deed, Disclosure, Erasure, LastUse, Letter, Warned
from plainview.privacy.policies import in_force
from plainview.privacy.requests import carrying
from plainview.privacy.retention import lasting
from plainview.privacy.rights import holds
from plainview.privacy.rights.planning import later

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = dt.timedelta(1)
State = Disclosure.State


@pytest.fixture
def used(clock: Clock, ines: User) -> dt.date:
    """The day on which Ines signed in for the last time, in a browser."""
    sign_in(ines)
    return clock.day


def there(user: User) -> bool:
    return User.objects.filter(pk=user.pk, is_active=True).exists()


def months(since: dt.date, n: int) -> dt.date:
    return later(since, f"P{n}M")


def test_p9a_two_letters_name_the_day_and_on_that_day_the_account_is_gone(sweep, used, ines):
    assert sweep(months(used, 33) - DAY) == []
    first = sweep(months(used, 33))
    assert first == ["Your account ends on Nov. 27, 2029"]
    letter = mail.outbox[0]
    assert letter.to == [ines.email]
    assert "since Nov. 27, 2026" in letter.body
    assert "On Nov. 27, 2029 it ends" in letter.body
    assert f"{settings.PUBLIC.geturl().rstrip('/')}/accounts/login/" in letter.body
    assert sweep(months(used, 33) + DAY) == [], "each letter goes once"
    assert sweep(months(used, 35)) == first
    assert sweep(months(used, 36) - DAY) == []
    assert there(ines)
    assert sweep(months(used, 36)) == []
    assert not there(ines)
    work()
    assert not User.objects.filter(pk=ines.pk).exists()
    assert not Warned.objects.exists()
    assert Erasure.objects.get().state == Erasure.State.DONE
    assert '"pv:why":"dormancy"' in Deed.objects.get(what=lasting.DEED).body


def test_p9a_signing_in_between_ends_it_and_it_begins_anew(sweep, clock, used, ines):
    sweep(months(used, 33))
    sweep(months(used, 35))
    clock.on(months(used, 36) - DAY)
    sign_in(ines)
    assert sweep(months(used, 36)) == []
    assert there(ines)
    assert not Warned.objects.exists(), "what was said of that day is forgotten"
    again = months(used, 36) - DAY
    assert sweep(months(again, 33)) == ["Your account ends on Nov. 26, 2032"]


def test_p9a_a_message_is_use_also_when_its_row_has_had_its_time(sweep, clock, used, ines):
    wrote = months(used, 12)
    clock.on(wrote)
    letter = Letter.objects.create(
        subject=ines.pk,
        digest="d",
        state=Letter.State.ASIDE,
        proved="mail",
        arrived_at=clock.now,
        closed_at=clock.now,
    )
    assert sweep(months(used, 33)) == []
    assert not Letter.objects.filter(pk=letter.pk).exists(), "letters are kept a shorter time"
    assert sweep(months(wrote, 33) - DAY) == []
    assert sweep(months(wrote, 33)) == ["Your account ends on Nov. 27, 2030"]


def test_p9a_who_is_found_over_and_is_no_more_as_it_ends_stays(sweep, clock, used, ines):
    """Between the two they may have used it, or a letter have named a later day."""
    clock.on(months(used, 34))
    with duty("erasure"):
        assert not lasting.dismiss(ines.pk, lasting.DORMANCY, clock.day)
        assert not lasting.dismiss(ines.pk, lasting.UNCONFIRMED, months(used, 99))
    assert there(ines)


@pytest.mark.parametrize(("kept", "wrote"), [(12, 6), (6, 12)])
def test_p9a_a_use_that_is_told_of_twice_counts_from_its_last_day(
    sweep, clock, used, ines, tom, kept, wrote
):
    """In whichever order the rows go: the later one is not lost, and counts for nobody else."""
    LastUse.objects.create(account=ines.pk, on=months(used, kept))
    LastUse.objects.create(account=tom.pk, on=used)
    clock.on(months(used, wrote))
    Letter.objects.create(
        subject=ines.pk, digest="d", state=Letter.State.ASIDE, proved="mail",
        arrived_at=clock.now, closed_at=clock.now,
    )  # fmt: skip
    sweep(months(used, 33))
    assert not Letter.objects.exists()
    said = dict(LastUse.objects.values_list("account", "on"))
    assert said == {ines.pk: months(used, 12), tom.pk: used}


def test_p9a_a_browser_that_is_still_signed_in_is_use(clock, used, ines):
    clock.on(months(used, 20))
    client = enter(ines)
    User.objects.filter(pk=ines.pk).update(last_login=None)
    assert lasting.lasts(ines.pk).since == months(used, 20)
    client.post("/accounts/logout/")


def test_p9a_an_app_that_is_still_connected_is_use(sweep, clock, used, ines):
    """A television is connected once and asks for years; nobody signs in on it again."""
    token = connected.connect(connected.offer(ines.pk), "Living room")
    for n in range(1, 38):
        clock.on(months(used, n))
        app = Client(headers={"Authorization": f"Bearer {token}"})
        assert app.get("/api/v1/choices").json()["scope"] == "account"
        assert sweep(months(used, n)) == []
    assert there(ines)
    last = months(used, 37)
    assert lasting.lasts(ines.pk).since == last
    assert sweep(months(last, 33) - DAY) == []
    assert not App.objects.exists(), "what nobody used for so long is forgotten; the day is kept"
    assert len(sweep(months(last, 33))) == 1


def test_p9a_whoever_pays_uses_their_account(sweep, used, ines):
    facts, _ = permissions.read(ines.pk)
    assert facts.plan == "none"
    permissions.change(ines.pk, lambda facts: msgspec.structs.replace(facts, plan="standard"))
    for n in (33, 35, 36, 60):
        assert sweep(months(used, n)) == []
    assert there(ines)


def test_p9a_an_account_that_nobody_ever_signed_in_to_counts_from_the_day_it_was_made(
    sweep, clock, ines
):
    User.objects.filter(pk=ines.pk).update(joined_at=clock.now, last_login=None)
    made = clock.day
    assert sweep(months(made, 33) - DAY) == []
    assert len(sweep(months(made, 33))) == 1


def test_p9a_a_sweep_that_was_late_writes_late_and_keeps_the_distance(sweep, used, ines):
    late = months(used, 40)
    assert len(sweep(late)) == 1
    assert sweep(months(late, 2) - DAY) == []
    assert len(sweep(months(late, 2))) == 1
    assert sweep(months(late, 3) - DAY) == []
    assert there(ines)
    sweep(months(late, 3))
    assert not there(ines)


def test_p9a_whom_no_letter_reaches_keeps_the_account(sweep, used, ines):
    EmailAddress.objects.filter(user=ines).update(verified=False)
    for n in (33, 35, 36, 60):
        assert sweep(months(used, n)) == []
    assert there(ines)
    EmailAddress.objects.filter(user=ines).update(verified=True)
    assert len(sweep(months(used, 61))) == 1
    assert there(ines)


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED])
def test_p9a_a_letter_that_came_back_or_did_not_go_is_written_again(sweep, used, ines, state):
    sweep(months(used, 33))
    row = delivery(ines, state)
    assert len(sweep(months(used, 33) + DAY)) == 1
    row.state, row.sent_at = State.SENT, row.queued_at
    row.save()
    assert sweep(months(used, 33) + 2 * DAY) == []


def test_p9a_a_letter_that_waits_for_the_mail_server_ends_nothing(sweep, clock, used, ines):
    sweep(months(used, 33))
    row = delivery(ines, State.QUEUED)
    for n in (34, 35, 36, 40):
        assert sweep(months(used, n)) == []
    assert there(ines)
    row.state, row.sent_at = State.SENT, clock.now
    row.save()
    assert sweep(months(used, 42) - DAY) == []
    assert sweep(months(used, 42)) == ["Your account ends on June 27, 2030"]


def delivery(user: User, state: str) -> Disclosure:
    """What the ledger says of the letter to somebody."""
    return Disclosure.objects.create(
        subject=user.pk,
        recipient="posthorn",
        purpose="service-messages",
        categories="contact.email",
        basis="contract",
        country="DE",
        queued_at=timezone.now(),
        key=Warned.objects.get(account=user.pk).delivery,
        state=state,
    )


def test_p9a_the_letter_speaks_the_language_of_its_reader(sweep, used, ines):
    Language.objects.update_or_create(account=ines, defaults={"value": "es"})
    (title,) = sweep(months(used, 33))
    assert title == "Tu cuenta termina el 27 de noviembre de 2029"
    assert "inicia sesión antes de ese día" in mail.outbox[0].body


def test_p9a_the_staff_the_suspended_and_the_restricted_stay(sweep, used, ines, tom, member):
    mara = member("mara")
    for each in (tom, mara):
        enter(each)
    User.objects.filter(pk=ines.pk).update(roles=Role.ADMINISTRATOR)
    User.objects.filter(pk=tom.pk).update(is_active=False)
    carrying.restrict(mara.pk, [])
    for n in (33, 35, 36):
        assert sweep(months(used, n)) == []
    assert User.objects.count() == 3
    User.objects.filter(pk=tom.pk).update(is_active=True)
    assert len(sweep(months(used, 37))) == 1, "from here on he is told like anybody"


def test_p9a_a_legal_hold_keeps_what_it_covers(sweep, clock, used, ines, tom):
    for n in (33, 35):
        sweep(months(used, n))
    until = months(used, 40)
    holds.put(ines.pk, owner=tom.pk, reason="a claim", until=until, categories=["contact.email"])
    sweep(months(used, 36))
    work()
    assert not there(ines)
    assert User.objects.filter(pk=ines.pk, email=ines.email).exists()


def test_p6c_the_page_says_when_and_a_person_can_let_it_stay(sweep, used, ines):
    client = enter(ines)
    page = words(client.get("/privacy/"))
    assert "Nov. 27, 2029" in page
    told = words(client.get("/privacy/decisions/"))
    assert "Whether an account stays that nobody uses" in told
    assert "Ends without that on" in told
    (made,) = lasting.explained(lasting.DORMANCY, ines.pk)
    sweep(months(used, 33))
    sweep(months(used, 35))
    overrule(lasting.DORMANCY, made.ref, ines.pk)
    sweep(months(used, 36))
    assert there(ines)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- what follows from a day and the letters since, alone ----------------------------------------

LAST = dt.date(2026, 1, 31)


def letter(nth: int, on: dt.date, ends: dt.date | None = None, *, went: bool = True):
    return lasting.Letter(nth, on, ends or dt.date(2026, 1, 1), on if went else None)


def test_p9a_another_number_of_months_never_ends_an_account_before_a_day_that_was_named():
    long, short = Dormancy(months=36, notices=(33, 35)), Dormancy(months=12, notices=(9, 11))
    today = months(LAST, 34)
    one = letter(1, months(LAST, 33), months(LAST, 36))
    assert lasting.course(short, LAST, [one], today) == (months(LAST, 36), 0, False)
    two = letter(2, months(LAST, 35), months(LAST, 36))
    assert not lasting.course(short, LAST, [one, two], months(LAST, 36) - DAY).over
    assert lasting.course(short, LAST, [one, two], months(LAST, 36)).over
    assert lasting.course(long, LAST, [one, two], months(LAST, 36)).over


def test_p9a_a_longer_time_has_both_letters_written_anew():
    longer = Dormancy(months=48, notices=(45, 47))
    old = [letter(1, months(LAST, 33)), letter(2, months(LAST, 35))]
    assert lasting.course(longer, LAST, old, months(LAST, 45) - DAY).write == 0
    assert lasting.course(longer, LAST, old, months(LAST, 45)).write == 1
    assert not lasting.course(longer, LAST, old, months(LAST, 60)).over


def test_p9a_a_letter_on_its_way_is_not_written_again_and_ends_nothing():
    policy = Dormancy(months=36, notices=(33, 35))
    waiting = [letter(1, months(LAST, 33), went=False)]
    for n in (33, 36, 60):
        stands = lasting.course(policy, LAST, waiting, months(LAST, n))
        assert (stands.write, stands.over) == (0, False)


# --- nobody confirmed the address ----------------------------------------------------------------


@pytest.fixture
def registered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> User:
    """Somebody typed an address, and nobody has confirmed it."""
    monkeypatch.setattr(visitors, "presence", lambda request: "DE")
    return register("lea")


def register(name: str) -> User:
    form = {
        "email": f"{name}@lantern.example",
        "password1": "the night train leaves at nine",
        "territory": "DE",
        "age": "18",
        "certified": "on",
    }
    mail.outbox.clear()
    assert Client(headers=HERE).post("/accounts/signup/", form).status_code == 302
    return User.objects.get(email=form["email"])


def link() -> str:
    return re.search(r"(/accounts/confirm-email/\S+)", mail.outbox[0].body).group(1)


def test_p9a_an_account_that_nobody_confirms_goes_after_a_week(sweep, clock, registered):
    assert "Dec. 4, 2026" in mail.outbox[0].body, "the letter says when"
    made = clock.day
    assert sweep(made + 7 * DAY - DAY) == []
    assert there(registered)
    sweep(made + 7 * DAY)
    work()
    assert not User.objects.filter(pk=registered.pk).exists()
    assert '"pv:why":"unconfirmed"' in Deed.objects.get(what=lasting.DEED).body


def test_p9a_of_many_that_end_in_one_night_each_is_gone(sweep, clock, registered):
    for name in ("mia", "noa"):
        register(name)
    sweep(clock.day + 8 * DAY)
    assert not User.objects.filter(is_active=True).exists(), "nobody signs in any more"
    assert not User.objects.exists()
    assert Erasure.objects.filter(state=Erasure.State.DONE).count() == 3


def test_p9a_one_that_was_confirmed_stays_though_nobody_signed_in(sweep, clock, registered):
    client = Client(headers=HERE)
    assert client.post(link()).status_code == 302
    sweep(clock.day + 30 * DAY)
    assert there(registered)


def test_p9a_the_dry_run_names_why(clock, registered):
    clock.on(clock.day + 7 * DAY)
    counted = CliRunner().invoke(privacy, ["sweep", "--dry-run"], catch_exceptions=False)
    assert re.search(r"1  accounts_user\s+unconfirmed", counted.output)
    assert there(registered)


def test_p9a_a_policy_may_let_them_wait_for_ever(sweep, clock, registered, monkeypatch):
    retention = msgspec.structs.replace(in_force().retention, unconfirmed=None)
    policy = msgspec.structs.replace(in_force(), retention=retention)
    monkeypatch.setattr(lasting, "in_force", lambda: policy)
    sweep(clock.day + 30 * DAY)
    assert there(registered)


def test_p6c_an_old_link_says_what_becomes_of_the_account(clock, registered):
    page = words(Client(headers=HERE).get("/accounts/confirm-email/none/"))
    assert "within 7 days" in page
