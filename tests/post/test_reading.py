"""What is read in a letter: its words, its language, what it asks, and if its sender is true."""

from __future__ import annotations

import time

import pytest
from tests.post.conftest import OURS

from plainview.engine import load
from plainview.platform import languages
from plainview.privacy.post import judging, quoting, understanding
from plainview.privacy.post.judging import Verdict
from plainview.privacy.post.understanding import understood

ASKED = [
    ("en", "delete", "Please delete my account and all of my data."),
    ("en", "access", "Hi, I would like a copy of all the personal data you have about me."),
    ("en", "know-confirm", "What data do you hold about me?"),
    ("en", "correct", "My name is wrong, please correct my name in your records."),
    ("en", "object", "I object to the processing of my data for your legitimate interest"),
    ("en", "withdraw-consent", "I withdraw my consent to all of this."),
    ("en", "portability", "I'd like to see my data in a machine readable format"),
    ("en", "optout-sale-sharing", "I do not want you to sell my personal information."),
    ("en", "object-direct-marketing", "Unsubscribe me from your newsletter"),
    ("en", "restrict", "Please restrict the processing of my data for the time being."),
    ("en", "complaint", "I want to make a complaint about the way you treated my privacy"),
    ("en", "minor-remedy", "My son's account: please delete it"),
    ("en", "several", "Please send me a copy of my data. Then delete my account."),
    ("en", "several", "I request that you delete my information and do not sell my information"),
    ("en", "", "Please do not delete my account, I have changed my mind about the data."),
    ("en", "", "Do you delete comments? I like your site and the films"),
    ("en", "", "I forgot my password, please help me get access to my account"),
    ("en", "delete", "Delete my account"),
    ("es", "delete", "Hola, quiero que borren todos mis datos, por favor. Gracias."),
    ("es", "access", "Por favor, quiero una copia de los datos que tienen de mí."),
    ("es", "correct", "Por favor corrijan mi nombre, los datos de la cuenta son incorrectos."),
    ("es", "portability", "Quiero ejercer la portabilidad de mis datos, por favor."),
    ("es", "know-confirm", "Hola, quisiera saber si tienen datos sobre mí"),
    ("es", "", "Necesito ayuda con los subtítulos de una película, por favor"),
    ("fr", "delete", "Bonjour, veuillez supprimer mon compte et toutes mes données. Merci."),
    ("fr", "access", "Je souhaite exercer mon droit d’accès à mes données, merci de me répondre."),
    ("fr", "object", "Je m'oppose au traitement de mes données par vous."),
    ("fr", "optout-sale-sharing", "Je ne veux pas que vous vendiez mes données."),
    ("fr", "know-confirm", "Bonjour, quelles données avez-vous sur moi ?"),
    ("pt-BR", "delete", "Por favor, quero que vocês apaguem todos os meus dados e a minha conta."),
    ("pt-BR", "access", "Quero uma cópia de todos os meus dados que vocês guardam, por favor."),
    ("pt-BR", "withdraw-consent", "Quero revogar o meu consentimento, por favor."),
    ("ar", "delete", "السلام عليكم، أرجو حذف حسابي وجميع بياناتي. شكراً"),
    ("ar", "access", "أريد نسخة من بياناتي الشخصية."),
    ("ar", "correct", "أرجو تصحيح بياناتي لأن اسمي مكتوب خطأ"),
    ("ar", "know-confirm", "هل لديكم بيانات عني؟"),
    ("ja", "delete", "私の個人情報をすべて削除してください。よろしくお願いいたします。"),
    ("ja", "access", "保有している私の個人データの開示を請求します。"),
    ("ja", "withdraw-consent", "同意を撤回します。"),
    ("ja", "appeal", "請求への回答に不服申し立てをします。"),
    ("ja", "", "パスワードを忘れました"),
    ("ko", "delete", "제 계정과 개인정보를 모두 삭제해 주세요."),
    ("ko", "access", "개인정보 열람을 요청합니다."),
    ("ko", "know-confirm", "제 개인정보를 가지고 있는지 알려 주세요."),
    ("ko", "", "비밀번호를 잊어버렸어요"),
    ("zh-Hant", "delete", "您好，請刪除我的帳號及所有個人資料。謝謝"),
    ("zh-Hant", "access", "我想查閱你們持有的個人資料副本。"),
    ("zh-Hant", "delete", "请删除我的账号和所有个人信息。"),
    ("zh-Hant", "", "我忘記密碼了"),
    ("", "delete", "Hiermit verlange ich nach Art. 17 DSGVO die Löschung meiner Daten."),
    ("", "", "Guten Tag, wann kommt der neue Film?"),
    ("", "", ""),
]


