import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkGrowth, checkHead, checkReceipt, trusted, type Said, Verdict } from "../checking.js";

// Shared with plainview-verify, which is asked the same in tests/log/test_vectors.py.
interface Case {
  name: string;
  what: "receipt" | "head" | "grown";
  texts: [string, string];
  key: string;
  /** The list of keys that the log publishes, if the case has one. */
  keys?: object;
  path: string[];
  end: string;
  word: string;
}
const cases = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8")) as Case[];

async function ask(each: Case): Promise<Said[]> {
  const key = await trusted(each.key, each.keys ? JSON.stringify(each.keys) : "");
  const [one, other] = each.texts;
  if (each.what === "receipt") return checkReceipt(one, key);
  if (each.what === "head") return checkHead(one, key);
  return checkGrowth(one, other, key, () => Promise.resolve({ path: each.path }));
}

describe("what the service can prove (P2.11e)", () => {
  it.each(cases)("$name: $end", async (each) => {
    const found = await ask(each).then(
      (said) => ({ end: "holds", word: said.at(-1)?.word }),
      (error: unknown) => (error instanceof Verdict ? { end: error.end, word: error.word } : error),
    );
    expect(found).toEqual({ end: each.end, word: each.word });
  });

  it.each(["grown from 128 to 300", "grown within one second"])("takes two heads of one picker in their order: %s", async (which) => {
    const each = cases.find(({ name }) => name === which);
    const [one, other] = each!.texts;
    const said = await checkGrowth(other, one, await trusted(each!.key, ""), () => Promise.resolve({ path: each!.path }));
    expect(said.at(-1)?.word).toBe("grown");
  });
});
