// Marks within a line: italics, ruby, songs, two speakers; each put on and taken off by the same key, at
// what is chosen.
import type { Act } from "./keys";
import type { Setup } from "./setup";

export interface Chosen {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** The line with `mark` put round what is chosen (all of it, where nothing is), or taken off. */
export function italic({ value, from, to }: Chosen): string {
  const chosen = value.slice(from, to) || value;
  const plain = chosen.replace(/<\/?i>/g, "");
  return put({ value, from, to }, plain === chosen ? `<i>${chosen}</i>` : plain);
}

/** Ruby over what is chosen: its reading is written where the cursor then stands. */
export function ruby({ value, from, to }: Chosen): { value: string; cursor: number } {
  const chosen = value.slice(from, to);
  if (chosen.includes("<ruby>")) {
    const plain = chosen.replace(/<rt>[\s\S]*?<\/rt>|<\/?ruby>/g, "");
    return { value: value.slice(0, from) + plain + value.slice(to), cursor: from + plain.length };
  }
  const marked = `<ruby>${chosen}<rt></rt></ruby>`;
  return { value: value.slice(0, from) + marked + value.slice(to), cursor: from + marked.length - "</rt></ruby>".length };
}

/** A song: a note before and after its words, in italics where the language has them. */
export function song(value: string, italics: boolean): string {
  const words = value.replace(/[♪♫]\s*|\s*[♪♫]/g, "").replace(/<\/?i>/g, "").trim();
  if (/[♪♫]/.test(value)) return words;
  return italics ? `<i>♪ ${words} ♪</i>` : `♪ ${words} ♪`;
}

/** How a language marks the first and the second of two speakers, by the name of its way. */
export const DASHES: Readonly<Record<string, readonly [string, string]>> = {
  hyphen: ["-", "-"],
  "hyphen-space": ["- ", "- "],
  "second-hyphen": ["", "-"],
  "second-hyphen-space": ["", "- "],
};

/** Two speakers, a line each, by the language's convention; the line is cut at the cursor. */
export function speakers({ value, from }: Chosen, dialogue: string): string {
  const [first, second] = DASHES[dialogue] ?? ["-", "-"];
  const bare = value.split("\n").map((line) => line.replace(/^\s*[-–—‐]\s*/, "").trim());
  if (bare.join("\n") !== value.trim()) return bare.join("\n");
  const lines = bare.length > 1 ? [bare[0] ?? "", bare.slice(1).join(" ")] : [value.slice(0, from), value.slice(from)];
  return `${first}${(lines[0] ?? "").trim()}\n${second}${(lines[1] ?? "").trim()}`;
}

/** Whether the words are in a script that has no capitals; an ordinal's raised letter says nothing. */
export function hasNoCase(words: string): boolean {
  return /(?![ªº])\p{Lo}/u.test(words);
}

const SCREEN = /<c\.screen>([\s\S]*?)<\/c>/g;

/** What is chosen (all of it, where nothing is) as text that stands in the picture, set as the language
 * does: in `capitals` (between brackets where its script has none) or between two marks; or as words again,
 * where it is such text already. */
export function screen({ value, from, to }: Chosen, convention: string, language: string): string {
  const chosen = value.slice(from, to) || value;
  const marks = convention !== "capitals" ? convention : hasNoCase(chosen) ? "[]" : "";
  const [first, last] = [marks.charAt(0), marks.charAt(1)];
  if (chosen.includes("<c.screen>")) {
    const inner = (words: string): string =>
      first && words.startsWith(first) && words.endsWith(last) ? words.slice(1, -1) : words;
    return put({ value, from, to }, chosen.replace(SCREEN, (_, words: string) => inner(words)));
  }
  const words = first ? chosen.trim() : chosen.trim().replace(/(<[^<>]*>)|[^<]+/g, (part, tag?: string) => tag ?? part.toLocaleUpperCase(language));
  return put({ value, from, to }, `<c.screen>${first}${words}${last}</c>`);
}

function put({ value, from, to }: Chosen, marked: string): string {
  return from === to ? marked : value.slice(0, from) + marked + value.slice(to);
}

/** What an act makes of the words in hand; undefined for one that marks none. */
export function marked(act: Act, chosen: Chosen, { limits, language }: Setup): { value: string; cursor?: number } | undefined {
  switch (act) {
    case "italic":
      return { value: italic(chosen) };
    case "song":
      return { value: song(chosen.value, limits.italics) };
    case "speakers":
      return { value: speakers(chosen, limits.dialogue) };
    case "screen":
      return { value: screen(chosen, limits.screen, language) };
    case "ruby":
      return ruby(chosen);
  }
  return undefined;
}
