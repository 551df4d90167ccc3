// The panel of lines is searched in every script: keys are the input method's as long as it composes.
import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";
import type { Captions } from "../captions";
import type { Labels } from "../labels";
import { LinesPanel } from "../lines-panel";

test.each([{ isComposing: true }, { keyCode: 229 }])("a key that ends a composition leads nowhere: %o", (composing) => {
  const page = parseHTML("<html><body></body></html>");
  vi.stubGlobal("document", page.document);
  const toggled: boolean[] = [];
  const captions = { tracks: [] } as unknown as Captions;
  const panel = new LinesPanel(page.document.createElement("video") as unknown as HTMLVideoElement, captions, {} as Labels, (open) => toggled.push(open));
  const pressed = (key: string, more: object): boolean => {
    const event = Object.assign(new page.window.Event("keydown", { bubbles: true, cancelable: true }), { key }, more);
    panel.element.querySelector("input")?.dispatchEvent(event as unknown as Event);
    return event.defaultPrevented;
  };
  expect(["Enter", "ArrowDown", "Escape"].map((key) => pressed(key, composing))).toEqual([false, false, false]);
  expect(toggled).toEqual([]);
  expect(pressed("Enter", { isComposing: false })).toBe(true);
});
