"""One folder with more than a hundred faults: each gets a sentence of its own, and hides no other.

Each line of a table is a fault: what stood there, what is written instead, what is said of it.
"""

import re
import shutil
from pathlib import Path

import pytest
from tests.policy.conftest import FOLDER

from plainview.engine import PolicyErrors, Problem, load

MARK = "\ufeff"

# file -> (what stands there, what is written instead, what is said)
ELSEWHERE = '"lgpd", "fadp", "appi", "pipa"'
WRONG = {
    "policy.toml": [
        ('email = "privacy@', 'email = "a@b.example"\nemail = "privacy@', "is written twice"),
        ("[duty.export]\n", '[duty.export]\nowner = "Mona"\n', "unknown key `owner`"),
        ("tests_only = true", 'tests_only = "yes"', "expected true or false, found text"),
        ("[duty.migrate]", "[duty.migrade]", "unknown duty `migrade`"),
        ("[duty.migrate]", None, "duty `migrate` is not declared"),
        ('languages = ["en", ', 'languages = ["en", "nl", ', "language `nl` has no texts"),
        (
            'summary = "The first version."',
            'summary = "The first."\ntouches = ["recomend"]',
            "unknown purpose `recomend`",
        ),
    ],
    "rules.toml": [
        ('storage = { name = "Cookies', 'storage = { nam = "Cookies', "unknown key `nam`"),
        ('feeds = { name = "What others', 'feeds = {} # "What others', "`name` is missing"),
        ('without = ["minor-safe"]', 'without = ["minor-save"]', "unknown trait `minor-save`"),
        ('signal = ["gpc"]', 'signal = ["dnt"]', "unknown signal `dnt`"),
        ('unless = { choice = ["affirmed"] }', "unless = {}", "the exception always holds"),
        ('objection = ["pending", "upheld"]', 'objection = ["pending"]', "`upheld` would open"),
        (
            'unless = { case = ["legal-obligation", "public-interest", "vital-interests"] }',
            'unless = { signal = ["gpc"], choice = ["denied"], case = ["whim"] }',
            "`signal` can't lift a denial",
        ),
        ("unless = { signal", None, "`denied` can't lift a denial"),
        ("unless = { signal", None, "unknown case `whim`"),
        ('choice = ["denied"] }', 'choice = ["unset"] }', "`denied` would open what `unset`"),
        ("restricted = true }", "restricted = 1 }", "expected true or false, found a whole number"),
        ('id = "local"', 'id = "minor"', "two rules are called `minor`"),
        ('"feeds", "duty"]', '"feeds", "dutty"]', "unknown kind `dutty`"),
    ],
    "categories.toml": [
        (
            "[source.form]\n",
            '[source.form]\nname = "x"\n[source.form]\n',
            "`[source.form]` stands",
        ),
        ('from = "use"', 'from = "birds"', "`birds` is not one of the words"),
        (
            'only = ["authentication", "security"]',
            'only = ["securety"]',
            "purpose `securety`",
        ),
        ('sources = ["form", "staff"]', 'sources = "form"', "expected a list in square brackets"),
        ('sources = ["partner", "derived"]', 'sources = ["broker"]', "unknown source `broker`"),
        (
            '[category."community.reviews"]',
            '[category."community.reviews"]\nsensitive = "faith"',
            "no purpose may touch data of kind `faith`",
        ),
        (
            '[category."community.ratings"]',
            '[category."community.ratings"]\nsensitive = "taste"',
            "unknown sensitive kind `taste`",
        ),
        (
            "[category.account]\n",
            '[category."pets.dogs.names"]\nname = "Dogs"\nclause = "1"\nsources = []\n'
            "[category.account]\n",
            "has more than one dot",
        ),
        ("pets", None, "category `pets.dogs.names` has no source"),
        ("pets", None, "category `pets.dogs.names` has no family `pets`"),
        ("pets", None, "category `pets.dogs.names` is used by no purpose"),
    ],
    "purposes/browse.toml": [("clause = ", "bit 0\nclause = ", "a key without `=`")],
    "purposes/history.toml": [('"viewing.pause"]', '"viewing.pause"', "a list is not closed")],
    "purposes/account.toml": [('clause = "', 'clause = 2.1.1 # "', "something stands behind")],
    "purposes/billing.toml": [("bit = 6", "bit = six", "a value that is none")],
    "purposes/support.toml": [('name = "', 'name = "\\q', "a backslash stands alone")],
    "purposes/interface.toml": [("bit = 5", 'bit = "5"', "expected a whole number, found text")],
    "purposes/store-orders.toml": [("clause =", "clauze =", "unknown key `clauze`")],
    "purposes/contribute.toml": [('kind = "service"\n', "", "`kind` is missing")],
    "purposes/playback.toml": [("[purpose.playback]", "[purpose.play]", "stands in another's")],
    "purposes/availability.toml": [("bit = 4", "bit = 1", "bit `1` belongs to `account`")],
    "purposes/promotions.toml": [("bit = 10", "bit = 99", "bit `99` is out of range")],
    "purposes/community.toml": [('kind = "service"', 'kind = "servis"', "unknown kind `servis`")],
    "purposes/moderation.toml": [('"own-request"', '"own-requests"', "trait `own-requests`")],
    "purposes/recommend.toml": [
        ('"viewing.list"', '"viewing.lists"', "unknown category `viewing.lists`"),
        ("review = 2027", "review = 2025", "the review of 2025-10-05 is not after 2026-10-05"),
        ("loses = true", 'loses = true\nneeds = ["profile.name"]', "is needed but not used"),
        ('"P2.1.3c"', '"P2.1.3z"', "unknown promise `P2.1.3z`"),
    ],
    "purposes/understand-use.toml": [("assessment]", "assesment]", "unknown key `assesment`")],
    "purposes/error-reports.toml": [
        ("safeguards = [", "safeguards = [] # [", "the assessment names no safeguard")
    ],
    "purposes/business-analytics.toml": [
        ("done = 2026-10-05", "done = 2026-13-45", "something stands behind")
    ],
    "purposes/group-administration.toml": [
        ("[purpose.group-administration.assessment]", "[old]", "unknown key `old`"),
        ("[old]", None, "rests on legitimate interest without an assessment"),
    ],
    "purposes/highlights.toml": [
        ("uses = [", 'uses = ["credentials.password", ', "is sensitive and `highlights` may not")
    ],
    "purposes/legal.toml": [
        ('\nwhen = { case = ["legal-obligation"] }', "", "carries a use only inside a case"),
        (
            '"uk-gdpr"], case = ["public',
            '"lgpd"], case = ["public',
            "the law of `br` does not",
        ),
        ('"uk-gdpr"], case = ["vital', '"uk-gdrp"], case = ["vital', "unknown regime `uk-gdrp`"),
        (
            'when = { case = ["legal-claims"] }',
            'when = { case = ["legal-claims"], choice = ["unset"], objection = ["pending"] }\n'
            'unless = { place = ["atlantis"] }\nfor = { kinds = ["case"] }',
            "`unset` can't open a door",
        ),
        ("objection", None, "`objection` can't open a door"),
        ("atlantis", None, "a permission has no exceptions"),
        ("atlantis", None, "unknown place `atlantis`"),
        ("for = ", None, "`for` belongs to shared rules"),
    ],
    "purposes/connect-identity.toml": [
        ("deny = true\n", 'deny = true\nallow = "contract"\n', "both allows and denies")
    ],
    "purposes/business-transfer.toml": [("deny = true\n", "", "neither allows nor denies")],
    "recipients.toml": [
        ('notice_url = "https://copperline.example/privacy"\n', "", "no link to its notice"),
        ('contract = { reference = "LSP-2026-03", since = 2026-03-01 }\n', "", "by no contract"),
        (
            'receives.marketing-email = ["contact.email"]',
            "receives.mail = []",
            "purpose `mail`",
        ),
        (
            'receives.playback = ["device.address", "device.family"]',
            'receives.playback = ["device.adress", "payment.history", "viewing.progress", '
            '"contact.email"]',
            "unknown category `device.adress`",
        ),
        ("device.adress", None, "purpose `playback` does not use `payment.history`"),
        (
            'receives.service-messages = ["contact.email"]',
            'receives.service-messages = ["messages.service"]',
            "`messages.service` may go to nobody",
        ),
        ('role = "advertiser"', 'role = "advertizer"', "`advertizer` is not one of the words"),
        (
            f'["gdpr", "uk-gdpr", {ELSEWHERE}]\nkind = "clauses"\nreference = "LSP-SCC-07"',
            f'["uk-gdpr", {ELSEWHERE}]\nkind = "clauses"\nreference = "LSP-SCC-07"',
            "data from `eu` would reach `SG` without a safeguard",
        ),
        ('assessment = "LSP-TIA-07"\n', "", "clauses towards `SG` need an assessment"),
        (
            'kind = "clauses"\nreference = "LSP-SCC-11"',
            'kind = "adequacy"\nreference = "LSP-SCC-11"',
            "`br` has found no adequacy for `US`",
        ),
        (
            'kind = "adequacy"\nreference = "certificate 2026-118"\nsince = 2026-02-01\n'
            "review = 2027-02-01",
            'kind = "binding-rules"\nreference = "certificate 2026-118"\nsince = 2026-02-01\n'
            "review = 2025-02-01",
            "binding rules bind only the group",
        ),
        ("certificate 2026-118", None, "binding rules name who approved them"),
        ("review = 2025", None, "the review of 2025-02-01 is not after 2026-02-01"),
        (
            'kind = "clauses"\nreference = "LSP-SCC-10"',
            'kind = "consent"\nreference = "LSP-SCC-10"',
            "the law of `eu` does not carry transfers on consent",
        ),
        (
            'id = "room-not-asked-for"\ndeny = true\nunless',
            'id = "room-not-asked-for"\nallow = "contract"\nwhen',
            "a recipient's rule can only deny",
        ),
    ],
    "programmes.toml": [
        ('trigger = "joining"', 'trigger = "watching"', "`watching` is not one of the words"),
        ("sales = 940", 'sales = "940"', "expected a whole number, found text"),
        (
            "# Cents a member and year.",
            '[programme.second]\nname = "Second"\npurpose = "newsletter-programme"\nclause = "5"\n'
            'trigger = "staying"\ncategories = ["viewing.history"]\n'
            'estimate = { currency = "EUR", sales = 9, incentives = 1, marketing = 1, team = 1, '
            "investment = 1, upkeep = 1, other = 1, done = 2026-10-01 }\n"
            "# Cents a member and year.",
            "purpose `newsletter-programme` belongs to `newsletter-coupon`",
        ),
        (
            "# Cents a member and year.",
            '[programme.third]\nname = "Third"\npurpose = "recommend"\nclause = "5"\n'
            'trigger = "staying"\ncategories = ["viewing.history"]\n# Cents a member and year.',
            "`estimate` is missing",
        ),
    ],
    "retention.toml": [
        (None, MARK, "the file begins with a byte-order mark"),
        ('backups = "P35D"', 'backups = "five weeks"', "`five weeks` is no length of time"),
        (
            'categories = ["credentials.session"]',
            'categories = ["viewing", "cats"]',
            "has two",
        ),
        ('"cats"', None, "unknown category `cats`"),
        ("schedule", None, "`credentials.session` would be kept forever"),
        ("schedule", None, "`pets.dogs.names` would be kept forever"),
        ('after = "collection"', 'after = "dinner"', "`dinner` is not one of the words"),
        ('places = ["IE"]', 'places = ["EI"]', "unknown place `EI`"),
        ('purpose = "record-keeping"\nprov', 'purpose = "books"\nprov', "unknown purpose `books`"),
    ],
    "jurisdictions/row.toml": [
        ('marketing = "consent"\n', "", None),
        ("[signals]", "[signal]", "unknown key `signal`"),
        ("[signal]", None, "`row` says nothing of signals"),
    ],
    "jurisdictions/gb.toml": [
        ('parent = "row"', 'parent = "rwo"', "unknown parent `rwo`"),
        ('counts = "uk"', 'counts = "british"', "`british` is not one of the words"),
    ],
    "jurisdictions/br.toml": [
        ('answer = "15 days"', 'answer = "soon"', "`soon` is no length of time"),
    ],
    "jurisdictions/in.toml": [
        ('personalise = "consent"', 'personalis = "consent"', "kind `personalis`"),
    ],
    "jurisdictions/us-co.toml": [('["US-CO"]', '["US-CO", "US-VA"]', None)],
    "jurisdictions/us-va.toml": [("places", None, "`US-VA` has two laws, this and `us-co`")],
    "jurisdictions/eu-de.toml": [('parent = "eu"', 'parent = "eu-at"', "it inherits from itself")],
    "jurisdictions/eu-at.toml": [('parent = "eu"', 'parent = "eu-de"', "it inherits from itself")],
    "jurisdictions/eu-fr.toml": [
        ('parent = "eu"', 'parent = "atlantis"', "unknown parent `atlanti")
    ],
    "jurisdictions/us.toml": [
        ('["us-*"]', '["usa-*"]\nkinds = { service = "contract" }', "matches no jurisdiction"),
        ("kinds", None, "a strictest place has no bases of its own"),
    ],
    "jurisdictions/unknown.toml": [('["*"]', '["us-*"]', "the unknown is not the strictest")],
    "texts/en/sources.toml": [('form = "', 'forms = "x"\nform = "', "words for `forms`, which")],
    "texts/ar/because.toml": [('doubt = "', 'doubt = "{reason} ', "nothing fills in `{reason}`")],
    "texts/ko/because.toml": [
        ("일부예요: {purpose}", "일부예요", "`{purpose}` is left out"),
        ('refused = "', 'refusd = "', "no words for `denied.refused`"),
        ("refusd", None, "words for `denied.refusd`, which is declared nowhere"),
    ],
    "texts/ko/choices.toml": [('save = "', 'saves = "', "words for `centre.saves`")],
    "texts/ar/guards.toml": [("\n", "\n[months\n", "a header is not closed")],
    "texts/ko/guards.toml": [('threshold = "', 'threshold = """', "a text over several")],
    "texts/ar/countries.toml": [('IE = "', 'IE = 7 # "', "expected text in quotes")],
    "promises.csv": [
        ("P0b,Preamble,tell", "P0b,Preamble,tells", "unknown kind `tells`"),
        ("P0e,Preamble,limit", "P0d,Preamble,limit", "`P0d` stands there twice"),
        ("P1a,1,tell,", "P1a,1,", "the line has 6 values and 7 columns"),
        ("P1.1a,1.1,", "P1.1a,,", "`section` is empty"),
    ],
}
MISSING = "rights.toml"
NOT_TEXT = "texts/ko/duties.toml"


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> Path:
    """The folder with all these faults."""
    copy = Path(shutil.copytree(FOLDER, tmp_path_factory.mktemp("hundred") / "policy"))
    for file, edits in WRONG.items():
        text = (copy / file).read_text()
        for old, new, _ in edits:
            if new is None:
                continue
            assert old is None or old in text, f"{old!r} is not in {file}"
            text = new + text if old is None else text.replace(old, new, 1)
        (copy / file).write_text(text)
    (copy / MISSING).unlink()
    data = (copy / NOT_TEXT).read_bytes()
    (copy / NOT_TEXT).write_bytes(data.replace(b' = "', b' = "\xff', 1))
    return copy


