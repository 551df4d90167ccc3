"""The officer edits in simple forms that write the files of a draft; nothing is live before."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.utils import timezone
from tests.versions.test_desk import officer

from plainview.domains.accounts.models import User
from plainview.privacy.policies import in_force
from plainview.privacy.versions import archive, drafts, publishing, queries, services
from plainview.privacy.versions.models import Version
from plainview.web.tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]
ROOT = "/desk/privacy/versions/drafts"


@pytest.fixture
def desk(begun, at_desk, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    return at_desk(officer("noor"))


@pytest.fixture
def draft(desk, begun):
    answer = desk.post(f"/desk/privacy/versions/{begun.name}/draft/")
    (made,) = drafts.every()
    assert answer["Location"] == f"{ROOT}/{made.key}/"
    return made


def typed(desk, address: str, **changes: object) -> dict[str, object]:
    """What the form at an address would send, but for some fields (`_` for a hyphen)."""
    form = desk.get(address).context["form"]
    sent = {each.html_name: each.value() for each in form}
    sent |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in sent.items() if value is not None}


def lines(draft, file: str) -> set[str]:
    return set(draft.files[file].decode().splitlines())


def only(draft, before: dict[str, bytes], file: str) -> tuple[set[str], set[str]]:
    """The lines of a file that are gone, and those that are new."""
    now, was = lines(draft, file), set(before[file].decode().splitlines())
    return was - now, now - was


def test_a_recipient_is_changed_in_its_own_lines_and_nothing_else(desk, draft, begun):
    before, address = draft.files, f"{ROOT}/{draft.key}/recipients/copperline/"
    answer = desk.post(address, typed(desk, address, country="FR"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert draft.changed == ["recipients.toml"]
    assert only(draft, before, "recipients.toml") == (set(), {'country = "FR"'})
    page = desk.get(f"{ROOT}/{draft.key}/").content.decode()
    assert "Data goes to a country that it did not go to: France, by Copperline Payments." in page
    assert in_force().recipients["copperline"].country == "NL", "it holds for nobody"
    packed = zipfile.ZipFile(io.BytesIO(desk.get(f"{ROOT}/{draft.key}/files/").content))
    assert b'country = "FR"' in packed.read("recipients.toml")


def test_what_the_check_finds_stands_at_its_field_and_nothing_typed_is_lost(desk, draft):
    address = f"{ROOT}/{draft.key}/recipients/copperline/"
    answer = desk.post(address, typed(desk, address, country="US", name="Copperline Pay"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors.keys() <= {"safeguard-kind", "country"} and form.errors, form.errors
    assert form["name"].value() == "Copperline Pay" and draft.changed == []
    protected = {
        "safeguard__kind": "clauses",
        "safeguard__regimes": ["gdpr", "uk-gdpr", "lgpd", "fadp", "appi", "pipa"],
        "safeguard__reference": "LSP-SCC-90",
        "safeguard__since": "2026-11-01",
        "safeguard__review": "2027-11-01",
        "safeguard__assessment": "LSP-TIA-90",
    }
    answer = desk.post(address, typed(desk, address, country="US", **protected))
    assert answer.status_code == 302, answer.context["form"].errors
    assert 'reference = "LSP-SCC-90"' in lines(draft, "recipients.toml")


def test_a_day_that_stands_in_a_form_is_one_that_the_calendar_takes(desk, draft):
    days = [
        Markup(
            desk.get(f"{ROOT}/{draft.key}/recipients/copperline/?lang={tag}").content.decode()
        ).all("input", name="since")[0]["value"]
        for tag in ("en", "fr", "pt-BR", "zh-Hant")
    ]
    assert len({date.fromisoformat(day) for day in days}) == 1


def test_somebody_new_comes_with_words_and_the_name_of_their_country_and_ends(desk, draft):
    address = f"{ROOT}/{draft.key}/recipients/?for=billing"
    words = {f"words__{tag}": f"counts coins ({tag})" for tag in in_force().head.languages}
    new = {
        "name": "Nimbus Ledger",
        "role": "processor",
        "country": "PT",
        "clause": "4.1.1",
        "reference": "LSP-2026-90",
        "since": "2026-11-01",
        "receives__billing": ["payment.history"],
    }
    offered = dict(desk.get(address).context["form"].fields["receives-billing"].choices)
    assert all(in_force().categories[id_].shareable for id_ in offered) and offered
    answer = desk.post(address, typed(desk, address, **new, **words))
    assert answer.status_code == 302, answer.context["form"].errors
    policy = drafts.policy_of(draft)
    assert policy.recipients["nimbus-ledger"].receives == {"billing": ("payment.history",)}
    assert policy.text("countries.PT", "ko") == "포르투갈"
    assert policy.text("recipients.nimbus-ledger", "ar") == "counts coins (ar)"
    ended = desk.post(f"{ROOT}/{draft.key}/recipients/nimbus-ledger/", {"act": "end"})
    assert ended.status_code == 302
    assert "nimbus-ledger" not in drafts.policy_of(draft).recipients


def test_p9c_one_category_is_kept_for_another_time_than_the_rest(desk, draft):
    address = f"{ROOT}/{draft.key}/kept/viewing.progress/"
    sent = typed(desk, address, count=6, own="on", words__en="Six months.")
    said = desk.post(address, sent).context["form"].errors
    assert "words-ar" in said and "words-en" not in said, "the notice would say two times"
    answer = desk.post(address, sent | {"stays": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    policy = drafts.policy_of(draft)
    assert policy.schedule("viewing.progress").keep == "P6M"
    assert policy.schedule("viewing.progress").removable
    assert policy.schedule("viewing.history").keep == "P12M"
    assert policy.text("retention.viewing-progress", "en") == "Six months."


def test_p9c_a_category_whose_name_the_schedule_of_many_has_is_kept_by_itself(desk, draft):
    """It took the schedule for itself, and the others had none: the check refused that."""
    address = f"{ROOT}/{draft.key}/kept/viewing/"
    answer = desk.post(address, typed(desk, address, count=6, own="on", stays="on"))
    assert answer.status_code == 302, answer.context["form"].errors
    policy = drafts.policy_of(draft)
    assert policy.schedule("viewing").keep == "P6M"
    assert policy.schedule("viewing.history").keep == "P12M"


def test_p3_1a_a_basis_is_changed_under_one_law_and_words_in_one_language(desk, draft):
    before, address = draft.files, f"{ROOT}/{draft.key}/bases/in/"
    answer = desk.post(address, typed(desk, address, personalise="legitimate-interest"))
    assert answer.status_code == 302
    assert only(draft, before, "jurisdictions/in.toml") == (
        {'personalise = "consent"'},
        {'personalise = "legitimate-interest"'},
    )
    page = desk.get(f"{ROOT}/{draft.key}/").content.decode()
    assert "“Suggest films” is now permitted where it was not." in page and "India" in page
    address = f"{ROOT}/{draft.key}/texts/es/purposes/?q=recommend"
    key = "purposes.recommend.name"
    answer = desk.post(address, typed(desk, address) | {key: "Proponer películas"})
    assert answer.status_code == 302
    assert drafts.policy_of(draft).text(key, "es") == "Proponer películas"
    page = desk.get(f"{ROOT}/{draft.key}/").content.decode()
    assert "Purposes · Español" in page, "what was changed is said in words"
    assert "Places and their laws (in)" in page and ".toml" not in page
    address = f"{ROOT}/{draft.key}/texts/es/because/"
    form = desk.get(address).context["form"]
    name = next(key for key, text in form.sentences.items() if "{" in text)
    answer = desk.post(address, typed(desk, address) | {name: "sin nada"})
    assert answer.status_code == 422 and name in answer.context["form"].errors


def test_words_that_read_alike_are_told_apart_by_their_keys(desk, draft):
    """Three fields in a row were called “Account number”; what reads like nothing else has none."""

    def named(wanted: str) -> list[str]:
        page = desk.get(f"{ROOT}/{draft.key}/texts/en/held/?q={wanted}").content.decode()
        found = re.findall(r'<label[^>]*for="id_held[^>]*>(.*?)</label>', page, re.DOTALL)
        return [" ".join(each.split()) for each in found]

    alike = named("account number")
    assert len(set(alike)) == len(alike) > 2
    assert '<bdi lang="en" dir="ltr">Account number</bdi> <code>column.account_id</code>' in alike
    [other] = named("device number")
    assert "<code>" not in other


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten_unseen(desk, draft):
    address = f"{ROOT}/{draft.key}/recipients/copperline/"
    mine = typed(desk, address, name="Mine")
    desk.post(address, typed(desk, address, name="Theirs"))
    answer = desk.post(address, mine)
    assert answer.status_code == 422 and "Somebody changed it meanwhile." in answer.content.decode()
    assert drafts.policy_of(draft).recipients["copperline"].name == "Theirs"
    markup = Markup(answer.content.decode())
    [was] = [each["value"] for each in markup.all("input", name="was")]
    assert desk.post(address, mine | {"was": was}).status_code == 302
    assert drafts.policy_of(draft).recipients["copperline"].name == "Mine"


def test_p11c_a_draft_goes_the_way_of_every_version_and_admits_what_is_material(
    desk, draft, at_desk
):
    address = f"{ROOT}/{draft.key}/recipients/copperline/"
    desk.post(address, typed(desk, address, country="FR"))
    today = f"{timezone.localdate()}"
    sent = {"act": "propose", "name": today, "effective": today, "summary": "Payments in France."}
    answer = desk.post(f"{ROOT}/{draft.key}/", sent)
    assert answer["Location"] == f"/desk/privacy/versions/{today}/"
    assert drafts.every() == [], "the version has its files"
    version = queries.named(today)
    policy = queries.policy_of(version)
    assert policy.head.change[0].material
    assert policy.head.change[0].touches == ("billing/copperline",)
    assert in_force().version == "2026-11-20"
    page = desk.get(answer["Location"]).content.decode()
    assert "France" in page and "The notice, side by side" in page and "For how many people" in page
    for name in ("ilse", "omar"):
        at_desk(officer(name)).post(answer["Location"], {"act": "release"})
    assert [each.version.name for each in publishing.publish_due()] == [today]
    assert in_force().recipients["copperline"].country == "FR"


@pytest.mark.sample(2)
@pytest.mark.parametrize("part", ["", *in_force().head.languages])
def test_every_file_that_ships_comes_back_as_it_was(begun, part):
    """Those of a language, and those of none."""
    edit = drafts.editing.Edit(files := archive.unpack(queries.archive_of(begun)))
    for name in files:
        mine = name.startswith(f"texts/{part}/") if part else not name.startswith("texts/")
        if name.endswith(".toml") and mine:
            assert drafts.editing._written(edit.table(name)) == files[name].decode(), name
    assert edit.files() == files


def test_a_draft_is_for_the_officer_and_an_address_leads_nowhere_else(draft, at_desk):
    editor = at_desk(User.objects.create_user("edda@example.org", roles="editor"))
    assert editor.get(f"{ROOT}/{draft.key}/").status_code == 403
    noor = at_desk(officer("omar"))
    for address in ("abc", f"{draft.key}/recipients/nobody", f"{draft.key}/kept/nothing",
                    f"{draft.key}/bases/atlantis", f"{draft.key}/texts/xx/purposes"):  # fmt: skip
        assert noor.get(f"{ROOT}/{address}/").status_code == 404
    noor.post(f"{ROOT}/{draft.key}/", {"act": "discard"})
    assert drafts.every() == []
    assert services.propose  # the shell's own way stays


INLINE = 'receives = { billing = ["contact.email", "payment.history"] }'
TABLE = '[recipient.copperline.receives]\nbilling = ["contact.email", "payment.history"]'


@pytest.mark.parametrize("written", [INLINE, TABLE])
def test_who_receives_more_is_written_however_it_stood_there(desk, draft, written):
    """Of an inline table it failed, and beside a table of its own nobody could read the file."""
    files = dict(draft.files)
    text = files["recipients.toml"].decode()
    stood = 'receives.billing = ["contact.email", "payment.history"]\n'
    before, rest = text.split(stood, 1)
    more, tables, others = rest.partition("\n\n")
    moved = (written, more) if written == INLINE else (more, written)
    files["recipients.toml"] = (before + "\n".join(moved) + tables + others).encode()
    drafts.write(draft, drafts.editing.Edit(files))
    assert drafts.policy_of(draft), drafts.problems(draft.files)
    address = f"{ROOT}/{draft.key}/recipients/copperline/?for=support"
    sent = typed(desk, address) | {"receives-support": ["contact.email"]}
    answer = desk.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    receives = drafts.policy_of(draft).recipients["copperline"].receives
    assert set(receives["support"]) == {"contact.email"}
    assert set(receives["billing"]) == {"contact.email", "payment.history"}


def test_a_draft_goes_on_when_the_version_that_it_began_as_is_taken_back(desk, begun, edit):
    version = services.propose(edit())
    desk.post(f"/desk/privacy/versions/{version.name}/draft/")
    desk.post(f"/desk/privacy/versions/{version.name}/", {"act": "withdraw"})
    version.refresh_from_db()
    assert version.state == Version.State.WITHDRAWN
    [made] = drafts.every()
    address = f"{ROOT}/{made.key}/"
    assert desk.get(address).status_code == 200
    form = f"{address}recipients/copperline/"
    assert desk.post(form, typed(desk, form, country="FR")).status_code == 302
    assert drafts.named(made.key).changed == ["recipients.toml"]
