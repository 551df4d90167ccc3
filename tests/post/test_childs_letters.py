"""A letter by which a child says that it is one comes to where children are seen to (P10e)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.disclosures.conftest import HERE
from tests.post.conftest import letter, proved

from plainview.domains.accounts.models import User
from plainview.privacy import permissions
from plainview.privacy.models import Letter, Request
from plainview.privacy.policies import in_force
from plainview.privacy.requests import ages, minors, queries
from plainview.privacy.requests.models import Channel
from plainview.privacy.requests.services import Asked, file

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TIMMY = "timmy@elsewhere.example"
CHILDREN = [
    ("en", "I am 15, delete my account"),
    ("en", "I'm fifteen and don't want this any more. Please delete my account."),
    ("en", "I’m a minor.\n\nPlease remove everything about me."),
    ("en", "Hi! I am not 18 yet, what now?"),
    ("es", "Hola, tengo 15 años, quiero que borren mi cuenta"),
    ("es", "Soy menor de edad. Por favor, cierren mi cuenta."),
    ("es", "hola tengo 15 anos quiero borrar mi cuenta"),
    ("fr", "J’ai quinze ans, supprimez mon compte"),
    ("fr", "Bonjour, je suis mineure et je veux quitter votre service"),
    ("pt-BR", "Tenho 15 anos, apaguem a minha conta"),
    ("pt-BR", "Ainda não tenho 18 anos. Excluam os meus dados."),
    ("pt-BR", "nao tenho 18 anos, apaguem a minha conta"),
    ("ar", "عمري ١٥ سنة، احذفوا حسابي"),
    ("ar", "أنا قاصر، أرجو حذف حسابي"),
    ("ja", "15歳です。アカウントを削除してください。"),
    ("ja", "未成年なので、アカウントを消してください。"),
    ("ko", "저는 15살입니다. 계정을 삭제해 주세요."),
    ("ko", "미성년자입니다. 탈퇴하고 싶어요."),
    ("ko", "저는 15세예요. 계정을 지워 주세요."),
    ("zh-Hant", "我今年15歲，請刪除我的帳號"),
    ("zh-Hant", "我未成年，请删除我的账号"),
]
OTHERS = [
    "I am 45, delete my account",
    "I am 15 minutes late with my answer. Delete my account.",
    "I am not a minor. Delete my account.",
    "If I am 15, can I have an account?",
    "Tengo 45 años, borren mi cuenta",
    "No soy menor. Borren mi cuenta.",
    "J’ai 45 ans, supprimez mon compte",
    "二十五歳です。アカウントを削除してください。",
    "未成年ではありません。",
    "미성년자가 아닙니다. 저는 스물다섯 살이에요.",
    "我不是未成年。我二十五歲。",
]
PARENTS = [
    "my son is 15 and has an account",
    "My daughter is twelve and she signed up without asking me.",
    "I am the mother of a 14 year old who uses your site.",
    "My child has an account. She is only 11.",
    "My kid is underage and has signed up on your site",
    "Mi hijo tiene 15 años y tiene una cuenta",
    "Soy la madre de un niño de 14 años que usa su servicio",
    "Mon fils a quinze ans et il a un compte",
    "Mon enfant mineur utilise votre site",
    "Minha filha de 12 anos se cadastrou no site de vocês",
    "Meu filho é menor de idade e usa o site",
    "ابني عمره 15 سنة ولديه حساب",
    "ابنتي تبلغ من العمر ١٢ عاما وسجلت في موقعكم",
    "息子は15歳で、アカウントを持っています",
    "小学生の娘が登録してしまいました",
    "제 아들은 15살이고 계정이 있어요",
    "12살 딸이 가입했습니다",
    "我兒子15歲，他有一個帳號",
    "我的孩子未成年，在用你們的服務",
]
NO_PARENTS = [
    "My son is 25 and has an account with you.",
    "I have a daughter. Please delete my account.",
    "I have had an account for 15 years. My son told me of it.",
    "Which films may my 8-year-old daughter watch?",
    "Mi hijo tiene 25 años y tiene una cuenta",
    "Mi hija no es menor y tiene una cuenta",
    "Mon fils a 32 ans et il a un compte",
    "Meu filho tem 25 anos e tem uma conta",
    "ابني عمره 25 سنة ولديه حساب",
    "息子は二十五歳で、アカウントを持っています",
    "제 아들은 스물다섯 살이고 계정이 있어요",
    "我兒子二十五歲，他有一個帳號",
]


@pytest.fixture(autouse=True)
def written_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written to the officer is read here; how it is carried is shown elsewhere."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")


def told() -> list[str]:
    """The numbers that the officer was told of at once."""
    officer = in_force().controller.officer
    numbers = Request.objects.values_list("number", flat=True)
    said = [each.body for each in mail.outbox if officer in each.to]
    return [number for number in numbers for body in said if number in body]


@pytest.mark.parametrize(("language", "text"), CHILDREN)
def test_p10e_i_am_fifteen_in_any_language_is_a_childs_request(deliver, language, text):
    """P10e, P10d: by whatever route; the officer is told at once, and by when."""
    deliver(letter(text, sender=TIMMY, subject="?"))
    row = Request.objects.get()
    assert (row.kind, row.contact) == ("minor-remedy", TIMMY)
    assert text.split()[0] in queries.timeline(row.pk)[0].said, "the officer reads all of it"
    assert told() == [row.number] and minors.awaited(row) is not None


@pytest.mark.parametrize("text", OTHERS)
def test_p10e_who_says_nothing_of_the_kind_is_taken_for_no_child(deliver, text):
    deliver(letter(text, sender=TIMMY, subject="?"))
    assert not Request.objects.filter(kind="minor-remedy").exists() and not told()


@pytest.mark.parametrize("text", PARENTS)
def test_p10e_a_parent_is_heard_by_the_form_whatever_they_chose_in_it(text):
    """P10e: a parent's word, in any language; in place of a deletion, which would be their own."""
    said = {"kind": "delete", "words": text, "contact": TIMMY}
    Client(headers=HERE).post("/privacy/request/", said)
    row = Request.objects.get()
    assert row.kind == "minor-remedy" and told() == [row.number]


