// The speeds one can watch at.
import type { Labels } from "./labels";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The speed that many steps faster (or slower, when negative) than `now`; the ends hold. */
export function nextSpeed(now: number, steps: number): number {
  const faster = SPEEDS.findIndex((speed) => speed >= now);
  const at = faster < 0 ? SPEEDS.length - 1 : faster;
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + steps))] ?? 1;
}

/** A speed as the menu writes it. */
export function speedName(speed: number, labels: Labels): string {
  return speed === 1 ? labels.speedNormal : `${speed}×`;
}
