// The film beside the lines: what is typed stands on the picture at once.
import type { Model, Row } from "./model";
import { cueOf } from "./marks";

/** The player's video and its one track of subtitles, kept in step with the rows. */
export class Preview {
  readonly video: HTMLVideoElement | null;
  private until = Number.POSITIVE_INFINITY;
  private readonly cues = new Map<number, VTTCue>();

  constructor(
    container: HTMLElement,
    private readonly model: Model,
    private readonly onTime: (ms: number, playing: boolean) => void,
  ) {
    this.video = container.querySelector("video");
    this.video?.addEventListener("timeupdate", () => this.tick());
    this.video?.addEventListener("seeked", () => this.tick());
    this.video?.addEventListener("play", () => this.follow());
    // A track without a file counts as failed; its file is empty, and the cues are put in by us.
    this.video?.querySelector("track")?.addEventListener("load", () => this.putAnew());
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

  /** Plays on from where the film stands, or pauses. */
  run(): void {
    this.until = Number.POSITIVE_INFINITY;
    if (this.video?.paused) void this.video.play().catch(() => undefined);
    else this.video?.pause();
  }

  /** Goes to a moment, in ms. */
  go(ms: number): void {
    this.until = Number.POSITIVE_INFINITY;
    if (this.video) this.video.currentTime = Math.max(0, ms / 1000 + 0.001);
  }

  /** Shows the picture at the beginning of a segment, unless the film is playing. */
  seek(row: Row): void {
    if (this.video?.paused) this.video.currentTime = row.start / 1000 + 0.001;
  }

  /** Puts what a row says now on the picture. */
  show(row: Row): void {
    const track = this.track;
    if (!track) return;
    this.put(track, row);
    track.dispatchEvent(new Event("cuechange"));
  }

  /** After rows came, went or moved: what differs is put right. */
  showAll(): void {
    const track = this.track;
    if (!track) return;
    for (const [id, cue] of this.cues) {
      if (this.model.get(id)) continue;
      track.removeCue(cue);
      this.cues.delete(id);
    }
    for (const row of this.model.rows) this.put(track, row);
    track.dispatchEvent(new Event("cuechange"));
  }

  private putAnew(): void {
    const track = this.track;
    for (const cue of [...(track?.cues ?? [])]) track?.removeCue(cue);
    this.cues.clear();
    this.showAll();
  }

  private put(track: TextTrack, row: Row): void {
    const known = this.cues.get(row.id);
    const { text, settings } = cueOf(row.text);
    const [start, end] = [row.start / 1000, row.end / 1000];
    if (known && !text) {
      track.removeCue(known);
      this.cues.delete(row.id);
    } else if (known) {
      if (known.text !== text) known.text = text;
      if (known.startTime !== start) known.startTime = start;
      if (known.endTime !== end) known.endTime = end;
      Object.assign(known, settings);
    } else if (text) {
      const cue = Object.assign(new VTTCue(start, end, text), settings);
      track.addCue(cue);
      this.cues.set(row.id, cue);
    }
  }

  private get track(): TextTrack | undefined {
    return this.video?.querySelector("track")?.track;
  }

  /** While it plays, every frame. */
  private follow(): void {
    if (!this.video || this.video.paused) return;
    this.tick();
    requestAnimationFrame(() => this.follow());
  }

  private tick(): void {
    const { video } = this;
    if (!video) return;
    if (!video.paused && video.currentTime >= this.until) {
      video.pause();
      this.until = Number.POSITIVE_INFINITY;
    }
    this.onTime(this.now, !video.paused);
  }
}
