import { describe, expect, it } from "vitest";
import { type Given, Model, type Row } from "../model";
import { clock, parseClock } from "../time";

const row = (id: number, text = "", version = 0): Given => ({
  id,
  start: id * 1000,
  end: id * 1000 + 900,
  timing: 1,
  version,
  text,
  source: "",
  notes: 0,
});

function modelOf(...rows: Given[]): Model {
  const model = new Model(() => undefined);
  model.take(rows);
  return model;
}

function take(model: Model, step: ReturnType<Model["steps"]["back"]>, back: boolean): Row | undefined {
  return step && step.kind !== "act" ? model.run(step, back) : undefined;
}
const undo = (model: Model): Row | undefined => take(model, model.steps.back(), true);
const redo = (model: Model): Row | undefined => take(model, model.steps.again(), false);

describe("the rows of an edition", () => {
  it("keeps what was being written in a segment that somebody else took away", () => {
    const model = modelOf(row(1, "one"), row(2, "two"), row(3, "three"));
    model.edit(2, "two and more");
    model.apply([], [2, 3]);
    expect([...model.homeless]).toEqual([[2, "two and more"]]);
    model.edit(1, "one and more");
    model.take([row(4)]);
    expect([...model.homeless.keys()]).toEqual([2, 1]);
  });

  it("undoes and redoes across lines, a moment's typing at once", () => {
    const model = modelOf(row(1, "one"), row(2, "two"));
    model.edit(1, "one m", 0);
    model.edit(1, "one more", 500);
    model.edit(2, "zwei", 9000);
    expect(undo(model)?.id).toBe(2);
    expect(undo(model)?.text).toBe("one");
    expect(undo(model)).toBeUndefined();
    expect(redo(model)?.text).toBe("one more");
    expect(redo(model)?.text).toBe("zwei");
  });

  it("takes nothing back, and does nothing again, over what somebody else wrote since", () => {
    const model = modelOf(row(1, "one", 1));
    model.edit(1, "two", 0);
    model.wasSaved(model.get(1) as Row, 2, "two");
    model.hear(1, 3, "theirs");
    expect(undo(model)).toBeUndefined();
    expect(redo(model)).toBeUndefined();
    expect(model.get(1)?.text).toBe("theirs");
  });

  it("takes what somebody else saved, where nothing of one's own waits", () => {
    const model = modelOf(row(1, "one", 1));
    model.hear(1, 2, "uno");
    expect(model.get(1)).toMatchObject({ text: "uno", version: 2 });
    expect(model.unsaved).toEqual([]);
  });

  it("keeps one's own words beside theirs until somebody chooses", () => {
    const model = modelOf(row(1, "one", 1));
    model.edit(1, "eins");
    model.hear(1, 2, "uno");
    const held = model.get(1)!;
    expect(held).toMatchObject({ text: "eins", version: 1, theirs: { version: 2, text: "uno" } });
    model.settle(held, true);
    expect(held).toMatchObject({ text: "eins", version: 2, saved: "uno", theirs: undefined });
    expect(model.unsaved).toEqual([held]);
  });

  it("keeps what is not saved when all rows are loaded anew, and shows a clash", () => {
    const model = modelOf(row(1, "one", 1), row(2));
    model.edit(1, "eins");
    model.edit(2, "zwei");
    model.take([row(1, "uno", 2), row(2), row(3)]);
    expect(model.get(1)).toMatchObject({ text: "eins", theirs: { version: 2, text: "uno" } });
    expect(model.get(2)).toMatchObject({ text: "zwei", saved: "" });
    expect(model.nextEmpty(0)).toBe(2);
  });

  it("has more to save when one typed on while it was being saved", () => {
    const model = modelOf(row(1));
    model.edit(1, "on");
    model.edit(1, "one");
    const held = model.get(1)!;
    model.wasSaved(held, 1, "on");
    expect(model.isUnsaved(held)).toBe(true);
    model.wasSaved(held, 2, "one");
    expect(model.isUnsaved(held)).toBe(false);
  });
});

