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

test("a language that fails after another was chosen says nothing over that one's lines", async () => {
  const page = parseHTML("<html><body></body></html>");
  vi.stubGlobal("document", page.document);
  const asked: { done: (cues: []) => void; fail: (why: Error) => void }[] = [];
  const cuesOf = (): Promise<[]> => new Promise((done, fail) => asked.push({ done, fail }));
  const captions = { tracks: [{}, {}], current: 0, last: 0, cuesOf } as unknown as Captions;
  const labels = { linesEmpty: "wait", saidCaptionsFailed: "failed" } as Labels;
  const panel = new LinesPanel(page.document.createElement("video") as unknown as HTMLVideoElement, captions, labels, () => undefined);
  const languages = panel.element.querySelector("select") as HTMLSelectElement;
  Object.defineProperty(languages, "value", { value: "1", writable: true });
  panel.toggle();
  languages.value = "1";
  languages.dispatchEvent(new page.Event("change") as unknown as Event);
  asked[1]?.done([]);
  await Promise.resolve();
  asked[0]?.fail(new Error("slow, and then gone"));
  await new Promise((done) => setTimeout(done, 5));
  expect(panel.element.querySelector("[role=status]")?.textContent).toBe("");
});
