// The film beside the lines: what is typed stands on the picture at once.
import type { Model, Row } from "./model";

/** The player's video and its one track of subtitles, kept in step with the rows. */
export class Preview {
  readonly video: HTMLVideoElement | null;
  private until = Number.POSITIVE_INFINITY;

  constructor(
    container: HTMLElement,
    private readonly model: Model,
    private readonly onTime: (at: number) => void,
  ) {
    this.video = container.querySelector("video");
    this.video?.addEventListener("timeupdate", () => this.tick());
  }

  /** Milliseconds into the film. */
  get now(): number {
    return Math.round((this.video?.currentTime ?? 0) * 1000);
  }

  /** Plays a segment once, or pauses it. */
  play(row: Row): void {
    const { video } = this;
    if (!video) return;
    if (!video.paused) {
      video.pause();
      return;
    }
    video.currentTime = row.start / 1000;
    this.until = row.end / 1000;
    void video.play().catch(() => undefined);
  }

  /** Shows the picture at the beginning of a segment, unless the film is playing. */
  seek(row: Row): void {
    if (this.video?.paused) this.video.currentTime = row.start / 1000 + 0.001;
  }

  /** Puts what a row says now on the picture. */
  show(row: Row): void {
    const track = this.video?.querySelector("track")?.track;
    if (!track?.cues) return;
    const id = String(row.id);
    const cue = [...track.cues].find((each) => each.id === id) as VTTCue | undefined;
    const text = row.text.trim();
    if (cue && !text) track.removeCue(cue);
    else if (cue) Object.assign(cue, { text, startTime: row.start / 1000, endTime: row.end / 1000 });
    else if (text) {
      const fresh = new VTTCue(row.start / 1000, row.end / 1000, text);
      fresh.id = id;
      track.addCue(fresh);
    }
    track.dispatchEvent(new Event("cuechange"));
  }

  /** After segments moved: every cue anew. */
  showAll(): void {
    const track = this.video?.querySelector("track")?.track;
    for (const cue of [...(track?.cues ?? [])]) {
      if (!this.model.get(Number(cue.id))) track?.removeCue(cue);
    }
    for (const row of this.model.rows) if (row.text.trim()) this.show(row);
  }

  private tick(): void {
    const { video } = this;
    if (!video) return;
    if (!video.paused && video.currentTime >= this.until) {
      video.pause();
      this.until = Number.POSITIVE_INFINITY;
    }
    const ms = this.now;
    this.onTime(this.model.rows.findIndex(({ start, end }) => start <= ms && ms < end));
  }
}
