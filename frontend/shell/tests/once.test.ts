// What is on its way is not sent again while a slow server works on it; what gives a file can be had again soon.
import { beforeEach, expect, test, vi } from "vitest";
import { sendOnce } from "../once.js";

type Form = { method: string; dataset: Record<string, string>; ariaBusy: string | null };

let send: (form: Form) => boolean;
const form = (dataset: Record<string, string> = {}): Form => ({ method: "post", dataset, ariaBusy: null });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("performance", { getEntriesByType: () => [] });
  const left = new EventTarget();
  vi.stubGlobal("addEventListener", left.addEventListener.bind(left));
  let listener: (event: unknown) => void = () => undefined;
  sendOnce({ addEventListener: (_: string, each: typeof listener) => (listener = each) } as unknown as Document);
  send = (target) => {
    let prevented = false;
    listener({ target, defaultPrevented: false, preventDefault: () => (prevented = true) });
    return !prevented;
  };
});

test("a letter to a server that takes half a minute is sent once", () => {
  const letter = form();
  expect(send(letter)).toBe(true);
  vi.advanceTimersByTime(30_000);
  expect(send(letter)).toBe(false);
  vi.advanceTimersByTime(31_000);
  expect(send(letter)).toBe(true);
});

test("a file can be fetched again", () => {
  const file = form({ file: "" });
  expect(send(file)).toBe(true);
  expect(send(file)).toBe(false);
  vi.advanceTimersByTime(5001);
  expect(send(file)).toBe(true);
});
