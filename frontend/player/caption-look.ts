// How subtitles look, as far as WCAG and the FCC's rules on caption settings (47 CFR 79.103) want it
// to be the viewer's: kept in memory only. Whoever may remember it listens to `plainview:preferences`.

const COLOURS = {
  white: "#ffffff",
  yellow: "#ffe94a",
  green: "#6dff6d",
  cyan: "#5df2ff",
  blue: "#8fa8ff",
  magenta: "#ff8cff",
  red: "#ff7a70",
  black: "#000000",
} as const;
const SYSTEM_FONTS = {
  sans: "var(--pv-font)",
  serif: '"Times New Roman", "Noto Serif", serif',
  mono: '"DejaVu Sans Mono", Consolas, monospace',
  "mono-serif": '"Courier New", Courier, monospace',
  casual: '"Comic Sans MS", "Comic Neue", "Chalkboard SE", fantasy',
  cursive: '"Apple Chancery", "URW Chancery L", "Brush Script MT", cursive',
  capitals: "var(--pv-font)",
} as const;

/** What each part may be; the first is how it is until somebody chooses. */
export const LOOKS = {
  size: ["normal", "small", "large", "huge"],
  font: ["sans", "serif", "mono", "mono-serif", "casual", "cursive", "capitals"],
  colour: ["white", "yellow", "green", "cyan", "blue", "magenta", "red", "black"],
  opacity: ["100", "75", "50", "25"],
  background: ["shade", "solid", "none"],
  ground: ["black", "white", "red", "green", "blue", "yellow", "magenta", "cyan"],
  window: ["none", "shade", "solid"],
  edge: ["auto", "none", "shadow", "outline", "raised", "sunk"],
  place: ["foot", "raised", "head"],
} as const;

export type LookPart = keyof typeof LOOKS;
export type CaptionLook = { readonly [Part in LookPart]: (typeof LOOKS)[Part][number] };

const PARTS = Object.keys(LOOKS) as LookPart[];

/** The look with these values; what is missing or unknown is as at first. */
export function readLook(given: Readonly<Record<string, unknown>> = {}): CaptionLook {
  const look = PARTS.map((part) => {
    const known: readonly string[] = LOOKS[part];
    return [part, known.find((value) => value === given[part]) ?? known[0]];
  });
  return Object.fromEntries(look) as CaptionLook;
}

/** The colours of a look with their opacity, as CSS. */
export function paints(look: CaptionLook): { ink: string; ground: string; window: string } {
  const opacity = { none: 0, shade: 68, solid: 100 } as const;
  return {
    ink: mixed(COLOURS[look.colour], Number(look.opacity)),
    ground: mixed(GROUNDS[look.ground], opacity[look.background]),
    window: mixed(GROUNDS[look.ground], opacity[look.window]),
  };
}

/** Grounds are deeper than inks of the same name, so that letters stand out on them. */
const GROUNDS = {
  ...COLOURS,
  black: "#080604",
  red: "#8c1510",
  green: "#0c5c1c",
  blue: "#14237e",
  magenta: "#7a1070",
  cyan: "#0b5c66",
} as const;

const mixed = (colour: string, percent: number): string =>
  percent === 100 ? colour : `color-mix(in srgb, ${colour} ${percent}%, transparent)`;

/** Puts a look on the element that cues are drawn in. */
export function showLook(overlay: HTMLElement, look: CaptionLook): void {
  const { ink, ground, window } = paints(look);
  for (const part of PARTS) overlay.dataset[part] = look[part];
  overlay.style.setProperty("--pv-cue-ink", ink);
  overlay.style.setProperty("--pv-cue-ground", ground);
  overlay.style.setProperty("--pv-cue-window", window);
  overlay.style.setProperty("--pv-cue-font", SYSTEM_FONTS[look.font]);
}
