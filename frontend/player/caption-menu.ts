// The menu of subtitles: which are on, which second ones, how they look, and when they come.
import { LOOKS, type CaptionLook, type LookPart, readLook } from "./caption-look";
import type { Captions } from "./captions";
import { fill, type LabelKey, type Labels } from "./labels";
import type { MenuPage, MenuRow } from "./menu";
import type { Kept } from "./preferences";

export interface CaptionChoices {
  readonly captions: Captions;
  readonly look: CaptionLook;
  readonly kept: Kept;
  setLook: (look: CaptionLook) => void;
  chooseCaptions: (index: number) => void;
  chooseSecond: (index: number) => void;
  setOffset: (seconds: number) => void;
  showLines: () => void;
  repeat: (slowly: boolean) => void;
  peek: () => void;
}

type Names = { readonly [Part in LookPart]: Readonly<Record<(typeof LOOKS)[Part][number], LabelKey | number>> };

const COLOUR_NAMES = {
  white: "colourWhite",
  yellow: "colourYellow",
  green: "colourGreen",
  cyan: "colourCyan",
  blue: "colourBlue",
  magenta: "colourMagenta",
  red: "colourRed",
  black: "colourBlack",
} as const;
const GROUND_NAMES = { shade: "backgroundShade", solid: "backgroundSolid", none: "backgroundNone" } as const;

/** What each value is called; numbers are per cent. */
const NAMES: Names = {
  size: { small: "sizeSmall", normal: "sizeNormal", large: "sizeLarge", huge: "sizeHuge" },
  font: {
    sans: "fontSans",
    serif: "fontSerif",
    mono: "fontMono",
    "mono-serif": "fontMonoSerif",
    casual: "fontCasual",
    cursive: "fontCursive",
    capitals: "fontCapitals",
  },
  colour: COLOUR_NAMES,
  opacity: { "100": 100, "75": 75, "50": 50, "25": 25 },
  background: GROUND_NAMES,
  ground: COLOUR_NAMES,
  window: GROUND_NAMES,
  edge: {
    auto: "edgeAuto",
    none: "edgeNone",
    shadow: "edgeShadow",
    outline: "edgeOutline",
    raised: "edgeRaised",
    sunk: "edgeSunk",
  },
  place: { foot: "placeFoot", raised: "placeRaised", head: "placeHead" },
};
const PART_NAMES: Readonly<Record<LookPart, LabelKey>> = {
  size: "captionSize",
  font: "captionFont",
  colour: "captionColour",
  opacity: "captionOpacity",
  background: "captionBackground",
  ground: "captionGroundColour",
  window: "captionWindow",
  edge: "captionEdge",
  place: "captionPlace",
};

export const KEPT_NAMES = { account: "keptAccount", device: "keptDevice", page: "keptPage" } as const satisfies Record<Kept, LabelKey>;

function valueName(part: LookPart, value: string, labels: Labels): string {
  const name = (NAMES[part] as Readonly<Record<string, LabelKey | number>>)[value];
  return typeof name === "number" ? (name / 100).toLocaleString(document.documentElement.lang || "en", { style: "percent" }) : name ? labels[name] : value;
}

/** Off, every track under its own name, and what can be done with the lines. */
export function captionsPage(choices: CaptionChoices, labels: Labels): MenuPage {
  const { captions } = choices;
  const second = captions.tracks[captions.second]?.label ?? labels.off;
  const several: MenuRow[] =
    captions.tracks.length > 1
      ? [
          { kind: "page", label: labels.secondCaptions, value: second, open: () => secondPage(choices, labels) },
          { kind: "action", label: labels.otherLanguage, run: choices.peek },
        ]
      : [];
  return {
    title: labels.captions,
    rows: [
      ...trackRows(captions, captions.current, choices.chooseCaptions, labels),
      ...several,
      { kind: "action", label: labels.lines, run: choices.showLines },
      { kind: "action", label: labels.repeatLine, run: () => choices.repeat(false) },
      { kind: "action", label: labels.repeatSlowly, run: () => choices.repeat(true) },
      { kind: "page", label: labels.captionOffset, value: offsetName(captions.offset, labels), open: () => offsetPage(choices, labels) },
      { kind: "page", label: labels.captionStyle, open: () => lookPage(choices, labels) },
    ],
  };
}

function trackRows(captions: Captions, chosen: number, choose: (index: number) => void, labels: Labels, but = -2): MenuRow[] {
  const row = (index: number, label: string, lang?: string): MenuRow => ({
    kind: "choice",
    label,
    checked: chosen === index,
    choose: () => choose(index),
    ...(lang && { lang }),
  });
  const tracks = captions.tracks.map(({ label, lang }, index) => row(index, label, lang));
  return [row(-1, labels.off), ...tracks.filter((_, index) => index !== but)];
}

function secondPage(choices: CaptionChoices, labels: Labels): MenuPage {
  const { captions } = choices;
  const rows = trackRows(captions, captions.second, choices.chooseSecond, labels, captions.current);
  return { title: labels.secondCaptions, rows: [...rows, { kind: "note", label: labels.wordHint }] };
}

/** An offset in words. */
export function offsetName(seconds: number, labels: Labels): string {
  if (Math.abs(seconds) < 0.05) return labels.offsetNone;
  const number = Math.abs(seconds).toLocaleString(document.documentElement.lang || "en", { maximumFractionDigits: 1 });
  return fill(seconds > 0 ? labels.offsetLater : labels.offsetSooner, { seconds: number });
}

function offsetPage({ captions, setOffset }: CaptionChoices, labels: Labels): MenuPage {
  const step = (label: string, seconds: number): MenuRow => ({
    kind: "stay",
    label: `${label} (${Math.abs(seconds).toLocaleString(document.documentElement.lang || "en")} s)`,
    run: () => setOffset(captions.offset + seconds),
  });
  return {
    title: `${labels.captionOffset}: ${offsetName(captions.offset, labels)}`,
    rows: [
      step(labels.sooner, -0.1),
      step(labels.later, 0.1),
      step(labels.sooner, -1),
      step(labels.later, 1),
      { kind: "stay", label: labels.offsetNone, run: () => setOffset(0) },
    ],
  };
}

/** Each part of the look with its present value, and where it is kept. */
export function lookPage(choices: CaptionChoices, labels: Labels): MenuPage {
  const parts = Object.keys(LOOKS) as LookPart[];
  return {
    title: labels.captionStyle,
    rows: [
      ...parts.map(
        (part): MenuRow => ({
          kind: "page",
          label: labels[PART_NAMES[part]],
          value: valueName(part, choices.look[part], labels),
          open: () => partPage(choices, part, labels),
        }),
      ),
      { kind: "stay", label: labels.captionReset, run: () => choices.setLook(readLook()) },
      { kind: "note", label: labels[KEPT_NAMES[choices.kept]] },
    ],
  };
}

function partPage(choices: CaptionChoices, part: LookPart, labels: Labels): MenuPage {
  return {
    title: labels[PART_NAMES[part]],
    rows: LOOKS[part].map((value) => ({
      kind: "choice",
      label: valueName(part, value, labels),
      checked: choices.look[part] === value,
      choose: () => choices.setLook({ ...choices.look, [part]: value }),
    })),
  };
}
