"""Which language a page is in: asked for by address, remembered, or read off the browser."""

from __future__ import annotations

import datetime as dt
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from django.template import engines
from django.test import Client
from django.utils import translation

import plainview
from plainview.platform import languages
from plainview.platform.languages import dates, numbers
from plainview.privacy.gate import purposes
from plainview.privacy.policies import in_force
from plainview.web import language

EIGHT = ["en", "ar", "es", "fr", "ja", "ko", "pt-BR", "zh-Hant"]


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all eight were finished."""
    monkeypatch.setattr(language, "offered", lambda: EIGHT)


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("pt-PT,en;q=0.5", "pt-BR"),
        ("pt", "pt-BR"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("yue-HK,en;q=0.2", "zh-Hant"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,fr;q=0.1", "fr"),
        ("zh-CN,zh;q=0.9", "zh-Hant"),
        ("es-419,es;q=0.9,en;q=0.8", "es"),
        ("gl,en;q=0.5", "en"),
        ("gl", "es"),
        ("fr-CA", "fr"),
        ("ar-EG,ar;q=0.9", "ar"),
        ("de,ja;q=0.3", "ja"),
        ("de,ja;q=0", "en"),
        ("ja;q=0.000,fr;q=0.001", "fr"),
        ("de", "en"),
        ("ko;q=0,ja;q=0.5", "ja"),
        ("i-klingon,ko", "ko"),
        ("*", "en"),
        ("", "en"),
        ("<script>,ko", "ko"),
        ("ko;q=abc, fr", "fr"),
        ("en_US, fr;q=0.5, ja;q=0.9,", "ja"),
        ("fr;q=2, de;q=0.9, ko;q=0.1", "ko"),
        (",".join(["de"] * 60 + ["ko"]), "en"),
    ],
)
def test_p0h_a_browser_gets_the_language_that_its_owner_reads(
    eight: None, header: str, tag: str
) -> None:
    """CLDR's distances: regions are near, another script is only better than nothing."""
    assert language.asked_for(header) == tag


