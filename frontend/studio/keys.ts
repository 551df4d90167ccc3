// The keyboard of the studio: every act has a key, and the list of them is what is shown.
import type { LabelKey } from "./labels";

export type Act =
  | "next"
  | "previous"
  | "empty"
  | "play"
  | "claim"
  | "undo"
  | "redo"
  | "setStart"
  | "setEnd"
  | "split"
  | "merge"
  | "earlier"
  | "later"
  | "italic"
  | "history"
  | "keys";

interface Key {
  readonly act: Act;
  /** KeyboardEvent.code, so that layouts and Option characters do not matter. */
  readonly code: string;
  readonly alt?: boolean;
  readonly control?: boolean;
  readonly shift?: boolean;
}

const KEYS: readonly Key[] = [
  { act: "empty", code: "Enter", control: true },
  { act: "next", code: "Enter" },
  { act: "next", code: "ArrowDown", alt: true },
  { act: "previous", code: "ArrowUp", alt: true },
  { act: "play", code: "KeyP", alt: true },
  { act: "claim", code: "KeyC", alt: true },
  { act: "redo", code: "KeyZ", control: true, shift: true },
  { act: "redo", code: "KeyY", control: true },
  { act: "undo", code: "KeyZ", control: true },
  { act: "setStart", code: "BracketLeft", alt: true },
  { act: "setEnd", code: "BracketRight", alt: true },
  { act: "split", code: "KeyS", alt: true },
  { act: "merge", code: "KeyM", alt: true },
  { act: "earlier", code: "Comma", alt: true },
  { act: "later", code: "Period", alt: true },
  { act: "italic", code: "KeyI", control: true },
  { act: "history", code: "KeyH", alt: true },
  { act: "keys", code: "KeyK", alt: true },
];

/** What the list of keys shows: the keys, and the label of what they do. */
export const LISTED: readonly (readonly [string, LabelKey])[] = [
  ["Enter · Alt ↓", "doNext"],
  ["Alt ↑", "doPrevious"],
  ["Ctrl Enter", "doEmpty"],
  ["Alt P", "doPlay"],
  ["Alt C", "doClaim"],
  ["Ctrl Z · Ctrl Shift Z", "doUndo"],
  ["Alt [ · Alt ]", "doStart"],
  ["Alt , · Alt .", "doNudge"],
  ["Alt S", "doSplit"],
  ["Alt M", "doMerge"],
  ["Ctrl I", "doItalic"],
  ["Alt H", "history"],
  ["Alt K", "doKeys"],
];

/** What a key does in the list of lines; undefined while an input method composes. */
export function actOf(event: KeyboardEvent): Act | undefined {
  if (event.isComposing || event.keyCode === 229) return undefined;
  const control = event.ctrlKey || event.metaKey;
  return KEYS.find(
    (key) =>
      key.code === (event.code === "NumpadEnter" ? "Enter" : event.code) &&
      (key.alt ?? false) === event.altKey &&
      (key.control ?? false) === control &&
      (key.shift ?? false) === event.shiftKey,
  )?.act;
}
