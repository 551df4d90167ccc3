// What the player can be told to do, by keys as by menus, and what it says when it has done it.
import type { Captions } from "./captions";
import type { Action } from "./keyboard";
import { fill, type Labels } from "./labels";
import type { Notice } from "./notice";
import { nextSpeed, speedName } from "./speed";
import { formatTime } from "./time";

export class Commands {
  constructor(
    private readonly container: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly captions: Captions,
    private readonly labels: Labels,
    private readonly notice: Notice,
    private readonly showHelp: () => void,
  ) {}

  perform(action: Action): void {
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
      case "help":
        return this.showHelp();
    }
  }

  togglePip(): void {
    const inside = document.pictureInPictureElement === this.video;
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
      : this.container.requestFullscreen();
    done.catch(() => undefined); // not allowed in this frame, or declined
  }
}
