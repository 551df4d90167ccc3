// The keyboard of the studio: every act has a key, each can be put elsewhere, and the list of them is
// what is shown. A chord is written `Control+Shift+KeyZ`: modifiers in this order, then
// KeyboardEvent.code, so that layouts do not matter.
import { composes } from "../shell/composing";
import type { LabelKey } from "./labels";

/** Every act with its label and its chords, in the order of the list. */
export const ACTS = {
  next: ["doNext", "Enter", "Alt+ArrowDown"],
  previous: ["doPrevious", "Alt+ArrowUp"],
  empty: ["doEmpty", "Control+Enter"],
  play: ["doPlay", "Alt+KeyP"],
  run: ["doRun", "Alt+Shift+KeyP", "Alt+Space"],
  back: ["doBack", "Alt+ArrowLeft"],
  ahead: ["doAhead", "Alt+ArrowRight"],
  frameBack: ["doFrameBack", "Alt+Shift+ArrowLeft"],
  frameAhead: ["doFrameAhead", "Alt+Shift+ArrowRight"],
  claim: ["doClaim", "Alt+KeyC"],
  undo: ["undo", "Control+KeyZ"],
  redo: ["redo", "Control+Shift+KeyZ", "Control+KeyY"],
  setStart: ["setStart", "Alt+BracketLeft"],
  setEnd: ["setEnd", "Alt+BracketRight"],
  endHere: ["doEndHere", "Alt+Shift+BracketRight"],
  earlier: ["doEarlier", "Alt+Comma"],
  later: ["doLater", "Alt+Period"],
  endEarlier: ["doEndEarlier", "Alt+Shift+Comma"],
  endLater: ["doEndLater", "Alt+Shift+Period"],
  add: ["add", "Alt+KeyN"],
  split: ["doSplit", "Alt+KeyS"],
  merge: ["doMerge", "Alt+KeyM"],
  remove: ["remove", "Alt+Backspace"],
  shift: ["shift", "Alt+KeyO"],
  stretch: ["stretch", "Alt+KeyT"],
  chain: ["chain", "Alt+KeyG"],
  clear: ["clear", "Alt+KeyX"],
  takeUp: ["takeUp", "Alt+KeyA"],
  turnDown: ["turnDown", "Alt+Shift+KeyA"],
  italic: ["doItalic", "Control+KeyI"],
  ruby: ["doRuby", "Alt+KeyR"],
  song: ["doSong", "Alt+KeyL"],
  speakers: ["doSpeakers", "Alt+KeyD"],
  screen: ["doScreen", "Alt+KeyI"],
  top: ["doTop", "Alt+KeyU"],
  place: ["doPlace", "Alt+KeyJ"],
  free: ["doFree", "Alt+Shift+KeyJ"],
  vertical: ["doVertical", "Alt+KeyV"],
  zoomIn: ["zoomIn", "Alt+Equal"],
  zoomOut: ["zoomOut", "Alt+Minus"],
  jump: ["jump", "Alt+KeyW"],
  find: ["find", "Alt+KeyF"],
  history: ["history", "Alt+KeyH"],
  keys: ["doKeys", "Alt+KeyK"],
} as const satisfies Record<string, readonly [LabelKey, ...string[]]>;

export type Act = keyof typeof ACTS;
export type Moved = Readonly<Partial<Record<Act, string>>>;

/** What needs no segment in hand. */
export const ALWAYS: ReadonlySet<Act> = new Set([
  "next", "empty", "undo", "redo", "keys", "run", "back", "ahead", "frameBack", "frameAhead", "add", "zoomIn", "zoomOut", "jump", "find",
  "takeUp", "turnDown",
]);
/** What changes words, and what changes times. */
export const WRITES: ReadonlySet<Act> = new Set(["italic", "ruby", "song", "speakers", "screen", "top", "place", "free", "vertical", "claim", "undo", "redo"]);
export const TIMES: ReadonlySet<Act> = new Set([
  "setStart", "setEnd", "endHere", "earlier", "later", "endEarlier", "endLater", "add", "split", "merge", "remove", "shift",
  "stretch", "chain", "clear", "takeUp", "turnDown",
]);

const NAMES = Object.keys(ACTS) as Act[];
const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Control: "Ctrl",
  BracketLeft: "[", BracketRight: "]", Comma: ",", Period: ".", Equal: "+", Minus: "−",
  Slash: "/", Backslash: "\\", Semicolon: ";", Quote: "'", Backquote: "`",
};
/** What the browser, a reader of screens or writing itself needs, and no act may take. */
const TAKEN = /^(?:(?:Shift\+)?(?:Tab|Escape|Enter)|(?:Shift\+)?(?:Key|Digit|Arrow|Space|Back|Delete|Home|End|Page|Numpad|Comma|Period|Bracket|Minus|Equal|Slash|Semicolon|Quote|Back).*|Control\+(?:Shift\+)?Key[ACVXTWNRQ]|Alt\+(?:F4|Tab))$/;

/** Where Option writes letters (Polish ą, German @) and moves by words: Alt is Control and Option. */
const MAC = typeof navigator !== "undefined" && /^(?:Mac|iP)/.test(navigator.platform);
const MAC_SYMBOLS: Readonly<Record<string, string>> = { ...SYMBOLS, Control: "⌘", Alt: "⌃ ⌥" };

/** The chord of a key press; empty for a modifier alone or while an input method composes. */
export function chordOf(event: KeyboardEvent, mac = MAC): string {
  if (composes(event)) return "";
  if (/^(?:Control|Alt|Shift|Meta|OS|CapsLock)/.test(event.code) || !event.code) return "";
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  if (mac && event.altKey && !event.ctrlKey && !event.metaKey) return "";
  const control = event.metaKey || (event.ctrlKey && !(mac && event.altKey));
  return `${control ? "Control+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${code}`;
}

/** A chord as people read it: `Ctrl Shift Z`. */
export function named(chord: string, mac = MAC): string {
  const symbols = mac ? MAC_SYMBOLS : SYMBOLS;
  return chord
    .split("+")
    .map((part) => symbols[part] ?? part.replace(/^(?:Key|Digit)/, ""))
    .join(" ");
}

/** The keys as they are: each act's own, or where somebody put it. */
export class Keymap {
  constructor(private moved: Moved = {}) {}

  /** The chords of an act, the first of which is shown first. */
  of(act: Act): readonly string[] {
    const put = this.moved[act];
    if (put !== undefined) return put ? [put] : [];
    const [, ...own] = ACTS[act];
    const elsewhere = new Set(Object.values(this.moved));
    return own.filter((chord) => !elsewhere.has(chord));
  }

  /** The act of a chord. */
  at(chord: string): Act | undefined {
    return chord ? NAMES.find((act) => this.of(act).includes(chord)) : undefined;
  }

  /** Whether a chord is left to the browser and to writing. */
  isTaken(chord: string): boolean {
    return TAKEN.test(chord);
  }

  /** Puts an act on a chord; whichever act had it loses it. */
  put(act: Act, chord: string): void {
    const had = this.at(chord);
    this.moved = { ...this.moved, ...(had && had !== act ? { [had]: "" } : {}), [act]: chord };
  }

  /** Every key back to where it was made. */
  reset(): void {
    this.moved = {};
  }

  /** What differs from the keys as made, to be kept. */
  get kept(): Moved {
    return this.moved;
  }
}

export const LISTED: readonly Act[] = NAMES;
