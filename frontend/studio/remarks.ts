// Remarks on the line in hand, for who hears the page: told once typing rests, and only what is new.
// What there was on entering the line is read with it.

/** So many ms after the last key, typing rests. */
export const RESTS = 1200;

export class Remarks {
  private known = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** What there is to mend in the line in hand, in words. */
    private readonly now: () => string,
    private readonly tell: (words: string) => void,
    /** What is said where nothing is left to mend. */
    private readonly mended: string,
  ) {}

  /** Somebody came into a line. */
  entered(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.known = this.now();
    this.tell("");
  }

  /** Somebody types in it. */
  typed(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed();
  }

  /** Something else of it changed, which puts off nothing that waits. */
  changed(): void {
    this.timer ??= setTimeout(() => this.rest(), RESTS);
  }

  private rest(): void {
    this.timer = undefined;
    const now = this.now();
    if (now === this.known) return;
    this.known = now;
    this.tell(now || this.mended);
  }
}
