"""Subtitle files are read in whatever encoding they come."""

from __future__ import annotations

import pytest

from plainview.domains.subtitles.formats import (
    NAMES,
    Cue,
    SubtitleError,
    read,
    write,
)
from plainview.domains.subtitles.tests.files import only, srt_of, texts

SAMPLES = {
    "ko": ["오늘 밤에는 비가 올 거예요.", "그럼 우산을 가져가야겠네.", "기다려! 나도 같이 갈게."],
    "ja": ["今夜は雨が降るそうだ", "傘を持っていこう", "待って 私も行く"],
    "ar": ["ستمطر الليلة يا صديقي.", "خذ معك المظلة إذن.", "انتظر، سآتي معك!"],
    "ru": ["Сегодня ночью будет дождь.", "Тогда возьми зонт.", "Подожди! Я с тобой."],
    "es": ["Esta noche lloverá.", "¿Llevo el paraguas?", "¡Espera! Yo también voy, niño."],
    "fr": ["Il pleuvra ce soir, à coup sûr.", "Où êtes-vous ? Ça ira…"],
    "de": ["Heute Nacht wird es regnen, heißt es.", "Nimm für später den Schirm."],
    "pl": ["Dziś w nocy będzie padać.", "Weź więc parasol, proszę."],
    "tr": ["Bu gece yağmur yağacak.", "Şemsiyeni al öyleyse."],
    "el": ["Απόψε θα βρέξει.", "Πάρε ομπρέλα λοιπόν."],
    "th": ["คืนนี้ฝนจะตก", "งั้นเอาร่มไปด้วย"],
    "zh": ["今天晚上会下雨。", "那就带上雨伞吧。", "等一下！我跟你一起去。"],
    "zh-Hant": ["今天晚上會下雨。", "那就帶上雨傘吧。", "等一下！我跟你一起去。"],
    "uk": ["Сьогодні вночі буде дощ.", "Тоді візьми парасольку."],
    "he": ["הלילה ירד גשם.", "אז קח מטריה.", "חכה! אני בא איתך."],
}
UNHINTED = [
    ("ko", "cp949"), ("ko", "euc_kr"), ("ja", "cp932"), ("ja", "euc_jp"), ("ar", "cp1256"),
    ("ar", "iso8859-6"), ("ru", "cp1251"), ("ru", "koi8-r"), ("uk", "cp1251"), ("es", "cp1252"),
    ("fr", "cp1252"), ("de", "cp1252"), ("pl", "cp1250"), ("tr", "cp1254"), ("el", "cp1253"),
    ("th", "cp874"), ("pl", "iso8859-2"), ("ru", "cp866"),
    ("zh", "gb18030"), ("zh-Hant", "big5"), ("he", "cp1255"),
]  # fmt: skip


class TestEncodings:
    @pytest.mark.parametrize(("language", "encoding"), UNHINTED)
    def test_a_short_file_in_an_old_encoding_is_recognised_and_the_guess_is_told(
        self, language: str, encoding: str
    ) -> None:
        found = read(srt_of(SAMPLES[language]).encode(encoding))
        assert texts(found) == SAMPLES[language]
        assert found.notes[0].startswith("encoding guessed: ")

    @pytest.mark.parametrize(("language", "encoding"), UNHINTED)
    def test_with_the_language_known_one_line_is_enough(self, language: str, encoding: str) -> None:
        line = SAMPLES[language][:1]
        assert texts(read(srt_of(line).encode(encoding), language=language)) == line

    def test_japanese_as_mail_had_it_is_certain(self) -> None:
        found = read(srt_of(SAMPLES["ja"]).encode("iso2022_jp"))
        assert (texts(found), found.notes) == (SAMPLES["ja"], ())

    def test_letters_encoded_twice_by_way_of_latin_1_are_mended(self) -> None:
        """There `Ç` became a control character, of which Windows-1252 knows nothing."""
        line = ["Ça va très bien, à côté."]
        assert texts(read(srt_of(line).encode().decode("latin-1").encode())) == line

    @pytest.mark.sample(18)
    @pytest.mark.parametrize("language", SAMPLES)
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    )
    def test_unicode_is_certain_with_or_without_a_mark(self, language: str, encoding: str) -> None:
        found = read(srt_of(SAMPLES[language]).encode(encoding))
        assert texts(found) == SAMPLES[language]
        assert found.notes == ()

    def test_a_few_damaged_characters_do_not_lose_the_rest(self) -> None:
        good = srt_of(SAMPLES["ru"])
        found = read(good.encode().replace("зонт".encode(), "зон".encode() + b"\xd1", 1))
        assert texts(found)[1] == "Тогда возьми зон\ufffd."
        assert found.notes == ("damaged characters were replaced by \ufffd",)

    def test_a_named_encoding_is_obeyed(self) -> None:
        assert only(srt_of(["naïve"]).encode("cp1252"), encoding="windows-1252").text == "naïve"

    def test_a_wrongly_named_encoding_is_an_error_that_names_the_line(self) -> None:
        with pytest.raises(SubtitleError) as caught:
            read(srt_of(["plain", "naïve"]).encode("cp1252"), encoding="utf-8")
        assert (caught.value.code, caught.value.line) == ("bad-encoding", 7)

    @pytest.mark.parametrize("name", ["punycode", "zip", "unicode_escape", "no-such", "a\0b"])
    def test_only_encodings_of_text_may_be_named(self, name: str) -> None:
        with pytest.raises(SubtitleError) as caught:
            read(b"1\n00:01 --> 00:02\nhi\n", encoding=name)
        assert caught.value.code == "unknown-encoding"


