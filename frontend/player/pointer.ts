// Clicks on the picture: one plays or pauses, two change to full screen. Taps are media-chrome's, which
// shows and hides the bar.
import type { Action } from "./keyboard";

/** Calls `perform` for clicks on `video`, but not for one that only closes an open menu. */
export function listenForClicks(
  video: HTMLVideoElement,
  menuIsOpen: () => boolean,
  perform: (action: Action) => void,
): void {
  let closesMenu = false;
  video.addEventListener("pointerdown", () => {
    closesMenu = menuIsOpen();
  });
  video.addEventListener("click", (event) => {
    if ((event as PointerEvent).pointerType !== "touch" && !closesMenu) perform({ do: "toggle" });
  });
  video.addEventListener("dblclick", () => perform({ do: "fullscreen" }));
}
