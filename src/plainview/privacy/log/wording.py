"""What the page that checks says, by the names under which `frontend/proof` asks for it."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words_of_checking() -> dict[str, str]:
    """Each sentence in the language of the page; what stands in braces is filled in there."""
    return {
        "holds": _("It holds."),
        "shown": _("What was shown is what the record names."),
        "person-named": _("The record is about number {number}."),
        "signed": _("The head of {size} entries, of {at} UTC, is signed by this key."),
        "in-log": _("It is entry {index} of the log, under that head."),
        "dated": _("Its date is not before the head from before it."),
        "entered": _("We wrote this down for them; the day they said it is our word alone."),
        "corrects": _("It puts the entry {key} right, which stays in the log."),
        "grown": _("The first {first} entries are as they were; {more} were added."),
        "said-granted": _("Allowed on {at}: {purposes}"),
        "said-affirmed": _("Allowed despite a signal on {at}: {purposes}"),
        "said-denied": _("Refused on {at}: {purposes}"),
        "said-read": _("Read on {at}, and nothing answered."),
        "notice": _("It does not hold: what the receipt shows is not what was shown."),
        "person": _("It does not hold: the record is about somebody else."),
        "leaf": _("It does not hold: this entry is not in the log. Something in it was changed."),
        "signature": _("It does not hold: the signature is false. The head was changed."),
        "back-dated": _("It does not hold: it is back-dated. It was not in the log on {at} UTC."),
        "future": _("It does not hold: its date is after the head that has it."),
        "removed": _("It does not hold: entries were removed. {first} became {second}."),
        "rewritten": _("It does not hold: history was rewritten between these heads."),
        "unknown-key": _("It can’t be told: the head is signed by no key that yours leads to."),
        "unknown-kind": _("It can’t be told: this page does not know this kind of proof."),
        "endorsed": _("Your key vouches for the next one, {key}."),
        "anew": _("The log began anew between these heads. It says: {says}"),
        "lost": _(
            "It can’t be told: the log began anew, and of the first {first} entries some are lost."
            " It says: {says}"
        ),
        "no-answer": _("It can’t be told: the log did not answer. Try again in a moment."),
        "no-key": _("That is no key of a log. One looks like this: name+1234abcd+AB…"),
        "choose": _("Choose a receipt, or one or two heads."),
        "unreadable": _("That can’t be read: it is no receipt and no head."),
    }
