// Playing time as people read it.

/** Seconds as `m:ss`, or `h:mm:ss` when they or `total` reach an hour; unknown lengths are `0:00`. */
export function formatTime(seconds: number, total = 0): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  if (hours > 0 || total >= 3600) return `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
  return `${minutes}:${rest}`;
}

/**
 * A point in time as a link writes it: seconds (`90`, `90.5`) or `1h2m3s`.
 * Anything else, and nothing, is 0.
 */
export function parseStart(text: string | null | undefined): number {
  const trimmed = (text ?? "").trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(trimmed);
  if (!parts) return 0;
  const [, hours = "0", minutes = "0", seconds = "0"] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
