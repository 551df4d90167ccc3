// The pages of the settings menu: what one can choose, and what is chosen now.
import { type CaptionChoices, KEPT_NAMES, lookPage } from "./caption-menu";
import type { Casting } from "./casting";
import { fill, type Labels } from "./labels";
import { chapterAt, type Film } from "./marks";
import type { MenuPage, MenuRow } from "./menu";
import { qualityRows } from "./quality";
import { type Sleep, SLEEPS, type SleepTimer } from "./sleep";
import { SPEEDS, speedName } from "./speed";
import type { Stream } from "./stream";
import { formatTime } from "./time";

/** What the menus show and change. */
export interface Choices extends CaptionChoices {
  readonly video: HTMLVideoElement;
  readonly stream: Stream;
  readonly film: Film;
  readonly sleep: SleepTimer;
  readonly casting: Casting;
  readonly playsNext: boolean;
  setPlaysNext: (on: boolean) => void;
  setDataSaver: (on: boolean) => void;
  togglePip: () => void;
  showHelp: () => void;
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

function sleepName({ choice, left }: SleepTimer, labels: Labels): string {
  if (choice === null) return labels.off;
  return choice === "end" ? labels.sleepEnd : fill(labels.sleepLeft, { minutes: left });
}

function sleepPage({ sleep }: Choices, labels: Labels): MenuPage {
  const row = (choice: Sleep, label: string): MenuRow => ({
    kind: "choice",
    label,
    checked: sleep.choice === choice,
    choose: () => sleep.set(choice),
  });
  return {
    title: labels.sleep,
    rows: [
      row(null, labels.off),
      ...SLEEPS.map((minutes) => row(minutes, fill(labels.sleepMinutes, { minutes }))),
      row("end", labels.sleepEnd),
      ...(typeof sleep.choice === "number"
        ? [{ kind: "stay", label: labels.sleepAdd, run: () => sleep.add(15) } satisfies MenuRow]
        : []),
    ],
  };
}

function chaptersPage({ film, video }: Choices, labels: Labels): MenuPage {
  const here = chapterAt(film.chapters, video.currentTime);
  return {
    title: labels.chapters,
    rows: film.chapters.map(({ start, title }, index) => ({
      kind: "choice",
      label: `${formatTime(start, video.duration)}  ${title}`.trim(),
      checked: index === here,
      choose: () => {
        video.currentTime = start;
      },
    })),
  };
}

/** How it is watched, beside the film itself. */
function watchingRows(choices: Choices, labels: Labels): MenuRow[] {
  const { film, sleep, stream, playsNext } = choices;
  return [
    ...(film.next
      ? [{ kind: "toggle", label: labels.playNext, checked: playsNext, choose: () => choices.setPlaysNext(!playsNext) } satisfies MenuRow]
      : []),
    { kind: "page", label: labels.sleep, value: sleepName(sleep, labels), open: () => sleepPage(choices, labels) },
    { kind: "page", label: labels.dataSaver, value: stream.savesData ? labels.on : labels.off, open: () => dataPage(choices, labels) },
  ];
}

function dataPage(choices: Choices, labels: Labels): MenuPage {
  const { stream } = choices;
  const row = (on: boolean, label: string): MenuRow => ({
    kind: "choice",
    label,
    checked: stream.savesData === on,
    choose: () => choices.setDataSaver(on),
  });
  return {
    title: labels.dataSaver,
    rows: [
      row(false, labels.off),
      row(true, labels.on),
      { kind: "note", label: labels.dataSaverNote },
      { kind: "note", label: labels[KEPT_NAMES[choices.kept]] },
    ],
  };
}

/** Everything but the subtitles themselves, each with its present value; what can't be chosen is left out. */
export function settingsPage(choices: Choices, labels: Labels): MenuPage {
  const { casting, film, stream, video } = choices;
  const rows: MenuRow[] = [];
  if (film.chapters.length > 1) {
    const here = film.chapters[chapterAt(film.chapters, video.currentTime)];
    rows.push({ kind: "page", label: labels.chapters, value: here?.title ?? "", open: () => chaptersPage(choices, labels) });
  }
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
  rows.push(...watchingRows(choices, labels));
  if (choices.captions.tracks.length > 0) {
    rows.push({ kind: "page", label: labels.captionStyle, open: () => lookPage(choices, labels) });
  }
  if (document.pictureInPictureEnabled) {
    const inside = document.pictureInPictureElement === video;
    const label = inside ? labels.exitPictureInPicture : labels.pictureInPicture;
    rows.push({ kind: "action", label, run: choices.togglePip });
  }
  if (casting.offered) rows.push({ kind: "action", label: labels.castTo, run: () => void casting.choose() });
  if (!matchMedia("(hover: none) and (pointer: coarse)").matches) {
    rows.push({ kind: "action", label: labels.shortcuts, run: choices.showHelp });
  }
  return { title: labels.settings, rows };
}
