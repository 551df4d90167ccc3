import { describe, expect, it } from "vitest";
import { actionFor, SHORTCUTS } from "../keyboard";

describe("actionFor", () => {
  it.each([
    [" ", { do: "toggle" }],
    ["k", { do: "toggle" }],
    ["K", { do: "toggle" }],
    ["ArrowLeft", { do: "step", seconds: -5 }],
    ["l", { do: "step", seconds: 10 }],
    ["ArrowUp", { do: "volume", change: 0.05 }],
    ["m", { do: "mute" }],
    ["c", { do: "captions" }],
    ["f", { do: "fullscreen" }],
    ["<", { do: "speed", steps: -1 }],
    [">", { do: "speed", steps: 1 }],
    ["0", { do: "goto", fraction: 0 }],
    ["7", { do: "goto", fraction: 0.7 }],
    ["End", { do: "goto", fraction: 1 }],
    ["?", { do: "help" }],
  ])("%s", (key, action) => {
    expect(actionFor({ key })).toEqual(action);
  });

  it("leaves the browser its own shortcuts", () => {
    expect(actionFor({ key: "f", ctrlKey: true })).toBeNull();
    expect(actionFor({ key: "l", metaKey: true })).toBeNull();
    expect(actionFor({ key: "ArrowLeft", altKey: true })).toBeNull();
  });

  it("finds letters by place on keyboards of another script, and only there", () => {
    expect(actionFor({ key: "ن", code: "KeyK" })).toEqual({ do: "toggle" });
    expect(actionFor({ key: "ㅡ", code: "KeyM" })).toEqual({ do: "mute" });
    expect(actionFor({ key: "z", code: "KeyK" })).toBeNull();
  });

  it("knows nothing of other keys, even those named like properties of objects", () => {
    for (const key of ["y", "Escape", "Tab", "Enter", "constructor", "toString"]) {
      expect(actionFor({ key })).toBeNull();
    }
  });
});

describe("SHORTCUTS", () => {
  it("lists only keys that do something", () => {
    const typed: Record<string, string> = { "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", "{keySpace}": " ", "{keyHome}": "Home", "{keyEnd}": "End" };
    for (const { keys } of SHORTCUTS) {
      for (const key of keys) expect(actionFor({ key: typed[key] ?? key })).not.toBeNull();
    }
  });
});
