// What the editor holds: rows in the order of time, what of them is saved, and how to undo.
import { wordsOf } from "./placing";
import { lowerBound } from "./snapping";
import { type Step, Steps, type Times } from "./steps";
import type { Span } from "./timing";
import { carried, type Typed } from "./turns";

export interface Row {
  readonly id: number;
  start: number;
  end: number;
  /** The version of the times that the server holds. */
  timing: number;
  version: number;
  text: string;
  source: string;
  notes: number;
  /** What the server holds at `version`. */
  saved: string;
  /** The times that the server holds at `timing`. */
  timed: readonly [number, number];
  /** What somebody else saved while this line was being written. */
  theirs?: { version: number; text: string } | undefined;
  /** Whether somebody else wrote in it since it was loaded. */
  shared?: boolean | undefined;
  /** Why the server won't have it, in words. */
  refused?: string | undefined;
}

export type Given = Omit<Row, "saved" | "timed">;
export type Timed = Pick<Row, "id" | "start" | "end" | "timing">;

/** The rows, and every change with the way back. Tells `onChange` which row changed its words,
 * `onMove` that rows came, went or moved. */
export class Model {
  rows: Row[] = [];
  readonly steps = new Steps();
  /** What was written in segments that others took away meanwhile. */
  readonly homeless = new Map<number, string>();
  /** The row in which an input method composes just now; what others save there waits beside it. */
  composing = -1;
  private byId = new Map<number, Row>();
  private places = new Map<number, number>();

  constructor(
    private readonly onChange: (row: Row) => void,
    private readonly onMove: () => void = () => undefined,
  ) {}

  /** Takes the rows as the server has them; what is not saved yet stays as it was typed and timed. */
  take(given: readonly Given[]): void {
    const before = this.byId;
    this.byId = new Map(given.map((each) => [each.id, merged(each, before.get(each.id))]));
    for (const row of before.values()) if (!this.byId.has(row.id)) this.leave(row);
    this.order();
  }

  /** A row that went; what was written in it and is not saved stays with whoever wrote it. */
  private leave(row: Row): void {
    if (this.isUnsaved(row)) this.homeless.set(row.id, row.text);
  }

  /** Takes some rows anew, or first; those of `gone` leave. */
  apply(given: readonly Given[], gone: readonly number[] = []): void {
    for (const id of gone) {
      const row = this.byId.get(id);
      if (row) this.leave(row);
      this.byId.delete(id);
    }
    for (const each of given) this.byId.set(each.id, merged(each, this.byId.get(each.id)));
    this.order();
    this.onMove();
  }

  /** Takes what an act of one's own made of some rows. What was typed in them since it was sent, when
   * there were `since` steps to undo, is returned, to be typed anew where its words are now. */
  made(given: readonly Given[], gone: readonly number[], since: number): Typed[] {
    const before = [...given.map(({ id }) => id), ...gone].flatMap((id) => this.byId.get(id) ?? []);
    const typed = carried(before, given);
    for (const { of } of typed) {
      const row = this.byId.get(of);
      if (row) row.text = row.saved;
    }
    this.steps.forget(typed.map(({ of }) => of), since);
    this.apply(given, gone);
    return typed;
  }

  private order(): void {
    this.rows = [...this.byId.values()].sort(
      (one, other) => one.start - other.start || one.end - other.end || one.id - other.id,
    );
    this.places = new Map(this.rows.map((row, at) => [row.id, at]));
  }

  get(id: number): Row | undefined {
    return this.byId.get(id);
  }

  at(id: number): number {
    return this.places.get(id) ?? -1;
  }

  /** Index of the first row that begins at `ms` or later. */
  from(ms: number): number {
    return lowerBound(this.rows.length, (at) => this.rows[at]?.start ?? 0, ms);
  }

  /** Index of the row that stands on the screen at `ms`; -1 if none does. */
  standing(ms: number): number {
    const next = this.from(ms + 1);
    for (let at = next - 1; at >= Math.max(0, next - 4); at -= 1) if ((this.rows[at]?.end ?? 0) > ms) return at;
    return -1;
  }

  get filled(): number {
    return this.rows.filter((row) => wordsOf(row.text).trim() !== "").length;
  }

  /** The versions of all times, each by the number of its segment: the server's sum is another if
   * somebody moved something, added or took one away (`queries.timings`). */
  get timings(): number {
    return this.rows.reduce((sum, { id, timing }) => sum + id * timing, 0);
  }

  isUnsaved(row: Row): boolean {
    return row.text !== row.saved;
  }

  get unsaved(): Row[] {
    return this.rows.filter((row) => this.isUnsaved(row));
  }

  /** Rows whose times the server does not hold yet. */
  get untimed(): Row[] {
    return this.rows.filter(({ start, end, timed }) => start !== timed[0] || end !== timed[1]);
  }

