// The sleep timer: stops the film after some minutes, or when it is over.

export type Sleep = number | "end" | null;
export const SLEEPS = [15, 30, 45, 60, 90] as const;

export class SleepTimer {
  private chosen: Sleep = null;
  private at = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onSleep` stops the film; `now` is a clock in milliseconds. */
  constructor(
    private readonly onSleep: () => void,
    private readonly now: () => number = () => Date.now(),
  ) {}

  get choice(): Sleep {
    return this.chosen;
  }

  /** Minutes left, rounded up; 0 when no time runs. */
  get left(): number {
    return typeof this.chosen === "number" ? Math.max(0, Math.ceil((this.at - this.now()) / 60_000)) : 0;
  }

  /** Minutes from now, the end of the film, or not at all. */
  set(choice: Sleep): void {
    clearTimeout(this.timer);
    this.chosen = choice;
    if (typeof choice === "number") this.arm(choice);
  }

  /** So many minutes more than are left. */
  add(minutes: number): void {
    if (typeof this.chosen === "number") this.set(this.left + minutes);
  }

  /** The film is over: whether it was to be the last. */
  ended(): boolean {
    const last = this.chosen === "end";
    if (last) this.chosen = null;
    return last;
  }

  private arm(minutes: number): void {
    this.at = this.now() + minutes * 60_000;
    this.timer = setTimeout(() => {
      this.chosen = null;
      this.onSleep();
    }, minutes * 60_000);
  }
}
