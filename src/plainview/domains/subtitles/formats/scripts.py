"""What the languages of the older encodings look like, letter by letter.

`common` holds the characters each language uses most; they were chosen for subtitles, which are
everyday speech.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Profile:
    """An encoding as used for some languages, and how text in it would look.

    A common character counts 1, any `other` one between `first` and `last` what `other` says.
    `odd_word` tells words that can't be: a sign of the wrong encoding.
    """

    encoding: str
    languages: frozenset[str]
    common: frozenset[str]
    first: str
    last: str
    other: float
    odd_word: Callable[[str], bool]


def _never(_word: str) -> bool:
    return False


def _mixed_case(word: str) -> bool:
    """A capital after a small letter: what Cyrillic or Greek looks like in the wrong encoding."""
    return any(a.islower() and b.isupper() for a, b in pairwise(word))


def _mostly_accents(word: str) -> bool:
    """No Latin word is made of accented letters, or has its cases mixed."""
    accents = sum(character > "\x7f" and character.isalpha() for character in word)
    return (accents > 1 and accents > len(word) * 2 / 3) or _mixed_case(word)


def _mixed_alphabets(word: str) -> bool:
    """Latin letters inside a word of another alphabet, or mixed case."""
    latin = sum(character < "\u0250" and character.isalpha() for character in word)
    return 0 < latin < len(word) or _mixed_case(word)


def _impossible_hebrew(word: str) -> bool:
    """A final form inside a word."""
    return _mixed_alphabets(word) or any(letter in "ךםןףץ" for letter in word[:-1].rstrip("'\".,"))


def _impossible_cyrillic(word: str) -> bool:
    """Three letters or more and no vowel among them."""
    vowelless = len(word) > 2 and not set(word.lower()) & set("аеёиоуыэюяіїє")
    return vowelless or _mixed_alphabets(word)


def _unlikely_korean(word: str) -> bool:
    """Mostly syllables that KS X 1001 does without: Shift_JIS, as it looks in Korean."""
    rare = sum("\uac00" <= letter <= "\ud7a3" and _is_rare(letter) for letter in word)
    return rare * 2 >= len(word)


def _is_rare(syllable: str) -> bool:
    """Whether EUC-KR would have to compose it: those of KS X 1001 take two bytes."""
    return len(syllable.encode("euc_kr")) > 2


def _impossible_thai(word: str) -> bool:
    """A sign above or below a letter, without the letter; or doubled."""
    return _mixed_alphabets(word) or _THAI_MISTAKE.search(word) is not None


def _profile(
    encoding: str,
    languages: str,
    common: str,
    span: str,
    other: float,
    odd_word: Callable[[str], bool] = _never,
) -> Profile:
    letters = frozenset(common) | (
        frozenset(common.upper()) if odd_word is _mostly_accents else frozenset()
    )
    return Profile(
        encoding, frozenset(languages.split()), letters, span[0], span[-1], other, odd_word
    )


_THAI_MISTAKE = re.compile(
    "(?:^|[^ก-ฮ\u0e31-\u0e4d])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e31\u0e34-\u0e3a]{2}"
    "|[\u0e48-\u0e4b]{2}|[เแโใไ](?![ก-ฮ])"
)
_KANA = "".join(map(chr, [*range(0x3041, 0x3094), *range(0x30A1, 0x30F7)])) + "ー、。・「」！？…〜"
_HANGUL = (
    "이다는을가에고의하지은도한나를로아어서기사그리자있해게거야라네들면안요내니것만무일마"
    "정보말시오우제대인으여수과부없습까데했왔던너더주스저든러알왜건었갈때좋죠와구러상람생"
)
_SIMPLIFIED = (
    "的一是不了我你在有他这个们来到说就会那要么什没人都去好吧吗为看想能知道时也可很"
    "对得过还起她天里下后只多走让给它样吃真呢谁把被等着出现上"
)
_TRADITIONAL = (
    "的一是不了我你在有他這個們來到說就會那要麼什沒人都去好吧嗎為看想能知道時也可很"
    "對得過還起她天裡下後只多走讓給它樣吃真呢誰把被等著出現上"
)
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґўОЕАИНТСРВЛКМДПУЯЫЬГЗБЧЙХЖШЮЦЩЭФЪЁІЇЄҐЎ"
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťúůýžőűöüăâîșț"
_ARABIC = "ايلمونرتبعدسفهكحقشجةىأإصطخضذثزغئءظؤآپچژگی،؟؛ً"
_GREEK = "αοιετσνηυρπκμλςάόίέήύώωγδχθφβξζψΑΟΙΕΤΣΝΗΥΡΠΚΜΛΩΓΔΧΘΦΒΞΖΨΆΈΌ"
_HEBREW = "יוהלאתרבשמנחכדעקפגסצזטםןךףץ"
_THAI = "านรอกเงยลมตวดทสคแหปพชขบจไะาิีึืุู่้๊๋็์ัำใโถผญซธศฝภณษฟ"

LEGACY: tuple[Profile, ...] = (
    _profile("cp1252", "en es fr de it pt nl sv no nb nn da fi is ca gl eu id ms",
             "áéíóúñü¿¡àèìòùâêîôûçäöëïßåøæãõœ", "À\u00ff", 0.2, _mostly_accents),
    *(_profile(name, "pl cs sk hu hr sl ro bs sq", _CENTRAL, "À\u017e", 0.0, _mostly_accents)
      for name in ("cp1250", "iso8859-2")),
    _profile("cp1254", "tr az", "ışğçöüİâ", "À\u017f", 0.1, _mostly_accents),
    _profile("cp1257", "lt lv et", "ąčęėįšųūžāēģīķļņõäöü", "À\u017e", 0.0, _mostly_accents),
    _profile("cp1258", "vi", "ăâđêôơưáàéèíóòúùý\u0300\u0301\u0303\u0309\u0323",
             "À\u01b0", 0.0),
    _profile("cp1255", "he yi", _HEBREW, "\u0591\u05f4", 0.2, _impossible_hebrew),
    _profile("cp1251", "ru uk be bg sr mk", _RUSSIAN, "\u0400\u04ff", 0.2, _impossible_cyrillic),
    _profile("koi8-r", "ru", _RUSSIAN, "\u0400\u04ff", 0.2, _impossible_cyrillic),
    _profile("cp866", "ru", _RUSSIAN, "\u0400\u04ff", 0.2, _impossible_cyrillic),
    _profile("cp1253", "el", _GREEK, "\u0370\u03ff", 0.2, _mixed_alphabets),
    _profile("cp1256", "ar fa ur", _ARABIC, "\u0600\u06ff", 0.2, _mixed_alphabets),
    _profile("iso8859-6", "ar", _ARABIC, "\u0600\u06ff", 0.2, _mixed_alphabets),
    _profile("cp874", "th", _THAI, "\u0e01\u0e5b", -0.5, _impossible_thai),
    _profile("cp932", "ja", _KANA, "\u3000\u9fff", 0.3),
    _profile("euc_jp", "ja", _KANA, "\u3000\u9fff", 0.3),
    _profile("cp949", "ko", _HANGUL, "\uac00\ud7a3", 0.5, _unlikely_korean),
    _profile("gb18030", "zh", _SIMPLIFIED + "，。！？", "\u4e00\u9fff", 0.15),
    _profile("big5hkscs", "zh", _TRADITIONAL + "，。！？", "\u4e00\u9fff", 0.15),
)  # fmt: skip
"""Candidates, the likelier first: of two equals the earlier wins."""
