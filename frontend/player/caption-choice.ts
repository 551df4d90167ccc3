// Which subtitles are on when the film starts.

const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";

/** The tag with the script that is likely there: `zh-Hant-TW` for `zh-TW`. */
function whole(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().toString();
  } catch {
    return tag;
  }
}

/**
 * The index of the language tag in `offered` that serves a reader of `wanted` best, or -1: the same tag,
 * then a less specific one (`es` for `es-MX`, `zh-Hant` for `zh-TW`), then any of the same language.
 */
export function matchLanguage(wanted: string, offered: readonly string[]): number {
  const tags = offered.map((tag) => tag.toLowerCase());
  for (const one of [wanted, whole(wanted)]) {
    for (let tag = one.toLowerCase(); tag; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
      const found = tags.indexOf(tag);
      if (found >= 0) return found;
    }
  }
  return wanted ? tags.findIndex((tag) => base(tag) === base(wanted)) : -1;
}

/** What somebody reads: the page's language if they chose it. Pages speak a few; what the browser asks for comes first. */
export function languagesRead(player: HTMLElement): readonly string[] {
  const page = document.documentElement.lang;
  return player.dataset.language === "chosen" ? [page] : [...navigator.languages, page];
}

interface CaptionWishes {
  /** What the person asked for: a language tag, or `off`; empty when they never said. */
  readonly asked: string;
  /** Languages that the person reads, the dearest first. */
  readonly reads: readonly string[];
  /** Language spoken in the film; empty when unknown. */
  readonly spoken: string;
}

/**
 * The index of the subtitles to start with, or -1 for none. A wish wins; without one, the dearest
 * language that is offered, unless the film speaks that or a dearer one.
 */
export function chooseCaptions(offered: readonly string[], wishes: CaptionWishes): number {
  if (wishes.asked === "off") return -1;
  if (wishes.asked) {
    const found = matchLanguage(wishes.asked, offered);
    if (found >= 0) return found;
  }
  for (const tag of wishes.reads) {
    if (base(tag) === base(wishes.spoken)) return -1;
    const found = matchLanguage(tag, offered);
    if (found >= 0) return found;
  }
  return -1;
}
