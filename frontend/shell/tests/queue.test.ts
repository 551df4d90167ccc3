// The officer's queue by keys, on a page of three rows.
import { parseHTML } from "linkedom";
import { beforeEach, expect, test } from "vitest";
import { enhanceQueue } from "../queue.js";

let page: Document;
let at: Element | null;

const ROWS = ["one", "two", "three"]
  .map((name) => `<tr><td><input type="checkbox" id="tick-${name}"></td><th><a href="/${name}/">${name}</a></th></tr>`)
  .join("");

beforeEach(() => {
  const html = `<input id="what"><details data-queue-keys hidden><summary>Keys</summary></details>
    <form data-queue><table><tbody>${ROWS}</tbody></table></form>`;
  page = parseHTML(`<html><body>${html}</body></html>`).document;
  at = page.body;
  Object.defineProperty(page, "activeElement", { get: () => at });
  for (const element of page.querySelectorAll<HTMLElement>("a, input, summary")) {
    element.focus = () => {
      at = element;
    };
  }
  enhanceQueue(page);
});

function press(key: string): void {
  const event = new (page.defaultView as unknown as { Event: typeof Event }).Event("keydown", {
    bubbles: true,
    cancelable: true,
  });
  at?.dispatchEvent(Object.assign(event, { key }));
}

test("j and k go from row to row and stay within", () => {
  press("j");
  expect(at?.textContent).toBe("one");
  for (let times = 0; times < 3; times += 1) press("j");
  expect(at?.textContent).toBe("three");
  press("k");
  expect(at?.textContent).toBe("two");
});

test("x ticks the row that one is at, and ? opens the legend", () => {
  let ticked = "";
  const box = page.querySelector<HTMLInputElement>("#tick-one");
  if (box) box.click = () => (ticked = box.id);
  press("j");
  press("x");
  expect(ticked).toBe("tick-one");
  press("?");
  const legend = page.querySelector<HTMLDetailsElement>("details");
  expect(legend?.open).toBeTruthy();
  expect(legend?.hidden).toBeFalsy();
});

test("in a field they are letters", () => {
  page.querySelector<HTMLInputElement>("#what")?.focus();
  press("j");
  expect(at?.id).toBe("what");
});
