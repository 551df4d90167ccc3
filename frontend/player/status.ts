// The player's state in one word, for styles, tests and other scripts.

type PlayerState = "idle" | "loading" | "ready" | "playing" | "paused" | "ended" | "error";

/** The part of a video element that decides. */
export interface VideoFlags {
  readonly readyState: number;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly currentSrc: string;
  readonly played: { readonly length: number };
}

/** `failed` wins over everything; a film that waits for data is `loading`, even in its middle. */
export function stateOf(video: VideoFlags, failed: boolean): PlayerState {
  if (failed) return "error";
  if (video.ended) return "ended";
  if (video.readyState < 2) return video.currentSrc || video.readyState > 0 ? "loading" : "idle";
  if (!video.paused) return video.readyState < 3 ? "loading" : "playing";
  return video.played.length > 0 ? "paused" : "ready";
}