@pytest.mark.parametrize("text", NO_PARENTS)
def test_p10e_who_has_grown_children_or_asks_about_films_is_no_parent_of_that_kind(text):
    said = {"kind": "access", "words": text, "contact": TIMMY}
    Client(headers=HERE).post("/privacy/request/", said)
    assert Request.objects.get().kind == "access" and not told()


def test_p10e_a_parents_question_and_letter_are_heard_as_well(deliver):
    """P10e: by the form of /help/, and in a letter whose sender is forged for all one knows."""
    said = {"topic": "other", "email": TIMMY, "text": "Hello. My son is 15 and has an account."}
    Client(headers=HERE).post("/help/", said)
    assert told() == [Request.objects.get().number]
    judged = "mx.lantern.example; dmarc=fail header.from=elsewhere.example"
    deliver(letter(said["text"], sender=TIMMY, judged=judged))
    assert Letter.objects.get().why == "child"


def test_p10e_a_parents_own_account_is_not_erased_for_what_they_write_of_a_child(member):
    """P10d, P10e: asked for from their own account, it waits for who says which account it is."""
    mother = member("mother")
    said = Asked("delete", Channel.ACCOUNT, "en", "My son is 15, delete his account.")
    row = file(said._replace(account=mother.pk))
    mother.refresh_from_db()
    assert row.kind == "minor-remedy" and row.erasure is None and mother.is_active


