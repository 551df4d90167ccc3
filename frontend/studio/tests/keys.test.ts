// Which presses are keys of the studio, and which are left to writing.
import { expect, it } from "vitest";
import { chordOf, Keymap, named } from "../keys";

function press(code: string, ...held: ("ctrlKey" | "altKey" | "metaKey" | "shiftKey")[]): KeyboardEvent {
  return { code, ...Object.fromEntries(held.map((each) => [each, true])) } as unknown as KeyboardEvent;
}

const keys = new Keymap();

it("leaves Option on a Mac to the letters that it writes, and to moving by words", () => {
  expect(chordOf(press("KeyA", "altKey"), true)).toBe("");
  expect(chordOf(press("KeyS", "altKey", "shiftKey"), true)).toBe("");
  expect(chordOf(press("ArrowLeft", "altKey"), true)).toBe("");
});

it("takes Control and Option on a Mac for Alt, and Command for Ctrl", () => {
  expect(keys.at(chordOf(press("KeyS", "ctrlKey", "altKey"), true))).toBe("split");
  expect(keys.at(chordOf(press("KeyA", "ctrlKey", "altKey", "shiftKey"), true))).toBe("turnDown");
  expect(keys.at(chordOf(press("KeyZ", "metaKey"), true))).toBe("undo");
  expect(named("Alt+KeyS", true)).toBe("⌃ ⌥ S");
  expect(named("Control+Shift+KeyZ", true)).toBe("⌘ Shift Z");
});

it("takes Alt elsewhere, and leaves AltGr, which comes as Ctrl and Alt, to writing", () => {
  expect(keys.at(chordOf(press("KeyS", "altKey"), false))).toBe("split");
  expect(keys.at(chordOf(press("KeyA", "ctrlKey", "altKey"), false))).toBeUndefined();
});
