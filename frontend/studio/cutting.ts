// Timing and cutting: what each act does to segments, and how it is taken back.
import { ask } from "./dialogs";
import type { Labels } from "./labels";
import type { Model, Row } from "./model";
import { headOf, wordsOf } from "./placing";
import { byFrames, onFrame, type Outline } from "./snapping";
import type { Step, Values } from "./steps";
import { type Told, Undone } from "./sync";
import { clock, parseClock } from "./time";
import { chained, clearedOfShots, shifted, type Span, stretched } from "./timing";

interface CuttingOptions {
  readonly root: HTMLElement;
  readonly labels: Labels;
  readonly language: string;
  /** Least pause between two lines, in frames. */
  readonly gap: number;
  readonly outline: () => Outline;
  readonly act: (values: () => Values | undefined, then: (told: Told) => void) => Promise<Told>;
  /** The row in hand. */
  readonly current: () => number;
  readonly timed: () => void;
  readonly focus: (id: number) => void;
  readonly say: (words: string) => void;
  /** Tells a reader of screens where one stands now. */
  readonly tell: (id: number) => void;
}

/** Length of a segment cut where there is room, in ms. */
const LENGTH = 2000;
const LEAST = 100;

export class Cutting {
  constructor(
    private readonly model: Model,
    private readonly options: CuttingOptions,
  ) {}

  private get fps(): number {
    return this.options.outline().fps;
  }

  /** New times of one segment, each that moves on a frame. */
  set(row: Row, start: number, end: number): void {
    const from = start === row.start ? start : onFrame(start, this.fps);
    const until = end === row.end ? end : onFrame(end, this.fps);
    if (until <= from) return this.options.say(this.options.labels.badTimes);
    this.time([{ id: row.id, start: from, end: until }]);
  }

  /** The beginning (or end) moved by frames. */
  nudge(row: Row, side: "start" | "end", frames: number): void {
    const now = byFrames(row[side], frames, this.fps);
    this.set(row, side === "start" ? now : row.start, side === "end" ? now : row.end);
  }

  /** Cut in two at a moment; `where` says where in the words. */
  split({ id }: Row, where: (row: Row) => number, playhead: number): Promise<void> {
    let [before, at] = ["", 0];
    const values = (): Values | undefined => {
      const row = this.model.get(id);
      if (!row) return undefined;
      const { text, start, end, version } = row;
      const [head, words, cut] = [headOf(text), wordsOf(text), where(row)];
      const share = words.length > 0 ? Math.min(0.9, Math.max(0.1, cut / words.length)) : 0.5;
      // The playhead counts where both halves can be seen; else the share of the words.
      const inside = playhead >= start + LEAST && playhead <= end - LEAST;
      at = onFrame(inside ? playhead : start + (end - start) * share, this.fps);
      before = text;
      const [first, second] = [words.slice(0, cut), words.slice(cut)].map((half) => head + half.trim());
      return { act: "split", segment: id, at, version, first: first ?? "", second: second ?? "" };
    };
    return this.run(values, ({ segment: other }) => {
      if (other === undefined) return undefined;
      this.remember(id, { act: "merge", segment: id, other, text: before }, { act: "part", segment: id, other, end: at });
      return other;
    });
  }

  /** Joined with the next one. */
  merge({ id }: Row): Promise<void> {
    let until = 0;
    const values = (): Values | undefined => {
      const row = this.model.get(id);
      const next = row && this.model.rows[this.model.at(id) + 1];
      if (row && !next) this.options.say(this.options.labels.noNext);
      if (!next) return undefined;
      until = row.end;
      return { act: "merge", segment: id, other: next.id };
    };
    return this.run(values, ({ gone }) => {
      const other = gone?.[0];
      if (other === undefined) return undefined;
      this.remember(id, { act: "part", segment: id, other, end: until }, { act: "merge", segment: id, other });
      return id;
    }, true);
  }

  /** Cut anew between two moments, or where the playhead stands. */
  add(start: number, end?: number): Promise<void> {
    const from = onFrame(start, this.fps);
    const values = (): Values => {
      const next = this.model.rows[this.model.from(from + 1)]?.start ?? from + LENGTH;
      const room = Math.min(from + LENGTH, byFrames(next, -this.options.gap, this.fps));
      const until = onFrame(end ?? Math.max(from + LEAST, room), this.fps);
      return { act: "add", start: from, end: until };
    };
    return this.run(values, ({ segment }) => {
      if (segment === undefined) return undefined;
      this.remember(segment, { act: "remove", segment }, { act: "bring-back", segment });
      return segment;
    });
  }

