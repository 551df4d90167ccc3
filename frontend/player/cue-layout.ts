// Where a cue stands: WebVTT's settings reduced to what reads well over a film. Cues without a place
// stack up from the foot; cues asked for above the middle stack down from the head.

/** The settings of a VTTCue that decide. */
export interface CueSettings {
  readonly vertical?: string;
  readonly line: number | "auto";
  readonly snapToLines: boolean;
  readonly position: number | "auto";
  /** Absent in browsers that don't know it. */
  readonly positionAlign?: string;
  readonly size: number;
  readonly align: string;
}

export type CuePlace = AcrossPlace | DownPlace;

interface AcrossPlace {
  readonly edge: "head" | "foot";
  /** Distance from that edge, in % of the picture's height. */
  readonly offset: number;
  /** Left end and width of the box, in % of the picture's width. */
  readonly left: number;
  readonly width: number;
  readonly align: "start" | "center" | "end" | "left" | "right";
}

/** Of lines that run down: Japanese, Chinese and Korean in columns. */
interface DownPlace {
  /** Which way columns follow each other. */
  readonly writing: "rl" | "lr";
  readonly edge: "left" | "right";
  /** Distance from that edge, in % of the picture's width. */
  readonly offset: number;
  /** Upper end and height of the box, in % of the picture's height. */
  readonly top: number;
  readonly height: number;
  readonly align: AcrossPlace["align"];
}

/** Height of one line of the 16-line grid that line numbers count, in %. */
const LINE = 6.25;

function vertical({ line, snapToLines }: CueSettings): Pick<AcrossPlace, "edge" | "offset"> {
  if (line === "auto") return { edge: "foot", offset: 0 };
  const percent = snapToLines ? (line < 0 ? 100 + (line + 1) * LINE : line * LINE) : line;
  const top = Math.min(100, Math.max(0, percent));
  if (top < 50) return { edge: "head", offset: top };
  // A place near the foot means "as low as it goes": the box grows upwards from there.
  return { edge: "foot", offset: top > 80 ? 0 : 100 - top };
}

function horizontal(settings: CueSettings): Pick<AcrossPlace, "left" | "width"> {
  const { align, position, size } = settings;
  const leftish = align === "left" || align === "start";
  const rightish = align === "right" || align === "end";
  const at = position === "auto" ? (leftish ? 0 : rightish ? 100 : 50) : position;
  let anchor: string | undefined = settings.positionAlign;
  if (anchor === undefined || anchor === "auto") anchor = leftish ? "line-left" : rightish ? "line-right" : "center";
  const room =
    anchor === "line-left" ? 100 - at : anchor === "line-right" ? at : 2 * Math.min(at, 100 - at);
  const width = Math.min(size, room);
  const left = anchor === "line-left" ? at : anchor === "line-right" ? at - width : at - width / 2;
  return { left, width };
}

/** Columns are counted from where the first one stands; shares of the picture from its left. */
function sideways({ line, snapToLines }: CueSettings, writing: "rl" | "lr"): Pick<DownPlace, "edge" | "offset"> {
  const [first, last] = writing === "rl" ? (["right", "left"] as const) : (["left", "right"] as const);
  if (line === "auto") return { edge: last, offset: 0 };
  const within = (share: number): number => Math.min(100, Math.max(0, share));
  if (snapToLines) {
    return line < 0 ? { edge: last, offset: within(-(line + 1) * LINE) } : { edge: first, offset: within(line * LINE) };
  }
  const left = within(line);
  if (left < 50) return { edge: "left", offset: left };
  return { edge: "right", offset: left > 80 ? 0 : 100 - left };
}

/** The place of a cue. A box too narrow to read (under 20 %) gets the whole width instead. */
export function placeCue(settings: CueSettings): CuePlace {
  const box = horizontal(settings);
  const { left, width } = box.width < 20 ? { left: 0, width: 100 } : box;
  const known = ["start", "end", "left", "right"] as const;
  const align = known.find((name) => name === settings.align) ?? "center";
  if (settings.vertical === "rl" || settings.vertical === "lr") {
    const writing = settings.vertical;
    return { writing, ...sideways(settings, writing), top: left, height: width, align };
  }
  return { ...vertical(settings), left, width, align };
}
