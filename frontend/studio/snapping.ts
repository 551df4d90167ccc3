// Where a time may fall: on frames, and near a cut, a voice or a neighbour, on that. Pure arithmetic
// in milliseconds; the rule of cuts is Netflix's as SubtitleEdit runs it (NetflixCheckShotChange.cs).

export interface Outline {
  /** Frames a second. */
  readonly fps: number;
  /** Where shots begin, in ms. */
  readonly shots: readonly number[];
  /** (start, end) of each stretch of speech, in ms. */
  readonly speech: readonly (readonly [number, number])[];
}

/** What a dragged edge sticks to, besides frames. */
export interface Sticks {
  readonly shots: boolean;
  readonly speech: boolean;
  readonly neighbours: boolean;
}

interface Snapped {
  readonly ms: number;
  readonly to: "frame" | "shot" | "speech" | "neighbour";
}

export type Side = "start" | "end";

/** Frames between a line's end and the next cut or line. */
const GAP_FRAMES = 2;

/** `24000/1001` or `25` as a number. */
export function rateOf(text: string): number {
  const [above = 25, below = 1] = text.split("/").map(Number);
  const rate = above / below;
  return Number.isFinite(rate) && rate > 0 ? rate : 25;
}

/** When a frame begins, in whole milliseconds. */
export const frameMs = (frame: number, fps: number): number => Math.round((frame * 1000) / fps);

/** The beginning of the frame nearest to a time. */
export const onFrame = (ms: number, fps: number): number => Math.max(0, frameMs(Math.round((ms * fps) / 1000), fps));

/** A time moved by whole frames. */
export const byFrames = (ms: number, frames: number, fps: number): number =>
  Math.max(0, frameMs(Math.round((ms * fps) / 1000) + frames, fps));

/** The least pause between two lines: two frames, more where the limits say so. */
export function gapFrames(minimum: number, fps: number): number {
  return Math.max(GAP_FRAMES, Math.ceil((minimum * fps) / 1000 - 0.01));
}

/** Index of the first of ascending numbers that is at least `value`. */
export function lowerBound(length: number, at: (index: number) => number, value: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nearest(values: readonly number[], ms: number): number | undefined {
  const at = lowerBound(values.length, (index) => values[index] ?? 0, ms);
  const [before, after] = [values[at - 1], values[at]];
  if (before === undefined || after === undefined) return before ?? after;
  return ms - before <= after - ms ? before : after;
}

/** Where an edge let go at `ms` falls: on the nearest thing it sticks to within reach, else a frame. */
export function snap(
  ms: number,
  side: Side,
  outline: Outline,
  sticks: Sticks,
  near: { readonly within: number; readonly before?: number; readonly after?: number; readonly gap: number },
): Snapped {
  const { fps } = outline;
  const found: Snapped[] = [];
  const offer = (value: number | undefined, to: Snapped["to"]): void => {
    if (value !== undefined && Math.abs(value - ms) <= near.within) found.push({ ms: Math.max(0, value), to });
  };
  if (sticks.shots) {
    const cut = nearest(outline.shots, ms);
    if (cut !== undefined) offer(side === "start" ? onFrame(cut, fps) : byFrames(cut, -GAP_FRAMES, fps), "shot");
  }
  if (sticks.neighbours) {
    if (side === "start" && near.before !== undefined) offer(byFrames(near.before, near.gap, fps), "neighbour");
    if (side === "end" && near.after !== undefined) offer(byFrames(near.after, -near.gap, fps), "neighbour");
  }
  if (sticks.speech) {
    const edge = nearest(
      outline.speech.map((stretch) => stretch[side === "start" ? 0 : 1]),
      ms,
    );
    if (edge !== undefined) offer(onFrame(edge, fps), "speech");
  }
  found.sort((one, other) => Math.abs(one.ms - ms) - Math.abs(other.ms - ms));
  return found[0] ?? { ms: onFrame(ms, fps), to: "frame" };
}

/** Times that keep clear of cuts: the in-cue on the cut or half a second before, the out-cue two
 * frames before it. */
export function clearOfShots(start: number, end: number, { fps, shots }: Outline): [number, number] {
  const half = Math.round(fps / 2);
  const frame = (ms: number): number => Math.round((ms * fps) / 1000);
  let [first, last] = [frame(start), frame(end)];
  const cutIn = nearest(shots, start);
  if (cutIn !== undefined) {
    const cut = frame(cutIn);
    const ahead = cut - first;
    if (ahead < 0 && -ahead < half) first = cut;
    else if (ahead >= 1 && ahead <= 0.75 * half - 1) first = cut;
    else if (ahead > 0.75 * half - 1 && ahead < half) first = Math.max(0, cut - half);
  }
  const cutOut = nearest(shots, end);
  if (cutOut !== undefined) {
    const cut = frame(cutOut);
    if (Math.abs(last - cut) < half && cut - GAP_FRAMES > first) last = cut - GAP_FRAMES;
  }
  return last > first ? [frameMs(first, fps), frameMs(last, fps)] : [start, end];
}
