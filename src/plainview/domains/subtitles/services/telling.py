"""What `formats` says of a file, in the reader's language.

A file is read in a process without Django, and what was said of it is kept with its track: so
`formats` speaks English, and each of its sentences stands here as a pattern to say it again by.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_noop

from plainview.domains.subtitles import formats
from plainview.domains.subtitles.formats import SubtitleError
from plainview.platform.languages import listed, numbers, together

SENTENCES = (
    gettext_noop("copies of the same line merged: %(count)s"),
    gettext_noop("line %(line)s: the times can’t be read; left out"),
    gettext_noop("line %(line)s: embedded files are left out"),
    gettext_noop("line %(line)s: ends before it starts; left out"),
    gettext_noop("line %(line)s: later than any film lasts; left out"),
    gettext_noop("line %(line)s: longer than %(count)s characters; the rest left out"),
    gettext_noop("line %(line)s: times written otherwise than SRT does, %(count)s times; mended"),
    gettext_noop("line %(line)s: times written otherwise than SRT does; mended"),
    gettext_noop("line %(line)s: a number that is missing, %(count)s times; mended"),
    gettext_noop("line %(line)s: a number that is missing; mended"),
    gettext_noop("line %(line)s: a blank line that is missing, %(count)s times; mended"),
    gettext_noop("line %(line)s: a blank line that is missing; mended"),
    gettext_noop("line %(line)s: times written otherwise than WebVTT does; mended"),
    gettext_noop("line %(line)s: a bracket < that begins no tag; mended"),
    gettext_noop("line %(line)s: %(word)s after a cue counts for nothing; left out"),
    gettext_noop("line %(line)s: words without a time; left out"),
    gettext_noop("line %(line)s: the document breaks off or is damaged; read as far as that"),
    gettext_noop("subtitle %(number)s: ends before it starts; left out"),
    gettext_noop("subtitle %(number)s: later than any film lasts; left out"),
    gettext_noop("subtitle %(number)s: longer than %(count)s characters; the rest left out"),
    gettext_noop("subtitle %(number)s: the times can’t be read; left out"),
    gettext_noop(
        "subtitle %(number)s: times written otherwise than TTML does, %(count)s times; mended"
    ),
    gettext_noop("subtitle %(number)s: times written otherwise than TTML does; mended"),
    gettext_noop("subtitle %(number)s: has no end; shown until the next, or for five seconds"),
    gettext_noop("subtitle %(number)s: words that appear one after the other appear at once"),
    gettext_noop("an empty line after every line; mended"),
    gettext_noop("letters that had been encoded twice were mended"),
    gettext_noop("characters that had been encoded in two halves were mended"),
    gettext_noop("lines in two encodings, UTF-8 and Windows-1252"),
    gettext_noop("frames are counted as %(rate)s a second, as the film has them"),
    gettext_noop("frames are counted as %(rate)s a second, since nothing says how many"),
    gettext_noop("several languages in one file: %(languages)s; taken: %(language)s"),
    gettext_noop("line %(line)s: nothing takes these words off; five seconds given"),
    gettext_noop("damaged characters were replaced by �"),
    gettext_noop("encoding guessed: %(name)s"),
    gettext_noop("encoding not recognised: read as cp1252"),
    gettext_noop("%(count)s overlapping line kept"),
    gettext_noop("%(count)s overlapping lines kept"),
    gettext_noop("lines that begin after the film has ended: %(count)s"),
    gettext_noop("and %(count)s more of the kind"),
    gettext_noop("styles and comments around the lines are too long; left out"),
    gettext_noop("This file could not be read within the time and memory there are."),
    gettext_noop("%(file)s could not be read within the time and memory there are."),
    gettext_noop("Check that it is the right file, or save it anew in a subtitle editor."),
    gettext_noop("The service is being updated, and can’t read subtitles at this moment."),
    gettext_noop("Try again in a few minutes."),
    gettext_noop("There are more than %(count)s subtitles in this file."),
    gettext_noop("Split it, or check that it is the right file."),
    gettext_noop("This is not a text file."),
    gettext_noop("Choose the subtitle file itself: SRT, WebVTT or ASS."),
    gettext_noop("The encoding %(name)s is not one that subtitles come in."),
    gettext_noop("Leave it out to have it recognised, or convert the file to UTF-8."),
    gettext_noop("The file is not in %(name)s."),
    gettext_noop("Leave the encoding out to have it recognised, or name another."),
    gettext_noop("This file is none of these: %(formats)s."),
    gettext_noop("%(file)s is none of these: %(formats)s."),
    gettext_noop("Choose a subtitle file, or convert this one to SRT or WebVTT."),
    gettext_noop("This file is larger than %(size)s MB."),
    gettext_noop("%(file)s is larger than %(size)s MB."),
    gettext_noop("Subtitles of a long film take a tenth of that: check that it is the right file."),
    gettext_noop("This file is empty."),
    gettext_noop("%(file)s is empty."),
    gettext_noop("Choose another file."),
    gettext_noop("This file has no subtitle that can be shown."),
    gettext_noop("%(file)s has no subtitle that can be shown."),
    gettext_noop("Check that it is the right file."),
    gettext_noop("This file is %(format)s, which can’t be read."),
    gettext_noop("%(file)s is %(format)s, which can’t be read."),
    gettext_noop("Convert it to SRT or WebVTT."),
    gettext_noop("This file declares a document type or entities."),
    gettext_noop("Subtitles need neither: remove them, or convert the file to WebVTT."),
    gettext_noop("These subtitles are pictures of words, which can’t be read."),
    gettext_noop("Choose a file that has the words themselves, such as SRT or WebVTT."),
    gettext_noop("This file is a web page."),
    gettext_noop("%(file)s is a web page."),
    gettext_noop("This XML is not TTML."),
    gettext_noop("This file is not %(format)s that can be read."),
    gettext_noop("This file is not XML."),
    gettext_noop("This document has more elements than subtitles have."),
    gettext_noop("It is not to be known which language these subtitles are in."),
    gettext_noop("Say which language they are in, or name the file like film.ko.srt."),
    gettext_noop("who speaks, in %(count)s of the lines"),
    gettext_noop("words in another language, in %(count)s of the lines"),
    gettext_noop("glosses beside words, written in brackets, in %(count)s of the lines"),
    gettext_noop("where %(count)s of the lines stand on the picture"),
)
_NAME = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")


def _pattern(sentence: str) -> re.Pattern[str]:
    """What was kept of a file before apostrophes were curly is told as well."""
    said = _NAME.sub(r"(?P<\1\2>.+?)", re.escape(sentence)).replace("’", "['’]")
    return re.compile(said, re.DOTALL)


_PATTERNS = tuple((_pattern(sentence), sentence) for sentence in SENTENCES)


def told(text: str) -> str:
    """A sentence of `formats` in the language of the moment; one it never says stays as it is."""
    for pattern, sentence in _PATTERNS:
        if found := pattern.fullmatch(text):
            named = {name: _shown(name, said) for name, said in found.groupdict().items()}
            return gettext(sentence) % named if named else gettext(sentence)
    return text


def _shown(name: str, said: str) -> str:
    if name == "count" and said.isdecimal():
        return numbers.written(int(said))
    if name == "rate":
        return numbers.written(float(said))
    return listed(said.split(", ")) if name in ("formats", "languages") else said


def with_forms(sentence: Any) -> Any:
    """A lazy sentence that names all forms of subtitles which are read."""
    return lazy(lambda: sentence % {"formats": listed(formats.ACCEPTED)}, str)()


def refused(error: SubtitleError, name: str = "") -> str:
    """Why a file can't be read and what to do; of the file of that `name`, among several."""
    said = together(told(error.message), told(error.remedy))
    return said if name in said else f"{name}: {said}"
