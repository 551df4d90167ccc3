// Plays what somebody pressed "Play" for a page before.
import { make } from "./element";

/** Where the browser lets no film begin by itself (Safari), it invites once more: to have tried counts
 * as played there, which takes the poster and the large button away. */
export async function playAtOnce(container: HTMLElement, controls: HTMLElement, video: HTMLVideoElement): Promise<void> {
  try {
    await video.play();
    history.replaceState(null, "", location.pathname + location.search);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") invite(container, controls, video);
  }
}

function invite(container: HTMLElement, controls: HTMLElement, video: HTMLVideoElement): void {
  container.dataset.invites = "";
  video.addEventListener("playing", () => delete container.dataset.invites, { once: true });
  if (!video.poster) return;
  const poster = make("img", { class: "pv-poster", slot: "poster", alt: "", src: video.poster });
  for (const event of ["playing", "seeked"]) video.addEventListener(event, () => poster.remove(), { once: true });
  controls.append(poster);
}
