import { describe, expect, it } from "vitest";
import { type Given, Model } from "../model";
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

describe("the rows of an edition", () => {
  it("undoes and redoes across lines, a moment's typing at once", () => {
    const model = modelOf(row(1, "one"), row(2, "two"));
    model.edit(1, "one m", 0);
    model.edit(1, "one more", 500);
    model.edit(2, "zwei", 9000);
    expect(model.undo()?.id).toBe(2);
    expect(model.undo()?.text).toBe("one");
    expect(model.undo()).toBeUndefined();
    expect(model.redo()?.text).toBe("one more");
    expect(model.redo()?.text).toBe("zwei");
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

describe("times", () => {
  it.each([0, 61_003, 3_723_456])("of %i ms are read as they are written", (ms) => {
    expect(parseClock(clock(ms))).toBe(ms);
  });

  it("that are none are told apart", () => {
    expect(parseClock("soon")).toBeUndefined();
    expect(parseClock("1:02,5")).toBe(62_500);
  });
});
