// Lines that could not be sent yet, kept on the device by who wrote them in which edition, and segment.

/** The one key that the studio keeps in the browser. */
const KEPT = "plainview-studio";

export interface KeptLine {
  text: string;
  version: number;
  /** Start, end and the version they were set on, of a segment whose times wait. */
  times?: [number, number, number];
}

export type Kept = Record<string, Record<string, KeptLine>>;

export function readKept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

export function writeKept(all: Kept): void {
  try {
    if (Object.keys(all).length > 0) localStorage.setItem(KEPT, JSON.stringify(all));
    else localStorage.removeItem(KEPT);
  } catch {
    // The browser keeps nothing: the lines stay in this window.
  }
}
