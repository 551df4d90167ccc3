import { expect, it } from "vitest";
import { rowAt } from "../jumping";
import { Model } from "../model";

const model = new Model(() => undefined);
model.take(
  Array.from({ length: 4000 }, (_, at) => ({
    id: at + 1, start: at * 2700, end: at * 2700 + 2200, timing: 1, version: 0, text: "", source: "", notes: 0,
  })),
);

it("finds a line by its number, and the last one beyond them", () => {
  expect(rowAt(model, "1")).toBe(0);
  expect(rowAt(model, " 2000 ")).toBe(1999);
  expect(rowAt(model, "5000")).toBe(3999);
});

it("finds the line that stands at a time, or the next", () => {
  expect(rowAt(model, "0:03")).toBe(1);
  expect(rowAt(model, "2.5")).toBe(1);
  expect(rowAt(model, "1:30:00")).toBe(2000);
  expect(rowAt(model, "9:00:00")).toBe(3999);
});

it("takes nothing else for a line", () => {
  for (const said of ["", "0", "-1", "here", "1:2:3:4"]) expect(rowAt(model, said)).toBeUndefined();
});
