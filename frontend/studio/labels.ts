// Every word of the studio, in the language of the page: the server brings each of them
// (subtitles/views/labels.py).

export type LabelKey =
  | "saved" | "saving" | "held" | "kept" | "signedOut" | "conflict" | "keepMine" | "takeTheirs" | "mended"
  | "claimed" | "claimedBy" | "claim" | "letGo" | "split" | "merge" | "add" | "shift" | "shiftBy" | "stretch"
  | "stretchTo" | "chain" | "clear" | "remove" | "badTimes" | "notATime" | "noNext" | "nothingToMove"
  | "noTimes" | "overtaken" | "homeless" | "offline" | "failed" | "signIn" | "yoursNow" | "letGoNow"
  | "cantUndo" | "wave" | "waveWaits" | "noWave" | "zoomIn" | "zoomOut" | "follow" | "draw" | "stick"
  | "stick.shots" | "stick.speech" | "stick.neighbours" | "propose" | "proposed" | "noneProposed"
  | "proposedLate" | "takeUp" | "turnDown" | "takeAll" | "turnAllDown" | "jump" | "jumpTo" | "jumpGo"
  | "jumpWrong" | "find" | "keysAbout" | "keysHelp" | "keysReset" | "keysWereReset" | "keysNone" | "keysPress"
  | "keysMove" | "keysTaken" | "keysClash" | "keysMoved" | "undo" | "redo" | "history" | "keys" | "play"
  | "timing" | "start" | "end" | "setStart" | "setEnd" | "line" | "openNotes" | "source" | "filled" | "next"
  | "noSource" | "close" | "doNext" | "doPrevious" | "doEmpty" | "doPlay" | "doClaim" | "doRun" | "doBack"
  | "doAhead" | "doFrameBack" | "doFrameAhead" | "doEndHere" | "doEarlier" | "doLater" | "doEndEarlier"
  | "doEndLater" | "doRuby" | "doSong" | "doSpeakers" | "doScreen" | "doTop" | "doPlace" | "place" | "place7"
  | "place8" | "place9" | "place4" | "place5" | "place6" | "place1" | "place2" | "place3" | "place0"
  | "doVertical" | "doFree" | "writing" | "writingAcross" | "writingRl" | "writingLr" | "placeLine"
  | "placePosition" | "placeSize" | "placeAlign" | "alignStart" | "alignCenter" | "alignEnd" | "alignLeft"
  | "alignRight" | "placeHint" | "doSplit" | "doMerge" | "doItalic" | "doKeys" | "doBreak" | "here"
  | "someone" | "handedOn" | "nowReview" | "nowDraft" | "nowReleased" | "nowLocked";
export type Labels = Readonly<Record<string, string>> & Readonly<Record<LabelKey, string>>;
