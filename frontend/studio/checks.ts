// Checks as one types: the same as the server's quality/checking.py, held to the same vectors.
import { DASHES, hasNoCase } from "./marks";
import { measure, visible } from "./measure";

export interface Limits {
  readonly cps: number;
  readonly cps_warns: number;
  readonly per_line: number;
  readonly lines: number;
  readonly min_ms: number;
  readonly max_ms: number;
  readonly min_gap_ms: number;
  readonly italics: boolean;
  readonly dialogue: string;
  /** How text that stands in the picture is set: in `capitals`, or between two marks. */
  readonly screen: string;
}

export interface Timed {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Finding {
  readonly code: string;
  readonly weight: "error" | "warning";
  readonly value: number;
}

const TAGS = /<(\/?)(b|i|u|ruby|rt|v)\b[^<>]*>/g;
const DASH = /^\s*([-–—‐])(\s*)/;
/** Text that stands in the picture: a class of cue text says so. */
const SCREEN = /<c\.(?:[\w-]+\.)*screen(?:\.[\w-]+)*>([\s\S]*?)(?:<\/c>|$)/g;
const SPACE_BEFORE = /\S [,.;:!?](?:\s|$)/;

/** Characters a second of a line, rounded to tenths. */
export function speedOf(line: Timed, language: string): number {
  const { units } = measure(line.text, language);
  return Math.round((units * 10_000) / Math.max(line.end - line.start, 1)) / 10;
}

/** What there is to mend in one line; `next` is when the following one begins, in ms. */
export function check(line: Timed, next: number | undefined, language: string, limits: Limits): Finding[] {
  return [...ofTimes(line, next, limits), ...ofText(line, language, limits)];
}

const error = (code: string, value = 0): Finding => ({ code, weight: "error", value });
const warning = (code: string, value = 0): Finding => ({ code, weight: "warning", value });

function* ofTimes({ start, end }: Timed, next: number | undefined, limits: Limits): Generator<Finding> {
  const length = end - start;
  if (length < limits.min_ms) yield error("short", length);
  if (length > limits.max_ms) yield error("lasting", length);
  if (next === undefined) return;
  const gap = next - end;
  if (gap < 0) yield error("overlap", -gap);
  else if (gap < limits.min_gap_ms) yield warning("gap", gap);
}

function* ofText(line: Timed, language: string, limits: Limits): Generator<Finding> {
  const seen = visible(line.text);
  if (!seen.trim()) {
    yield warning("empty");
    return;
  }
  const size = measure(line.text, language);
  const speed = speedOf(line, language);
  if (speed > limits.cps) yield error("fast", speed);
  else if (speed > limits.cps_warns) yield warning("fast", speed);
  const longest = Math.max(0, ...size.lines);
  if (longest > limits.per_line) yield error("long", longest);
  if (size.lines.length > limits.lines) yield error("tall", size.lines.length);
  if (line.text.includes("<")) {
    if (!isBalanced(line.text)) yield error("tags");
    if (!limits.italics && line.text.includes("<i>")) yield warning("italics");
    const said = [...line.text.matchAll(SCREEN)].map(([, words = ""]) => visible(words).trim());
    if (!said.every((words) => isSetAsScreen(words, limits.screen))) yield warning("screen");
  }
  yield* ofMarks(seen, language, limits);
}

function* ofMarks(seen: string, language: string, limits: Limits): Generator<Finding> {
  const lines = seen.split("\n");
  if (lines.some((line) => line !== line.trim()) || seen.includes("  ")) yield warning("edge");
  else if (language.split("-")[0] !== "fr" && SPACE_BEFORE.test(seen)) yield warning("space");
  const dashes = lines.map((line) => DASH.exec(line));
  const marks = DASHES[limits.dialogue];
  if (lines.length !== 2 || !dashes[1] || !marks) return;
  const said = dashes.map((found) => (found ? `-${found[2]}` : ""));
  const [first, second] = marks;
  if (said[0]?.trimEnd() !== first.trimEnd() || said[1] !== second) yield warning("dash");
}

function isSetAsScreen(words: string, screen: string): boolean {
  if (screen === "capitals") return !/\p{Ll}/u.test(words) || hasNoCase(words);
  return words.startsWith(screen.charAt(0)) && words.endsWith(screen.charAt(1));
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [, closing, name = ""] of text.matchAll(TAGS)) {
    if (!closing) open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.every((name) => name === "v" || name === "rt");
}
