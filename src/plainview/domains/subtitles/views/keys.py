"""The keys of the editor as made, for its help page; frontend/studio/keys.ts has the same list."""

from __future__ import annotations

import re

KEYS: tuple[tuple[str, ...], ...] = (
    ("next", "doNext", "Enter", "Alt+ArrowDown"),
    ("previous", "doPrevious", "Alt+ArrowUp"),
    ("empty", "doEmpty", "Control+Enter"),
    ("play", "doPlay", "Alt+KeyP"),
    ("run", "doRun", "Alt+Shift+KeyP", "Alt+Space"),
    ("back", "doBack", "Alt+ArrowLeft"),
    ("ahead", "doAhead", "Alt+ArrowRight"),
    ("frameBack", "doFrameBack", "Alt+Shift+ArrowLeft"),
    ("frameAhead", "doFrameAhead", "Alt+Shift+ArrowRight"),
    ("claim", "doClaim", "Alt+KeyC"),
    ("undo", "undo", "Control+KeyZ"),
    ("redo", "redo", "Control+Shift+KeyZ", "Control+KeyY"),
    ("setStart", "setStart", "Alt+BracketLeft"),
    ("setEnd", "setEnd", "Alt+BracketRight"),
    ("endHere", "doEndHere", "Alt+Shift+BracketRight"),
    ("earlier", "doEarlier", "Alt+Comma"),
    ("later", "doLater", "Alt+Period"),
    ("endEarlier", "doEndEarlier", "Alt+Shift+Comma"),
    ("endLater", "doEndLater", "Alt+Shift+Period"),
    ("add", "add", "Alt+KeyN"),
    ("split", "doSplit", "Alt+KeyS"),
    ("merge", "doMerge", "Alt+KeyM"),
    ("remove", "remove", "Alt+Backspace"),
    ("shift", "shift", "Alt+KeyO"),
    ("stretch", "stretch", "Alt+KeyT"),
    ("chain", "chain", "Alt+KeyG"),
    ("clear", "clear", "Alt+KeyX"),
    ("takeUp", "takeUp", "Alt+KeyA"),
    ("turnDown", "turnDown", "Alt+Shift+KeyA"),
    ("italic", "doItalic", "Control+KeyI"),
    ("ruby", "doRuby", "Alt+KeyR"),
    ("song", "doSong", "Alt+KeyL"),
    ("speakers", "doSpeakers", "Alt+KeyD"),
    ("screen", "doScreen", "Alt+KeyI"),
    ("top", "doTop", "Alt+KeyU"),
    ("place", "doPlace", "Alt+KeyJ"),
    ("free", "doFree", "Alt+Shift+KeyJ"),
    ("vertical", "doVertical", "Alt+KeyV"),
    ("zoomIn", "zoomIn", "Alt+Equal"),
    ("zoomOut", "zoomOut", "Alt+Minus"),
    ("jump", "jump", "Alt+KeyW"),
    ("find", "find", "Alt+KeyF"),
    ("history", "history", "Alt+KeyH"),
    ("keys", "doKeys", "Alt+KeyK"),
)
"""Every act, the label of what it does, and its chords (KeyboardEvent.code with modifiers)."""
_SIGNS = {
    "ArrowDown": "↓",
    "ArrowUp": "↑",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "Control": "Ctrl",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Comma": ",",
    "Period": ".",
    "Equal": "+",
    "Minus": "−",
}


def named(chord: str) -> str:
    """A chord as people read it: `Ctrl Shift Z`."""
    parts = (re.sub(r"^(?:Key|Digit)", "", part) for part in chord.split("+"))
    return " ".join(_SIGNS.get(part, part) for part in parts)


def listed(labels: dict[str, str]) -> list[tuple[list[str], str]]:
    """(keys, what they do) of what a field does by itself, and of every act in their order."""
    acts = [([named(each) for each in chords], labels[label]) for _act, label, *chords in KEYS]
    return [([named("Shift+Enter")], labels["doBreak"]), *acts]
