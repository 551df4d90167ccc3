// The lines of a film as text: which one is being said, which answer it in another language, and
// which hold some words.
import { type CueNode, parseCueText } from "./cue-text";

export interface Line {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const plain = (nodes: readonly CueNode[]): string =>
  nodes
    .map((node) => (typeof node === "string" ? node : node.tag === "rt" ? "" : plain(node.children)))
    .join("");

/** The lines of a text track in the order of time, without markup and without repeats. */
export function linesOf(cues: Iterable<{ startTime: number; endTime: number; text: string }>): Line[] {
  return [...cues]
    .map(({ startTime, endTime, text }) => ({ start: startTime, end: endTime, text: plain(parseCueText(text)).trim() }))
    .filter(({ text }) => text !== "")
    .sort((one, other) => one.start - other.start || one.end - other.end);
}

/** Index of the line said at `time`, or of the last one before it; -1 before the first. */
export function lineAt(lines: readonly Line[], time: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as Line).start <= time + 0.001) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The lines of another language said during `line`: by at least a third of the shorter of the two. */
export function answering(line: Line, others: readonly Line[]): Line[] {
  return others.filter((other) => {
    const shared = Math.min(line.end, other.end) - Math.max(line.start, other.start);
    return shared > 0 && shared * 3 >= Math.min(line.end - line.start, other.end - other.start);
  });
}

/** Letters as they are looked for: without case, accents, vowel signs and width. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}|\u0640/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[أإآٱ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/ة/g, "ه");
}

/** Indices of the lines that hold every word of `query`; all of them when it is empty. */
export function finding(lines: readonly Line[], query: string): number[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return lines.flatMap(({ text }, index) => {
    const held = folded(text);
    return words.every((word) => held.includes(word)) ? [index] : [];
  });
}

/** A text cut into words and what stands between them; scripts without spaces too, where known how. */
export function words(text: string, lang: string): { text: string; word: boolean }[] {
  if (!("Segmenter" in Intl)) return text.split(/(\s+)/).map((part) => ({ text: part, word: /\S/.test(part) }));
  let segmenter: Intl.Segmenter;
  try {
    segmenter = new Intl.Segmenter(lang || undefined, { granularity: "word" });
  } catch {
    segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  }
  return [...segmenter.segment(text)].map(({ segment, isWordLike }) => ({ text: segment, word: isWordLike === true }));
}