@pytest.fixture(scope="module")
def found(broken) -> list[Problem]:
    """What is said of it."""
    with pytest.raises(PolicyErrors) as caught:
        load(broken)
    return caught.value.problems


def test_a_hundred_faults_get_a_hundred_sentences(found):
    """Each with file, line, problem and remedy; no two alike."""
    sentences = {(each.file, each.line, each.problem, each.remedy) for each in found}
    assert len(sentences) >= 100
    for each in found:
        assert re.match(rf"{re.escape(each.file)}:{each.line}: .+\n  help: .+", str(each))
        assert not each.problem.endswith(".") and not each.remedy.endswith(".")


EXPECTED = [
    *((file, says) for file, edits in WRONG.items() for _, _, says in edits if says),
    (MISSING, "the file is missing"),
    (NOT_TEXT, "the file is not all UTF-8 text"),
]


def test_no_fault_hides_another(found):
    """Every one of them is named, in its own file."""
    hidden = [
        (file, says)
        for file, says in EXPECTED
        if not any(says in each.problem and each.file == file for each in found)
    ]
    assert not hidden, "\n".join(map(str, found))


def test_what_follows_from_a_fault_is_no_second_fault(found):
    """A list of a hundred is read only when it holds no echoes."""
    told = {(file, says) for file, says in EXPECTED}
    once = {  # what a language lacks, all translations lack
        (re.sub("^texts/[^/]+/", "texts/", each.file), each.key, each.problem): each
        for each in found
    }.values()
    echoes = [
        each
        for each in once
        if not any(says in each.problem and file == each.file for file, says in told)
    ]
    assert len(echoes) < len(once) / 2, "\n".join(map(str, echoes))
