import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Model } from "../model";
import { type Condition, Sync, Undone } from "../sync";

const given = { id: 1, start: 0, end: 900, timing: 1, version: 0, text: "", source: "", notes: 0 };

const answers = new Map<string, (value: unknown) => void>();
const answer = (act: string, told: object): void =>
  answers.get(act)?.({ ok: true, status: 200, json: () => Promise.resolve(told) });

beforeEach(() => {
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined });
  vi.stubGlobal("window", globalThis);
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal("fetch", (_: string, { body }: { body?: URLSearchParams } = {}) =>
    body ? new Promise((resolve) => answers.set(body.get("act") ?? "", resolve)) : Promise.resolve({ ok: false, status: 503 }));
});
afterEach(() => void vi.unstubAllGlobals());

function begun(me = "mira", overtaken = vi.fn(), typed = vi.fn()): { model: Model; sync: Sync; said: Condition[] } {
  const said: Condition[] = [];
  const model = new Model(() => undefined);
  model.take([given]);
  const none = (): void => undefined;
  const at = { lines: "", changes: "", act: "", me, source: "" };
  const condition = (now: Condition): void => void said.push(now);
  const undone = (why: string): string => `undone: ${why}`;
  const tell = { condition, rows: none, claims: none, overtaken, refused: none, undone, proposals: none, typed };
  return { model, sync: new Sync(model, at, tell), said };
}

it("calls a line saved whose row was loaded anew while it was sent", async () => {
  const { model, sync, said } = begun();
  model.edit(1, "Hello");
  const sent = sync.flush();
  model.apply([{ ...given, end: 800, timing: 2 }]); // somebody set its times
  answer("save", { version: 1, text: "Hello" });
  await sent;
  expect(said.at(-1)).toBe("saved");
  expect(model.get(1)).toMatchObject({ text: "Hello", saved: "Hello", version: 1, end: 800 });
});

it.each([["save", "times"], ["times", "save"]])("calls words and times saved when %s is answered before %s", async (...order) => {
  const { model, sync, said } = begun();
  model.edit(1, "Hello");
  model.time([{ id: 1, start: 0, end: 700 }]);
  const sent = sync.flush();
  for (const act of order) {
    answer(act, act === "save" ? { version: 1, text: "Hello" } : { times: [{ id: 1, start: 0, end: 700, timing: 2 }] });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await sent;
  expect(said.at(-1)).toBe("saved");
});

// P5.1.3b, P1.1.5a: who signs in at the same browser after somebody finds none of their words, and sends none.
it("gives a line that could not be sent back to whoever wrote it and to nobody else", async () => {
  const mira = begun();
  mira.model.edit(1, "Hello");
  mira.sync.changed();
  for (const [who, text] of [["tom", ""], ["mira", "Hello"]] as const) {
    const { model, sync } = begun(who);
    await sync.begin();
    expect(model.get(1)?.text).toBe(text);
  }
});

it.each([[2, 1], [1, 0]])("says whose times stand where somebody set them meanwhile (%i)", async (timing, times) => {
  const before = begun();
  before.model.time([{ id: 1, start: 0, end: 700 }]);
  before.sync.changed();
  const overtaken = vi.fn();
  const { model, sync } = begun("mira", overtaken);
  model.take([{ ...given, end: 800, timing }]);
  await sync.begin();
  expect(overtaken).toHaveBeenCalledTimes(times);
  expect(model.get(1)?.end).toBe(timing === 2 ? 800 : 700);
});

it("leaves on the device what another tab of the same person keeps there", async () => {
  const two = [given, { ...given, id: 2, start: 1000, end: 1900 }];
  const [one, other] = [begun(), begun()];
  for (const { model } of [one, other]) model.take(two);
  one.model.edit(1, "Hello");
  one.sync.changed();
  other.model.edit(2, "Good night");
  other.sync.changed();
  const sent = other.sync.flush();
  answer("save", { version: 1, text: "Good night" });
  await sent;
  const again = begun();
  again.model.take(two);
  await again.sync.begin();
  expect(again.model.rows.map(({ text }) => text)).toEqual(["Hello", ""]);
});

it.each([
  ["offline", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["signedOut", () => Promise.resolve({ ok: false, status: 401, json: () => Promise.resolve({ code: "signed-out" }) })],
  ["overtaken", () => Promise.resolve({ ok: false, status: 409, json: () => Promise.resolve({ code: "conflict" }) })],
  ["failed", () => Promise.resolve({ ok: false, status: 502, json: () => Promise.reject(new SyntaxError("<")) })],
])("says in words why an act was not done: %s", async (why, respond) => {
  vi.stubGlobal("fetch", respond);
  await expect(begun().sync.act(() => ({ act: "claim" }))).rejects.toThrow(`undone: ${why}`);
  const again = begun().sync.act(() => ({ act: "claim" })).catch((problem: unknown) => problem instanceof Undone);
  expect(await again, "whether it can be tried again").toBe(why !== "overtaken");
});

it("keeps times that a server on its way back could not take, and says so", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve({ ok: false, status: 502, json: () => Promise.reject(new SyntaxError("<")) }));
  const { model, sync, said } = begun();
  model.time([{ id: 1, start: 0, end: 700 }]);
  await sync.flush();
  expect(said.at(-1)).toBe("kept");
  expect(model.untimed).toHaveLength(1);
});

