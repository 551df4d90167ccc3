import { expect, it, vi } from "vitest";
import { Model } from "../model";
import { type Condition, Sync } from "../sync";

const given = { id: 1, start: 0, end: 900, timing: 1, version: 0, text: "", source: "", notes: 0 };

it("calls a line saved whose row was loaded anew while it was sent", async () => {
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined });
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  let answer: (value: unknown) => void = () => undefined;
  vi.stubGlobal("fetch", () => new Promise((resolve) => (answer = resolve)));
  const said: Condition[] = [];
  const model = new Model(() => undefined);
  model.take([given]);
  const none = (): void => undefined;
  const sync = new Sync(
    model,
    { lines: "", changes: "", act: "", edition: "", source: "" },
    { condition: (now) => said.push(now), rows: none, claims: none, overtaken: none, refused: none, proposals: none },
  );
  model.edit(1, "Hello");
  const sent = sync.flush();
  model.apply([{ ...given, end: 800, timing: 2 }]); // somebody set its times
  answer({ ok: true, status: 200, json: () => Promise.resolve({ version: 1, text: "Hello" }) });
  await sent;
  expect(said.at(-1)).toBe("saved");
  expect(model.get(1)).toMatchObject({ text: "Hello", saved: "Hello", version: 1, end: 800 });
  vi.unstubAllGlobals();
});
