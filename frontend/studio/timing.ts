// Operations on many segments at once: pure, from rows to the changes they ask for.
import type { Outline } from "./snapping";
import { clearOfShots, frameMs, onFrame } from "./snapping";

export interface Span {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

const different = (rows: readonly Span[], to: (row: Span, at: number) => Span | undefined): Span[] =>
  rows.flatMap((row, at) => {
    const now = to(row, at);
    return now && now.end > now.start && (now.start !== row.start || now.end !== row.end) ? [now] : [];
  });

/** Every row moved by `by` ms, each to a frame; none begins before the film does. */
export function shifted(rows: readonly Span[], by: number, fps: number): Span[] {
  const first = Math.min(...rows.map(({ start }) => start));
  const least = Math.max(by, -first);
  return different(rows, ({ id, start, end }) => ({
    id,
    start: onFrame(start + least, fps),
    end: onFrame(end + least, fps),
  }));
}

/** Rows laid out anew so that the first begins at `first` and the last ends at `last`, all else between
 * in proportion: for a film of another speed. */
export function stretched(rows: readonly Span[], first: number, last: number, fps: number): Span[] {
  const from = rows[0]?.start ?? 0;
  const until = Math.max(...rows.map(({ end }) => end));
  if (until <= from || last <= first) return [];
  const scale = (last - first) / (until - from);
  const to = (ms: number): number => onFrame(first + (ms - from) * scale, fps);
  return different(rows, ({ id, start, end }) => ({ id, start: to(start), end: to(end) }));
}

/** Gaps closed that are longer than the least and shorter than half a second: a flicker otherwise.
 * Japanese leaves them. */
export function chained(rows: readonly Span[], fps: number, gap: number, language: string): Span[] {
  if (language.split("-")[0] === "ja") return [];
  const half = Math.round(fps / 2);
  const frame = (ms: number): number => Math.round((ms * fps) / 1000);
  return different(rows, (row, at) => {
    const next = rows[at + 1];
    if (!next) return undefined;
    const between = frame(next.start) - frame(row.end);
    if (between === gap || between < 0 || between >= half) return undefined;
    return { ...row, end: frameMs(frame(next.start) - gap, fps) };
  });
}

/** Every row kept clear of cuts, and of the row that follows. */
export function clearedOfShots(rows: readonly Span[], outline: Outline): Span[] {
  return different(rows, (row, at) => {
    const [start, end] = clearOfShots(row.start, row.end, outline);
    const before = rows[at - 1];
    const next = rows[at + 1];
    return {
      id: row.id,
      start: before && start < before.end ? row.start : start,
      end: next && end > next.start ? row.end : end,
    };
  });
}
