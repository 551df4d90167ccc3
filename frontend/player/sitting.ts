// One sitting with a film, told to the service at most every 30 seconds and once at the end.

/** Least seconds between two signals. */
const PAUSE = 30;

export class Sitting {
  /** Nothing is told while it is private. */
  hidden = false;
  /** Milliseconds that the subtitles come later than they were made to. */
  offset = 0;
  private id = draw();
  private told = 0;
  private seconds = 0;
  private last = 0;
  private spoke = -Infinity;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly send: (values: Record<string, string>) => void,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.last = this.now();
    this.spoke = this.now();
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("play", () => (this.last = this.now()));
    video.addEventListener("pause", () => this.tick());
    video.addEventListener("ended", () => this.tell(true));
    window.addEventListener("pagehide", () => this.leave());
  }

  /** Private from here on; what the sitting left so far is taken back. Or public, as a new sitting. */
  hide(hidden: boolean): void {
    if (hidden && !this.hidden) this.takeBack();
    if (!hidden && this.hidden) {
      this.id = draw();
      this.told = 0;
      this.seconds = 0;
    }
    this.hidden = hidden;
  }

  private tick(): void {
    const now = this.now();
    if (!this.video.paused) this.seconds += Math.min(2, Math.max(0, now - this.last));
    this.last = now;
    if (now - this.spoke >= PAUSE) this.tell(false);
  }

  private leave(): void {
    if (this.hidden) this.takeBack(); // once more: a signal on its way may have come after the first
    else if (this.seconds >= 1) this.tell(false);
  }

  private takeBack(): void {
    if (this.told > 0) this.send({ sitting: this.id, private: "1" });
  }

  private tell(ended: boolean): void {
    const { currentTime } = this.video;
    if (this.hidden || !(currentTime > 0 || ended)) return;
    this.spoke = this.now();
    this.told += 1;
    this.send({
      sitting: this.id,
      told: String(this.told),
      position: String(Math.floor(currentTime)),
      seconds: String(Math.round(this.seconds)),
      ...(this.offset !== 0 && { offset: String(this.offset) }),
      ...(ended && { ended: "1" }),
    });
  }
}

function draw(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
