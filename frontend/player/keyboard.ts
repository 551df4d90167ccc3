// Which key does what. Letters are found by their place on the keyboard when the layout writes
// another script, so that K works on an Arabic or Korean one.
import type { LabelKey } from "./labels";

export type Action =
  | { do: "toggle" | "mute" | "captions" | "fullscreen" | "help" | "pip" | "next" | "skip" }
  | { do: "repeat" | "lines" | "peek" }
  | { do: "offset"; seconds: number }
  | { do: "step"; seconds: number }
  | { do: "volume"; change: number }
  | { do: "speed"; steps: number }
  | { do: "goto"; fraction: number };

/** The part of a KeyboardEvent that decides. */
interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  " ": { do: "toggle" },
  k: { do: "toggle" },
  ArrowLeft: { do: "step", seconds: -5 },
  ArrowRight: { do: "step", seconds: 5 },
  j: { do: "step", seconds: -10 },
  l: { do: "step", seconds: 10 },
  ArrowUp: { do: "volume", change: 0.05 },
  ArrowDown: { do: "volume", change: -0.05 },
  m: { do: "mute" },
  c: { do: "captions" },
  f: { do: "fullscreen" },
  "<": { do: "speed", steps: -1 },
  ">": { do: "speed", steps: 1 },
  p: { do: "pip" },
  r: { do: "repeat" },
  t: { do: "lines" },
  x: { do: "peek" },
  g: { do: "offset", seconds: -0.1 },
  h: { do: "offset", seconds: 0.1 },
  s: { do: "skip" },
  n: { do: "next" },
  Home: { do: "goto", fraction: 0 },
  End: { do: "goto", fraction: 1 },
  "?": { do: "help" },
};

/** What the player's help lists: keys as printed on them (or a label key in braces), and what they do. */
export const SHORTCUTS: readonly { keys: readonly string[]; does: LabelKey }[] = [
  { keys: ["{keySpace}", "K"], does: "doToggle" },
  { keys: ["←", "→"], does: "doStep" },
  { keys: ["J", "L"], does: "doJump" },
  { keys: ["↑", "↓"], does: "doVolume" },
  { keys: ["M"], does: "doMute" },
  { keys: ["C"], does: "doCaptions" },
  { keys: ["F"], does: "doFullscreen" },
  { keys: ["P"], does: "doPip" },
  { keys: ["<", ">"], does: "doSpeed" },
  { keys: ["R"], does: "doRepeat" },
  { keys: ["T"], does: "doLines" },
  { keys: ["X"], does: "doPeek" },
  { keys: ["G", "H"], does: "doOffset" },
  { keys: ["S"], does: "doSkip" },
  { keys: ["N"], does: "doNext" },
  { keys: ["0", "9"], does: "doTenths" },
  { keys: ["{keyHome}", "{keyEnd}"], does: "doEnds" },
  { keys: ["?"], does: "doHelp" },
];

/** The action of a key press, or null when it has none (always so with Ctrl, Alt or Meta held). */
export function actionFor(press: KeyPress): Action | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (/^[0-9]$/.test(press.key)) return { do: "goto", fraction: Number(press.key) / 10 };
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const own = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
  if (own) return own;
  const otherScript = key.length === 1 && key.charCodeAt(0) > 0x7f;
  const letter = otherScript ? /^Key([A-Z])$/.exec(press.code ?? "")?.[1]?.toLowerCase() : undefined;
  return (letter && ACTIONS[letter]) || null;
}
