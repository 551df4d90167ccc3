// Where a line stands. A typed line begins with its place: `{\an8}` for one of the number pad, as in
// ASS, or WebVTT's settings, `{vertical:rl line:0}`. The field shows the words alone: the place is a
// control beside them. The same as the server's formats/typed_text.py and placing.py.

const SETTING = "(?:vertical|line|position|size|align):[^\\s{}:]+";
const HEAD = new RegExp(`^\\s*\\{(?:\\\\an([1-9])|(${SETTING}(?: ${SETTING})*))\\}`);
const [FOOT, HEAD_OF_PICTURE] = [2, 8];

/** The nine places as they lie on the picture, numbered as on a number pad; the foot is the usual one. */
export const PLACES = [7, 8, 9, 4, 5, 6, 1, 2, 3] as const;
export const NAMES = ["vertical", "line", "position", "size", "align"] as const;
export type Name = (typeof NAMES)[number];
export type Settings = Partial<Record<Name, string>>;

const PERCENT = "(?:100|\\d{1,2})(?:\\.\\d{1,6})?%";
const VALUES: Readonly<Record<Name, RegExp>> = {
  vertical: /^(?:rl|lr)$/,
  line: new RegExp(`^(?:${PERCENT}|-?\\d{1,3}(?:\\.\\d{1,6})?)(?:,(?:start|center|end))?$`),
  position: new RegExp(`^${PERCENT}(?:,(?:line-left|center|line-right))?$`),
  size: new RegExp(`^${PERCENT}$`),
  align: /^(?:start|center|end|left|right)$/,
};

/** What stands before the words, as typed; empty for the foot. */
export const headOf = (typed: string): string => HEAD.exec(typed)?.[0] ?? "";

/** The words without their place. */
export const wordsOf = (typed: string): string => typed.replace(HEAD, "");

/** Whether somebody typed a place of their own before the words. */
export const hasHead = (typed: string): boolean => HEAD.test(typed);

function ofPad(place: number): Settings {
  const [row, column] = [Math.floor((place - 1) / 3), (place - 1) % 3];
  const line = [undefined, "50%", "5%"][row];
  const align = ["left", undefined, "right"][column];
  return { ...(line ? { line } : {}), ...(align ? { align } : {}) };
}

const written = (settings: Settings): string =>
  NAMES.flatMap((name) => (settings[name] ? [`${name}:${settings[name]}`] : [])).join(" ");

const PAD = new Map(PLACES.map((place) => [written(ofPad(place)), place]));

/** WebVTT's settings of a line. */
export function settingsOf(typed: string): Settings {
  const found = HEAD.exec(typed);
  if (!found?.[2]) return ofPad(Number(found?.[1] ?? FOOT));
  const settings: Settings = {};
  for (const word of found[2].split(" ")) {
    const [name = "", value = ""] = word.split(":");
    const known = NAMES.find((each) => each === name);
    if (known && VALUES[known].test(value)) settings[known] = value;
  }
  return settings;
}

/** A value as somebody writes it: a bare number of a share gets its sign. Undefined if it is none. */
export function understood(name: Name, said: string): string | undefined {
  const text = said.trim().toLowerCase();
  if (text === "" || text === "auto") return "";
  const value = /^\d+(?:\.\d+)?$/.test(text) && name !== "line" ? `${text}%` : text;
  return VALUES[name].test(value) && (name === "line" || Number.parseFloat(value) <= 100 || !/\d/.test(value))
    ? value
    : undefined;
}

/** The line with these settings. */
export function put(typed: string, settings: Settings): string {
  const said = written(settings);
  const place = PAD.get(said);
  if (place === FOOT) return bare(wordsOf(typed));
  return (place ? `{\\an${place}}` : `{${said}}`) + wordsOf(typed);
}

/** Words at the foot: those that look like a place themselves say so. */
const bare = (words: string): string => (HEAD.test(words) ? `{\\an${FOOT}}${words}` : words);

/** Where a line stands on the number pad; 0 for a place of its own. */
export const placeOf = (typed: string): number => PAD.get(written(settingsOf(typed))) ?? 0;

/** The line put at a place of the number pad. */
export const placed = (typed: string, place: number): string => put(typed, ofPad(place));

/** At the head of the picture, or back at its foot: for text that stands in the picture below. */
export const top = (typed: string): string => placed(typed, placeOf(typed) === HEAD_OF_PICTURE ? FOOT : HEAD_OF_PICTURE);

/** The place after the one where a line stands: round the picture from the foot. */
export function nextPlace(typed: string): number {
  const round = [2, 8, 7, 9, 4, 5, 6, 1, 3];
  return round[(round.indexOf(placeOf(typed)) + 1) % round.length] ?? FOOT;
}

/** Across, down from the right edge, down from the left one, and across again. Columns begin at the
 * same height, as in print. */
export function turned(typed: string): string {
  const { vertical, line: _line, ...others } = settingsOf(typed);
  if (vertical === "lr") {
    const { align, ...rest } = others;
    return put(typed, align === "start" ? rest : others);
  }
  return put(typed, { vertical: vertical === "rl" ? "lr" : "rl", line: "0", align: "start", ...others });
}

export interface Cue {
  readonly text: string;
  readonly settings: Pick<VTTCue, "vertical" | "line" | "snapToLines" | "position" | "size" | "align">;
}

/** A line as a cue: its words, and where they stand. */
export function cueOf(typed: string): Cue {
  const { vertical = "", line = "", position = "", size = "", align = "center" } = settingsOf(typed);
  const at = Number.parseFloat(line);
  return {
    text: wordsOf(typed).trim(),
    settings: {
      vertical: vertical as DirectionSetting,
      line: Number.isNaN(at) ? "auto" : at,
      snapToLines: !/%/.test(line),
      position: position === "" ? "auto" : Number.parseFloat(position),
      size: size === "" ? 100 : Number.parseFloat(size),
      align: align as AlignSetting,
    },
  };
}

const ARROWS = ["", "↙", "", "↘", "←", "•", "→", "↖", "↑", "↗"] as const;

/** A sign for where a line stands, beside its time; empty for the foot. */
export function signOf(typed: string): string {
  const place = placeOf(typed);
  if (place) return ARROWS[place] ?? "";
  return settingsOf(typed).vertical ? "↕" : "✛";
}