  /** The first row from an index on that says nothing, wrapping round; -1 if there is none. */
  nextEmpty(from: number): number {
    const { length } = this.rows;
    for (let step = 1; step <= length; step += 1) {
      const at = (from + step) % length;
      if (wordsOf(this.rows[at]?.text ?? "-").trim() === "") return at;
    }
    return -1;
  }

  /** Somebody types. Changes of one line within a moment are one step to undo. */
  edit(id: number, text: string, now = Date.now()): void {
    const row = this.byId.get(id);
    if (!row || row.text === text) return;
    this.steps.add({ kind: "text", id, before: row.text, after: text, at: now });
    this.set(row, text);
  }

  /** Somebody sets times; all of them are one step to undo. Returns whether anything moved. */
  time(spans: readonly Span[], now = Date.now()): boolean {
    const times = spans.flatMap(({ id, start, end }): Times[] => {
      const row = this.byId.get(id);
      if (!row || end <= start || (row.start === start && row.end === end)) return [];
      return [{ id, before: [row.start, row.end], after: [start, end] }];
    });
    const first = times[0];
    if (!first) return false;
    this.steps.add({ kind: "times", id: first.id, times, at: now });
    this.move(times, ({ after }) => after);
    return true;
  }

  /** Takes a step back, or does it again; returns its row, or undefined where it can't be done:
   * the segment is gone, or somebody else changed it since. */
  run(step: Exclude<Step, { kind: "act" }>, back: boolean): Row | undefined {
    const row = this.byId.get(step.id);
    if (!row) return undefined;
    if (step.kind === "text") {
      const [stands, wanted] = back ? [step.after, step.before] : [step.before, step.after];
      if (row.shared && row.text !== stands) return undefined;
      this.set(row, wanted);
    } else {
      const stands = ({ id, before, after }: Times): boolean => {
        const found = this.byId.get(id);
        const [start, end] = back ? after : before;
        return found?.start === start && found.end === end;
      };
      const still = step.times.filter(stands);
      if (still.length === 0) return undefined;
      this.move(still, ({ before, after }) => (back ? before : after));
    }
    return row;
  }

  private move(times: readonly Times[], pick: (each: Times) => readonly [number, number]): void {
    for (const each of times) {
      const row = this.byId.get(each.id);
      if (row) [row.start, row.end] = pick(each);
    }
    this.order();
    this.onMove();
  }

  private set(row: Row, text: string): void {
    row.text = text;
    row.refused = undefined;
    this.onChange(row);
  }

  /** The server holds these times, as `timing`. */
  wereTimed(times: readonly Timed[]): void {
    for (const { id, start, end, timing } of times) {
      const row = this.byId.get(id);
      if (row) Object.assign(row, { timing, timed: [start, end] });
    }
  }

  /** The server's times stand instead of those set here. */
  retreat(): void {
    for (const row of this.untimed) [row.start, row.end] = row.timed;
    this.order();
    this.onMove();
  }

  /** The server holds what was `sent`, as `version`; who types on has more to save. */
  wasSaved(row: Row, version: number, sent: string): void {
    row.version = version;
    row.saved = sent;
    row.theirs = undefined;
    row.refused = undefined;
    this.onChange(row);
  }

  /** Somebody else saved this line. */
  hear(id: number, version: number, text: string): void {
    const row = this.byId.get(id);
    if (!row || version <= row.version) return;
    row.shared ||= row.text !== text;
    if (row.text === text || (!this.isUnsaved(row) && id !== this.composing)) {
      Object.assign(row, { text, saved: text, version, theirs: undefined });
    } else {
      row.theirs = { version, text };
    }
    this.onChange(row);
  }

  /** How many notes are open, by segment; whether any are more or fewer than before. */
  noted(notes: Readonly<Record<string, number>>): boolean {
    let changed = false;
    for (const row of this.rows) {
      const count = notes[row.id] ?? 0;
      changed ||= row.notes !== count;
      row.notes = count;
    }
    return changed;
  }

  /** A clash is settled: mine is written over theirs, knowingly, or theirs is taken. */
  settle(row: Row, mine: boolean): void {
    const { theirs } = row;
    if (!theirs) return;
    row.version = theirs.version;
    row.saved = theirs.text;
    row.theirs = undefined;
    if (mine) this.onChange(row);
    else this.edit(row.id, theirs.text);
  }
}

/** A row as the server has it, with what is not saved yet of the one that was here. */
function merged(given: Given, known: Row | undefined): Row {
  const row: Row = { ...given, saved: given.text, timed: [given.start, given.end] };
  if (!known) return row;
  row.shared = known.shared;
  if (known.text !== known.saved) {
    row.text = known.text;
    if (known.version !== given.version && known.text !== given.text) {
      row.theirs = { version: given.version, text: given.text };
      row.version = known.version;
      row.saved = known.saved;
    }
  }
  const moved = known.start !== known.timed[0] || known.end !== known.timed[1];
  if (moved && known.timing === given.timing) [row.start, row.end] = [known.start, known.end];
  return row;
}
