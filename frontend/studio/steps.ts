// The way back without end: what was typed, timed or cut, in the order it was done.

export type Values = Readonly<Record<string, string | number>>;

export interface Times {
  readonly id: number;
  readonly before: readonly [number, number];
  after: readonly [number, number];
}

/** One thing to undo: words of a line, times of segments, or an act of the server's. */
export type Step =
  | { readonly kind: "text"; readonly id: number; readonly before: string; after: string; at: number }
  | { readonly kind: "times"; readonly id: number; readonly times: readonly Times[]; at: number }
  | { readonly kind: "act"; readonly id: number; readonly undo: Values; readonly redo: Values };

/** Typing in one line, or nudging one segment, within this many ms is one step. */
const TOGETHER = 1500;

export class Steps {
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];
  /** How many steps were below the one that was taken last. */
  private taken = 0;

  /** Remembers a step; what was undone before can't be done again then. */
  add(step: Step): void {
    this.undone.length = 0;
    if (!this.joins(step)) this.done.push(step);
  }

  /** The step to take back, which is then the one to do again; undefined if there is none. */
  back(): Step | undefined {
    return this.move(this.done, this.undone);
  }

  /** The step to do again. */
  again(): Step | undefined {
    return this.move(this.undone, this.done);
  }

  /** A step that was to be taken back, or done again, was not: it is no step any more, unless it `stays` one. */
  failed(step: Step, back: boolean, stays: boolean): void {
    const [from, to] = back ? [this.done, this.undone] : [this.undone, this.done];
    const at = to.lastIndexOf(step);
    if (at >= 0) to.splice(at, 1);
    if (stays) from.splice(this.taken, 0, step); // below what was typed since
  }

  /** How many steps there are to take back; what is typed from now on joins none of them. */
  mark(): number {
    const last = this.done.at(-1);
    if (last && last.kind !== "act") last.at = 0;
    return this.done.length;
  }

  /** What was typed in some rows behind a mark is no step any more. */
  forget(ids: readonly number[], since: number): void {
    const kept = this.done.slice(since).filter(({ kind, id }) => kind !== "text" || !ids.includes(id));
    this.done.splice(since, this.done.length, ...kept);
  }

  private move(from: Step[], to: Step[]): Step | undefined {
    const step = from.pop();
    this.taken = from.length;
    if (step && step.kind !== "act") step.at = 0;
    if (step) to.push(step);
    return step;
  }

  private joins(step: Step): boolean {
    const last = this.done.at(-1);
    if (!last || last.kind === "act" || step.kind === "act" || last.id !== step.id) return false;
    if (last.kind !== step.kind || step.at - last.at >= TOGETHER) return false;
    if (last.kind === "text" && step.kind === "text" && last.after === step.before) {
      last.after = step.after;
    } else if (last.kind === "times" && step.kind === "times" && isSame(last.times, step.times)) {
      for (const [at, each] of last.times.entries()) each.after = step.times[at]?.after ?? each.after;
    } else return false;
    last.at = step.at;
    return true;
  }
}

/** Whether the second goes on from where the first ended, with one segment. */
function isSame(first: readonly Times[], second: readonly Times[]): boolean {
  const [one, other] = [first[0], second[0]];
  return first.length === 1 && second.length === 1 && one?.after.join() === other?.before.join();
}
