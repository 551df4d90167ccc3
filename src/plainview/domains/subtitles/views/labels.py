"""Words of the studio: states, findings of the checks, and everything that its script says."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.quality import Finding, Limits

DRAFT = pgettext_lazy("subtitles", "Draft")
REVIEW = pgettext_lazy("subtitles", "In review")
RELEASED = pgettext_lazy("subtitles", "Released")
LOCKED = pgettext_lazy("subtitles", "Locked")

HANDS_ON = {
    ("draft", "review"): gettext_lazy("Hand in for review"),
    ("review", "draft"): gettext_lazy("Send back to draft"),
    ("review", "released"): gettext_lazy("Release on the film"),
    ("released", "review"): gettext_lazy("Take back to review"),
    ("released", "locked"): gettext_lazy("Lock"),
    ("locked", "released"): gettext_lazy("Unlock"),
}
HANDED_ON = {
    "draft": gettext_lazy("Back in draft: everybody in the team can write again."),
    "review": gettext_lazy("In review now."),
    "released": gettext_lazy("Released: these subtitles are on the film."),
    "locked": gettext_lazy("Locked."),
}
WHY = {
    services.NOTHING_LEFT: gettext_lazy(
        "Whoever wrote its lines took them back, and nothing was left to show: it is off the film."
    )
}
"""The reasons of passages that nobody in person made."""


def findings() -> dict[str, str]:
    """Every code of the checks in words; `{value}` is what was found, `{limit}` what is allowed."""
    return {
        "empty": _("Nothing here yet"),
        "fast": _("{value} characters a second; {limit} at most"),
        "hurried": _("{value} characters a second; {limit} read at ease"),
        "long": _("{value} characters in a line; {limit} at most"),
        "tall": _("{value} lines; {limit} at most"),
        "short": _("On the screen for {value} ms; {limit} at least"),
        "lasting": _("On the screen for {value} ms; {limit} at most"),
        "overlap": _("Overlaps the next one by {value} ms"),
        "gap": _("{value} ms before the next one; {limit} at least"),
        "tags": _("A tag is not closed, or tags cross"),
        "italics": _("This language does without italics"),
        "screen": _("Text in the picture is set otherwise in this language"),
        "dash": _("Dashes of two speakers are set otherwise in this language"),
        "space": _("A space before a punctuation mark"),
        "edge": _("Spaces at the edge of a line, or two together"),
    }


ALLOWED: dict[str, Callable[[Limits], float]] = {
    "fast": lambda limits: limits.cps,
    "hurried": lambda limits: limits.cps_warns,
    "long": lambda limits: limits.per_line,
    "tall": lambda limits: limits.lines,
    "short": lambda limits: limits.min_ms,
    "lasting": lambda limits: limits.max_ms,
    "gap": lambda limits: limits.min_gap_ms,
}


def finding(found: Finding, limits: Limits) -> str:
    """A finding in words, with its figures."""
    hurried = found.code == "fast" and found.weight == "warning"
    code = "hurried" if hurried else found.code
    limit = ALLOWED[code](limits) if code in ALLOWED else 0
    words = findings()[code]
    return words.replace("{value}", f"{found.value:g}").replace("{limit}", f"{limit:g}")


BROUGHT_BACK = "brought back version "
"""How the reason of a version begins that says what an older one said."""


def reason(kept: str) -> str:
    """Why a version was made, as it is kept, in words."""
    number = kept.removeprefix(BROUGHT_BACK)
    if number != kept:
        return _("brought back version %(number)s") % {"number": number}
    name = kept.removeprefix(services.FROM_FILE)
    if name != kept:
        return _("from the file %(name)s") % {"name": name}
    if kept.startswith(services.REPLACED):
        return _("by find and replace")
    return _("a replacement was taken back") if kept == services.TAKEN_BACK else kept


def studio_labels() -> dict[str, str]:
    """What the editor's script shows and says; `frontend/studio/labels.ts` lists them."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "held": _("A line is not saved yet"),
        "kept": _("Kept on this device; will be sent when the connection is back"),
        "signedOut": _("You were signed out. Your lines are kept on this device; sign in again."),
        "conflict": _("Somebody wrote this in the meantime:"),
        "keepMine": _("Keep mine"),
        "takeTheirs": _("Take theirs"),
        "mended": _("Nothing is left to mend in this line."),
        "claimed": _("Yours"),
        "claimedBy": _("{who} is working here"),
        "claim": _("Claim from here"),
        "letGo": _("Let go"),
        "split": _("Split"),
        "merge": _("Merge with the next"),
        "add": _("New segment here"),
        "shift": _("Shift from here"),
        "shiftBy": _(
            "Move this segment and all after it by how many seconds? A minus moves them earlier."
        ),
        "stretch": _("Stretch from here"),
        "stretchTo": _("When should the last segment end? All from here on move in proportion."),
        "chain": _("Close short gaps from here"),
        "clear": _("Keep clear of cuts from here"),
        "remove": _("Take this segment away"),
        "badTimes": _("A segment ends after it begins."),
        "notATime": _("Write a time such as 1.5 or 0:02.250."),
        "noNext": _("There is no segment after this one."),
        "nothingToMove": _("Nothing to move."),
        "noTimes": _("Times are set by the segmenters of this title."),
        "overtaken": _("Somebody set these times in the meantime; theirs stand."),
        "homeless": _("Somebody merged or took away what you were writing in. Your words:"),
        "offline": _("Not done: there is no connection. Try again when it is back."),
        "failed": _("Not done: the service did not answer. Try again in a moment."),
        "signIn": _("Sign in"),
        "yoursNow": _("These segments are yours for half an hour."),
        "letGoNow": _("These segments are free again."),
        "cantUndo": _("Somebody changed this since; it stays."),
        "wave": _("Waveform"),
        "waveWaits": _("The waveform is being made…"),
        "noWave": _("There is no waveform of this film."),
        "zoomIn": _("Nearer"),
        "zoomOut": _("Farther"),
        "follow": _("Follow the film"),
        "draw": _("Draw a segment"),
        "stick": _("Edges stick to"),
        "stick.shots": _("cuts"),
        "stick.speech": _("speech"),
        "stick.neighbours": _("neighbours"),
        "propose": _("Propose segments where somebody speaks"),
        "proposed": _("{count} proposed where somebody speaks"),
        "noneProposed": _("Nobody speaks where nothing is cut yet."),
        "proposedLate": _("{count} were left out: somebody cut there in the meantime."),
        "takeUp": _("Take up the next"),
        "turnDown": _("Turn down the next"),
        "takeAll": _("Take all up"),
        "turnAllDown": _("Turn all down"),
        "jump": _("Go to a line or time"),
        "jumpTo": _("Which line? Its number, or a time such as 1:02:03."),
        "jumpGo": _("Go there"),
        "jumpWrong": _("Write the number of a line, or a time such as 1:02:03."),
        "find": _("Find and replace"),
        "keysAbout": _("Press a key here to put it elsewhere."),
        "keysHelp": _("All about the studio"),
        "keysReset": _("All as made"),
        "keysWereReset": _("Every key is where it was made."),
        "keysNone": _("no key"),
        "keysPress": _("Press the new key…"),
        "keysMove": _("{what}: {key}. Press to move"),
        "keysTaken": _("{key} belongs to the browser or to writing. Take another."),
        "keysClash": _("{key} is the key of “{what}”. Press it again to take it from there."),
        "keysMoved": _("{what} is on {key} now."),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "history": _("Notes and history"),
        "keys": _("Keys"),
        "play": _("Play this segment"),
        "timing": _("Times and cutting"),
        "start": _("Begins at"),
        "end": _("Ends at"),
        "setStart": _("Begin here"),
        "setEnd": _("End here"),
        "line": _("Line {number} of {total}"),
        "openNotes": _("open notes: {count}"),
        "source": _("Source"),
        "filled": _("{filled} of {total} lines"),
        "next": _("Next empty line"),
        "noSource": _("No source"),
        "close": _("Close"),
        "doNext": _("Save and go to the next line"),
        "doPrevious": _("Go to the previous line"),
        "doEmpty": _("Go to the next empty line"),
        "doPlay": _("Play or pause the segment"),
        "doClaim": _("Claim thirty segments from here"),
        "doRun": _("Play or pause the film"),
        "doBack": _("A second back"),
        "doAhead": _("A second ahead"),
        "doFrameBack": _("A frame back"),
        "doFrameAhead": _("A frame ahead"),
        "doEndHere": _("End here and go to the next"),
        "doEarlier": _("Begin a frame earlier"),
        "doLater": _("Begin a frame later"),
        "doEndEarlier": _("End a frame earlier"),
        "doEndLater": _("End a frame later"),
        "doRuby": _("Ruby (furigana)"),
        "doSong": _("Song"),
        "doSpeakers": _("Two speakers"),
        "doScreen": _("Text in the picture"),
        "doTop": _("At the top"),
        "doPlace": _("Next place on the picture"),
        "place": _("Place on the picture"),
        "place7": pgettext("place on the picture", "Top left"),
        "place8": pgettext("place on the picture", "Top"),
        "place9": pgettext("place on the picture", "Top right"),
        "place4": pgettext("place on the picture", "Middle left"),
        "place5": pgettext("place on the picture", "Middle"),
        "place6": pgettext("place on the picture", "Middle right"),
        "place1": pgettext("place on the picture", "Bottom left"),
        "place2": pgettext("place on the picture", "Bottom"),
        "place3": pgettext("place on the picture", "Bottom right"),
        "place0": pgettext("place on the picture", "As set below"),
        "doVertical": _("Vertical writing"),
        "doFree": _("Set the place freely"),
        "writing": _("Writing"),
        "writingAcross": _("Across"),
        "writingRl": _("Down, columns from the right"),
        "writingLr": _("Down, columns from the left"),
        "placeLine": _("Line"),
        "placePosition": _("Position"),
        "placeSize": _("Size"),
        "placeAlign": _("Align"),
        "alignStart": pgettext("alignment of text", "Start"),
        "alignCenter": pgettext("alignment of text", "Middle"),
        "alignEnd": pgettext("alignment of text", "End"),
        "alignLeft": pgettext("alignment of text", "Left"),
        "alignRight": pgettext("alignment of text", "Right"),
        "placeHint": _(
            "A share of the picture, such as 10%; for the line also a number, such as -1."
        ),
        "doSplit": _("Split at the cursor"),
        "doMerge": _("Merge with the next segment"),
        "doItalic": _("Italics"),
        "doKeys": _("Show this list"),
        "doBreak": _("Break the line"),
        "here": _("Here now: {who}"),
        "someone": _("A member"),
        "handedOn": _("{language} is released: its lines are ready to translate."),
        "nowReview": _("These subtitles were handed in for review."),
        "nowDraft": _("These subtitles are back in draft."),
        "nowReleased": _("These subtitles are released on the film."),
        "nowLocked": _("These subtitles are locked."),
        **{f"check.{code}": words for code, words in findings().items()},
    }


def places() -> list[tuple[str, str]]:
    """(WebVTT settings, words) of the places that an editor offers by name."""
    words = studio_labels()
    pad = (7, 8, 9, 4, 5, 6, 1, 3)
    return [
        *((formats.parted(f"{{\\an{each}}}")[0], words[f"place{each}"]) for each in pad),
        ("vertical:rl line:0 align:start", words["writingRl"]),
        ("vertical:lr line:0 align:start", words["writingLr"]),
    ]