describe("times of segments", () => {
  it("are undone across rows at once, nudges within a moment together", () => {
    const model = modelOf(row(1), row(2), row(3));
    model.time([{ id: 1, start: 1040, end: 1900 }], 0);
    model.time([{ id: 1, start: 1080, end: 1900 }], 500);
    model.time([{ id: 2, start: 2500, end: 2900 }, { id: 3, start: 3500, end: 3900 }], 9000);
    expect(model.untimed.map(({ id }) => id)).toEqual([1, 2, 3]);
    undo(model);
    expect(model.rows.map(({ start }) => start)).toEqual([1080, 2000, 3000]);
    undo(model);
    expect(model.untimed).toEqual([]);
    redo(model);
    expect(model.get(1)?.start).toBe(1080);
  });

  it("that somebody else set since are not taken back", () => {
    const model = modelOf(row(1));
    model.time([{ id: 1, start: 1040, end: 1900 }]);
    model.wereTimed([{ id: 1, start: 1040, end: 1900, timing: 2 }]);
    model.apply([{ ...row(1), start: 1200, end: 1800, timing: 3 }]);
    expect(undo(model)).toBeUndefined();
    expect(model.get(1)).toMatchObject({ start: 1200, end: 1800, timing: 3 });
  });

  it("keep rows in order, and find who stands at a moment", () => {
    const model = modelOf(row(1), row(2), row(3));
    model.time([{ id: 1, start: 3950, end: 4400 }]);
    expect(model.rows.map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(model.at(1)).toBe(2);
    expect([1500, 2100, 2950, 4000].map((ms) => model.standing(ms))).toEqual([-1, 0, -1, 2]);
    expect(model.from(3000)).toBe(1);
  });

  it("wait for the server, and give way where it holds others", () => {
    const model = modelOf(row(1), row(2));
    model.time([{ id: 1, start: 1040, end: 1900 }]);
    model.take([{ ...row(1), start: 1200, timing: 2 }, row(2)]);
    expect(model.get(1)).toMatchObject({ start: 1200, timing: 2 });
    model.time([{ id: 2, start: 2040, end: 2900 }]);
    model.retreat();
    expect(model.get(2)?.start).toBe(2000);
  });
});

describe("times", () => {
  it.each([0, 61_003, 3_723_456])("of %i ms are read as they are written", (ms) => {
    expect(parseClock(clock(ms))).toBe(ms);
  });

  it("that are none are told apart", () => {
    expect(parseClock("soon")).toBeUndefined();
    expect(parseClock("1:02,5")).toBe(62_500);
  });
});

it("takes no line from under an input method: theirs waits beside what is being composed", () => {
  const model = modelOf(row(1, "각 나", 1));
  const mine = model.rows[0] as Row;
  model.composing = 1;
  model.hear(1, 2, "theirs");
  expect(mine).toMatchObject({ text: "각 나", theirs: { version: 2, text: "theirs" } });
  model.edit(1, "각 난");
  model.settle(mine, true);
  expect(mine).toMatchObject({ text: "각 난", saved: "theirs", version: 2, theirs: undefined });
  model.composing = -1;
  model.wasSaved(mine, 3, "각 난");
  model.hear(1, 4, "again theirs");
  expect(mine).toMatchObject({ text: "again theirs", version: 4 });
});

it("hears how many notes are open", () => {
  const model = modelOf(row(1), row(2));
  expect(model.noted({ 2: 3 })).toBe(true);
  expect(model.rows.map(({ notes }) => notes)).toEqual([0, 3]);
  expect(model.noted({ 2: 3 })).toBe(false);
  expect(model.noted({})).toBe(true);
});

it.each([[true, ["text", "act"]], [false, ["text"]]])("keeps an act that could not be taken back yet, and no other (%s)", (stays, kinds) => {
  const { steps } = new Model(() => undefined);
  const act = { kind: "act", id: 1, undo: {}, redo: {} } as const;
  steps.add(act);
  steps.back();
  steps.add({ kind: "text", id: 1, before: "", after: "Hello", at: 0 }); // typed while it was sent
  steps.failed(act, true, stays);
  expect([steps.back()?.kind, steps.back()?.kind].filter(Boolean)).toEqual(kinds);
  expect(steps.back()).toBeUndefined();
});
