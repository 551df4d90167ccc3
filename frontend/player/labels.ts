// Every word the player shows or speaks. The server may translate any of them in the JSON of
// <script type="application/json" data-labels>; what it leaves out stays English.

/** English words by key. `{…}` marks are filled in by the player and must survive translation. */
export const ENGLISH = {
  player: "Video player",
  play: "Play",
  pause: "Pause",
  mute: "Mute",
  unmute: "Unmute",
  volume: "Volume",
  seek: "Position",
  loading: "Loading",
  fullscreen: "Full screen",
  exitFullscreen: "Leave full screen",
  pictureInPicture: "Picture in picture",
  exitPictureInPicture: "Leave picture in picture",
  settings: "Settings",
  back: "Back",
  close: "Close",

  captions: "Subtitles",
  off: "Off",
  captionStyle: "Subtitle style",
  captionSize: "Text size",
  sizeSmall: "Small",
  sizeNormal: "Normal",
  sizeLarge: "Large",
  sizeHuge: "Very large",
  captionBackground: "Background",
  backgroundShade: "Shaded",
  backgroundSolid: "Solid",
  backgroundNone: "None",

  speed: "Speed",
  speedNormal: "Normal",
  quality: "Quality",
  auto: "Auto",
  autoNow: "Auto ({quality})",
  audio: "Audio",
  audioTrack: "Track {number}",

  hour: "hour",
  hours: "hours",
  minute: "minute",
  minutes: "minutes",
  second: "second",
  seconds: "seconds",
  timeOf: "{current} of {total}",
  timeUnknown: "The length is not known yet",

  shortcuts: "Keyboard shortcuts",
  shortcutsNote: "They work while the player has the focus.",
  keySpace: "Space",
  keyHome: "Home",
  keyEnd: "End",
  doToggle: "Play or pause",
  doStep: "Back or forward 5 seconds",
  doJump: "Back or forward 10 seconds",
  doVolume: "Louder or quieter",
  doMute: "Sound off or on",
  doCaptions: "Subtitles on or off",
  doFullscreen: "Full screen on or off",
  doSpeed: "Slower or faster",
  doTenths: "Jump to 0–90 %",
  doEnds: "To the beginning or the end",
  doHelp: "Show this list",

  saidVolume: "Volume {percent}",
  saidMuted: "Sound off",
  saidSpeed: "Speed {speed}",
  saidCaptions: "Subtitles: {language}",
  saidCaptionsFailed: "These subtitles could not be loaded.",

  retry: "Try again",
  errorNetwork: "The connection was lost. Playing goes on as soon as it is back.",
  errorMissing: "This film could not be opened. It may have moved or need another permission.",
  errorMedia: "The film stopped because a part of it could not be read.",
  errorUnsupported: "This browser can't play this film. A current version of it should.",
} as const;

export type LabelKey = keyof typeof ENGLISH;
export type Labels = Readonly<Record<LabelKey, string>>;

/** The labels given as JSON text laid over the English ones; unknown keys and non-texts are ignored. */
export function readLabels(json: string | null | undefined): Labels {
  const labels: Record<LabelKey, string> = { ...ENGLISH };
  let given: unknown;
  try {
    given = JSON.parse(json || "{}");
  } catch {
    return labels;
  }
  if (typeof given !== "object" || given === null) return labels;
  for (const [key, text] of Object.entries(given)) {
    if (key in ENGLISH && typeof text === "string" && text) labels[key as LabelKey] = text;
  }
  return labels;
}

/** `text` with each `{name}` replaced by the value of that name; unknown names stay as they are. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => String(values[name] ?? mark));
}
