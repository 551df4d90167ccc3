import { describe, expect, it } from "vitest";
import { type CueSettings, placeCue } from "../cue-layout";

const USUAL: CueSettings = {
  line: "auto",
  snapToLines: true,
  position: "auto",
  positionAlign: "auto",
  size: 100,
  align: "center",
};
const place = (settings: Partial<CueSettings>) => placeCue({ ...USUAL, ...settings });

describe("placeCue", () => {
  it("puts a cue without settings at the foot, centred, over the whole width", () => {
    expect(place({})).toEqual({ edge: "foot", offset: 0, left: 0, width: 100, align: "center" });
  });

  it("counts lines from the head when positive and from the foot when negative", () => {
    expect(place({ line: 0 })).toMatchObject({ edge: "head", offset: 0 });
    expect(place({ line: 2 })).toMatchObject({ edge: "head", offset: 12.5 });
    expect(place({ line: -1 })).toMatchObject({ edge: "foot", offset: 0 });
    expect(place({ line: -6 })).toMatchObject({ edge: "foot", offset: 31.25 });
  });

  it("takes percentages, and keeps what is beyond the picture inside it", () => {
    const percent = (line: number) => place({ line, snapToLines: false });
    expect(percent(10)).toMatchObject({ edge: "head", offset: 10 });
    expect(percent(60)).toMatchObject({ edge: "foot", offset: 40 });
    expect(percent(90)).toMatchObject({ edge: "foot", offset: 0 });
    expect(percent(-20)).toMatchObject({ edge: "head", offset: 0 });
    expect(percent(400)).toMatchObject({ edge: "foot", offset: 0 });
  });

  it("follows alignment, position and size across the picture", () => {
    expect(place({ align: "start", position: 10, size: 50 })).toMatchObject({ left: 10, width: 50 });
    expect(place({ align: "end", position: 90, size: 50 })).toMatchObject({ left: 40, width: 50 });
    expect(place({ position: 30 })).toMatchObject({ left: 0, width: 60 });
    expect(place({ position: 80, positionAlign: "line-right", size: 40 })).toMatchObject({
      left: 40,
      width: 40,
    });
  });

  it("stands columns at the side where the first one is asked for, by the specification", () => {
    const down = { edge: "right", offset: 0, top: 0, height: 100, align: "center" };
    expect(place({ vertical: "rl", line: 0 })).toEqual({ writing: "rl", ...down });
    expect(place({ vertical: "rl" })).toEqual({ writing: "rl", ...down, edge: "left" });
    expect(place({ vertical: "lr", line: 1 })).toMatchObject({ writing: "lr", edge: "left", offset: 6.25 });
    expect(place({ vertical: "rl", line: 60, snapToLines: false })).toMatchObject({ edge: "right", offset: 40 });
    expect(place({ vertical: "rl", line: 0, position: 10, align: "start", size: 50 })).toMatchObject({ top: 10, height: 50 });
  });

  it("gives a box too narrow to read the whole width", () => {
    expect(place({ position: 95, align: "start" })).toMatchObject({ left: 0, width: 100 });
  });
});
