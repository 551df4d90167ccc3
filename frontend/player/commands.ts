// What the player can be told to do, by keys as by menus, and what it says when it has done it.
import { offsetName } from "./caption-menu";
import type { Captions } from "./captions";
import type { Action } from "./keyboard";
import { fill, type Labels } from "./labels";
import type { LinesPanel } from "./lines-panel";
import { linesOf } from "./lines";
import type { Notice } from "./notice";
import type { Peek } from "./peek";
import type { Repeating } from "./repeating";
import { nextSpeed, speedName } from "./speed";
import { formatTime } from "./time";
import type { UpNext } from "./up-next";

interface CommandParts {
  readonly container: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly captions: Captions;
  readonly labels: Labels;
  readonly notice: Notice;
  readonly repeating: Repeating;
  readonly peek: Peek;
  readonly lines: LinesPanel;
  readonly upNext: UpNext;
  readonly showHelp: () => void;
}

export class Commands {
  private readonly video: HTMLVideoElement;
  private readonly captions: Captions;
  private readonly labels: Labels;
  private readonly notice: Notice;

  constructor(private readonly parts: CommandParts) {
    ({ video: this.video, captions: this.captions, labels: this.labels, notice: this.notice } = parts);
  }

  perform(action: Action): void {
    const { parts } = this;
    switch (action.do) {
      case "toggle":
        return this.toggle();
      case "step":
        return this.seek(this.video.currentTime + action.seconds);
      case "goto":
        return this.seek(this.video.duration * action.fraction);
      case "volume":
        return this.changeVolume(action.change);
      case "mute":
        return this.mute();
      case "speed":
        return this.changeSpeed(action.steps);
      case "captions":
        return this.toggleCaptions();
      case "fullscreen":
        return this.toggleFullscreen();
      case "pip":
        return this.togglePip();
      case "offset":
        return this.setOffset(this.captions.offset + action.seconds);
      case "repeat":
        return void this.repeat(false);
      case "lines":
        return parts.lines.toggle();
      case "peek":
        return parts.peek.open ? parts.peek.close() : void parts.peek.now();
      case "skip":
        return void parts.upNext.skipMark();
      case "next":
        return void parts.upNext.goNext();
      case "help":
        return parts.showHelp();
    }
  }

  /** Hears the line again that stands or stood last; `slowly` or when asked twice, at a slower speed. */
  async repeat(slowly: boolean): Promise<void> {
    const { captions, labels } = this;
    const index = captions.current >= 0 ? captions.current : captions.second >= 0 ? captions.second : 0;
    let slow: boolean | null = null;
    try {
      slow = this.parts.repeating.repeat(linesOf(await captions.cuesOf(index)), slowly);
    } catch {
      this.notice.say(labels.saidCaptionsFailed);
      return;
    }
    this.notice.say(slow === null ? labels.linesWaiting : slow ? labels.saidSlow : labels.repeatLine);
  }

  setOffset(seconds: number): void {
    this.captions.setOffset(seconds);
    const detail = { milliseconds: Math.round(this.captions.offset * 1000) };
    this.parts.container.dispatchEvent(new CustomEvent("plainview:offset", { bubbles: true, detail }));
    this.notice.say(fill(this.labels.saidOffset, { offset: offsetName(this.captions.offset, this.labels) }));
  }

  togglePip(): void {
    const inside = document.pictureInPictureElement === this.video;
    if (!inside && !document.pictureInPictureEnabled) return;
    const done = inside ? document.exitPictureInPicture() : this.video.requestPictureInPicture();
    done.catch(() => undefined); // the browser or the person declined
  }

  private toggle(): void {
    if (this.video.paused) this.video.play().catch(() => undefined);
    else this.video.pause();
  }

  private seek(seconds: number): void {
    const { video } = this;
    if (!Number.isFinite(video.duration)) return;
    video.currentTime = Math.min(video.duration, Math.max(0, seconds));
    this.notice.say(formatTime(video.currentTime, video.duration));
  }

  private changeVolume(change: number): void {
    const { video } = this;
    video.volume = Math.min(1, Math.max(0, Math.round((video.volume + change) * 100) / 100));
    video.muted = video.volume === 0;
    this.sayVolume();
  }

  private mute(): void {
    this.video.muted = !this.video.muted;
    this.sayVolume();
  }

  private sayVolume(): void {
    const { volume, muted } = this.video;
    const percent = volume.toLocaleString(document.documentElement.lang || "en", { style: "percent" });
    this.notice.say(muted ? this.labels.saidMuted : fill(this.labels.saidVolume, { percent }));
  }

  private changeSpeed(steps: number): void {
    this.video.playbackRate = nextSpeed(this.video.playbackRate, steps);
    const speed = speedName(this.video.playbackRate, this.labels);
    this.notice.say(fill(this.labels.saidSpeed, { speed }));
  }

  private toggleCaptions(): void {
    this.captions.toggle();
    const language = this.captions.tracks[this.captions.current]?.label ?? this.labels.off;
    this.notice.say(fill(this.labels.saidCaptions, { language }));
  }

  private toggleFullscreen(): void {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : this.parts.container.requestFullscreen();
    done.catch(() => undefined); // not allowed in this frame, or declined
  }
}