@pytest.mark.parametrize(("language", "kind", "text"), ASKED)
def test_p5_2a_a_wish_in_any_of_the_eight_languages_is_understood_or_left(language, kind, text):
    assert understood("", text) == (kind, language)


def test_p5_2_3_2a_the_words_of_the_policy_in_the_subject_make_an_appeal():
    """P5.2.3.2a: whichever an operator writes there."""
    for subject in ("Einspruch", "Re: EINSPRUCH k7m2-x9q4-r"):
        assert understood(subject, "It is unjust.", "Einspruch").kind == "appeal"
        assert understood(subject, "It is unjust.", "Privacy appeal").kind == ""


def test_the_words_are_of_every_language_and_of_rights_that_there_are():
    assert set(understanding.LANGUAGES) == set(languages.FINISHED)
    rights = set(load("policy").rights)
    for language in understanding.LANGUAGES:
        assert {kind for kind, _ in understanding.known(language).kinds} <= rights


def test_words_quoted_from_letters_before_ask_for_nothing():
    text = "Thank you, all is well with me.\n\nOn Monday you wrote:\n> Delete my account\n"
    assert understood("", quoting.own_words(text)).kind == ""
    assert quoting.own_words("> only this") == "> only this"


HEADS = {
    "Outlook": "From: Lantern <p@l.example>\nSent: Friday, June 27, 2014 12:06 PM\nTo: Mira",
    "Outlook's telephone": "Get Outlook for iOS\n________________________________\n"
    "From: Lantern <p@l.example>\nSent: Friday, June 27, 2014 12:06\nTo: Mira",
    "Hotmail": "Date: Thu, 26 Jun 2014 13:53:45 +0400\nSubject: Yours\nFrom: p@l.example",
    "bold": "*From:* Lantern [mailto:p@l.example]\n*Sent:* Friday\n*To:* Mira\n*Subject:* Yours",
    "French": "De : Lantern <p@l.example>\nEnvoyé : vendredi 27 juin 2014 12:06\nÀ : Mira",
    "Spanish": "De: Lantern <p@l.example>\nEnviado: viernes, 27 de junio de 2014\nPara: Mira",
    "Portuguese": "De: Lantern <p@l.example>\nEnviada em: sexta-feira, 27\nPara: Mira",
    "Korean": "보낸 사람: Lantern <p@l.example>\n보낸 날짜: 2014년 6월 27일\n받는 사람: Mira",
    "Japanese": "差出人: Lantern <p@l.example>\n送信日時: 2014年6月27日 12:06\n宛先: Mira",
    "Chinese": "寄件者: Lantern <p@l.example>\n寄件日期: 2014年6月27日\n收件者: Mira",
    "Arabic": "من: Lantern <p@l.example>\nتم الإرسال: 27/06/2014\nإلى: Mira",
    "German": "Von: Lantern <p@l.example>\nGesendet: Freitag, 27. Juni 2014\nAn: Mira",
    "Yahoo": " On Friday, June 27, 2014, 12:06:00 PM GMT+1, Lantern <p@l.example> wrote:",
}


@pytest.mark.parametrize("program", HEADS)
def test_p5_2a_letters_below_that_no_mark_tells_ask_for_nothing(program):
    text = f"Thank you, that was me.\n\n{HEADS[program]}\n\nHello,\n\nDelete my account.\n"
    own = quoting.own_words(text)
    assert own.startswith("Thank you, that was me.")
    assert "Lantern" not in own and "Delete" not in own
    assert understood("", own).kind == ""


