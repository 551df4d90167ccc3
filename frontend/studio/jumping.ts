// Which line somebody means who writes its number, or a time.
import type { Model } from "./model";
import { parseClock } from "./time";

/** Index of the row of that number, or that stands at that time or comes after it, else of the last;
 * undefined for what is neither. */
export function rowAt(model: Pick<Model, "rows" | "standing" | "from">, said: string): number | undefined {
  const text = said.trim();
  const last = model.rows.length - 1;
  if (/^\d+$/.test(text)) return Number(text) > 0 && last >= 0 ? Math.min(Number(text) - 1, last) : undefined;
  const ms = parseClock(text);
  if (ms === undefined || last < 0) return undefined;
  const standing = model.standing(ms);
  return standing >= 0 ? standing : Math.min(model.from(ms), last);
}
