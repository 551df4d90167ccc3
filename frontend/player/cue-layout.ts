// Where a cue stands: WebVTT's settings reduced to what reads well over a film. Cues without a place
// stack up from the foot; cues asked for above the middle stack down from the head.

/** The settings of a VTTCue that decide. */
export interface CueSettings {
  readonly line: number | "auto";
  readonly snapToLines: boolean;
  readonly position: number | "auto";
  readonly positionAlign: string;
  readonly size: number;
  readonly align: string;
}

export interface CuePlace {
  readonly edge: "head" | "foot";
  /** Distance from that edge, in % of the picture's height. */
  readonly offset: number;
  /** Left end and width of the box, in % of the picture's width. */
  readonly left: number;
  readonly width: number;
  readonly align: "start" | "center" | "end" | "left" | "right";
}

/** Height of one line of the 16-line grid that line numbers count, in %. */
const LINE = 6.25;

function vertical({ line, snapToLines }: CueSettings): Pick<CuePlace, "edge" | "offset"> {
  if (line === "auto") return { edge: "foot", offset: 0 };
  const percent = snapToLines ? (line < 0 ? 100 + (line + 1) * LINE : line * LINE) : line;
  const top = Math.min(100, Math.max(0, percent));
  if (top < 50) return { edge: "head", offset: top };
  // A place near the foot means "as low as it goes": the box grows upwards from there.
  return { edge: "foot", offset: top > 80 ? 0 : 100 - top };
}

function horizontal(settings: CueSettings): Pick<CuePlace, "left" | "width"> {
  const { align, position, size } = settings;
  const leftish = align === "left" || align === "start";
  const rightish = align === "right" || align === "end";
  const at = position === "auto" ? (leftish ? 0 : rightish ? 100 : 50) : position;
  let anchor = settings.positionAlign;
  if (anchor === "auto") anchor = leftish ? "line-left" : rightish ? "line-right" : "center";
  const room =
    anchor === "line-left" ? 100 - at : anchor === "line-right" ? at : 2 * Math.min(at, 100 - at);
  const width = Math.min(size, room);
  const left = anchor === "line-left" ? at : anchor === "line-right" ? at - width : at - width / 2;
  return { left, width };
}

/** The place of a cue. A box too narrow to read (under 20 %) gets the whole width instead. */
export function placeCue(settings: CueSettings): CuePlace {
  const box = horizontal(settings);
  const { left, width } = box.width < 20 ? { left: 0, width: 100 } : box;
  const known = ["start", "end", "left", "right"] as const;
  const align = known.find((name) => name === settings.align) ?? "center";
  return { ...vertical(settings), left, width, align };
}
