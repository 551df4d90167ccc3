import { describe, expect, it } from "vitest";
import { fill, type Labels, readLabels } from "../labels";
import { nextSpeed, speedName } from "../speed";
import { stateOf, type VideoFlags } from "../status";
import { formatTime, parseStart } from "../time";

describe("formatTime", () => {
  it.each([
    [0, 0, "0:00"],
    [59.999, 0, "0:59"],
    [61, 0, "1:01"],
    [3599, 0, "59:59"],
    [3600, 0, "1:00:00"],
    [65, 3600, "0:01:05"],
    [36_061, 0, "10:01:01"],
    [Number.NaN, 0, "0:00"],
    [Number.POSITIVE_INFINITY, 0, "0:00"],
    [-3, 0, "0:00"],
  ])("%d of %d is %s", (seconds, total, text) => {
    expect(formatTime(seconds, total)).toBe(text);
  });
});

describe("parseStart", () => {
  it.each([
    ["90", 90],
    ["90.5", 90.5],
    ["1m30s", 90],
    ["1h2m3s", 3723],
    ["2h", 7200],
    ["", 0],
    [null, 0],
    [undefined, 0],
    ["-5", 0],
    ["soon", 0],
  ])("%s is %d seconds", (text, seconds) => {
    expect(parseStart(text)).toBe(seconds);
  });
});

describe("labels", () => {
  it("are those of the page", () => {
    expect(readLabels('{"play": "재생"}').play).toBe("재생");
  });

  it.each(["", "null", "[1]", "{", undefined, null])("break nothing where they are %s", (json) => {
    expect(readLabels(json).play).toBeUndefined();
  });

  it("fills in marks and leaves unknown ones", () => {
    expect(fill("{a} of {b} {c}", { a: 1, b: "two" })).toBe("1 of two {c}");
  });
});

describe("speed", () => {
  it("moves along the list and stops at its ends", () => {
    expect([nextSpeed(1, 1), nextSpeed(1, -1), nextSpeed(2, 1), nextSpeed(0.5, -1)]).toEqual([1.25, 0.75, 2, 0.5]);
    expect(nextSpeed(9, -1)).toBe(1.75);
  });

  it("has a word for the usual speed", () => {
    const words = { speedNormal: "Normal" } as Labels;
    expect([speedName(1, words), speedName(1.5, words)]).toEqual(["Normal", "1.5×"]);
  });
});

describe("stateOf", () => {
  const video = (flags: Partial<VideoFlags>): VideoFlags => ({
    readyState: 4,
    paused: true,
    ended: false,
    currentSrc: "blob:x",
    played: { length: 1 },
    ...flags,
  });

  it.each([
    [video({ readyState: 0, currentSrc: "" }), false, "idle"],
    [video({ readyState: 0 }), false, "loading"],
    [video({ played: { length: 0 } }), false, "ready"],
    [video({ paused: false }), false, "playing"],
    [video({ paused: false, readyState: 2 }), false, "loading"],
    [video({}), false, "paused"],
    [video({ ended: true }), false, "ended"],
    [video({ paused: false }), true, "error"],
  ])("case %#", (flags, failed, state) => {
    expect(stateOf(flags, failed)).toBe(state);
  });
});
