// What the editor holds: rows in the order of time, what of them is saved, and how to undo.

export interface Row {
  readonly id: number;
  start: number;
  end: number;
  timing: number;
  version: number;
  text: string;
  source: string;
  notes: number;
  /** What the server holds at `version`. */
  saved: string;
  /** What somebody else saved while this line was being written. */
  theirs?: { version: number; text: string } | undefined;
  /** Why the server won't have it, in words. */
  refused?: string | undefined;
}

export type Given = Omit<Row, "saved">;

interface Step {
  readonly id: number;
  readonly before: string;
  after: string;
  at: number;
}

const TOGETHER = 1500;

/** The rows, and every change of a text with the way back. Tells `onChange` which row changed. */
export class Model {
  rows: Row[] = [];
  private byId = new Map<number, Row>();
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];

  constructor(private readonly onChange: (row: Row) => void) {}

  /** Takes the rows as the server has them; what is not saved yet stays as it was typed. */
  take(given: readonly Given[]): void {
    const before = this.byId;
    this.rows = given.map((each) => {
      const known = before.get(each.id);
      const row: Row = { ...each, saved: each.text };
      if (known && known.text !== known.saved) {
        row.text = known.text;
        if (known.version !== each.version && known.text !== each.text) {
          row.theirs = { version: each.version, text: each.text };
          row.version = known.version;
          row.saved = known.saved;
        }
      }
      return row;
    });
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
  }

  get(id: number): Row | undefined {
    return this.byId.get(id);
  }

  at(id: number): number {
    return this.rows.findIndex((row) => row.id === id);
  }

  get filled(): number {
    return this.rows.filter((row) => row.text.trim() !== "").length;
  }

  isUnsaved(row: Row): boolean {
    return row.text !== row.saved;
  }

  get unsaved(): Row[] {
    return this.rows.filter((row) => this.isUnsaved(row));
  }

  /** The first row from an index on that says nothing, wrapping round; -1 if there is none. */
  nextEmpty(from: number): number {
    const { length } = this.rows;
    for (let step = 1; step <= length; step += 1) {
      const at = (from + step) % length;
      if (this.rows[at]?.text.trim() === "") return at;
    }
    return -1;
  }

  /** Somebody types. Changes of one line within a moment are one step to undo. */
  edit(id: number, text: string, now = Date.now()): void {
    const row = this.byId.get(id);
    if (!row || row.text === text) return;
    const last = this.done.at(-1);
    if (last?.id === id && now - last.at < TOGETHER && last.after === row.text) {
      last.after = text;
      last.at = now;
    } else {
      this.done.push({ id, before: row.text, after: text, at: now });
    }
    this.undone.length = 0;
    this.set(row, text);
  }

  /** Takes the last step back; returns the row that it was in. */
  undo(): Row | undefined {
    return this.move(this.done, this.undone, (step) => step.before);
  }

  redo(): Row | undefined {
    return this.move(this.undone, this.done, (step) => step.after);
  }

  private move(from: Step[], to: Step[], pick: (step: Step) => string): Row | undefined {
    for (let step = from.pop(); step; step = from.pop()) {
      const row = this.byId.get(step.id);
      if (!row) continue; // merged away
      to.push({ ...step, at: 0 });
      this.set(row, pick(step));
      return row;
    }
    return undefined;
  }

  private set(row: Row, text: string): void {
    row.text = text;
    row.refused = undefined;
    this.onChange(row);
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
    if (row.text === text || !this.isUnsaved(row)) {
      Object.assign(row, { text, saved: text, version, theirs: undefined });
    } else {
      row.theirs = { version, text };
    }
    this.onChange(row);
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
