// How somebody likes their desk: keys they moved, what edges stick to, the zoom. Kept in the browser
// only once something of it was changed.
import type { Moved } from "./keys";
import type { Sticks } from "./snapping";

export interface Desk {
  readonly keys: Moved;
  readonly sticks: Sticks;
  /** Pixels a second. */
  readonly zoom: number;
  readonly follows: boolean;
}

const KEY = "plainview-studio-desk";
const AS_MADE: Desk = {
  keys: {},
  sticks: { shots: true, speech: true, neighbours: true },
  zoom: 100,
  follows: true,
};

/** The desk as it was left, or as made. */
export function readDesk(): Desk {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Desk>;
    return { ...AS_MADE, ...kept, sticks: { ...AS_MADE.sticks, ...kept.sticks } };
  } catch {
    return AS_MADE;
  }
}

/** Keeps what differs; nothing where nothing does. */
export function keepDesk(desk: Desk): void {
  try {
    if (JSON.stringify(desk) === JSON.stringify(AS_MADE)) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(desk));
  } catch {
    // The browser keeps nothing: the desk is as it is in this window.
  }
}
