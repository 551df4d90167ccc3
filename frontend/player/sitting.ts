// One sitting with a film, told to the service at most every 30 seconds, where it rests and once at the end.

/** Least seconds between two signals. */
const PAUSE = 30;
/** Milliseconds of standing still after which it rests: to be gone on with elsewhere. */
const REST = 5000;
/** Milliseconds that a link waits at most until what was watched is told. */
const PATIENCE = 400;

export class Sitting {
  /** Nothing is told while it is private. */
  hidden = false;
  /** Milliseconds that the subtitles come later than they were made to. */
  offset = 0;
  private id = draw();
  private told = 0;
  private seconds = 0;
  /** Of the seconds those that were told, and the place that was. */
  private counted = 0;
  private place = 0;
  private last = 0;
  private spoke = -Infinity;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly send: (values: Record<string, string>, awaited: boolean) => Promise<unknown>,
    private readonly go: (address: string) => void = (address) => location.assign(address),
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.last = this.now();
    this.spoke = this.now();
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("play", () => (this.last = this.now()));
    video.addEventListener("pause", () => {
      this.tick();
      clearTimeout(this.resting);
      this.resting = setTimeout(() => video.paused && !this.hidden && this.leave(), REST);
    });
    video.addEventListener("ended", () => this.tell(true));
    window.addEventListener("pagehide", () => this.leave());
    // A telephone may end a page that is out of sight without another word.
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("click", (event) => this.follow(event));
  }

  /** Private from here on; what the sitting left so far is taken back. Or public, as a new sitting. */
  hide(hidden: boolean): void {
    if (hidden && !this.hidden) this.takeBack();
    if (!hidden && this.hidden) {
      this.id = draw();
      this.told = 0;
      this.seconds = 0;
      this.counted = 0;
    }
    this.hidden = hidden;
  }

  private tick(): void {
    const now = this.now();
    if (!this.video.paused) this.seconds += Math.min(2, Math.max(0, now - this.last));
    this.last = now;
    if (now - this.spoke >= PAUSE) this.tell(false);
  }

  /**
   * Tells before a link is followed: the page that it leads to shows how far one came, and would be
   * answered before this one hides.
   */
  private follow(event: Event): void {
    const address = leadsTo(event as MouseEvent);
    if (!address || this.hidden) return;
    const telling = this.leave(true);
    if (!telling) return;
    event.preventDefault();
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    void Promise.race([telling, patience]).finally(() => this.go(address));
  }

  private leave(awaited = false): Promise<unknown> | undefined {
    if (this.hidden) this.takeBack(); // once more: a signal on its way may have come after the first
    else if (this.seconds >= 1 && this.news()) return this.tell(false, awaited);
    return undefined;
  }

  /** Whether what was told is more than a page's change behind. */
  private news(): boolean {
    const { currentTime } = this.video;
    return this.told === 0 || Math.max(this.seconds - this.counted, Math.abs(currentTime - this.place)) > 2;
  }

  private takeBack(): void {
    if (this.told > 0) void this.send({ sitting: this.id, private: "1" }, false);
  }

  private tell(ended: boolean, awaited = false): Promise<unknown> | undefined {
    const { currentTime } = this.video;
    if (this.hidden || !(currentTime > 0 || ended)) return undefined;
    this.spoke = this.now();
    this.told += 1;
    this.counted = this.seconds;
    this.place = currentTime;
    const values = {
      sitting: this.id,
      told: String(this.told),
      position: String(Math.floor(currentTime)),
      seconds: String(Math.round(this.seconds)),
      ...(this.offset !== 0 && { offset: String(this.offset) }),
      ...(ended && { ended: "1" }),
    };
    return this.send(values, awaited);
  }
}

/** The page of ours that takes the place of this one when a link is pressed, or nothing. */
function leadsTo(event: MouseEvent): string {
  const { button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (event.defaultPrevented || button || ctrlKey || metaKey || shiftKey || altKey) return "";
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return "";
  return link.pathname === location.pathname ? "" : link.href;
}

function draw(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