it("does an act once all that waits was answered, and says nothing of what is typed meanwhile to anybody else", async () => {
  const typed = vi.fn();
  const { model, sync } = begun("mira", vi.fn(), typed);
  model.edit(1, "Hello there");
  const sent = sync.flush();
  let posted = false;
  const values = (): { act: string } => {
    posted = true;
    return { act: "split" };
  };
  const acted = sync.act(values, () => model.steps.add({ kind: "act", id: 1, undo: {}, redo: {} }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(posted, "a save is on its way").toBe(false);
  answer("save", { version: 1, text: "Hello there" });
  await sent;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(posted).toBe(true);
  model.edit(1, "Hello you there");
  const heard = sync.take({ changes: 2, rows: [{ id: 1, version: 2, text: "Hello" }] });
  answer("split", { segment: 2, rows: [{ ...given, version: 2, text: "Hello" }, { ...given, id: 2, start: 500, text: "there" }] });
  await acted;
  await heard;
  expect(model.get(1)).toMatchObject({ text: "Hello", version: 2 });
  expect(model.get(1)?.theirs).toBeUndefined();
  expect(typed).toHaveBeenCalledWith({ of: 1, id: 2, text: "you there", cursor: 4 });
  expect([model.steps.back()?.kind, model.steps.back()?.kind]).toEqual(["act", "text"]);
});

it("takes no rows that were on their way while an act was done", async () => {
  const asked: ((rows: object[], times: number) => void)[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body?: URLSearchParams } = {}) =>
    new Promise((resolve) =>
      body
        ? answers.set(body.get("act") ?? "", resolve)
        : asked.push((rows, times) =>
            resolve({ ok: true, status: 200, json: () => Promise.resolve({ rows, gone: [], times, changes: 1, now: 0 }) })),
    ));
  const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));
  const other = { ...given, id: 2, start: 1000, end: 1900 };
  const { model, sync } = begun();
  model.take([given, other]);
  const heard = sync.take({ changes: 1, rows: [], times: 99 });
  await pause();
  const acted = sync.act(() => ({ act: "merge" }));
  await pause();
  const merged = { ...given, end: 1900, timing: 2 };
  answer("merge", { rows: [merged], gone: [2] });
  await acted;
  asked[0]?.([given, other], 3); // from before the merge
  await pause();
  asked[1]?.([merged], 2);
  await heard;
  expect(model.rows.map(({ id, end }) => [id, end])).toEqual([[1, 1900]]);
  expect(asked).toHaveLength(2);
});
