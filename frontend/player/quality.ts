// The rows of the quality menu.
import { fill, type Labels } from "./labels";

/** One encoding of the film; several may share a height and differ in bit rate. */
export interface Rendition {
  readonly height: number;
  /** Bits per second. */
  readonly bitrate: number;
}

/** `AUTO` or the index of a rendition. */
export type QualityChoice = number;
export const AUTO: QualityChoice = -1;

interface QualityRow {
  readonly choice: QualityChoice;
  readonly label: string;
  readonly checked: boolean;
}

/** A height as people call it, e.g. `720p`. */
const qualityName = (height: number): string => `${height}p`;

/**
 * Auto first, then one row a height from the largest down (of equal heights the best bit rate).
 * While Auto is chosen its row tells `playing`, the height it shows now, if that is known.
 */
export function qualityRows(
  renditions: readonly Rendition[],
  chosen: QualityChoice,
  playing: number | undefined,
  labels: Labels,
): QualityRow[] {
  const best = new Map<number, number>();
  renditions.forEach(({ height, bitrate }, index) => {
    const other = renditions[best.get(height) ?? -1];
    if (!other || bitrate > other.bitrate) best.set(height, index);
  });
  const chosenHeight = renditions[chosen]?.height;
  const auto = chosenHeight === undefined;
  const label =
    auto && playing ? fill(labels.autoNow, { quality: qualityName(playing) }) : labels.auto;
  const rows = [...best].sort(([a], [b]) => b - a);
  return [
    { choice: AUTO, label, checked: auto },
    ...rows.map(([height, choice]) => ({
      choice,
      label: qualityName(height),
      checked: height === chosenHeight,
    })),
  ];
}
