"""Writing to the people concerned (GDPR 34): each once, in their language, whatever they refused.

One batch is one transaction: who was written to, what was queued for them, how far it is, and the
job of the next batch. A machine that dies in the middle wrote to nobody of its batch, which is
done anew. What was queued has a key of ours, so it is handed over at most once; how many letters
failed, or may have, is counted for the officer (`failed`). It is no news: it goes out for
`service-messages`, which nobody can refuse.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.platform import languages
from plainview.platform.identifiers import named
from plainview.platform.jobs import queue
from plainview.privacy import permissions
from plainview.privacy.breaches import queries, services
from plainview.privacy.breaches.due import PEOPLE, Deadline, reaches
from plainview.privacy.breaches.models import Informed, Line, Mailing
from plainview.privacy.breaches.said import (
    Missed,
    Opened,
    Sent,
    Stated,
    Told,
    Written,
    in_language,
    read,
)
from plainview.privacy.changes.ports import Ports, Reader
from plainview.privacy.disclosures import post
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.gate.scope import Door
from plainview.privacy.gate.scope import Opened as Within
from plainview.privacy.models import Standing
from plainview.privacy.policies import controller, in_force
from plainview.privacy.rights import queries as rights
from plainview.privacy.rights.wording import category as kind

SEND, PURPOSE = "breaches.send", "service-messages"
MOST = 50
"""So many people are one batch at most; the pause between two makes the rate."""
_SALT = b"plainview.privacy.breaches:"
_STEM, _LENGTH = 13, 26
"""Letters that the keys of all deliveries of one mailing share, and those of a whole key."""
_COUNTING = Door(
    "plainview.privacy.breaches.failed",
    "record-keeping",
    source="staff",
    everyone="whom letters about a breach did not reach is still to be told",
    lists=frozenset({"disclosures.ledger"}),
)
_INFORMED = Door(
    "plainview.privacy.breaches.unreached",
    PURPOSE,
    source="staff",
    everyone="whom no letter about a breach reached is still to be told",
    lists=frozenset({"messages.service"}),
)
_CHOOSING = Door(
    "plainview.privacy.breaches.letters",
    "privacy-choices",
    source="derived",
    everyone="whoever lives under a law that is concerned is told of a breach",
)


def concerned(places: Collection[str]) -> int:
    """How many members letters for these laws would go to; none is everybody."""
    with Within(_CHOOSING):
        rows = Standing.objects.filter(device=False)
        if not places:
            return rows.count()
        laws, many, last = _covered(places), 0, -1
        while batch := _batch(last, 1000):
            many += len(_living(laws, batch))
            last = batch[-1]
        return many


@transaction.atomic
def begin(found: queries.Case, said: Written, *, staff: int) -> Mailing:
    """Begin to write to everybody concerned. Raises services.Unfounded."""
    line = services.add(found, said, staff=staff)
    row = Mailing.objects.create(line=line)
    queue.enqueue(SEND, letters=line.pk)
    return row


def send(*, letters: int) -> None:
    """Write to the next batch, and ask for the one after it; within a door of `PURPOSE`."""
    with transaction.atomic():
        row = Mailing.objects.select_for_update().get(pk=letters)
        if row.state != Mailing.State.SENDING:
            return
        said = read(row.line.said)
        if not isinstance(said, Written):
            raise TypeError("letters are begun by an entry that has their words")
        with Within(_CHOOSING):
            size = max(1, min(MOST, settings.ENV.notices_a_minute // 60))
            batch = _batch(row.upto, size)
            chosen = _living(_covered(said.places), batch) if said.places else batch
        if not batch:
            _end(row, said)
            return
        told, missed = _write(row.line, said, chosen)
        Mailing.objects.filter(pk=row.pk).update(
            upto=batch[-1], told=row.told + told, unreached=row.unreached + missed
        )
        pause = timedelta(minutes=len(chosen) / settings.ENV.notices_a_minute)
        queue.enqueue_at(timezone.now() + pause, SEND, letters=row.pk)


def stuck(*, letters: int) -> None:
    """After the last attempt: it waits for the officer, who sees it at the desk."""
    Mailing.objects.filter(pk=letters, state=Mailing.State.SENDING).update(
        state=Mailing.State.STUCK
    )


@transaction.atomic
def go_on(found: queries.Case, letters: int) -> bool:
    """Go on where it stopped; whether it had."""
    rows = Mailing.objects.filter(pk=letters, line__breach=found.breach, state=Mailing.State.STUCK)
    if not rows.update(state=Mailing.State.SENDING):
        return False
    queue.enqueue(SEND, letters=letters)
    return True


def failed(letters: int) -> int:
    """How many letters did not go, or nobody knows whether they did."""
    with Within(_COUNTING):
        return _failed(letters).count()


def _failed(letters: int) -> QuerySet[Disclosure]:
    mine = reduce(or_, (Q(key__startswith=each) for each in _stems(letters)))
    return Disclosure.objects.filter(mine, state=Disclosure.State.FAILED)


@transaction.atomic
def look_after(found: queries.Case) -> None:
    """Enter how many letters reached nobody, where it is more than the register has it.

    Those whom nothing else told are still to be told; a closed breach is taken up again for them.
    """
    for row in queries.mailings(found):
        if row.state != Mailing.State.DONE:
            continue
        seq, many = row.line.seq, row.unreached + failed(row.pk)
        known = [e for e in found.said if isinstance(e, Sent | Missed) and e.of == seq]
        last = known[-1] if known else None
        if many <= (last.people if isinstance(last, Missed) else row.unreached):
            continue
        if not found.open:
            services.add(found, Opened(words=_("Letters came back.")), staff=None)
            found = queries.case(found.breach.number) or found
        services.add(found, Missed(of=seq, people=many), staff=None)


def unreached(found: queries.Case) -> list[int]:
    """The accounts that letters about a breach did not reach, nor later ones did, in order."""
    lines = [row.pk for row in queries.mailings(found)]
    with Within(_COUNTING):
        missed = {
            (account, line)
            for line in lines
            for account in _failed(line).values_list("subject", flat=True)
            if account is not None
        }
    with Within(_INFORMED):
        mine = Informed.objects.filter(line__in=lines)
        missed |= set(mine.filter(mailed=False).values_list("account", "line"))
        who = {account for account, _line in missed}
        rows = mine.filter(account__in=who).values_list("account", "line")
        reached = {account for account, line in rows if (account, line) not in missed}
    return sorted(who - reached)


def covers(found: queries.Case, deadline: Deadline, places: Collection[str]) -> bool:
    """Whether letters for these laws, none for all, do the duty to tell people."""
    theirs = deadline.places or found.facts.places
    whole = reaches(Written(texts={}, places=tuple(places)), theirs)
    return deadline.clock.duty == PEOPLE and deadline.open and whole


def _end(row: Mailing, said: Written) -> None:
    """Nobody is left: say so in the register, where the duty is done by it."""
    Mailing.objects.filter(pk=row.pk).update(state=Mailing.State.DONE)
    found = queries.case(row.line.breach.number)
    if found is None or not found.open:
        return
    out = Sent(of=row.line.seq, people=row.told, unreached=row.unreached)
    services.add(found, out, staff=None)
    look_after(found)
    found = queries.case(row.line.breach.number) or found
    for each in found.deadlines if row.told else ():
        if covers(found, each, said.places) and not each.missed:
            late = said.late or _("The letters took until then.")
            told = Told(duty=each.key, at=timezone.now(), late=late if each.overdue else "")
            services.add(found, told, staff=None)


def _batch(after: int, size: int) -> list[int]:
    accounts = Standing.objects.filter(device=False, subject__gt=after).order_by("subject")
    return list(accounts.values_list("subject", flat=True)[:size])


def _living(laws: Collection[str], batch: list[int]) -> list[int]:
    """Those of a batch who are or live under one of these laws, or of whom nobody knows where."""
    policy, facts = in_force(), permissions.read_each(batch)
    found = []
    for account in batch:
        each = facts.get(account, Facts())
        bound = {law.id for law in policy.laws(each.presence, each.residence)}
        if bound & set(laws):
            found.append(account)
    return found


def _covered(places: Iterable[str]) -> frozenset[str]:
    """The ids of all laws that are meant by these: their members and their heirs too."""
    policy, found = in_force(), set[str]()
    for place in places:
        law = policy.jurisdiction(place)
        found |= {law.id, *(each.id for each in policy.laws(law.id, law.id))}
        found |= {each.id for each in policy.jurisdictions.values() if law.id in each.parents}
    return frozenset(found)


def _write(line: Line, said: Written, accounts: list[int]) -> tuple[int, int]:
    readers, at, rows = Ports.readers(accounts), timezone.now(), list[Informed]()
    chosen = _kinds(line)
    held = rights.held_of_each(accounts) if chosen else {}
    for account in accounts:
        reader = readers.get(account)
        if reader is None:
            continue
        reached = post.reaches(reader.address)
        if reached:
            _mail(line, said, account, reader, _theirs(chosen, held.get(account, frozenset())))
        rows.append(Informed(account=account, line=line, mailed=reached, at=at))
    Informed.objects.bulk_create(rows)
    told = sum(row.mailed for row in rows)
    return told, len(rows) - told


def _kinds(line: Line) -> tuple[str, ...]:
    """The kinds of data that were known to be concerned as letters were begun."""
    before = Line.objects.filter(breach=line.breach_id, kind=Line.Kind.STATED, seq__lt=line.seq)
    said = read(before.order_by("-seq").values_list("said", flat=True)[0])
    return said.categories if isinstance(said, Stated) else ()


def _theirs(chosen: Collection[str], held: Collection[str]) -> list[str] | None:
    """Those of the kinds that are held about somebody; None where no kind is known.

    A chosen family is all of its kinds.
    """
    if not chosen:
        return None
    families = {each for each in chosen if "." not in each}
    return [
        each
        for each in in_force().categories
        if each in held and (each in chosen or each.partition(".")[0] in families)
    ]


def _mail(
    line: Line, said: Written, account: int, reader: Reader, theirs: list[str] | None
) -> None:
    """One letter, in their language; the words of the officer in it too, if they have them."""
    tag = languages.tag(languages.code(reader.language or settings.LANGUAGE_CODE))
    _tag, words = in_language(said.texts, tag)
    with languages.speaking(tag):
        context = {
            "letter": words,
            "number": line.breach.number,
            "contact": controller().email,
            "known": theirs is not None,
            "theirs": [kind(each) for each in theirs or ()],
        }
        text = render_to_string("privacy/mail/breach_letter_message.txt", context).strip()
        message = EmailMessage(title(), text, None, [reader.address])
        message.key = _key(line, account)  # type: ignore[attr-defined]
        message.send()


def title() -> str:
    """What a letter and a communication are headed by."""
    return _("Something happened to your data")


def _key(line: Line, account: int) -> str:
    """The delivery's name: always the same, and it leads to nobody."""
    return f"{_stems(line.pk)[0]}{_hashed(f'{line.pk}:{account}')[0]}"[:_LENGTH]


def _stems(letters: int) -> list[str]:
    return [each[:_STEM] for each in _hashed(str(letters))]


def _hashed(text: str) -> list[str]:
    """By each of our secret keys, that of now first."""
    return [base64.b32encode(each).decode().lower() for each in named(_SALT, text)]
