// Tells the page how far the film has been watched. Who may keep that is decided elsewhere.

/** Least seconds between two `plainview:progress` events. */
const PAUSE = 30;

interface Progress {
  /** Seconds into the film, and its length. */
  readonly position: number;
  readonly duration: number;
}

/** Dispatches bubbling `plainview:progress` (at most every 30 s) and `plainview:ended` on `target`. */
export function reportProgress(video: HTMLVideoElement, target: HTMLElement): void {
  let told = performance.now();
  const send = (name: string): void => {
    const detail: Progress = { position: video.currentTime, duration: video.duration };
    target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  };
  const tell = (): void => {
    if (performance.now() - told < PAUSE * 1000 || !(video.currentTime > 0)) return;
    told = performance.now();
    send("plainview:progress");
  };
  video.addEventListener("play", () => {
    if (video.played.length === 0) told = performance.now();
  });
  video.addEventListener("timeupdate", () => {
    if (!video.paused) tell();
  });
  video.addEventListener("pause", tell);
  window.addEventListener("pagehide", tell);
  video.addEventListener("ended", () => send("plainview:ended"));
}
