// What somebody likes of the player, as one record that the page gives and the player tells.
import { type CaptionLook, readLook } from "./caption-look";
import { record } from "./labels";

/** Where a choice is kept: with the account, in this browser, or for this page only. */
export type Kept = "account" | "device" | "page";

export interface Preferences {
  /** Language of the subtitles, `off`, or empty if that was never said. */
  readonly lang: string;
  /** Language of the second subtitles; empty for none. */
  readonly second: string;
  readonly look: CaptionLook;
  /** Whether the next episode plays by itself; undefined until somebody says. */
  readonly playNext: boolean | undefined;
  /** Whether to spare data; undefined until somebody says. */
  readonly dataSaver: boolean | undefined;
}

const text = (value: unknown): string => (typeof value === "string" && value.length <= 35 ? value : "");
const truth = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

/** The preferences in a JSON text; what is missing, unknown or no JSON at all is as at first. */
export function readPreferences(json: string | null | undefined): Preferences {
  const found = record(json);
  return {
    lang: text(found.lang),
    second: text(found.second),
    look: readLook(found),
    playNext: truth(found.playNext),
    dataSaver: truth(found.dataSaver),
  };
}

/** The same as one flat record, as it is kept. */
export function flat({ look, lang, second, playNext, dataSaver }: Preferences): Record<string, string | boolean> {
  return { lang, second, ...look, ...(playNext !== undefined && { playNext }), ...(dataSaver !== undefined && { dataSaver }) };
}

/** Whether the browser or the system asks for little data, whatever was chosen here. */
function asksForLittleData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
}

/** Whether the next episode plays by itself: as chosen, else where nobody asked for calm or thrift. */
export function playsNext(likes: Preferences): boolean {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return likes.playNext ?? !(calm || savesData(likes));
}

/** Whether data is spared: as chosen here, else as the browser asks. */
export const savesData = ({ dataSaver }: Preferences): boolean => dataSaver ?? asksForLittleData();
