// Which subtitles are on when the film starts.

const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";

/**
 * The index of the language tag in `offered` that serves a reader of `wanted` best, or -1:
 * the same tag, then a less specific one (`es` for `es-MX`), then any of the same language.
 */
export function matchLanguage(wanted: string, offered: readonly string[]): number {
  const tags = offered.map((tag) => tag.toLowerCase());
  for (let tag = wanted.toLowerCase(); tag; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
    const found = tags.indexOf(tag);
    if (found >= 0) return found;
  }
  return wanted ? tags.findIndex((tag) => base(tag) === base(wanted)) : -1;
}

interface CaptionWishes {
  /** What the person asked for: a language tag, or `off`; empty when they never said. */
  readonly asked: string;
  /** Language of the page, which is the person's. */
  readonly page: string;
  /** Language spoken in the film; empty when unknown. */
  readonly spoken: string;
}

/**
 * The index of the subtitles to start with, or -1 for none. A wish wins; without one, the page's
 * language is shown unless the film speaks it.
 */
export function chooseCaptions(offered: readonly string[], wishes: CaptionWishes): number {
  if (wishes.asked === "off") return -1;
  if (wishes.asked) {
    const found = matchLanguage(wishes.asked, offered);
    if (found >= 0) return found;
  }
  if (!wishes.page || base(wishes.page) === base(wishes.spoken)) return -1;
  return matchLanguage(wishes.page, offered);
}