  /** Taken away. */
  remove({ id }: Row): Promise<void> {
    let at = 0;
    const values = (): Values | undefined => {
      const row = this.model.get(id);
      at = this.model.at(id);
      return row && { act: "remove", segment: id, timing: row.timing };
    };
    return this.run(values, ({ gone }) => {
      if (!gone) return undefined;
      this.remember(id, { act: "bring-back", segment: id }, { act: "remove", segment: id });
      return this.model.rows[Math.min(at, this.model.rows.length - 1)]?.id ?? -1;
    });
  }

  /** From here on earlier or later, by what is asked. */
  async shift(row: Row): Promise<void> {
    const { labels, root } = this.options;
    const words = { question: labels.shiftBy, does: labels.shift, value: "0.000", wrong: labels.notATime };
    const by = await ask(root, labels, words, signedTime);
    if (by) this.time(shifted(this.from(row), by, this.fps));
    this.options.focus(row.id);
  }

  /** From here on, so that the last line ends when it is asked to. */
  async stretch(row: Row): Promise<void> {
    const { labels, root } = this.options;
    const rows = this.from(row);
    const last = Math.max(...rows.map(({ end }) => end));
    const words = { question: labels.stretchTo, does: labels.stretch, value: clock(last), wrong: labels.notATime };
    const understood = (text: string): number | undefined => {
      const end = parseClock(text);
      return end !== undefined && end > row.start ? end : undefined;
    };
    const end = await ask(root, labels, words, understood);
    if (end) this.time(stretched(rows, row.start, end, this.fps));
    this.options.focus(row.id);
  }

  /** From here on, short gaps closed. */
  chain(row: Row): void {
    this.time(chained(this.from(row), this.fps, this.options.gap, this.options.language));
  }

  /** From here on, clear of cuts. */
  clear(row: Row): void {
    this.time(clearedOfShots(this.from(row), this.options.outline()));
  }

  /** Takes a step of the server's back, or does it again. */
  again(step: Extract<Step, { kind: "act" }>, back: boolean): Promise<void> {
    const values = back ? step.undo : step.redo;
    const now = (): Values => {
      const row = this.model.get(Number(values.segment));
      return values.act === "remove" && row ? { ...values, timing: row.timing } : values;
    };
    return this.run(now, () => step.id, true, (stays) => this.model.steps.failed(step, back, stays));
  }

  private from(row: Row): readonly Row[] {
    return this.model.rows.slice(this.model.at(row.id));
  }

  private time(spans: readonly Span[]): void {
    const { labels, say, timed } = this.options;
    if (!this.model.time(spans)) return say(labels.nothingToMove);
    timed();
    if (spans[0]) this.options.tell(spans[0].id);
  }

  private remember(id: number, undo: Values, redo: Values): void {
    this.model.steps.add({ kind: "act", id, undo, redo });
  }

  /** Does an act; `done` says where its author goes on, unless they went elsewhere meanwhile, and
   * whoever hears the page is told if it `tells`. `failed` hears that it was not done, and whether it
   * can be tried again. */
  private async run(
    values: () => Values | undefined,
    done: (told: Told) => number | undefined,
    tells = false,
    failed: (again: boolean) => void = () => undefined,
  ): Promise<void> {
    const { act, current, focus, say, tell } = this.options;
    const here = current();
    try {
      await act(values, (told) => {
        const next = done(told);
        if (next !== undefined && (current() === here || !this.model.get(current()))) focus(next);
        if (next !== undefined && tells) tell(next);
      });
    } catch (problem) {
      failed(problem instanceof Undone);
      say((problem as Error).message);
    }
  }
}

/** Seconds with a sign, or a clock, as ms: `-1.5`, `+0:02.250`. */
export function signedTime(text: string): number | undefined {
  const ms = parseClock(text.replace(/^[-+−]/, ""));
  return ms === undefined ? undefined : /^[-−]/.test(text) ? -ms : ms;
}
