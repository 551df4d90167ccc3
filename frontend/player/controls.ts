// The bar and what else lies over the picture: media-chrome's elements, our pictures in them.
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";
import type { MediaController } from "./media-elements.js";
import "./media-elements.js";
import { make } from "./element";
import { icon, type IconName } from "./icons";
import type { Labels } from "./labels";

export interface Controls {
  /** The media-controller element: holds the video and everything over it. */
  readonly root: InstanceType<typeof MediaController>;
  /** Where cues are drawn. */
  readonly overlay: HTMLElement;
  readonly timeRange: HTMLElement;
  readonly time: HTMLElement;
  readonly captionsButton: HTMLButtonElement;
  readonly settingsButton: HTMLButtonElement;
  readonly linesButton: HTMLButtonElement;
  /** Opens the next episode; hidden where there is none. */
  readonly nextButton: HTMLButtonElement;
  /** Elements whose tip follows the state: what they do now. */
  readonly playButton: HTMLElement;
  readonly muteButton: HTMLElement;
  readonly pipButton: HTMLElement;
  readonly fullscreenButton: HTMLElement;
}

/** Gives media-chrome its words. To be called before any of its elements is made. */
function translate(labels: Labels): void {
  const { mute, unmute, play, pause, hour, hours, minute, minutes, second, seconds } = labels;
  addTranslation("plainview", {
    mute,
    unmute,
    play,
    pause,
    hour,
    hours,
    minute,
    minutes,
    second,
    seconds,
    volume: labels.volume,
    seek: labels.seek,
    "video player": labels.player,
    "media loading": labels.loading,
    "enter fullscreen mode": labels.fullscreen,
    "exit fullscreen mode": labels.exitFullscreen,
    "enter picture in picture mode": labels.pictureInPicture,
    "exit picture in picture mode": labels.exitPictureInPicture,
    "{currentTime} of {totalTime}": labels.timeOf
      .replace("{current}", "{currentTime}")
      .replace("{total}", "{totalTime}"),
    "video not loaded, unknown time.": labels.timeUnknown,
  });
  setLanguage("plainview");
}

function mediaButton(tag: string, pictures: Readonly<Record<string, IconName>>): HTMLElement {
  const slots = Object.entries(pictures).map(([slot, name]) => icon(name, slot));
  return make(tag, { class: "pv-button", notooltip: true }, ...slots);
}

function ownButton(name: IconName, label: string): HTMLButtonElement {
  const attributes = { type: "button", class: `pv-button pv-${name}-button`, "aria-label": label, "data-tip": label };
  return make("button", attributes, icon(name));
}

/** Builds the controls around `video`, unattached; the caller puts `root` into the page. */
export function buildControls(video: HTMLVideoElement, labels: Labels, title: string): Controls {
  translate(labels);
  const playPictures = { play: "play", pause: "pause" } as const;
  const playButton = mediaButton("media-play-button", playPictures);
  const centreButton = mediaButton("media-play-button", playPictures);
  centreButton.className = "pv-centre";
  centreButton.slot = "centered-chrome";
  // It vanishes once the film plays: hand the focus to its twin in the bar.
  video.addEventListener("play", () => {
    if (document.activeElement === centreButton) playButton.focus({ preventScroll: true });
  });
  const muteButton = mediaButton("media-mute-button", {
    off: "muted",
    low: "volumeLow",
    medium: "volumeLow",
    high: "volume",
  });
  const pipButton = mediaButton("media-pip-button", { enter: "pip", exit: "pip" });
  const fullscreenButton = mediaButton("media-fullscreen-button", {
    enter: "enterFullscreen",
    exit: "exitFullscreen",
  });
  const captionsButton = ownButton("captions", labels.captions);
  const settingsButton = ownButton("settings", labels.settings);
  const linesButton = ownButton("lines", labels.lines);
  const nextButton = ownButton("next", labels.nextEpisode);
  const time = make("span", { class: "pv-time", dir: "ltr" });
  const timeRange = make("media-time-range", { class: "pv-range" });
  const overlay = make("div", { class: "pv-overlay", noautohide: true, slot: "middle-chrome" });
  const bar = make(
    "div",
    { class: "pv-bar" },
    timeRange,
    make(
      "div",
      { class: "pv-row" },
      playButton,
      nextButton,
      make("div", { class: "pv-sound" }, muteButton, make("media-volume-range", { class: "pv-volume-range" })),
      time,
      make("span", { class: "pv-gap" }),
      linesButton,
      captionsButton,
      settingsButton,
      pipButton,
      fullscreenButton,
    ),
  );
  video.slot = "media";
  video.controls = false;
  const root = make(
    "media-controller",
    {
      class: "pv-controller",
      tabindex: "0",
      nodefaultstore: true,
      nohotkeys: true,
      gesturesdisabled: true,
      autohide: "3",
      defaultstreamtype: "on-demand",
    },
    make("div", { class: "pv-scrim", slot: "middle-chrome" }),
    overlay,
    // Its own picture turns also where nobody sees it, for as long as the page is open.
    make(
      "media-loading-indicator",
      { slot: "centered-chrome", noautohide: true },
      icon("loading", "icon"),
    ),
    centreButton,
    title ? make("p", { class: "pv-title", slot: "top-chrome", dir: "auto" }, title) : null,
    bar,
  ) as InstanceType<typeof MediaController>;
  return {
    root,
    overlay,
    timeRange,
    time,
    captionsButton,
    settingsButton,
    linesButton,
    nextButton,
    playButton,
    muteButton,
    pipButton,
    fullscreenButton,
  };
}
