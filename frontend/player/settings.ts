// The pages of the menus: what one can choose, and what is chosen now.
import { CAPTION_BACKGROUNDS, CAPTION_SIZES, type CaptionStyle } from "./caption-style";
import type { Captions } from "./captions";
import { fill, type LabelKey, type Labels } from "./labels";
import type { MenuPage, MenuRow } from "./menu";
import { qualityRows } from "./quality";
import { SPEEDS, speedName } from "./speed";
import type { Stream } from "./stream";

const SIZE_LABELS = {
  small: "sizeSmall",
  normal: "sizeNormal",
  large: "sizeLarge",
  huge: "sizeHuge",
} as const satisfies Record<CaptionStyle["size"], LabelKey>;
const BACKGROUND_LABELS = {
  shade: "backgroundShade",
  solid: "backgroundSolid",
  none: "backgroundNone",
} as const satisfies Record<CaptionStyle["background"], LabelKey>;

/** What the menus show and change. */
export interface Choices {
  readonly video: HTMLVideoElement;
  readonly stream: Stream;
  readonly captions: Captions;
  readonly style: CaptionStyle;
  setStyle: (style: CaptionStyle) => void;
  chooseCaptions: (index: number) => void;
  togglePip: () => void;
  showHelp: () => void;
}

/** Off, and every track under its own name. */
export function captionsPage(choices: Choices, labels: Labels): MenuPage {
  const { captions } = choices;
  const row = (index: number, label: string, lang?: string): MenuRow => ({
    kind: "choice",
    label,
    checked: captions.current === index,
    choose: () => choices.chooseCaptions(index),
    ...(lang && { lang }),
  });
  return {
    title: labels.captions,
    rows: [
      row(-1, labels.off),
      ...captions.tracks.map(({ label, lang }, index) => row(index, label, lang)),
      { kind: "page", label: labels.captionStyle, open: () => stylePage(choices, labels) },
    ],
  };
}

function stylePage(choices: Choices, labels: Labels): MenuPage {
  const { style } = choices;
  return {
    title: labels.captionStyle,
    rows: [
      {
        kind: "group",
        label: labels.captionSize,
        rows: CAPTION_SIZES.map((size) => ({
          kind: "choice",
          label: labels[SIZE_LABELS[size]],
          checked: style.size === size,
          choose: () => choices.setStyle({ ...style, size }),
        })),
      },
      {
        kind: "group",
        label: labels.captionBackground,
        rows: CAPTION_BACKGROUNDS.map((background) => ({
          kind: "choice",
          label: labels[BACKGROUND_LABELS[background]],
          checked: style.background === background,
          choose: () => choices.setStyle({ ...style, background }),
        })),
      },
    ],
  };
}

function speedPage({ video }: Choices, labels: Labels): MenuPage {
  return {
    title: labels.speed,
    rows: SPEEDS.map((speed) => ({
      kind: "choice",
      label: speedName(speed, labels),
      checked: video.playbackRate === speed,
      choose: () => {
        video.playbackRate = speed;
      },
    })),
  };
}

function qualityChoices({ stream }: Choices, labels: Labels) {
  return qualityRows(stream.renditions, stream.quality, stream.playingHeight, labels);
}

function qualityPage(choices: Choices, labels: Labels): MenuPage {
  return {
    title: labels.quality,
    rows: qualityChoices(choices, labels).map(({ choice, label, checked }) => ({
      kind: "choice",
      label,
      checked,
      choose: () => choices.stream.setQuality(choice),
    })),
  };
}

function audioName(choices: Choices, index: number, labels: Labels): string {
  return choices.stream.audioTracks[index]?.name || fill(labels.audioTrack, { number: index + 1 });
}

function audioPage(choices: Choices, labels: Labels): MenuPage {
  return {
    title: labels.audio,
    rows: choices.stream.audioTracks.map(({ lang }, index) => ({
      kind: "choice",
      label: audioName(choices, index, labels),
      checked: choices.stream.audioTrack === index,
      choose: () => choices.stream.setAudioTrack(index),
      ...(lang && { lang }),
    })),
  };
}

/** Everything but the subtitles themselves, each with its present value; what can't be chosen is left out. */
export function settingsPage(choices: Choices, labels: Labels): MenuPage {
  const { stream, video } = choices;
  const rows: MenuRow[] = [];
  if (stream.renditions.length > 1) {
    const now = qualityChoices(choices, labels).find(({ checked }) => checked);
    rows.push({
      kind: "page",
      label: labels.quality,
      open: () => qualityPage(choices, labels),
      ...(now && { value: now.label }),
    });
  }
  rows.push({
    kind: "page",
    label: labels.speed,
    value: speedName(video.playbackRate, labels),
    open: () => speedPage(choices, labels),
  });
  if (stream.audioTracks.length > 1) {
    rows.push({
      kind: "page",
      label: labels.audio,
      value: audioName(choices, stream.audioTrack, labels),
      open: () => audioPage(choices, labels),
    });
  }
  if (choices.captions.tracks.length > 0) {
    rows.push({ kind: "page", label: labels.captionStyle, open: () => stylePage(choices, labels) });
  }
  if (document.pictureInPictureEnabled) {
    const inside = document.pictureInPictureElement === video;
    const label = inside ? labels.exitPictureInPicture : labels.pictureInPicture;
    rows.push({ kind: "action", label, run: choices.togglePip });
  }
  if (!matchMedia("(hover: none) and (pointer: coarse)").matches) {
    rows.push({ kind: "action", label: labels.shortcuts, run: choices.showHelp });
  }
  return { title: labels.settings, rows };
}
