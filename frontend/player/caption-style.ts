// How subtitles look: the viewer's choice, kept in memory only. Whoever may remember it listens to
// `plainview:caption-style`.

export const CAPTION_SIZES = ["small", "normal", "large", "huge"] as const;
export const CAPTION_BACKGROUNDS = ["shade", "solid", "none"] as const;

export interface CaptionStyle {
  readonly size: (typeof CAPTION_SIZES)[number];
  readonly background: (typeof CAPTION_BACKGROUNDS)[number];
}

function among<T extends string>(known: readonly T[], given: string | undefined, otherwise: T): T {
  return known.find((value) => value === given) ?? otherwise;
}

/** The style named by data attributes; unknown values are the usual ones. */
export function readCaptionStyle(size?: string, background?: string): CaptionStyle {
  return {
    size: among(CAPTION_SIZES, size, "normal"),
    background: among(CAPTION_BACKGROUNDS, background, "shade"),
  };
}
