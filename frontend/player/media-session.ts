// The keys of keyboards, headphones and lock screens: what the system shows of the film, and what it may ask.
import type { Film } from "./marks";

interface SessionActs {
  readonly toggle: (play: boolean) => void;
  readonly step: (seconds: number) => void;
  readonly goto: (seconds: number) => void;
  readonly next: (() => void) | null;
}

/** Joins the film to the system's media controls, where there are any. */
export function joinMediaSession(video: HTMLVideoElement, title: string, film: Film, acts: SessionActs): void {
  if (!("mediaSession" in navigator)) return;
  const session = navigator.mediaSession;
  const artwork = film.artwork ? [{ src: new URL(film.artwork, location.href).href }] : [];
  session.metadata = new MediaMetadata({ title, artist: film.by, artwork });
  const handle = (action: MediaSessionAction, act: MediaSessionActionHandler | null): void => {
    try {
      session.setActionHandler(action, act);
    } catch {
      // this browser has no such key
    }
  };
  handle("play", () => acts.toggle(true));
  handle("pause", () => acts.toggle(false));
  handle("stop", () => acts.toggle(false));
  handle("seekbackward", ({ seekOffset }) => acts.step(-(seekOffset || 10)));
  handle("seekforward", ({ seekOffset }) => acts.step(seekOffset || 10));
  handle("seekto", ({ seekTime }) => seekTime !== undefined && acts.goto(seekTime));
  handle("nexttrack", acts.next);
  const tellPlace = (): void => {
    const { currentTime: position, duration, playbackRate } = video;
    if (!Number.isFinite(duration) || duration <= 0) return;
    session.setPositionState?.({ duration, playbackRate, position: Math.min(position, duration) });
  };
  for (const event of ["play", "pause", "ended"]) {
    video.addEventListener(event, () => {
      session.playbackState = video.paused ? "paused" : "playing";
    });
  }
  for (const event of ["durationchange", "seeked", "ratechange", "playing"]) video.addEventListener(event, tellPlace);
}
