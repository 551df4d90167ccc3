// Says that the film goes on where it was left, and offers the beginning, until that is clear anyway.
import { make } from "./element";
import { fill, type Labels } from "./labels";
import { formatTime } from "./time";

/** Seconds of playing after which nobody needs it any more. */
const STAY = 8;

export function offerBeginning(video: HTMLVideoElement, at: number, labels: Labels): HTMLElement {
  const again = make("button", { type: "button", class: "pv-quiet" }, labels.fromStart);
  const said = make("p", {}, fill(labels.goesOnAt, { time: formatTime(at) }));
  const element = make("div", { class: "pv-resume", slot: "top-chrome", noautohide: true }, said, again);
  element.dir = document.documentElement.dir || "ltr";
  const leave = (): void => {
    if (element.contains(document.activeElement)) element.closest<HTMLElement>("media-controller")?.focus();
    element.remove();
    video.removeEventListener("timeupdate", look);
  };
  const look = (): void => {
    if (video.currentTime > at + STAY || video.currentTime < at - 2) leave();
  };
  again.addEventListener("click", () => {
    video.currentTime = 0;
    void video.play().catch(() => undefined);
    leave();
  });
  video.addEventListener("timeupdate", look);
  return element;
}