def test_p10e_the_letter_of_a_child_closes_nothing_before_an_officer_says_which_account(
    deliver, member, at_desk
):
    """P10e, P10d: proved by their own mail server too; then all that a minor is refused ends."""
    child = member("timmy")
    deliver(letter("I am 15, delete my account", sender=child.email, judged=proved(child.email)))
    row = Request.objects.get()
    child.refresh_from_db()
    assert child.is_active and row.kind == "minor-remedy"
    desk = at_desk(User.objects.create_user("officer@lantern.example", roles="privacy-officer"))
    named = {"act": "take", "seq": row.seq, "kind": "minor-remedy", "child": child.email}
    assert desk.post(f"/desk/privacy/requests/{row.number}/sort/", named).status_code == 302
    child.refresh_from_db()
    assert not child.is_active and permissions.read(child.pk)[0].age == "minor"


def test_p10e_what_else_a_child_asks_is_not_lost_and_is_no_reason_to_wait(deliver):
    """P10e: a copy, say, is a request of its own beside it."""
    deliver(letter("I am 15. Send me a copy of all my data, please.", sender=TIMMY))
    assert set(Request.objects.values_list("kind", flat=True)) == {"access", "minor-remedy"}
    assert len(told()) == 1


def test_p10e_said_later_in_a_request_that_runs_it_counts_as_much_and_once(deliver):
    """P10e: an answer by its number opens the remedy beside, and told again no second one."""
    deliver(letter(sender=TIMMY))
    row = Request.objects.get()
    for text in ("By the way, I am 15.", "As I said: I'm a minor."):
        deliver(letter(text, sender=TIMMY, subject=f"Re: {row.number}"))
    assert sorted(Request.objects.values_list("kind", flat=True)) == ["access", "minor-remedy"]
    assert len(told()) == 1


@pytest.mark.parametrize("text", ["I am 15, delete my account", "Privacy appeal: I am 15."])
def test_p10e_a_child_that_names_the_request_of_somebody_else_is_a_child(deliver, text):
    """P10e: nor is one unheard whose appeal nothing proves."""
    deliver(letter(sender="mother@elsewhere.example"))
    row = Request.objects.get()
    deliver(letter(text, sender=TIMMY, subject=f"Re: {row.number}"))
    child = Request.objects.exclude(pk=row.pk).get()
    assert (child.kind, child.contact) == ("minor-remedy", TIMMY) and told() == [child.number]


def test_p10e_where_a_person_reads_it_first_they_see_that_it_may_be_a_childs(deliver, at_desk):
    """P10e: a sender that is forged, or writes a great deal; what is not answered is marked."""
    judged = "mx.lantern.example; dmarc=fail header.from=elsewhere.example"
    deliver(letter("I am 15, delete my account", sender=TIMMY, judged=judged))
    kept = Letter.objects.get()
    assert (kept.state, kept.why, kept.proved) == ("waiting", "child", "forged")
    desk = at_desk(User.objects.create_user("officer@lantern.example", roles="privacy-officer"))
    assert "It tells of a child" in desk.get("/desk/privacy/letters/").content.decode()
    page = f"/desk/privacy/letters/{kept.key}/"
    desk.post(page, {"act": "request", "kind": "delete", "language": "en"})
    row = Request.objects.get()
    assert row.kind == "minor-remedy" and told() == [row.number]


def test_p10e_the_form_hears_it_as_a_letter_does(db):
    """P10e: whatever somebody chose in the list, and whether or not they are signed in."""
    said = {"kind": "delete", "words": "I am 15, please!", "contact": TIMMY}
    Client(headers=HERE).post("/privacy/request/", said)
    assert Request.objects.get().kind == "minor-remedy" and len(told()) == 1


def test_p10e_who_is_of_age_depends_on_where_they_live(member):
    """P10a, P10e: eighteen is under age in Alabama, as far as we know where somebody lives."""
    home = member("cal")
    permissions.change(home.pk, lambda facts: permissions.resident(facts, "US-AL"))
    said = Asked("delete", Channel.ACCOUNT, "en", "I am 18, delete it.")
    assert file(said._replace(account=home.pk)).kind == "minor-remedy"
    assert file(said._replace(contact="x@elsewhere.example")).kind == "delete"


def test_the_words_are_of_every_language_of_the_letters():
    assert set(ages.known()) == set(in_force().head.languages)
