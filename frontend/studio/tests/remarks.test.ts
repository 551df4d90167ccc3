import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Remarks, RESTS } from "../remarks";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begun(): { remarks: Remarks; told: string[]; is: (words: string) => void } {
  let now = "";
  const told: string[] = [];
  const remarks = new Remarks(() => now, (words) => void (words && told.push(words)), "mended");
  remarks.entered();
  return { remarks, told, is: (words) => void (now = words) };
}

it("tells a remark once, when typing rests, and not on each key", () => {
  const { remarks, told, is } = begun();
  for (const words of ["18 a second", "19 a second", "20 a second"]) {
    is(words);
    remarks.typed();
    vi.advanceTimersByTime(RESTS - 1);
    remarks.changed(); // the line was saved meanwhile
  }
  expect(told).toEqual([]);
  vi.advanceTimersByTime(RESTS);
  expect(told).toEqual(["20 a second"]);
  remarks.typed();
  vi.advanceTimersByTime(RESTS);
  expect(told).toEqual(["20 a second"]);
});

it("tells that nothing is left to mend", () => {
  const { remarks, told, is } = begun();
  is("too long");
  remarks.typed();
  vi.advanceTimersByTime(RESTS);
  is("");
  remarks.typed();
  vi.advanceTimersByTime(RESTS);
  expect(told).toEqual(["too long", "mended"]);
});

it("leaves to the line what is read on entering it", () => {
  const { remarks, told, is } = begun();
  is("too fast");
  remarks.typed();
  remarks.entered();
  vi.advanceTimersByTime(2 * RESTS);
  remarks.changed();
  vi.advanceTimersByTime(RESTS);
  expect(told).toEqual([]);
});
