import { expect, it } from "vitest";
import type { Given, Row } from "../model";
import { carried, Turns } from "../turns";

const given = (id: number, text: string): Given => ({ id, start: 0, end: 900, timing: 1, version: 1, text, source: "", notes: 0 });
const row = (id: number, saved: string, text: string, more: Partial<Row> = {}): Row => ({ ...given(id, text), saved, timed: [0, 900], ...more });

it.each([
  ["at the cut goes into the second half", [row(1, "light harbour", "light foggy harbour")], [given(1, "light"), given(2, "harbour")], [[1, 2, "foggy harbour", 6]]],
  ["before the cut stays in the first", [row(1, "light harbour", "dim light harbour")], [given(1, "light"), given(2, "harbour")], [[1, 1, "dim light", 4]]],
  ["at the end of all goes to the end of the second", [row(1, "light harbour", "light harbours")], [given(1, "light"), given(2, "harbour")], [[1, 2, "harbours", 8]]],
  ["behind a cut at the end begins the second", [row(1, "light", "light fog")], [given(1, "light"), given(2, "")], [[1, 1, "light fog", 9]]],
  ["in the first of two that were joined stays there", [row(1, "light", "lights"), row(2, "harbour", "harbour")], [given(1, "light harbour")], [[1, 1, "lights harbour", 6]]],
  ["in the second of two that were joined goes along", [row(1, "light", "light"), row(2, "harbour", "harbours")], [given(1, "light harbour")], [[2, 1, "light harbours", 14]]],
  ["in both of them stands in both places", [row(1, "light", "lights"), row(2, "harbour", "harbours")], [given(1, "light harbour")], [[1, 1, "lights harbour", 6], [2, 1, "lights harbours", 15]]],
  ["in a segment that was taken away stays, without its words", [row(1, "light", "light fog")], [], [[1, undefined, " fog", 4]]],
  ["over what somebody else wrote waits for a word", [row(1, "light", "lights", { theirs: { version: 2, text: "dark" } })], [given(1, "light")], []],
] as const)("what was typed %s", (_, before, after, expected) => {
  expect(carried(before, after).map(({ of, id, text, cursor }) => [of, id, text, cursor])).toEqual(expected);
});

it("does one act behind the other, also where one fails, and at once where none is on its way", async () => {
  const turns = new Turns();
  const done: string[] = [];
  let answer: () => void = () => undefined;
  turns.take(() => new Promise<void>((resolve) => (answer = resolve)));
  turns.take(() => Promise.reject(new Error("refused")));
  turns.take(() => void done.push("third"));
  expect(done).toEqual([]);
  answer();
  await new Promise((resolve) => setTimeout(resolve, 1));
  turns.take(() => void done.push("fourth"));
  expect(done).toEqual(["third", "fourth"]);
});
