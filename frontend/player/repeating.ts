// Hearing a line again, and once more slowly: for learners, and for whoever missed it.
import { lineAt, type Line } from "./lines";

const SLOW = 0.7;
/** Seconds before the line, so that its first sound is heard whole. */
const LEAD = 0.15;

/** The part of a video element that is needed. */
export interface Heard {
  currentTime: number;
  playbackRate: number;
  play(): Promise<void>;
  addEventListener(name: string, hear: () => void): void;
}

export class Repeating {
  private until = Number.POSITIVE_INFINITY;
  private usual = 1;
  private slow = false;
  private again: Line | null = null;

  constructor(private readonly video: Heard) {
    video.addEventListener("timeupdate", () => {
      if (video.currentTime >= this.until) this.end();
    });
    video.addEventListener("seeking", () => {
      const line = this.again;
      if (line && (video.currentTime < line.start - 1 || video.currentTime > line.end + 1)) this.end();
    });
  }

  /**
   * Goes back to the line that stands at this moment, or stood last, and plays it; when that is the line
   * being repeated, or `slowly`, at a slower speed that ends with the line. Returns whether it is slow,
   * or null where there is no line.
   */
  repeat(lines: readonly Line[], slowly = false): boolean | null {
    const { video } = this;
    const line = lines[lineAt(lines, video.currentTime)];
    if (!line) return null;
    const slow = slowly || this.again?.start === line.start;
    if (!this.slow) this.usual = video.playbackRate;
    this.again = line;
    this.slow = slow;
    this.until = line.end + 0.3;
    video.playbackRate = slow ? Math.min(this.usual, 1) * SLOW : this.usual;
    video.currentTime = Math.max(0, line.start - LEAD);
    void video.play().catch(() => undefined);
    return slow;
  }

  private end(): void {
    if (this.slow) this.video.playbackRate = this.usual;
    this.slow = false;
    this.again = null;
    this.until = Number.POSITIVE_INFINITY;
  }
}
