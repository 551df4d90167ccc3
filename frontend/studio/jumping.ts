// Which line somebody means who writes its number, or a time.
import { ask } from "./dialogs";
import type { Labels } from "./labels";
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

/** Asks which line to go to: through four thousand nobody scrolls with a thumb. */
export function askRow(root: HTMLElement, labels: Labels, model: Model, current: number): Promise<number | undefined> {
  const value = current >= 0 ? String(current + 1) : "";
  const words = { question: labels.jumpTo, does: labels.jumpGo, value, wrong: labels.jumpWrong };
  return ask(root, labels, words, (said) => rowAt(model, said));
}
