// Every word of the studio. The server gives them translated; what it leaves out stays English.

export const ENGLISH = {
  saved: "Saved",
  saving: "Saving…",
  held: "A line is not saved yet",
  kept: "Kept on this device; will be sent when the connection is back",
  signedOut: "You were signed out. Your lines are kept on this device; sign in again.",
  conflict: "Somebody wrote this in the meantime:",
  keepMine: "Keep mine",
  takeTheirs: "Take theirs",
  claimed: "Yours",
  claimedBy: "{who} is working here",
  claim: "Claim from here",
  letGo: "Let go",
  split: "Split",
  merge: "Merge with the next",
  add: "New segment here",
  shift: "Shift from here",
  shiftBy: "Shift by how many milliseconds? A minus moves them earlier.",
  undo: "Undo",
  redo: "Redo",
  history: "Notes and history",
  keys: "Keys",
  play: "Play this segment",
  timing: "Times and cutting",
  start: "Begins at",
  end: "Ends at",
  setStart: "Begin here",
  setEnd: "End here",
  line: "Line {number} of {total}",
  source: "Source",
  translation: "Translation",
  filled: "{filled} of {total} lines",
  next: "Next empty line",
  noSource: "No source",
  close: "Close",
  doNext: "Save and go to the next line",
  doPrevious: "Go to the previous line",
  doEmpty: "Go to the next empty line",
  doPlay: "Play or pause the segment",
  doClaim: "Claim thirty segments from here",
  doUndo: "Undo, redo",
  doStart: "Begin or end the segment at the playhead",
  doSplit: "Split at the cursor",
  doMerge: "Merge with the next segment",
  doNudge: "Move the beginning by 50 ms",
  doItalic: "Italics",
  doKeys: "Show this list",
} as const;

export type LabelKey = keyof typeof ENGLISH;
export type Labels = Readonly<Record<string, string>> & Readonly<Record<LabelKey, string>>;

/** The labels of a page's JSON laid over the English ones. */
export function readLabels(json: string | null | undefined): Labels {
  return { ...ENGLISH, ...(JSON.parse(json || "{}") as Record<string, string>) };
}
