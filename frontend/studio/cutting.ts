// Timing and cutting: what each act does to segments, and how it is taken back.
import { ask } from "./dialogs";
import type { Labels } from "./labels";
import type { Model, Row } from "./model";
import { headOf, wordsOf } from "./placing";
import { byFrames, onFrame, type Outline } from "./snapping";
import type { Step, Values } from "./steps";
import type { Told } from "./sync";
import { clock, parseClock } from "./time";
import { chained, clearedOfShots, shifted, type Span, stretched } from "./timing";

interface CuttingOptions {
  readonly root: HTMLElement;
  readonly labels: Labels;
  readonly language: string;
  /** Least pause between two lines, in frames. */
  readonly gap: number;
  readonly outline: () => Outline;
  readonly act: (values: Values) => Promise<Told>;
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

  /** Cut in two at a moment; `cut` is where in the words. */
  async split(row: Row, cut: number, playhead: number): Promise<void> {
    const { text, id, start, end } = row;
    const [head, words] = [headOf(text), wordsOf(text)];
    const share = words.length > 0 ? Math.min(0.9, Math.max(0.1, cut / words.length)) : 0.5;
    // The playhead counts where both halves can be seen; else the share of the words.
    const inside = playhead >= start + LEAST && playhead <= end - LEAST;
    const at = onFrame(inside ? playhead : start + (end - start) * share, this.fps);
    const [first, second] = [head + words.slice(0, cut).trim(), head + words.slice(cut).trim()];
    const values = { act: "split", segment: id, at, first, second };
    const told = await this.run(values);
    const other = told?.segment;
    if (other === undefined) return;
    this.remember(
      id,
      { act: "merge", segment: id, text },
      { act: "part", segment: id, other, end: at },
    );
    this.options.focus(other);
  }

  /** Joined with the next one. */
  async merge(row: Row): Promise<void> {
    const next = this.model.rows[this.model.at(row.id) + 1];
    if (!next) return this.options.say(this.options.labels.noNext);
    const { id, end } = row;
    const told = await this.run({ act: "merge", segment: id });
    const other = told?.gone?.[0];
    if (other === undefined) return;
    this.remember(id, { act: "part", segment: id, other, end }, { act: "merge", segment: id });
    this.options.focus(id);
    this.options.tell(id);
  }

  /** Cut anew between two moments, or where the playhead stands. */
  async add(start: number, end?: number): Promise<void> {
    const from = onFrame(start, this.fps);
    const next = this.model.rows[this.model.from(from + 1)]?.start ?? from + LENGTH;
    const room = Math.min(from + LENGTH, byFrames(next, -this.options.gap, this.fps));
    const until = onFrame(end ?? Math.max(from + LEAST, room), this.fps);
    const told = await this.run({ act: "add", start: from, end: until });
    const segment = told?.segment;
    if (segment === undefined) return;
    this.remember(segment, { act: "remove", segment }, { act: "bring-back", segment });
    this.options.focus(segment);
  }

  /** Taken away. */
  async remove(row: Row): Promise<void> {
    const { id } = row;
    const at = this.model.at(id);
    if (!(await this.run({ act: "remove", segment: id, timing: row.timing }))) return;
    this.remember(id, { act: "bring-back", segment: id }, { act: "remove", segment: id });
    const near = this.model.rows[Math.min(at, this.model.rows.length - 1)];
    this.options.focus(near?.id ?? -1);
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
  async again(step: Extract<Step, { kind: "act" }>, back: boolean): Promise<void> {
    const values = back ? step.undo : step.redo;
    const row = this.model.get(Number(values.segment));
    const timing = values.act === "remove" && row ? { timing: row.timing } : {};
    if (!(await this.run({ ...values, ...timing }))) return;
    this.options.focus(step.id);
    this.options.tell(step.id);
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

  private async run(values: Values): Promise<Told | undefined> {
    try {
      return await this.options.act(values);
    } catch (problem) {
      this.options.say((problem as Error).message);
      return undefined;
    }
  }
}

/** Seconds with a sign, or a clock, as ms: `-1.5`, `+0:02.250`. */
export function signedTime(text: string): number | undefined {
  const ms = parseClock(text.replace(/^[-+−]/, ""));
  return ms === undefined ? undefined : /^[-−]/.test(text) ? -ms : ms;
}
