"""What is read in a letter: its words, its language, what it asks, and if its sender is true."""

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


PHRASED = [
    ("en", "delete", "cancel my membership and delete my info please"),
    ("en", "access", "Send me everything you have on me."),
    ("en", "access", "I'd like a copy of my info please"),
    ("en", "object-direct-marketing", "Take me off your mailing list"),
    ("en", "optout-sale-sharing", "dont sell my info"),
    ("en", "deindex", "Remove the link with my name from the search results"),
    ("en", "", "My film does not play, and I want to file a complaint about the picture"),
    ("es", "access", "Que datos tienen mios? mandenme una copia de todo por favor"),
    ("es", "access", "Solicito una copia de toda la informacion que guardan sobre mi persona"),
    ("es", "optout-sale-sharing", "No vendan ni compartan mi informacion personal con nadie"),
    ("es", "optout-profiling", "No quiero que hagan un perfil de mi"),
    ("es", "limit-sensitive", "Limiten el uso de mis datos sensibles, por favor"),
    ("es", "deindex", "Quiero que quiten de los resultados de búsqueda el enlace con mi nombre"),
    ("es", "", "Quiero poner una reclamación porque la película se corta y el sonido es malo"),
    ("es", "access", "Quisiera obtener copia de la informacion personal que manejan de mi"),
    ("es", "object-direct-marketing", "Basta de promociones en mi correo"),
    ("es", "correct", "Necesito actualizar mi direccion"),
    ("es", "list-specific-third-parties", "¿Con quién han compartido mis datos?"),
    ("es", "", "Mi pago recurrente falló y espero su respuesta"),
    ("es", "", "¿Me mandan un correo con información de los horarios?"),
    ("es", "", "Mi apellido es García y espero respuesta a mi solicitud de reembolso"),
    ("es", "", "¿Qué información tienen sobre la película?"),
    ("es", "", "El nombre del director está equivocado, deberían corregirlo"),
    ("fr", "delete", "je veux me désinscrire et supprimer mes donnees personnelles"),
    ("fr", "delete", "Merci de cloturer mon compte."),
    ("fr", "access", "Je voudrais une copie de toutes les donnees que vous avez sur moi"),
    ("fr", "correct", "mon prenom est mal orthographié, merci de le corriger"),
    ("fr", "object-direct-marketing", "Arrêtez de m'envoyer de la pub"),
    ("fr", "optout-targeted-ads", "Je ne veux plus de publicités ciblées"),
    ("fr", "limit-sensitive", "Merci de limiter l'utilisation de mes données sensibles"),
    ("fr", "deindex", "Enlevez le lien vers mon nom des résultats de recherche"),
    ("fr", "delete", "Veuillez effacer l'integralite de mes donnees"),
    ("fr", "access", "J'aimerais exercer mon droit d'acces"),
    ("fr", "object-direct-marketing", "Stop aux mails de pub"),
    ("fr", "list-specific-third-parties", "Qui a reçu mes données personnelles ?"),
    ("fr", "", "Suite à mon appel, j'attends votre réponse"),
    ("fr", "", "Quelles informations avez-vous sur le film ?"),
    ("fr", "", "Envoyez-moi des informations sur vos tarifs"),
    ("fr", "", "Les sous-titres sont inexacts et le nom de l'acteur est faux"),
    ("pt-BR", "access", "Gostaria de receber uma copia dos meus dados pessoais"),
    ("pt-BR", "know-confirm", "Quero saber se voces guardam informacoes sobre mim"),
    ("pt-BR", "know-confirm", "Quais dados vcs tem meus?"),
    ("pt-BR", "object-direct-marketing", "Parem de me mandar propaganda"),
    ("pt-BR", "object-direct-marketing", "nao quero mais receber emails promocionais"),
    ("pt-BR", "withdraw-consent", "revogo a autorizacao que dei"),
    ("pt-BR", "optout-sale-sharing", "nao vendam nem compartilhem meus dados"),
    ("pt-BR", "limit-sensitive", "Por favor limitem o uso dos meus dados sensíveis"),
    ("pt-BR", "minor-remedy", "Minha adolescente de 13 anos abriu uma conta, excluam por favor"),
    ("pt-BR", "deindex", "Removam o link com meu nome dos resultados de busca"),
    ("pt-BR", "", "Quero fazer uma reclamação: o filme trava e a imagem é ruim"),
    ("pt-BR", "delete", "Bom dia, não uso mais o site. Excluam meu cadastro."),
    ("pt-BR", "object-direct-marketing", "Chega de propaganda no meu email"),
    ("pt-BR", "", "Meu pagamento recorrente falhou e aguardo resposta"),
    ("pt-BR", "", "Quais informações vocês têm sobre o filme?"),
    ("pt-BR", "", "O nome do diretor está errado no filme"),
    ("pt-BR", "", "O valor da conta é menor do que eu esperava"),
    ("pt-BR", "", "O recurso de legendas não funciona e não tive resposta"),
    ("ar", "delete", "ابغى احذف حسابي"),
    ("ar", "delete", "عايز امسح حسابي نهائيا"),
    ("ar", "access", "ارسلوا لي كل البيانات التي تملكونها عني"),
    ("ar", "correct", "اسمي مكتوب غلط، ارجو تعديله"),
    ("ar", "correct", "أرجو تصحيح تاريخ ميلادي"),
    ("ar", "object-direct-marketing", "توقفوا عن إرسال الإعلانات لي"),
    ("ar", "object-direct-marketing", "لا أريد رسائل ترويجية بعد اليوم"),
    ("ar", "optout-targeted-ads", "لا أريد إعلانات مخصصة"),
    ("ar", "optout-profiling", "أوقفوا التنميط"),
    ("ar", "optout-profiling", "لا أريد أن تنشئوا ملفا تعريفيا عني"),
    ("ar", "limit-sensitive", "أرجو تقييد استخدام بياناتي الحساسة"),
    ("ar", "list-specific-third-parties", "ما الشركات التي شاركتم بياناتي معها؟"),
    ("ar", "appeal", "أتظلم من قراركم برفض طلبي"),
    ("ar", "appeal", "أريد الاعتراض على قراركم بشأن طلبي"),
    ("ar", "deindex", "أطلب إزالة الرابط الذي فيه اسمي من نتائج البحث"),
    ("ar", "", "عندي شكوى على جودة الفيلم وأريد استرداد المال"),
    ("ar", "", "هل عندكم معلومات عن الفيلم الجديد؟"),
    ("ja", "delete", "俺のデータ全部消せ"),
    ("ja", "access", "自分のデータを全部見たいです"),
    ("ja", "correct", "登録の生年月日が間違っています。訂正をお願いします。"),
    ("ja", "object-direct-marketing", "広告メールを送らないでください"),
    ("ja", "object-direct-marketing", "メルマガを解除したい"),
    ("ja", "withdraw-consent", "以前の同意を取り下げます"),
    ("ja", "optout-targeted-ads", "ターゲット広告は見たくないので止めてください"),
    ("ja", "optout-profiling", "プロファイリングをやめてください"),
    ("ja", "limit-sensitive", "要配慮個人情報の利用を制限してください"),
    ("ja", "limit-sensitive", "センシティブな情報の利用を制限してほしいです"),
    ("ja", "appeal", "先日の決定に納得できません。再審査をお願いします。"),
    ("ja", "appeal", "拒否された件について不服を申し立てます"),
    ("ja", "deindex", "検索結果から私の名前のリンクを削除してください"),
    ("ja", "shine-the-light", "カリフォルニア州のShine the Light法に基づく開示を求めます"),
    ("ja", "", "新作の情報を送ってください"),
    ("ja", "", "動画の画質についてクレームがあります。返金してください。"),
    ("ja", "", "子供向けの映画の情報はありますか"),
    ("ja", "appeal", "回答に納得がいきません"),
    ("ja", "", "カードの利用が拒否されました"),
    ("ja", "", "アカウントの利用が制限されてしまいました"),
    ("ja", "", "映画の情報が間違っています"),
    ("ja", "", "子供向けのアカウントはありますか"),
    ("ko", "delete", "내 계정 없애줘"),
    ("ko", "know-confirm", "저에 대해 어떤 정보를 갖고 있나요?"),
    ("ko", "object-direct-marketing", "뉴스레터 구독 취소해 주세요"),
    ("ko", "portability", "제 데이터를 다른 서비스로 옮기고 싶어요"),
    ("ko", "optout-sale-sharing", "제 개인정보를 제3자에게 제공하지 말아 주세요"),
    ("ko", "optout-targeted-ads", "맞춤형 광고 끄고 싶어요"),
    ("ko", "optout-targeted-ads", "맞춤광고 받기 싫어요"),
    ("ko", "optout-profiling", "프로파일링을 하지 말아 주세요"),
    ("ko", "limit-sensitive", "민감정보 이용을 제한해 주세요"),
    ("ko", "appeal", "귀사의 결정에 이의를 제기합니다"),
    ("ko", "minor-remedy", "우리 아이가 몰래 가입했어요. 계정을 삭제해 주세요"),
    ("ko", "deindex", "검색 결과에서 제 이름이 나오는 링크를 삭제해 주세요"),
    ("ko", "", "영화 화질에 불만이 있어요. 환불해 주세요."),
    ("ko", "", "신작 정보를 보내 주세요"),
    ("ko", "", "아이와 볼 만한 영화 정보 있나요?"),
    ("ko", "access", "저에 대한 정보를 보여 주세요"),
    ("ko", "object-direct-marketing", "광고 문자 좀 그만 보내세요"),
    ("ko", "appeal", "결과에 불복합니다"),
    ("ko", "", "결제가 거부되어 이용을 못 하고 있어요"),
    ("ko", "", "계정 이용이 정지되었어요"),
    ("ko", "", "회사 정보를 알려 주세요"),
    ("zh-Hant", "delete", "我要刪帳號"),
    ("zh-Hant", "delete", "把我的資料全部刪掉"),
    ("zh-Hant", "delete", "请把我的数据都删了"),
    ("zh-Hant", "access", "把你們有的我的資料寄一份給我"),
    ("zh-Hant", "correct", "我的名字寫錯了，請更正"),
    ("zh-Hant", "object-direct-marketing", "別再發廣告給我"),
    ("zh-Hant", "complaint", "我要就個資外洩一事提出申訴"),
    ("zh-Hant", "optout-sale-sharing", "不要把我的個資賣給別人"),
    ("zh-Hant", "optout-targeted-ads", "請關閉個人化廣告"),
    ("zh-Hant", "optout-targeted-ads", "我不想看到針對我的廣告"),
    ("zh-Hant", "optout-profiling", "請不要對我做用戶畫像或剖析"),
    ("zh-Hant", "limit-sensitive", "請限制使用我的敏感個人資料"),
    ("zh-Hant", "appeal", "對於貴公司拒絕我的請求，我要提出覆議"),
    ("zh-Hant", "deindex", "請從搜尋結果移除有我名字的連結"),
    ("zh-Hant", "", "我要投訴影片畫質太差，要求退款"),
    ("zh-Hant", "", "我想查詢電影上映資訊"),
    ("zh-Hant", "", "你們拒絕處理我的退款"),
    ("zh-Hant", "", "客服態度很差，我要投訴"),
]
"""As people write it, by telephone, without accents, and what they write to support of a film."""


@pytest.mark.parametrize(("language", "kind", "text"), PHRASED)
def test_p5_2a_a_wish_is_understood_however_it_is_put_and_other_mail_waits(language, kind, text):
    assert understood("", text).kind == kind
    assert understood("", text).language in {language, ""}


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
