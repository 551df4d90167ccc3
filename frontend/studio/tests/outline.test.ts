import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fetchOutline } from "../outline";

const described = { fps: "25", duration_ms: 1000, shots: [], speech: [], waveform: "waveform.dat" };
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal("location", { href: "http://studio.example/" });
  vi.stubGlobal("fetch", (address: string | URL) => {
    asked.push(String(address));
    return Promise.resolve({ ok: true, json: () => Promise.resolve(described), arrayBuffer: () => Promise.resolve(new ArrayBuffer(20)) });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks for no outline that is known not to be made", async () => {
  const answers = [false, true];
  const waits = vi.fn();
  const found = fetchOutline("/outline.json", false, () => Promise.resolve(answers.shift() ?? true), waits);
  await vi.advanceTimersByTimeAsync(2500);
  expect(asked).toEqual([]);
  expect(waits).toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  await found.catch(() => undefined);
  expect(asked[0]).toBe("/outline.json");
});

it("asks for one that is there at once", async () => {
  const made = vi.fn();
  await fetchOutline("/outline.json", true, made, vi.fn()).catch(() => undefined);
  expect(asked[0]).toBe("/outline.json");
  expect(made).not.toHaveBeenCalled();
});
