// What is offered at moments of the film: skipping its intro, and the episode that follows.
import { make } from "./element";
import { askWhatFollows } from "./following";
import { fill, type Labels } from "./labels";
import { endingAt, type Film, type Mark, markAt } from "./marks";

/** Seconds until the next episode plays by itself. */
const COUNTDOWN = 10;

const SKIPS = { intro: "skipIntro", recap: "skipRecap", credits: "skipCredits" } as const;

interface UpNextRules {
  /** Whether the next episode plays by itself. */
  readonly playsNext: () => boolean;
  /** Whether the sleep timer wants this film to be the last. */
  readonly lastOne: () => boolean;
  readonly open: (url: string) => void;
  /** Told whether something follows that may be watched. */
  readonly onKnown: (follows: boolean) => void;
}

export class UpNext {
  readonly element: HTMLElement;
  private readonly skip: HTMLButtonElement;
  private readonly card: HTMLElement;
  private readonly still = make("img", { alt: "", width: "160", height: "90", hidden: true });
  private readonly name = make("p", { class: "pv-next-name", dir: "auto" });
  private readonly count = make("p", { class: "pv-next-count", role: "timer" });
  private readonly cancelButton: HTMLButtonElement;
  private mark: Mark | null = null;
  private left = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** Turned down for this end of the film. */
  private declined = false;
  /** What follows may not be watched from here, as the API says. */
  private closed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly film: Film,
    private readonly labels: Labels,
    private readonly rules: UpNextRules,
  ) {
    this.skip = make("button", { type: "button", class: "pv-offer", hidden: true });
    this.cancelButton = make("button", { type: "button", class: "pv-quiet" }, labels.cancel);
    this.card = this.buildCard();
    this.element = make("div", { class: "pv-offers", slot: "middle-chrome", noautohide: true }, this.skip, this.card);
    this.element.dir = document.documentElement.dir || "ltr";
    this.skip.addEventListener("click", () => this.skipMark());
    this.cancelButton.addEventListener("click", () => this.decline());
    for (const event of ["timeupdate", "seeked", "durationchange"]) video.addEventListener(event, () => this.update());
    video.addEventListener("ended", () => this.atEnd());
    if (film.next?.about) video.addEventListener("play", () => void this.learn(), { once: true });
  }

  /** Asks what follows, once somebody watches. */
  private async learn(): Promise<void> {
    const said = await askWhatFollows(this.film.next?.about ?? "", location.search);
    if (!said) return;
    this.name.textContent = said.name;
    this.name.lang = said.language;
    if (said.still) this.still.src = said.still;
    this.still.hidden = !said.still;
    this.closed = !said.open;
    if (this.closed) this.stop();
    this.rules.onKnown(said.open);
  }

  /** The film that follows and may be watched. */
  get next(): Film["next"] {
    return this.closed ? null : this.film.next;
  }

  /** Skips what stands now, if something can be skipped; returns whether. */
  skipMark(): boolean {
    const { mark, video } = this;
    if (!mark) return false;
    if (this.skip === document.activeElement) video.closest<HTMLElement>("[data-player]")?.querySelector<HTMLElement>("media-play-button")?.focus();
    video.currentTime = Math.min(mark.end, video.duration || mark.end);
    void video.play().catch(() => undefined);
    return true;
  }

  /** Opens the next episode, if there is one; returns whether. */
  goNext(): boolean {
    const { next } = this;
    if (!next) return false;
    this.stop();
    this.rules.open(next.url);
    return true;
  }

  private buildCard(): HTMLElement {
    const { labels } = this;
    const go = make("button", { type: "button", class: "pv-offer pv-next-go" }, labels.playNow);
    go.addEventListener("click", () => this.goNext());
    return make(
      "div",
      { class: "pv-next", role: "group", "aria-label": labels.nextEpisode, hidden: true },
      this.still,
      make(
        "div",
        { class: "pv-next-words" },
        make("p", { class: "pv-next-over" }, labels.nextEpisode),
        this.name,
        this.count,
        make("div", { class: "pv-next-row" }, go, this.cancelButton),
      ),
    );
  }

  private update(): void {
    const { film, video } = this;
    const mark = video.ended ? null : markAt(film.marks, video.currentTime);
    const ending = endingAt(film.marks, video.duration);
    const atEnd = video.currentTime >= ending - 0.3;
    if (!atEnd) this.declined = false;
    // Credits that something follows are not skipped: the card stands there instead.
    const offered = mark?.kind === "credits" && this.next && !this.declined ? null : mark;
    if (offered !== this.mark) {
      this.mark = offered;
      this.skip.hidden = !offered;
      if (offered) this.skip.textContent = this.labels[SKIPS[offered.kind]];
    }
    if (this.next && atEnd && video.duration > 0 && !this.declined) this.offer();
    else if (!atEnd) this.stop();
  }

  private atEnd(): void {
    this.mark = null;
    this.skip.hidden = true;
    if (this.next && !this.declined) this.offer();
  }

  private offer(): void {
    if (!this.card.hidden) return;
    this.card.hidden = false;
    const player = this.video.closest<HTMLElement>("[data-player]");
    // A remote has no pointer to reach it with.
    if (player?.dataset.remote !== undefined && player.contains(document.activeElement)) {
      this.card.querySelector<HTMLElement>(".pv-next-go")?.focus();
    }
    const counts = this.rules.playsNext() && !this.rules.lastOne();
    this.count.hidden = !counts;
    if (!counts) return;
    this.left = COUNTDOWN;
    this.showCount();
    this.timer = setInterval(() => {
      if (this.video.paused && !this.video.ended) return; // somebody stopped to think
      this.left -= 1;
      this.showCount();
      if (this.left <= 0) this.goNext();
    }, 1000);
  }

  private showCount(): void {
    this.count.textContent = fill(this.labels.nextIn, { seconds: this.left });
  }

  private decline(): void {
    this.declined = true;
    this.stop();
    this.update();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.card.hidden = true;
  }
}
