"""What the sender of a letter wrote now, and what mail programs put below it of letters before.

Pure. Most programs mark each line that they quote; Outlook, Hotmail and most of telephones only put
the head of the letter before it, in the language of their menus, whatever its reader writes.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_BEFORE = re.compile(
    r"(?im)^[ \t]*-{2,}\s?(?:original message|mensaje original|message d'origine"
    r"|mensagem original|원본 메시지|原始郵件|元のメッセージ|الرسالة الأصلية)\s?-{2,}[ \t]*$"
)
_WROTE = re.compile(
    r"(?im)^[ \t]*(?:(?:on|el|le|em)\b.{4,200}(?:wrote|escribi[oó]|a écrit|escreveu)\s?:"
    r"|.{4,200}(?:님이 작성:|寫道[:：]|のメール[:：]|كتب[:：]))[ \t]*$"
)
_FIELD = re.compile(r"[\s*_]*([^\s*:：][^:：]{0,24}?)[\s*]*[:：]")
"""A line that begins as one of a letter's head does, bold or not; French has a blank there."""
_FROM = frozenset(
    (
        *("from", "de", "من", "差出人", "보낸 사람", "寄件者", "发件人"),
        *("von", "da", "van", "fra", "från", "lähettäjä", "od", "от", "від", "kimden", "מאת"),
    )
)
_WHEN = frozenset(
    (
        *("sent", "date", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "fecha"),
        *(
            "enviada em",
            "data",
            "تم الإرسال",
            "تاريخ الإرسال",
            "التاريخ",
            "送信日時",
            "日付",
            "日時",
        ),
        *("보낸 날짜", "날짜", "寄件日期", "日期", "发送时间", "gesendet", "datum", "inviato"),
        *("verzonden", "sendt", "dato", "skickat", "lähetetty", "wysłano", "odesláno"),
        *("отправлено", "дата", "надіслано", "gönderildi", "gönderilme tarihi", "tarih", "נשלח"),
    )
)
_LINES = 4
"""Of a head within which it says both from whom it is and when it was sent."""


def own_words(text: str) -> str:
    """What the sender wrote now, without the letters quoted below; all, where that is nothing."""
    lines = _BEFORE.split(text, maxsplit=1)[0].split("\n")
    said = "\n".join(lines[: _head_of_another(lines)])
    wrote = _WROTE.search(said)
    if wrote and not _QUOTED.search(said, wrote.end()):
        said = said[: wrote.start()]  # by a program that marks no line, as Yahoo's
    return _QUOTED.sub("", _WROTE.sub("", said)).rstrip("_ \n").strip() or text


def _head_of_another(lines: list[str]) -> int:
    """The line at which the head of another letter begins; their number if none does."""
    names = [found[1].casefold() if (found := _FIELD.match(line)) else "" for line in lines]
    for at in range(len(names)):
        head = names[at : at + _LINES]
        head = head[: head.index("")] if "" in head else head
        known = {name in _FROM for name in head if name in _FROM | _WHEN}
        if head and head[0] in _FROM | _WHEN and len(known) == 2:
            return at
    return len(lines)
