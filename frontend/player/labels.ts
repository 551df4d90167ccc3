// Every word the player shows or speaks, in the language of the page: the server brings each of them
// (web/pages/labels.py) in the JSON of <script type="application/json" data-labels>.

export type LabelKey =
  | "player" | "play" | "pause" | "mute" | "unmute" | "volume" | "seek" | "loading" | "fullscreen"
  | "exitFullscreen" | "pictureInPicture" | "exitPictureInPicture" | "settings" | "back" | "close"
  | "captions" | "off" | "secondCaptions" | "captionStyle" | "captionSize" | "sizeSmall" | "sizeNormal"
  | "sizeLarge" | "sizeHuge" | "captionFont" | "fontSans" | "fontSerif" | "fontMono" | "fontMonoSerif"
  | "fontCasual" | "fontCursive" | "fontCapitals" | "captionColour" | "captionOpacity" | "colourWhite"
  | "colourYellow" | "colourGreen" | "colourCyan" | "colourBlue" | "colourMagenta" | "colourRed"
  | "colourBlack" | "captionBackground" | "backgroundShade" | "backgroundSolid" | "backgroundNone"
  | "captionGroundColour" | "captionWindow" | "captionEdge" | "edgeAuto" | "edgeNone" | "edgeShadow"
  | "edgeOutline" | "edgeRaised" | "edgeSunk" | "captionPlace" | "placeFoot" | "placeRaised" | "placeHead"
  | "captionReset" | "captionOffset" | "offsetNone" | "offsetLater" | "offsetSooner" | "sooner" | "later"
  | "keptAccount" | "keptDevice" | "keptPage" | "lines" | "linesSearch" | "linesFound" | "linesNone"
  | "linesEmpty" | "linesWaiting" | "repeatLine" | "repeatSlowly" | "otherLanguage" | "otherNone"
  | "otherMissing" | "wordHint" | "speed" | "speedNormal" | "quality" | "auto" | "autoNow" | "audio"
  | "audioTrack" | "dataSaver" | "dataSaverNote" | "on" | "playNext" | "chapters" | "sleep" | "sleepMinutes"
  | "sleepEnd" | "sleepLeft" | "sleepAdd" | "castTo" | "castNone" | "skipIntro" | "skipRecap" | "skipCredits"
  | "nextEpisode" | "nextIn" | "playNow" | "cancel" | "goesOnAt" | "fromStart" | "hour" | "hours" | "minute"
  | "minutes" | "second" | "seconds" | "timeOf" | "timeUnknown" | "shortcuts" | "shortcutsNote" | "keySpace"
  | "keyHome" | "keyEnd" | "doToggle" | "doStep" | "doJump" | "doVolume" | "doMute" | "doCaptions"
  | "doFullscreen" | "doPip" | "doRepeat" | "doLines" | "doPeek" | "doOffset" | "doSkip" | "doNext"
  | "doSpeed" | "doTenths" | "doEnds" | "doHelp" | "saidVolume" | "saidMuted" | "saidSpeed" | "saidCaptions"
  | "saidCaptionsFailed" | "saidOffset" | "saidSlow" | "saidSleep" | "saidStep" | "retry" | "reload"
  | "errorNetwork" | "errorOffline" | "errorStalled" | "errorMissing" | "errorClosed" | "errorMedia"
  | "errorUnsupported";

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

/** The words in the page's JSON. `{…}` marks are filled in by `fill`. */
export const readLabels = (json: string | null | undefined): Labels => record(json) as Labels;

/** `text` with each `{name}` replaced by the value of that name; unknown names stay as they are. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => String(values[name] ?? mark));
}
