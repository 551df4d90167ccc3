// Presses on the picture. A mouse: once plays or pauses, twice changes to full screen. A finger: once
// shows the bar (media-chrome's own doing), twice at a side goes back or on, again and again.
import type { Action } from "./keyboard";

/** A second tap within this many milliseconds, and pixels, belongs to the first. */
const PAUSE = 300;
const NEAR = 60;
/** Seconds of a double tap, and which part of the picture's width each side takes. */
const STEP = 10;
const SIDE = 0.36;

interface Tap {
  readonly x: number;
  readonly y: number;
  readonly at: number;
}

/** Which way a tap follows another: -1 back, 1 on, 0 in the middle; null if it doesn't belong to it. */
export function doubled(first: Tap | null, second: Tap, width: number): -1 | 0 | 1 | null {
  if (!first || second.at - first.at > PAUSE) return null;
  if (Math.hypot(second.x - first.x, second.y - first.y) > NEAR) return null;
  if (second.x < width * SIDE) return -1;
  return second.x > width * (1 - SIDE) ? 1 : 0;
}

interface PointerActs {
  readonly menuIsOpen: () => boolean;
  readonly perform: (action: Action) => void;
  /** A double tap moved the film: which way, how many seconds since the first, and where it was. */
  readonly ripple: (way: -1 | 1, seconds: number) => void;
}

/** Listens on `video`, but not for a press that only closes an open menu. */
export function listenForPresses(video: HTMLVideoElement, { menuIsOpen, perform, ripple }: PointerActs): void {
  let closesMenu = false;
  let last: Tap | null = null;
  let sum = 0;
  video.addEventListener("pointerdown", () => {
    closesMenu = menuIsOpen();
  });
  video.addEventListener("click", (event) => {
    if ((event as PointerEvent).pointerType !== "touch" && !closesMenu) perform({ do: "toggle" });
  });
  video.addEventListener("dblclick", (event) => {
    if ((event as MouseEvent & { pointerType?: string }).pointerType !== "touch" && !last) perform({ do: "fullscreen" });
  });
  // The browser tells of a tap only if it was no scroll: `touch-action: manipulation` leaves scrolling
  // and pinching to it, and takes away its own double tap.
  video.addEventListener("pointerup", (event) => {
    if (event.pointerType !== "touch") return;
    const { left, top, width } = video.getBoundingClientRect();
    const tap: Tap = { x: event.clientX - left, y: event.clientY - top, at: event.timeStamp };
    const way = doubled(last, tap, width);
    last = tap;
    if (way === null) {
      sum = 0;
      return;
    }
    if (way === 0) {
      perform({ do: "toggle" });
      return;
    }
    sum = Math.sign(sum) === way ? sum + way * STEP : way * STEP;
    perform({ do: "step", seconds: way * STEP });
    ripple(way, Math.abs(sum));
  });
  video.addEventListener("pointercancel", () => {
    last = null;
  });
}
