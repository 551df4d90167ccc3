// Whether the film may still be played, asked of the service when its files are refused, and at the
// moment its licence ends: a new address, or why not in words.

export type Admission =
  | {
      readonly kind: "open";
      readonly src: string;
      /** When the address ends, in milliseconds of the clock, and how many are left by the service's own. */
      readonly until: number | null;
      readonly left: number | null;
    }
  | { readonly kind: "closed"; readonly said: string }
  | { readonly kind: "unknown" };

/** Longest time that a timer of a browser counts. */
const FARTHEST = 2 ** 31 - 1;

/** Asks at `address`; `unknown` when nobody answers. */
export async function ask(address: string, get: typeof fetch = fetch): Promise<Admission> {
  try {
    const answer = await get(address, { headers: { accept: "application/json" }, cache: "no-store" });
    const said = (await answer.json()) as { playlist?: string; until?: string | null; text?: string };
    if (answer.ok && said.playlist) {
      const until = Date.parse(said.until ?? "") || null;
      const there = Date.parse(answer.headers.get("date") ?? "") || Date.now();
      return { kind: "open", src: said.playlist, until, left: until && until - there };
    }
    if ([401, 403, 404, 410, 451].includes(answer.status)) return { kind: "closed", said: said.text ?? "" };
  } catch {
    // no connection, or no JSON: nothing is known
  }
  return { kind: "unknown" };
}

/** Calls `check` when the licence ends, at the clock's `until`. */
export function atEndOfLicence(until: number | null, check: () => void): void {
  if (until === null) return;
  const wait = (): void => {
    const left = until - Date.now();
    if (left <= 0) check();
    else setTimeout(wait, Math.min(left + 500, FARTHEST));
  };
  wait();
}