@pytest.mark.parametrize(
    "text",
    [
        "To whom it may concern\nName: Mira\nFrom: Galway\nRequest: Delete my account",
        "Date: 3 May 2026\nFrom: Mira\nSubject: my data\n\nDelete my account",
        "On Monday you wrote:\n> we can't\nDelete my account\n> really",
        "From: that day on I want no more of it. Delete my account",
    ],
)
def test_p5_2a_what_somebody_writes_in_the_form_of_a_letter_is_theirs(text):
    assert understood("", quoting.own_words(text)).kind == "delete"


M = "mira@elsewhere.example"


@pytest.mark.parametrize(
    ("judged", "found"),
    [
        ([], "unproved"),
        ([f"{OURS}; none"], "unproved"),
        ([f"{OURS}; dmarc=pass header.from=elsewhere.example"], "proved"),
        ([f"{OURS}; dmarc=pass header.from=evil.example"], "unproved"),
        ([f"{OURS} 1; dkim=pass (2048-bit (good)) header.d=elsewhere.example"], "proved"),
        ([f"{OURS}; dkim=pass header.i=@elsewhere.example"], "proved"),
        ([f"{OURS}; dkim=pass header.d=evil.example"], "unproved"),
        ([f"{OURS}; dkim=pass header.d=mail.elsewhere.example"], "unproved"),
        ([f"{OURS}; dkim=pass header.d=example"], "unproved"),
        ([f"{OURS}; spf=pass smtp.mailfrom=bounces@elsewhere.example"], "proved"),
        ([f"{OURS}; spf=pass smtp.helo=elsewhere.example"], "unproved"),
        ([f"{OURS}; spf=fail smtp.mailfrom=elsewhere.example"], "forged"),
        ([f"{OURS}; spf=softfail smtp.mailfrom=elsewhere.example"], "unproved"),
        ([f"{OURS}; spf=fail smtp.mailfrom=x.example; dkim=pass header.d={M[5:]}"], "proved"),
        ([f"{OURS}; dkim=pass header.d={M[5:]}; dmarc=fail header.from={M[5:]}"], "forged"),
        (["mx.evil.example; dmarc=pass header.from=elsewhere.example"], "unproved"),
        ([f"mx.evil.example; x={OURS}; dmarc=pass header.from={M[5:]}"], "unproved"),
        ([f"{OURS}; none", f"{OURS}; dmarc=pass header.from={M[5:]}"], "unproved"),
        ([f"{OURS}; dmarc=pass header.from={M[5:]}", f"{OURS}; dmarc=fail"], "forged"),
        (["(" * 500 + OURS + "; dmarc=pass"], "unproved"),
        (['"' + OURS + '"; DMARC=Pass header.from=ELSEWHERE.example'], "proved"),
        ([f"{OURS} (a \\( b (c) \\) d); dmarc=pass header.from={M[5:]}"], "proved"),
        ([f"{OURS}; dmarc=fail (dmarc=pass; header.from={M[5:]}) reason=x"], "forged"),
    ],
)
def test_rfc_8601_a_sender_is_proved_by_our_own_server_alone(judged, found):
    assert judging.verdict(judged, M, [OURS]) == found
    assert judging.verdict(judged, M, []) is Verdict.UNPROVED


@pytest.mark.parametrize(
    "costly",
    [
        "(\\" * 1000 + "(" * 990 + ")" * 990,
        "(a" * 500 + ")" * 500 + "(\\" * 1000,
        "(" * 1990 + ")" * 1990,
        "x=pass " + "a" * 3900,
    ],
)
def test_a_header_that_is_built_to_be_costly_keeps_no_worker(costly):
    """Brackets within brackets were taken out one by one: two minutes of a worker for a letter."""
    began = time.process_time()
    assert judging.verdict([f"mx.evil.example; {costly}"] * 10, M, [OURS]) is Verdict.UNPROVED
    assert time.process_time() - began < 1
