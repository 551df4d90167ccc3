// Words that follow the state: the tips of the buttons and the clock.
import type { Controls } from "./controls";
import type { Labels } from "./labels";
import { formatTime } from "./time";

/** Keeps tips and clock true for as long as the page lives. */
export function followState(
  video: HTMLVideoElement,
  container: HTMLElement,
  controls: Controls,
  labels: Labels,
): void {
  const showTips = (): void => {
    const pip = document.pictureInPictureElement === video;
    const fullscreen = document.fullscreenElement === container;
    const tip = (element: HTMLElement, words: string): void => {
      element.dataset.tip = words;
    };
    tip(controls.playButton, `${video.paused ? labels.play : labels.pause} (K)`);
    tip(controls.muteButton, `${video.muted ? labels.unmute : labels.mute} (M)`);
    tip(controls.linesButton, `${labels.lines} (T)`);
    tip(controls.nextButton, `${labels.nextEpisode} (N)`);
    tip(controls.pipButton, pip ? labels.exitPictureInPicture : labels.pictureInPicture);
    tip(controls.fullscreenButton, `${fullscreen ? labels.exitFullscreen : labels.fullscreen} (F)`);
  };
  const showTime = (): void => {
    const { currentTime, duration } = video;
    controls.time.textContent = Number.isFinite(duration)
      ? `${formatTime(currentTime, duration)} / ${formatTime(duration)}`
      : formatTime(currentTime);
  };
  for (const event of ["play", "pause", "volumechange", "enterpictureinpicture", "leavepictureinpicture"]) {
    video.addEventListener(event, showTips);
  }
  document.addEventListener("fullscreenchange", showTips);
  for (const event of ["timeupdate", "durationchange", "seeking"]) video.addEventListener(event, showTime);
  showTips();
  showTime();
}
