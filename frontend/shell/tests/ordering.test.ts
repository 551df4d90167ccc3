// A row dragged to its place on the second page of a list.
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";

test("a drop asks for the place in the whole list, not on the page", async () => {
  const row = (key: string): string =>
    `<li data-key="${key}"><form><button name="move" value="">Up</button></form></li>`;
  const { document, Event } = parseHTML(
    `<html><body><ol data-order="100">${row("a")}${row("b")}</ol></body></html>`,
  );
  Object.assign(globalThis, { document, Element: document.defaultView?.Element });
  await import("../ordering.js");
  const [first, second] = document.querySelectorAll("li");
  const drag = (kind: string, on: Element | undefined): void =>
    void on?.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
  let asked = "";
  const form = second?.querySelector("form");
  if (form) form.requestSubmit = (button) => void (asked = (button as HTMLButtonElement).value);
  drag("dragstart", second);
  drag("dragover", first);
  drag("drop", second);
  expect(asked).toBe("100");
});
