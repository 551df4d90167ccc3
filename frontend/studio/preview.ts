// The film beside the lines: what is typed stands on the picture at once.
import type { Model, Row } from "./model";
import { cueOf } from "./placing";

/** Cues put on the picture at once; the rest of a long film follows in pieces. */
const PIECE = 200;
/** Of lines that begin within so many ms, the last ones alone are put there: a browser compares all that
 * stand at a moment with each other, and nobody could read more. */
const [MOST, WITHIN] = [100, 500];

/** The player's video and its one track of subtitles, kept in step with the rows. */
export class Preview {
  readonly video: HTMLVideoElement | null;
  private until = Number.POSITIVE_INFINITY;
  private readonly cues = new Map<number, { cue: VTTCue; key: string }>();
  private round = 0;

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
    for (const [id, { cue }] of this.cues) {
      if (this.model.get(id)) continue;
      track.removeCue(cue);
      this.cues.delete(id);
    }
    this.round += 1;
    this.putFrom(track, 0, this.round);
  }

  /** Puts the rows from an index on, a piece at a time, unless it is begun anew meanwhile. */
  private putFrom(track: TextTrack, from: number, round: number): void {
    if (round !== this.round) return;
    const { rows } = this.model;
    let [at, left] = [from, PIECE];
    for (; at < rows.length && left > 0; at += 1) {
      const row = rows[at];
      const buried = row && (rows[at + MOST]?.start ?? Number.POSITIVE_INFINITY) < row.start + WITHIN;
      if (row && !buried && this.put(track, row)) left -= 1;
    }
    track.dispatchEvent(new Event("cuechange"));
    if (at < rows.length) setTimeout(() => this.putFrom(track, at, round));
  }

  private putAnew(): void {
    const { track } = this;
    if (track?.cues?.length !== this.cues.size) {
      for (const cue of [...(track?.cues ?? [])]) track?.removeCue(cue);
      this.cues.clear();
    }
    this.showAll();
  }

  /** Puts a row on the picture as it is now; whether anything of it was another before. */
  private put(track: TextTrack, row: Row): boolean {
    const known = this.cues.get(row.id);
    const key = `${row.start} ${row.end} ${row.text}`;
    if (known ? known.key === key : !row.text) return false;
    const { text, settings } = cueOf(row.text);
    const [start, end] = [row.start / 1000, row.end / 1000];
    if (known && !text) {
      track.removeCue(known.cue);
      this.cues.delete(row.id);
    } else if (known) {
      const { cue } = known;
      if (cue.text !== text) cue.text = text;
      if (cue.startTime !== start) cue.startTime = start;
      if (cue.endTime !== end) cue.endTime = end;
      Object.assign(cue, settings);
      known.key = key;
    } else if (text) {
      const cue = Object.assign(new VTTCue(start, end, text), settings);
      track.addCue(cue);
      this.cues.set(row.id, { cue, key });
    }
    return true;
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
