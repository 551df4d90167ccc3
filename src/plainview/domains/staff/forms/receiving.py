"""The form of a draft about somebody who receives data: role, countries, what for, protection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plainview.domains.staff.forms import Day
from plainview.domains.staff.forms.drafting import DraftForm
from plainview.platform import languages
from plainview.privacy.consent.questions import language
from plainview.privacy.notice.speaking import capital
from plainview.privacy.versions.drafts import Recipient
from plainview.privacy.versions.editing import RECIPIENTS, Edit

_CODES = re.compile(r"[\s,;]+")
_ID = re.compile(r"[^a-z0-9]+")
ROLES = ("processor", "partner", "advertiser", "group", "independent", "authority", "acquirer")
_PLAIN = ("name", "clause", "role", "country", "notice_url", "contact")
SAFEGUARDS = ("adequacy", "clauses", "binding-rules", "consent")


class RecipientForm(DraftForm):
    """Somebody who receives data: in which role, where, what for which purpose, protected how."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    role = forms.ChoiceField(label=pgettext_lazy("of a recipient", "Role"))
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    also = forms.CharField(
        label=gettext_lazy("Further countries from which the data can be reached"),
        help_text=gettext_lazy("Two letters each, as IN US."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    clause = forms.CharField(
        label=gettext_lazy("Clause of the notice"),
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Contract"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    since = Day(label=gettext_lazy("Contract from"), required=False)
    notice_url = forms.URLField(
        label=gettext_lazy("Address of its own notice"), required=False, assume_scheme="https"
    )
    contact = forms.CharField(
        label=gettext_lazy("Where people reach it: mail, telephone or a page"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(
        self, *given: Any, id_: str = "", more: Iterable[str] = (), **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.id = id_
        known = self.policy.recipients.get(id_)
        said = self.policy.text
        # What was agreed with whoever answers together with us is written in files, not here.
        roles = (*ROLES, "joint") if known and known.role == "joint" else ROLES
        self._choose("role", ((each, capital(said(f"notice.roles.{each}", language())))
                              for each in roles))  # fmt: skip
        self._choose("country", countries())
        served = dict.fromkeys((*(known.receives if known else ()), *more))
        self.purposes = [each for each in served if each in self.policy.purposes]
        for purpose in self.purposes:
            self.fields[f"receives-{purpose}"] = forms.MultipleChoiceField(
                label=_("What it receives for %(purpose)s")
                % {"purpose": f"“{said(f'purposes.{purpose}.name', language())}”"},
                choices=self._categories(purpose, known),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.protects = known is None or len(known.safeguard) <= 1
        if self.protects:
            self._protection()
        self._words("recipients", id_ or "?", _("What it does for people"))
        self.initial = self._values(known)
        self._place()

    def _choose(self, field: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[field].choices = list(choices)  # type: ignore[attr-defined]

    def _categories(self, purpose: str, known: Recipient | None) -> list[tuple[str, str]]:
        shared = self.policy.closed.shareable
        had = set(known.receives.get(purpose, ())) if known else set()
        ids = (
            each
            for each in sorted(self.policy.uses(purpose) | had)
            if each in had
            or (self.policy.categories[each].shareable
                and self.policy.categories[each].heading in shared)
        )  # fmt: skip
        return [(id_, capital(self.policy.text(f"categories.{id_}", language()))) for id_ in ids]

    def _protection(self) -> None:
        said = self.policy.text
        regimes = {
            each.regime: said(f"jurisdictions.{id_}", language())
            for id_, each in reversed(self.policy.jurisdictions.items())
            if each.regime and each.transfers and each.transfers.governed
        }
        kinds = [(each, said(f"safeguards.{each}", language())) for each in SAFEGUARDS]
        self.fields |= {
            "safeguard-kind": forms.ChoiceField(
                label=_("What protects the data abroad"),
                choices=[("", _("Nothing is needed")), *kinds],
                required=False,
            ),
            "safeguard-regimes": forms.MultipleChoiceField(
                label=_("Laws that ask for it"),
                choices=sorted(regimes.items(), key=lambda each: str(each[1])),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            ),
            "safeguard-reference": forms.CharField(
                label=_("Its reference"), required=False, max_length=60
            ),
            "safeguard-since": Day(label=_("Since"), required=False),
            "safeguard-review": Day(label=_("To be reviewed by"), required=False),
            "safeguard-assessment": forms.CharField(
                label=_("Reference of its assessment"), required=False, max_length=60
            ),
        }

    def _values(self, known: Recipient | None) -> dict[str, Any]:
        if known is None:
            return {"safeguard-regimes": [], **self._said("recipients.?")}
        values: dict[str, Any] = {
            "name": known.name,
            "role": known.role,
            "country": known.country,
            "also": " ".join(known.also),
            "clause": known.clause,
            "reference": known.contract.reference if known.contract else "",
            "since": known.contract.since if known.contract else None,
            "notice_url": known.notice_url,
            "contact": known.contact,
            **{f"receives-{purpose}": list(ids) for purpose, ids in known.receives.items()},
            **self._said(f"recipients.{self.id}"),
        }
        for each in known.safeguard if self.protects else ():
            for key in ("kind", "reference", "since", "review", "assessment"):
                values[f"safeguard-{key}"] = getattr(each, key)
            values["safeguard-regimes"] = list(each.regimes)
        return values

    def _place(self) -> None:
        table = f"recipient.{self.id or '?'}"
        for field in (*_PLAIN, "also"):
            self.places[field] = (RECIPIENTS, f"{table}.{field}")
        self.places["reference"] = (RECIPIENTS, f"{table}.contract")
        self.places["since"] = (RECIPIENTS, f"{table}.contract.since")
        for purpose in self.purposes:
            self.places[f"receives-{purpose}"] = (RECIPIENTS, f"{table}.receives.{purpose}")
        if self.protects:
            self.places["safeguard-kind"] = (RECIPIENTS, f"{table}.safeguard")
            for key in ("regimes", "reference", "since", "review", "assessment"):
                self.places[f"safeguard-{key}"] = (RECIPIENTS, f"{table}.safeguard[0].{key}")

    def clean_also(self) -> str:
        """Codes of countries, in capitals."""
        codes = [each.upper() for each in _CODES.split(self.cleaned_data["also"]) if each]
        known = dict(countries())
        for each in codes:
            if each not in known:
                raise forms.ValidationError(
                    _("“%(code)s” is no code of a country.") % {"code": each}
                )
        return " ".join(codes)

    def clean(self) -> dict[str, Any]:
        """Somebody new gets an id of their name, which nobody has yet."""
        values = super().clean() or self.cleaned_data
        if not any(values.get(f"receives-{each}") for each in self.purposes):
            self.add_error(None, _("Add a purpose above, and tick what they receive for it."))
        if not self.id and values.get("name"):
            id_ = _ID.sub("-", values["name"].lower()).strip("-")
            if not id_ or id_ in self.policy.recipients:
                self.add_error(
                    "name", _("Write a name that nobody here has yet, in Latin letters.")
                )
            else:
                self.id = id_
                self._place()
                for tag in self.policy.head.languages:
                    self.places[f"words-{tag}"] = (f"texts/{tag}/recipients.toml", id_)
        return values

    def apply(self, edit: Edit) -> None:
        """Write the table of the recipient, its words, and the names of countries that are new."""
        said = self.cleaned_data
        contract = {"reference": said["reference"], "since": said["since"]}
        values = {
            **{key: said[key] for key in _PLAIN},
            "also": said["also"].split(),
            "contract": contract if any(contract.values()) else {},
        }
        receives = {each: said[f"receives-{each}"] for each in self.purposes}
        edit.recipient(self.id, values, receives)
        if self.protects:
            kind = said["safeguard-kind"]
            keys = ("regimes", "kind", "reference", "since", "review", "assessment")
            edit.safeguard(self.id, {key: kind and said[f"safeguard-{key}"] for key in keys})
        self._say(edit, "recipients", self.id)
        for code in (said["country"], *values["also"]):
            for tag in self.policy.head.languages:
                if f"countries.{code}" not in self.policy.words[tag].sentences:
                    edit.say(f"texts/{tag}/countries.toml", [code], country(code, tag))


def countries() -> list[tuple[str, str]]:
    """Every country by its code, in the language of the page."""
    names = languages.spoken().territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted(found, key=lambda each: each[1])


def country(code: str, tag: str) -> str:
    """What a language calls a country (CLDR); its code where it has no name."""
    return str(languages.locale(tag).territories.get(code, code))
