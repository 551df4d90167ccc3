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
  secondCaptions: "Second subtitles",
  captionStyle: "Subtitle style",
  captionSize: "Text size",
  sizeSmall: "Small",
  sizeNormal: "Normal",
  sizeLarge: "Large",
  sizeHuge: "Very large",
  captionFont: "Font",
  fontSans: "Plain",
  fontSerif: "Serif",
  fontMono: "Typewriter",
  fontMonoSerif: "Typewriter with serifs",
  fontCasual: "Handwritten",
  fontCursive: "Cursive",
  fontCapitals: "Small capitals",
  captionColour: "Text colour",
  captionOpacity: "Text opacity",
  colourWhite: "White",
  colourYellow: "Yellow",
  colourGreen: "Green",
  colourCyan: "Cyan",
  colourBlue: "Blue",
  colourMagenta: "Magenta",
  colourRed: "Red",
  colourBlack: "Black",
  captionBackground: "Background",
  backgroundShade: "Shaded",
  backgroundSolid: "Solid",
  backgroundNone: "None",
  captionGroundColour: "Background colour",
  captionWindow: "Window behind all lines",
  captionEdge: "Edge of the letters",
  edgeAuto: "As the background needs",
  edgeNone: "None",
  edgeShadow: "Shadow",
  edgeOutline: "Outline",
  edgeRaised: "Raised",
  edgeSunk: "Sunk",
  captionPlace: "Place",
  placeFoot: "At the foot",
  placeRaised: "A little higher",
  placeHead: "At the head",
  captionReset: "As it was at first",
  captionOffset: "Timing",
  offsetNone: "As made",
  offsetLater: "{seconds} s later",
  offsetSooner: "{seconds} s sooner",
  sooner: "Sooner",
  later: "Later",
  keptAccount: "Kept with your account, so it is the same on all your devices.",
  keptDevice: "Kept in this browser, because you chose it.",
  keptPage: "For this page only: nothing of it is kept.",

  lines: "Lines",
  linesSearch: "Look for words",
  linesFound: "{count} lines",
  linesNone: "No line says that.",
  linesEmpty: "These subtitles are not loaded yet.",
  linesWaiting: "Choose subtitles to read the lines.",
  repeatLine: "Hear the line again",
  repeatSlowly: "Hear it slowly",
  otherLanguage: "The line in the other language",
  otherNone: "Nothing is said here in {language}.",
  otherMissing: "There is no second language for this film.",
  wordHint: "Press a word to see its line in the other language.",

  speed: "Speed",
  speedNormal: "Normal",
  quality: "Quality",
  auto: "Auto",
  autoNow: "Auto ({quality})",
  audio: "Audio",
  audioTrack: "Track {number}",
  dataSaver: "Data saver",
  dataSaverNote: "At most 480p, little loaded ahead.",
  on: "On",
  playNext: "Play the next episode by itself",
  chapters: "Chapters",
  sleep: "Sleep timer",
  sleepMinutes: "{minutes} minutes",
  sleepEnd: "At the end of this film",
  sleepLeft: "{minutes} min left",
  sleepAdd: "15 minutes more",
  castTo: "Play on another screen",
  castNone: "No other screen was found.",

  skipIntro: "Skip the intro",
  skipRecap: "Skip the recap",
  skipCredits: "Skip the credits",
  nextEpisode: "Next episode",
  nextIn: "Plays in {seconds} seconds",
  playNow: "Play now",
  cancel: "Cancel",
  goesOnAt: "Goes on at {time}.",
  fromStart: "From the beginning",

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
  doPip: "Picture in picture on or off",
  doRepeat: "Hear the line again; again slowly",
  doLines: "Lines of the film",
  doPeek: "The line in the other language",
  doOffset: "Subtitles sooner or later",
  doSkip: "Skip intro, recap or credits",
  doNext: "Next episode",
  doSpeed: "Slower or faster",
  doTenths: "Jump to 0–90 %",
  doEnds: "To the beginning or the end",
  doHelp: "Show this list",

  saidVolume: "Volume {percent}",
  saidMuted: "Sound off",
  saidSpeed: "Speed {speed}",
  saidCaptions: "Subtitles: {language}",
  saidCaptionsFailed: "These subtitles could not be loaded.",

  saidOffset: "Subtitles: {offset}",
  saidSlow: "Once more, slowly",
  saidSleep: "Good night. The sleep timer stopped the film.",
  saidStep: "{seconds} seconds",

  retry: "Try again",
  reload: "Load the page again",
  errorNetwork: "The connection was lost. Playing goes on as soon as it is back.",
  errorOffline: "You are offline. Once you are connected again, playing goes on by itself.",
  errorStalled: "The film arrives slower than it plays. A lower quality, or data saver in the settings, helps.",
  errorMissing: "This film could not be opened: it is not at its address any more. Load the page again; if that does not help, it was taken out.",
  errorClosed: "This film can’t be watched any more.",
  errorMedia: "The film stopped because a part of it could not be read. Try again; if it stops at the same place, choose another quality.",
  errorUnsupported: "This browser can’t play this film. A current version of it should.",
} as const;

export type LabelKey = keyof typeof ENGLISH;
export type Labels = Readonly<Record<LabelKey, string>>;

/** What a JSON text says under each name; nothing where it is missing, or no record at all. */
export function record(json: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(json || "{}");
    return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The labels given as JSON text laid over the English ones; unknown keys and non-texts are ignored. */
export function readLabels(json: string | null | undefined): Labels {
  const labels: Record<LabelKey, string> = { ...ENGLISH };
  for (const [key, text] of Object.entries(record(json))) {
    if (key in ENGLISH && typeof text === "string" && text) labels[key as LabelKey] = text;
  }
  return labels;
}

/** `text` with each `{name}` replaced by the value of that name; unknown names stay as they are. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => String(values[name] ?? mark));
}
