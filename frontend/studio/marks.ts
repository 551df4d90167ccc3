// Marks within a line: italics, ruby, songs, two speakers, a place at the head of the picture; each put
// on and taken off by the same key, at what is chosen.

export interface Chosen {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** `{\an8}` at the beginning of a line: at the head of the picture, as on a number pad, as in ASS. */
const HEAD = /^\{\\an8\}/;
const PLACE = /^\s*\{\\an([1-9])\}/;
const LINES = ["auto", 50, 5] as const;
const ALIGNS = ["left", "center", "right"] as const;

export interface Cue {
  readonly text: string;
  readonly settings: Pick<VTTCue, "line" | "snapToLines" | "align">;
}

/** A line as a cue: its words, and where they stand. */
export function cueOf(text: string): Cue {
  const place = Number(PLACE.exec(text)?.[1] ?? 2) - 1;
  const line = LINES[Math.floor(place / 3)] ?? "auto";
  return {
    text: text.replace(PLACE, "").trim(),
    settings: { line, snapToLines: line === "auto", align: ALIGNS[place % 3] ?? "center" },
  };
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

const DASHES: Readonly<Record<string, readonly [string, string]>> = {
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

/** At the head of the picture, or back at its foot: for text that stands in the picture below. */
export function top(value: string): string {
  return HEAD.test(value) ? value.replace(HEAD, "") : `{\\an8}${value}`;
}

/** The nine places as they lie on the picture, numbered as on a number pad; the foot is the usual one. */
export const PLACES = [7, 8, 9, 4, 5, 6, 1, 2, 3] as const;
const FOOT = 2;

/** Where a line stands, as on a number pad. */
export function placeOf(value: string): number {
  return Number(PLACE.exec(value)?.[1] ?? FOOT);
}

/** The line put at a place of the number pad. */
export function placed(value: string, place: number): string {
  const words = value.replace(PLACE, "");
  return place === FOOT ? words : `{\\an${place}}${words}`;
}

/** The place after the one where a line stands: round the picture from the foot. */
export function nextPlace(value: string): number {
  const round = [2, 8, 7, 9, 4, 5, 6, 1, 3];
  return round[(round.indexOf(placeOf(value)) + 1) % round.length] ?? FOOT;
}

function put({ value, from, to }: Chosen, marked: string): string {
  return from === to ? marked : value.slice(0, from) + marked + value.slice(to);
}