@pytest.mark.parametrize(
    ("asked", "tag"),
    [
        ("pt-br", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("ZH-hant", "zh-Hant"),
        ("zh-CN", ""),
        ("ko-KR", "ko"),
        ("<b>", ""),
        ("pt", "pt-BR"),
        ("x" * 36, ""),
    ],
)
def test_an_address_names_a_language_as_it_likes(eight: None, asked: str, tag: str) -> None:
    assert language.named(asked) == tag


@pytest.mark.parametrize("tag", EIGHT)
def test_django_and_everybody_else_mean_the_same_language(tag: str) -> None:
    """Django's own code comes back as the tag, and CLDR knows the language by both."""
    with translation.override(languages.code(tag)):
        assert languages.current() == tag
        assert languages.spoken() == languages.locale(languages.code(tag))
    assert languages.direction(tag) == ("rtl" if tag == "ar" else "ltr")


def test_each_language_goes_by_its_own_name() -> None:
    names = [languages.own_name(tag) for tag in EIGHT]
    assert names[4:] == ["日本語", "한국어", "Português (Brasil)", "繁體中文"]
    assert languages.own_name("not a tag") == "not a tag"


@pytest.mark.django_db
def test_p0h_only_finished_languages_of_the_policy_are_offered(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page never asks a question in a language that the policy does not speak."""
    monkeypatch.setattr(languages, "offered", lambda: ["en", "ko", "is"])
    assert language.offered() == ["en", "ko"]
    page = client.get("/?lang=is", headers={"accept-language": "is"}).content.decode()
    assert '<html lang="en"' in page
    assert 'value="ko"' in page
    assert 'value="is"' not in page


@pytest.mark.django_db
def test_p0h_whom_no_language_suits_gets_the_first_of_the_policy(client: Client) -> None:
    """An archive whose policy begins in Korean shows Korean to whoever reads neither."""
    policy = in_force()
    head = msgspec.structs.replace(policy.head, languages=["ko", "ja", "zh-Hant"])
    purposes.enforce(msgspec.structs.replace(policy, head=head, fingerprint="a" * 64))
    try:
        page = client.get("/", headers={"accept-language": "sw"}).content.decode()
    finally:
        purposes.enforce(policy)
    assert '<html lang="ko"' in page


@pytest.mark.sample(3)
@pytest.mark.django_db
@pytest.mark.parametrize("tag", languages.FINISHED)
def test_p2_1_3b_a_choice_is_remembered_and_an_address_is_not(client: Client, tag: str) -> None:
    chosen = client.post(
        "/language/",
        {"language": tag, "next": "/search/"},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert chosen.headers["Location"] == "/search/"
    assert chosen.cookies["plainview-language"].value == tag
    page = client.get("/search/", headers={"accept-language": "de"})
    assert page.headers["Content-Language"] == tag
    assert f'<html lang="{tag}" dir="{languages.direction(tag)}"' in page.content.decode()
    assert client.get("/search/?lang=en").headers["Content-Language"] == "en"
    assert client.get("/search/").headers["Content-Language"] == tag


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", "Nov. 26, 2026, 8:05 PM (UTC)"),
        ("ar", "26 نوفمبر 2026، 8:05 م (UTC)"),
        ("fr", "26 novembre 2026, 20:05 (UTC)"),
        ("ja", "2026年11月26日 20:05 (UTC)"),
        ("ko", "2026년 11월 26일 오후 8:05 (UTC)"),
        ("pt-BR", "26 de novembro de 2026 20:05 (UTC)"),
        ("zh-Hant", "2026年11月26日 晚上8:05 (UTC)"),
    ],
)
def test_a_moment_is_written_as_its_language_does(tag: str, written: str) -> None:
    """By CLDR, in templates and in code alike, and with the zone that the hour is of."""
    moment = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)
    page = engines["django"].from_string('{{ at|date:"DATETIME_FORMAT" }}')
    with translation.override(languages.code(tag)):
        assert page.render({"at": moment}) == written
        assert dates.written(moment, "DATETIME_FORMAT") == written
        assert "UTC" not in dates.written(moment)


def test_a_moment_is_served_by_one_clock_for_all_and_script_finds_it() -> None:
    """In a sentence too. Evidence is written by `date`, which no script touches."""
    moment = datetime(2026, 11, 26, 20, 5, 7, tzinfo=UTC)
    page = engines["django"].from_string(
        "{% blocktranslate with when=at|moment %}From {{ when }} on.{% endblocktranslate %}"
        '{{ at|moment:"TIME_FORMAT" }}{{ none|moment }}'
    )
    when, hour = 'datetime="2026-11-26T20:05:07+00:00"', "8:05 PM (UTC)</time>"
    assert page.render({"at": moment, "none": None}) == (
        f'From <time {when} data-moment="">Nov. 26, 2026, {hour} on.'
        f'<time {when} data-moment="hour">{hour}'
    )


@pytest.mark.parametrize(
    ("tag", "number", "lasting", "share"),
    [
        ("en", "1,234,567", "24 months", "25%"),
        ("ar", "1,234,567", "24 شهرًا", "25%"),
        ("es", "1.234.567", "24 meses", "25 %"),
        ("fr", "1\u202f234\u202f567", "24 mois", "25 %"),
        ("ja", "1,234,567", "24 か月", "25%"),
        ("ko", "1,234,567", "24개월", "25%"),
        ("pt-BR", "1.234.567", "24 meses", "25%"),
        ("zh-Hant", "1,234,567", "24 個月", "25%"),
    ],
)
def test_numbers_are_written_as_each_language_does_and_years_stay_whole(
    tag: str, number: str, lasting: str, share: str
) -> None:
    """By CLDR, in every translated sentence; what names something is no number."""
    page = engines["django"].from_string(
        "{% blocktranslate count n=rows %}{{ n }} entry{% plural %}{{ n }} entries"
        "{% endblocktranslate %} {{ year }} {{ rows|number }}: {% blocktranslate "
        'with number=year|stringformat:"d" %}Season {{ number }}{% endblocktranslate %}'
    )
    with translation.override(languages.code(tag)):
        counted, _colon, season = page.render({"rows": 1_234_567, "year": 2024}).partition(": ")
        assert counted.count(number) == 2
        assert "2024" in counted and "2024" in season, "a season may be called by its year"
        assert plain(numbers.lasting("P24M")) == lasting
        assert plain(numbers.percent(25)) == share
        assert numbers.written(2024, "es") == "2024"


def plain(text: str) -> str:
    """Without the marks of direction, and with spaces as one types them."""
    return text.translate({0x200E: None, 0x200F: None, 0x61C: None, 0xA0: " ", 0x202F: " "})


@pytest.mark.parametrize("tag", languages.FINISHED)
def test_p0h_a_length_of_time_takes_the_plural_form_of_its_number(tag: str) -> None:
    """Arabic has six: one and two months need no number at all."""
    said = {n: numbers.lasting(f"P{n}M", tag) for n in (1, 2, 3, 24, 100)}
    forms = {text.replace(str(n), "").strip() for n, text in said.items()}
    expected = {"ar": {"شهر", "شهران", "أشهر", "شهرًا"}}.get(tag)
    assert len(forms) == (1 if tag in ("fr", "ja", "ko", "zh-Hant") else len(expected or "ab"))
    assert expected in (None, forms)


@pytest.mark.parametrize(
    ("tag", "left", "kept"),
    [
        ("en", "1 day, 13 hours", "3 years, 6 months"),
        ("ar", "يوم و13 ساعة", "3 سنوات و6 أشهر"),
        ("es", "1 día y 13 horas", "3 años y 6 meses"),
        ("fr", "1 jour et 13 heures", "3 ans et 6 mois"),
        ("ja", "1 日 13 時間", "3 年 6 か月"),
        ("ko", "1일 13시간", "3년 6개월"),
        ("pt-BR", "1 dia e 13 horas", "3 anos e 6 meses"),
        ("zh-Hant", "1 天 13 小時", "3 年 6 個月"),
    ],
)
def test_p8a_what_is_left_is_said_in_two_units_as_each_language_joins_them(
    tag: str, left: str, kept: str
) -> None:
    """A clock of a breach says how long is left, each unit in the plural form of its number."""
    page = engines["django"].from_string("{{ end|left:now }} {{ now|left:end }}")
    now = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    with translation.override(languages.code(tag)):
        said = page.render({"now": now, "end": now + dt.timedelta(days=1, hours=13, seconds=59)})
    assert plain(said).startswith(f"{left} 0")
    assert plain(numbers.lasting("P3Y6M", tag)) == kept


@pytest.mark.parametrize(
    ("number", "said"), [(3, "3 قيود"), (11, "11 قيدًا"), (68, "68 قيدًا"), (100, "100 قيد")]
)
def test_p0h_a_count_in_arabic_takes_the_form_that_its_number_asks_for(
    number: int, said: str
) -> None:
    """The accusative from eleven to ninety-nine, the genitive after whole hundreds."""
    with translation.override("ar"):
        text = translation.ngettext("%(n)s entry", "%(n)s entries", number) % {"n": number}
    assert text == said


def test_years_and_seasons_name_something_and_are_never_grouped() -> None:
    """`{{ year }}` in a sentence is a word of it: 2024, not 2,024."""
    named = re.compile(r"{% blocktrans[^%]*?\b(?:year|season)=([^ %]+)")
    folder = Path(plainview.__file__).parent
    found = [
        (path.name, value)
        for path in folder.rglob("templates/**/*.*")
        for value in named.findall(path.read_text("utf-8"))
    ]
    assert len(found) > 1
    assert [each for each in found if "stringformat" not in each[1]] == []


def test_sentences_in_a_row_are_parted_as_the_language_does() -> None:
    assert languages.together("One.", "", "Two.", language="fr") == "One. Two."
    assert languages.together("一。", "二。", language="zh-Hant") == "一。二。"
    assert languages.together("一", "二。", language="ja") == "一 二。"


def test_a_latin_word_of_a_chinese_list_stands_apart() -> None:
    assert languages.listed(["郵件", "廣告", "Cookie"], "zh-Hant") == "郵件、廣告和 Cookie"
    assert languages.listed(["Cookie", "廣告"], "zh-Hant") == "Cookie 和廣告"
    assert languages.listed(["広告", "Cookie"], "ja") == "広告、Cookie"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "zh-Hant"])
@pytest.mark.parametrize("path", ["/privacy/decisions/", "/legal/place/", "/accounts/login/"])
def test_signs_that_fill_a_square_have_no_space_beside_them(path: str, language: str) -> None:
    page = Client().get(f"{path}?lang={language}", headers={"x-place": "DE"}).content.decode()
    said = re.sub(r"<option.*?</option>|</?(?:span|bdi|code|strong|a)\b[^>]*>", "", page)
    letter = "[\u3040-\u30ff\u4e00-\u9fff]"
    for sign in (rf" \([^()<]*{letter}[^()<]*\)", f"{letter}, {letter}", f"[。？] +{letter}"):
        assert re.findall(f".{{0,20}}{sign}.{{0,20}}", said) == []


def test_no_template_has_a_space_of_its_own_between_two_sentences() -> None:
    """`{% gap %}` stands there: Chinese and Japanese have none."""
    ends = r'(?:translate "[^"]*[.?!]"|[.?!]\{% endblocktranslate) %\}'
    between = r"(?:\{% (?:if|elif|else|endif|with|endwith)\b[^%]*%\})*"
    begins = r'(?:\{% translate "[A-Z][^"]*" %\}|\{% blocktranslate)'
    templates = Path(plainview.__file__).parent.rglob("templates/**/*.*")
    found = re.compile(f"{ends}{between} {between}(?:<span[^>]*>)?{between}{begins}")
    assert [
        (path.name, each[0]) for path in templates for each in found.finditer(path.read_text())
    ] == []