class TestAsTheWorldWritesThem:
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"1\n00:00:01;000 \xe2\x86\x92 00:00:02;000\nOne\n", "One"),
            (
                b"1\n00:00:01,000 --> 00:00:02,000\n{\\an8}{\\i1}One{\\i0}\\Ntwo\n",
                "<i>One</i>\ntwo",
            ),
            (
                "1\n00:00:01,000 --> 00:00:02,000\nOù ? Là.\n".encode().decode("cp1252").encode(),
                "Où ? Là.",
            ),
            (
                b'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>'
                b'<p begin="1s" end="2s">Tom & Ann&nbsp;&lt;3 &copy;</p></div></body></tt>',
                "Tom &amp; Ann\u00a0&lt;3 ©",
            ),
        ],
    )
    def test_what_somebody_meant_is_read(self, data: bytes, said: str) -> None:
        assert only(data).text == said

    @pytest.mark.parametrize(
        "said",
        [
            "Ã© né",
            "LIBERTÉ\u00a0! FRATERNITÉ\u00a0!",
            "JOSÉ… JOSÉ—",
            "BEYONCÉ’S BAND",
            "IRMÃ… AMANHÃ…",
            "Î\u00a0Î\u00a0",
            "Spaß— Spaß’",
            '"Olé…”\n"Olé…”',
        ],
    )
    def test_words_that_merely_look_encoded_twice_stay(self, said: str) -> None:
        assert texts(read(srt_of([said, said], "\n").encode())) == [said, said]

    @pytest.mark.parametrize("said", ["città, sarà", "Παπας; Παπα!", "ÀÉ", "Où ? Là."])
    def test_words_that_were_encoded_twice_are_mended(self, said: str) -> None:
        twice = said.encode().decode("cp1252").encode()
        assert texts(read(srt_of([twice.decode()], "\n").encode())) == [said]

    def test_two_files_joined_into_one_are_each_read_as_what_they_are(self) -> None:
        said = ["Mañana más.", "Él vendrá, niño.", "Café »", "¿Qué?"]
        first, second = srt_of(said[:2]).encode(), srt_of(said[2:]).encode("cp1252")
        found = read(first + b"\r\n" + second)
        assert sorted(texts(found)) == sorted(said)
        assert "lines in two encodings, UTF-8 and Windows-1252" in found.notes

    def test_short_words_of_chinese_are_no_utf_8(self) -> None:
        said = ["什么", "什么？今天晚上会下雨。", "那就带上雨伞吧。", "什么"]
        assert texts(read(srt_of(said).encode("gb18030"))) == said

    @pytest.mark.parametrize("format", NAMES)
    def test_what_looks_encoded_twice_and_is_meant_so_is_written_so(self, format: str) -> None:
        said = "cittÃ\xa0, sarÃ\xa0"
        written = write([Cue(0, 1000, said)], format).text
        assert texts(read(written.encode())) == [said]

    def test_a_web_page_is_called_one(self) -> None:
        with pytest.raises(SubtitleError, match="is a web page"):
            read(b"<!DOCTYPE html><html></html>", filename="film.srt")
