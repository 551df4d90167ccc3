// Seek-bar pictures: a WebVTT file whose cues name a rectangle of a sprite image (`sheet.jpg#xywh=…`).

export interface Thumbnail {
  /** Seconds from which, and until which, the picture stands for the film. */
  readonly start: number;
  readonly end: number;
  readonly url: string;
  /** x, y, width and height within the image, in its pixels. */
  readonly box: readonly [number, number, number, number];
}

const TIMING = /^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;

function seconds(stamp: string): number {
  return stamp
    .replace(",", ".")
    .split(":")
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

function parseCue(block: string, base: string): Thumbnail | null {
  const lines = block.split("\n");
  const at = lines.findIndex((line) => line.includes("-->"));
  const timing = at < 0 ? null : TIMING.exec(lines[at]?.trim() ?? "");
  const target = lines[at + 1]?.trim();
  if (!timing?.[1] || !timing[2] || !target) return null;
  const [address, fragment = ""] = target.split("#xywh=");
  const box = fragment.replace(/^pixel:/, "").split(",").map(Number);
  const [x, y, width, height] = box;
  if (box.length !== 4 || !box.every((n) => Number.isFinite(n) && n >= 0)) return null;
  if (!width || !height) return null;
  return {
    start: seconds(timing[1]),
    end: seconds(timing[2]),
    url: new URL(address ?? "", base).href,
    box: [x ?? 0, y ?? 0, width, height],
  };
}

/** The pictures of a thumbnail track in order of time; addresses are resolved against `base`. */
export function parseThumbnails(vtt: string, base: string): Thumbnail[] {
  const blocks = vtt.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").split(/\n{2,}/);
  return blocks
    .map((block) => parseCue(block, base))
    .filter((found) => found !== null)
    .sort((a, b) => a.start - b.start);
}

/** The picture that stands for `time` (the last one that has begun, or the first), if there is any. */
export function thumbnailAt(thumbnails: readonly Thumbnail[], time: number): Thumbnail | undefined {
  let found = thumbnails[0];
  for (const thumbnail of thumbnails) {
    if (thumbnail.start > time) break;
    found = thumbnail;
  }
  return found;
}

/** The pictures of the track at `address`; none if it isn't there. Rejects when the network fails. */
export async function fetchThumbnails(address: string): Promise<Thumbnail[]> {
  const answer = await fetch(address);
  return answer.ok ? parseThumbnails(await answer.text(), answer.url) : [];
}
